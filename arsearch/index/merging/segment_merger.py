"""Several segments merged into one, written while it is made.

Deleted documents are dropped; the others keep their order and get new numbers. Stored articles are copied without being
decompressed if the segments share a compression dictionary, as the segments of one index nearly always do. Memory holds
hashes of ids, columns and lengths, and a bounded part of everything else, however large the segments are.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, differences, narrowest, write_arrays
from arsearch.index.codec.doc_values import NO_NUMBER, SortedSetDocValues, keyword_doc_values_arrays
from arsearch.index.codec.packed_array import packed_arrays
from arsearch.index.codec.segment_info import SegmentInfo, new_segment_name
from arsearch.index.codec.stored_fields import merged_stored_fields
from arsearch.index.codec.string_column import merged_string_columns
from arsearch.index.merging.postings_merger import DROPPED, MergeSource, PostingsMerger
from arsearch.index.merging.roots_merger import merged_roots
from arsearch.index.merging.surface_forms_merger import merged_surface_forms
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.store.directory import Directory
from arsearch.minhash import SIGNATURE_FIELD
from arsearch.model.schema import EDITION, NORMALISED, OF_WORKS, STEM, Field, Schema

__all__ = ["merge"]

_NamedArrays = Iterator[tuple[str, Array | ArrayStream]]

_RELEASE_BYTES = 32 << 20
"""The number of bytes written after which the pages read from the segments are released."""


def merge(directory: Directory, schema: Schema, segments: Sequence[SegmentReader], *, durable: bool) -> SegmentInfo:
    """Write the live documents of `segments`, in order, as one segment, and return its description."""
    live_docs = [segment.live_docs() for segment in segments]
    docs = sum(map(len, live_docs))
    info = SegmentInfo(new_segment_name(), docs)
    arrays = _releasing(packed_arrays(_arrays(schema, segments, live_docs)), segments)
    size = write_arrays(directory, info.file, arrays, {"docs": docs, "kind": "segment"}, durable=durable)
    return SegmentInfo(info.name, docs, bytes=size)


def _releasing(arrays: _NamedArrays, segments: Sequence[SegmentReader]) -> _NamedArrays:
    """Yield the arrays unchanged, and release the pages that were read to make them."""

    def releasing_parts(values: ArrayStream) -> Iterator[Array]:
        size = 0
        for part in values.parts:
            yield part
            size += part.nbytes
            if size > _RELEASE_BYTES:
                release()
                size = 0

    def release() -> None:
        for segment in segments:
            segment.file.release()

    for name, values in arrays:
        yield name, values._replace(parts=releasing_parts(values)) if isinstance(values, ArrayStream) else values
        release()


def _arrays(schema: Schema, segments: Sequence[SegmentReader], live_docs: Sequence[Array]) -> _NamedArrays:
    yield from merged_stored_fields([segment.stored for segment in segments], live_docs)
    yield from merged_string_columns(names.STORED_IDS, [segment.stored.ids for segment in segments], live_docs)
    yield from merged_string_columns(names.STORED_TITLES, [segment.stored.titles for segment in segments], live_docs)
    hashes = np.concatenate([segment.hashes()[live] for segment, live in zip(segments, live_docs, strict=True)])
    order = np.argsort(hashes, kind="stable")
    yield names.ID_HASHES, hashes[order]
    yield names.ID_DOCS, narrowest(order)
    doc_maps = _doc_maps(segments, live_docs)
    stem_ranks: dict[str, list[Array]] = {}
    for field in schema:
        if field.has_doc_values:
            yield from _doc_values(field, segments, live_docs).items()
        if field.indexed:
            ranks = yield from _field_arrays(field.name, segments, live_docs, doc_maps)
            if field.default:
                stem_ranks[field.name] = ranks
    yield from merged_roots(segments, stem_ranks, doc_maps, sum(map(len, live_docs)))
    if any(_live_works(segment, live) for segment, live in zip(segments, live_docs, strict=True)):
        for field in OF_WORKS:
            yield from _doc_values(field, segments, live_docs).items()


def _live_works(segment: SegmentReader, live: Array) -> bool:
    """Tell whether any live document of a segment belongs to a work."""
    if not segment.has_works:
        return False
    editions = segment.doc_values(EDITION)
    assert not isinstance(editions, SortedSetDocValues)
    return bool((editions[live] != NO_NUMBER).any())


def _doc_maps(segments: Sequence[SegmentReader], live_docs: Sequence[Array]) -> list[Array]:
    """Return for each segment the new number of each document, or `DROPPED`."""
    doc_maps = []
    base = 0
    for segment, live in zip(segments, live_docs, strict=True):
        doc_map = np.full(segment.docs, DROPPED, np.uint32)
        doc_map[live] = np.arange(base, base + len(live), dtype=np.uint32)
        doc_maps.append(doc_map)
        base += len(live)
    return doc_maps


def _doc_values(field: Field, segments: Sequence[SegmentReader], live_docs: Sequence[Array]) -> dict[str, Array]:
    columns = [segment.doc_values(field) for segment in segments]
    if field.kind != "keyword":
        numbers = [
            column[live]
            for column, live in zip(columns, live_docs, strict=True)
            if not isinstance(column, SortedSetDocValues)
        ]
        return {names.field_array(field.name, names.NUMBERS): np.concatenate(numbers)}
    columns_of_live = []
    for column, live in zip(columns, live_docs, strict=True):
        assert isinstance(column, SortedSetDocValues)
        counts = differences(column.first)
        kept = np.zeros(len(counts), bool)
        kept[live] = True
        ordinals = column.ordinals[np.repeat(kept, counts)].astype(np.int64)
        used = np.unique(ordinals)
        columns_of_live.append((counts[live], ordinals, used, [column.values[at] for at in used.tolist()]))
    merged = sorted({value for *_, values in columns_of_live for value in values})
    merged_ordinal = {value: ordinal for ordinal, value in enumerate(merged)}
    merged_ordinals = []
    for _, ordinals, used, values in columns_of_live:
        places = np.searchsorted(used, ordinals)
        merged_ordinals.append(np.array([merged_ordinal[value] for value in values], np.int64)[places])
    counts = np.concatenate([counts for counts, *_ in columns_of_live])
    return keyword_doc_values_arrays(field, merged, counts, np.concatenate(merged_ordinals))


def _field_arrays(
    field: str, segments: Sequence[SegmentReader], live_docs: Sequence[Array], doc_maps: Sequence[Array]
) -> Generator[tuple[str, Array | ArrayStream], None, list[Array]]:
    """Yield the arrays of an analysed field: lengths, postings, surface forms, stems of words, and signatures.

    Return the ordinals of each segment's stems among the merged stems, or `DROPPED`.
    """
    lengths = [segment.lengths(field)[live] for segment, live in zip(segments, live_docs, strict=True)]
    merged_lengths = narrowest(np.concatenate(lengths))
    yield names.field_array(field, names.LENGTHS), merged_lengths
    ranks, terms = {}, {}
    for level in (NORMALISED, STEM):
        postings = [segment.postings(field, level) for segment in segments]
        sources = [
            MergeSource(own, doc_map) for own, doc_map in zip(postings, doc_maps, strict=True) if own is not None
        ]
        merger = PostingsMerger(sources, merged_lengths)
        yield from merger.arrays(names.field_array(field, level))
        if level == NORMALISED:
            readers = [forms for segment in segments if (forms := segment.surface_forms(field)) is not None]
            yield from merged_surface_forms(names.field_array(field, names.SURFACE_FORMS), merger, sources, readers)
        ranks[level], terms[level] = [source.ranks for source in sources], merger.terms
        del sources, merger  # the next level needs as much memory again
    stem_ordinals = np.zeros(terms[NORMALISED], np.uint32)
    for segment, of_words, of_stems in zip(segments, ranks[NORMALISED], ranks[STEM], strict=True):
        kept = of_words != DROPPED
        stem_ordinals[of_words[kept]] = of_stems[segment.stem_of(field)[kept]]
    yield names.field_array(field, names.STEM_ORDINALS), narrowest(stem_ordinals)
    if field == SIGNATURE_FIELD:
        signatures = [segment.signatures()[live] for segment, live in zip(segments, live_docs, strict=True)]
        yield names.field_array(field, names.SIGNATURES), np.concatenate(signatures).ravel()
    return ranks[STEM]
