"""The terms near a misspelt word. The cluster finds those within two edits in its dictionaries; their costs are ours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from arsearch.model.schema import NORMALISED
from arsearch.opensearch.statistics import Search
from arsearch.opensearch.terms import text_of, token
from arsearch.suggest.edit_costs import weighted_edit_distance
from arsearch.suggest.term_source import CloseTerm

__all__ = ["close_terms"]

_MOST = 3000
"""The most frequent terms within two edits that are compared."""

_LONGEST = 42


def close_terms(
    word: str, fields: Sequence[str], search: Search, *, max_cost: int, cost_weight: float, limit: int
) -> list[CloseTerm]:
    """Return the terms within `max_cost` of a word, at most `limit` of each field; see `TermSource.close_terms`.

    The cluster counts edits, so that a term with three cheap edits is not found.
    """
    if not word or len(word) + max_cost > _LONGEST:
        return []
    options = {
        "analyzer": "whitespace",
        "suggest_mode": "always",
        "max_edits": max_cost,
        "prefix_length": 1,  # the sign of the level
        "min_word_length": 1,
        "max_term_freq": 1e9,
        "accuracy": 0.0,
        "sort": "frequency",
        "size": _MOST,
        "shard_size": _MOST,
    }
    body: dict[str, Any] = {"text": token(NORMALISED, word)}
    body |= {field: {"term": {"field": f"t.{field}", **options}} for field in fields}
    answer = search({"size": 0, "suggest": body})["suggest"]
    return [close for field in fields for close in _cheapest(answer[field], word, max_cost, cost_weight, limit)]


def _cheapest(
    entries: Sequence[Mapping[str, Any]], word: str, max_cost: int, cost_weight: float, limit: int
) -> list[CloseTerm]:
    found = [(text_of(one["text"]), one["freq"]) for entry in entries for one in entry["options"]]
    found = [(term, count) for term, count in found if abs(len(term) - len(word)) <= max_cost and term]
    if not found:
        return []
    lengths = np.array([len(term) for term, _ in found])
    table = np.zeros((len(found), len(word) + max_cost), np.uint16)
    for row, (term, _) in enumerate(found):
        table[row, : len(term)] = [min(ord(letter), 0xFFFF) for letter in term]
    costs = weighted_edit_distance(table, lengths, word).tolist()
    close = [CloseTerm(term, count, cost) for (term, count), cost in zip(found, costs, strict=True) if cost <= max_cost]
    return sorted(close, key=lambda one: (cost_weight * one.cost - math.log1p(one.articles), one.term))[:limit]
