"""BM25F with array operations: the score of a term clause in all its documents, or in given ones.

`search.ranking` has the formula. A clause is looked up in each field once. Then either all its documents are scored
(`score_all`), or only the documents that the other clauses leave (`scores_at`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import distinct
from arsearch.index.docsets.scored import ScoredDocs, contains, locate, union
from arsearch.index.execution.context import SearchContext
from arsearch.index.reader.snapshot import FieldAlignments, IndexReader
from arsearch.search.clauses import TermClause, TermsClause
from arsearch.search.ranking import Ranking, idf

if TYPE_CHECKING:
    from arsearch.model.explanations import FieldCount, Listed

__all__ = ["BM25FScorer", "LevelScorer", "field_count", "field_norms"]


class _FieldPostings(NamedTuple):
    """The postings of a clause in one field: documents, in ascending order, and frequencies.

    `norms` has the worth of one occurrence by document (see `field_norms`).
    """

    docs: Array
    freqs: Array
    norms: Array
    field: str


def field_norms(reader: IndexReader, ranking: Ranking, field: str) -> Array:
    """Return the worth of one occurrence in a field, by document: the field's weight over its normalised length."""
    return reader.norms(field, *field_constants(ranking, field))


def field_count(reader: IndexReader, ranking: Ranking, field: str, doc: int, frequency: float) -> FieldCount:
    """Return the factors of the score of a frequency in a field of one document."""
    from arsearch.model.explanations import FieldCount  # searches need no explanations

    b, weight = field_constants(ranking, field)
    length = int(reader.lengths(field)[doc])
    return FieldCount(field, frequency, length, float(reader.average_length(field)), weight, b)


def field_constants(ranking: Ranking, field: str) -> tuple[float, float]:
    """Return the `b` and the weight of a field."""
    return ranking.field_b.get(field, ranking.b), ranking.field_weight.get(field, 1.0)


class LevelScorer(ABC):
    """Scores one level of a clause: the documents of a term clause in some fields."""

    __slots__ = ("_clause", "_fields", "_ranking", "_reader", "_weight")

    def __init__(self, context: SearchContext, clause: TermClause, fields: tuple[str, ...], weight: float) -> None:
        self._reader, self._ranking = context.reader, context.ranking
        self._clause, self._fields, self._weight = clause, fields, weight

    @property
    @abstractmethod
    def size(self) -> int:
        """The number of postings, an upper bound of the number of documents."""

    @abstractmethod
    def _count(self) -> int:
        """Return the number of documents with the clause."""

    def _limit(self) -> float:
        """Return the limit of a document's score as its frequency grows: the weight times `k1 + 1` times the idf."""
        return self._weight * (self._ranking.k1 + 1) * idf(self._frequency(), self._reader.collection_size)

    def _frequency(self) -> int:
        """Return the number of documents with the clause among all that are scored together."""
        collection = self._reader.collection
        return self._count() if collection is None else collection.frequency(self._clause, self._fields)

    @property
    def positive(self) -> bool:
        """Whether the score of every matching document is above 0: no field that is searched has the weight 0."""
        return self._weight > 0 and all(field_constants(self._ranking, field)[1] > 0 for field in self._fields)

    def max_score(self) -> float:
        """Return an upper bound of the score of any document."""
        return self._limit() if self.size else 0.0

    def _saturate(self, tf: Array) -> Array:
        """Turn normalised, weighted frequencies into scores, in place, and return them."""
        np.divide(tf, tf + np.float32(self._ranking.k1), out=tf)
        tf *= np.float32(self._limit())
        return tf

    @abstractmethod
    def mark_docs(self, mask: Array) -> None:
        """Set the items of a mask over all documents that match."""

    @abstractmethod
    def docs(self) -> Array:
        """Return the matching documents, in ascending order."""

    @abstractmethod
    def contains(self, docs: Array) -> Array:
        """Return a mask: which of `docs`, in ascending order, match."""

    @abstractmethod
    def score_all(self, total: int) -> list[ScoredDocs]:
        """Return the scores of all matching documents, in parts without common documents; the index has `total` documents."""

    @abstractmethod
    def scores_at(self, docs: Array) -> Array:
        """Return the score of each of `docs`, in ascending order; a document that does not match scores 0."""

    @abstractmethod
    def frequencies(self, doc: int) -> dict[str, float]:
        """Return the frequency in each field of a document that has any."""

    def explain(self, doc: int) -> Listed:
        """Return the factors of the score of one document."""
        from arsearch.model.explanations import Listed

        found = self.frequencies(doc)
        counts = tuple(
            field_count(self._reader, self._ranking, field, doc, found[field])
            for field in self._fields
            if field in found
        )
        count, total = self._frequency(), self._reader.collection_size
        clause = self._clause
        return Listed(clause.kind, str(clause), count, total, idf(count, total), self._weight, self._ranking.k1, counts)


