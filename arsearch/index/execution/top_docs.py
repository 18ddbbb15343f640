"""Order the matches of a query, and cut one page from them.

In order of score, only documents that may be on the page are rescored. Bonuses (see `rescoring`) are bounded: a document
that is too far below the last one of the page stays below it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, score_threshold
from arsearch.index.execution.match_result import MatchResult, Scored, listed
from arsearch.index.execution.rescoring import Rescorer
from arsearch.index.reader.snapshot import IndexReader
from arsearch.minhash import collapse_near_duplicates
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

    groups: tuple[Group, ...] | None = None
    """The further documents with the value of each document; `None` unless a field is collapsed."""


@dataclass(frozen=True, slots=True)
class Group:
    """The next documents after the first of one value of a collapsed field, in order; `total` counts all with the value."""

    docs: Array
    scores: Array
    complete: Array
    total: int


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
    from arsearch.index.execution.sorting import collapse_keys, first_of_each, sort_keys  # few searches need it

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
    cut = slice(page.offset, page.end)
    if page.collapse is None:
        found = TopDocs(docs[cut], scores[cut], complete[cut], len(docs), int(complete.sum()))
    else:
        values = collapse_keys(reader, page.collapse, docs)
        kept = first_of_each(values)
        found = TopDocs(
            docs[kept][cut],
            scores[kept][cut],
            complete[kept][cut],
            int(kept.sum()),
            int(complete[kept].sum()),
            groups=tuple(
                _group(docs, scores, complete, np.flatnonzero(values == value) if value >= 0 else [at], page.inner_hits)
                for at, value in zip(np.flatnonzero(kept)[cut].tolist(), values[kept][cut].tolist(), strict=True)
            ),
        )
    return found if page.by_score else _with_bonus(found, rescorer)


def _group(docs: Array, scores: Array, complete: Array, members: Array | list[int], count: int) -> Group:
    """Return the group of the documents at the places `members`, the first of which is the hit itself."""
    shown = np.asarray(members[1 : 1 + count], np.int64)
    return Group(docs[shown], scores[shown], complete[shown], len(members))


def _with_bonus(found: TopDocs, rescorer: Rescorer) -> TopDocs:
    """Return a page with the bonuses of its documents in their scores."""

    def with_bonus(docs: Array, scores: Array) -> Array:
        ascending = np.argsort(docs)
        scores = scores.copy()
        scores[ascending] += rescorer.bonus(docs[ascending])
        return scores

    groups = found.groups and tuple(
        replace(group, scores=with_bonus(group.docs, group.scores)) for group in found.groups
    )
    return replace(found, scores=with_bonus(found.docs, found.scores), groups=groups)


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
    tiers = [_candidates(result.complete, count, rescorer)]
    missing = count - len(tiers[0].docs)
    if missing > 0:
        tiers.append(_candidates(result.rest, missing, rescorer))
    first, *rest = [_ordered(tier, count) for tier in _with_bonuses(tiers, rescorer)]
    if not rest:
        return first, len(first.docs)
    last = ScoredDocs(rest[0].docs[:missing], rest[0].scores[:missing])
    both = ScoredDocs(np.concatenate((first.docs, last.docs)), np.concatenate((first.scores, last.scores)))
    return both, len(first.docs)


def _candidates(scored: Scored, count: int, rescorer: Rescorer) -> ScoredDocs:
    """Return the documents that may be among the `count` best with their bonuses, with their scores, without bonuses."""
    if count <= 0:
        return NO_DOCS
    threshold, bound = score_threshold(scored.scores, count), rescorer.bound
    if not bound:
        return _at_least(scored, threshold)
    # The last score on the page is at least the threshold, and a bonus adds at most the bound.
    found = _at_least(scored, threshold * (1 - _ROUNDING) - bound)
    if len(found.docs) > max(_MANY, count):
        # The bonuses of the best ones raise the threshold.
        best = _at_least(found, threshold)
        last = np.sort(best.scores + rescorer.bonus(best.docs))[-count]
        found = _at_least(found, float(last) * (1 - _ROUNDING) - bound)
    return found


def _with_bonuses(tiers: Sequence[ScoredDocs], rescorer: Rescorer) -> list[ScoredDocs]:
    """Return sets of documents with their bonuses in their scores. All bonuses come from one call, which costs less."""
    filled = [tier for tier in tiers if len(tier.docs)]
    if not rescorer.bound or not filled:
        return list(tiers)
    docs = np.concatenate([tier.docs for tier in filled])
    order = slice(None) if len(filled) == 1 else docs.argsort()
    bonus = np.empty(len(docs), np.float32)
    bonus[order] = rescorer.bonus(docs[order])
    ends = np.cumsum([len(tier.docs) for tier in tiers])
    parts = np.split(bonus, ends[:-1])
    return [ScoredDocs(tier.docs, tier.scores + part) for tier, part in zip(tiers, parts, strict=True)]


def _ordered(scored: ScoredDocs, count: int) -> ScoredDocs:
    """Return the `count` documents with the highest scores; equal ones in order of document."""
    order = np.lexsort((scored.docs, -scored.scores))[:count]
    return ScoredDocs(scored.docs[order], scored.scores[order])


def _at_least(scored: Scored, minimum: float) -> ScoredDocs:
    """Return the documents whose score is at least `minimum`."""
    if isinstance(scored, ScoredDocs):
        kept = scored.scores >= minimum
        return ScoredDocs(scored.docs[kept], scored.scores[kept])
    docs = (scored.scores >= minimum if minimum > 0 else scored.scores > 0).nonzero()[0]
    return ScoredDocs(docs, scored.scores.take(docs))
