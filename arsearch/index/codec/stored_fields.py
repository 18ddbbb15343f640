"""Articles as stored: id and title as columns, the rest as one compressed JSON object each.

A page of hits with titles decompresses nothing, showing an article one small frame.

A dictionary trained on the first articles of an index gives each frame most of what compressing them
together would (Zstandard, RFC 8878); it travels in every segment, so that a segment needs no other file.
"""

from __future__ import annotations

import json
import math
import threading
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import zstandard

from arsearch.errors import ArticleError, CorruptIndexError
from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, ArrayStream
from arsearch.index.codec.string_column import StringColumn, merged_string_columns
from arsearch.model import Article

__all__ = [
    "LARGEST",
    "Compressor",
    "StoredFieldsReader",
    "compressor",
    "encode_article",
    "merged_stored_fields",
    "train",
]

_DICTIONARY_BYTES = 64 * 1024
_SAMPLES = 300
_FEW = 100
_LEVEL = 3
LARGEST = 64 << 20
"""Bytes that no stored article has more of: a frame that claims to is damaged, or made to fill memory."""


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no number")
    return value


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_READ = json.JSONDecoder(parse_float=_finite, parse_constant=_finite).decode


def encode_article(article: Article) -> bytes:
    """What a frame holds, in UTF-8: all but id, title and body as compact JSON, a line feed, then the body as it is.

    Raises ArticleError for an article of more than `LARGEST` bytes.
    """
    data = article.to_dict()
    del data["id"], data["title"], data["body"]
    encoded = f"{_JSON(data) if data else '{}'}\n{article.body}".encode()
    size = len(encoded) + len(article.title)
    if size > LARGEST:
        raise ArticleError(f"the article has {size:,} bytes, at most {LARGEST:,} are allowed; divide it")
    return encoded


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


Compressor = Callable[[list[bytes]], tuple[bytes, list[int]]]
"""Makes a frame of each of some articles: the frames one after another, and the size of each."""


def compressor(dictionary: bytes) -> Compressor:
    """A compressor for one thread."""
    shared = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    one = zstandard.ZstdCompressor(level=_LEVEL, dict_data=shared)

    def compress(articles: list[bytes]) -> tuple[bytes, list[int]]:
        try:
            one.compress(articles[0] if articles else b"")  # when several at once fail, zstandard frees memory twice
            if "multi_compress_to_buffer" in zstandard.backend_features:  # does not hold the interpreter's lock
                frames: Any = one.multi_compress_to_buffer([*articles])
            else:
                frames = [one.compress(article) for article in articles]
        except zstandard.ZstdError as error:  # nobody's dictionary but that of a forged segment
            raise CorruptIndexError(f"the index has a damaged compression dictionary ({error})") from error
        return b"".join(frames), [len(frame) for frame in frames]

    return compress


class StoredFieldsReader:
    """The stored articles of a segment of so many, by document number."""

    def __init__(self, file: ArrayFile, docs: int) -> None:
        self._name = file.name
        self.frames = StringColumn(file, names.STORED_FRAMES, docs)
        self.ids = StringColumn(file, names.STORED_IDS, docs)
        self.titles = StringColumn(file, names.STORED_TITLES, docs)
        self._file = file
        self._one_at_a_time = threading.Lock()

    @cached_property
    def dictionary(self) -> bytes:
        """What the articles were compressed with; empty if with nothing."""
        return (
            self._file.array(names.STORED_DICTIONARY).whole().tobytes()
            if names.STORED_DICTIONARY in self._file
            else b""
        )

    @cached_property
    def _decompressor(self) -> zstandard.ZstdDecompressor:
        shared = zstandard.ZstdCompressionDict(self.dictionary) if self.dictionary else None
        return zstandard.ZstdDecompressor(dict_data=shared)

    def raw(self, doc: int) -> bytes:
        """The article as `encode_article` made it."""
        try:
            frame = self.frames.bytes(doc)
            if zstandard.frame_content_size(frame) > LARGEST:
                raise zstandard.ZstdError("impossible size")
            # A decompressor is no business of two threads at once; making one costs more than its work.
            with self._one_at_a_time:
                return self._decompressor.decompress(frame)
        except zstandard.ZstdError as error:
            raise self._damaged(doc, error) from error

    def data(self, doc: int) -> dict[str, Any]:
        """The article as a mapping, as `Article.to_dict` gave it."""
        return self.article(doc).to_dict()

    def article(self, doc: int) -> Article:
        """The article as it was added."""
        try:
            head, _, body = str(self.raw(doc), "utf-8").partition("\n")
            data = {"id": self.ids[doc], "title": self.titles[doc], "body": body, **_READ(head)}
            return Article.from_stored(data)
        except (ValueError, TypeError, RecursionError) as error:
            if isinstance(error, CorruptIndexError):
                raise
            raise self._damaged(doc, error) from error

    def _damaged(self, doc: int, error: Exception) -> CorruptIndexError:
        return CorruptIndexError(f"stored article {doc} of {self._name!r} is damaged ({error}); see `arsearch check`")


def merged_stored_fields(
    stored: Sequence[StoredFieldsReader], keeps: Sequence[Array]
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """The arrays of the articles kept of each segment, one segment after another; compressed anew only if need be."""
    dictionary = max((one.dictionary for one in stored), key=len)
    if all(one.dictionary == dictionary for one in stored):
        yield from merged_string_columns(names.STORED_FRAMES, [one.frames for one in stored], keeps)
    else:
        compress = compressor(dictionary)
        ends = array("Q")

        def frames() -> Iterator[Array]:
            size = 0
            for one, keep in zip(stored, keeps, strict=True):
                for doc in keep.tolist():
                    frame = one.frames.bytes(doc) if one.dictionary == dictionary else compress([one.raw(doc)])[0]
                    size += len(frame)
                    ends.append(size)
                    yield np.frombuffer(frame, np.uint8)

        yield names.part(names.STORED_FRAMES, names.BLOB), ArrayStream(np.uint8, frames())
        yield names.part(names.STORED_FRAMES, names.ENDS), np.array(ends, np.uint64)
    if dictionary:
        yield names.STORED_DICTIONARY, np.frombuffer(dictionary, np.uint8)
