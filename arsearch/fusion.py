"""Join a ranking of this library with the ids and scores of any vector store.

Sources: reciprocal rank fusion is Cormack, Clarke & Buettcher, "Reciprocal Rank Fusion Outperforms Condorcet and Individual
Rank Learning Methods", SIGIR 2009. The convex combination of scores after min-max scaling is Bruch, Gai & Ingber, "An
Analysis of Fusion Functions for Hybrid Retrieval", ACM Transactions on Information Systems 42(1), 2023.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from arsearch.errors import QueryError, shown
from arsearch.model import Hit, SearchResults
from arsearch.model.articles import id_of_number
from arsearch.model.rows import plain_value

__all__ = ["Fused", "Ranked", "fuse"]

Ranked = SearchResults | Mapping[str, float] | Iterable[Hit | tuple[str, float]]
"""A ranking: results, hits, or ids with scores, as pairs or as a mapping."""

_METHODS = ("rrf", "convex")


class Fused(NamedTuple):
    """An article of a fused ranking: its ranks in the two rankings, from 1, `None` where it is missing.

    `hit` is the hit of the lexical ranking, `None` if that has none.
    """

    id: str
    score: float
    lexical_rank: int | None
    vector_rank: int | None
    hit: Hit | None


class _Entry(NamedTuple):
    rank: int
    score: float
    hit: Hit | None


def fuse(
    lexical: Ranked,
    vectors: Ranked,
    method: Literal["rrf", "convex"] = "rrf",
    *,
    weight: float = 0.5,
    k: float = 60,
    limit: int | None = None,
) -> tuple[Fused, ...]:
    """Join two rankings, and return the best `limit` articles of both (`None`: all), by falling score.

    `lexical` and `vectors` are the results of a search, hits, or pairs of an id and a score that is higher for a better
    match. Results and hits keep their order. Pairs are ranked by falling score, and equal ones stay in their order. An id
    that a ranking repeats counts once, at its best place, so the chunks of an article may all have its id.

    "rrf" adds the reciprocal ranks: `weight / (k + rank)` of the lexical ranking and `(1 - weight) / (k + rank)` of the
    other. It needs no comparable scores. "convex" scales the scores of each ranking to the range from 0 to 1, and adds
    `weight` times the lexical one and `1 - weight` times the other; if all scores of a ranking are equal, they become 1.
    An article that is missing from a ranking gets 0 from it. Of equal articles, the one with the better lexical rank comes
    first, then the one with the better vector rank. An empty ranking leaves the order of the other.

    Raises QueryError for another method, a weight outside 0 to 1, a `k` that is negative, a negative `limit`, a score that
    is no finite number, and an item of another form.
    """
    named: object = method
    if not isinstance(named, str) or named not in _METHODS:
        raise QueryError(f"method {shown(method)} is unknown; known: {', '.join(_METHODS)}")
    if not _is_number(weight) or not 0 <= weight <= 1:
        raise QueryError(f"weight {shown(weight)} is not a number from 0 to 1; it is the share of the lexical ranking")
    if not _is_number(k) or k < 0:
        raise QueryError(f"k {shown(k)} is not a number, or is negative")
    if limit is not None and (type(limit) is not int or limit < 0):
        raise QueryError(f"limit {shown(limit)} is not a whole number, or is negative; None returns all")
    rankings = (_ranked(lexical), _ranked(vectors))
    shares = (weight, 1 - weight)
    scores: dict[str, float] = {}
    for ranking, share in zip(rankings, shares, strict=True):
        values = _reciprocal_ranks(ranking, k) if method == "rrf" else _scaled_scores(ranking)
        for id, value in values.items():
            scores[id] = scores.get(id, 0.0) + share * value
    first, second = rankings
    fused = [
        Fused(
            id,
            score,
            first[id].rank if id in first else None,
            second[id].rank if id in second else None,
            first[id].hit if id in first else None,
        )
        for id, score in scores.items()
    ]
    fused.sort(key=lambda one: (-one.score, one.lexical_rank or math.inf, one.vector_rank or math.inf))
    return tuple(fused[:limit])


def _ranked(ranking: Ranked) -> dict[str, _Entry]:
    """Return the entries of a ranking by their ids, in order; ranks count distinct ids."""
    items: Iterable[Any] = ranking.items() if isinstance(ranking, Mapping) else ranking
    if isinstance(items, str) or not isinstance(items, Iterable):
        raise QueryError(f"{shown(ranking)} is no ranking; give results, hits, or pairs of an id and a score")
    read = [_read(item) for item in items]
    if any(hit is None for _, _, hit in read):
        read.sort(key=lambda entry: -entry[1])
    entries: dict[str, _Entry] = {}
    for id, score, hit in read:
        if id not in entries:
            entries[id] = _Entry(len(entries) + 1, score, hit)
    return entries


def _read(item: object) -> tuple[str, float, Hit | None]:
    if isinstance(item, Hit):
        return item.id, item.score, item
    if not isinstance(item, (tuple, list)) or len(item) != 2 or (id := _id(item[0])) is None:
        raise QueryError(f"{shown(item)} is no hit and no pair of an id and a score")
    score = item[1]
    try:
        number = math.nan if isinstance(score, str) else float(score)  # NumPy has number types of its own
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise QueryError(
            f"the score {shown(score)} of {shown(id)} is no finite number; leave the article out of the ranking"
        )
    return id, number, None


def _id(value: object) -> str | None:
    """Return an id as text, `17` for `17.0`, as the id of an article is; `None` for a value that is no id."""
    value = plain_value(value)
    if isinstance(value, float) and not value.is_integer():
        return None
    return value if isinstance(value, str) else id_of_number(value)


def _is_number(value: object) -> bool:
    try:
        return isinstance(value, (int, float)) and math.isfinite(value)
    except OverflowError:  # an integer beyond all floats
        return False


def _reciprocal_ranks(ranking: Mapping[str, _Entry], k: float) -> dict[str, float]:
    return {id: 1 / (k + entry.rank) for id, entry in ranking.items()}


def _scaled_scores(ranking: Mapping[str, _Entry]) -> dict[str, float]:
    """Return the scores scaled from 0, the lowest, to 1, the highest."""
    scores = [entry.score for entry in ranking.values()]
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    if low == high:
        return dict.fromkeys(ranking, 1.0)
    # Halves keep the difference of huge scores finite.
    return {id: (entry.score / 2 - low / 2) / (high / 2 - low / 2) for id, entry in ranking.items()}
