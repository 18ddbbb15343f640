"""Return the reader of an embedded index, for tests that inspect its segments."""

from __future__ import annotations

import arsearch
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.view import EmbeddedView

__all__ = ["reader_of", "view_of"]


def view_of(index: arsearch.Index | arsearch.Snapshot) -> EmbeddedView:
    """Return the view of an embedded index's newest commit, or of a snapshot."""
    view = index._session().view
    assert isinstance(view, EmbeddedView)
    return view


def reader_of(index: arsearch.Index | arsearch.Snapshot) -> IndexReader:
    """Return the reader of the view of `index`."""
    return view_of(index).reader
