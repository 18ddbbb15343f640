"""Stored articles compressed as they come, so that a segment being built holds none of them in full for long.

Compression runs in a thread of its own, a batch at a time: it needs nothing of the interpreter, which meanwhile analyses
words. Frames are the same, and in the same order, as without it.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.stored_fields import Compressor, compressor, train
from arsearch.index.store.background import BackgroundThread

__all__ = ["StoredFieldsWriter", "first_dictionary"]

_SAMPLE = 1000
"""Articles that the first dictionary of an index is trained on."""

_SAMPLE_BYTES = 8 << 20
"""Articles wait for the training of a dictionary until they are so many, or take so many bytes."""

_BATCH_BYTES = 1 << 20
_MOST_BATCHES = 4
"""Articles are compressed so many bytes at a time; so many batches may wait for it."""


def first_dictionary(articles: Sequence[bytes]) -> bytes | None:
    """The dictionary for an index that begins with these encoded articles; `None` while more are worth waiting for."""
    enough = len(articles) >= _SAMPLE or sum(map(len, articles)) >= _SAMPLE_BYTES
    return train(articles[:_SAMPLE]) if enough else None


class StoredFieldsWriter:
    """Collects articles, encoded; without a dictionary the first ones wait until one can be trained on them."""

    def __init__(self, dictionary: bytes = b"") -> None:
        self.dictionary = dictionary
        self._compress: Compressor | None = compressor(dictionary) if dictionary else None
        self._helper: BackgroundThread | None = None
        self._pending: deque[Callable[[], tuple[bytes, list[int]]]] = deque()
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._blob = bytearray()
        self._sizes = array("Q")

    @property
    def memory(self) -> int:
        """The bytes held."""
        return len(self._blob) + self._waiting_bytes + len(self._pending) * _BATCH_BYTES + 8 * len(self._sizes)

    def add(self, encoded: bytes) -> None:
        """Take the next article."""
        self._waiting.append(encoded)
        self._waiting_bytes += len(encoded)
        if self._helper is None and not self.dictionary:
            if len(self._waiting) >= _SAMPLE or self._waiting_bytes >= _SAMPLE_BYTES:
                self._send()
        elif self._waiting_bytes >= _BATCH_BYTES:
            self._send()

    def _frames(self, articles: list[bytes]) -> tuple[bytes, list[int]]:
        """The frames of some articles; the first ones train the dictionary if there is none."""
        if self._compress is None:
            self.dictionary = train(articles)
            self._compress = compressor(self.dictionary)
        return self._compress(articles)

    def _send(self) -> None:
        """Have what waits compressed, after what was sent before."""
        self._helper = self._helper or BackgroundThread()
        self._pending.append(self._helper.begin(partial(self._frames, self._waiting)))
        self._waiting, self._waiting_bytes = [], 0
        while len(self._pending) > _MOST_BATCHES:
            self._receive()

    def _receive(self) -> None:
        blob, sizes = self._pending.popleft()()
        self._blob += blob
        self._sizes.extend(sizes)

    def arrays(self) -> dict[str, Array]:
        """The arrays of the articles taken, to be called once at the end."""
        if self._waiting:
            last = partial(self._frames, self._waiting)
            self._pending.append(self._helper.begin(last) if self._helper else last)  # one alone is worth no thread
        while self._pending:
            self._receive()
        if self._helper is not None:
            self._helper.close()
        arrays: dict[str, Array] = {
            names.part(names.STORED_FRAMES, names.BLOB): np.frombuffer(self._blob, np.uint8),
            names.part(names.STORED_FRAMES, names.ENDS): np.cumsum(np.array(self._sizes, np.uint64), dtype=np.uint64),
        }
        self._blob = bytearray()
        if self.dictionary:
            arrays[names.STORED_DICTIONARY] = np.frombuffer(self.dictionary, np.uint8)
        return arrays
