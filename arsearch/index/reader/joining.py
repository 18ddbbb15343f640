"""Read the newest commits of several indexes as if their segments were those of one index.

Documents are numbered through the indexes in their order. An article that a later index has too is hidden with all parts of
its work, as if it had been replaced: its words still count in the statistics of terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from arsearch.errors import AnalyzerMismatchError, QueryError
from arsearch.index.codec.array_file import Array
from arsearch.index.reader.segment import SegmentReader, shared_ids
from arsearch.index.reader.snapshot import IndexReader

__all__ = ["join_readers"]


def join_readers(readers: Sequence[IndexReader], locations: Sequence[str]) -> IndexReader:
    """Return a reader of the documents of one or more readers; the `locations` name their indexes in messages.

    Its declared fields are those of all, and its generation is the sum of theirs. Raises AnalyzerMismatchError if they were
    written with different analyzers, and QueryError if they declare a field with different kinds.
    """
    first = readers[0].manifest
    fields: dict[str, str] = {}
    for reader, location in zip(readers, locations, strict=True):
        if reader.manifest.fingerprint != first.fingerprint:
            raise AnalyzerMismatchError(
                f"the indexes at {locations[0]!r} and {location!r} were written with different analyzers and cannot be "
                "searched as one; rebuild one of them with `arsearch reindex`"
            )
        for name, kind in reader.manifest.fields.items():
            if fields.setdefault(name, kind) != kind:
                raise QueryError(
                    f"the field {name!r} is declared as {fields[name]!r} by one index and as {kind!r} by the one at "
                    f"{location!r}; rebuild one of them with `arsearch reindex --field`"
                )
    segments: list[SegmentReader] = []
    for at, reader in enumerate(readers):
        hidden = _hidden(reader, [segment for later in readers[at + 1 :] for segment in later.segments])
        undeclared = fields.keys() - reader.manifest.fields
        for segment, low, high in zip(reader.segments, reader.bases, reader.bases[1:], strict=False):
            own = hidden[(hidden >= low) & (hidden < high)] - low
            segments.append(segment.joined(own, undeclared) if len(own) or undeclared else segment)
    manifest = replace(
        first,
        generation=sum(reader.manifest.generation for reader in readers),
        fields=fields,
        segments=tuple(segment.info for segment in segments),
    )
    return IndexReader(manifest, segments)


def _hidden(reader: IndexReader, later: Sequence[SegmentReader]) -> Array:
    """Return the documents whose ids the segments `later` have too, and all documents of their works."""
    shared = [
        base + doc
        for segment, base in zip(reader.segments, reader.bases, strict=False)
        for other in later
        for doc, _ in shared_ids(segment, other)
    ]
    docs = np.unique(np.array(shared, np.int64))
    if reader.live is not None:
        docs = docs[reader.live[docs]]
    return reader.with_works(docs)
