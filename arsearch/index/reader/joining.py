"""Read the newest commits of several indexes as if their segments were those of one index.

Documents are numbered through the indexes in their order. An article that a later index has too is hidden with all parts of
its work, as if it had been replaced: its words still count in the statistics of terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from arsearch.federation.fields import OneIndex, fields_together
from arsearch.index.codec.array_file import Array
from arsearch.index.reader.segment import SegmentReader, shared_ids
from arsearch.index.reader.snapshot import IndexReader
from arsearch.search.statistics import CollectionStatistics

__all__ = ["join_readers", "member_reader"]


def join_readers(readers: Sequence[IndexReader], locations: Sequence[str]) -> IndexReader:
    """Return a reader of the documents of one or more readers; the `locations` name their indexes in messages.

    Its declared fields are those of all, and its generation is the sum of theirs. Raises AnalyzerMismatchError if they were
    written with different analyzers, and QueryError if they declare a field with different kinds.
    """
    first = readers[0].manifest
    fields = fields_together(
        OneIndex(location, reader.manifest.fingerprint, reader.manifest.fields)
        for reader, location in zip(readers, locations, strict=True)
    )
    segments: list[SegmentReader] = []
    for at, reader in enumerate(readers):
        hidden = _hidden(reader, [segment for later in readers[at + 1 :] for segment in later.segments])
        segments += _shown(reader, hidden, fields)
    manifest = replace(
        first,
        generation=sum(reader.manifest.generation for reader in readers),
        fields=fields,
        segments=tuple(segment.info for segment in segments),
    )
    return IndexReader(manifest, segments)


def member_reader(
    reader: IndexReader, fields: Mapping[str, str], hidden: Iterable[str], collection: CollectionStatistics
) -> IndexReader:
    """Return a reader of the documents of one of several indexes, whose scores have the figures of all.

    `fields` are the declared fields of all. The articles with the ids `hidden` are left out, with all parts of their works.
    """
    docs = np.array(sorted(doc for id in hidden if (doc := reader.find(id)) >= 0), np.int64)
    segments = _shown(reader, reader.with_works(docs), fields)
    manifest = replace(reader.manifest, fields=dict(fields), segments=tuple(segment.info for segment in segments))
    return IndexReader(manifest, segments, collection)


def _shown(reader: IndexReader, hidden: Array, fields: Mapping[str, str]) -> list[SegmentReader]:
    """Return the segments of a reader without the documents `hidden`, and with the declared `fields` of all indexes."""
    undeclared = fields.keys() - reader.manifest.fields
    shown = []
    for segment, low, high in zip(reader.segments, reader.bases, reader.bases[1:], strict=False):
        own = hidden[(hidden >= low) & (hidden < high)] - low
        shown.append(segment.joined(own, undeclared) if len(own) or undeclared else segment)
    return shown


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
