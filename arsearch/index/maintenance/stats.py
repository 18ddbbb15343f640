"""Collect the figures of a commit."""

from __future__ import annotations

from arsearch.index.reader.snapshot import IndexReader
from arsearch.model import Stats
from arsearch.model.schema import NORMALISED

__all__ = ["collect_stats"]


def collect_stats(reader: IndexReader) -> Stats:
    """Return the figures of a commit. To count the terms of several segments, this reads all of them."""
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
    """Return the number of distinct normalised terms of a field."""
    dictionaries = [part.terms for segment in reader.segments if (part := segment.postings(field, NORMALISED))]
    return len(dictionaries[0]) if len(dictionaries) == 1 else len({term for terms in dictionaries for term in terms})
