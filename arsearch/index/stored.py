"""Articles as stored: one compressed JSON object each, so that showing ten hits costs ten small frames.

A dictionary trained on the first articles of an index gives each frame most of what compressing them
together would (Zstandard, RFC 8878); it travels in every segment, so that a segment needs no other file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import zstandard

from arsearch.errors import CorruptIndexError
from arsearch.index.arrays import Array, ArrayFile
from arsearch.model import Article

__all__ = ["StoredArticles", "compressor", "encode_article", "train"]

_DICTIONARY_BYTES = 64 * 1024
_SAMPLES = 600
_FEW = 100
_LEVEL = 3
_LARGEST = 1 << 30
"""No stored article is larger; a frame that claims to be is damaged."""


def encode_article(article: Article) -> bytes:
    """The article as compact JSON in UTF-8."""
    return json.dumps(article.to_dict(), ensure_ascii=False, separators=(",", ":")).encode()


def train(articles: Sequence[bytes]) -> bytes:
    """A dictionary for articles like these; empty if they are too few to learn from."""
    if len(articles) < _FEW:
        return b""
    samples: list[bytes | bytearray | memoryview] = [
        article[:4096] for article in articles[:: max(1, len(articles) // _SAMPLES)]
    ]
    try:
        return zstandard.train_dictionary(_DICTIONARY_BYTES, samples, level=_LEVEL).as_bytes()
    except zstandard.ZstdError:  # too little, or nothing in common
        return b""


def compressor(dictionary: bytes) -> Callable[[bytes], bytes]:
    """A function that makes one frame of one article."""
    shared = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=shared).compress


class StoredArticles:
    """The stored articles of a segment, by document number."""

    def __init__(self, file: ArrayFile) -> None:
        self._name = file.name
        self._blob = file.raw("stored/blob")
        self._ends = file.array("stored/ends")
        self.dictionary = bytes(file.raw("stored/dictionary")) if "stored/dictionary" in file else b""
        self._shared = zstandard.ZstdCompressionDict(self.dictionary) if self.dictionary else None

    def frame(self, doc: int) -> memoryview:
        """The compressed article."""
        return self._blob[int(self._ends[doc - 1]) if doc else 0 : int(self._ends[doc])]

    def raw(self, doc: int) -> bytes:
        """The article as JSON in UTF-8."""
        # A decompressor is no business of two threads at once; making one costs a microsecond.
        try:
            frame = self.frame(doc)
            if zstandard.frame_content_size(frame) > _LARGEST:
                raise zstandard.ZstdError("impossible size")
            return zstandard.ZstdDecompressor(dict_data=self._shared).decompress(frame)
        except zstandard.ZstdError as error:
            raise self._damaged(doc, error) from error

    def data(self, doc: int) -> dict[str, Any]:
        """The article as a mapping."""
        try:
            return dict(json.loads(self.raw(doc)))
        except ValueError as error:
            raise self._damaged(doc, error) from error

    def article(self, doc: int) -> Article:
        """The article as it was added."""
        return Article.from_dict(self.data(doc))

    def _damaged(self, doc: int, error: Exception) -> CorruptIndexError:
        return CorruptIndexError(f"stored article {doc} of {self._name!r} is damaged ({error}); see `arsearch check`")


def pack_frames(frames: Sequence[bytes | memoryview]) -> dict[str, Array]:
    """The arrays of a segment's stored articles."""
    ends = np.cumsum(np.fromiter(map(len, frames), np.uint64, len(frames)), dtype=np.uint64)
    return {"stored/blob": np.frombuffer(b"".join(frames), np.uint8), "stored/ends": ends}
