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
from arsearch.index.codec.minhash import alike
from arsearch.index.execution import queries as nodes
from arsearch.index.execution.boolean import BagNode
from arsearch.index.execution.top_docs import DUPLICATES
from arsearch.index.matching.postings_queries import FindTerms
from arsearch.index.reader.budget import Limits
from arsearch.index.reader.segment import STEM
from arsearch.index.reader.snapshot import SnapshotReader
from arsearch.index.searching.compiler import Compiled
from arsearch.index.searching.searcher import Searcher
from arsearch.model import Level, SearchResults
from arsearch.query import Word
from arsearch.snippets import SetMatcher, Target

__all__ = ["more_like"]

_WORDS = 25
_READ = 20_000
"""Characters of a text that are looked at."""
_TITLE = 3
"""A word of the title counts so many times."""
_COMMON = 0.5
"""What more than this share of the articles have tells none from another."""


class _Chosen(NamedTuple):
    """A stem, what it weighs, and how it is mostly written."""

    stem: str
    weight: float
    written: str


@dataclass(frozen=True, slots=True)
class _These:
    """The condition of being one of some documents, which rise."""

    chosen: tuple[int, ...]

    def docs(self, reader: SnapshotReader) -> Array:  # noqa: ARG002
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
    return searcher.answer(query, compiled, start, Limits(), limit=limit, filters=filters, collapse=collapse)


def _same(reader: SnapshotReader, doc: int) -> tuple[int, ...]:
    """An article and its near-duplicates."""
    rows = reader.sketches()
    same = alike(rows, rows[doc])
    if reader.live is not None:
        same &= reader.live
    same[doc] = True
    return tuple(np.flatnonzero(same).tolist())


def _fields(searcher: Searcher) -> tuple[str, ...]:
    return tuple(field.name for field in searcher.reader.fields if field.default)


def _best(searcher: Searcher, texts: list[tuple[str, int]], least: int) -> list[_Chosen]:
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
    return [_Chosen(stem, worth, _mostly(written[stem])) for _, stem, worth in sorted(found)[:_WORDS]]


def _mostly(written: Counter[str]) -> str:
    return min(written, key=lambda word: (-written[word], word))


def _compiled(searcher: Searcher, chosen: list[_Chosen], left_out: tuple[int, ...]) -> Compiled:
    fields = _fields(searcher)
    if not chosen:
        return Compiled(nodes.Any(()), (), ("there are no words to compare articles by",))
    marks = [partial(_target, one.stem, fields) for one in chosen]
    words = tuple(_leaves(chosen, marks, fields))
    excluded = (nodes.Constant(_These(left_out)),) if left_out else ()
    return Compiled(BagNode(words, excluded=excluded, mode="share"), tuple(marks), ())


def _leaves(
    chosen: Sequence[_Chosen], marks: Sequence[Callable[[], Target]], fields: tuple[str, ...]
) -> Iterator[nodes.Leaf]:
    for (stem, weight, written), mark in zip(chosen, marks, strict=True):
        asked = nodes.Asked(Word(written), (written,), mark)
        yield nodes.Leaf(((weight, FindTerms(STEM, (stem,))),), fields, asked=asked)


def _target(stem: str, fields: tuple[str, ...]) -> Target:
    return Target((SetMatcher(frozenset((stem,)), Level.STEM, "stem"),), fields=frozenset(fields))
