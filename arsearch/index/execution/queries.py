"""A compiled query: what each part matches in a snapshot, with scores, all in vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, get_args

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, contains, intersect, subtract, union
from arsearch.index.execution.match_result import MatchResult
from arsearch.index.execution.scorers import Scorer, scorer_for
from arsearch.index.matching.postings_queries import PostingsSource
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.cache import ClockCache
from arsearch.index.reader.snapshot import IndexReader
from arsearch.search.ranking import Ranking
from arsearch.snippets import HighlightTarget

__all__ = [
    "ENOUGH",
    "MODES",
    "ConjunctionQuery",
    "ConstantScoreQuery",
    "DisjunctionQuery",
    "MatchResult",
    "Mode",
    "NotQuery",
    "Query",
    "QueryOrigin",
    "ScoredQuery",
    "SearchContext",
]

Mode = Literal["auto", "all", "any"]
MODES = get_args(Mode)
ENOUGH = 10
"""Articles with all words that make `auto` stop there, unless more are asked for.

Notes on real queries: at the median AND finds 7, OR 3,310."""


@dataclass(slots=True)
class SearchContext:
    """One run of one query over one snapshot.

    `allowed` are the documents, rising, that filters let through (`None`: all). `known` remembers what leaves score from
    one run to the next on the same snapshot. `first` is how many of the best are wanted, and what may come on top of the
    scores of nodes; `None` when all are. `auto` goes on with part of the words when not `enough` articles have them all.
    """

    reader: IndexReader
    ranking: Ranking
    filter_docs: Array | None = None
    budget: SearchBudget = field(default_factory=SearchBudget)
    cache: ClockCache[Scorer] = field(default_factory=lambda: ClockCache(0))
    first: tuple[int, float] | None = None
    enough: int = ENOUGH

    def excluded(self, node: Query) -> Array | None:
        """The documents a node matches, rising; `None` if that cannot be said for sure, because time ran out."""
        docs = node.matches(self).docs
        return None if self.budget.timed_out else docs

    def apply_filters(self, matches: ScoredDocs) -> ScoredDocs:
        """The matches that the filters let through."""
        if self.filter_docs is None:
            return matches
        kept = contains(matches.docs, self.filter_docs)
        return ScoredDocs(matches.docs[kept], matches.scores[kept])

    def match_all(self) -> ScoredDocs:
        """All live documents, without a score."""
        return _unscored(self.reader.all_docs())


def _unscored(docs: Array) -> ScoredDocs:
    return ScoredDocs(docs, np.zeros(len(docs), np.float32))


class QueryOrigin(NamedTuple):
    """What a leaf was made of: a part of the query's tree, the written words to analyse, and what marks its matches."""

    node: object
    words: tuple[str, ...]
    target: Callable[[], HighlightTarget]
    others: Sequence[Callable[[], HighlightTarget]] = ()
    """What marks synonyms."""


class Query(Protocol):
    """A part of a compiled query."""

    def matches(self, context: SearchContext) -> ScoredDocs:
        """The live documents it matches, with their scores."""


@dataclass(frozen=True, slots=True)
class ScoredQuery:
    """A word, phrase or pattern: the weighted sum of its levels. `stop` marks a stop word.

    Levels are nested, and so are the finds: the last one's documents are all there are. `asked` is what was typed.
    """

    sources: tuple[tuple[float, PostingsSource], ...]
    fields: tuple[str, ...]
    is_stop_word: bool = False
    origin: QueryOrigin | None = field(default=None, compare=False)

    def matches(self, context: SearchContext) -> ScoredDocs:
        return union(scorer_for(context, self).partial_scores(), context.reader.docs)


@dataclass(frozen=True, slots=True)
class ConstantScoreQuery:
    """Documents that satisfy a condition on their values, without a score."""

    filter: Filter

    def matches(self, context: SearchContext) -> ScoredDocs:
        return _unscored(self.filter.docs(context.reader))


class Filter(Protocol):
    """A condition on documents' exact values."""

    def docs(self, reader: IndexReader) -> Array:
        """The live documents that satisfy it, rising."""


@dataclass(frozen=True, slots=True)
class ConjunctionQuery:
    """Every child: what the others match, less what the negated ones negate."""

    children: tuple[Query, ...]

    def matches(self, context: SearchContext) -> ScoredDocs:
        wanted = [child.matches(context) for child in self.children if not isinstance(child, NotQuery)]
        found = intersect(wanted) if wanted else context.match_all()
        for child in self.children:
            if isinstance(child, NotQuery):
                docs = context.excluded(child.child)
                found = NO_DOCS if docs is None else subtract(found, docs)
        return found


@dataclass(frozen=True, slots=True)
class DisjunctionQuery:
    """At least one child."""

    children: tuple[Query, ...]

    def matches(self, context: SearchContext) -> ScoredDocs:
        return union([child.matches(context) for child in self.children], context.reader.docs)


@dataclass(frozen=True, slots=True)
class NotQuery:
    """Every document its child does not match."""

    child: Query

    def matches(self, context: SearchContext) -> ScoredDocs:
        docs = context.excluded(self.child)
        return NO_DOCS if docs is None else subtract(context.match_all(), docs)
