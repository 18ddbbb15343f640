"""A written segment, opened for reading: immutable but for the set of its deleted documents."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile
from arsearch.index.codec.deletions import read_deletions
from arsearch.index.codec.doc_values import SortedSetDocValues, open_doc_values
from arsearch.index.codec.minhash import SIGNATURE_FIELD, SIGNATURE_SIZE
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.segment_info import SegmentInfo, id_hash
from arsearch.index.codec.stored_fields import StoredFieldsReader
from arsearch.index.codec.surface_forms import SurfaceFormsReader
from arsearch.index.codec.validators import all_below
from arsearch.index.store.directory import Directory
from arsearch.model.schema import NORMALISED, STEM, Field

__all__ = ["NORMALISED", "STEM", "SegmentReader", "shared_ids"]

_Value = TypeVar("_Value")


class SegmentReader:
    """The arrays of one segment. Document numbers run over `[0, docs)`."""

    def __init__(self, directory: Directory, info: SegmentInfo) -> None:
        self.info = info
        self.name = info.name
        self.docs = info.docs
        self.file = ArrayFile(directory, info.file)
        if self.file.meta.get("docs") != info.docs or self.file.meta.get("kind") != "segment":
            raise self.file.corrupt(f"does not hold the {info.docs} articles its commit says")
        self.deleted = read_deletions(directory, info)
        """The numbers of the deleted documents, rising."""
        self.stored = StoredFieldsReader(self.file, info.docs)
        self._lists: dict[tuple[str, str], Postings | None] = {}
        self._written: dict[str, SurfaceFormsReader | None] = {}
        self._cached: dict[Hashable, Any] = {}

    @cached_property
    def live(self) -> Array | None:
        """Which documents are not deleted; `None` if none is."""
        if not len(self.deleted):
            return None
        mask = np.ones(self.docs, bool)
        mask[self.deleted] = False
        return mask

    def postings(self, field: str, level: str) -> Postings | None:
        """The posting lists of a text at a level; `None` if the segment lacks the field."""
        key = (field, level)
        if key not in self._lists:
            self._lists[key] = Postings.open(self.file, names.field_array(field, level), self.docs)
        return self._lists[key]

    def surface_forms(self, field: str) -> SurfaceFormsReader | None:
        """How the normalised terms of a text are written; `None` if the segment lacks the field."""
        if field not in self._written:
            lists = self.postings(field, NORMALISED)
            self._written[field] = None if lists is None else SurfaceFormsReader(self.file, field, lists)
        return self._written[field]

    def cached(self, key: Hashable, build: Callable[[], _Value]) -> _Value:
        """Return the value that `build` made for `key`; the first call builds it, and the segment keeps it.

        Threads may share the segment. Two that make the first call together may both build, and both get one value.
        """
        if key not in self._cached:
            self._cached.setdefault(key, build())
        return cast(_Value, self._cached[key])

    def stem_of(self, field: str) -> Array:
        """The stem ordinal of each normalised ordinal of a field."""
        words, stems = (
            self.file.length(names.part(names.field_array(field, level), names.POSTING_OFFSETS)) - 1
            for level in (NORMALISED, STEM)
        )
        return self.file.array(
            names.field_array(field, names.STEM_ORDINALS), words, kind="u4", rule=all_below(stems)
        ).whole()

    def spellings(self, stem: str, field: str) -> list[str]:
        """The normalised terms of a field that have a stem."""
        of_stems, normalised = self.postings(field, STEM), self.postings(field, NORMALISED)
        if of_stems is None or normalised is None:
            return []
        number = of_stems.terms.find(stem)
        return normalised.terms.get_many(np.flatnonzero(self.stem_of(field) == number)) if number >= 0 else []

    def lengths(self, field: str) -> Array:
        """The number of positions of a field, by document."""
        return self.file.array(names.field_array(field, names.LENGTHS), self.docs, kind="u4").whole()

    def signatures(self) -> Array:
        """By which near-duplicates are told: a row of bytes a document, zeros for none."""
        key = names.field_array(SIGNATURE_FIELD, names.SIGNATURES)
        if key not in self.file:  # no article has a body
            return np.zeros((self.docs, SIGNATURE_SIZE), np.uint8)
        return self.file.array(key, SIGNATURE_SIZE * self.docs, kind="u1").whole().reshape(self.docs, SIGNATURE_SIZE)

    def doc_values(self, field: Field) -> SortedSetDocValues | Array:
        """The exact values of a field, by document."""
        return open_doc_values(self.file, field, self.docs)

    def id(self, doc: int) -> str:
        """The id of a document; empty if it was replaced before it was written."""
        return self.stored.ids[doc]

    def title(self, doc: int) -> str:
        """The title of a document."""
        return self.stored.titles[doc]

    def hashes(self) -> Array:
        """The hash of each document's id."""
        known, docs = self.ids_by_hash()
        hashes = np.empty(self.docs, np.uint64)
        hashes[docs] = known
        return hashes

    def find(self, id: str) -> int:
        """The number of the live document with that id, or -1."""
        known, places = self.ids_by_hash()
        wanted = np.uint64(id_hash(id))
        for doc in places[np.searchsorted(known, wanted, "left") : np.searchsorted(known, wanted, "right")].tolist():
            if (self.live is None or self.live[doc]) and self.id(doc) == id:
                return int(doc)
        return -1

    def ids_by_hash(self) -> tuple[Array, Array]:
        """The hashes of the documents' ids, rising, and the document of each."""
        docs = self.file.array(names.ID_DOCS, self.docs, kind="u4", rule=all_below(self.docs))
        return self.file.array(names.ID_HASHES, self.docs, kind="u8").whole(), docs.whole()

    def live_docs(self) -> Array:
        """The numbers of all live documents, rising."""
        return np.arange(self.docs) if self.live is None else np.flatnonzero(self.live)


def shared_ids(one: SegmentReader, other: SegmentReader) -> Iterator[tuple[int, int]]:
    """The live documents of two segments that have the same id."""
    known, places = one.ids_by_hash()
    others, other_places = other.ids_by_hash()
    low, high = np.searchsorted(others, known, "left"), np.searchsorted(others, known, "right")
    nobody = np.uint64(id_hash(""))  # replaced documents have no id any more
    for at in np.flatnonzero((low < high) & (known != nobody)).tolist():
        doc = int(places[at])
        for its in other_places[low[at] : high[at]].tolist():
            if (other.live is None or other.live[its]) and other.id(its) == one.id(doc):
                yield doc, its
