"""The best documents of a plan of words, in one call of the extension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.compiled.commits import CompiledCommits
from arsearch.index.compiled.words import Pairs, WordCache
from arsearch.index.execution.context import SearchContext
from arsearch.index.reader.snapshot import IndexReader
from arsearch.search.clauses import BooleanClause, QueryClause, ScoredClause
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.request import PageRequest
from arsearch.search.signals import SLOP, ProximitySignal

__all__ = ["BestDocs", "CompiledPages"]

_MODES = {"all": 0, "auto": 1, 1: 2}
"""The values of `BooleanClause.minimum_should_match` that the extension knows, as its modes."""

_MAX_WORDS = 32
"""The words of a query that one call scores; longer queries are left to `execution`, which looks at the time in between."""


_WINDOW = 1 << 16
"""The documents that are searched at once: the cache of a core holds their scores."""


class BestDocs(NamedTuple):
    """The best documents in order, with their scores; the first `complete` of them are complete.

    The totals are those of `TopDocs`.
    """

    docs: Sequence[int]
    scores: Sequence[float]
    complete: int
    total_complete: int
    total: int


class CompiledPages:
    """Finds the best documents of plans on one commit, with the extension `native`. Threads may share it."""

    def __init__(self, native: Any, reader: IndexReader, ranking: Ranking) -> None:
        self._native = native
        self._commits = CompiledCommits(native, reader, ranking)
        self._words = WordCache(native, self._commits, reader, ranking)
        stored = [(base, segment.stored) for base, segment in zip(reader.bases, reader.segments, strict=False)]
        self._articles = native.Articles(
            tuple((base, *columns.ids.arrays(), *columns.titles.arrays()) for base, columns in stored)
        )

    def best(self, context: SearchContext, plan: Plan, page: PageRequest) -> BestDocs | None:
        """Return the documents up to the end of a page in order of score; `None` for a plan that `execution` must execute.

        The page has no facets and no groups.
        """
        clause: QueryClause | None = plan.clause
        if isinstance(clause, ScoredClause):
            clause = BooleanClause((clause,), minimum_should_match=1)
        if not isinstance(clause, BooleanClause) or clause.must or not clause.should or not context.budget.in_time():
            return None
        mode = _MODES.get(clause.minimum_should_match)
        pairs = self._pairs(plan)
        children = (*clause.should, *clause.optional)
        if mode is None or pairs is None or len(children) > _MAX_WORDS:
            return None
        words = []
        for child in children:
            word = self._words.word(context, child) if isinstance(child, ScoredClause) else None
            if word is None:
                return None
            words.append(word)
        count, total = len(clause.should), context.reader.docs
        mask = _mask(context, clause)
        if context.budget.timed_out:
            return None
        return BestDocs(
            *self._native.search(
                tuple(words[:count]),
                tuple(words[count:]),
                pairs.pairs,
                mode,
                total,
                min(page.end, total + 1),  # a larger number means the same, and C has no larger ones
                min(page.enough, total + 1),
                SLOP,
                pairs.bound,
                context.ranking.k1,
                mask,
                _WINDOW,
            )
        )

    def listed(self, docs: Sequence[int]) -> list[tuple[int, int, str, str]] | None:
        """Return the segment of each document, its number there, its id and its title; `None` if one is not UTF-8."""
        try:
            found: list[tuple[int, int, str, str]] = self._articles.listed(docs)
        except UnicodeDecodeError:
            return None
        return found

    def doc_frequencies(self, field: str, stems: list[str]) -> list[int] | None:
        """Return the number of documents with each stem in a field; `None` if `reader` must count them."""
        commit = self._commits.of((field,))
        if commit is None:
            return None
        try:
            counts: list[int] = commit.doc_frequencies(0, stems)
        except ValueError:  # the reader names the file
            return None
        return counts

    def count(self, context: SearchContext, clause: ScoredClause) -> int | None:
        """Return the number of complete documents of a clause; `None` if `execution` must count them."""
        word = self._words.word(context, clause)
        return None if word is None else word.count

    def _pairs(self, plan: Plan) -> Pairs | None:
        if not plan.signals:
            return Pairs((), 0.0)
        signal = plan.signals[0]
        return self._words.pairs(signal) if len(plan.signals) == 1 and isinstance(signal, ProximitySignal) else None


def _mask(context: SearchContext, clause: BooleanClause) -> Array | None:
    """Return a mask of the documents that filters and exclusions let through; `None` if that is all."""
    if context.allowed is None and not clause.must_not:
        return None
    mask = np.ones(context.reader.docs, np.uint8)
    if context.allowed is not None:
        mask[:] = 0
        mask[context.allowed] = 1
    if clause.must_not:
        from arsearch.index.execution import boolean  # noqa: F401 - evaluates the clauses inside exclusions
        from arsearch.index.execution.evaluation import excluded_docs  # few searches exclude
    for child in clause.must_not:
        docs = excluded_docs(child, context)
        if docs is not None:
            mask[docs] = 0
    return mask
