"""Do two versions of arsearch give the same answers?

    __main__   the command: `python -m bench.answers --help`
    rows       digests of outputs, and how two versions differ
    queries    queries of every kind, cut from the corpus
    files      index files, figures and articles
    library    what searches and the other methods give
    command    what `arsearch` prints

Only what `import arsearch` and `python -m arsearch` offer is used, never a module inside: the same script runs before
and after modules are moved or renamed.
"""
