"""What neighbouring words of a query are worth when they stand near each other in an article.

A pair of neighbouring query words is looked for at the stem level, in their order, at most `SLOP` positions further
apart than in the query, the further the less. Its score is BM25 over the fields, as a word's (see `ranking`), with the
idf of the rarer of the two and a weight of its own, divided by the square root of the number of pairs: in a long
question no one pair says as much as in a query of two words. It only adds to articles that matched anyway, and by a bounded
amount: so it is worked out for those alone that it could bring among the first, and the order is still exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from arsearch.index.matches import member, unite
from arsearch.index.segment import STEM

if TYPE_CHECKING:
    from arsearch.index.arrays import Array
    from arsearch.index.nodes import Evaluation

__all__ = ["SLOP", "Pair", "bonus", "bound"]

SLOP = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring words of a query: their stems, how many positions apart they stand in it, and where to look."""

    first: str
    second: str
    distance: int
    fields: tuple[str, ...]


def bound(run: Evaluation, pairs: Sequence[Pair]) -> float:
    """No article gets more from `pairs` than this."""
    return sum(_weight(run, pair, len(pairs)) * (run.ranking.k1 + 1) for pair in pairs)


def bonus(run: Evaluation, pairs: Sequence[Pair], docs: Array) -> Array:
    """What each of `docs`, which rise, gets from `pairs`."""
    total = np.zeros(len(docs))
    for pair in pairs:
        weight = _weight(run, pair, len(pairs))
        if not weight or not run.in_time():
            continue
        parts = []
        for field in pair.fields:
            firsts = run.reader.occurrences_in(field, STEM, pair.first, docs)
            seconds = run.reader.occurrences_in(field, STEM, pair.second, docs)
            parts.append(run.normalised(field, *_near(firsts, seconds, pair.distance)))
        near = unite(parts, run.reader.docs)
        k1 = run.ranking.k1
        total[member(docs, near.docs)] += weight * (k1 + 1) * near.scores / (near.scores + k1)
    return total


def _weight(run: Evaluation, pair: Pair, count: int) -> float:
    reader = run.reader
    frequencies = [
        max(reader.doc_frequency(field, STEM, stem) for field in pair.fields) for stem in (pair.first, pair.second)
    ]
    if not min(frequencies):
        return 0.0
    rarer = min(*frequencies, reader.count)
    idf = math.log1p((reader.count - rarer + 0.5) / (rarer + 0.5))
    return run.ranking.pair_weight * idf / math.sqrt(count)


def _near(firsts: Array, seconds: Array, distance: int) -> tuple[Array, Array]:
    """The documents in which one of `seconds` follows one of `firsts` closely, and how often.

    At the query's own distance such a place counts 1, with n positions more between them 1 / (n + 1).
    """
    if not len(firsts) or not len(seconds):
        return np.empty(0, np.int64), np.empty(0)
    after = np.append(seconds, np.int64(2**63 - 1))[np.searchsorted(seconds, firsts, "right")]
    more = np.maximum(after - firsts - distance, 0)
    close = more <= SLOP
    docs, places = np.unique(firsts[close] >> 32, return_inverse=True)
    return docs, np.bincount(places, weights=1 / (more[close] + 1), minlength=len(docs))
