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
from arsearch.index.docsets.scored import NO_DOCS, ScoreAccumulator, ScoredDocs, score_threshold
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

    `complete` is a mask of the complete ones. `total` counts all documents that pages reach, and `total_complete` the
    complete ones among them.
    """

    docs: Array
    scores: Array
    complete: Array
    total: int
    total_complete: int
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
        complete = np.arange(len(docs)) < complete_count
        cut = slice(page.offset, page.end)
        return TopDocs(docs[cut], scores[cut], complete[cut], result.total, result.total_complete)
    docs, scores, complete = _candidates(result, rescorer, page.by_score)
    keys = -scores if page.by_score else sort_keys(reader, str(page.sort), docs, collate)
    order = np.lexsort((docs, keys, ~complete))
    similar = None
    if page.collapse == DUPLICATES:
        kept, counts = collapse_near_duplicates(reader.signatures()[docs[order]], page.end)
        first, total, total_complete = order[kept[page.offset :]], len(docs), int(complete.sum())
        similar = np.array(counts[page.offset :], np.int64)
    else:
        if page.collapse is not None:
            order = order[first_of_each(reader, page.collapse, docs[order])]
        first, total, total_complete = order[page.offset : page.end], len(order), int(complete[order].sum())
    shown, shown_scores = docs[first], scores[first]
    if not page.by_score:
        ascending = np.argsort(shown)
        shown_scores[ascending] += rescorer.bonus(shown[ascending])
    return TopDocs(shown, shown_scores, complete[first], total, total_complete, similar)


def _candidates(result: MatchResult, rescorer: Rescorer, by_score: bool) -> tuple[Array, Array, Array]:
    """Return all documents that pages reach, their scores, and a mask of the complete ones.

    In the order of a field, documents that are not complete would come before complete ones: they are left out.
    """
    if not by_score:
        docs, scores = result.best
        return docs, scores, np.full(len(docs), result.total_complete > 0)
    tiers = [tier.matches() if isinstance(tier, ScoreAccumulator) else tier for tier in (result.complete, result.rest)]
    docs, scores = (np.concatenate(column) for column in zip(*tiers, strict=True))
    scores = scores + np.concatenate([rescorer.bonus(tier.docs) for tier in tiers])
    return docs, scores, np.arange(len(docs)) < len(tiers[0].docs)


def _by_score(result: MatchResult, count: int, rescorer: Rescorer) -> tuple[ScoredDocs, int]:
    """Return the first `count` documents, and the number of complete ones: these come first."""
    first = _best(result.complete, count, rescorer)
    if result.rest is NO_DOCS or len(first.docs) >= count:
        return first, len(first.docs)
    rest = _best(result.rest, count - len(first.docs), rescorer)
    both = ScoredDocs(np.concatenate((first.docs, rest.docs)), np.concatenate((first.scores, rest.scores)))
    return both, len(first.docs)


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
