"""Articles in memory on their way to becoming one segment file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, write_arrays
from arsearch.index.codec.doc_values import doc_values_arrays
from arsearch.index.codec.segment_info import SegmentInfo, id_lookup_arrays, new_segment_name
from arsearch.index.codec.stored_fields import encode_article
from arsearch.index.codec.string_column import string_column_arrays
from arsearch.index.store.directory import Directory
from arsearch.index.writing.field_inverter import FieldTokenBuffer, SortedStrings
from arsearch.index.writing.stored_fields_writer import StoredFieldsWriter
from arsearch.index.writing.vocabulary import Vocabulary
from arsearch.model import Article
from arsearch.model.schema import Schema

__all__ = ["SegmentWriter"]

_TOKEN_BYTES = 12
_SORT_BYTES = 50
_SORT_MOST = 30 << 20
"""What writing takes for a token, in bytes: its place in arrays; and while a stretch of them is sorted, up to a bound."""

_ARTICLE_BYTES = 600
"""What an article takes, its texts apart: its id, title and values, and their places in lists."""

_BATCH = 1 << 20
_CHARACTER_BYTES = 2
"""Texts wait until they have so many characters, each taking so many bytes."""


class SegmentWriter:
    """Collects articles; `write` makes a segment of them. Document numbers are in order of adding."""

    def __init__(self, schema: Schema, vocabulary: Vocabulary, dictionary: bytes = b"") -> None:
        self._fields = list(schema)
        self._values = schema.values
        self._vocabulary = vocabulary
        self._frames = StoredFieldsWriter(dictionary)
        self._titles: list[str] = []
        self._tokens = {field.name: FieldTokenBuffer() for field in schema if field.indexed}
        self._texts: dict[str, tuple[list[int], list[str]]] = {name: ([], []) for name in self._tokens}
        self._characters = 0
        self._columns: dict[str, dict[int, Sequence[Any]]] = {
            field.name: {} for field in schema if field.has_doc_values
        }
        self._measure()
        self.ids: dict[str, int] = {}
        self.replaced: list[int] = []

    def __len__(self) -> int:
        return len(self._titles)

    @property
    def memory(self) -> int:
        """About how many bytes this takes, or will take while it is written, whichever is more (measured)."""
        now = self._tokens_now + self._frames.memory + self._characters * _CHARACTER_BYTES
        return len(self) * _ARTICLE_BYTES + max(now, self._tokens_written)

    def _measure(self) -> None:
        """Work out what changes only with tokens; asking for `memory` after each article must cost nothing."""
        tokens = sum(field.count for field in self._tokens.values())
        self._tokens_now = tokens * 4
        self._tokens_written = tokens * _TOKEN_BYTES + min(tokens * _SORT_BYTES, _SORT_MOST)

    def add(self, article: Article) -> bool:
        """Take an article; whether it replaced one of the same id here. ArticleError leaves all as it was."""
        values = self._values(article)
        doc = len(self)
        self._frames.add(encode_article(article))
        self._titles.append(article.title)
        for field, found in values:
            if field.has_doc_values:
                self._columns[field.name][doc] = found
            if field.indexed:
                docs, texts = self._texts[field.name]
                for text in found:
                    docs.append(doc)
                    texts.append(text)
                    self._characters += len(text)
        if self._characters > _BATCH:
            self._tokenize()
        before = self.ids.get(article.id)
        self.ids[article.id] = doc
        if before is not None:
            self.replaced.append(before)
        return before is not None

    def discard(self, id: str) -> bool:
        """Delete an article added to this segment; whether there was one."""
        doc = self.ids.pop(id, None)
        if doc is not None:
            self.replaced.append(doc)
        return doc is not None

    def _tokenize(self) -> None:
        """Turn the texts collected into tokens, all fields at once."""
        waiting = [(name, docs, texts) for name, (docs, texts) in self._texts.items() if texts]
        tokens, counts = self._vocabulary.tokens([text for _, _, texts in waiting for text in texts])
        text = token = 0
        for name, docs, texts in waiting:
            numbers = counts[text : text + len(texts)]
            size = int(numbers.sum())
            self._tokens[name].add(docs, tokens[token : token + size], numbers)
            text, token = text + len(texts), token + size
            self._texts[name] = ([], [])
        self._characters = 0
        self._measure()

    def write(self, directory: Directory, *, durable: bool) -> tuple[SegmentInfo, bytes]:
        """Write the segment; what it is, and the dictionary its articles were compressed with."""
        name = new_segment_name()
        info = SegmentInfo(name, len(self))
        meta = {"docs": len(self), "kind": "segment"}
        size = write_arrays(directory, info.file, self._arrays(), meta, durable=durable)
        return SegmentInfo(name, len(self), bytes=size), self._frames.dictionary

    def _arrays(self) -> Iterator[tuple[str, Array | ArrayStream]]:
        """All arrays, each made when the one before is written, so that few are in memory at a time."""
        self._tokenize()
        yield from self._frames.arrays().items()
        yield from id_lookup_arrays(self._all_ids()).items()
        yield from string_column_arrays(names.STORED_TITLES, self._titles).items()
        normalised, stems = SortedStrings(self._vocabulary.normalised), SortedStrings(self._vocabulary.stems)
        for field in self._fields:
            if field.has_doc_values:
                yield from doc_values_arrays(field, self._columns[field.name], len(self)).items()
            if field.indexed:
                tokens = self._tokens[field.name]
                yield from tokens.arrays(field.name, len(self), self._vocabulary, normalised, stems)

    def _all_ids(self) -> list[str]:
        ids = [""] * len(self)
        for id, doc in self.ids.items():
            ids[doc] = id
        return ids  # a replaced document keeps the empty id: nothing finds it
