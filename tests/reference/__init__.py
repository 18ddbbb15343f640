"""A slow, obvious search, which the vectorised search of `Index.search` is tested against.

| module      | holds                                                                                           |
|-------------|-------------------------------------------------------------------------------------------------|
| search      | `reference_search`: every answer to a query text, in order                                      |
| compiler    | a parsed query tree as a Whoosh query                                                           |
| refining    | changes of the tree by what the index has                                                       |
| terms       | the terms of a written word at each level                                                       |
| queries     | Whoosh queries that score one document at a time                                                |
| frequencies | how often terms, phrases and pairs of words occur in each document of a segment                 |
| values      | values of keyword fields that no article has, read as words                                     |
| filters     | conditions on values, tested on the stored article                                              |
| stock       | `stock_matches`: queries of Whoosh's own, answered by Whoosh                                     |

It scores one document and one position at a time. Only the parser, the analyzer and the constants are shared with the
search under test. Whoosh's collector runs it, so that it is far too slow for anything but tests.
"""
