"""Surface forms: how each occurrence of a normalised term is written in its article.

They serve the levels of matching that are stricter than the normalised one. In newspapers 97 of 100 occurrences are
written in the commonest form of their term. So the forms of a term are stored once, the commonest first, and only the
occurrences in another form are listed: by their number among all positions of the normalised level, with the number of
their form, a form id. A term that is always written as itself has no stored forms. If a term occurs twice at one
position, as it may beside ﷺ, the first occurrence counts.

The index does not compare vowel marks: the caller decides which forms match a query.
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
    """The surface forms of a field's normalised terms in one segment; `postings` are those of the normalised level."""

    __slots__ = ("_exceptions", "_form_ids", "_forms", "_postings", "terms")

    def __init__(self, file: ArrayFile, field: str, postings: Postings) -> None:
        self._postings = postings
        key = names.field_array(field, names.SURFACE_FORMS)
        with_forms = file.length(names.part(key, names.FORM_TERMS))
        self.terms = file.array(
            names.part(key, names.FORM_TERMS), with_forms, kind="u4", rule=strictly_increasing(len(postings.terms))
        ).whole()
        """The ordinals of the terms with stored forms, in rising order."""
        self._forms = StringColumn(file, key, with_forms)
        exceptions = file.length(names.part(key, names.FORM_EXCEPTIONS))
        self._exceptions = file.array(
            names.part(key, names.FORM_EXCEPTIONS),
            exceptions,
            kind="u8",
            rule=strictly_increasing(len(postings.positions)),
        )
        self._form_ids = file.array(names.part(key, names.FORM_IDS), exceptions, kind="u4")

    def surface_forms(self, term: int) -> list[str]:
        """Return the forms of a term, the commonest first; form ids are indices of this list."""
        at = bisect_left(self.terms, term)
        if at < len(self.terms) and int(self.terms[at]) == term:
            return self._forms[at].split("\n")
        return [self._postings.terms[term]]

    def texts(self, terms: Array) -> list[str]:
        """Return the stored forms of several terms, all of which have some; a line feed separates the forms of a term."""
        texts = [self._forms[at] for at in np.searchsorted(self.terms, terms).tolist()]
        if any("\0" in text for text in texts):  # `surface_forms_writer.form_arrays` separates texts by NUL
            raise self.impossible()
        return texts

    def form_ids(self, term: int) -> Array:
        """Return the form id of each occurrence of a term, in the order of its positions."""
        return self.form_ids_between(*self._postings.position_offsets[term : term + 2].tolist())

    def form_ids_between(self, low: int, high: int) -> Array:
        """Return the form ids of the occurrences `[low, high)` among all positions of the normalised level."""
        form_ids = np.zeros(high - low, np.uint32)
        at, ids = self._exceptions_between(low, high)
        form_ids[at] = ids
        return form_ids

    def _exceptions_between(self, low: int, high: int) -> tuple[Array, Array]:
        """Return which of the occurrences `[low, high)`, counted from 0, have another form than 0, and their form ids."""
        exceptions = self._exceptions.whole()
        first, last = (bisect_left(exceptions, bound) for bound in (low, high))  # bounds may exceed the type
        return exceptions[first:last].astype(np.int64) - low, self._form_ids[first:last]

    def occurrences(self, term: int, form_ids: Collection[int]) -> tuple[Array, Array]:
        """Return the document and the position of every occurrence in one of those forms, in rising order."""
        docs, positions = self._postings.occurrences(term)
        kept = _is_any(self.form_ids(term), form_ids)
        return docs[kept], positions[kept]

    def postings(self, term: int, form_ids: Collection[int]) -> tuple[Array, Array]:
        """Return the documents with an occurrence in one of those forms, in rising order, and how many each has.

        This reads no position.
        """
        docs, freqs = self._postings.postings(term)
        at, ids = self._exceptions_between(*self._postings.position_range(term, freqs))
        common = 0 in form_ids  # most occurrences have the form 0: the others are counted
        counted = at[_is_any(ids, form_ids) != common]
        counts = np.bincount(np.searchsorted(freqs.cumsum(dtype=np.int64), counted, "right"), minlength=len(docs))
        if common:
            counts = freqs - counts
        kept = counts.nonzero()[0]
        return docs[kept], counts[kept]

    def problems(self) -> Iterator[str]:
        """Yield a sentence for each thing that is wrong with the forms."""
        exceptions, form_ids = self._exceptions.whole(), self._form_ids.whole()
        forms = [text.split("\n") for text in self._forms]
        if any(len(set(of_term)) < len(of_term) or "" in of_term for of_term in forms):
            yield "a form is empty, or stands twice among those of its term"
        term = np.searchsorted(self._postings.position_offsets.whole(), exceptions, "right") - 1
        counts = np.ones(len(self._postings.terms), np.int64)
        counts[self.terms] = [len(of_term) for of_term in forms]
        if len(exceptions) and (not form_ids.all() or (form_ids >= counts[term]).any()):
            yield "an occurrence has a form that its term lacks"

    def impossible(self) -> CorruptIndexError:
        """Return the error to raise when the forms contradict the terms."""
        return self._postings.terms.impossible()


def _is_any(values: Array, chosen: Collection[int]) -> Array:
    """Return a mask of the values that are chosen; for a few choices this is faster than `np.isin`."""
    mask = np.zeros(len(values), bool)
    for value in chosen:
        mask |= values == value
    return mask
