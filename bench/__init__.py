"""Benchmarks, one module per question: `python -m bench.indexing --help`.

    indexing    how fast are articles indexed, in how much memory and disk?
    query       how long does a search take?
    peers       the same, beside the engines people would otherwise pick
    scale       what do a million articles cost, against thousands?
    relevance   how good are the results, beside the engines people would otherwise pick?
    agreement   how far do two passes of judging our queries agree?
    spelling    does "did you mean" find what was meant, and how fast?
    stemming    which words does the stemmer bring together, which keep apart, and how fast?
    tune        which constants of the ranking are best?
    crash       does a crash lose anything?
    crowd       do readers and writers get in each other's way?
    extremes    what do inputs and queries of unusual size cost?
    answers     do two versions give the same answers?

docs/benchmarks.md, docs/relevance.md and, for crash, crowd and extremes, docs/reliability.md and docs/safety.md show
the results and say what is unfair about them.
"""
