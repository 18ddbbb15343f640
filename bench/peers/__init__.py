"""The engines people would otherwise pick, side by side with arsearch on the same articles and queries.

    __main__    the command: `python -m bench.peers --help`
    trial       rounds over the contestants, interleaved; medians
    ratios      what is compared with what, and the figures asked for
    processes   a contestant's process: started, watched, spoken to
    worker      the other end of it for the engines with a Python interface
    articles    the file of articles that all of them read
    engines     what an engine's module has to offer, and which there are

One module an engine: `ours`, `whoosh_naive`, `tantivy_py`, `sqlite_fts`, `lucene` (with `LuceneBench.java`).
"""
