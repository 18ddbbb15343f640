"""Order the matches of a query, and cut one page from them.

In order of score, only documents that may be on the page are rescored. Bonuses (see `rescoring`) are bounded: a document
that is too far below the last one of the page stays below it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.minhash import collapse_near_duplicates
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, score_threshold
from arsearch.index.execution.match_result import MatchResult, Scored, listed
from arsearch.index.execution.rescoring import Rescorer
from arsearch.index.execution.sorting import first_of_each, sort_keys
from arsearch.index.reader.snapshot import IndexReader
from arsearch.search.request import DUPLICATES, PageRequest

__all__ = ["TopDocs", "collect_page"]

_ROUNDING = 1e-5
"""The relative error of a score, a 32-bit float."""

_MANY = 2000
"""If bonuses may move more documents into the page, the bonuses of the best are computed first, to leave out some others."""


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
    if not page.by_score:
        # In the order of a field, documents that are not complete would come before complete ones: they are left out.
        docs, scores = result.best
        tiers = [ScoredDocs(docs, scores), NO_DOCS] if result.total_complete else [NO_DOCS, ScoredDocs(docs, scores)]
        result = MatchResult(tiers[0], lambda: tiers[1])

    def ordered(complete: bool) -> ScoredDocs:
        """Return the complete documents, or the rest, in the order of the page."""
        docs, scores = listed(result.complete if complete else result.rest)
        scores = scores + rescorer.bonus(docs) if page.by_score else scores
        keys = -scores if page.by_score else sort_keys(reader, str(page.sort), docs, collate)
        order = np.lexsort((docs, keys))
        return ScoredDocs(docs[order], scores[order])

    if page.collapse == DUPLICATES:
        found = _collapse_duplicates(reader, result, ordered, page)
        return found if page.by_score else _with_bonus(found, rescorer)
    first, rest = ordered(True), ordered(False)
    docs, scores = (np.concatenate(column) for column in zip(first, rest, strict=True))
    complete = np.arange(len(docs)) < len(first.docs)
    if page.collapse is not None:
        kept = first_of_each(reader, page.collapse, docs)
        docs, scores, complete = docs[kept], scores[kept], complete[kept]
    cut = slice(page.offset, page.end)
    found = TopDocs(docs[cut], scores[cut], complete[cut], len(docs), int(complete.sum()))
    return found if page.by_score else _with_bonus(found, rescorer)


def _with_bonus(found: TopDocs, rescorer: Rescorer) -> TopDocs:
    """Return a page with the bonuses of its documents in their scores."""
    ascending = np.argsort(found.docs)
    scores = found.scores.copy()
    scores[ascending] += rescorer.bonus(found.docs[ascending])
    return replace(found, scores=scores)


def _collapse_duplicates(
    reader: IndexReader, result: MatchResult, ordered: Callable[[bool], ScoredDocs], page: PageRequest
) -> TopDocs:
    """Return a page of the first documents of near-duplicates. A complete document stands for complete ones only."""
    docs, scores, similar = [], [], []
    count = 0
    for complete in (True, False):
        if complete or count < page.end:
            tier = ordered(complete)
            kept, left_out = collapse_near_duplicates(reader.signatures()[tier.docs], page.end - count)
            docs.append(tier.docs[kept])
            scores.append(tier.scores[kept])
            similar += left_out
            count += len(kept)
    is_complete = np.arange(count) < len(docs[0])
    cut = slice(page.offset, page.end)
    return TopDocs(
        np.concatenate(docs)[cut],
        np.concatenate(scores)[cut],
        is_complete[cut],
        result.total,
        result.total_complete,
        np.array(similar[cut], np.int64),
    )


def _by_score(result: MatchResult, count: int, rescorer: Rescorer) -> tuple[ScoredDocs, int]:
    """Return the first `count` documents, and the number of complete ones: these come first."""
    first = _best(result.complete, count, rescorer)
    if len(first.docs) >= count:
        return first, len(first.docs)
    rest = _best(result.rest, count - len(first.docs), rescorer)
    both = ScoredDocs(np.concatenate((first.docs, rest.docs)), np.concatenate((first.scores, rest.scores)))
    return both, len(first.docs)


def _best(scored: Scored, count: int, rescorer: Rescorer) -> ScoredDocs:
    """Return the `count` documents with the highest sums of score and bonus; equal ones in order of document."""
    if count <= 0:
        return NO_DOCS
    threshold, bound = score_threshold(scored.scores, count), rescorer.bound
    if not bound:
        top = _at_least(scored, threshold)
    else:
        # The last score on the page is at least the threshold, and a bonus adds at most the bound.
        top = _at_least(scored, threshold * (1 - _ROUNDING) - bound)
        if len(top.docs) > max(_MANY, count):
            # The bonuses of the best ones raise the threshold.
            best = _at_least(top, threshold)
            last = np.sort(best.scores + rescorer.bonus(best.docs))[-count]
            top = _at_least(top, float(last) * (1 - _ROUNDING) - bound)
        top = ScoredDocs(top.docs, top.scores + rescorer.bonus(top.docs))
    order = np.lexsort((top.docs, -top.scores))[:count]
    return ScoredDocs(top.docs[order], top.scores[order])


def _at_least(scored: Scored, minimum: float) -> ScoredDocs:
    """Return the documents whose score is at least `minimum`."""
    if isinstance(scored, ScoredDocs):
        kept = scored.scores >= minimum
        return ScoredDocs(scored.docs[kept], scored.scores[kept])
    docs = (scored.scores >= minimum if minimum > 0 else scored.scores > 0).nonzero()[0]
    return ScoredDocs(docs, scored.scores.take(docs))
