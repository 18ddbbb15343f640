"""Sets of scored documents and their algebra, in vectors.

Few documents are kept as sorted arrays (`Matches`), many as one score for every document there is (`Tally`): adding
to it costs a step a posting, whatever it holds, and the first ten are found without listing the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array

__all__ = [
    "NO_DOCS",
    "ScoreAccumulator",
    "ScoredDocs",
    "accumulate",
    "contains",
    "intersect",
    "is_dense",
    "locate",
    "score_threshold",
    "subtract",
    "union",
]

_DENSE = 128
"""A union of more than 1/128 of all documents is summed in one array over all of them."""

_FEW = 512
_TIMES = 64
"""Fewer documents than this, or than one in so many, are looked up one by one; of more it is marked which are there."""

_GROUPS = 512
"""Into how many groups scores are dealt to find one that few are above; several times a page of hits."""


class ScoredDocs(NamedTuple):
    """Documents, rising and distinct, and a score for each."""

    docs: Array
    scores: Array


NO_DOCS = ScoredDocs(np.empty(0, np.intp), np.empty(0, np.float32))


class ScoreAccumulator:
    """A score for every document; those that do not match have 0, those that do more."""

    __slots__ = ("count", "scores")

    def __init__(self, scores: Array) -> None:
        self.scores = scores
        self.count = int(np.count_nonzero(scores > 0))

    def matches(self) -> ScoredDocs:
        """The documents that match."""
        docs = (self.scores > 0).nonzero()[0]
        return ScoredDocs(docs, self.scores.take(docs))


def accumulate(parts: Iterable[ScoredDocs], total: int) -> ScoreAccumulator:
    """The sum of parts whose scores are all above 0; `total` is how many documents there are."""
    scores = np.zeros(total, np.float32)
    for part in parts:
        np.add.at(scores, part.docs.astype(np.intp, copy=False), part.scores)
    return ScoreAccumulator(scores)


def is_dense(parts: Sequence[ScoredDocs], total: int) -> bool:
    """Whether a union of `parts` is better summed in a `Tally`."""
    return sum(len(part.docs) for part in parts) * _DENSE > total


def union(parts: Sequence[ScoredDocs], total: int) -> ScoredDocs:
    """The documents of any part, with the sum of their scores; `total` is how many documents there are."""
    parts = [part for part in parts if len(part.docs)]
    if not parts:
        return NO_DOCS
    if len(parts) == 1:
        return parts[0]
    if is_dense(parts, total) and all(part.scores.min() > 0 for part in parts):
        return accumulate(parts, total).matches()
    docs = np.concatenate([part.docs for part in parts])
    scores = np.concatenate([part.scores for part in parts])
    order = np.argsort(docs, kind="stable")
    docs, scores = docs[order], scores[order]
    starts = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))
    return ScoredDocs(docs[starts], np.add.reduceat(scores, starts))


def locate(docs: Array, among: Array) -> tuple[Array, Array]:
    """Where each of `docs` is in `among`, and whether it is; both rise, and `among` is not empty."""
    if among.dtype == np.uint32:  # which every document fits: else NumPy would widen all of `among`
        docs = docs.astype(np.uint32, copy=False)
    at = among.searchsorted(docs)
    return at, among.take(at, mode="clip") == docs


def contains(docs: Array, among: Array) -> Array:
    """Which of `docs` are in `among`; both rise."""
    if not len(among):
        return np.zeros(len(docs), bool)
    if len(docs) < _FEW or len(docs) * _TIMES < len(among):
        return locate(docs, among)[1]
    last = among[-1]
    there = np.zeros(int(last) + 1, bool)
    there[among] = True
    found: Array = there.take(docs, mode="clip")
    found &= docs <= last
    return found


def intersect(parts: Sequence[ScoredDocs]) -> ScoredDocs:
    """The documents of every part, with the sum of their scores."""
    if not parts:
        return NO_DOCS
    docs, scores = min(parts, key=lambda part: len(part.docs))
    least = docs
    for part in parts:
        if part.docs is not least:
            docs = docs[contains(docs, part.docs)]
    scores = np.zeros(len(docs), np.float32)
    for part in parts:
        if len(docs):
            scores += part.scores[np.searchsorted(part.docs, docs)]
    return ScoredDocs(docs, scores)


def subtract(base: ScoredDocs, docs: Array) -> ScoredDocs:
    """`base` without `docs`."""
    kept = ~contains(base.docs, docs)
    return ScoredDocs(base.docs[kept], base.scores[kept])


def score_threshold(scores: Array, count: int) -> float:
    """A value that at least `count` of the scores reach, and few more; the least score if there are no more."""
    if len(scores) <= count:
        return float(scores.min()) if len(scores) else 0.0
    groups = max(_GROUPS, 4 * count)
    if len(scores) > 8 * groups:
        # The best of each group, dealt out like cards: the `count`-th best of these is a score of `count` at least.
        rows = len(scores) // groups
        dealt = scores[: rows * groups].reshape(rows, groups).max(axis=0)
        return float(np.partition(dealt, groups - count)[groups - count])
    return float(np.partition(scores, len(scores) - count)[len(scores) - count])
