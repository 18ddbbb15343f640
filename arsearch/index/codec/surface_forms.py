"""How each occurrence of a normalised form is written: the levels stricter than normalised.

Of 100 occurrences in newspapers 97 are written in the way that is their form's commonest. So that way is told once, and
of the occurrences only those are listed that are written in another: `at` which they are, counted through all
positions of the normalised level, and `which` of the ways. The ways of a form stand in one text, the commonest first,
a line feed between two; `terms` are those that have one, the others are written as their form. Where a term stands
twice at one place, as it may beside ﷺ, the first counts. Whether a way is meant is for whoever asks to say: the index
compares no marks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator

import numpy as np

from arsearch.errors import CorruptIndexError
from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.string_column import StringColumn
from arsearch.index.codec.validators import strictly_increasing

__all__ = ["SurfaceFormsReader"]


class SurfaceFormsReader:
    """The ways of writing of a field's normalised terms in one segment."""

    __slots__ = ("_at", "_lists", "_texts", "_which", "terms")

    def __init__(self, file: ArrayFile, field: str, lists: Postings) -> None:
        self._lists = lists
        key = names.field_array(field, names.SURFACE_FORMS)
        having = file.length(names.part(key, names.FORM_TERMS))
        self.terms = file.array(
            names.part(key, names.FORM_TERMS), having, kind="u4", rule=strictly_increasing(len(lists.terms))
        ).whole()
        """The terms that have a text, rising."""
        self._texts = StringColumn(file, key, having)
        size = file.length(names.part(key, names.FORM_EXCEPTIONS))
        self._at = file.array(
            names.part(key, names.FORM_EXCEPTIONS), size, kind="u8", rule=strictly_increasing(len(lists.positions))
        )
        self._which = file.array(names.part(key, names.FORM_IDS), size, kind="u4")

    def surface_forms(self, term: int) -> list[str]:
        """The written words that a term stands for, the commonest first."""
        at = bisect_left(self.terms, term)
        if at < len(self.terms) and int(self.terms[at]) == term:
            return self._texts[at].split("\n")
        return [self._lists.terms[term]]

    def texts(self, terms: Array) -> list[str]:
        """The texts of several terms that have one."""
        found = [self._texts[at] for at in np.searchsorted(self.terms, terms).tolist()]
        if any("\0" in text for text in found):  # which parts them where they are written again
            raise self.impossible()
        return found

    def form_ids(self, term: int) -> Array:
        """Which way each occurrence of a term is written, in the order of its positions."""
        return self.form_ids_of_terms(*self._lists.position_offsets[term : term + 2].tolist())

    def form_ids_of_terms(self, low: int, high: int) -> Array:
        """Which way each occurrence in a stretch of positions is written."""
        found = np.zeros(high - low, np.uint32)
        at = self._at.whole()
        first, last = (bisect_left(at, bound) for bound in (low, high))
        found[at[first:last].astype(np.int64) - low] = self._which[first:last]
        return found

    def occurrences(self, term: int, wanted: Collection[int]) -> tuple[Array, Array]:
        """The document and position of every occurrence written in one of the wanted ways, rising."""
        docs, positions = self._lists.occurrences(term)
        kept = np.isin(self.form_ids(term), list(wanted))
        return docs[kept], positions[kept]

    def problems(self) -> Iterator[str]:
        """What is wrong with them, in sentences."""
        at, which = self._at.whole(), self._which.whole()
        ways = [text.split("\n") for text in self._texts]
        if any(len(set(some)) < len(some) or "" in some for some in ways):
            yield "a way of writing is empty, or told twice"
        term = np.searchsorted(self._lists.position_offsets.whole(), at, "right") - 1
        counts = np.ones(len(self._lists.terms), np.int64)
        counts[self.terms] = [len(some) for some in ways]
        if len(at) and (not which.all() or (which >= counts[term]).any()):
            yield "an occurrence is written in a way that its term has not"

    def impossible(self) -> CorruptIndexError:
        """The error to raise when they contradict the terms."""
        return self._lists.terms.impossible()
