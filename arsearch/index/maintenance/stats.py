"""What a commit amounts to, in numbers."""

from __future__ import annotations

from arsearch.index.commits.manifest import FORMAT
from arsearch.index.reader.segment import NORMALISED
from arsearch.index.reader.snapshot import SnapshotReader
from arsearch.model import Stats

__all__ = ["stats_of"]


def stats_of(reader: SnapshotReader) -> Stats:
    """The figures of a commit; those of its terms take reading all of them where it has several segments."""
    return Stats(
        articles=reader.count,
        deleted=reader.docs - reader.count,
        segments=len(reader.segments),
        bytes=sum(segment.file.size for segment in reader.segments),
        terms={field.name: _terms(reader, field.name) for field in reader.fields if field.analysed},
        fields=reader.fields.kinds,
        format=FORMAT,
        generation=reader.manifest.generation,
        analyzer=reader.manifest.fingerprint,
    )


def _terms(reader: SnapshotReader, field: str) -> int:
    """The number of distinct normalised terms of a field."""
    lists = [part for segment in reader.segments if (part := segment.lists(field, NORMALISED))]
    return len(lists[0].terms) if len(lists) == 1 else len({term for part in lists for term in part.terms})
