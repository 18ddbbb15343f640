"""Return the reader of an embedded index, for tests that inspect its segments, and search with and without the extension."""

from __future__ import annotations

from collections.abc import Iterator

import arsearch
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.view import EmbeddedView

__all__ = ["both_forms", "reader_of", "view_of"]


def view_of(index: arsearch.Index | arsearch.Snapshot) -> EmbeddedView:
    """Return the view of an embedded index's newest commit, or of a snapshot."""
    view = index._session().view
    assert isinstance(view, EmbeddedView)
    return view


def reader_of(index: arsearch.Index | arsearch.Snapshot) -> IndexReader:
    """Return the reader of the view of `index`."""
    return view_of(index).reader


def both_forms(index: arsearch.Index | arsearch.Snapshot) -> Iterator[str]:
    """Yield "extension", if it was built, and "numpy": until the next item, searches of the commit take that form."""
    view = view_of(index)
    compiled = view.compiled
    try:
        if compiled is not None:
            yield "extension"
        view._compiled = None
        yield "numpy"
    finally:
        view._compiled = compiled
