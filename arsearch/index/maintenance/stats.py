"""Collect the figures of a commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from arsearch.index.reader.snapshot import IndexReader
from arsearch.model import Stats
from arsearch.model.schema import NORMALISED

__all__ = ["collect_stats"]


def collect_stats(reader: IndexReader) -> Stats:
    """Return the figures of a commit. The terms of a field are counted when its figure is first read."""
    return Stats(
        articles=reader.article_count,
        deleted=reader.docs - reader.count,
        segments=len(reader.segments),
        bytes=sum(segment.file.size for segment in reader.segments),
        terms=_TermCounts(reader),
        fields=reader.schema.kinds,
        format=reader.manifest.format,
        generation=reader.manifest.generation,
        analyzer=reader.manifest.fingerprint,
        parts=reader.count - reader.article_count,
    )


class _TermCounts(Mapping[str, int]):
    """The number of distinct normalised terms of each indexed field.

    Several segments share terms, so that only reading them all tells the number: it is done once, and when it is needed.
    """

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self._fields = tuple(field.name for field in reader.schema if field.indexed)
        self._counts: dict[str, int] = {}

    def __getitem__(self, field: str) -> int:
        if field not in self._counts:
            if field not in self._fields:
                raise KeyError(field)
            self._counts[field] = self._count(field)
        return self._counts[field]

    def _count(self, field: str) -> int:
        parts = [part.terms for segment in self._reader.segments if (part := segment.postings(field, NORMALISED))]
        if len(parts) == 1:
            return len(parts[0])
        terms: set[str] = set()
        for dictionary in parts:
            terms.update(dictionary.slice(0, len(dictionary)))
        return len(terms)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __reduce__(self) -> tuple[type[dict[str, int]], tuple[dict[str, int]]]:
        return dict, (dict(self),)

    def __repr__(self) -> str:
        return repr(dict(self))
