"""The arrays of `written` made: for a segment being built, and for several that become one.

Where segments disagree on which way of writing a form is its commonest, that of the first counts; the others'
occurrences are counted anew.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from arsearch.index.codec.array_file import Array, ArrayStream, narrowest
from arsearch.index.codec.surface_forms import SurfaceFormsReader
from arsearch.index.merging.postings_merger import DROPPED, MergeSource, PostingsMerger

__all__ = ["OccurrenceExceptions", "SurfaceFormsWriter", "merged_surface_forms"]

_TERMS = 1 << 13
"""Terms whose ways are joined at a time."""


class SurfaceFormsWriter:
    """How the terms of a field of a segment being built are written.

    Normalised term `ranks[i]` of the segment is written `written[used[i]]`, `counts[i]` times; `as_form[i]` tells whether
    that is the normalised form itself. The pairs need not be distinct.
    """

    def __init__(self, ranks: Array, used: Array, written: Sequence[str], as_form: Array, counts: Array) -> None:
        self._used = used
        self._ordinals = np.zeros(len(ranks), np.uint32)
        alone = (np.bincount(ranks) == 1)[ranks]
        odd = np.flatnonzero(alone & ~as_form)
        self._texts = dict(zip(ranks[odd].tolist(), (written[term] for term in used[odd].tolist()), strict=True))
        rest = np.flatnonzero(~alone)
        rest = rest[np.lexsort((-counts[rest], ranks[rest]))]
        starts = np.flatnonzero(np.diff(ranks[rest].astype(np.int64), prepend=-1))
        sizes = np.diff(starts, append=len(rest))
        self._ordinals[rest] = np.arange(len(rest)) - np.repeat(starts, sizes)
        words = [written[term] for term in used[rest].tolist()]
        lone = as_form[rest].tolist()
        for rank, low, size in zip(ranks[rest[starts]].tolist(), starts.tolist(), sizes.tolist(), strict=True):
            ways = words[low : low + size]
            distinct = dict.fromkeys(ways)
            if len(distinct) < size:
                places = {way: place for place, way in enumerate(distinct)}
                self._ordinals[rest[low : low + size]] = [places[way] for way in ways]
            if len(distinct) > 1 or not lone[low]:
                self._texts[rank] = "\n".join(distinct)

    def ordinals(self, count: int) -> Array:
        """Which of its ways each of the `count` terms of the vocabulary is; 0 for those not used."""
        table = np.zeros(count, narrowest(self._ordinals).dtype)
        table[self._used] = self._ordinals
        return table

    def arrays(self, key: str) -> Iterator[tuple[str, Array | ArrayStream]]:
        """The arrays of the texts."""
        terms, texts = np.fromiter(self._texts, np.int64, len(self._texts)), list(self._texts.values())
        order = np.argsort(terms)
        return _text_arrays(key, [(terms[order], [texts[at] for at in order.tolist()])])


class OccurrenceExceptions:
    """Collects the occurrences that are not written in the commonest way, as they come by."""

    def __init__(self) -> None:
        self._size = 0
        self._at: list[Array] = []
        self._which: list[Array] = []

    def add(self, which: Array) -> None:
        """Take the ways of the next occurrences."""
        at = np.flatnonzero(which)
        self._which.append(narrowest(which[at]))
        self._at.append(at + self._size)
        self._size += len(which)

    def arrays(self, key: str) -> dict[str, Array]:
        """The arrays of those collected."""
        at = np.concatenate(self._at) if self._at else np.empty(0, np.int64)
        which = np.concatenate(self._which) if self._which else np.empty(0, np.uint8)
        return {f"{key}.at": narrowest(at), f"{key}.which": narrowest(which)}


def merged_surface_forms(
    key: str, joined: PostingsMerger, parts: Sequence[MergeSource], written: Sequence[SurfaceFormsReader]
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """The arrays of the joined terms; those of `joined` must have been used up."""
    texts = _MergedForms(joined.terms, parts, written)
    yield from _text_arrays(key, texts.runs())
    of_part = {id(part): found for part, found in zip(parts, zip(written, texts.moved, strict=True), strict=True)}

    def read(part: MergeSource, low: int, high: int) -> Array:
        its, moved = of_part[id(part)]
        begin, end = part.span(low, high)
        which = its.form_ids_of_terms(begin, end)
        for term, table in moved[bisect_left(moved, low, key=_term) : bisect_left(moved, high, key=_term)]:
            here = slice(*(place - begin for place in part.span(term, term + 1)))
            if len(which[here]) and int(which[here].max()) >= len(table):
                raise its.impossible()
            which[here] = table[which[here]]
        return part.kept(which, low, high)

    exceptions = OccurrenceExceptions()
    for which in joined.occurrences(read):
        exceptions.add(which)
    yield from exceptions.arrays(key).items()


class _MergedForms:
    """The ways of joined terms. `moved` has for each part its terms whose ways changed places, and to which, rising."""

    def __init__(self, terms: int, parts: Sequence[MergeSource], written: Sequence[SurfaceFormsReader]) -> None:
        self._terms = terms
        self._parts = [
            (part, its, np.flatnonzero(part.ranks != DROPPED), its.terms[part.ranks[its.terms] != DROPPED])
            for part, its in zip(parts, written, strict=True)
        ]
        self.moved: list[list[tuple[int, Array]]] = [[] for _ in parts]

    def runs(self) -> Iterator[tuple[Array, list[str]]]:
        """The terms that have a text, in runs, with their texts."""
        for low in range(0, self._terms, _TERMS):
            texts = self._run(low, min(low + _TERMS, self._terms))
            terms = sorted(texts)
            yield np.array(terms, np.int64), [texts[term] for term in terms]

    def _run(self, low: int, high: int) -> dict[int, str]:
        texts: dict[int, str] = {}
        times = np.zeros(high - low, np.int64)
        holders = np.zeros(high - low, np.int64)
        differing: set[int] = set()
        for part, its, kept, having in self._parts:
            ranks = part.ranks[_between(kept, part, low, high)]
            holders[ranks - np.uint32(low)] += 1
            some = _between(having, part, low, high)
            ranks = part.ranks[some]
            times[ranks - np.uint32(low)] += 1
            for rank, text in zip(ranks.tolist(), its.texts(some), strict=True):
                if texts.setdefault(rank, text) != text:
                    differing.add(rank)
        differing.update((np.flatnonzero((times > 0) & (times < holders)) + low).tolist())
        for rank in differing:
            texts[rank] = self._joined(rank)
        return texts

    def _joined(self, rank: int) -> str:
        places: dict[str, int] = {}
        for (part, its, kept, _), moved in zip(self._parts, self.moved, strict=True):
            for term in _between(kept, part, rank, rank + 1).tolist():
                own = [places.setdefault(way, len(places)) for way in its.surface_forms(term)]
                if own != list(range(len(own))):
                    insort(moved, (term, np.array(own, np.uint32)), key=_term)
        return "\n".join(places)


def _between(terms: Array, part: MergeSource, low: int, high: int) -> Array:
    """Of a part's terms, which rise, those that are among the joined ones from `low` to `high`."""
    begin, end = (bisect_left(terms, rank, key=lambda term: int(part.ranks[term])) for rank in (low, high))
    return terms[begin:end]


def _term(pair: tuple[int, Array]) -> int:
    return pair[0]


def _text_arrays(key: str, runs: Iterable[tuple[Array, list[str]]]) -> Iterator[tuple[str, Array | ArrayStream]]:
    """The arrays of terms and their texts, both in runs."""
    numbers: list[Array] = []
    sizes: list[Array] = []

    def pieces() -> Iterator[Array]:
        for terms, texts in runs:
            raw = np.frombuffer("".join([f"{text}\0" for text in texts]).encode(errors="replace"), np.uint8)
            numbers.append(terms)
            sizes.append(np.diff(np.flatnonzero(raw == 0), prepend=-1) - 1)
            yield raw[raw != 0]

    yield f"{key}.blob", ArrayStream(np.uint8, pieces())
    ends = np.cumsum(np.concatenate(sizes)) if sizes else np.empty(0, np.int64)
    yield f"{key}.ends", narrowest(ends)
    yield f"{key}.terms", narrowest(np.concatenate(numbers) if numbers else np.empty(0, np.int64))
