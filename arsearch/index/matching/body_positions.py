"""The positions of the normalised terms in some bodies, which are one text, across segments.

The positions of the bodies follow each other, too far apart for a phrase across two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.ranges import concat_ranges, distinct
from arsearch.index.matching.fuzzy import terms_within
from arsearch.index.matching.wildcard import matching_terms
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import NORMALISED
from arsearch.snippets.fuzzy import FuzzyMatcher
from arsearch.snippets.targets import PatternMatcher, WordMatcher, candidate_forms

__all__ = ["NOWHERE", "Bodies", "bodies_by_segment", "expected_positions"]

_MOST_FORMS = 2_000
"""The forms of a pattern at most: looking up more of them costs as much as reading the text."""

_BETWEEN_BODIES = 1 << 24
"""The positions between two bodies, more than the slop of any phrase."""

_FEW = 4_096
"""The postings of a term at most that are read together with those of other terms."""

_TOGETHER = 1 << 17
"""The postings that are read together at most."""

NOWHERE = np.empty(0, np.int64)
"""No positions."""


class Bodies(NamedTuple):
    """Documents of one segment, in ascending order, and for each the position of its first word in the whole text."""

    segment: SegmentReader
    docs: Array
    firsts: Array

    def positions(self, postings: Postings, forms: Collection[str]) -> tuple[list[str], list[Array]]:
        """Return the normalised terms among `forms` that occur in the bodies, and positions that together are all of theirs."""
        found = [(ordinal, form) for form in forms if (ordinal := postings.terms.find(form)) >= 0]
        if not found:
            return [], []
        ordinals = np.array([ordinal for ordinal, _ in found], np.int64)
        begins, ends = (postings.posting_offsets[ordinals + more].astype(np.int64) for more in (0, 1))
        occurring: list[str] = []
        positions: list[Array] = []
        for group in _groups(ends - begins):
            if len(group) == 1:
                places = self._positions_of(postings, int(ordinals[group[0]]))
                counts = np.array([len(places)])
            else:
                counts, places = self._positions_of_several(postings, ordinals[group], begins[group], ends[group])
            occurring += [found[at][1] for at in group[counts > 0].tolist()]
            positions.append(places)
        return occurring, positions

    def _positions_of(self, postings: Postings, ordinal: int) -> Array:
        """Return the positions of a term, rising."""
        docs, freqs = postings.postings(ordinal)
        low, high = np.searchsorted(docs, np.array((self.docs[0], self.docs[-1] + 1), docs.dtype))
        own, inside = self._locate(docs[low:high])
        if not len(inside):
            return NOWHERE
        counts, positions = postings.positions_at(ordinal, freqs, inside + low)
        rising: Array = positions + np.repeat(self.firsts[own], counts)
        return rising

    def _positions_of_several(
        self, postings: Postings, ordinals: Array, begins: Array, ends: Array
    ) -> tuple[Array, Array]:
        """Return how many postings each term has in the bodies, and all positions; `begins` and `ends` bound its postings."""
        counts = ends - begins
        at = concat_ranges(begins, counts)
        docs, freqs = postings.docs[at], postings.freqs[at]
        own, inside = self._locate(docs)
        terms = np.repeat(np.arange(len(ordinals)), counts)[inside]
        starts = postings.starts_of_positions(ordinals, counts, freqs)
        positions = postings.positions[concat_ranges(starts[inside], freqs[inside])]
        firsts = np.repeat(self.firsts[own], freqs[inside])
        return np.bincount(terms, minlength=len(ordinals)), positions + firsts

    def _locate(self, docs: Array) -> tuple[Array, Array]:
        """Return the number of the body and the place of each of some documents that is one of the bodies."""
        own = np.searchsorted(self.docs, docs)
        inside = np.flatnonzero(self.docs.take(own, mode="clip") == docs)
        return own[inside], inside


def _groups(sizes: Array) -> Iterator[Array]:
    """Yield the numbers of the terms whose postings, as many as `sizes`, are read together; terms with many come alone."""
    few = np.flatnonzero(sizes <= _FEW)
    ends = np.cumsum(sizes[few])
    groups = np.split(few, np.searchsorted(ends, np.arange(_TOGETHER, ends[-1], _TOGETHER)) if len(few) else [])
    yield from (group for group in groups if len(group))
    yield from np.flatnonzero(sizes > _FEW)[:, None]


def bodies_by_segment(reader: IndexReader, docs: Array) -> list[Bodies]:
    """Return the bodies of some documents, which rise, by segment."""
    bodies, first = [], 0
    for segment, low, high in zip(reader.segments, reader.bases[:-1], reader.bases[1:], strict=True):
        own = docs[(docs >= low) & (docs < high)] - low
        if len(own):
            widths = segment.lengths("body")[own].astype(np.int64) + _BETWEEN_BODIES
            bodies.append(Bodies(segment, own, first + np.cumsum(widths) - widths))
            first += int(widths.sum())
    return bodies


def expected_positions(
    bodies: Sequence[Bodies], matchers: Iterable[WordMatcher], in_time: Callable[[], bool]
) -> tuple[set[str] | None, dict[WordMatcher, Array]]:
    """Return the normalised terms of the bodies that any matcher matches, and the rising positions of each matcher.

    The terms are `None` if they cannot be listed in time, or are not of Arabic letters alone.
    """
    forms: set[str] = set()
    positions: dict[WordMatcher, Array] = {}
    for matcher in matchers:
        found: list[Array] = []
        for own in bodies:
            postings = own.segment.postings("body", NORMALISED)
            if postings is None:  # no document of the segment has a body
                continue
            candidates = _candidates(own.segment, postings, matcher) if in_time() else None
            if candidates is None:
                return None, {}
            occurring, places = own.positions(postings, candidates)
            forms.update(occurring)
            found += places
        positions[matcher] = distinct(np.concatenate(found)) if found else NOWHERE
    is_plain = all("ء" <= letter <= "ي" for form in forms for letter in form)
    return forms if is_plain else None, positions


def _candidates(segment: SegmentReader, postings: Postings, matcher: WordMatcher) -> set[str] | None:
    """Return every normalised term of a segment's bodies that a matcher may match; `None` if they cannot be listed."""

    def spellings(stems: Collection[str]) -> set[str]:
        return {form for forms in segment.spellings([*stems], "body") for form in forms}

    def fitting(matcher: WordMatcher) -> list[str] | None:
        match matcher:
            case PatternMatcher(pattern):
                ordinals = matching_terms(postings.terms, pattern)
            case FuzzyMatcher(word, distance):
                ordinals = terms_within(postings.terms, word, distance)
            case _:
                return None
        return None if len(ordinals) > _MOST_FORMS else [postings.terms[ordinal] for ordinal in ordinals.tolist()]

    return candidate_forms([matcher], spellings, fitting)
