"""Turn articles into segments: buffer them until the memory limit is reached, then flush. Commits are not its concern.

The process that writes an index has one writer, or each of its workers has one.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.store.directory import Directory
from arsearch.index.writing.segment_writer import SegmentWriter
from arsearch.index.writing.vocabulary import Vocabulary
from arsearch.model import Article
from arsearch.model.schema import Schema

__all__ = ["DocumentsWriter", "Flushed"]

_MIN_ARTICLES_SHARE = 0.65
_MAX_VOCABULARY_SHARE = 0.6
_KEPT_VOCABULARY_SHARE = 0.4
"""Shares of the memory limit.

A flush is due when articles and vocabulary together reach the limit, but not before the articles reach the first share.
It is also due when the vocabulary alone reaches the limit. A vocabulary above the second share is then reduced to its
most frequent terms, to about the third share. Smaller segments would slow indexing, and forgotten words are analysed again.
"""


class Flushed(NamedTuple):
    """A new segment, and the numbers of its documents that later documents of the same segment replace, in no order."""

    info: SegmentInfo
    replaced: list[int]


class DocumentsWriter:
    """Buffers articles; `flush` writes the buffered ones as one segment."""

    def __init__(
        self,
        directory: Directory,
        analyzer: ArabicAnalyzer,
        schema: Schema,
        *,
        dictionary: bytes,
        memory_limit: int,
        durable: bool,
    ) -> None:
        self._directory = directory
        self._schema = schema
        self._dictionary = dictionary
        self._memory_limit = min(memory_limit, sys.maxsize)  # shares of it are floats
        self._durable = durable
        self._vocabulary = Vocabulary(analyzer)
        self._segment = self._new_segment()

    def _new_segment(self) -> SegmentWriter:
        return SegmentWriter(self._schema, self._vocabulary, self._dictionary)

    @property
    def should_flush(self) -> bool:
        """Whether a flush is due."""
        limit, vocabulary = self._memory_limit, self._vocabulary.memory
        return self._segment.memory > max(limit * _MIN_ARTICLES_SHARE, limit - vocabulary) or vocabulary > limit

    def add(self, article: Article) -> bool:
        """Buffer an article, and return whether it replaces a buffered one. ArticleError leaves the buffer unchanged."""
        return self._segment.add(article)

    def discard(self, id: str) -> bool:
        """Delete a buffered article, and return whether there was one."""
        return self._segment.discard(id)

    def drop_buffered(self) -> None:
        """Drop the buffered articles."""
        self._segment = self._new_segment()

    def flush(self) -> Flushed | None:
        """Write the buffered articles as a segment; return `None` if there are none."""
        segment = self._segment
        if not len(segment):
            return None
        info, self._dictionary = segment.write(self._directory, durable=self._durable)
        vocabulary = self._vocabulary
        if vocabulary.memory > self._memory_limit * _MAX_VOCABULARY_SHARE:
            limit = len(vocabulary) * self._memory_limit * _KEPT_VOCABULARY_SHARE / vocabulary.memory
            self._vocabulary = vocabulary.most_frequent(int(limit))
        self._segment = self._new_segment()
        return Flushed(info, segment.replaced)
