"""One string for each document or ordinal: ids, titles, compressed articles, the distinct values of a keyword field.

The strings stand one after another in `blob`, text as UTF-8; `ends[i]` is where string `i` ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, ArrayStream, differences, narrowest
from arsearch.index.codec.validators import offsets_end_at

__all__ = ["StringColumn", "merged_string_columns", "string_column_arrays"]

_PIECE = 1 << 14
"""Strings copied at a time when some are left out."""


def string_column_arrays(key: str, texts: Sequence[str]) -> dict[str, Array]:
    """The arrays of `texts`, to be kept under `key`."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)))
    return {
        names.part(key, names.BLOB): np.frombuffer(b"".join(encoded), np.uint8),
        names.part(key, names.ENDS): narrowest(ends),
    }


class StringColumn:
    """Read-only; indexed like a list. CorruptIndexError when what is read cannot be, or is of another `length`."""

    __slots__ = ("_blob", "_ends", "_file", "_key")

    def __init__(self, file: ArrayFile, key: str, length: int | None = None) -> None:
        self._file = file
        self._key = key
        self._blob = file.array(names.part(key, names.BLOB), kind="u1")
        self._ends = file.array(names.part(key, names.ENDS), length, kind="u8", rule=offsets_end_at(len(self._blob)))

    def __len__(self) -> int:
        return len(self._ends)

    def bytes(self, at: int) -> bytes:
        """A string as it is stored."""
        low, high = self._ends[at - 1 : at + 1].tolist() if at else (0, int(self._ends[0]))
        return self._blob.bytes(low, high)

    def __getitem__(self, at: int) -> str:
        try:
            return self.bytes(at).decode()
        except UnicodeDecodeError as error:
            raise self._file.corrupt(f"has text {self._key!r} that is not UTF-8") from error

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def lengths(self) -> Array:
        """The number of bytes of each string."""
        return np.diff(self._ends.whole().astype(np.int64), prepend=0)

    def chunks(self, chosen: Array) -> Iterator[Array]:
        """The bytes of the chosen strings, whose numbers rise, a piece of the blob at a time."""
        ends = self._ends.whole()
        for at in range(0, len(chosen), _PIECE):
            some = chosen[at : at + _PIECE]
            first, last = int(some[0]), int(some[-1])
            low = int(ends[first - 1]) if first else 0
            blob: Array = self._blob[low : int(ends[last])]
            if last - first + 1 > len(some):
                kept = np.zeros(last - first + 1, bool)
                kept[some - first] = True
                bounds = np.concatenate(([low], ends[first : last + 1]))
                blob = blob[np.repeat(kept, differences(bounds))]
            yield blob


def merged_string_columns(
    key: str, columns: Sequence[StringColumn], keeps: Sequence[Array]
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """The arrays of the strings kept of each column, one column after another."""
    pairs = list(zip(columns, keeps, strict=True))
    yield (
        names.part(key, names.BLOB),
        ArrayStream(np.uint8, (piece for column, keep in pairs for piece in column.chunks(keep))),
    )
    lengths = [column.lengths()[keep] for column, keep in pairs]
    yield names.part(key, names.ENDS), narrowest(np.cumsum(np.concatenate(lengths)))
