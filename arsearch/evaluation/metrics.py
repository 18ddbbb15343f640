"""The measures of a run against judgements, per query and averaged.

Computed by `ir-measures` (MacAvaney, Macdonald & Ounis, "Streamlining Evaluation with ir-measures", ECIR 2022), with
which these numbers can be compared with anyone's. nDCG has the gain `grade` and the discount `1 / log2(rank + 1)`
(Järvelin & Kekäläinen 2002, as in trec_eval).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from arsearch.errors import ArsearchError, InputError
from arsearch.evaluation.run import Mode, Run, Searchable, make_run

if TYPE_CHECKING:
    from arsearch.evaluation.qrels import Qrels
    from arsearch.evaluation.queries import Query

__all__ = ["METRICS", "Evaluation", "evaluate", "score_run"]

METRICS: Mapping[str, str] = MappingProxyType(
    {"nDCG@10": "nDCG@10", "MRR": "RR", "MAP": "AP", "recall@100": "R@100", "success@5": "Success@5"}
)
"""Each measure's name here, and what `ir-measures` calls it."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The measures of one run, each from 0 to 1.

    `per_query` maps a measure to each judged query's value; `mean` maps it to the average over them. A query without
    hits counts 0. `unjudged` names the queries left out because no document is judged relevant to them.
    """

    run: Run
    per_query: Mapping[str, Mapping[str, float]]
    mean: Mapping[str, float]
    unjudged: tuple[str, ...] = ()

    @property
    def queries(self) -> int:
        """The number of queries averaged over."""
        return len(next(iter(self.per_query.values()), {}))

    def to_dict(self) -> dict[str, Any]:
        """The averages and each query's values as JSON values."""
        ids = next(iter(self.per_query.values()), {})
        return {
            "queries": self.queries,
            "mean": dict(self.mean),
            "per_query": {query: {name: found[query] for name, found in self.per_query.items()} for query in ids},
            "unjudged": list(self.unjudged),
        }


def evaluate(
    index: Searchable, queries: Iterable[Query], qrels: Qrels, *, limit: int = 100, mode: Mode = "auto"
) -> Evaluation:
    """Search every judged query and measure what comes back; `limit` below 100 caps recall@100.

    Judgements of queries not given are ignored. Raises `InputError` when no query is judged, `ArsearchError` when
    `ir-measures` is not installed.
    """
    queries = list(queries)
    judged = [query for query in queries if _relevant(qrels, query.id)]
    _library()  # told before the searches, not after
    return score_run(make_run(index, judged, limit=limit, mode=mode), qrels, queries=[query.id for query in queries])


def score_run(run: Run, qrels: Qrels, *, queries: Iterable[str] | None = None) -> Evaluation:
    """Measure a run, over `queries` or else all that are judged; one the run lacks counts 0.

    Raises as `evaluate` does.
    """
    wanted = list(dict.fromkeys(qrels if queries is None else queries))
    judged = [query for query in wanted if _relevant(qrels, query)]
    if not judged:
        raise InputError("no query has a relevant document in the judgements; do their query ids agree?")
    library = _library()
    named = {library.parse_measure(measure): name for name, measure in METRICS.items()}
    # Scores from ranks: the library breaks ties of score by document id (see `run`).
    scored = [
        library.ScoredDoc(query, document, -float(rank))
        for query in judged
        for rank, document in enumerate(run.get(query, ()), 1)
    ]
    truth = [library.Qrel(query, document, grade) for query in judged for document, grade in qrels[query].items()]
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(judged, 0.0) for name in METRICS}
    for metric in library.iter_calc(list(named), truth, scored):
        values[named[metric.measure]][metric.query_id] = float(metric.value)
    mean = {name: sum(found.values()) / len(judged) for name, found in values.items()}
    kept = {query: tuple(run.get(query, ())) for query in judged}
    return Evaluation(kept, values, mean, tuple(query for query in wanted if query not in kept))


def _relevant(qrels: Qrels, query: str) -> bool:
    return any(grade > 0 for grade in qrels.get(query, {}).values())


def _library() -> Any:
    try:
        import ir_measures
    except ImportError as error:
        raise ArsearchError(
            "measuring needs the package ir-measures; install it with: pip install 'arsearch[eval]'"
        ) from error
    return ir_measures
