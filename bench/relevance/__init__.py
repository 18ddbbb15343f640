"""How good are the results, beside the engines people would otherwise pick?

__main__    the command: `python -m bench.relevance --help`
sets        the test sets of a folder of corpora, and our own two over its news
rivals      the contestants; `lucene` with `LuceneSearch.java` is one
scoring     every contestant's run over every set, and what is significant
found       what a rival's search returns
"""
