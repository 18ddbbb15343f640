"""Collect articles in memory and write them as one segment file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, narrowest, write_arrays
from arsearch.index.codec.doc_values import doc_values_arrays
from arsearch.index.codec.packed_array import packed_arrays
from arsearch.index.codec.root_postings_writer import StemPostings, root_arrays
from arsearch.index.codec.segment_info import SegmentInfo, id_lookup_arrays, new_segment_name
from arsearch.index.codec.stored_fields import encode_article
from arsearch.index.codec.string_column import string_column_arrays
from arsearch.index.store.directory import Directory
from arsearch.index.writing.field_inverter import FieldTokenBuffer, InvertedStems, SortedStrings
from arsearch.index.writing.stored_fields_writer import StoredFieldsWriter
from arsearch.index.writing.vocabulary import Vocabulary
from arsearch.model import Article
from arsearch.model.schema import OF_WORKS, Schema

__all__ = ["SegmentWriter"]

_BUFFERED_TOKEN_BYTES = 4
_WRITTEN_TOKEN_BYTES = 12
_SORTED_TOKEN_BYTES = 50
_MAX_SORT_BYTES = 30 << 20
"""The memory of a token: in its buffer, in the arrays while the segment is written, and in the slice that is being sorted.
All slices sorted at the same time stay below the last figure."""

_ARTICLE_BYTES = 600
"""The memory of an article without its texts: its id, title and values, and their places in lists."""

_CHARACTER_BYTES = 2
_BATCH_CHARACTERS = 1 << 20
"""The memory of a character of a text that waits to be tokenized, and the number of characters tokenized together."""


class SegmentWriter:
    """Collects articles; `write` makes a segment of them. Their document numbers follow the order of adding."""

    def __init__(self, schema: Schema, vocabulary: Vocabulary, dictionary: bytes = b"") -> None:
        self._schema = schema
        self._vocabulary = vocabulary
        self._stored = StoredFieldsWriter(dictionary)
        self._titles: list[str] = []
        self._tokens = {field.name: FieldTokenBuffer() for field in schema if field.indexed}
        self._token_count = 0
        self._texts: dict[str, tuple[list[int], list[str]]] = {name: ([], []) for name in self._tokens}
        self._characters = 0
        self._columns: dict[str, dict[int, Sequence[Any]]] = {
            field.name: {} for field in (*schema, *OF_WORKS) if field.has_doc_values
        }
        self._docs: dict[str, int] = {}
        self.replaced: list[int] = []
        """The documents that are deleted, or replaced by later ones."""

    def __len__(self) -> int:
        """Return the number of documents, the replaced ones included."""
        return len(self._titles)

    @property
    def memory(self) -> int:
        """The approximate number of bytes held now, or needed to write the segment if that is more (measured)."""
        tokens = self._token_count
        held = tokens * _BUFFERED_TOKEN_BYTES + self._stored.memory + self._characters * _CHARACTER_BYTES
        written = tokens * _WRITTEN_TOKEN_BYTES + min(tokens * _SORTED_TOKEN_BYTES, _MAX_SORT_BYTES)
        return len(self) * _ARTICLE_BYTES + max(held, written)

    def add(self, article: Article) -> bool:
        """Add an article, and return whether it replaces one of this segment. ArticleError leaves the segment unchanged."""
        values = self._schema.values(article)
        doc = len(self)
        self._stored.add(encode_article(article))
        self._titles.append(article.title)
        for field, field_values in values:
            if field.has_doc_values:
                self._columns[field.name][doc] = field_values
            if field.indexed and field.name in self._texts:
                docs, texts = self._texts[field.name]
                for text in field_values:
                    docs.append(doc)
                    texts.append(text)
                    self._characters += len(text)
        if self._characters > _BATCH_CHARACTERS:
            self._tokenize()
        previous = self._docs.get(article.id)
        self._docs[article.id] = doc
        if previous is not None:
            self.replaced.append(previous)
        return previous is not None

    def discard(self, id: str) -> bool:
        """Delete an article of this segment, and return whether there was one."""
        doc = self._docs.pop(id, None)
        if doc is not None:
            self.replaced.append(doc)
        return doc is not None

    def _tokenize(self) -> None:
        """Turn the collected texts of all fields into tokens."""
        waiting = [(name, docs, texts) for name, (docs, texts) in self._texts.items() if texts]
        tokens, counts = self._vocabulary.tokens([text for _, _, texts in waiting for text in texts])
        text = token = 0
        for name, docs, texts in waiting:
            field_counts = counts[text : text + len(texts)]
            size = int(field_counts.sum())
            self._tokens[name].add(docs, tokens[token : token + size], field_counts)
            text, token = text + len(texts), token + size
            self._texts[name] = ([], [])
        self._characters = 0
        self._token_count = sum(buffer.count for buffer in self._tokens.values())

    def write(self, directory: Directory, *, durable: bool) -> tuple[SegmentInfo, bytes]:
        """Write the segment; return its description and the dictionary that its articles are compressed with."""
        name = new_segment_name()
        file = SegmentInfo(name, len(self)).file
        meta = {"docs": len(self), "kind": "segment"}
        size = write_arrays(directory, file, packed_arrays(self._arrays()), meta, durable=durable)
        return SegmentInfo(name, len(self), bytes=size), self._stored.dictionary

    def _arrays(self) -> Iterator[tuple[str, Array | ArrayStream]]:
        """Yield all arrays. Each is made after the one before is written, which keeps few of them in memory."""
        self._tokenize()
        yield from self._stored.arrays().items()
        yield from id_lookup_arrays(self._ids()).items()
        yield from string_column_arrays(names.STORED_TITLES, self._titles).items()
        normalised, stems = SortedStrings(self._vocabulary.normalised), SortedStrings(self._vocabulary.stems)
        by_field: dict[str, InvertedStems] = {}
        for field in self._schema:
            if field.has_doc_values:
                yield from doc_values_arrays(field, self._columns[field.name], len(self)).items()
            if field.indexed:
                tokens = self._tokens[field.name]
                inverted = yield from tokens.arrays(field.name, len(self), self._vocabulary, normalised, stems)
                if field.default:
                    by_field[field.name] = inverted
        yield from _root_arrays(by_field, len(self))
        for field in OF_WORKS:
            if self._columns[field.name]:
                yield from doc_values_arrays(field, self._columns[field.name], len(self)).items()

    def _ids(self) -> list[str]:
        """Return the id of each document; a replaced document has the empty id, which no look-up finds."""
        ids = [""] * len(self)
        for id, doc in self._docs.items():
            ids[doc] = id
        return ids


def _root_arrays(fields: Mapping[str, InvertedStems], docs: int) -> Iterator[tuple[str, Array | ArrayStream]]:
    """Yield the arrays of the postings of roots, and of the root of each stem."""
    from arsearch.analyzers.root_families import root_of_family  # reads the table of roots, which only writers need

    of_stems = {name: list(map(root_of_family, stems.strings)) for name, stems in fields.items()}
    roots = sorted({root for own in of_stems.values() for root in own} - {""})
    ordinal_of = {root: ordinal for ordinal, root in enumerate(roots)} | {"": len(roots)}
    postings = {}
    for name, stems in fields.items():
        ordinals = narrowest(np.array([ordinal_of[root] for root in of_stems[name]], np.uint32))
        yield names.field_array(name, names.ROOT_ORDINALS), ordinals
        postings[name] = [StemPostings(ordinals, stems.posting_offsets, stems.docs, stems.freqs)]
    yield from root_arrays(roots, postings, docs)
