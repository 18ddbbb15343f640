"""Stored articles compressed as they come, so that a segment being built holds none of them in full for long."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np

from arsearch.index.arrays import Array
from arsearch.index.stored import compressor, train

__all__ = ["Frames"]

_SAMPLE = 1000
"""Articles that the first dictionary of an index is trained on."""

_SAMPLE_BYTES = 8 << 20
"""Articles wait for the training of a dictionary until they are so many, or take so many bytes."""


class Frames:
    """Collects articles, encoded; without a dictionary the first ones wait until one can be trained on them."""

    def __init__(self, dictionary: bytes = b"") -> None:
        self.dictionary = dictionary
        self._compress: Callable[[bytes], bytes] | None = compressor(dictionary) if dictionary else None
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._blob = bytearray()
        self._ends = array("Q")

    def __len__(self) -> int:
        return len(self._ends) + len(self._waiting)

    @property
    def memory(self) -> int:
        """The bytes held."""
        return len(self._blob) + self._waiting_bytes + 8 * len(self._ends)

    def add(self, encoded: bytes) -> None:
        """Take the next article."""
        if self._compress is not None:
            self._blob += self._compress(encoded)
            self._ends.append(len(self._blob))
            return
        self._waiting.append(encoded)
        self._waiting_bytes += len(encoded)
        if len(self._waiting) >= _SAMPLE or self._waiting_bytes >= _SAMPLE_BYTES:
            self._start()

    def _start(self) -> None:
        self.dictionary = train(self._waiting)
        self._compress = compressor(self.dictionary)
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        for encoded in waiting:
            self.add(encoded)

    def arrays(self) -> dict[str, Array]:
        """The arrays of the articles taken, to be called once at the end."""
        if self._waiting:
            self._start()
        arrays: dict[str, Array] = {
            "stored/frames.blob": np.frombuffer(self._blob, np.uint8),
            "stored/frames.ends": np.array(self._ends, np.uint64),
        }
        self._blob = bytearray()
        if self.dictionary:
            arrays["stored/dictionary"] = np.frombuffer(self.dictionary, np.uint8)
        return arrays
