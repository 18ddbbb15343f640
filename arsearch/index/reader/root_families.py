"""The postings of a root family in one segment, for all searched fields together.

A segment knows the family of each of its stems (see `codec.root_postings`). The table of roots is read only for a stem
that no segment knows, and for segments and fields without postings of roots.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.segment_postings import union_postings
from arsearch.model.schema import STEM

__all__ = ["FamilyPostings", "family_postings", "family_root", "family_stems"]

_UNKNOWN = -2
_ALONE = -1


class FamilyPostings(NamedTuple):
    """The live documents with a word of a family, in ascending order, and its frequency there in each field."""

    docs: Array
    freqs: Sequence[Array]


def family_root(segments: Sequence[SegmentReader], stem: str) -> str:
    """Return the root of the family of a stem; empty for a stem that is alone."""
    for segment in segments:
        ordinal = _root_ordinal(segment, stem)
        if ordinal != _UNKNOWN:
            roots = segment.roots()
            return roots.roots[ordinal] if roots is not None and ordinal != _ALONE else ""
    from arsearch.analyzers.root_families import root_of_family

    return root_of_family(stem)


def family_stems(segment: SegmentReader, root: str) -> set[str]:
    """Return the stems of a root in the fields of a segment that have postings of roots."""
    roots = segment.roots()
    ordinal = -1 if roots is None else roots.roots.find(root)
    if roots is None or ordinal < 0:
        return set()
    found: set[str] = set()
    for field in roots.fields:
        stems = segment.postings(field, STEM)
        if stems is not None:
            found.update(stems.terms.get_many(np.flatnonzero(roots.ordinals(field) == ordinal)))
    return found


def family_postings(
    segment: SegmentReader, stem: str, root: str, fields: Sequence[str], budget: SearchBudget
) -> FamilyPostings:
    """Return the postings of the family of `stem`, whose root is `root`, in some fields of a segment.

    Some are missing if time runs out.
    """
    roots = segment.roots()
    if roots is None or not all(_is_covered(segment, field) for field in fields):
        return _united(segment, stem, root, fields, budget)
    ordinal = _root_ordinal(segment, stem)
    if ordinal == _ALONE:
        return _united(segment, stem, "", fields, budget)
    if ordinal == _UNKNOWN:
        ordinal = roots.roots.find(root)
    if ordinal < 0:
        return FamilyPostings(np.empty(0, np.int64), [np.empty(0, np.uint8)] * len(fields))
    docs, span = roots.postings(ordinal)
    return _only_matching(
        segment, docs, [roots.freqs(field, span) for field in fields], len(fields) < len(roots.fields)
    )


def _is_covered(segment: SegmentReader, field: str) -> bool:
    """Tell whether the postings of roots cover a field, or the segment has no word in it."""
    roots = segment.roots()
    return (roots is not None and field in roots.fields) or segment.postings(field, STEM) is None


def _root_ordinal(segment: SegmentReader, stem: str) -> int:
    """Return the ordinal of the root of a stem, `_ALONE` for a stem without a family, `_UNKNOWN` if no field has the stem."""
    roots = segment.roots()
    for field in () if roots is None else roots.fields:
        stems = segment.postings(field, STEM)
        ordinal = -1 if stems is None else stems.terms.find(stem)
        if ordinal >= 0 and roots is not None:
            return roots.ordinal(field, ordinal)
    return _UNKNOWN


def _only_matching(segment: SegmentReader, docs: Array, freqs: list[Array], partly: bool) -> FamilyPostings:
    """Leave out deleted documents and, if not all fields are searched, documents without a word in the searched ones."""
    kept = None if segment.live is None else segment.live[docs]
    if partly:
        having = np.logical_or.reduce([of_field > 0 for of_field in freqs])
        kept = having if kept is None else kept & having
    if kept is None:
        return FamilyPostings(docs, freqs)
    return FamilyPostings(docs[kept], [of_field[kept] for of_field in freqs])


def _united(
    segment: SegmentReader, stem: str, root: str, fields: Sequence[str], budget: SearchBudget
) -> FamilyPostings:
    """Unite the postings of the stems of a family; of `stem` alone without a `root`."""
    family: tuple[str, ...] = (stem,)
    if root:
        from arsearch.analyzers.root_families import stems_of_family

        family = stems_of_family(stem)
    columns = []
    for field in fields:
        postings = segment.postings(field, STEM)
        ordinals = sorted({postings.terms.find(one) for one in family} - {-1}) if postings is not None else []
        if postings is None or not ordinals:
            columns.append((np.empty(0, np.int64), np.empty(0, np.uint8)))
        else:
            columns.append(union_postings(segment, postings, ordinals, budget))
    docs = np.unique(np.concatenate([own for own, _ in columns]))
    freqs = []
    for own, counts in columns:
        aligned = np.zeros(len(docs), counts.dtype)
        aligned[np.searchsorted(docs, own)] = counts
        freqs.append(aligned)
    return FamilyPostings(docs, freqs)
