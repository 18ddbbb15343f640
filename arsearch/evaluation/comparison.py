"""Whether one run is better than another: paired bootstrap over groups of queries.

Queries about one document, or one article cut into passages, succeed and fail together; drawn one by one they
would make any difference look surer than it is. So whole groups are drawn (Efron & Tibshirani, "An Introduction to the
Bootstrap", 1993, §8 on the unit of resampling; Smucker, Allan & Carterette, CIKM 2007, on tests of retrieval).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from arsearch.errors import InputError

if TYPE_CHECKING:
    from arsearch.evaluation.qrels import Qrels

__all__ = ["Comparison", "compare", "holm", "query_groups"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The mean of `first - second` over the queries, with the bounds that hold 95 % of its resamples.

    `p` is two-sided: how often, at twice the smaller side, a resampled difference falls on the other side of zero.
    """

    difference: float
    low: float
    high: float
    p: float
    queries: int
    groups: int

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def query_groups(qrels: Qrels, keys: Mapping[str, str] | None = None) -> dict[str, str]:
    """Put queries that share a relevant document into one group; a group is named by one of its queries.

    `keys` maps documents to what they are part of, such as a Wikipedia article's title: queries that share a key are
    grouped too. Documents without a key, or with an empty one, stand for themselves.
    """
    leader: dict[str, str] = {}

    def find(query: str) -> str:
        while leader[query] != query:
            leader[query] = query = leader[leader[query]]
        return query

    owner: dict[tuple[str, str], str] = {}
    for query, judged in qrels.items():
        leader[query] = query
        for document, grade in judged.items():
            if grade <= 0:
                continue
            names = [("document", document)]
            if keys and keys.get(document):
                names.append(("key", keys[document]))
            for name in names:
                leader[find(query)] = find(owner.setdefault(name, query))
    return {query: find(query) for query in qrels}


def compare(
    first: Mapping[str, float],
    second: Mapping[str, float],
    *,
    groups: Mapping[str, str] | None = None,
    samples: int = 10_000,
    seed: int = 1,
) -> Comparison:
    """Compare two runs' values of one measure by query, `Evaluation.per_query[name]` of each.

    A query without a group is its own. The same `seed` gives the same bounds. Raises `InputError` when the two do not
    cover the same queries, or none.
    """
    if first.keys() != second.keys() or not first:
        raise InputError("only runs over the same queries can be compared, and there must be at least one query")
    number: dict[tuple[bool, str], int] = {}
    own = groups or {}
    member = [number.setdefault((query in own, own.get(query, query)), len(number)) for query in first]
    gains = np.array([first[query] - second[query] for query in first])
    sums = np.bincount(member, weights=gains)
    sizes = np.bincount(member)
    generator = np.random.default_rng(seed)
    means = np.empty(samples)
    for at in range(samples):
        drawn = generator.integers(0, len(sums), len(sums))
        means[at] = sums[drawn].sum() / sizes[drawn].sum()
    low, high = np.quantile(means, [0.025, 0.975])
    p = min(1.0, 2 * float(min(np.mean(means <= 0), np.mean(means >= 0))))
    return Comparison(float(gains.mean()), float(low), float(high), max(p, 1 / samples), len(gains), len(sums))


def holm(values: Sequence[float]) -> list[float]:
    """The p values of several comparisons of one thing, corrected for their number, in their order.

    Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979: the smallest is multiplied by their number,
    the next by one less, and so on; none falls below one that was smaller, none exceeds 1. No values, none back.
    """
    corrected = [0.0] * len(values)
    least = 0.0
    for rank, at in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        least = max(least, min(1.0, (len(values) - rank) * values[at]))
        corrected[at] = least
    return corrected
