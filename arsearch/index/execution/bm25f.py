"""BM25F in vectors: what a find scores in each document, or in given ones.

`ranking` has the formula. A find is looked up in each field once; then either all its documents are scored (`parts`),
or only some that other words have left over (`scores_at`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import ScoredDocs, contains, locate, union
from arsearch.index.execution.context import SearchContext
from arsearch.index.reader.snapshot import FieldAlignments, IndexReader
from arsearch.model.explanations import FieldCount, Listed
from arsearch.search.clauses import TermClause, TermsClause
from arsearch.search.ranking import Ranking

__all__ = ["BM25FScorer", "field_count", "field_norms", "idf"]


class _FieldPostings(NamedTuple):
    """Where a find stands in one field: documents, rising, frequencies, and the weight of one by document."""

    docs: Array
    freqs: Array
    norms: Array
    field: str


def field_norms(reader: IndexReader, ranking: Ranking, field: str) -> Array:
    """What one occurrence in a field counts for, by document: the field's weight over its normalised length."""
    return reader.norms(field, *field_constants(ranking, field))


def idf(count: int, total: int) -> float:
    """How much it says to stand in `count` of `total` articles; never negative."""
    return math.log1p((max(total, count) - count + 0.5) / (count + 0.5))


def field_count(reader: IndexReader, ranking: Ranking, field: str, doc: int, frequency: float) -> FieldCount:
    """What a frequency in a field of one document is worth."""
    b, weight = field_constants(ranking, field)
    length = int(reader.lengths(field)[doc])
    return FieldCount(field, frequency, length, float(reader.average_length(field)), weight, b)


def field_constants(ranking: Ranking, field: str) -> tuple[float, float]:
    """A field's `b` and weight."""
    return ranking.field_b.get(field, ranking.b), ranking.field_weight.get(field, 1.0)


