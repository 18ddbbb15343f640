"""Articles into segments: collected until memory is full, then written. Knows nothing of commits.

One in the process that writes an index, or one in each of its workers.
"""

from __future__ import annotations

from typing import NamedTuple

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.store.directory import Directory
from arsearch.index.writing.segment_writer import SegmentWriter
from arsearch.index.writing.vocabulary import Vocabulary
from arsearch.model import Article
from arsearch.model.schema import Schema

__all__ = ["DocumentsWriter", "Flushed"]

_ARTICLES_SHARE = 0.65
_VOCABULARY_SHARE = 0.6
_KEPT_SHARE = 0.4
"""Articles are written when they and the vocabulary fill the memory, but not before they take the first share of it, nor
later than the vocabulary fills it alone. A vocabulary that has more than the second by then is cut down to the third, to
its commonest words. More segments would make slower indexing, and words forgotten have to be learnt again."""


class Flushed(NamedTuple):
    """A segment that was written, and those of its documents that later ones of it replace, in no order."""

    info: SegmentInfo
    replaced: list[int]


class DocumentsWriter:
    """Takes articles; `flush` writes those taken as one segment."""

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
        self._analyzer = analyzer
        self._fields = schema
        self._dictionary = dictionary
        self._memory_limit = memory_limit
        self._durable = durable
        self._vocabulary = Vocabulary(analyzer)
        self._builder = self._new_builder()

    def _new_builder(self) -> SegmentWriter:
        return SegmentWriter(self._fields, self._vocabulary, self._dictionary)

    def __len__(self) -> int:
        """The documents of the segment to be, those replaced among them."""
        return len(self._builder)

    @property
    def should_flush(self) -> bool:
        """Whether it is time to flush."""
        limit, known = self._memory_limit, self._vocabulary.memory
        return self._builder.memory > max(limit * _ARTICLES_SHARE, limit - known) or known > limit

    def add(self, article: Article) -> bool:
        """Take an article; whether it replaced one taken since the last flush. ArticleError leaves all as it was."""
        return self._builder.add(article)

    def discard(self, id: str) -> bool:
        """Delete an article taken since the last flush; whether there was one."""
        return self._builder.discard(id)

    def drop_buffered(self) -> None:
        """Drop what was taken since the last flush."""
        self._builder = self._new_builder()

    def flush(self) -> Flushed | None:
        """Write what was taken as a segment; `None` if that is nothing."""
        builder = self._builder
        if not len(builder):
            return None
        info, self._dictionary = builder.write(self._directory, durable=self._durable)
        vocabulary = self._vocabulary
        if vocabulary.memory > self._memory_limit * _VOCABULARY_SHARE:
            most = len(vocabulary) * self._memory_limit * _KEPT_SHARE / vocabulary.memory
            self._vocabulary = vocabulary.most_frequent(int(most))
        self._builder = self._new_builder()
        return Flushed(info, builder.replaced)
