"""Count how often the words of pairs are near each other, in some documents.

The pairs and fields of a segment are counted together. An occurrence is the integer `place << 32 | position`. Each pair and
field is a *group* with places of its own: the places of the documents, after those of the groups before it. One search in
one sorted array then finds the second word after each first word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.postings import Postings
from arsearch.index.docsets.scored import locate
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import STEM
from arsearch.search.signals import SLOP, TermPair

__all__ = ["FieldFrequencies", "pair_frequencies"]

_MAX_PLACES = 1 << 30
_MAX_PAIRS = 16
"""The pairs that are counted together at most; a question may have hundreds, and their occurrences need memory."""


class FieldFrequencies(NamedTuple):
    """The frequencies of a pair in one field of the documents at `places`, which rise."""

    pair: TermPair
    field: str
    places: Array
    frequencies: Array


def pair_frequencies(reader: IndexReader, pairs: Sequence[TermPair], docs: Array) -> Iterator[FieldFrequencies]:
    """Yield the frequencies of pairs in live documents, in order of pairs and fields; `docs` are in ascending order.

    Several results of a pair and field have different documents. An occurrence at the distance of the query counts 1; with n
    more positions in between it counts 1 / (n + 1).
    """
    for segment, base in zip(reader.segments, reader.bases, strict=False):
        low, high = 0, len(docs)
        if len(reader.segments) > 1:
            low, high = docs.searchsorted((base, base + segment.docs)).tolist()
        # The integers of `docs` may be too short for `base`.
        local = docs[low:high].astype(np.int64) - base if base else docs[low:high]
        fields = max((len(pair.fields) for pair in pairs), default=1)
        step = min(_MAX_PAIRS, max(1, _MAX_PLACES // (max(high - low, 1) * fields)))
        for at in range(0, len(pairs) if low < high else 0, step):
            for found in _segment_frequencies(segment, pairs[at : at + step], local):
                yield found._replace(places=found.places + low) if low else found


class _Occurrences:
    """The occurrences of a term in some documents. `inside` is a mask of the documents that have it."""

    __slots__ = ("_at", "_postings", "_term", "_wanted", "inside")

    def __init__(self, postings: Postings, term: int, docs: Array) -> None:
        self._postings = postings
        self._term = term
        self._at, self.inside = locate(docs, postings.docs_of(term))
        self._wanted: Array | None = None

    def want(self, mask: Array) -> None:
        """Add the documents of a mask to those whose occurrences are read."""
        self._wanted = mask if self._wanted is None else self._wanted | mask

    def read(self) -> Array:
        """Return the occurrences in the wanted documents, which are at least one."""
        assert self._wanted is not None
        places = self._wanted.nonzero()[0]
        counts, positions = self._postings.positions_at(self._term, self._at.take(places))
        keys: Array = (places << 32).repeat(counts)
        keys |= positions
        return keys


class _Group(NamedTuple):
    """A pair in one field."""

    pair: TermPair
    field: str
    first: _Occurrences
    second: _Occurrences


def _segment_frequencies(segment: SegmentReader, pairs: Sequence[TermPair], docs: Array) -> Iterator[FieldFrequencies]:
    """Yield the frequencies of pairs in some documents of a segment."""
    groups = _groups(segment, pairs, docs)
    if not groups:
        return
    read = {occurrences: occurrences.read() for group in groups for occurrences in (group.first, group.second)}
    firsts = [read[group.first] for group in groups]
    seconds = [read[group.second] for group in groups]
    places, frequencies = _frequencies(
        np.concatenate([keys + (at * len(docs) << 32) for at, keys in enumerate(firsts)]),
        np.concatenate([keys + (at * len(docs) << 32) for at, keys in enumerate(seconds)]),
        np.repeat([group.pair.distance for group in groups], [len(keys) for keys in firsts]),
    )
    bounds = places.searchsorted(np.arange(len(groups) + 1) * len(docs)).tolist()
    for at, (group, low, high) in enumerate(zip(groups, bounds, bounds[1:], strict=False)):
        if low < high:
            yield FieldFrequencies(group.pair, group.field, places[low:high] - at * len(docs), frequencies[low:high])


def _groups(segment: SegmentReader, pairs: Sequence[TermPair], docs: Array) -> list[_Group]:
    """Return the pairs and fields whose two words are in one of the documents, in order."""
    found: dict[tuple[str, str], _Occurrences | None] = {}

    def look_up(field: str, stem: str) -> _Occurrences | None:
        key = field, stem  # most stems belong to two pairs
        if key not in found:
            postings = segment.postings(field, STEM)
            term = -1 if postings is None else postings.terms.find(stem)
            found[key] = _Occurrences(postings, term, docs) if postings is not None and term >= 0 else None
        return found[key]

    groups: list[_Group] = []
    for pair in pairs:
        for field in pair.fields:
            first, second = look_up(field, pair.first), look_up(field, pair.second)
            if first is None or second is None:
                continue
            both = first.inside & second.inside
            if both.any():
                first.want(both)
                second.want(both)
                groups.append(_Group(pair, field, first, second))
    return groups


def _frequencies(firsts: Array, seconds: Array, distances: Array) -> tuple[Array, Array]:
    """Return the places in which one of `seconds` closely follows one of `firsts`, and the frequency of this in each."""
    at = seconds.searchsorted(firsts, "right")
    excess = np.maximum(seconds.take(at, mode="clip") - firsts - distances, 0)
    close = ((excess <= SLOP) & (at < len(seconds))).nonzero()[0]
    if not len(close):
        return np.empty(0, np.int64), np.empty(0)
    places = firsts.take(close) >> 32
    starts = np.concatenate(([True], places[1:] != places[:-1])).nonzero()[0]
    return places.take(starts), np.add.reduceat(1 / (excess.take(close) + 1), starts)
