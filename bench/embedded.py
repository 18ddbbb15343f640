"""The index reader behind an index, for benchmarks that read its segments."""

from __future__ import annotations

import arsearch
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.view import EmbeddedView

__all__ = ["reader_of"]


def reader_of(index: arsearch.Index) -> IndexReader:
    """Return the reader of the newest commit of an embedded index."""
    view = index._session().view
    assert isinstance(view, EmbeddedView)
    return view.reader
