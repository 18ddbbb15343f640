"""How good are the results, compared with other search engines?

| module   | holds                                                                        |
|----------|------------------------------------------------------------------------------|
| __main__ | the command: `python -m bench.relevance --help`                              |
| sets     | the test sets in a folder of corpora, and our own two over its news articles |
| rivals   | the contestants and their setup                                              |
| lucene   | Lucene as a rival, through `LuceneSearch.java`                               |
| bm25     | BM25 in NumPy, for the rival `light10 BM25`                                  |
| hits     | the hits that a rival's search returns                                       |
| scoring  | the scores of each contestant on each set, and the significance of gains     |

Speed is not measured here: `bench.peers` does that.
"""