class BM25FScorer:
    """The postings of one term clause in some fields, and the score of each document."""

    __slots__ = ("_clause", "_columns", "_fields", "_ranking", "_reader", "_rest", "_weight")

    def __init__(self, context: SearchContext, clause: TermClause, fields: tuple[str, ...], weight: float) -> None:
        self._reader, self._ranking = context.reader, context.ranking
        columns = []
        for field in fields:
            docs, freqs = context.lookup.postings(clause, field)
            if len(docs):
                columns.append(_FieldPostings(docs, freqs, field_norms(self._reader, self._ranking, field), field))
        columns.sort(key=lambda column: -len(column.docs))
        self._columns = columns
        self._clause, self._fields, self._weight = clause, fields, weight
        self._rest: list[tuple[Array, Array, Array]] | None = None

    @property
    def size(self) -> int:
        """At least as many as its documents."""
        return sum(len(one.docs) for one in self._columns)

    def _others(self) -> list[tuple[Array, Array, Array]]:
        """For each list but the longest: where its documents are in that one, and which are."""
        if self._rest is None:
            joins = self._joins()
            self._rest = [(at, inside, one.docs) for (at, inside), one in zip(joins, self._columns[1:], strict=True)]
        return self._rest

    def _joins(self) -> FieldAlignments:
        if len(self._columns) < 2 or not isinstance(self._clause, TermsClause):
            return self._joined()
        key = self._clause, self._fields
        found = self._reader.joins.get(key)
        if found is None:
            found = self._joined()
            size = sum(at.nbytes + inside.nbytes for at, inside in found)
            if self._reader.joins.should_admit(key, size):
                self._reader.joins.put(key, found, size)
        return found

    def _joined(self) -> FieldAlignments:
        longest = self._columns[0].docs
        pairs = [locate(other.docs, longest) for other in self._columns[1:]]
        return [(at.astype(np.uint32), inside) for at, inside in pairs]

    def _weight_of_one(self) -> float:
        """The weight times `k1 + 1` times the idf: what a document's score comes near to at most."""
        return self._weight * (self._ranking.k1 + 1) * idf(self._count(), self._reader.count)

    def _count(self) -> int:
        """How many documents it stands in."""
        if len(self._columns) < 2:
            return self.size
        if not isinstance(self._clause, TermsClause):
            return self._union()
        return self._reader.counted((self._clause, self._fields), self._union)

    def _union(self) -> int:
        outside = [docs[~inside] for _, inside, docs in self._others()]
        more = outside[0] if len(outside) == 1 else np.unique(np.concatenate(outside))
        return len(self._columns[0].docs) + len(more)

    def _saturated(self, tf: Array) -> Array:
        """The score of each `tf`, in its place."""
        np.divide(tf, tf + np.float32(self._ranking.k1), out=tf)
        tf *= np.float32(self._weight_of_one())
        return tf

    def max_score(self) -> float:
        """No document scores more."""
        clause, most = self._clause, self._weight_of_one()
        if not self._columns or not isinstance(clause, TermsClause) or len(clause.terms) > 1:
            return most
        tf = sum(
            self._reader.term_bound(field, clause.level, clause.terms[0], *field_constants(self._ranking, field))
            for field in self._fields
        )
        return most * tf / (tf + self._ranking.k1)

    def mark(self, matched: Array) -> None:
        """Set what stands for its documents."""
        for one in self._columns:
            matched[one.docs] = True

    def score_all(self, total: int) -> list[ScoredDocs]:
        """The score of every document, in parts that share none."""
        if not self._columns:
            return []
        docs, freqs, norms, _ = self._columns[0]
        tf = norms.take(docs)
        tf *= freqs
        rest = []
        for (at, inside, _), other in zip(self._others(), self._columns[1:], strict=True):
            more = other.norms.take(other.docs)
            more *= other.freqs
            if inside.all():
                tf[at] += more
            else:
                tf[at[inside]] += more[inside]
                rest.append(ScoredDocs(other.docs[~inside], more[~inside]))
        parts = [ScoredDocs(docs, self._saturated(tf))]
        if rest:
            apart = union(rest, total)
            parts.append(ScoredDocs(apart.docs, self._saturated(apart.scores)))
        return parts

    def contains(self, docs: Array) -> Array:
        """Which of `docs`, rising, it stands in."""
        found = np.zeros(len(docs), bool)
        for one in self._columns:
            found |= contains(docs, one.docs)
        return found

    def docs(self) -> Array:
        """All its documents, rising."""
        if len(self._columns) == 1:
            return self._columns[0].docs
        if not self._columns:
            return np.empty(0, np.intp)
        docs = np.concatenate([one.docs for one in self._columns])
        docs.sort()  # not `np.unique`, which takes several times as long
        return docs[np.concatenate(([True], docs[1:] != docs[:-1]))]

    def scores_at(self, docs: Array) -> Array:
        """Its score in each of `docs`, rising; 0 where it does not stand."""
        tf = np.zeros(len(docs), np.float32)
        if not len(docs) or not self._columns:
            return tf
        for one in self._columns:
            at, inside = locate(docs, one.docs)
            more = one.norms.take(docs)
            more *= one.freqs.take(at, mode="clip")
            more *= inside
            tf += more
        return self._saturated(tf)

    def explain(self, doc: int) -> Listed:
        """Its score in one document, as a sum."""
        counts = []
        for one in self._columns:
            at = int(np.searchsorted(one.docs, doc))
            if at < len(one.docs) and int(one.docs[at]) == doc:
                counts.append(field_count(self._reader, self._ranking, one.field, doc, float(one.freqs[at])))
        count, total = self._count(), self._reader.count
        fields = tuple(sorted(counts, key=lambda found: self._fields.index(found.field)))
        kind, sought = self._clause.kind, str(self._clause)
        return Listed(kind, sought, count, total, idf(count, total), self._weight, self._ranking.k1, fields)
