"""The BM25F score of `arsearch.search.ranking` as a Whoosh weighting, in plain Python."""

from __future__ import annotations

import math
from typing import Any
from weakref import WeakKeyDictionary

from whoosh.scoring import WeightingModel, WeightLengthScorer
from whoosh.searching import Searcher

from arsearch.index.whoosh.schema import split_field_name
from arsearch.search.ranking import Ranking

__all__ = ["Weighting", "idf"]


def idf(doc_freq: int, doc_count: int) -> float:
    """Return the inverse document frequency of a term in `doc_freq` of `doc_count` documents; never negative."""
    doc_count = max(doc_count, doc_freq)
    return math.log1p((doc_count - doc_freq + 0.5) / (doc_freq + 0.5))


class Weighting(WeightingModel):  # type: ignore[misc]
    """BM25F with the constants of a ranking. A `Term` query of Whoosh scores like `field:=word` in `Index.search`."""

    def __init__(self, ranking: Ranking) -> None:
        self.ranking = ranking
        self._averages: WeakKeyDictionary[Searcher, dict[str, float]] = WeakKeyDictionary()

    def average_length(self, searcher: Searcher, name: str) -> float:
        """Return the mean length of a field over the live documents of the index that have it; 1 if none has."""
        top = searcher.get_parent()
        averages = self._averages.setdefault(top, {})
        if name not in averages:
            reader = top.reader()
            lengths = [reader.doc_field_length(doc, name) for doc in reader.all_doc_ids()]
            averages[name] = sum(lengths) / (sum(length > 0 for length in lengths) or 1) or 1.0
        return averages[name]

    def tf(self, searcher: Searcher, name: str, frequency: float, length: int) -> float:
        """Return what `frequency` occurrences in a field of `length` words add to BM25F's `tf`."""
        field, _ = split_field_name(name)
        ranking = self.ranking
        b = ranking.field_b.get(field, ranking.b)
        norm = 1 - b + b * length / self.average_length(searcher, name)
        return ranking.field_weight.get(field, 1.0) * frequency / norm

    def score(self, tf: float) -> float:
        """Return the score of `tf` without idf and weight; it approaches k1 + 1 from below."""
        k1 = self.ranking.k1
        return tf * (k1 + 1) / (k1 + tf)

    def idf(self, searcher: Searcher, fieldname: str, text: Any) -> float:
        top = searcher.get_parent()
        live = sum(1 for _ in top.reader().postings(fieldname, text).all_ids())
        return idf(live, top.doc_count())

    def scorer(self, searcher: Searcher, fieldname: str, text: Any, qf: float = 1) -> WeightLengthScorer:  # noqa: ARG002
        return _TermScorer(self, searcher, fieldname, text)


class _TermScorer(WeightLengthScorer):  # type: ignore[misc]
    """The scorer of one term of one field."""

    def __init__(self, weighting: Weighting, searcher: Searcher, fieldname: str, text: Any) -> None:
        self._weighting = weighting
        self._searcher = searcher
        self._name = fieldname
        self._idf = searcher.idf(fieldname, text)
        self.setup(searcher, fieldname, text)

    def _score(self, weight: float, length: int) -> float:
        score: float = self._idf * self._weighting.score(self._weighting.tf(self._searcher, self._name, weight, length))
        return score
