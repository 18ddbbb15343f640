"""More like this: an article as a query of its own best words.

Those are the stems that say most of it, by how often it has them and how few others do; as many as `_WORDS`, so that the
work does not grow with the article. They are searched like a long question, and each is shown as the article writes it.
"""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from arsearch.errors import QueryError
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.minhash import near_duplicates
from arsearch.index.execution import queries
from arsearch.index.execution.boolean import BooleanQuery
from arsearch.index.execution.top_docs import DUPLICATES
from arsearch.index.matching.postings_queries import TermSetSource
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.segment import STEM
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.searching.compiler import CompiledQuery
from arsearch.index.searching.searcher import Searcher
from arsearch.model import Level, SearchResults
from arsearch.query import Word
from arsearch.snippets import HighlightTarget, SetMatcher

__all__ = ["more_like"]

_WORDS = 25
_READ = 20_000
"""Characters of a text that are looked at."""
_TITLE = 3
"""A word of the title counts so many times."""
_COMMON = 0.5
"""What more than this share of the articles have tells none from another."""


class SelectedTerm(NamedTuple):
    """A stem, what it weighs, and how it is mostly written."""

    stem: str
    weight: float
    written: str


@dataclass(frozen=True, slots=True)
class DocIdFilter:
    """The condition of being one of some documents, which rise."""

    chosen: tuple[int, ...]

    def docs(self, reader: IndexReader) -> Array:  # noqa: ARG002
        return np.array(self.chosen, np.int64)


def more_like(
    searcher: Searcher,
    id: str | None,
    text: str | None,
    *,
    limit: int,
    filters: Mapping[str, Any] | None,
    collapse: str | None,
) -> SearchResults:
    """See `arsearch.Index.more_like`."""
    start = time.perf_counter()
    if (id is None) == (text is None):
        raise QueryError("give either the id of an article or a text")
    left_out: tuple[int, ...] = ()
    texts = [(str(text), 1)]
    if id is not None:
        doc = searcher.reader.find(str(id))
        if doc < 0:
            raise QueryError(f"no article has the id {id!r}; `search` tells the ids of what it finds")
        left_out = _same(searcher.reader, doc) if collapse == DUPLICATES else (doc,)
        article = searcher.reader.article(doc)
        texts = [(article.title, _TITLE), (article.body, 1)]
    chosen = _best(searcher, texts, least=1 if id is None else 2)
    compiled = _compiled(searcher, chosen, left_out)
    query = " ".join(one.written for one in chosen)
    return searcher.answer(query, compiled, start, SearchBudget(), limit=limit, filters=filters, collapse=collapse)


def _same(reader: IndexReader, doc: int) -> tuple[int, ...]:
    """An article and its near-duplicates."""
    rows = reader.signatures()
    same = near_duplicates(rows, rows[doc])
    if reader.live is not None:
        same &= reader.live
    same[doc] = True
    return tuple(np.flatnonzero(same).tolist())


def _fields(searcher: Searcher) -> tuple[str, ...]:
    return tuple(field.name for field in searcher.reader.schema if field.default)


def _best(searcher: Searcher, texts: list[tuple[str, int]], least: int) -> list[SelectedTerm]:
    """The stems that say most of some texts, each with its weight in counts, that at least so many articles have."""
    counts: Counter[str] = Counter()
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, weight in texts:
        for token in searcher.analyzer.analyze(text[:_READ]):
            if not token.term.stop:
                counts[token.term.stem] += weight
                written[token.term.stem][token.text] += 1
    reader, k1 = searcher.reader, searcher.ranking.k1
    most = max(least, _COMMON * reader.count)
    found = []
    for stem, count in counts.items():
        having = max(reader.doc_frequency(field, STEM, stem) for field in _fields(searcher))
        if least <= having <= most:
            worth = count / (count + k1)
            idf = math.log1p((max(reader.count, having) - having + 0.5) / (having + 0.5))
            found.append((-worth * idf, stem, worth))
    return [SelectedTerm(stem, worth, _mostly(written[stem])) for _, stem, worth in sorted(found)[:_WORDS]]


def _mostly(written: Counter[str]) -> str:
    return min(written, key=lambda word: (-written[word], word))


def _compiled(searcher: Searcher, chosen: list[SelectedTerm], left_out: tuple[int, ...]) -> CompiledQuery:
    fields = _fields(searcher)
    if not chosen:
        return CompiledQuery(queries.DisjunctionQuery(()), (), ("there are no words to compare articles by",))
    marks = [partial(_target, one.stem, fields) for one in chosen]
    words = tuple(_leaves(chosen, marks, fields))
    excluded = (queries.ConstantScoreQuery(DocIdFilter(left_out)),) if left_out else ()
    return CompiledQuery(BooleanQuery(words, must_not=excluded, mode="share"), tuple(marks), ())


def _leaves(
    chosen: Sequence[SelectedTerm], marks: Sequence[Callable[[], HighlightTarget]], fields: tuple[str, ...]
) -> Iterator[queries.ScoredQuery]:
    for (stem, weight, written), mark in zip(chosen, marks, strict=True):
        asked = queries.QueryOrigin(Word(written), (written,), mark)
        yield queries.ScoredQuery(((weight, TermSetSource(STEM, (stem,))),), fields, origin=asked)


def _target(stem: str, fields: tuple[str, ...]) -> HighlightTarget:
    return HighlightTarget((SetMatcher(frozenset((stem,)), Level.STEM, "stem"),), fields=frozenset(fields))
