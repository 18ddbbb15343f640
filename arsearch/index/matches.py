"""Sets of scored documents and their algebra, in vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.arrays import Array

__all__ = ["NOTHING", "Matches", "intersect", "member", "subtract", "unite"]


class Matches(NamedTuple):
    """Documents, rising and distinct, and a score for each."""

    docs: Array
    scores: Array


NOTHING = Matches(np.empty(0, np.int64), np.empty(0, np.float64))

_DENSE = 16
"""A union of more than 1/16 of all documents is summed in one array over all of them."""


def unite(parts: Sequence[Matches], total: int) -> Matches:
    """The documents of any part, with the sum of their scores; `total` is how many documents there are."""
    parts = [part for part in parts if len(part.docs)]
    if not parts:
        return NOTHING
    if len(parts) == 1:
        return parts[0]
    if sum(len(part.docs) for part in parts) * _DENSE > total:
        sums = np.zeros(total)
        seen = np.zeros(total, bool)
        for docs, scores in parts:
            sums[docs] += scores
            seen[docs] = True
        docs = np.flatnonzero(seen)
        return Matches(docs, sums[docs])
    docs = np.concatenate([part.docs for part in parts])
    scores = np.concatenate([part.scores for part in parts])
    order = np.argsort(docs, kind="stable")
    docs, scores = docs[order], scores[order]
    starts = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))
    return Matches(docs[starts], np.add.reduceat(scores, starts))


def member(docs: Array, among: Array) -> Array:
    """Which of `docs` are in `among`; both rise."""
    if not len(among):
        return np.zeros(len(docs), bool)
    at = np.searchsorted(among, docs)
    at[at == len(among)] = 0
    found: Array = among[at] == docs
    return found


def intersect(parts: Sequence[Matches]) -> Matches:
    """The documents of every part, with the sum of their scores."""
    if not parts:
        return NOTHING
    docs, scores = min(parts, key=lambda part: len(part.docs))
    least = docs
    for part in parts:
        if part.docs is not least:
            docs = docs[member(docs, part.docs)]
    scores = np.zeros(len(docs))
    for part in parts:
        if len(docs):
            scores += part.scores[np.searchsorted(part.docs, docs)]
    return Matches(docs, scores)


def subtract(base: Matches, docs: Array) -> Matches:
    """`base` without `docs`."""
    kept = ~member(base.docs, docs)
    return Matches(base.docs[kept], base.scores[kept])
