"""arsearch and other search engines on the same articles and queries: speed, memory and index size.

| module       | holds                                                                              |
|--------------|------------------------------------------------------------------------------------|
| __main__     | the command: `python -m bench.peers --help`                                        |
| trial        | interleaved rounds over the contestants, and their medians                         |
| distinct     | queries that come for the first time, with one thread and several                  |
| ratios       | the comparisons of arsearch with its rivals, and the goals of the project          |
| processes    | the process of a contestant: starting it, watching its memory, sending it requests |
| worker       | the program of that process, for engines with a Python interface                   |
| starting     | the time of `arsearch query` as a process                                          |
| articles     | the file of articles that all contestants read                                     |
| engines      | the protocol of an engine's module, and the engines with a Python interface        |
| ours         | arsearch                                                                           |
| whoosh_naive | stock Whoosh with Tashaphyne                                                       |
| tantivy_py   | tantivy, through its Python binding                                                |
| sqlite_fts   | SQLite's FTS5                                                                      |
| lucene       | Lucene, through `LuceneBench.java`                                                 |

The quality of the results is not measured here: `bench.relevance` does that.
"""
