"""Every contestant's run over every set, and by how much ours is better, how surely."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from arsearch.evaluation import METRICS, Evaluation, compare, evaluate, holm
from bench.collection import Collection
from bench.relevance.rivals import OURS, Contestant

__all__ = ["GAIN_COLUMNS", "MAIN", "ROW_COLUMNS", "SUCCESS", "Scores", "gains", "measure", "rows", "worst"]

MAIN = "nDCG@10"
SUCCESS = "success@5"
ROW_COLUMNS = ("contestant", *METRICS, "ms a query")
GAIN_COLUMNS = ("rival", "gain", "low", "high", "p", "p (Holm)", "verdict")
_LEVEL = 0.05


class Scores(NamedTuple):
    """A contestant's figures on a set, and how long a query took it, in milliseconds, if that is known."""

    evaluation: Evaluation
    milliseconds: float | None = None


def measure(contestant: Contestant, sets: Sequence[Collection], mode: Any) -> list[Scores]:
    """The contestant's scores on sets that share their documents, which it indexes once."""
    found = []
    with contestant.searching(sets[0].docs) as engine:
        for one in sets:
            start = time.perf_counter()
            result = evaluate(engine, one.queries, one.qrels, mode=mode)
            found.append(Scores(result, (time.perf_counter() - start) * 1000 / len(one.queries)))
    return found


def rows(found: Mapping[str, Scores]) -> list[dict[str, Any]]:
    """A line of the table for each contestant."""
    return [{"contestant": name, **one.evaluation.mean, "ms a query": one.milliseconds} for name, one in found.items()]


def gains(found: Mapping[str, Scores], collection: Collection, metric: str = MAIN) -> list[dict[str, Any]]:
    """By how much ours is better than each rival, with 95 % bounds by groups of queries; p corrected for all rivals."""
    if OURS not in found:
        return []
    ours = found[OURS].evaluation.per_query[metric]
    rivals = [name for name in found if name != OURS]
    results = [compare(ours, found[name].evaluation.per_query[metric], groups=collection.groups) for name in rivals]
    corrected = holm([one.p for one in results])
    return [
        {
            "rival": name,
            "gain": one.difference,
            "low": one.low,
            "high": one.high,
            "p": one.p,
            "p (Holm)": p,
            "verdict": "no difference shown" if p >= _LEVEL else "arsearch better" if one.difference > 0 else "worse",
        }
        for name, one, p in zip(rivals, results, corrected, strict=True)
    ]


def worst(found: Mapping[str, Scores], collection: Collection, count: int) -> list[dict[str, Any]]:
    """Our queries with the lowest nDCG@10, those first where the best rival does better; none if we did not run.

    "first" is the rank of the first relevant document among the first hundred, if any; "title" that of the first with
    the title of a relevant one: another passage of its article.
    """
    if OURS not in found:
        return []
    values = {name: one.evaluation.per_query[MAIN] for name, one in found.items()}
    run = found[OURS].evaluation.run
    titles = {doc["id"]: doc["title"] for doc in collection.docs}
    lines: list[dict[str, Any]] = []
    for query in collection.queries:
        if query.id not in run:
            continue
        relevant = {id for id, grade in collection.qrels[query.id].items() if grade > 0}
        about = {titles.get(id) for id in relevant} - {None, ""}
        ranks = [rank for rank, id in enumerate(run[query.id], 1) if id in relevant]
        near = [rank for rank, id in enumerate(run[query.id], 1) if titles.get(id) in about]
        best = max((one[query.id] for name, one in values.items() if name != OURS), default=None)
        ours = values[OURS][query.id]
        places = {"first": min(ranks, default=None), "title": min(near, default=None)}
        lines.append({"id": query.id, MAIN: ours, "best rival": best, **places, "query": query.text})
    lines.sort(key=lambda line: (line[MAIN], -(line["best rival"] or 0)))
    return lines[:count]
