"""From what a query matched to one page of it, in order.

By score, only those documents are looked at closely that may be among the first: a bonus that is worked out
afterwards (see `proximity`) is bounded, so whoever is too far below the last of the page stays below it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.minhash import collapse_near_duplicates
from arsearch.index.docsets.scored import NO_DOCS, ScoreAccumulator, ScoredDocs, contains, score_threshold
from arsearch.index.execution.filters import first_of_each, sort_keys
from arsearch.index.execution.proximity import Proximity
from arsearch.index.execution.queries import MatchResult, SearchContext

__all__ = ["DUPLICATES", "TopDocs", "collect_page"]

DUPLICATES = "duplicates"
"""What `collapse` takes beside the names of keyword fields."""

_ROUNDING = 1e-5
"""How far a score in 32 bits may be off, relatively."""


@dataclass(frozen=True, slots=True)
class TopDocs:
    """Documents in order, with their scores, and which of them have all that was asked for; and the totals."""

    docs: Array
    scores: Array
    complete: Array
    total: int
    total_any: int
    similar: Array | None = None
    """How many near-duplicates were left out for each."""


def collect_page(
    context: SearchContext,
    outcome: MatchResult,
    near: Proximity,
    normalise: Callable[[str], str],
    *,
    limit: int,
    offset: int,
    sort: str | None = None,
    collapse: str | None = None,
) -> TopDocs:
    """A page. Collapsed by a field, the totals leave out those that others of their value come before.

    Collapsed by near-duplicates they do not: for that the whole of a long list would be compared with itself.
    """
    count = offset + limit
    if collapse is None and sort in (None, "score"):
        (docs, scores), whole = _by_score(outcome, count, near)
        total = outcome.total if outcome.complete is None else len(outcome.complete)
        complete = np.arange(len(docs)) < whole
        cut = slice(offset, count)
        return TopDocs(docs[cut], scores[cut], complete[cut], total, outcome.total)
    docs, scores = outcome.matches
    complete = np.ones(len(docs), bool) if outcome.complete is None else contains(docs, outcome.complete)
    if sort in (None, "score"):
        scores = scores + near.bonus(docs)
        keys = -scores
    else:
        if complete.any():
            # In order of date, articles that lack a word would stand before those that have them all.
            docs, scores, complete = docs[complete], scores[complete], complete[complete]
        keys = sort_keys(context.reader, str(sort), docs, normalise)
    order = np.lexsort((docs, keys, ~complete))
    if collapse == DUPLICATES:
        kept, similar = collapse_near_duplicates(context.reader.signatures()[docs[order]], count)
        first, total = order[kept[offset:]], int(complete.sum())
        left_out = np.array(similar[offset:], np.int64)
        return TopDocs(docs[first], scores[first], complete[first], total, outcome.total, left_out)
    if collapse is not None:
        order = order[first_of_each(context.reader, collapse, docs[order])]
    first = order[offset:count]
    total_any = len(order) if collapse is not None else outcome.total
    return TopDocs(docs[first], scores[first], complete[first], int(complete[order].sum()), total_any)


def _by_score(outcome: MatchResult, count: int, near: Proximity) -> tuple[ScoredDocs, int]:
    """The first `count`, and how many of them have all that was asked for: those come first."""
    if outcome.complete is None:
        first = _first(outcome.found, count, near)
        return first, len(first.docs)
    whole, part = _apart(outcome.found, outcome.complete)
    first = _first(whole, count, near)
    rest = _first(part, count - len(first.docs), near)
    both = ScoredDocs(np.concatenate((first.docs, rest.docs)), np.concatenate((first.scores, rest.scores)))
    return both, len(first.docs)


def _apart(found: ScoredDocs | ScoreAccumulator, complete: Array) -> tuple[ScoredDocs, ScoredDocs | ScoreAccumulator]:
    """The `complete` ones, and the others."""
    if isinstance(found, ScoreAccumulator):
        others = found.scores.copy()
        others[complete] = 0
        return ScoredDocs(complete, found.scores[complete]), ScoreAccumulator(others)
    inside = contains(found.docs, complete)
    return ScoredDocs(complete, found.scores[inside]), ScoredDocs(found.docs[~inside], found.scores[~inside])


def _first(found: ScoredDocs | ScoreAccumulator, count: int, near: Proximity) -> ScoredDocs:
    """The first `count` by score and bonus; then by document."""
    if count <= 0:
        return NO_DOCS
    top = _reaching(found, score_threshold(found.scores, count))
    if near.bound and len(top.docs):
        if len(top.docs) >= count:
            # With what those ahead get, the last of the page is surely no lower than this.
            last = np.sort(top.scores + near.bonus(top.docs))[-count]
            top = _reaching(found, float(last) * (1 - _ROUNDING) - near.bound)
        top = ScoredDocs(top.docs, top.scores + near.bonus(top.docs))
    order = np.lexsort((top.docs, -top.scores))[:count]
    return ScoredDocs(top.docs[order], top.scores[order])


def _reaching(found: ScoredDocs | ScoreAccumulator, least: float) -> ScoredDocs:
    """The documents whose score is at least that."""
    if isinstance(found, ScoredDocs):
        kept = found.scores >= least
        return ScoredDocs(found.docs[kept], found.scores[kept])
    docs = (found.scores >= least if least > 0 else found.scores > 0).nonzero()[0]
    return ScoredDocs(docs, found.scores.take(docs))
