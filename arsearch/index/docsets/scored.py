"""Scored documents, and their union, intersection and difference as vector operations.

`ScoredDocs` holds few documents as sorted arrays. `ScoreAccumulator` holds one score for every document of the index:
adding a posting costs the same however many documents match, and the best are found without listing the rest.
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
"""A union of more than 1/128 of all documents is summed in one array over all documents."""

_MIN_MASKED = 512
_MASK_SHARE = 64
"""`contains` searches for fewer than 512 documents one by one, or for fewer than 1/64 of the set; else it makes a mask."""

_GROUPS = 512
"""The number of groups that `score_threshold` deals scores into; several times a page of hits."""


class ScoredDocs(NamedTuple):
    """Distinct documents, rising, and the score of each."""

    docs: Array
    scores: Array


NO_DOCS = ScoredDocs(np.empty(0, np.intp), np.empty(0, np.float32))


class ScoreAccumulator:
    """A score for every document of the index: above 0 for a document that matches, else 0.

    `count` is the number of matching documents.
    """

    __slots__ = ("count", "scores")

    def __init__(self, scores: Array) -> None:
        self.scores = scores
        self.count = int(np.count_nonzero(scores > 0))

    def matches(self) -> ScoredDocs:
        """Return the matching documents."""
        docs = (self.scores > 0).nonzero()[0]
        return ScoredDocs(docs, self.scores.take(docs))


def accumulate(parts: Iterable[ScoredDocs], total: int) -> ScoreAccumulator:
    """Sum parts whose scores are all above 0; `total` is the number of documents of the index."""
    scores = np.zeros(total, np.float32)
    for part in parts:
        np.add.at(scores, part.docs.astype(np.intp, copy=False), part.scores)
    return ScoreAccumulator(scores)


def is_dense(parts: Sequence[ScoredDocs], total: int) -> bool:
    """Tell whether a union of `parts` is faster in a `ScoreAccumulator` over `total` documents."""
    return sum(len(part.docs) for part in parts) * _DENSE > total


def union(parts: Sequence[ScoredDocs], total: int) -> ScoredDocs:
    """Return the documents of any part, with the sums of their scores; `total` is the number of documents of the index."""
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
    """Return the insertion index of each of `docs` in `among`, and a mask of the `docs` that `among` holds.

    Both rise, and `among` is not empty.
    """
    dtype = among.dtype
    if docs.dtype != dtype and (dtype == np.uint32 or (len(docs) and int(docs[-1]) >> 8 * dtype.itemsize == 0)):
        docs = docs.astype(dtype)  # with mixed types NumPy would widen all of `among`
    at = among.searchsorted(docs)
    return at, among.take(at, mode="clip") == docs


def contains(docs: Array, among: Array) -> Array:
    """Return a mask of the `docs` that `among` holds; both rise."""
    if not len(among):
        return np.zeros(len(docs), bool)
    if len(docs) < _MIN_MASKED or len(docs) * _MASK_SHARE < len(among):
        return locate(docs, among)[1]
    last = among[-1]
    mask = np.zeros(int(last) + 1, bool)
    mask[among] = True
    inside: Array = mask.take(docs, mode="clip")
    inside &= docs <= last
    return inside


def intersect(parts: Sequence[ScoredDocs]) -> ScoredDocs:
    """Return the documents that all parts contain, with the sums of their scores; no documents for no parts."""
    if not parts:
        return NO_DOCS
    docs, scores = min(parts, key=lambda part: len(part.docs))
    smallest = docs
    for part in parts:
        if part.docs is not smallest:
            docs = docs[contains(docs, part.docs)]
    scores = np.zeros(len(docs), np.float32)
    for part in parts:
        if len(docs):
            scores += part.scores[np.searchsorted(part.docs, docs)]
    return ScoredDocs(docs, scores)


def subtract(base: ScoredDocs, docs: Array) -> ScoredDocs:
    """Return `base` without `docs`, which are in rising order."""
    kept = ~contains(base.docs, docs)
    return ScoredDocs(base.docs[kept], base.scores[kept])


def score_threshold(scores: Array, count: int) -> float:
    """Return a value that at least `count` of the scores reach, and few others; the lowest score if there are no more.

    For no scores at all the value is 0.
    """
    if len(scores) <= count:
        return float(scores.min()) if len(scores) else 0.0
    groups = max(_GROUPS, 4 * count)
    if len(scores) > 8 * groups:
        # At least `count` scores reach the `count`-th best of the groups' best scores.
        rows = len(scores) // groups
        dealt = scores[: rows * groups].reshape(rows, groups).max(axis=0)
        return float(np.partition(dealt, groups - count)[groups - count])
    return float(np.partition(scores, len(scores) - count)[len(scores) - count])
