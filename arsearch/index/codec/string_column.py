"""String columns: one string for each document or ordinal, such as ids, titles, frames or the values of a keyword field.

The blob holds the strings one after another, text as UTF-8. String `i` ends at `ends[i]` and begins where the one before
it ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, ArrayStream, differences, narrowest
from arsearch.index.codec.checked_array import VerifiedArray
from arsearch.index.codec.validators import offsets_end_at

__all__ = ["StringColumn", "merged_string_columns", "string_column_arrays"]

_CHUNK = 1 << 14
"""The number of strings copied at a time."""


def string_column_arrays(key: str, texts: Sequence[str]) -> dict[str, Array]:
    """Return the arrays of a column of `texts` that is kept under `key`."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)))
    return {
        names.part(key, names.BLOB): np.frombuffer(b"".join(encoded), np.uint8),
        names.part(key, names.ENDS): narrowest(ends),
    }


class StringColumn:
    """A read-only column, indexed like a list.

    Opening raises CorruptIndexError if the column has another `length`; reading does if the file is damaged.
    """

    __slots__ = ("_blob", "_ends", "_file", "_key")

    def __init__(self, file: ArrayFile, key: str, length: int | None = None) -> None:
        self._file = file
        self._key = key
        self._blob = file.array(names.part(key, names.BLOB), kind="u1")
        self._ends = file.array(names.part(key, names.ENDS), length, kind="u8", rule=offsets_end_at(len(self._blob)))

    def __len__(self) -> int:
        return len(self._ends)

    def arrays(self) -> tuple[VerifiedArray, VerifiedArray]:
        """Return the blob and the ends of the strings, for the compiled extension."""
        return self._blob, self._ends

    def bytes(self, at: int) -> bytes:
        """Return the string at that index as bytes."""
        low, high = self._ends.bounds(at - 1) if at else (0, int(self._ends[0]))
        return self._blob.bytes(low, high)

    def views(self, indices: Array) -> list[memoryview]:
        """Return the strings at `indices`, which rise, as views of the file; the strings between them are verified too."""
        if not len(indices):
            return []
        first, last = int(indices[0]), int(indices[-1])
        ends = self._ends.part(max(first - 1, 0), last + 1).tolist()
        bounds = ends if first else [0, *ends]
        blob = self._blob.part(bounds[0], bounds[-1]).data
        starts = [0, *[bound - bounds[0] for bound in bounds[1:]]]
        return [blob[starts[at] : starts[at + 1]] for at in (indices - first).tolist()]

    def __getitem__(self, at: int) -> str:
        try:
            return self.bytes(at).decode()
        except UnicodeDecodeError as error:
            raise self._file.corrupt(f"has text {self._key!r} that is not UTF-8") from error

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def lengths(self) -> Array:
        """Return the number of bytes of each string."""
        return np.diff(self._ends.whole().astype(np.int64), prepend=0)

    def chunks(self, indices: Array) -> Iterator[Array]:
        """Yield the bytes of the strings at `indices`, in rising order, a part of the blob at a time."""
        ends = self._ends.whole()
        for at in range(0, len(indices), _CHUNK):
            chunk = indices[at : at + _CHUNK]
            first, last = int(chunk[0]), int(chunk[-1])
            low = int(ends[first - 1]) if first else 0
            blob: Array = self._blob[low : int(ends[last])]
            if last - first + 1 > len(chunk):
                kept = np.zeros(last - first + 1, bool)
                kept[chunk - first] = True
                bounds = np.concatenate(([low], ends[first : last + 1]))
                blob = blob[np.repeat(kept, differences(bounds))]
            yield blob


def merged_string_columns(
    key: str, columns: Sequence[StringColumn], live_docs: Sequence[Array]
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """Yield the arrays of a column made of the strings of the live documents, one column after another."""
    pairs = list(zip(columns, live_docs, strict=True))
    yield (
        names.part(key, names.BLOB),
        ArrayStream(np.uint8, (chunk for column, live in pairs for chunk in column.chunks(live))),
    )
    lengths = [column.lengths()[live] for column, live in pairs]
    yield names.part(key, names.ENDS), narrowest(np.cumsum(np.concatenate(lengths)))
