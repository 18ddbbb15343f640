"""The view and the index reader behind an index, for benchmarks that read its segments or empty its caches."""

from __future__ import annotations

import arsearch
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.view import EmbeddedView

__all__ = ["empty_caches", "reader_of"]


def reader_of(index: arsearch.Index) -> IndexReader:
    """Return the reader of the newest commit of an embedded index."""
    return _view_of(index).reader


def empty_caches(index: arsearch.Index) -> None:
    """Forget the scores of words that searches of the newest commit have kept."""
    _view_of(index).forget_scores()


def _view_of(index: arsearch.Index) -> EmbeddedView:
    view = index._session().view
    assert isinstance(view, EmbeddedView)
    return view
