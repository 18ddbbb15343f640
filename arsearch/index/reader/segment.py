"""Read one segment. A segment never changes, except for the set of its deleted documents."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, TypeVar, cast

import numpy as np

from arsearch.concurrency import cached_property
from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile
from arsearch.index.codec.deletions import read_deletions
from arsearch.index.codec.doc_values import SortedSetDocValues, no_doc_values, open_doc_values
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.root_postings import RootPostings
from arsearch.index.codec.segment_info import SegmentInfo, id_hash
from arsearch.index.codec.stored_fields import StoredFieldsReader
from arsearch.index.codec.surface_forms import SurfaceFormsReader
from arsearch.index.codec.validators import all_below
from arsearch.index.reader.cache import Memo
from arsearch.index.store.directory import Directory
from arsearch.kernel import native
from arsearch.minhash import SIGNATURE_FIELD, SIGNATURE_SIZE
from arsearch.model.schema import EDITION, NORMALISED, OF_WORKS, STEM, Field

__all__ = ["SegmentReader", "TermPostings", "shared_ids"]

_Value = TypeVar("_Value")

_MAX_TERMS = 5000
"""The terms whose postings are kept, as views of the file: a search looks a term up several times."""

_SCANS = 64
"""The number of scans of all terms for those of a stem after which the terms are sorted by their stems."""


class TermPostings(NamedTuple):
    """The postings of one term of a segment: the documents, deleted ones included, and its frequency in each."""

    postings: Postings
    term: int
    docs: Array
    freqs: Array


class SegmentReader:
    """A read-only view of one segment; threads may share it. Its documents have the numbers from 0 to `docs - 1`."""

    def __init__(self, directory: Directory, info: SegmentInfo) -> None:
        self.info = info
        self.name = info.name
        self.location = directory.location
        """The location of the index that the segment belongs to."""
        self.docs = info.docs
        self.file = ArrayFile(directory, info.file)
        if self.file.meta.get("docs") != info.docs or self.file.meta.get("kind") != "segment":
            raise self.file.corrupt(f"does not hold the {info.docs} articles that its commit names")
        self.deleted = read_deletions(directory, info)
        """The numbers of the deleted documents, in ascending order."""
        self.stored = StoredFieldsReader(self.file, info.docs)
        self._postings: dict[tuple[str, str], Postings | None] = {}
        self._terms: dict[tuple[str, str, str], TermPostings] = {}
        self._surface_forms: dict[str, SurfaceFormsReader | None] = {}
        self._scans: dict[str, int] = {}
        self._memo = Memo()
        self._undeclared: frozenset[str] = frozenset()

    def joined(self, hidden: Array, undeclared: Iterable[str]) -> SegmentReader:
        """Return this segment as several indexes together show it: documents are `hidden`, as if they were deleted.

        The index of the segment does not declare the fields `undeclared`, which are empty. Both readers share what they
        have read.
        """
        reader = copy(self)
        reader.__dict__.pop("live", None)
        reader.deleted = np.union1d(self.deleted, hidden).astype(np.uint32)
        reader.info = replace(self.info, deleted=len(reader.deleted))
        reader._undeclared = frozenset(undeclared)
        return reader

    @cached_property
    def live(self) -> Array | None:
        """A mask of the live documents; `None` if no document is deleted."""
        if not len(self.deleted):
            return None
        mask = np.ones(self.docs, bool)
        mask[self.deleted] = False
        return mask

    def postings(self, field: str, level: str) -> Postings | None:
        """Return the postings of a field at a level; `None` if the segment lacks the field."""
        key = (field, level)
        postings = self._postings.get(key)
        if postings is None and key not in self._postings:
            postings = Postings.open(self.file, names.field_array(field, level), self.docs)
            self._postings[key] = postings
        return postings

    def term_postings(self, field: str, level: str, term: str) -> TermPostings | None:
        """Return the postings of a term, and keep them for the next call; `None` if the segment lacks the term."""
        key = field, level, term
        found = self._terms.get(key)
        if found is None:
            postings = self.postings(field, level)
            ordinal = -1 if postings is None else postings.terms.find(term)
            if postings is None or ordinal < 0:
                return None
            if len(self._terms) >= _MAX_TERMS:
                self._terms.clear()
            found = self._terms[key] = TermPostings(postings, ordinal, *postings.postings(ordinal))
        return found

    def surface_forms(self, field: str) -> SurfaceFormsReader | None:
        """Return the surface forms of a field; `None` if the segment lacks the field."""
        if field not in self._surface_forms:
            postings = self.postings(field, NORMALISED)
            forms = None if postings is None else SurfaceFormsReader(self.file, field, postings)
            self._surface_forms[field] = forms
        return self._surface_forms[field]

    def roots(self) -> RootPostings | None:
        """Return the postings of root families; `None` if the segment lacks them."""
        return self.cached("roots", lambda: RootPostings.open(self.file, self.docs))

    def covers_roots_of(self, field: str) -> bool:
        """Tell whether the postings of roots cover a field, or the segment has no word in it."""
        roots = self.roots()
        return (roots is not None and field in roots.fields) or self.postings(field, STEM) is None

    def cached(self, key: Hashable, build: Callable[[], _Value]) -> _Value:
        """Return the value of `key`; the first call builds it, and the segment keeps it (see `cache.Memo`)."""
        return self._memo.get(key, build)

    def stem_of(self, field: str) -> Array:
        """Return the ordinal of the stem of each normalised term of a field."""
        terms, stems = (
            self.file.length(names.part(names.field_array(field, level), names.POSTING_OFFSETS)) - 1
            for level in (NORMALISED, STEM)
        )
        return self.file.array(
            names.field_array(field, names.STEM_ORDINALS), terms, kind="u4", rule=all_below(stems)
        ).whole()

    def spellings(self, given: Sequence[str], field: str) -> list[list[str]]:
        """Return the normalised terms of a field that have each of the given stems."""
        stems, normalised = self.postings(field, STEM), self.postings(field, NORMALISED)
        if stems is None or normalised is None:
            return [[] for _ in given]
        if self._scans.get(field, 0) >= _SCANS:
            starts, order = self._terms_by_stem(field)
            extension = native()
            if extension is not None:
                dictionaries = stems.terms.compiled(extension), normalised.terms.compiled(extension)
                try:
                    return cast("list[list[str]]", extension.terms_by_stem(*dictionaries, starts, order, given))
                except ValueError as error:
                    raise normalised.terms.impossible() from error
        found = [(at, ordinal) for at, stem in enumerate(given) if (ordinal := stems.terms.find(stem)) >= 0]
        listed: list[list[str]] = [[] for _ in given]
        if found:
            ordinals = [self._terms_of_stem(field, ordinal) for _, ordinal in found]
            if self._scans[field] >= _SCANS:
                normalised.terms.keep_matrix()
            terms = iter(normalised.terms.get_many(np.concatenate(ordinals)))
            for (at, _), own in zip(found, ordinals, strict=True):
                listed[at] = list(islice(terms, len(own)))
        return listed

    def _terms_of_stem(self, field: str, stem: int) -> Array:
        """Return the normalised terms of a stem, as ordinals in ascending order.

        The first calls look at the stem of each term. Then the terms are sorted by their stems, which costs as much as
        some dozens of such calls.
        """
        self._scans[field] = scans = self._scans.get(field, 0) + 1
        if scans < _SCANS:
            return np.flatnonzero(self.stem_of(field) == stem)
        starts, order = self._terms_by_stem(field)
        terms: Array = order[starts[stem] : starts[stem + 1]]
        return terms

    def _terms_by_stem(self, field: str) -> tuple[Array, Array]:
        """Return where the terms of each stem begin in the order of terms by stem, and this order; both have 32 bits."""

        def by_stem() -> tuple[Array, Array]:
            stems = self.stem_of(field)
            order = stems.argsort(kind="stable").astype(np.uint32)
            postings = self.postings(field, STEM)
            count = 0 if postings is None else len(postings.terms)
            return stems[order].searchsorted(np.arange(count + 1)).astype(np.uint32), order

        return self.cached(("terms by stem", field), by_stem)

    def lengths(self, field: str) -> Array:
        """Return the length of a field in positions, by document."""
        if field in self._undeclared:
            return np.zeros(self.docs, np.uint32)
        return self.file.array(names.field_array(field, names.LENGTHS), self.docs, kind="u4").whole()

    def signatures(self) -> Array:
        """Return the MinHash signatures that identify near-duplicates: a row of bytes for each document, zeros for none."""
        key = names.field_array(SIGNATURE_FIELD, names.SIGNATURES)
        if key not in self.file:  # no article has a body
            return np.zeros((self.docs, SIGNATURE_SIZE), np.uint8)
        return self.file.array(key, SIGNATURE_SIZE * self.docs, kind="u1").whole().reshape(self.docs, SIGNATURE_SIZE)

    def doc_values(self, field: Field) -> SortedSetDocValues | Array:
        """Return the exact values of a field, by document."""
        if field.name in self._undeclared or (field in OF_WORKS and not self.has_works):
            return no_doc_values(field, self.docs)
        return open_doc_values(self.file, field, self.docs)

    @property
    def has_works(self) -> bool:
        """Whether the segment has documents of works."""
        return names.field_array(EDITION.name, names.NUMBERS) in self.file

    def id(self, doc: int) -> str:
        """Return the id of a document; empty if the document was replaced before the segment was written."""
        return self.stored.ids[doc]

    def title(self, doc: int) -> str:
        """Return the title of a document."""
        return self.stored.titles[doc]

    def hashes(self) -> Array:
        """Return the hash of each document's id."""
        sorted_hashes, docs = self.ids_by_hash()
        hashes = np.empty(self.docs, np.uint64)
        hashes[docs] = sorted_hashes
        return hashes

    def find(self, id: str) -> int:
        """Return the number of the live document with an id, or -1."""
        hashes, docs = self.ids_by_hash()
        hashed = np.uint64(id_hash(id))
        for doc in docs[np.searchsorted(hashes, hashed, "left") : np.searchsorted(hashes, hashed, "right")].tolist():
            if (self.live is None or self.live[doc]) and self.id(doc) == id:
                return int(doc)
        return -1

    def ids_by_hash(self) -> tuple[Array, Array]:
        """Return the hashes of the documents' ids, in ascending order, and the document of each."""

        def read() -> tuple[Array, Array]:
            docs = self.file.array(names.ID_DOCS, self.docs, kind="u4", rule=all_below(self.docs))
            return self.file.array(names.ID_HASHES, self.docs, kind="u8").whole(), docs.whole()

        return self.cached("ids by hash", read)

    def live_docs(self) -> Array:
        """Return the numbers of all live documents, in ascending order."""
        return np.arange(self.docs) if self.live is None else np.flatnonzero(self.live)


def shared_ids(one: SegmentReader, other: SegmentReader) -> Iterator[tuple[int, int]]:
    """Yield the pairs of documents of two segments that have the same id; the document of `other` is live."""
    hashes, docs = one.ids_by_hash()
    other_hashes, other_docs = other.ids_by_hash()
    low, high = np.searchsorted(other_hashes, hashes, "left"), np.searchsorted(other_hashes, hashes, "right")
    no_id = np.uint64(id_hash(""))  # the id of replaced documents
    for at in np.flatnonzero((low < high) & (hashes != no_id)).tolist():
        doc = int(docs[at])
        for other_doc in other_docs[low[at] : high[at]].tolist():
            if (other.live is None or other.live[other_doc]) and other.id(other_doc) == one.id(doc):
                yield doc, other_doc
