"""Comparison of two runs: a paired bootstrap over groups of queries.

Queries about one document, or about passages of one article, succeed and fail together. Resampled one by one they would
make any difference look more certain than it is, so whole groups are resampled (Efron & Tibshirani, "An Introduction to
the Bootstrap", 1993, §8 on the unit of resampling; Smucker, Allan & Carterette, CIKM 2007, on significance tests in
retrieval).
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
    """The mean of `first - second` over the queries, with the bounds of 95 % of its resamples.

    `p` is two-sided: twice the smaller share of the resampled differences on one side of zero, zero included.
    """

    difference: float
    low: float
    high: float
    p: float
    queries: int
    groups: int

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def query_groups(qrels: Qrels, keys: Mapping[str, str] | None = None) -> dict[str, str]:
    """Group the queries that share a relevant document; return the group of each query, named after one of its queries.

    `keys` maps a document to the whole that it is a part of, such as the title of a Wikipedia article; queries whose
    relevant documents share a key are grouped as well. A document with no key or an empty key belongs to no whole.
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
    """Compare two runs by the values of one measure per query, which are `Evaluation.per_query[name]` of each run.

    A query without a group forms its own. The same `seed` gives the same bounds. Raises `InputError` if the runs do not
    cover the same queries, or cover none.
    """
    if first.keys() != second.keys() or not first:
        raise InputError("only runs over the same queries can be compared, and there must be at least one query")
    groups = groups or {}
    number: dict[tuple[bool, str], int] = {}  # of each group; one query may have the name of a group it is not in
    member = [number.setdefault((query in groups, groups.get(query, query)), len(number)) for query in first]
    gains = np.array([first[query] - second[query] for query in first])
    sums = np.bincount(member, weights=gains)
    sizes = np.bincount(member)
    generator = np.random.default_rng(seed)
    means = np.empty(samples)
    for at in range(samples):
        sample = generator.integers(0, len(sums), len(sums))
        means[at] = sums[sample].sum() / sizes[sample].sum()
    low, high = np.quantile(means, [0.025, 0.975])
    p = min(1.0, 2 * float(min(np.mean(means <= 0), np.mean(means >= 0))))
    return Comparison(float(gains.mean()), float(low), float(high), max(p, 1 / samples), len(gains), len(sums))


def holm(values: Sequence[float]) -> list[float]:
    """Return the p values of several comparisons corrected for their number, in the same order.

    Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979. The smallest of n values is multiplied
    by n, the next by n - 1, and so on. A corrected value is at least the one before it and at most 1.
    """
    corrected = [0.0] * len(values)
    previous = 0.0
    for rank, at in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        previous = max(previous, min(1.0, (len(values) - rank) * values[at]))
        corrected[at] = previous
    return corrected
