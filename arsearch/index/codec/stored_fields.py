"""Stored fields: ids and titles as string columns, the rest of each article as one compressed frame.

Listing hits with their titles decompresses nothing; showing an article decompresses one small frame.

Frames are compressed by Zstandard (RFC 8878) with a dictionary trained on the first articles of the index, which saves
nearly as much space as compressing many articles together. Every segment holds the dictionary, and so needs no other file.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, takewhile
from typing import Any

import numpy as np
import zstandard

from arsearch.concurrency import cached_property, on_whole_stack
from arsearch.errors import ArticleError, CorruptIndexError
from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, ArrayStream
from arsearch.index.codec.string_column import StringColumn, merged_string_columns
from arsearch.model import Article

__all__ = [
    "LARGEST",
    "Compressor",
    "StoredFieldsReader",
    "body_of",
    "compressor",
    "encode_article",
    "merged_stored_fields",
    "train",
]

_DICTIONARY_BYTES = 64 * 1024
_SAMPLES = 300
_SAMPLE_BYTES = 4096
_MIN_TRAINING_ARTICLES = 100
_LEVEL = 3
LARGEST = 64 << 20
"""The largest size of a stored article, in bytes: a frame that claims more is damaged, or made to fill memory."""

_AHEAD = 128 << 10
"""The size of articles of a page that are decompressed together, in bytes."""

_BATCH, _BATCH_BYTES = 4096, 16 << 20
"""The number of other articles that are decompressed together, and their size in bytes."""

_THREADS, _SHARED_BYTES = 4, 1 << 20
"""The threads that decompress a batch of some bytes or more, at most; two take about half the time of one."""

_HEAD = 256
"""The bytes of an article that nearly always have all of its fields but the body."""

_Frame = bytes | bytearray | memoryview

Buffer = bytes | memoryview
"""Bytes, or what `memoryview` makes them of."""


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not a finite number")
    return value


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_READ = json.JSONDecoder(parse_float=_finite, parse_constant=_finite).decode


def encode_article(article: Article) -> bytes:
    """Return the content of an article's frame, in UTF-8.

    It is compact JSON of all fields but id, title and body, then a line feed, then the body unchanged. Raises
    ArticleError for an article of more than `LARGEST` bytes.
    """
    data = article.to_dict()
    del data["id"], data["title"], data["body"]
    try:
        head = _JSON(data) if data else "{}"
    except RecursionError:
        head = on_whole_stack(lambda: _JSON(data))
    encoded = f"{head}\n{article.body}".encode()
    size = len(encoded) + len(article.title)
    if size > LARGEST:
        raise ArticleError(f"the article has {size:,} bytes, at most {LARGEST:,} are allowed; divide it")
    return encoded


def train(articles: Sequence[bytes]) -> bytes:
    """Train a compression dictionary on encoded articles; return empty bytes if they are too few, or too different."""
    if len(articles) < _MIN_TRAINING_ARTICLES:
        return b""
    samples: list[bytes | bytearray | memoryview] = [
        article[:_SAMPLE_BYTES] for article in articles[:: max(1, len(articles) // _SAMPLES)]
    ]
    try:
        return zstandard.train_dictionary(_DICTIONARY_BYTES, samples, level=_LEVEL).as_bytes()
    except zstandard.ZstdError:  # they are too short, or have nothing in common
        return b""


Compressor = Callable[[list[bytes]], tuple[bytes, list[int]]]
"""Compresses encoded articles: returns the frames one after another, and the size of each."""


def compressor(dictionary: bytes) -> Compressor:
    """Return a compressor with that dictionary, for use by one thread at a time; empty bytes stand for no dictionary."""
    shared = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    one = zstandard.ZstdCompressor(level=_LEVEL, dict_data=shared)

    def compress(articles: list[bytes]) -> tuple[bytes, list[int]]:
        try:
            one.compress(articles[0] if articles else b"")  # zstandard frees memory twice if the call below fails
            if "multi_compress_to_buffer" in zstandard.backend_features:  # releases the interpreter's lock
                frames: Any = one.multi_compress_to_buffer([*articles])
            else:
                frames = [one.compress(article) for article in articles]
        except zstandard.ZstdError as error:  # only the dictionary of a forged segment fails
            raise CorruptIndexError(f"the index has a damaged compression dictionary ({error})") from error
        return b"".join(frames), [len(frame) for frame in frames]

    return compress


def body_of(encoded: Buffer) -> memoryview:
    """Return the UTF-8 of the body of an encoded article: all after the first line feed."""
    view = memoryview(encoded)
    return view[bytes(view[:_HEAD]).find(b"\n") + 1 or bytes(view).find(b"\n") + 1 :]


class StoredFieldsReader:
    """The stored articles of a segment of `docs` documents, by document number."""

    def __init__(self, file: ArrayFile, docs: int) -> None:
        self._name = file.name
        self.frames = StringColumn(file, names.STORED_FRAMES, docs)
        self.ids = StringColumn(file, names.STORED_IDS, docs)
        self.titles = StringColumn(file, names.STORED_TITLES, docs)
        self._file = file
        self._idle: list[zstandard.ZstdDecompressor] = []

    @cached_property
    def dictionary(self) -> bytes:
        """The dictionary that the articles were compressed with; empty if there was none."""
        return (
            self._file.array(names.STORED_DICTIONARY).whole().tobytes()
            if names.STORED_DICTIONARY in self._file
            else b""
        )

    @cached_property
    def _shared(self) -> zstandard.ZstdCompressionDict | None:
        return zstandard.ZstdCompressionDict(self.dictionary) if self.dictionary else None

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        """Return a decompressor that no other thread uses. Making one costs more than decompressing a frame, so they are kept."""
        try:
            return self._idle.pop()
        except IndexError:
            return zstandard.ZstdDecompressor(dict_data=self._shared)

    def raw(self, doc: int) -> bytes:
        """Return an article as `encode_article` made it; raise CorruptIndexError if its frame is damaged."""
        try:
            frame = self.frames.bytes(doc)
            if zstandard.frame_content_size(frame) > LARGEST:
                raise zstandard.ZstdError("impossible size")
            decompressor = self._decompressor()
            raw = decompressor.decompress(frame)
        except zstandard.ZstdError as error:
            raise self._damaged(doc, error) from error
        self._idle.append(decompressor)
        return raw

    def raws(self, docs: Sequence[int]) -> list[bytes]:
        """Return some articles, decompressed in one call; only the first ones if they are large, `[]` if one is damaged."""
        try:
            return [raw.tobytes() for raw in self._decompressed([self.frames.bytes(doc) for doc in docs], _AHEAD)]
        except (zstandard.ZstdError, CorruptIndexError):  # reading the article says which one
            return []

    def encoded(self, docs: Array) -> list[Buffer]:
        """Return some articles as `encode_article` made them; their numbers rise.

        Raises CorruptIndexError for an article that is damaged.
        """
        frames = self.frames.views(docs)
        raws: list[Buffer] = []
        while len(raws) < len(frames):
            at = len(raws)
            try:
                batch = self._decompressed(frames[at : at + _BATCH], _BATCH_BYTES)
            except zstandard.ZstdError:  # reading them one by one tells which one is damaged
                batch = [*map(self.raw, docs[at : at + _BATCH].tolist())]
            raws += batch or [self.raw(int(docs[at]))]
        return raws

    def _decompressed(self, frames: Sequence[_Frame], most: int) -> Any:
        """Return the first ones of some frames, decompressed in one call, that have `most` bytes together, as buffers."""
        if "multi_decompress_to_buffer" not in zstandard.backend_features:
            return []
        sizes = accumulate(map(zstandard.frame_content_size, frames))
        small = [*takewhile(lambda size: size <= most, sizes)]
        if not small:
            return []
        decompressor = self._decompressor()
        threads = _THREADS if small[-1] >= _SHARED_BYTES else 0
        raws: Any = decompressor.multi_decompress_to_buffer([*frames[: len(small)]], threads=threads)
        self._idle.append(decompressor)
        return raws

    def data(self, doc: int) -> dict[str, Any]:
        """Return an article as `Article.to_dict` does."""
        return self.article(doc).to_dict()

    def article(self, doc: int, id: str | None = None, title: str | None = None, raw: bytes | None = None) -> Article:
        """Return an article as it was added; raise CorruptIndexError if it is damaged.

        A caller that has its id, its title or what `raw` returns saves reading them.
        """
        try:
            return self._article(doc, id, title, raw)
        except RecursionError:
            pass
        try:
            return on_whole_stack(lambda: self._article(doc, id, title, raw))
        except RecursionError as error:
            raise self._damaged(doc, error) from error

    def _article(self, doc: int, id: str | None, title: str | None, raw: bytes | None) -> Article:
        try:
            head, _, body = str(self.raw(doc) if raw is None else raw, "utf-8").partition("\n")
            id = self.ids[doc] if id is None else id
            title = self.titles[doc] if title is None else title
            return Article.from_stored({"id": id, "title": title, "body": body, **_READ(head)})
        except (ValueError, TypeError) as error:
            raise self._damaged(doc, error) from error

    def _damaged(self, doc: int, error: Exception) -> CorruptIndexError:
        return CorruptIndexError(f"stored article {doc} of {self._name!r} is damaged ({error}); see `arsearch check`")


def merged_stored_fields(
    readers: Sequence[StoredFieldsReader], live_docs: Sequence[Array]
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """Yield the arrays of the live articles of segments, one segment after another.

    Frames are copied if all segments share a dictionary. Otherwise those with another dictionary are compressed anew.
    """
    dictionary = max((reader.dictionary for reader in readers), key=len)
    if all(reader.dictionary == dictionary for reader in readers):
        yield from merged_string_columns(names.STORED_FRAMES, [reader.frames for reader in readers], live_docs)
    else:
        compress = compressor(dictionary)
        ends = array("Q")

        def frames() -> Iterator[Array]:
            size = 0
            for reader, live in zip(readers, live_docs, strict=True):
                copied = reader.dictionary == dictionary
                for doc in live.tolist():
                    frame = reader.frames.bytes(doc) if copied else compress([reader.raw(doc)])[0]
                    size += len(frame)
                    ends.append(size)
                    yield np.frombuffer(frame, np.uint8)

        yield names.part(names.STORED_FRAMES, names.BLOB), ArrayStream(np.uint8, frames())
        yield names.part(names.STORED_FRAMES, names.ENDS), np.array(ends, np.uint64)
    if dictionary:
        yield names.STORED_DICTIONARY, np.frombuffer(dictionary, np.uint8)
