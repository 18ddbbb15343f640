"""The surface forms of merged segments.

Segments may disagree on the commonest form of a term. The first segment's forms then keep their ids, and the occurrences
of the other segments get new ones.
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
"""The number of terms whose forms are merged at a time."""


def merged_surface_forms(
    key: str, merger: PostingsMerger, sources: Sequence[MergeSource], readers: Sequence[SurfaceFormsReader]
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """Yield the arrays of the merged forms; the arrays of `merger` must have been consumed."""
    merged = _MergedForms(merger.terms, sources, readers)
    yield from form_arrays(key, merged.runs())
    by_source = {
        id(source): (reader, new_ids) for source, reader, new_ids in zip(sources, readers, merged.new_ids, strict=True)
    }

    def read(source: MergeSource, low: int, high: int) -> Array:
        reader, new_ids = by_source[id(source)]
        begin, end = source.span(low, high)
        form_ids = reader.form_ids_between(begin, end)
        for term, table in new_ids[bisect_left(new_ids, low, key=_term) : bisect_left(new_ids, high, key=_term)]:
            of_term = slice(*(place - begin for place in source.span(term, term + 1)))
            if len(form_ids[of_term]) and int(form_ids[of_term].max()) >= len(table):
                raise reader.impossible()
            form_ids[of_term] = table[form_ids[of_term]]
        return source.kept(form_ids, low, high)

    exceptions = OccurrenceExceptions()
    for form_ids in merger.occurrences(read):
        exceptions.add(form_ids)
    yield from exceptions.arrays(key).items()


class _MergedForms:
    """The forms of merged terms.

    `new_ids` lists for each source, by rising term, the terms whose forms get new ids, and the new id of each old one.
    It is complete once `runs` is consumed.
    """

    def __init__(self, terms: int, sources: Sequence[MergeSource], readers: Sequence[SurfaceFormsReader]) -> None:
        self._terms = terms
        self._sources = [
            (
                source,
                reader,
                np.flatnonzero(source.ranks != DROPPED),
                reader.terms[source.ranks[reader.terms] != DROPPED],
            )
            for source, reader in zip(sources, readers, strict=True)
        ]
        self.new_ids: list[list[tuple[int, Array]]] = [[] for _ in sources]

    def runs(self) -> Iterator[tuple[Array, list[str]]]:
        """Yield runs of the merged terms that have stored forms, with the text of the forms."""
        for low in range(0, self._terms, _TERMS):
            texts = self._texts(low, min(low + _TERMS, self._terms))
            terms = sorted(texts)
            yield np.array(terms, np.int64), [texts[term] for term in terms]

    def _texts(self, low: int, high: int) -> dict[int, str]:
        """Return the stored forms of the merged terms `[low, high)`, by rank."""
        texts: dict[int, str] = {}
        with_forms = np.zeros(high - low, np.int64)
        holders = np.zeros(high - low, np.int64)
        differing: set[int] = set()
        for source, reader, kept, kept_with_forms in self._sources:
            ranks = source.ranks[_between(kept, source, low, high)]
            holders[ranks - np.uint32(low)] += 1
            terms = _between(kept_with_forms, source, low, high)
            ranks = source.ranks[terms]
            with_forms[ranks - np.uint32(low)] += 1
            for rank, text in zip(ranks.tolist(), reader.texts(terms), strict=True):
                if texts.setdefault(rank, text) != text:
                    differing.add(rank)
        differing.update((np.flatnonzero((with_forms > 0) & (with_forms < holders)) + low).tolist())
        for rank in differing:
            texts[rank] = self._merge_term(rank)
        return texts

    def _merge_term(self, rank: int) -> str:
        """Return the forms of a merged term on which sources differ, and note the new ids."""
        merged_ids: dict[str, int] = {}
        for (source, reader, kept, _), new_ids in zip(self._sources, self.new_ids, strict=True):
            for term in _between(kept, source, rank, rank + 1).tolist():
                ids = [merged_ids.setdefault(form, len(merged_ids)) for form in reader.surface_forms(term)]
                if ids != list(range(len(ids))):
                    insort(new_ids, (term, np.array(ids, np.uint32)), key=_term)
        return "\n".join(merged_ids)


def _between(terms: Array, source: MergeSource, low: int, high: int) -> Array:
    """Return the `terms` of a source, in rising order, whose ranks among the merged terms are in `[low, high)`."""
    begin, end = (bisect_left(terms, rank, key=lambda term: int(source.ranks[term])) for rank in (low, high))
    return terms[begin:end]


def _term(pair: tuple[int, Array]) -> int:
    return pair[0]
