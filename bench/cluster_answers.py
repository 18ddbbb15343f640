"""Do two indexes of the same articles give the same answers? The comparison of `bench.cluster`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import arsearch
from bench.answers.queries import Search, Texts

__all__ = ["HITS", "Agreement", "random_searches"]

HITS = 10
_ROUNDING = 1e-8
"""Relative differences of scores up to this are the order of additions."""
_FACETS = ("source", "month")
_MOST_LISTED = 20


class Agreement:
    """How many searches have the same answers in two indexes, and the largest relative difference of two scores.

    An answer is the ids of the hits in their order, with the near-duplicates that each stands for; the totals; and the facets.
    """

    def __init__(self) -> None:
        self.searches = 0
        self.same = dict.fromkeys(("first ten", "totals", "facets"), 0)
        self.furthest = 0.0
        self.different: list[str] = []
        """The first searches with different answers, and what differs."""

    def compare(self, one: arsearch.Index, other: arsearch.Index, search: Search) -> None:
        """Run a search in both indexes, without corrections and without a limit of time."""
        options = {"facets": _FACETS, **search.options, "limit": HITS, "correct": False, "timeout": None}
        first, second = (index.search(search.text, **options) for index in (one, other))
        equal = {
            "first ten": [(hit.id, hit.similar) for hit in first] == [(hit.id, hit.similar) for hit in second],
            "totals": (first.total, first.total_complete) == (second.total, second.total_complete),
            "facets": _facets(first) == _facets(second),
        }
        self.searches += 1
        for name, same in equal.items():
            self.same[name] += same
        if not all(equal.values()) and len(self.different) < _MOST_LISTED:
            self.different.append(f"{', '.join(name for name, same in equal.items() if not same)}: {search}")
        scores = {hit.id: hit.score for hit in second}
        for hit in first:
            if hit.id in scores and not math.isclose(hit.score, scores[hit.id], rel_tol=_ROUNDING):
                self.furthest = max(self.furthest, abs(hit.score - scores[hit.id]) / abs(hit.score))

    def to_dict(self) -> dict[str, Any]:
        """Return the counts for a table."""
        counts = {name: f"{same:,} of {self.searches:,}" for name, same in self.same.items()}
        return counts | {"largest difference": f"{self.furthest:.1e}"}


def _facets(results: arsearch.SearchResults) -> dict[str, list[tuple[str, int]]]:
    return {name: list(counts.items()) for name, counts in results.facets.items()}


def random_searches(articles: Sequence[dict[str, Any]], count: int, seed: int) -> Iterable[Search]:
    """Yield random searches of every kind, of words of the articles.

    `max_expansions` stays at its default: it counts the words of a segment, and the segments of two indexes differ.
    """
    for search in Texts(articles, seed).searches(count):
        options = {name: value for name, value in search.options.items() if name != "max_expansions"}
        if not options["facets"]:
            del options["facets"]
        yield search._replace(options=options)
