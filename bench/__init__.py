"""Benchmarks: one script for each question. `python -m bench.indexing --help` lists the options of a script.

| module      | question                                                                           |
|-------------|------------------------------------------------------------------------------------|
| indexing    | How fast are articles indexed, with how much memory and disk space?                |
| query       | How long does a search take?                                                       |
| peers       | How fast are other search engines on the same articles and queries?                |
| scale       | What does a million articles cost, compared with thousands?                        |
| completion  | How long do suggestions take, compared with a search?                              |
| passages    | Is a passage found in a long article as well as by itself?                         |
| batches     | How much faster is a batch of searches than searches one by one?                   |
| levels      | What do the match levels cost?                                                     |
| roots       | What does the root level cost?                                                     |
| relevance   | How good are the results, compared with other search engines?                      |
| agreement   | How far do two passes of relevance judgements agree?                               |
| spelling    | How often is the first correction right, and how long does it take?                |
| stemming    | Which words does a stemmer conflate, which does it keep apart, and how fast is it? |
| stem_errors | How often does a stemmer understem and overstem?                                   |
| uthmani     | How much of the printed Quran meets its modern spelling?                           |
| duplicates  | How precise are near-duplicates, and what does finding them cost?                  |
| tune        | Which constants of the ranking are best?                                           |
| crash       | Does a crash lose an acknowledged write?                                           |
| crowd       | Do concurrent readers and writers disturb each other?                              |
| reading     | What do the checks of texts cost, and how fast is an unchanged folder synced?       |
| extremes    | What do inputs and queries of unusual size cost?                                   |
| answers     | Do two versions of arsearch give the same answers?                                 |

The other modules serve these scripts:

| module            | holds                                                                   |
|-------------------|-------------------------------------------------------------------------|
| machine           | the description of the machine, the peak memory, and the printed report |
| corpus            | the documents and queries that a script reads                           |
| collection        | a test collection with distractors, judgements and groups of queries    |
| derived_queries   | queries derived from those of a test collection                         |
| constants         | the constants of the ranking and their candidates, for `tune`           |
| coordinate_search | the coordinate search over them, for `tune`                             |
| hostile_queries   | the queries that cost most, in every form, for `extremes`               |
| generator         | articles generated from a corpus, for `scale`                           |
| stock             | stock Whoosh, set up for Arabic                                         |
| embedded          | the view and the index reader behind an index                           |

docs/benchmarks.md and docs/relevance.md show the figures and their limits. docs/reliability.md shows those of `crash`
and `crowd`, docs/safety.md those of `extremes`. Nothing here asserts a speed. tests/bench runs the
scripts on small corpora.
"""
