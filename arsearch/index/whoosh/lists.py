"""Lists of postings of any Whoosh format, as arrays.

List `n` has the entries `[first[n], first[n + 1])` of `ids` (rising) and `weights`; `counts` says how often each
occurs. The occurrences of these entries follow one another from `places[n]` on in one array for each thing the format
tells of them: `positions`, `starts`, `ends`, `boosts`. Values of a format not known here are kept in `values`,
`counts` bytes each. It is the layout of `arsearch.index.codec.postings` with weights, and serves two ways: documents by term,
and for vectors the terms of a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from whoosh.formats import Format
from whoosh.matching import LeafMatcher

from arsearch.index.codec.array_file import Array, ArrayFile, narrowest
from arsearch.index.whoosh.matchers import ArrayMatcher
from arsearch.index.whoosh.occurrences import COLUMNS, Row, decoded, is_raw, joined, kind_of, split

__all__ = ["EntryMatcher", "ListsReader", "ListsWriter"]


class ListsWriter:
    """Collects lists, one after another."""

    def __init__(self, format_: Format) -> None:
        self._format = format_
        self._raw = is_raw(format_)
        self._columns = ("values",) if self._raw else COLUMNS[kind_of(format_)]
        self._first = [0]
        self._places = [0]
        self._ids: list[int] = []
        self._weights: list[float] = []
        self._counts: list[int] = []
        self._rows: list[Any] = []

    def add(self, id: int, weight: float, value: bytes) -> None:
        """Add an entry to the list at hand."""
        count, rows = (len(value), value) if self._raw else split(self._format, value)
        self._ids.append(id)
        self._weights.append(weight)
        self._counts.append(count)
        self._rows += rows

    def finish(self) -> None:
        """Begin the next list."""
        self._first.append(len(self._ids))
        self._places.append(len(self._rows))

    def arrays(self, key: str) -> Iterator[tuple[str, Array]]:
        """The arrays, to be kept under `key`."""
        key += "/list"  # a dictionary may be kept under the same key
        yield f"{key}.first", narrowest(np.array(self._first, np.uint64))
        yield f"{key}.places", narrowest(np.array(self._places, np.uint64))
        yield f"{key}.ids", narrowest(np.array(self._ids, np.uint64))
        yield f"{key}.weights", np.array(self._weights, np.float64)
        yield f"{key}.counts", narrowest(np.array(self._counts, np.uint64))
        rows = [(value,) for value in self._rows] if self._raw else self._rows
        for n, name in enumerate(self._columns):
            kind: Any = np.float64 if name == "boosts" else np.int64
            yield f"{key}.{name}", np.array([row[n] for row in rows], kind)


class ListsReader:
    """Reads the lists kept under a key."""

    def __init__(self, file: ArrayFile, key: str) -> None:
        key += "/list"
        self._first = file.array(f"{key}.first")
        self._places = file.array(f"{key}.places")
        self._ids = file.array(f"{key}.ids")
        self._weights = file.array(f"{key}.weights")
        self._counts = file.array(f"{key}.counts")
        names = ("values", "positions", "starts", "ends", "boosts")
        self._columns = [file.array(f"{key}.{name}") for name in names if f"{key}.{name}" in file]

    def __len__(self) -> int:
        return len(self._first) - 1

    def size(self, number: int) -> int:
        """How many entries a list has."""
        return int(self._first[number + 1]) - int(self._first[number])

    def entries(self, number: int) -> tuple[Array, Array]:
        """The ids and weights of a list."""
        span = slice(int(self._first[number]), int(self._first[number + 1]))
        return self._ids[span], self._weights[span]

    def rows(self, number: int) -> tuple[Array, list[Row]]:
        """How many rows each entry of a list has, and all its rows, as numbers of Python's."""
        counts = self._counts[int(self._first[number]) : int(self._first[number + 1])]
        span = slice(int(self._places[number]), int(self._places[number + 1]))
        return counts, list(zip(*(column[span].tolist() for column in self._columns), strict=True))


class EntryMatcher(ArrayMatcher):
    """One list, as Whoosh walks it. `ids` may be other things than numbers, for vectors terms."""

    def __init__(
        self,
        lists: ListsReader,
        number: int,
        ids: Iterable[Any],
        format_: Format,
        *,
        term: tuple[str, bytes] | None = None,
        scorer: Any = None,
        lengths: tuple[int, int] = (1, 1),
    ) -> None:
        _, weights = lists.entries(number)
        super().__init__(term, ids, weights, format_, scorer, lengths)
        counts, self._rows = lists.rows(number)
        self._counts = counts.tolist()
        has_rows = bool(self._rows)
        self._starts = np.concatenate(([0], np.cumsum(counts * has_rows, dtype=np.int64))).tolist()

    def _occurrences(self) -> tuple[int, list[Row]]:
        at = self._at
        return self._counts[at], self._rows[self._starts[at] : self._starts[at + 1]]

    def value(self) -> bytes:
        count, rows = self._occurrences()
        return bytes(row[0] for row in rows) if is_raw(self.format) else joined(self.format, count, rows)

    def value_as(self, astype: str) -> Any:
        if is_raw(self.format):
            return LeafMatcher.value_as(self, astype)
        return decoded(self.format, *self._occurrences(), astype)

    def items_as(self, astype: str) -> Iterator[tuple[Any, Any]]:
        while self.is_active():
            yield self.id(), self.value_as(astype)
            self.next()
