"""The postings of roots of merged segments.

They are made anew from the postings of stems: the postings of a root in several segments cannot be joined if the segments
were written with different tables of roots, or without roots. Of several roots of a stem, that of the first segment counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, narrowest
from arsearch.index.codec.ranges import distinct
from arsearch.index.codec.root_postings_writer import StemPostings, root_arrays
from arsearch.index.merging.postings_merger import DROPPED
from arsearch.index.reader.segment import SegmentReader
from arsearch.model.schema import STEM

__all__ = ["merged_roots"]


def merged_roots(
    segments: Sequence[SegmentReader], ranks: Mapping[str, Sequence[Array]], doc_maps: Sequence[Array], docs: int
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """Yield the arrays of the roots of `docs` merged documents.

    `ranks` has, for each field and segment, the new ordinal of each stem, or `DROPPED`. `doc_maps` has, for each segment,
    the new number of each document.
    """
    names_of = {field: [_root_names(segment, field) for segment in segments] for field in ranks}
    every = sorted({name for columns in names_of.values() for roots, _ in columns for name in roots})
    number = {name: at for at, name in enumerate(every)}
    merged = {}
    for field, of_segments in ranks.items():
        roots = np.full(max((_count(own) for own in of_segments), default=0), len(every), np.int64)
        for own, (local, ordinals) in reversed(list(zip(of_segments, names_of[field], strict=True))):
            table = np.array([*(number[name] for name in local), len(every)], np.int64)
            kept = own != DROPPED
            roots[own[kept]] = table[ordinals[kept]]
        merged[field] = roots
    used = distinct(np.concatenate([*merged.values(), [len(every)]]))[:-1]
    postings = {}
    for field, roots in merged.items():
        new = np.searchsorted(used, roots)
        yield names.field_array(field, names.ROOT_ORDINALS), narrowest(new)
        postings[field] = [
            _stem_postings(segment, field, np.append(new, len(used)), own, doc_map)
            for segment, own, doc_map in zip(segments, ranks[field], doc_maps, strict=True)
        ]
    yield from root_arrays([every[at] for at in used.tolist()], postings, docs)


def _count(ranks: Array) -> int:
    """Return the number of merged stems that the ranks of one segment imply at least."""
    kept = ranks[ranks != DROPPED]
    return int(kept.max()) + 1 if len(kept) else 0


def _root_names(segment: SegmentReader, field: str) -> tuple[list[str], Array]:
    """Return the roots of a segment, and the ordinal among them of each stem's root; their number for none."""
    roots, stems = segment.roots(), segment.postings(field, STEM)
    assert stems is not None, "a segment has the postings of every field that is merged"
    if roots is not None and field in roots.fields:
        ordinals = roots.ordinals(field)
        if len(ordinals) != len(stems.terms) or int(ordinals.max(initial=0)) > len(roots.roots):
            raise roots.roots.impossible()
        return list(roots.roots), ordinals
    from arsearch.analyzers.root_families import root_of_family  # only segments of earlier releases need the table

    found = list(map(root_of_family, stems.terms))
    names_found = sorted(set(found) - {""})
    number = {name: at for at, name in enumerate(names_found)} | {"": len(names_found)}
    return names_found, np.array([number[name] for name in found], np.int64)


def _stem_postings(segment: SegmentReader, field: str, roots: Array, ranks: Array, doc_map: Array) -> StemPostings:
    """Return the postings of a segment's stems; `roots` has the root of each merged stem, and last the number of roots."""
    stems = segment.postings(field, STEM)
    assert stems is not None, "a segment has the postings of every field that is merged"
    of_stems = roots[np.minimum(ranks, len(roots) - 1)]
    return StemPostings(of_stems, stems.posting_offsets.whole(), stems.docs, stems.freqs, doc_map)
