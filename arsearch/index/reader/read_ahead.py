"""The stored articles of a page of hits."""

from __future__ import annotations

from collections.abc import Sequence

from arsearch.index.codec.stored_fields import StoredFieldsReader
from arsearch.model import Article

__all__ = ["ReadAhead"]

_AHEAD = 16
"""Articles decompressed at once."""


class ReadAhead:
    """Reads the articles at some places: a column of stored articles, the number, the id and the title of each.

    The next articles are decompressed in the same call as an article: each call lets other threads run, and waiting for them
    costs more than decompressing the others. Threads may share an object.
    """

    __slots__ = ("_places", "_raws")

    def __init__(self, places: Sequence[tuple[StoredFieldsReader, int, str, str]]) -> None:
        self._places = places
        self._raws: dict[int, bytes] = {}

    def article(self, at: int) -> Article:
        """Return the article of a place."""
        stored, doc, id, title = self._places[at]
        raw = self._raws.pop(at, None)
        if raw is None:
            self._read_from(at, stored)
            raw = self._raws.pop(at, None)
        return stored.article(doc, id, title, raw)

    def _read_from(self, at: int, stored: StoredFieldsReader) -> None:
        """Decompress the articles from a place on that belong to the same segment, unless that fails."""
        places = [(n, place[1]) for n, place in enumerate(self._places[at : at + _AHEAD], at) if place[0] is stored]
        raws = stored.raws([doc for _, doc in places])
        self._raws.update(zip([n for n, _ in places], raws, strict=False))
