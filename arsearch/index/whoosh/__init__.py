"""An arsearch index as a Whoosh index, which `whoosh.index.open_dir` opens and stock queries search.

| module    | holds                                                                                              |
|-----------|----------------------------------------------------------------------------------------------------|
| segments  | the read-only codec: our segments as Whoosh segments, a Whoosh reader and searcher on a snapshot   |
| matchers  | the terms of one field as a Whoosh cursor, the postings of one term as a Whoosh matcher            |
| schema    | the Whoosh schema of an index and the names of its fields                                          |
| toc       | the Whoosh table of contents, written after each commit                                            |
| weighting | our BM25F score as a Whoosh weighting                                                              |

Articles are not added through this package, and `Index.search` does not use it: that search is vectorised.
"""
