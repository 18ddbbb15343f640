"""The arrays of `written` made: for a segment being built, and for several that become one.

Where segments disagree on which way of writing a form is its commonest, that of the first counts; the others'
occurrences are counted anew.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence

import numpy as np

from arsearch.index.codec.array_file import Array, ArrayStream
from arsearch.index.codec.surface_forms import SurfaceFormsReader
from arsearch.index.codec.surface_forms_writer import OccurrenceExceptions, form_arrays
from arsearch.index.merging.postings_merger import DROPPED, MergeSource, PostingsMerger

__all__ = ["merged_surface_forms"]

_TERMS = 1 << 13
"""Terms whose ways are joined at a time."""


def merged_surface_forms(
    key: str, joined: PostingsMerger, parts: Sequence[MergeSource], written: Sequence[SurfaceFormsReader]
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """The arrays of the joined terms; those of `joined` must have been used up."""
    texts = _MergedForms(joined.terms, parts, written)
    yield from form_arrays(key, texts.runs())
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
