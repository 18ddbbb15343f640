"""The postings of root families: the documents with any word of a family, over all default fields together.

The roots are a term dictionary. Root `r` has the postings `[posting_offsets[r], posting_offsets[r + 1])` of `docs`, which
rise. A posting has a frequency for each field: how often words of the family occur there, 0 if only other fields have
some. Each stem of a field leads to its root. Stems without a root, and stems of function words, lead nowhere (see
`analyzers.root_families`).

The structure is the optional feature `features.ROOTS`: a segment without these arrays has the families of the table.
"""

from __future__ import annotations

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile
from arsearch.index.codec.checked_array import VerifiedArray
from arsearch.index.codec.packed_array import ROOT_FREQS, Numbers, open_numbers
from arsearch.index.codec.term_dictionary import TermDictionary
from arsearch.index.codec.validators import all_below, docs_rise_per_term, offsets_span

__all__ = ["RootPostings"]


class RootPostings:
    """The roots of one segment and their postings. `fields` are the fields that they cover."""

    __slots__ = ("_freqs", "_ordinals", "docs", "fields", "posting_offsets", "roots")

    def __init__(self, file: ArrayFile, docs: int) -> None:
        """Read the arrays of `file`, a segment of `docs` documents. Raises CorruptIndexError if they do not fit together."""
        key = names.ROOT_POSTINGS
        offsets = file.length(names.part(key, names.POSTING_OFFSETS))
        postings = file.length(names.part(key, names.DOCS))
        self.roots = TermDictionary(file, key, offsets - 1)
        self.posting_offsets = file.array(
            names.part(key, names.POSTING_OFFSETS), max(offsets, 1), kind="u8", rule=offsets_span(postings)
        )
        rule = docs_rise_per_term(docs, self.posting_offsets)
        self.docs = file.array(names.part(key, names.DOCS), postings, kind="u4", rule=rule)
        ending = names.field_array("", names.ROOT_ORDINALS)
        self.fields = tuple(name.removesuffix(ending) for name in file.names() if name.endswith(ending))
        self._freqs = {
            field: open_numbers(file, names.field_array(field, names.ROOT_FREQS), ROOT_FREQS, postings)
            for field in self.fields
        }
        self._ordinals = {
            field: file.array(names.field_array(field, names.ROOT_ORDINALS), kind="u4", rule=all_below(offsets))
            for field in self.fields
        }

    @classmethod
    def open(cls, file: ArrayFile, docs: int) -> RootPostings | None:
        """Open the postings of roots; return `None` if the segment lacks them."""
        return cls(file, docs) if names.part(names.ROOT_POSTINGS, names.POSTING_OFFSETS) in file else None

    def arrays(self, field: str) -> tuple[VerifiedArray | None, Numbers | None]:
        """Return the ordinals of the roots of a field's stems, and the frequencies; `None` for a field that is not covered."""
        return self._ordinals.get(field), self._freqs.get(field)

    def ordinals(self, field: str) -> Array:
        """Return the ordinal of the root of each stem of a field; the number of roots for a stem without one."""
        return self._ordinals[field].whole()

    def ordinal(self, field: str, stem: int) -> int:
        """Return the ordinal of the root of a stem, given by its ordinal, or -1 for a stem without a root."""
        if stem >= len(self._ordinals[field]):
            raise self.roots.impossible()
        ordinal = int(self._ordinals[field].part(stem, stem + 1)[0])
        return ordinal if ordinal < len(self.roots) else -1

    def postings(self, root: int) -> tuple[Array, slice]:
        """Return the documents with words of a root, in ascending order, and the range of their postings."""
        low, high = self.posting_offsets.bounds(root)
        return self.docs.part(low, high), slice(low, high)

    def freqs(self, field: str, span: slice) -> Array:
        """Return the frequency of each of a range of postings in a field; zeros for a field that no document has."""
        freqs = self._freqs.get(field)
        return np.zeros(span.stop - span.start, np.uint8) if freqs is None else freqs.part(span.start, span.stop)
