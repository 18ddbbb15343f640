"""Articles in memory on their way to becoming one segment file."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from arsearch.index.arrays import Array, smallest_uint, write_arrays
from arsearch.index.columns import column_arrays
from arsearch.index.fields import Field, Fields
from arsearch.index.postings import invert
from arsearch.index.storage import Storage
from arsearch.index.stored import compressor, encode_article, pack_frames, train
from arsearch.index.terms import pack_terms
from arsearch.index.vocabulary import Vocabulary
from arsearch.model import Article

__all__ = ["SegmentBuilder", "SegmentInfo", "id_hash", "new_segment_name"]

_TOKEN_BYTES = 60
"""What a token costs at most while a segment is inverted, in bytes (measured)."""


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """What a commit says of a segment: its file, its documents, how many are deleted and where that is written."""

    name: str
    docs: int
    deleted: int = 0
    deletions: str | None = None
    bytes: int = 0

    @property
    def file(self) -> str:
        """The segment's file."""
        return f"{self.name}.seg"

    @property
    def live(self) -> int:
        """Documents that are not deleted."""
        return self.docs - self.deleted


def new_segment_name() -> str:
    """A name no other segment has: 64 random bits, so that nothing is ever written twice under one name."""
    return "s" + secrets.token_hex(8)


def id_hash(id: str) -> int:
    """64 bits of an article's id, the same everywhere (BLAKE2b)."""
    return int.from_bytes(hashlib.blake2b(id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class SegmentBuilder:
    """Collects articles; `write` makes a segment of them. Document numbers are in order of adding."""

    def __init__(self, fields: Fields, vocabulary: Vocabulary, dictionary: bytes = b"") -> None:
        self._fields = fields
        self._vocabulary = vocabulary
        self._dictionary = dictionary
        self._stored: list[bytes] = []
        self._tokens: dict[str, list[Array]] = {field.name: [] for field in fields if field.analysed}
        self._columns: dict[str, list[list[Any]]] = {field.name: [] for field in fields if field.column}
        self._texts = 0
        self._token_count = 0
        self.ids: dict[str, int] = {}
        self.replaced: list[int] = []

    def __len__(self) -> int:
        return len(self._stored)

    @property
    def memory(self) -> int:
        """About how many bytes writing this segment will take."""
        return self._texts + self._token_count * _TOKEN_BYTES + len(self._stored) * 1000

    def add(self, article: Article) -> bool:
        """Take an article; whether it replaced one of the same id here. ArticleError leaves all as it was."""
        values = {field.name: self._fields.values(article, field) for field in self._fields}
        stored = encode_article(article)
        tokens = {name: self._vocabulary.tokens(values[name]) for name in self._tokens}
        doc = len(self._stored)
        self._stored.append(stored)
        for name, found in tokens.items():
            self._tokens[name].append(found)
            self._token_count += len(found)
        for name, column in self._columns.items():
            column.append(values[name])
        self._texts += len(stored)
        before = self.ids.get(article.id)
        self.ids[article.id] = doc
        if before is not None:
            self.replaced.append(before)
        return before is not None

    def discard(self, id: str) -> bool:
        """Delete an article added to this segment; whether there was one."""
        doc = self.ids.pop(id, None)
        if doc is not None:
            self.replaced.append(doc)
        return doc is not None

    def write(self, storage: Storage, *, durable: bool) -> tuple[SegmentInfo, bytes]:
        """Write the segment; what it is, and the dictionary its articles were compressed with."""
        dictionary = self._dictionary or train(self._stored)
        compress = compressor(dictionary)
        arrays = pack_frames([compress(stored) for stored in self._stored])
        if dictionary:
            arrays["stored/dictionary"] = np.frombuffer(dictionary, np.uint8)
        arrays |= id_arrays(self._all_ids())
        for field in self._fields:
            if field.column:
                arrays |= column_arrays(field, self._columns[field.name])
            if field.analysed:
                arrays |= self._text_arrays(field)
        name = new_segment_name()
        info = SegmentInfo(name, len(self))
        size = write_arrays(storage, info.file, arrays, {"docs": len(self), "kind": "segment"}, durable=durable)
        return SegmentInfo(name, len(self), bytes=size), dictionary

    def _all_ids(self) -> list[str]:
        ids = [""] * len(self._stored)
        for id, doc in self.ids.items():
            ids[doc] = id
        return ids  # a replaced document keeps the empty id: nothing finds it

    def _text_arrays(self, field: Field) -> dict[str, Array]:
        rows = self._tokens[field.name]
        counts = np.fromiter(map(len, rows), np.int64, len(rows))
        tokens = np.concatenate(rows) if rows else np.empty(0, np.uint32)
        rows.clear()
        expansion = self._vocabulary.expand(tokens)
        ends = np.concatenate(([0], np.cumsum(expansion.width, dtype=np.int64)))
        doc_ends = np.concatenate(([0], np.cumsum(counts)))
        bases = ends[doc_ends]
        doc_of = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)[expansion.token]
        positions = (ends[:-1][expansion.token] + expansion.offset - bases[doc_of]).astype(np.uint32)
        if (positions[1:] < positions[:-1])[doc_of[1:] == doc_of[:-1]].any():
            # The words of ﷺ stand over those that follow it.
            order = np.lexsort((positions, doc_of))
            doc_of, positions, expansion = doc_of[order], positions[order], expansion.taken(order)
        arrays = {f"{field.name}/length": smallest_uint(np.diff(bases))}
        vocabulary = self._vocabulary
        ranks = {}
        for level, strings, ordinals in (
            ("normalised", vocabulary.normalised, expansion.normalised),
            ("stem", vocabulary.stems, expansion.stem),
        ):
            terms, rank = _ranked(strings, ordinals)
            blob, end = pack_terms(terms)
            key = f"{field.name}/{level}"
            arrays |= {f"{key}.blob": blob, f"{key}.ends": end}
            inverted = invert(rank[ordinals], doc_of, positions, len(terms))
            arrays |= {f"{key}.{name}": values for name, values in inverted.items()}
            ranks[level] = rank
        used = np.flatnonzero(ranks["normalised"] != _UNUSED)
        stem_of = np.empty(len(used), np.uint32)
        stem_of[ranks["normalised"][used]] = ranks["stem"][np.array(vocabulary.stem_of, np.uint32)[used]]
        arrays[f"{field.name}/stem_of"] = smallest_uint(stem_of)
        return arrays


_UNUSED = 0xFFFFFFFF


def _ranked(strings: Sequence[str], ordinals: Array) -> tuple[list[str], Array]:
    """The strings that `ordinals` use, sorted, and each ordinal's place among them."""
    used = np.flatnonzero(np.bincount(ordinals, minlength=len(strings)))
    names = [strings[i] for i in used.tolist()]
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.full(len(strings), _UNUSED, np.uint32)
    rank[used[order]] = np.arange(len(order), dtype=np.uint32)
    return [names[i] for i in order], rank


def id_arrays(ids: Sequence[str]) -> dict[str, Array]:
    """The arrays that find an article by its id, and its id by document number."""
    hashes = np.fromiter(map(id_hash, ids), np.uint64, len(ids))
    order = np.argsort(hashes, kind="stable")
    encoded = [id.encode() for id in ids]
    ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)) + 1) - 1
    blob = np.frombuffer(b"".join(piece + b"\n" for piece in encoded), np.uint8)
    return {
        "id/blob": blob,
        "id/ends": smallest_uint(ends),
        "id/hash": hashes[order],
        "id/doc": smallest_uint(order),
    }
