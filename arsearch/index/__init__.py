"""The embedded back-end: an index in a folder or in memory, in segments of arrays, searched with array operations.

    store        folders and memory, the write lock, background threads
    codec        the structures of a segment file, each with its writer and reader
    commits      manifests, the commit points
    docsets      sets of documents, with scores and without
    reader       one commit, opened for reading
    merging      merges several segments into one
    matching     the occurrences of terms, patterns and phrases
    execution    the documents and scores of clauses; filters, sorting, facets, top documents, explanations
    compiled     the same for queries of words, by the compiled extension
    suggest      corrections and completions
    writing      turns articles into segments and commits
    maintenance  backup, check, recovery, reindexing, statistics
    whoosh       the index as a Whoosh index
    view         one commit, which turns a plan into a page of raw hits
    member       one commit that is searched together with other indexes
    backend      the index at one location: commits, writers, backups
    joined       several indexes in folders as one, for reading

A package imports only from the packages above it in this table. The public names are imported on first use, so that a worker
process imports nothing that searches.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arsearch.index.backend import EmbeddedBackend, backup, open_backend, reindex, restore

__all__ = ["EmbeddedBackend", "backup", "open_backend", "reindex", "restore"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.backend"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
