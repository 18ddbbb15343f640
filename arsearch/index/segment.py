"""A written segment, opened for reading: immutable but for the set of its deleted documents."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from arsearch.errors import CorruptIndexError
from arsearch.index.arrays import Array, ArrayFile, write_arrays
from arsearch.index.columns import KeywordColumn, open_column
from arsearch.index.fields import Field
from arsearch.index.info import SegmentInfo, id_hash
from arsearch.index.postings import PostingLists
from arsearch.index.storage import Storage
from arsearch.index.stored import StoredArticles

if TYPE_CHECKING:
    from arsearch.index.wordlist import WordList

__all__ = ["NORMALISED", "STEM", "Segment", "write_deletions"]

NORMALISED = "normalised"
STEM = "stem"


class Segment:
    """The arrays of one segment. Document numbers run over `[0, docs)`."""

    def __init__(self, storage: Storage, info: SegmentInfo) -> None:
        self.info = info
        self.name = info.name
        self.docs = info.docs
        self.file = ArrayFile(storage, info.file)
        if self.file.meta.get("docs") != info.docs or self.file.meta.get("kind") != "segment":
            raise CorruptIndexError(f"the segment {info.file!r} does not hold the {info.docs} articles its commit says")
        self.deleted = _read_deletions(storage, info)
        """The numbers of the deleted documents, rising."""
        self.stored = StoredArticles(self.file)
        self._lists: dict[tuple[str, str], PostingLists | None] = {}
        self._words: dict[str, WordList | None] = {}

    @cached_property
    def live(self) -> Array | None:
        """Which documents are not deleted; `None` if none is."""
        if not len(self.deleted):
            return None
        mask = np.ones(self.docs, bool)
        mask[self.deleted] = False
        return mask

    def lists(self, field: str, level: str) -> PostingLists | None:
        """The posting lists of a text at a level; `None` if the segment lacks the field."""
        key = (field, level)
        if key not in self._lists:
            self._lists[key] = PostingLists.open(self.file, f"{field}/{level}")
        return self._lists[key]

    def words(self, field: str) -> WordList | None:
        """The normalised terms of a text, to compare words with; `None` if the segment lacks the field."""
        if field not in self._words:
            from arsearch.index.wordlist import WordList  # few searches need it

            lists = self.lists(field, NORMALISED)
            self._words[field] = WordList(lists) if lists is not None else None
        return self._words[field]

    def stem_of(self, field: str) -> Array:
        """The stem ordinal of each normalised ordinal of a field."""
        return self.file.array(f"{field}/stem_of").whole()

    def spellings(self, stem: str, field: str) -> list[str]:
        """The normalised terms of a field that have a stem."""
        of_stems, normalised = self.lists(field, STEM), self.lists(field, NORMALISED)
        if of_stems is None or normalised is None:
            return []
        number = of_stems.terms.find(stem)
        return normalised.terms.several(np.flatnonzero(self.stem_of(field) == number)) if number >= 0 else []

    def lengths(self, field: str) -> Array:
        """The number of positions of a field, by document."""
        return self.file.array(f"{field}/length").whole()

    def column(self, field: Field) -> KeywordColumn | Array:
        """The exact values of a field, by document."""
        return open_column(self.file, field)

    def id(self, doc: int) -> str:
        """The id of a document; empty if it was replaced before it was written."""
        return self.stored.ids[doc]

    def title(self, doc: int) -> str:
        """The title of a document."""
        return self.stored.titles[doc]

    def hashes(self) -> Array:
        """The hash of each document's id."""
        hashes = np.empty(self.docs, np.uint64)
        hashes[self.file.array("id/doc").whole()] = self.file.array("id/hash").whole()
        return hashes

    def find(self, id: str) -> int:
        """The number of the live document with that id, or -1."""
        found = self.find_hashes(np.array([id_hash(id)], np.uint64))[0]
        for doc in found:
            if self.id(int(doc)) == id:
                return int(doc)
        return -1

    def find_hashes(self, hashes: Array) -> list[Array]:
        """For each hash of an id, the live documents whose ids have that hash."""
        known, places = self.file.array("id/hash").whole(), self.file.array("id/doc").whole()
        low = np.searchsorted(known, hashes, "left")
        high = np.searchsorted(known, hashes, "right")
        live = self.live
        nothing = np.empty(0, np.uint32)
        found = []
        for a, b in zip(low.tolist(), high.tolist(), strict=True):
            docs = places[a:b] if a < b else nothing
            found.append(docs if live is None else docs[live[docs]])
        return found

    def live_docs(self) -> Array:
        """The numbers of all live documents, rising."""
        return np.arange(self.docs) if self.live is None else np.flatnonzero(self.live)


def write_deletions(
    storage: Storage, info: SegmentInfo, deleted: Array, generation: int, *, durable: bool
) -> SegmentInfo:
    """Write a segment's deleted document numbers (rising); what the commit says of it from now on."""
    name = f"{info.name}.{generation}.del"
    numbers = deleted.astype(np.uint32)
    write_arrays(storage, name, {"deleted": numbers}, {"docs": info.docs, "kind": "deletions"}, durable=durable)
    return SegmentInfo(info.name, info.docs, len(numbers), name, info.bytes)


def _read_deletions(storage: Storage, info: SegmentInfo) -> Array:
    if info.deletions is None:
        return np.empty(0, np.uint32)
    file = ArrayFile(storage, info.deletions)
    deleted = file.array("deleted").whole()
    if len(deleted) != info.deleted or (
        len(deleted) and (int(deleted[-1]) >= info.docs or (np.diff(deleted.astype(np.int64)) <= 0).any())
    ):
        raise CorruptIndexError(f"the deletions {info.deletions!r} do not fit their segment; restore it from a backup")
    return deleted