class BM25FScorer(LevelScorer):
    """The postings of one term clause in some fields, and the score of each document."""

    __slots__ = ("_alignments", "_columns")

    def __init__(self, context: SearchContext, clause: TermClause, fields: tuple[str, ...], weight: float) -> None:
        super().__init__(context, clause, fields, weight)
        columns = []
        for field in fields:
            docs, freqs = context.lookup.postings(clause, field)
            if len(docs):
                columns.append(_FieldPostings(docs, freqs, field_norms(self._reader, self._ranking, field), field))
        columns.sort(key=lambda column: -len(column.docs))
        self._columns = columns
        self._alignments: FieldAlignments | None = None

    @property
    def size(self) -> int:
        return sum(len(column.docs) for column in self._columns)

    def _aligned(self) -> FieldAlignments:
        """Return, for each column but the first, the places of its documents in the first, and a mask of those there."""
        if self._alignments is None:
            self._alignments = self._cached_alignments()
        return self._alignments

    def _cached_alignments(self) -> FieldAlignments:
        if len(self._columns) < 2 or not isinstance(self._clause, TermsClause):
            return self._align()
        key = self._clause, self._fields
        cache = self._reader.alignments
        alignments = cache.get(key)
        if alignments is None:
            alignments = self._align()
            size = sum(at.nbytes + inside.nbytes for at, inside in alignments)
            if cache.should_admit(key, size):
                cache.put(key, alignments, size)
        return alignments

    def _align(self) -> FieldAlignments:
        longest = self._columns[0].docs
        pairs = [locate(other.docs, longest) for other in self._columns[1:]]
        return [(at.astype(np.uint32), inside) for at, inside in pairs]

    def _count(self) -> int:
        if len(self._columns) < 2:
            return self.size
        if not isinstance(self._clause, TermsClause):
            return self._count_union()
        return self._reader.cached_count((self._clause, self._fields), self._count_union)

    def _count_union(self) -> int:
        first, *others = self._columns
        outside = [other.docs[~inside] for (_, inside), other in zip(self._aligned(), others, strict=True)]
        rest = outside[0] if len(outside) == 1 else distinct(np.concatenate(outside))
        return len(first.docs) + len(rest)

    def max_score(self) -> float:
        clause, limit = self._clause, self._limit()
        if not self._columns or not isinstance(clause, TermsClause) or len(clause.terms) > 1:
            return limit
        tf = sum(
            self._reader.term_bound(field, clause.level, clause.terms[0], *field_constants(self._ranking, field))
            for field in self._fields
        )
        return limit * tf / (tf + self._ranking.k1)

    def mark_docs(self, mask: Array) -> None:
        for column in self._columns:
            mask[column.docs] = True

    def score_all(self, total: int) -> list[ScoredDocs]:
        if not self._columns:
            return []
        docs, freqs, norms, _ = self._columns[0]
        tf = norms.take(docs)
        tf *= freqs
        outside = []
        for (at, inside), other in zip(self._aligned(), self._columns[1:], strict=True):
            other_tf = other.norms.take(other.docs)
            other_tf *= other.freqs
            if inside.all():
                tf[at] += other_tf
            else:
                tf[at[inside]] += other_tf[inside]
                outside.append(ScoredDocs(other.docs[~inside], other_tf[~inside]))
        parts = [ScoredDocs(docs, self._saturate(tf))]
        if outside:
            rest = union(outside, total)
            parts.append(ScoredDocs(rest.docs, self._saturate(rest.scores)))
        return parts

    def contains(self, docs: Array) -> Array:
        mask = np.zeros(len(docs), bool)
        for column in self._columns:
            mask |= contains(docs, column.docs)
        return mask

    def docs(self) -> Array:
        if len(self._columns) == 1:
            return self._columns[0].docs
        if not self._columns:
            return np.empty(0, np.intp)
        return distinct(np.concatenate([column.docs for column in self._columns]))

    def scores_at(self, docs: Array) -> Array:
        tf = np.zeros(len(docs), np.float32)
        if not len(docs) or not self._columns:
            return tf
        for column in self._columns:
            at, inside = locate(docs, column.docs)
            column_tf = column.norms.take(docs)
            column_tf *= column.freqs.take(at, mode="clip")
            column_tf *= inside
            tf += column_tf
        return self._saturate(tf)

    def frequencies(self, doc: int) -> dict[str, float]:
        found = {}
        for column in self._columns:
            at = int(np.searchsorted(column.docs, doc))
            if at < len(column.docs) and int(column.docs[at]) == doc:
                found[column.field] = float(column.freqs[at])
        return found
