"""Several segments into one: their arrays one after another, the documents numbered anew, written as they are made.

Deleted documents are left out; the others keep their order. Stored articles are copied as they are when the segments
share a compression dictionary, which the segments of one index nearly always do. Memory holds ids' hashes, columns and
lengths, and else a piece at a time, however large the segments are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, differences, narrowest, write_arrays
from arsearch.index.codec.doc_values import SortedSetDocValues, keyword_doc_values_arrays
from arsearch.index.codec.minhash import SIGNATURE_FIELD
from arsearch.index.codec.segment_info import SegmentInfo, new_segment_name
from arsearch.index.codec.stored_fields import merged_stored_fields
from arsearch.index.codec.string_column import merged_string_columns
from arsearch.index.merging.postings_merger import DROPPED, MergeSource, PostingsMerger
from arsearch.index.merging.surface_forms_merger import merged_surface_forms
from arsearch.index.reader.segment import NORMALISED, STEM, SegmentReader
from arsearch.index.store.directory import Directory
from arsearch.model.schema import Field, Schema

__all__ = ["merge"]

_RELEASE = 32 << 20


def merge(directory: Directory, schema: Schema, segments: Sequence[SegmentReader], *, durable: bool) -> SegmentInfo:
    """Write the live documents of `segments`, in order, as one segment."""
    live_docs = [segment.live_docs() for segment in segments]
    docs = sum(map(len, live_docs))
    info = SegmentInfo(new_segment_name(), docs)
    arrays = _releasing(_arrays(schema, segments, live_docs), segments)
    size = write_arrays(directory, info.file, arrays, {"docs": docs, "kind": "segment"}, durable=durable)
    return SegmentInfo(info.name, docs, bytes=size)


def _releasing(
    arrays: Iterator[tuple[str, Array | ArrayStream]], segments: Sequence[SegmentReader]
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """The same, without the pages of the segments adding up in memory."""

    def parts(values: ArrayStream) -> Iterator[Array]:
        size = 0
        for part in values.parts:
            yield part
            size += part.nbytes
            if size > _RELEASE:
                release()
                size = 0

    def release() -> None:
        for segment in segments:
            segment.file.release()

    for name, values in arrays:
        yield name, values._replace(parts=parts(values)) if isinstance(values, ArrayStream) else values
        release()


def _arrays(
    schema: Schema, segments: Sequence[SegmentReader], live_docs: Sequence[Array]
) -> Iterator[tuple[str, Array | ArrayStream]]:
    yield from merged_stored_fields([segment.stored for segment in segments], live_docs)
    yield from merged_string_columns(names.STORED_IDS, [segment.stored.ids for segment in segments], live_docs)
    yield from merged_string_columns(names.STORED_TITLES, [segment.stored.titles for segment in segments], live_docs)
    hashes = np.concatenate([segment.hashes()[keep] for segment, keep in zip(segments, live_docs, strict=True)])
    order = np.argsort(hashes, kind="stable")
    yield names.ID_HASHES, hashes[order]
    yield names.ID_DOCS, narrowest(order)
    doc_maps = []
    base = 0
    for segment, keep in zip(segments, live_docs, strict=True):
        remap = np.full(segment.docs, DROPPED, np.uint32)
        remap[keep] = np.arange(base, base + len(keep), dtype=np.uint32)
        doc_maps.append(remap)
        base += len(keep)
    for field in schema:
        if field.has_doc_values:
            yield from _column(field, segments, live_docs).items()
        if field.indexed:
            yield from _text(field.name, segments, live_docs, doc_maps)


def _column(field: Field, segments: Sequence[SegmentReader], live_docs: Sequence[Array]) -> dict[str, Array]:
    columns = [segment.doc_values(field) for segment in segments]
    if field.kind != "keyword":
        numbers = [
            column[keep]
            for column, keep in zip(columns, live_docs, strict=True)
            if not isinstance(column, SortedSetDocValues)
        ]
        return {names.field_array(field.name, names.NUMBERS): np.concatenate(numbers)}
    used = []
    for column, keep in zip(columns, live_docs, strict=True):
        assert isinstance(column, SortedSetDocValues)
        counts = differences(column.first)
        kept = np.zeros(len(counts), bool)
        kept[keep] = True
        used.append((column.values, column.ordinals[np.repeat(kept, counts)].astype(np.int64), counts[keep]))
    keywords = [[values[i] for i in np.unique(ordinals).tolist()] for values, ordinals, _ in used]
    merged = sorted({name for group in keywords for name in group})
    place = {name: i for i, name in enumerate(merged)}
    flat = []
    for (values, ordinals, _), group in zip(used, keywords, strict=True):
        remap = np.zeros(len(values), np.int64)
        remap[np.unique(ordinals)] = [place[name] for name in group]
        flat.append(remap[ordinals])
    return keyword_doc_values_arrays(
        field, merged, np.concatenate([counts for _, _, counts in used]), np.concatenate(flat)
    )


def _text(
    field: str, segments: Sequence[SegmentReader], live_docs: Sequence[Array], doc_maps: Sequence[Array]
) -> Iterator[tuple[str, Array | ArrayStream]]:
    lengths = [segment.lengths(field)[keep] for segment, keep in zip(segments, live_docs, strict=True)]
    merged = narrowest(np.concatenate(lengths))
    yield names.field_array(field, names.LENGTHS), merged
    ranks, terms = {}, {}
    for level in (NORMALISED, STEM):
        lists = [segment.postings(field, level) for segment in segments]
        parts = [MergeSource(own, remap) for own, remap in zip(lists, doc_maps, strict=True) if own is not None]
        joined = PostingsMerger(parts, merged)
        yield from joined.arrays(names.field_array(field, level))
        if level == NORMALISED:
            written = [found for segment in segments if (found := segment.surface_forms(field)) is not None]
            yield from merged_surface_forms(names.field_array(field, names.SURFACE_FORMS), joined, parts, written)
        ranks[level], terms[level] = [part.ranks for part in parts], joined.terms
        del parts, joined  # the next level takes as much again
    stem_of = np.zeros(terms[NORMALISED], np.uint32)
    for segment, words, stems in zip(segments, ranks[NORMALISED], ranks[STEM], strict=True):
        kept = words != DROPPED
        stem_of[words[kept]] = stems[segment.stem_of(field)[kept]]
    yield names.field_array(field, names.STEM_ORDINALS), narrowest(stem_of)
    if field == SIGNATURE_FIELD:
        rows = [segment.signatures()[keep] for segment, keep in zip(segments, live_docs, strict=True)]
        yield names.field_array(field, names.SIGNATURES), np.concatenate(rows).ravel()
