"""The scores of each contestant on each test set, and the gains of arsearch with their significance."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from arsearch.evaluation import METRICS, Evaluation, compare, evaluate, holm
from bench.collection import Collection
from bench.relevance.rivals import OURS, Contestant

__all__ = ["GAIN_COLUMNS", "MAIN", "ROW_COLUMNS", "SUCCESS", "Scores", "by_kind", "gains", "measure", "rows", "worst"]

MAIN = "nDCG@10"
SUCCESS = "success@5"
ROW_COLUMNS = ("contestant", *METRICS, "ms a query")
GAIN_COLUMNS = ("rival", "gain", "low", "high", "p", "p (Holm)", "verdict")
_LEVEL = 0.05


class Scores(NamedTuple):
    """A contestant's measures on a set, and its mean time for a query in milliseconds; None for the run of a file."""

    evaluation: Evaluation
    milliseconds: float | None = None


def measure(contestant: Contestant, sets: Sequence[Collection], mode: Any) -> list[Scores]:
    """Return the contestant's scores on sets with the same documents, which it indexes once."""
    scores = []
    with contestant.searching(sets[0].docs) as engine:
        for one in sets:
            start = time.perf_counter()
            result = evaluate(engine, one.queries, one.qrels, mode=mode)
            scores.append(Scores(result, (time.perf_counter() - start) * 1000 / len(one.queries)))
    return scores


def rows(scores: Mapping[str, Scores]) -> list[dict[str, Any]]:
    """Return a row of the table for each contestant."""
    return [{"contestant": name, **one.evaluation.mean, "ms a query": one.milliseconds} for name, one in scores.items()]


def gains(scores: Mapping[str, Scores], collection: Collection, metric: str = MAIN) -> list[dict[str, Any]]:
    """Return the gain of arsearch over each rival, or nothing if arsearch did not run.

    The 95 % bounds come from a bootstrap over groups of queries. "p (Holm)" is corrected for the number of rivals.
    """
    if OURS not in scores:
        return []
    ours = scores[OURS].evaluation.per_query[metric]
    rivals = [name for name in scores if name != OURS]
    results = [compare(ours, scores[name].evaluation.per_query[metric], groups=collection.groups) for name in rivals]
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


def by_kind(scores: Mapping[str, Scores], collection: Collection) -> list[dict[str, Any]]:
    """Return a row for each kind of query, with each contestant's mean nDCG@10; nothing if the queries have no kinds."""
    members: dict[str, list[str]] = {}
    for query in collection.queries:
        if query.id in collection.kinds:
            members.setdefault(collection.kinds[query.id], []).append(query.id)
    values = {name: one.evaluation.per_query[MAIN] for name, one in scores.items()}
    return [
        {"kind": kind, "queries": len(ids)}
        | {name: sum(own[id] for id in ids) / len(ids) for name, own in values.items()}
        for kind, ids in members.items()
    ]


def worst(scores: Mapping[str, Scores], collection: Collection, count: int) -> list[dict[str, Any]]:
    """Return the `count` queries on which arsearch has the lowest nDCG@10, or nothing if arsearch did not run.

    Ties are sorted by the best rival's value, highest first. "first" is the rank of the first relevant document among
    the first hundred hits, if any. "title" is the rank of the first hit with the title of a relevant document, which
    may be another passage of the same article.
    """
    if OURS not in scores:
        return []
    values = {name: one.evaluation.per_query[MAIN] for name, one in scores.items()}
    run = scores[OURS].evaluation.run
    titles = {doc["id"]: doc["title"] for doc in collection.docs}
    lines: list[dict[str, Any]] = []
    for query in collection.queries:
        if query.id not in run:
            continue
        relevant = {id for id, grade in collection.qrels[query.id].items() if grade > 0}
        relevant_titles = {titles.get(id) for id in relevant} - {None, ""}
        ranks = [rank for rank, id in enumerate(run[query.id], 1) if id in relevant]
        title_ranks = [rank for rank, id in enumerate(run[query.id], 1) if titles.get(id) in relevant_titles]
        best = max((one[query.id] for name, one in values.items() if name != OURS), default=None)
        ours = values[OURS][query.id]
        first = {"first": min(ranks, default=None), "title": min(title_ranks, default=None)}
        lines.append({"id": query.id, MAIN: ours, "best rival": best, **first, "query": query.text})
    lines.sort(key=lambda line: (line[MAIN], -(line["best rival"] or 0)))
    return lines[:count]
