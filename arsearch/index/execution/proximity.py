"""Rescore articles in which neighbouring words of the query are near each other.

A pair of neighbouring query words matches at the stem level, in the order of the query. The words may be `SLOP` positions
further apart than in the query, but a larger distance counts less. The score of a pair is BM25F, like that of a word (see
`search.ranking`), with the idf of the rarer word. The pair weight of the ranking is divided by the square root of the
number of pairs: a pair says less in a long question than in a query of two words.

The bonus of an article is bounded, and only articles that match anyway get one. It is computed only for articles that it
could move into the page, and the order is still exact. If few articles have both words of a pair and the pair occurred in a
search before, it is computed for all of them, and cached.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import distinct
from arsearch.index.docsets.scored import ScoredDocs, contains
from arsearch.index.execution.bm25f import field_count, field_norms
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.pair_frequencies import pair_frequencies
from arsearch.index.execution.scorers import CachedScorer
from arsearch.model.schema import STEM
from arsearch.search.ranking import idf
from arsearch.search.signals import ProximitySignal, TermPair
from arsearch.search.statistics import rarer_frequency

if TYPE_CHECKING:
    from arsearch.model.explanations import Listed

__all__ = ["Proximity"]

_MAX_CACHED_ARTICLES = 5000
"""If at most this number of articles have both words of a pair, its frequencies in all of them are cached."""

_DOCUMENT_BYTES = 8
"""The memory of a document and its score."""


class Proximity:
    """The rescorer of the neighbouring words of one query."""

    __slots__ = ("_asked", "_context", "_pairs", "_share", "bound")

    def __init__(self, context: SearchContext, signal: ProximitySignal) -> None:
        pairs = signal.pairs
        self._context = context
        self._share = context.ranking.pair_weight / math.sqrt(max(1, len(pairs)))
        share = self._share * (context.ranking.k1 + 1)
        weighted = [(_idf(_rarer(context, pair), context) * share, pair) for pair in pairs if context.budget.in_time()]
        self._pairs = [(weight, pair) for weight, pair in weighted if weight]
        self.bound = sum(weight for weight, _ in self._pairs)
        self._asked: set[TermPair] = set()
        """The pairs that this query has asked the cache to admit."""

    def bonus(self, docs: Array) -> Array:
        """Return the bonus of each of `docs`, in ascending order."""
        total = np.zeros(len(docs), np.float32)
        if not self._context.budget.in_time():
            return total
        frequencies = self._frequencies(docs)
        for weight, pair in self._pairs:
            tf = frequencies.get(pair)
            if tf is not None:
                total += np.float32(weight) * tf / (tf + np.float32(self._context.ranking.k1))
        return total

    def _frequencies(self, docs: Array) -> dict[TermPair, Array]:
        """Return the weighted, normalised frequency of pairs in each of `docs`; a pair may be missing if all are 0."""
        found, missing = {}, []
        for pair in dict.fromkeys(pair for _, pair in self._pairs):
            scorer = self._context.cache.get(pair) or self._kept(pair)
            if scorer is None:
                missing.append(pair)
            else:
                found[pair] = scorer.scores_at(docs)
        return found | self._count(missing, docs) if missing else found

    def _kept(self, pair: TermPair) -> CachedScorer | None:
        """Return the frequencies of a pair in all documents, and cache them, if that is worth the memory."""
        cache, reader = self._context.cache, self._context.reader
        if pair in self._asked:
            return None
        self._asked.add(pair)
        if not cache.should_admit(pair, _MAX_CACHED_ARTICLES * _DOCUMENT_BYTES):
            return None
        both = [
            first[contains(first, reader.term_postings(field, STEM, pair.second)[0])]
            for field in pair.fields
            for first in [reader.term_postings(field, STEM, pair.first)[0]]
        ]
        if sum(map(len, both)) > _MAX_CACHED_ARTICLES:
            return None
        docs = distinct(np.concatenate(both).astype(np.uint32))
        tf = self._count([pair], docs).get(pair, np.zeros(len(docs), np.float32))
        having = tf.nonzero()[0]
        kept = CachedScorer(ScoredDocs(docs[having], tf[having]), reader.docs)
        cache.put(pair, kept, kept.bytes)
        return kept

    def _count(self, pairs: Sequence[TermPair], docs: Array) -> dict[TermPair, Array]:
        """Count pairs in each of `docs`; the result is like that of `_frequencies`."""
        reader, ranking = self._context.reader, self._context.ranking
        found: dict[TermPair, Array] = {}
        for pair, field, places, frequencies in pair_frequencies(reader, pairs, docs):
            tf = found.get(pair)
            if tf is None:
                tf = found[pair] = np.zeros(len(docs), np.float32)
            norms = field_norms(reader, ranking, field).take(docs.take(places))
            tf[places] += norms * frequencies.astype(np.float32)
        return found

    def explain(self, doc: int) -> tuple[Listed, ...]:
        """Return the factors of the score that each pair adds to one document; nothing for a pair that it lacks."""
        from arsearch.model.explanations import Listed  # searches need no explanations

        context, listed = self._context, list[Listed]()
        for _, pair in self._pairs:
            if not context.budget.in_time():
                break
            fields = tuple(
                field_count(context.reader, context.ranking, found.field, doc, float(found.frequencies[0]))
                for found in pair_frequencies(context.reader, [pair], np.array([doc]))
            )
            rarer = _rarer(context, pair)
            words, k1 = f"{pair.first} {pair.second}", context.ranking.k1
            if fields:
                listed.append(
                    Listed(
                        "pair",
                        words,
                        rarer,
                        context.reader.collection_size,
                        _idf(rarer, context),
                        self._share,
                        k1,
                        fields,
                    )
                )
        return tuple(listed)


def _idf(rarer: int, context: SearchContext) -> float:
    return idf(rarer, context.reader.collection_size) if rarer else 0.0


def _rarer(context: SearchContext, pair: TermPair) -> int:
    """Return the number of documents with the rarer word of a pair; 0 if no document has one of the words."""
    collection, look_up = context.reader.collection, context.reader.term_postings
    if collection is not None:
        return rarer_frequency(pair, lambda key: collection.frequency(*key))
    return min(max(len(look_up(field, STEM, stem)[0]) for field in pair.fields) for stem in (pair.first, pair.second))
