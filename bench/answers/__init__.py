"""Do two versions of arsearch give the same answers?

| module   | holds                                                        |
|----------|--------------------------------------------------------------|
| __main__ | the command: `python -m bench.answers --help`                |
| rows     | digests of outputs, and the differences between two versions |
| queries  | queries of all kinds, made of words of the corpus            |
| files    | the files, figures and articles of an index                  |
| library  | the results of searches and of the other methods             |
| command  | the output of `arsearch`                                     |

These modules use only `import arsearch` and `python -m arsearch`, no inner module. The same script therefore runs
before and after modules are moved or renamed. Nothing is timed here.
"""
