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
from arsearch.index.execution.match_result import MatchResult
from arsearch.index.execution.rescoring import Rescorer
from arsearch.index.execution.sorting import first_of_each, sort_keys
from arsearch.index.reader.snapshot import IndexReader
from arsearch.search.request import DUPLICATES, PageRequest

__all__ = ["TopDocs", "collect_page"]

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
    reader: IndexReader,
    result: MatchResult,
    rescorer: Rescorer,
    collate: Callable[[str], str],
    page: PageRequest,
) -> TopDocs:
    """Return one page of a result. Keywords are sorted by `collate` of each.

    Collapsed by a field, the totals leave out the documents behind the first one of their value. Collapsed by
    near-duplicates they count all: otherwise the whole of a long list would be compared with itself.
    """
    if page.collapse is None and page.by_score:
        (docs, scores), whole = _by_score(result, page.end, rescorer)
        total = result.total if result.complete is None else len(result.complete)
        complete = np.arange(len(docs)) < whole
        cut = slice(page.offset, page.end)
        return TopDocs(docs[cut], scores[cut], complete[cut], total, result.total)
    docs, scores = result.matches
    complete = np.ones(len(docs), bool) if result.complete is None else contains(docs, result.complete)
    if page.by_score:
        scores = scores + rescorer.bonus(docs)
        keys = -scores
    else:
        if complete.any():
            # In order of date, articles that lack a word would stand before those with all words.
            docs, scores, complete = docs[complete], scores[complete], complete[complete]
        keys = sort_keys(reader, str(page.sort), docs, collate)
    order = np.lexsort((docs, keys, ~complete))
    if page.collapse == DUPLICATES:
        kept, similar = collapse_near_duplicates(reader.signatures()[docs[order]], page.end)
        first, total = order[kept[page.offset :]], int(complete.sum())
        left_out = np.array(similar[page.offset :], np.int64)
        return TopDocs(docs[first], scores[first], complete[first], total, result.total, left_out)
    if page.collapse is not None:
        order = order[first_of_each(reader, page.collapse, docs[order])]
    first = order[page.offset : page.end]
    total_any = len(order) if page.collapse is not None else result.total
    return TopDocs(docs[first], scores[first], complete[first], int(complete[order].sum()), total_any)


def _by_score(result: MatchResult, count: int, rescorer: Rescorer) -> tuple[ScoredDocs, int]:
    """The first `count`, and how many of them have all that was asked for: those come first."""
    if result.complete is None:
        first = _top(result.found, count, rescorer)
        return first, len(first.docs)
    whole, part = _apart(result.found, result.complete)
    first = _top(whole, count, rescorer)
    rest = _top(part, count - len(first.docs), rescorer)
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


def _top(found: ScoredDocs | ScoreAccumulator, count: int, rescorer: Rescorer) -> ScoredDocs:
    """The first `count` by score and bonus; then by document."""
    if count <= 0:
        return NO_DOCS
    top = _reaching(found, score_threshold(found.scores, count))
    if rescorer.bound and len(top.docs):
        if len(top.docs) >= count:
            # With what those ahead get, the last of the page is surely no lower than this.
            last = np.sort(top.scores + rescorer.bonus(top.docs))[-count]
            top = _reaching(found, float(last) * (1 - _ROUNDING) - rescorer.bound)
        top = ScoredDocs(top.docs, top.scores + rescorer.bonus(top.docs))
    order = np.lexsort((top.docs, -top.scores))[:count]
    return ScoredDocs(top.docs[order], top.scores[order])


def _reaching(found: ScoredDocs | ScoreAccumulator, least: float) -> ScoredDocs:
    """The documents whose score is at least that."""
    if isinstance(found, ScoredDocs):
        kept = found.scores >= least
        return ScoredDocs(found.docs[kept], found.scores[kept])
    docs = (found.scores >= least if least > 0 else found.scores > 0).nonzero()[0]
    return ScoredDocs(docs, found.scores.take(docs))
