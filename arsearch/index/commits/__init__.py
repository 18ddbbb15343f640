"""The commits of an index: which segments it has, and how a new commit replaces the last one.

| module   | holds                                                                                                |
|----------|------------------------------------------------------------------------------------------------------|
| manifest | the manifest of a commit: its file, its checks, and the files that no kept commit uses               |
| publish  | the order of a commit: manifest, listeners, removal of unreferenced files                            |

The content of a segment belongs to `arsearch.index.codec`, and the decision to commit to `arsearch.index.writing`.
"""
