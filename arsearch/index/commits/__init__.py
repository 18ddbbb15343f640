"""The commits of an index: which segments it has, and how a new commit replaces the last one.

| module   | holds                                                                                                |
|----------|------------------------------------------------------------------------------------------------------|
| manifest | the manifest of a commit: its file, its checks, and the files that no kept commit uses               |
| publish  | the order of a commit: manifest, listeners, removal of unreferenced files                            |

What a segment holds is not known here: see `arsearch.index.codec`. `arsearch.index.writing` decides what to commit.
"""
