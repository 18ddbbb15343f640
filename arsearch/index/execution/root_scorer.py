"""The score of a root family. Its postings have one list of documents for all fields, with a frequency for each field."""

from __future__ import annotations

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import ScoredDocs, contains, locate
from arsearch.index.execution.bm25f import BM25FScorer, LevelScorer, field_norms
from arsearch.index.execution.context import SearchContext
from arsearch.search.clauses import RootClause, TermClause

__all__ = ["RootScorer", "level_scorer"]


_FEW = 4
"""If fewer than one in 4 documents have the words in a field, only these are scored there."""


class RootScorer(LevelScorer):
    """The postings of a root family in some fields, and the score of each document."""

    __slots__ = ("_columns", "_docs")

    def __init__(self, context: SearchContext, clause: RootClause, fields: tuple[str, ...], weight: float) -> None:
        super().__init__(context, clause, fields, weight)
        self._docs, freqs = context.reader.family_postings(clause.stem, fields, context.budget)
        self._columns = [
            (own, field_norms(self._reader, self._ranking, field)) for own, field in zip(freqs, fields, strict=True)
        ]

    @property
    def size(self) -> int:
        return len(self._docs)

    def _count(self) -> int:
        return len(self._docs)

    def mark_docs(self, mask: Array) -> None:
        mask[self._docs] = True

    def docs(self) -> Array:
        return self._docs

    def contains(self, docs: Array) -> Array:
        return contains(docs, self._docs)

    def score_all(self, total: int) -> list[ScoredDocs]:  # noqa: ARG002
        docs = self._docs
        tf = np.zeros(len(docs), np.float32)
        for freqs, norms in self._columns:
            having = freqs.nonzero()[0]
            if len(having) * _FEW > len(docs):
                column_tf = norms.take(docs)
                column_tf *= freqs
                tf += column_tf
            else:
                tf[having] += norms.take(docs.take(having)) * freqs.take(having)
        return [ScoredDocs(docs, self._saturate(tf))] if len(docs) else []

    def scores_at(self, docs: Array) -> Array:
        if not len(docs) or not len(self._docs):
            return np.zeros(len(docs), np.float32)
        at, inside = locate(docs, self._docs)
        tf = inside.astype(np.float32)
        tf *= sum(norms.take(docs) * freqs.take(at, mode="clip") for freqs, norms in self._columns)
        return self._saturate(tf)

    def frequencies(self, doc: int) -> dict[str, float]:
        at = int(np.searchsorted(self._docs, doc))
        if at == len(self._docs) or int(self._docs[at]) != doc:
            return {}
        found = {field: float(freqs[at]) for (freqs, _), field in zip(self._columns, self._fields, strict=True)}
        return {field: frequency for field, frequency in found.items() if frequency}


def level_scorer(context: SearchContext, clause: TermClause, fields: tuple[str, ...], weight: float) -> LevelScorer:
    """Return the scorer of one level."""
    kind = RootScorer if isinstance(clause, RootClause) else BM25FScorer
    return kind(context, clause, fields, weight)  # type: ignore[arg-type]
