"""Compress stored articles while they are added: a segment in the making holds few of them uncompressed.

A background thread compresses them in batches. Compression does not hold the interpreter lock, and the caller analyses
words meanwhile. The frames and their order are the same as without the thread.
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

_SAMPLE_ARTICLES = 1000
_SAMPLE_BYTES = 8 << 20
"""The first dictionary of an index is trained on the first articles: on this number of them, or as soon as they take these
bytes."""

_BATCH_BYTES = 1 << 20
_MAX_PENDING_BATCHES = 4
"""The bytes of articles compressed together, and the batches that may be waiting for it."""


def first_dictionary(articles: Sequence[bytes]) -> bytes | None:
    """Return the dictionary of an index that begins with these encoded articles; `None` if they are too few to train one."""
    is_enough = len(articles) >= _SAMPLE_ARTICLES or sum(map(len, articles)) >= _SAMPLE_BYTES
    return train(articles[:_SAMPLE_ARTICLES]) if is_enough else None


class StoredFieldsWriter:
    """Collects encoded articles. Without a dictionary the first ones wait until one is trained on them."""

    def __init__(self, dictionary: bytes = b"") -> None:
        self.dictionary = dictionary
        self._compress: Compressor | None = compressor(dictionary) if dictionary else None
        self._thread: BackgroundThread | None = None
        self._pending: deque[Callable[[], tuple[bytes, list[int]]]] = deque()
        self._batch: list[bytes] = []
        self._batch_bytes = 0
        self._blob = bytearray()
        self._sizes = array("Q")

    @property
    def memory(self) -> int:
        """The bytes held."""
        return len(self._blob) + self._batch_bytes + len(self._pending) * _BATCH_BYTES + 8 * len(self._sizes)

    def add(self, encoded: bytes) -> None:
        """Add the next article."""
        self._batch.append(encoded)
        self._batch_bytes += len(encoded)
        if self._thread is None and not self.dictionary:
            if len(self._batch) >= _SAMPLE_ARTICLES or self._batch_bytes >= _SAMPLE_BYTES:
                self._send()
        elif self._batch_bytes >= _BATCH_BYTES:
            self._send()

    def _frames(self, articles: list[bytes]) -> tuple[bytes, list[int]]:
        """Return the frames of articles and their sizes. Without a dictionary, train one on these articles first."""
        if self._compress is None:
            self.dictionary = train(articles)
            self._compress = compressor(self.dictionary)
        return self._compress(articles)

    def _send(self) -> None:
        """Queue the batch for compression."""
        self._thread = self._thread or BackgroundThread()
        self._pending.append(self._thread.begin(partial(self._frames, self._batch)))
        self._batch, self._batch_bytes = [], 0
        while len(self._pending) > _MAX_PENDING_BATCHES:
            self._receive()

    def _receive(self) -> None:
        blob, sizes = self._pending.popleft()()
        self._blob += blob
        self._sizes.extend(sizes)

    def arrays(self) -> dict[str, Array]:
        """Return the arrays of the articles. Call this once, after the last article."""
        if self._batch:
            last = partial(self._frames, self._batch)
            # A single batch is not worth a thread.
            self._pending.append(self._thread.begin(last) if self._thread else last)
        while self._pending:
            self._receive()
        if self._thread is not None:
            self._thread.close()
        arrays: dict[str, Array] = {
            names.part(names.STORED_FRAMES, names.BLOB): np.frombuffer(self._blob, np.uint8),
            names.part(names.STORED_FRAMES, names.ENDS): np.cumsum(np.array(self._sizes, np.uint64), dtype=np.uint64),
        }
        self._blob = bytearray()
        if self.dictionary:
            arrays[names.STORED_DICTIONARY] = np.frombuffer(self.dictionary, np.uint8)
        return arrays
