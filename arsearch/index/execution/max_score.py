"""Leave out documents whose scores, by the bounds of their words, cannot be among the best (MaxScore).

Source: Turtle and Flood, "Query evaluation: strategies and optimizations", Information Processing & Management 31, 1995.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import ScoredDocs, contains
from arsearch.index.execution.scorer import Scorer

__all__ = ["ROUNDING", "TopNeed", "by_max_score", "reaching"]

ROUNDING = 1 + 1e-4
"""Bounds are widened by this factor, because scores are sums of 32-bit floats."""


class TopNeed(NamedTuple):
    """The number of best documents that are needed, and `slack`, the most that signals can add to a score."""

    number: int
    slack: float


def by_max_score(words: Sequence[Scorer]) -> list[tuple[float, Scorer]]:
    """Return scorers with their bounds, the highest bound first."""
    return sorted(((word.max_score(), word) for word in words), key=itemgetter(0), reverse=True)


def reaching(
    docs: Array, words: Sequence[tuple[float, Scorer]], threshold: float, complete: Array | None = None
) -> ScoredDocs:
    """Return the documents whose score may reach `threshold`, and those of `complete`, with their scores.

    `words` are scorers with their bounds, the highest bound first.
    """
    remaining = sum(bound for bound, _ in words)
    scores = np.zeros(len(docs), np.float32)
    for bound, word in words:
        scores += word.scores_at(docs)
        remaining -= bound
        kept = scores >= threshold / ROUNDING - remaining * ROUNDING
        if complete is not None:
            kept |= contains(docs, complete)
        docs, scores = docs[kept], scores[kept]
    return ScoredDocs(docs, scores)
