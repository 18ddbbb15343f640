"""The stored articles of a page of hits."""

from __future__ import annotations

from collections.abc import Sequence

from arsearch.index.codec.stored_fields import StoredFieldsReader
from arsearch.model import Article

__all__ = ["ReadAhead"]

_AHEAD = 16
"""Articles decompressed at once."""


class ReadAhead:
    """Reads the articles at some places: the number of a segment, that of the document there, its id and its title.

    The next articles are decompressed in the same call as an article: each call lets other threads run, and waiting for them
    costs more than decompressing the others. `stored` has the stored fields of each segment. Threads may share an object.
    """

    __slots__ = ("_places", "_raws", "_stored")

    def __init__(self, stored: Sequence[StoredFieldsReader], places: Sequence[tuple[int, int, str, str]]) -> None:
        self._stored = stored
        self._places = places
        self._raws: dict[int, bytes] = {}

    def article(self, at: int) -> Article:
        """Return the article of a place."""
        segment, doc, id, title = self._places[at]
        raw = self._raws.pop(at, None)
        if raw is None:
            self._read_from(at, segment)
            raw = self._raws.pop(at, None)
        return self._stored[segment].article(doc, id, title, raw)

    def _read_from(self, at: int, segment: int) -> None:
        """Decompress the articles from a place on that belong to a segment, unless that fails."""
        places = [(n, place[1]) for n, place in enumerate(self._places[at : at + _AHEAD], at) if place[0] == segment]
        raws = self._stored[segment].raws([doc for _, doc in places])
        self._raws.update(zip([n for n, _ in places], raws, strict=False))
