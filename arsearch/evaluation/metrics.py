"""The measures of a run against judgements, per query and on average.

They are computed by `ir-measures` (MacAvaney, Macdonald & Ounis, "Streamlining Evaluation with ir-measures", ECIR 2022),
so the figures are comparable with those of other systems. nDCG has the gain `grade` and the discount
`1 / log2(rank + 1)` (Järvelin & Kekäläinen 2002, as in trec_eval).
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
"""The name of each measure here, and its name in `ir-measures`."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The measures of one run, each from 0 to 1.

    `per_query` maps a measure to its value for each judged query, and `mean` to the average of these values. A query
    without hits counts as 0. `unjudged` has the queries left out because no document is judged relevant to them.
    """

    run: Run
    per_query: Mapping[str, Mapping[str, float]]
    mean: Mapping[str, float]
    unjudged: tuple[str, ...] = ()

    @property
    def queries(self) -> int:
        """The number of judged queries."""
        return len(next(iter(self.per_query.values()), {}))

    def to_dict(self) -> dict[str, Any]:
        """Return the averages and the values of each query as JSON values."""
        ids = next(iter(self.per_query.values()), {})
        return {
            "queries": self.queries,
            "mean": dict(self.mean),
            "per_query": {query: {name: values[query] for name, values in self.per_query.items()} for query in ids},
            "unjudged": list(self.unjudged),
        }


def evaluate(
    index: Searchable, queries: Iterable[Query], qrels: Qrels, *, limit: int = 100, mode: Mode = "auto"
) -> Evaluation:
    """Search for every judged query and measure the results; a `limit` below 100 caps recall@100.

    Judgements of other queries are ignored. Raises `InputError` if no query is judged, and `ArsearchError` if
    `ir-measures` is not installed.
    """
    queries = list(queries)
    judged = [query for query in queries if _has_relevant(qrels, query.id)]
    _import_ir_measures()  # a missing library is reported before the searches
    return score_run(make_run(index, judged, limit=limit, mode=mode), qrels, queries=[query.id for query in queries])


def score_run(run: Run, qrels: Qrels, *, queries: Iterable[str] | None = None) -> Evaluation:
    """Measure a run over the judged ones of `queries` (`None`: of all queries); a query that the run lacks counts as 0.

    Raises the errors of `evaluate`.
    """
    ids = list(dict.fromkeys(qrels if queries is None else queries))
    judged = {query: tuple(run.get(query, ())) for query in ids if _has_relevant(qrels, query)}
    if not judged:
        raise InputError("no query has a relevant document in the judgements; do their query ids agree?")
    per_query = _measure(judged, qrels)
    mean = {name: sum(values.values()) / len(judged) for name, values in per_query.items()}
    return Evaluation(judged, per_query, mean, tuple(query for query in ids if query not in judged))


def _measure(run: Run, qrels: Qrels) -> dict[str, dict[str, float]]:
    """Return the value of each measure for each query of the run."""
    ir_measures = _import_ir_measures()
    names = {_measure_of(ir_measures, measure): name for name, measure in METRICS.items()}
    # Scores are derived from ranks because the library breaks ties of scores by document id (see `run`).
    documents = [
        ir_measures.ScoredDoc(query, document, -float(rank))
        for query, ranking in run.items()
        for rank, document in enumerate(ranking, 1)
    ]
    judgements = [ir_measures.Qrel(query, document, grade) for query in run for document, grade in qrels[query].items()]
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(run, 0.0) for name in METRICS}
    for metric in ir_measures.iter_calc(list(names), judgements, documents):
        values[names[metric.measure]][metric.query_id] = float(metric.value)
    return values


def _measure_of(ir_measures: Any, name: str) -> Any:
    """Return a measure of `ir-measures` by its name, such as `nDCG@10`. Its own parser fails on Python 3.14 (0.4.3)."""
    measure, _, cutoff = name.partition("@")
    found = getattr(ir_measures, measure)
    return found @ int(cutoff) if cutoff else found


def _has_relevant(qrels: Qrels, query: str) -> bool:
    return any(grade > 0 for grade in qrels.get(query, {}).values())


def _import_ir_measures() -> Any:
    try:
        import ir_measures
    except ImportError as error:
        raise ArsearchError(
            "the measures need the package ir-measures; install it with: pip install 'arsearch[eval]'"
        ) from error
    return ir_measures
