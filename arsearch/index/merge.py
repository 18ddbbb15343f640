"""Several segments into one, by concatenating their arrays with the document numbers remapped.

Deleted documents are left out; the others keep their order. Stored articles are copied as they are
when the segments share a compression dictionary, which the segments of one index nearly always do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from arsearch.index.arrays import Array, smallest_uint, steps, write_arrays
from arsearch.index.builder import SegmentInfo, id_arrays, new_segment_name
from arsearch.index.columns import KeywordColumn, keyword_arrays
from arsearch.index.fields import Field, Fields
from arsearch.index.postings import gather, stretches
from arsearch.index.segment import NORMALISED, STEM, Segment
from arsearch.index.storage import Storage
from arsearch.index.stored import compressor, pack_frames
from arsearch.index.terms import pack_terms

__all__ = ["choose", "merge"]

_GONE = 0xFFFFFFFF
_FAN = 8
_DELETED_SHARE = 0.3


def choose(segments: Sequence[Segment]) -> list[int]:
    """The positions of the neighbouring segments worth merging now; empty if none are.

    Sizes fall into tiers, each 8 times the one below. When the newest 8 or more segments are all of
    one tier or less, they become one: n commits leave about 8 log8(n) segments, each article is
    copied about log8(n) times, and articles stay in the order they came. A segment that is
    largely deleted is rewritten on its own.
    """
    for position, segment in enumerate(segments):
        if segment.info.deleted > _DELETED_SHARE * segment.docs:
            return [position]
    tiers = [int(np.log(max(1, segment.info.live)) / np.log(_FAN)) for segment in segments]
    for tier in sorted(set(tiers)):
        start = len(tiers)
        while start and tiers[start - 1] <= tier:
            start -= 1
        if len(tiers) - start >= _FAN:
            return list(range(start, len(tiers)))
    return []


def merge(storage: Storage, fields: Fields, segments: Sequence[Segment], *, durable: bool) -> SegmentInfo:
    """Write the live documents of `segments`, in order, as one segment."""
    keeps = [segment.live_docs() for segment in segments]
    docs = sum(map(len, keeps))
    remaps = []
    base = 0
    for segment, keep in zip(segments, keeps, strict=True):
        remap = np.full(segment.docs, _GONE, np.uint32)
        remap[keep] = np.arange(base, base + len(keep), dtype=np.uint32)
        remaps.append(remap)
        base += len(keep)
    arrays = _stored(segments, keeps)
    arrays |= id_arrays([segment.id(int(doc)) for segment, keep in zip(segments, keeps, strict=True) for doc in keep])
    for field in fields:
        if field.column:
            arrays |= _column(field, segments, keeps)
        if field.analysed:
            arrays |= _text(field, segments, keeps, remaps)
    name = new_segment_name()
    info = SegmentInfo(name, docs)
    size = write_arrays(storage, info.file, arrays, {"docs": docs, "kind": "segment"}, durable=durable)
    return SegmentInfo(name, docs, bytes=size)


def _stored(segments: Sequence[Segment], keeps: Sequence[Array]) -> dict[str, Array]:
    dictionary = max((segment.stored.dictionary for segment in segments), key=len)
    compress = compressor(dictionary)
    frames: list[Any] = []
    for segment, keep in zip(segments, keeps, strict=True):
        stored = segment.stored
        if stored.dictionary == dictionary:
            frames += [stored.frame(doc) for doc in keep.tolist()]
        else:
            frames += [compress(stored.raw(doc)) for doc in keep.tolist()]
    arrays = pack_frames(frames)
    if dictionary:
        arrays["stored/dictionary"] = np.frombuffer(dictionary, np.uint8)
    return arrays


def _column(field: Field, segments: Sequence[Segment], keeps: Sequence[Array]) -> dict[str, Array]:
    columns = [segment.column(field) for segment in segments]
    if field.kind != "keyword":
        numbers = [
            column[keep] for column, keep in zip(columns, keeps, strict=True) if not isinstance(column, KeywordColumn)
        ]
        return {f"{field.name}/numbers": np.concatenate(numbers)}
    used = []
    for column, keep in zip(columns, keeps, strict=True):
        assert isinstance(column, KeywordColumn)
        counts = steps(column.first)
        kept = np.zeros(len(counts), bool)
        kept[keep] = True
        used.append((column.values, column.ordinals[np.repeat(kept, counts)].astype(np.int64), counts[keep]))
    names = [[values[i] for i in np.unique(ordinals).tolist()] for values, ordinals, _ in used]
    merged = sorted({name for group in names for name in group})
    place = {name: i for i, name in enumerate(merged)}
    flat = []
    for (values, ordinals, _), group in zip(used, names, strict=True):
        remap = np.zeros(len(values), np.int64)
        remap[np.unique(ordinals)] = [place[name] for name in group]
        flat.append(remap[ordinals])
    return keyword_arrays(field, merged, np.concatenate([counts for _, _, counts in used]), np.concatenate(flat))


def _text(
    field: Field, segments: Sequence[Segment], keeps: Sequence[Array], remaps: Sequence[Array]
) -> dict[str, Array]:
    lengths = [segment.lengths(field.name)[keep] for segment, keep in zip(segments, keeps, strict=True)]
    arrays = {f"{field.name}/length": smallest_uint(np.concatenate([part.astype(np.int64) for part in lengths]))}
    ranks = {}
    for level in (NORMALISED, STEM):
        lists, ranks[level] = _lists(field.name, level, segments, remaps)
        arrays |= {f"{field.name}/{level}.{name}": values for name, values in lists.items()}
    stem_of = np.zeros(len(arrays[f"{field.name}/{NORMALISED}.ends"]), np.int64)
    for segment, normalised, stems in zip(segments, ranks[NORMALISED], ranks[STEM], strict=True):
        kept = normalised != _GONE
        stem_of[normalised[kept]] = stems[segment.stem_of(field.name)[kept]]
    arrays[f"{field.name}/stem_of"] = smallest_uint(stem_of)
    return arrays


def _lists(
    field: str, level: str, segments: Sequence[Segment], remaps: Sequence[Array]
) -> tuple[dict[str, Array], list[Array]]:
    """The merged posting arrays of a field and level, and where each segment's terms went (`_GONE`: nowhere)."""
    parts = []
    for segment, remap in zip(segments, remaps, strict=True):
        lists = segment.lists(field, level)
        assert lists is not None
        counts = steps(lists.first)
        terms = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
        docs = remap[lists.docs]
        kept = docs != _GONE
        positions = lists.positions if kept.all() else lists.positions[np.repeat(kept, lists.freqs)]
        parts.append((lists.terms, terms[kept], docs[kept], lists.freqs[kept].astype(np.uint32), positions))
    used = [np.unique(terms) for _, terms, *_ in parts]
    names = [
        [
            name
            for name, wanted in zip(
                dictionary.slice(0, len(dictionary)), np.isin(np.arange(len(dictionary)), group), strict=True
            )
            if wanted
        ]
        for (dictionary, *_), group in zip(parts, used, strict=True)
    ]
    merged = sorted({name for group in names for name in group})
    place = {name: i for i, name in enumerate(merged)}
    ranks = []
    for (dictionary, *_), group, found in zip(parts, used, names, strict=True):
        rank = np.full(len(dictionary), _GONE, np.uint32)
        rank[group] = np.fromiter(map(place.__getitem__, found), np.uint32, len(found))
        ranks.append(rank)
    terms = np.concatenate([rank[part[1]] for rank, part in zip(ranks, parts, strict=True)])
    docs = np.concatenate([part[2] for part in parts])
    freqs = np.concatenate([part[3] for part in parts])
    positions = np.concatenate([part[4].astype(np.uint32) for part in parts])
    # Segments come in document order, so a stable sort by term leaves each list in document order.
    order = np.argsort(terms, kind="stable")
    starts = np.cumsum(freqs, dtype=np.int64) - freqs
    freqs_in_order = freqs[order]
    positions = positions[stretches(starts[order], freqs_in_order)]
    blob, ends = pack_terms(merged)
    arrays = {"blob": blob, "ends": ends}
    return arrays | gather(terms[order], docs[order], freqs_in_order, positions, len(merged)), ranks
