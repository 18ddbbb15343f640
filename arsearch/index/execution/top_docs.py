"""Order the matches of a query, and cut one page from them.

In order of score, only documents that may be on the page are rescored. Bonuses (see `rescoring`) are bounded: a document
that is too far below the last one of the page stays below it.
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
"""The relative error of a score, a 32-bit float."""


@dataclass(frozen=True, slots=True)
class TopDocs:
    """The documents of a page in order, with their scores.

    `complete` is a mask of those with all words of the query. `total` counts these in the whole result, and `total_any` all
    matches.
    """

    docs: Array
    scores: Array
    complete: Array
    total: int
    total_any: int
    similar: Array | None = None
    """The number of near-duplicates that each document stands for; `None` unless they are collapsed."""


def collect_page(
    reader: IndexReader,
    result: MatchResult,
    rescorer: Rescorer,
    collate: Callable[[str], str],
    page: PageRequest,
) -> TopDocs:
    """Return one page of a result. Keywords are sorted by `collate` of each.

    If a field is collapsed, the totals count only the first document of each value. If near-duplicates are collapsed,
    the totals count all documents: otherwise each document of a long result would be compared with all others.
    """
    if page.collapse is None and page.by_score:
        (docs, scores), complete_count = _by_score(result, page.end, rescorer)
        total = result.total if result.complete is None else len(result.complete)
        complete = np.arange(len(docs)) < complete_count
        cut = slice(page.offset, page.end)
        return TopDocs(docs[cut], scores[cut], complete[cut], total, result.total)
    docs, scores = result.matches
    complete = np.ones(len(docs), bool) if result.complete is None else contains(docs, result.complete)
    if page.by_score:
        scores = scores + rescorer.bonus(docs)
        keys = -scores
    else:
        if complete.any():
            # In the order of a field, articles that lack a word would come before articles with all words.
            docs, scores, complete = docs[complete], scores[complete], complete[complete]
        keys = sort_keys(reader, str(page.sort), docs, collate)
    order = np.lexsort((docs, keys, ~complete))
    total_any, similar = result.total, None
    if page.collapse == DUPLICATES:
        kept, counts = collapse_near_duplicates(reader.signatures()[docs[order]], page.end)
        first, total = order[kept[page.offset :]], int(complete.sum())
        similar = np.array(counts[page.offset :], np.int64)
    else:
        if page.collapse is not None:
            order = order[first_of_each(reader, page.collapse, docs[order])]
            total_any = len(order)
        first, total = order[page.offset : page.end], int(complete[order].sum())
    shown, shown_scores = docs[first], scores[first]
    if not page.by_score:
        ascending = np.argsort(shown)
        shown_scores[ascending] += rescorer.bonus(shown[ascending])
    return TopDocs(shown, shown_scores, complete[first], total, total_any, similar)


def _by_score(result: MatchResult, count: int, rescorer: Rescorer) -> tuple[ScoredDocs, int]:
    """Return the first `count` documents, and the number of them with all words of the query: these come first."""
    if result.complete is None:
        first = _best(result.scored, count, rescorer)
        return first, len(first.docs)
    complete, partial = _split(result.scored, result.complete)
    first = _best(complete, count, rescorer)
    rest = _best(partial, count - len(first.docs), rescorer)
    both = ScoredDocs(np.concatenate((first.docs, rest.docs)), np.concatenate((first.scores, rest.scores)))
    return both, len(first.docs)


def _split(scored: ScoredDocs | ScoreAccumulator, complete: Array) -> tuple[ScoredDocs, ScoredDocs | ScoreAccumulator]:
    """Return the scores of the `complete` documents, and those of the others."""
    if isinstance(scored, ScoreAccumulator):
        others = scored.scores.copy()
        others[complete] = 0
        return ScoredDocs(complete, scored.scores[complete]), ScoreAccumulator(others)
    inside = contains(scored.docs, complete)
    return ScoredDocs(complete, scored.scores[inside]), ScoredDocs(scored.docs[~inside], scored.scores[~inside])


def _best(scored: ScoredDocs | ScoreAccumulator, count: int, rescorer: Rescorer) -> ScoredDocs:
    """Return the `count` documents with the highest sums of score and bonus; equal ones in order of document."""
    if count <= 0:
        return NO_DOCS
    top = _at_least(scored, score_threshold(scored.scores, count))
    if rescorer.bound and len(top.docs):
        if len(top.docs) >= count:
            # The last score on the page is at least the lowest score of these documents with their bonuses.
            last = np.sort(top.scores + rescorer.bonus(top.docs))[-count]
            top = _at_least(scored, float(last) * (1 - _ROUNDING) - rescorer.bound)
        top = ScoredDocs(top.docs, top.scores + rescorer.bonus(top.docs))
    order = np.lexsort((top.docs, -top.scores))[:count]
    return ScoredDocs(top.docs[order], top.scores[order])


def _at_least(scored: ScoredDocs | ScoreAccumulator, minimum: float) -> ScoredDocs:
    """Return the documents whose score is at least `minimum`."""
    if isinstance(scored, ScoredDocs):
        kept = scored.scores >= minimum
        return ScoredDocs(scored.docs[kept], scored.scores[kept])
    docs = (scored.scores >= minimum if minimum > 0 else scored.scores > 0).nonzero()[0]
    return ScoredDocs(docs, scored.scores.take(docs))
