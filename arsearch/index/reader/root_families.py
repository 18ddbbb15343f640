"""The postings of a root family in one segment, for all searched fields together.

A segment knows the family of each of its stems (see `codec.root_postings`). The table of roots is read only for a stem
that no segment knows, and for segments and fields without postings of roots.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import distinct
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.segment_postings import union_postings
from arsearch.model.schema import STEM

__all__ = ["Family", "FamilyPostings", "family_postings", "family_stems", "find_family"]

_ALONE = -1
_ABSENT = -2
_TABLE = -3
"""What a segment has instead of the ordinal of a root: the stem without a root, no word of the root, or no roots at all."""


class Family(NamedTuple):
    """The root family of a stem: whether the stem is alone, without a root, and the ordinal of its root in each segment."""

    alone: bool
    ordinals: tuple[int, ...]


class FamilyPostings(NamedTuple):
    """The live documents with a word of a family, in ascending order, and its frequency there in each field."""

    docs: Array
    freqs: Sequence[Array]


def find_family(segments: Sequence[SegmentReader], stem: str) -> Family:
    """Return the family of a stem. The first segment that knows the stem decides which root it has."""
    own = [_own_ordinal(segment, stem) for segment in segments]
    deciding = next((at for at, ordinal in enumerate(own) if ordinal not in (_TABLE, _ABSENT)), None)
    if deciding is not None and (own[deciding] < 0 or not any(ordinal == _ABSENT for ordinal in own)):
        return Family(own[deciding] < 0, tuple(own))
    roots = None if deciding is None else segments[deciding].roots()
    if roots is not None and deciding is not None:
        root = roots.roots[own[deciding]]
    else:
        from arsearch.analyzers.root_families import root_of_family

        root = root_of_family(stem)
    return Family(not root, tuple(_ordinal(segment, root, at) for segment, at in zip(segments, own, strict=True)))


def _own_ordinal(segment: SegmentReader, stem: str) -> int:
    """Return the ordinal of the root that a segment gives a stem."""
    roots = segment.roots()
    if roots is None:
        return _TABLE
    for field in roots.fields:
        stems = segment.postings(field, STEM)
        ordinal = -1 if stems is None else stems.terms.find(stem)
        if ordinal >= 0:
            root = roots.ordinal(field, ordinal)
            return root if root >= 0 else _ALONE
    return _ABSENT


def _ordinal(segment: SegmentReader, root: str, own: int) -> int:
    roots = segment.roots()
    if own != _ABSENT or roots is None or not root:
        return own
    found = roots.roots.find(root)
    return found if found >= 0 else _ABSENT


def family_stems(segment: SegmentReader, stem: str, ordinal: int) -> set[str]:
    """Return the stems of the family of `stem` that a segment has, or may have; its root has the ordinal `ordinal`."""
    roots = segment.roots()
    if ordinal == _TABLE:
        from arsearch.analyzers.root_families import stems_of_family

        return set(stems_of_family(stem))
    found: set[str] = set()
    for field in () if roots is None or ordinal < 0 else roots.fields:
        stems = segment.postings(field, STEM)
        if stems is not None and roots is not None:
            found.update(stems.terms.get_many(np.flatnonzero(roots.ordinals(field) == ordinal)))
    return found


def family_postings(
    segment: SegmentReader, stem: str, family: Family, ordinal: int, fields: Sequence[str], budget: SearchBudget
) -> FamilyPostings:
    """Return the postings of the family of `stem` in some fields of a segment, where its root has an ordinal.

    Some are missing if time runs out.
    """
    roots = segment.roots()
    if roots is None or ordinal == _ALONE or not all(map(segment.covers_roots_of, fields)):
        return _united(segment, stem, ordinal == _ALONE or family.alone, fields, budget)
    if ordinal < 0:
        return FamilyPostings(np.empty(0, np.int64), [np.empty(0, np.uint8)] * len(fields))
    docs, span = roots.postings(ordinal)
    return _only_matching(
        segment, docs, [roots.freqs(field, span) for field in fields], len(fields) < len(roots.fields)
    )


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
    segment: SegmentReader, stem: str, alone: bool, fields: Sequence[str], budget: SearchBudget
) -> FamilyPostings:
    """Unite the postings of the stems of a family; of `stem` only if it is `alone`."""
    family: tuple[str, ...] = (stem,)
    if not alone:
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
    docs = distinct(np.concatenate([own for own, _ in columns]))
    freqs = []
    for own, counts in columns:
        aligned = np.zeros(len(docs), counts.dtype)
        aligned[np.searchsorted(docs, own)] = counts
        freqs.append(aligned)
    return FamilyPostings(docs, freqs)
