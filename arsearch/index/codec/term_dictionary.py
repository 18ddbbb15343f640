"""A sorted dictionary of terms over one blob of bytes.

`blob` is the UTF-8 terms in byte order, which is code point order, each followed by a line feed. Every 64th term begins
a block: `heads` holds these terms in the same way, `starts` where their blocks begin in the blob, and last the blob's
length. A look-up bisects the heads, which are split once and kept, and searches the one block. Terms never hold a
line feed, and none is empty.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import lt
from typing import Literal, NamedTuple

import numpy as np

from arsearch.errors import CorruptIndexError
from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, narrowest
from arsearch.index.codec.validators import offsets_span

__all__ = ["TermDictionary", "TermDictionaryWriter", "TermMatrix", "term_arrays"]

_BLOCK = 64

_REMEMBERED = 10_000
"""Look-ups that a dictionary remembers: one search asks for a term several times, many searches for the same ones."""


class TermDictionaryWriter:
    """Makes the arrays of a dictionary from terms that come in runs."""

    def __init__(self) -> None:
        self._count = 0
        self._size = 0
        self._heads: list[str] = []
        self._starts: list[Array] = []

    def pack(self, terms: Sequence[str]) -> Array:
        """The next piece of the blob; the terms of all runs are distinct and sorted by code point."""
        blob = np.frombuffer("\n".join([*terms, ""]).encode(), np.uint8)
        first = -self._count % _BLOCK
        self._heads += terms[first::_BLOCK]
        begins = np.concatenate(([0], np.flatnonzero(blob == 10)[:-1] + 1))[: len(terms)]
        self._starts.append(begins[first::_BLOCK] + self._size)
        self._count += len(terms)
        self._size += len(blob)
        return blob

    def index(self, key: str) -> dict[str, Array]:
        """The arrays beside the blob, which come after its last piece."""
        heads = np.frombuffer("\n".join([*self._heads, ""]).encode(), np.uint8)
        starts = np.concatenate([*self._starts, [self._size]])
        return {names.part(key, names.HEADS): heads, names.part(key, names.STARTS): narrowest(starts)}


def term_arrays(key: str, terms: Sequence[str]) -> dict[str, Array]:
    """The arrays of a dictionary to be kept under `key`; `terms` are sorted by code point and distinct."""
    packer = TermDictionaryWriter()
    return {names.part(key, names.BLOB): packer.pack(terms), **packer.index(key)}


class TermMatrix(NamedTuple):
    """Terms spelt out: term `i` is `units[starts[i]:ends[i]]`, and a line feed stands between each two."""

    units: Array
    starts: Array
    ends: Array


class TermDictionary:
    """Read-only; ordinals run from 0 in term order, to `length`. CorruptIndexError when what is read cannot be."""

    __slots__ = ("_blob", "_file", "_found", "_heads", "_key", "_length", "_sound", "_starts")

    def __init__(self, file: ArrayFile, key: str, length: int) -> None:
        self._file = file
        self._key = key
        self._blob = file.array(names.part(key, names.BLOB), kind="u1")
        self._length = length
        self._heads: list[bytes] = []
        self._starts: list[int] = []
        self._sound = bytearray()
        self._found: dict[str, int] = {}

    def _load(self) -> list[bytes]:
        """The heads; the starts beside them."""
        if not self._starts:
            blocks = -(-self._length // _BLOCK)
            heads = self._file.array(names.part(self._key, names.HEADS), kind="u1")
            rule = offsets_span(len(self._blob))
            starts = (
                self._file.array(names.part(self._key, names.STARTS), blocks + 1, kind="u8", rule=rule).whole().tolist()
            )
            found = heads.bytes(0, len(heads)).split(b"\n")[:-1]
            if len(found) != blocks:
                raise self.impossible()
            self._sound = bytearray(blocks)
            self._heads, self._starts = found, starts
        return self._heads

    def impossible(self) -> CorruptIndexError:
        """The error to raise when the terms, or what belongs to them, contradict each other."""
        return self._file.corrupt(f"has an impossible dictionary of terms {self._key!r}")

    def __len__(self) -> int:
        return self._length

    def _block(self, number: int) -> bytes:
        block = self._blob.bytes(self._starts[number], self._starts[number + 1])
        if not self._sound[number]:
            terms = min(_BLOCK, self._length - number * _BLOCK)
            if block.count(b"\n") != terms or not block.endswith(b"\n"):
                raise self.impossible()
            self._sound[number] = 1
        return block

    def decoded(self, raw: bytes) -> str:
        """Terms out of the blob as text."""
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise self.impossible() from error

    def __getitem__(self, ordinal: int) -> str:
        self._load()
        number, place = divmod(ordinal, _BLOCK)
        return self.decoded(self._block(number).split(b"\n", place + 1)[place])

    def get_many(self, ordinals: Array) -> list[str]:
        """The terms with some ordinals, which rise; each block is read once."""
        self._load()
        terms: list[str] = []
        number, block = -1, []
        for ordinal in ordinals.tolist():
            if ordinal // _BLOCK != number:
                number = ordinal // _BLOCK
                block = self._block(number).split(b"\n")
            terms.append(self.decoded(block[ordinal % _BLOCK]))
        return terms

    def __iter__(self) -> Iterator[str]:
        return self.iterate_from(0)

    def iterate_from(self, low: int) -> Iterator[str]:
        """The terms from ordinal `low` on."""
        runs = (self.slice(at, min(at + _BLOCK, len(self))) for at in range(low, len(self), _BLOCK))
        return chain.from_iterable(runs)

    def slice(self, low: int, high: int) -> list[str]:
        """The terms with ordinals in `[low, high)`; whoever walks through all may rely on their order."""
        terms = self.text(low, high).split("\n") if low < high else []
        if len(terms) != max(high - low, 0) or not all(map(lt, terms, islice(terms, 1, None))):
            raise self.impossible()
        return terms

    def text(self, low: int, high: int) -> str:
        """The terms with ordinals in `[low, high)`, a line feed between each two."""
        return self.decoded(self._blob.bytes(*self._span(low, high))) if low < high else ""

    def matrix(self, low: int, high: int, encoding: Literal["utf-8", "utf-32-le"]) -> TermMatrix:
        """The terms with ordinals in `[low, high)` as the units of an encoding, all in one array."""
        if low >= high:
            return TermMatrix(np.empty(0, np.uint8), np.empty(0, np.int64), np.empty(0, np.int64))
        if encoding == "utf-8":
            units = self._blob[slice(*self._span(low, high))]
        else:
            units = np.frombuffer(self.text(low, high).encode(encoding), np.uint32)
        feeds = np.flatnonzero(units == 10)
        starts, ends = np.concatenate(([0], feeds + 1)), np.append(feeds, len(units))
        if len(starts) != high - low or (starts >= ends).any():
            raise self.impossible()
        return TermMatrix(units, starts, ends)

    def _span(self, low: int, high: int) -> tuple[int, int]:
        """Where in the blob the terms with ordinals in `[low, high)` begin and end; there is one at least."""
        self._load()
        bounds = []
        for ordinal in (low, high - 1):
            number, place = divmod(ordinal, _BLOCK)
            raw, at = self._block(number), 0
            for _ in range(place):
                at = raw.index(b"\n", at) + 1
            bounds.append((self._starts[number] + at, self._starts[number] + raw.index(b"\n", at)))
        return bounds[0][0], bounds[1][1]

    def lower_bound(self, key: bytes) -> int:
        """The ordinal of the first term not below `key`; the dictionary's length if all are."""
        number = bisect_right(self._load(), key) - 1
        if number < 0:
            return 0
        return number * _BLOCK + bisect_left(self._block(number).split(b"\n")[:-1], key)

    def find(self, term: str) -> int:
        """The term's ordinal, or -1."""
        found = self._found.get(term)
        if found is None:
            found = self._find(term.encode("utf-8", "surrogatepass"))
            if len(self._found) < _REMEMBERED:
                self._found[term] = found
        return found

    def _find(self, key: bytes) -> int:
        heads = self._load()
        number = bisect_right(heads, key) - 1
        if number < 0 or b"\n" in key:
            return -1
        if heads[number] == key:
            return number * _BLOCK
        block = self._block(number)
        at = block.find(b"\n" + key + b"\n")
        return number * _BLOCK + 1 + block.count(b"\n", 0, at) if at >= 0 else -1

    def prefix_range(self, prefix: str) -> tuple[int, int]:
        """The ordinals `[low, high)` of the terms that begin with `prefix`."""
        key = prefix.encode("utf-8", "surrogatepass")
        if not key:
            return 0, len(self)
        # 0xFF stands above every byte of UTF-8.
        return self.lower_bound(key), self.lower_bound(key + b"\xff")
