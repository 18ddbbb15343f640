"""What a commit amounts to, in numbers."""

from __future__ import annotations

from arsearch.index.reader.segment import NORMALISED
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model import Stats

__all__ = ["collect_stats"]


def collect_stats(reader: IndexReader) -> Stats:
    """The figures of a commit; those of its terms take reading all of them where it has several segments."""
    return Stats(
        articles=reader.count,
        deleted=reader.docs - reader.count,
        segments=len(reader.segments),
        bytes=sum(segment.file.size for segment in reader.segments),
        terms={field.name: _terms(reader, field.name) for field in reader.schema if field.indexed},
        fields=reader.schema.kinds,
        format=reader.manifest.format,
        generation=reader.manifest.generation,
        analyzer=reader.manifest.fingerprint,
    )


def _terms(reader: IndexReader, field: str) -> int:
    """The number of distinct normalised terms of a field."""
    lists = [part for segment in reader.segments if (part := segment.postings(field, NORMALISED))]
    return len(lists[0].terms) if len(lists) == 1 else len({term for part in lists for term in part.terms})
