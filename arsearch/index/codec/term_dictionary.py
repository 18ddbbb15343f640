"""The term dictionary: the sorted terms of a field and level in one blob of bytes.

The blob holds the terms as UTF-8 in byte order, which is code point order, each followed by a line feed. Every 64th term
begins a block. The heads are the first terms of the blocks, written in the same way; the starts say where each block
begins in the blob, and last how long the blob is. A look-up bisects the heads, which are split once and kept, and searches
one block. Terms are never empty and never contain a line feed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import lt
from typing import Any, Literal, NamedTuple

import numpy as np

from arsearch.errors import CorruptIndexError
from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, narrowest
from arsearch.index.codec.checked_array import VerifiedArray
from arsearch.index.codec.ranges import concat_ranges
from arsearch.index.codec.validators import offsets_span

__all__ = ["OTHER_LETTER", "TermDictionary", "TermDictionaryWriter", "TermMatrix", "letter_set", "term_arrays"]

OTHER_LETTER = np.uint64(1)
"""The bit of all letters but ء to ي in a set of letters."""

_BLOCK = 64

_CACHE_SIZE = 10_000
"""The number of look-ups a dictionary remembers: a search looks a term up several times, and searches share terms."""


class TermDictionaryWriter:
    """Makes the arrays of a dictionary from terms that arrive in sorted runs."""

    def __init__(self) -> None:
        self._count = 0
        self._size = 0
        self._heads: list[str] = []
        self._starts: list[Array] = []

    def pack(self, terms: Sequence[str]) -> Array:
        """Return the part of the blob with the next terms. Across all runs, terms are distinct and sorted by code point."""
        blob = np.frombuffer("\n".join([*terms, ""]).encode(), np.uint8)
        first = -self._count % _BLOCK
        self._heads += terms[first::_BLOCK]
        begins = np.concatenate(([0], np.flatnonzero(blob == 10)[:-1] + 1))[: len(terms)]
        self._starts.append(begins[first::_BLOCK] + self._size)
        self._count += len(terms)
        self._size += len(blob)
        return blob

    def index(self, key: str) -> dict[str, Array]:
        """Return the arrays beside the blob of the dictionary kept under `key`; call it after the last `pack`."""
        heads = np.frombuffer("\n".join([*self._heads, ""]).encode(), np.uint8)
        starts = np.concatenate([*self._starts, [self._size]])
        return {names.part(key, names.HEADS): heads, names.part(key, names.STARTS): narrowest(starts)}


def term_arrays(key: str, terms: Sequence[str]) -> dict[str, Array]:
    """Return the arrays of a dictionary kept under `key`; `terms` are distinct and sorted by code point."""
    writer = TermDictionaryWriter()
    return {names.part(key, names.BLOB): writer.pack(terms), **writer.index(key)}


class TermMatrix(NamedTuple):
    """Terms as code units: term `i` is `units[starts[i]:ends[i]]`, with a line feed between neighbours."""

    units: Array
    starts: Array
    ends: Array


class TermDictionary:
    """A read-only dictionary of `length` terms, whose ordinals count from 0 in term order.

    Reading raises CorruptIndexError if the file is damaged or contradicts itself.
    """

    __slots__ = (
        "_blob",
        "_compiled",
        "_file",
        "_heads",
        "_key",
        "_length",
        "_letters",
        "_matrix",
        "_ordinals",
        "_starts",
        "_verified",
    )

    def __init__(self, file: ArrayFile, key: str, length: int) -> None:
        self._file = file
        self._key = key
        self._blob = file.array(names.part(key, names.BLOB), kind="u1")
        self._length = length
        self._heads: list[bytes] = []
        self._starts: list[int] = []
        self._verified = bytearray()
        self._ordinals: dict[str, int] = {}
        self._matrix: TermMatrix | None = None
        self._letters: Array | None = None
        self._compiled: Any = None

    def _load(self) -> list[bytes]:
        """Load the heads and the starts, if not done before, and return the heads."""
        if not self._starts:
            blocks = -(-self._length // _BLOCK)
            heads = self._file.array(names.part(self._key, names.HEADS), kind="u1")
            rule = offsets_span(len(self._blob))
            starts = (
                self._file.array(names.part(self._key, names.STARTS), blocks + 1, kind="u8", rule=rule).whole().tolist()
            )
            head_terms = heads.bytes(0, len(heads)).split(b"\n")[:-1]
            if len(head_terms) != blocks:
                raise self.impossible()
            self._verified = bytearray(blocks)
            self._heads, self._starts = head_terms, starts
        return self._heads

    def arrays(self) -> tuple[VerifiedArray, Array, VerifiedArray, int]:
        """Return the blob, the heads, the starts of the blocks and the number of terms, for the compiled extension."""
        heads, starts = (self._file.array(names.part(self._key, name)) for name in (names.HEADS, names.STARTS))
        return self._blob, heads.whole(), starts, self._length

    def compiled(self, extension: Any) -> Any:
        """Return the same as a `_native.Terms` of the extension, and keep it."""
        if self._compiled is None:
            try:
                self._compiled = extension.Terms(*self.arrays())
            except ValueError as error:
                raise self.impossible() from error
        return self._compiled

    def impossible(self) -> CorruptIndexError:
        """Return the error to raise when the terms contradict themselves or what belongs to them."""
        return self._file.corrupt(f"has an impossible dictionary of terms {self._key!r}")

    def __len__(self) -> int:
        return self._length

    def _block(self, number: int) -> bytes:
        block = self._blob.bytes(self._starts[number], self._starts[number + 1])
        if not self._verified[number]:
            terms = min(_BLOCK, self._length - number * _BLOCK)
            if block.count(b"\n") != terms or not block.endswith(b"\n"):
                raise self.impossible()
            self._verified[number] = 1
        return block

    def decoded(self, raw: bytes) -> str:
        """Decode bytes of the blob."""
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise self.impossible() from error

    def __getitem__(self, ordinal: int) -> str:
        self._load()
        number, place = divmod(ordinal, _BLOCK)
        return self.decoded(self._block(number).split(b"\n", place + 1)[place])

    def get_many(self, ordinals: Array) -> list[str]:
        """Return the terms with those ordinals, in their order. Each run of a block is read once, or the matrix if it is kept."""
        terms: list[bytes | memoryview]
        if self._matrix is not None:
            units, starts, ends = self._matrix
            blob = units.data
            terms = [
                blob[low:high] for low, high in zip(starts[ordinals].tolist(), ends[ordinals].tolist(), strict=True)
            ]
            return self.decoded(b"\n".join(terms)).split("\n") if terms else []
        self._load()
        terms = []
        number, block = -1, []
        for ordinal in ordinals.tolist():
            if ordinal // _BLOCK != number:
                number = ordinal // _BLOCK
                block = self._block(number).split(b"\n")
            terms.append(block[ordinal % _BLOCK])
        return self.decoded(b"\n".join(terms)).split("\n") if terms else []

    def __iter__(self) -> Iterator[str]:
        return self.iterate_from(0)

    def iterate_from(self, low: int) -> Iterator[str]:
        """Iterate over the terms from ordinal `low` on."""
        runs = (self.slice(at, min(at + _BLOCK, len(self))) for at in range(low, len(self), _BLOCK))
        return chain.from_iterable(runs)

    def slice(self, low: int, high: int) -> list[str]:
        """Return the terms with ordinals in `[low, high)`, verified to be in order."""
        terms = self.text(low, high).split("\n") if low < high else []
        if len(terms) != max(high - low, 0) or not all(map(lt, terms, islice(terms, 1, None))):
            raise self.impossible()
        return terms

    def text(self, low: int, high: int) -> str:
        """Return the terms with ordinals in `[low, high)` as one text, with a line feed between neighbours."""
        return self.decoded(self._blob.bytes(*self._span(low, high))) if low < high else ""

    def matrix(self, low: int, high: int, encoding: Literal["utf-8", "utf-32-le"]) -> TermMatrix:
        """Return the terms with ordinals in `[low, high)` as the code units of an encoding, all in one array.

        The dictionary keeps the matrix of all terms in UTF-8, eight bytes a term: several patterns of a query need it.
        """
        if low >= high:
            return TermMatrix(np.empty(0, np.uint8), np.empty(0, np.int64), np.empty(0, np.int64))
        if encoding != "utf-8" or high - low != self._length:
            return self._read_matrix(low, high, encoding)
        units, starts, ends = self.keep_matrix()
        return TermMatrix(units, starts.astype(np.int64), ends.astype(np.int64))

    def keep_matrix(self) -> TermMatrix:
        """Return the matrix of all terms, at least one, in UTF-8 and with offsets of few bytes, and keep it."""
        if self._matrix is None:
            units, starts, ends = self._read_matrix(0, self._length, "utf-8")
            kind = np.min_scalar_type(len(units))
            self._matrix = TermMatrix(units, starts.astype(kind), ends.astype(kind))
        return self._matrix

    def selected(self, ordinals: Array, encoding: Literal["utf-8", "utf-32-le"]) -> TermMatrix:
        """Return the terms with some rising ordinals, as `matrix` does; any units may stand between neighbours."""
        if encoding == "utf-32-le" and len(ordinals) == self._length:
            return self.matrix(0, self._length, encoding)
        units, starts, ends = self.matrix(0, self._length, "utf-8")
        starts, ends = starts[ordinals], ends[ordinals]
        if encoding == "utf-8" or not len(ordinals):
            return TermMatrix(units, starts, ends)
        units = units[concat_ranges(starts, ends - starts)]
        stops = np.cumsum(ends - starts)
        characters = np.cumsum((units & np.uint8(0xC0)) != 0x80)[stops - 1]
        letters = np.frombuffer(self.decoded(units.tobytes()).encode(encoding), np.uint32)
        return TermMatrix(letters, np.concatenate(([0], characters[:-1])), characters)

    def _read_matrix(self, low: int, high: int, encoding: Literal["utf-8", "utf-32-le"]) -> TermMatrix:
        if encoding == "utf-8":
            units = self._blob[slice(*self._span(low, high))]
        else:
            units = np.frombuffer(self.text(low, high).encode(encoding), np.uint32)
        feeds = np.flatnonzero(units == 10)
        starts, ends = np.concatenate(([0], feeds + 1)), np.append(feeds, len(units))
        if len(starts) != high - low or (starts >= ends).any():
            raise self.impossible()
        return TermMatrix(units, starts, ends)

    def letter_sets(self) -> Array:
        """Return the letters of each term, as `letter_set` does; they take eight bytes a term, and are kept."""
        if self._letters is None:
            units, starts, _ = self.matrix(0, self._length, "utf-8")
            bits = _unit_bits(units)
            self._letters = np.bitwise_or.reduceat(bits, starts) if len(starts) else np.empty(0, np.uint64)
        return self._letters

    def _span(self, low: int, high: int) -> tuple[int, int]:
        """Return where the terms with ordinals in `[low, high)`, at least one, begin and end in the blob."""
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
        """Return the ordinal of the first term that is not below `key`, in byte order; the number of terms if all are."""
        number = bisect_right(self._load(), key) - 1
        if number < 0:
            return 0
        return number * _BLOCK + bisect_left(self._block(number).split(b"\n")[:-1], key)

    def find(self, term: str) -> int:
        """Return the ordinal of a term, or -1 if the dictionary lacks it."""
        ordinal = self._ordinals.get(term)
        if ordinal is None:
            ordinal = self._find(term.encode("utf-8", "surrogatepass"))
            if len(self._ordinals) < _CACHE_SIZE:
                self._ordinals[term] = ordinal
        return ordinal

    def find_many(self, terms: Sequence[str]) -> list[int]:
        """Return the ordinal of each of some terms, or -1; faster than `find` if many are missing and begin alike."""
        heads, blocks, found = self._load(), dict[int, bytes](), []
        for term in terms:
            key = term.encode("utf-8", "surrogatepass")
            number = bisect_right(heads, key) - 1
            if number < 0 or heads[number] == key:
                found.append(self.find(term))
                continue
            block = blocks.get(number)
            if block is None:
                block = blocks[number] = self._block(number)
            at = block.find(b"\n" + key + b"\n") if b"\n" not in key else -1
            found.append(number * _BLOCK + 1 + block.count(b"\n", 0, at) if at >= 0 else -1)
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
        """Return the ordinals `[low, high)` of the terms that begin with `prefix`."""
        key = prefix.encode("utf-8", "surrogatepass")
        if not key:
            return 0, len(self)
        # 0xFF stands above every byte of UTF-8.
        return self.lower_bound(key), self.lower_bound(key + b"\xff")


def _unit_bits(units: Array) -> Array:
    """Return the bit of each byte of UTF-8, by its last six bits; `OTHER_LETTER` for all but the letters ء to ي."""
    bits = np.uint64(1) << (units & np.uint8(63)).astype(np.uint64)
    lead = np.concatenate((units[:1] * 0, units[:-1]))
    plain = ((lead == 0xD8) & (units >= 0xA1) & (units <= 0xBA)) | ((lead == 0xD9) & (units >= 0x81) & (units <= 0x8A))
    leads = (units == 0xD8) | (units == 0xD9) | (units == 10)
    bits[~plain] = OTHER_LETTER
    bits[leads] = 0
    return bits


def letter_set(text: str) -> np.uint64:
    """Return the letters of a text as bits: one for each letter from ء to ي, and `OTHER_LETTER` for all others."""
    units = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
    bits: np.uint64 = np.bitwise_or.reduce(_unit_bits(units))
    return bits
