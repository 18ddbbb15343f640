"""Rescore articles in which neighbouring words of the query are near each other.

A pair of neighbouring query words matches at the stem level, in the order of the query. The words may be `SLOP` positions
further apart than in the query, but a larger distance counts less. The score of a pair is BM25F, like that of a word (see
`search.ranking`), with the idf of the rarer word. The pair weight of the ranking is divided by the square root of the
number of pairs: a pair says less in a long question than in a query of two words.

The bonus of an article is bounded, and only articles that match anyway get one. It is computed only for articles that it
could move into the page, and the order is still exact. If few articles have both words of a pair, the pair is computed for
all of them once, and cached.
"""

from __future__ import annotations

import math

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, contains, union
from arsearch.index.execution.bm25f import field_count, field_norms
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.scorers import CachedScorer
from arsearch.model.explanations import Listed
from arsearch.model.schema import STEM
from arsearch.search.ranking import idf
from arsearch.search.signals import SLOP, ProximitySignal, TermPair

__all__ = ["Proximity"]

_MAX_CACHED_ARTICLES = 5000
"""If at most this number of articles have both words of a pair, its frequencies in all of them are cached."""


class Proximity:
    """The rescorer of the neighbouring words of one query."""

    __slots__ = ("_context", "_pairs", "_share", "_stem_docs", "bound")

    def __init__(self, context: SearchContext, signal: ProximitySignal) -> None:
        pairs = signal.pairs
        self._context = context
        self._stem_docs: dict[tuple[str, str], Array] = {}
        self._share = context.ranking.pair_weight / math.sqrt(max(1, len(pairs)))
        share = self._share * (context.ranking.k1 + 1)
        weighted = [(_idf(_rarer(context, pair), context) * share, pair) for pair in pairs if context.budget.in_time()]
        self._pairs = [(weight, pair) for weight, pair in weighted if weight]
        self.bound = sum(weight for weight, _ in self._pairs)

    def bonus(self, docs: Array) -> Array:
        """Return the bonus of each of `docs`, in ascending order."""
        total = np.zeros(len(docs), np.float32)
        for weight, pair in self._pairs:
            if self._context.budget.in_time():
                tf = self._tf(pair, docs)
                total += np.float32(weight) * tf / (tf + np.float32(self._context.ranking.k1))
        return total

    def _tf(self, pair: TermPair, docs: Array) -> Array:
        """Return the weighted, normalised frequency of a pair in each of `docs`."""
        scorer = self._context.cache.get(pair)
        if scorer is None:
            candidates = [self._docs_with_both(pair, field) for field in pair.fields]
            is_cached = sum(map(len, candidates)) <= _MAX_CACHED_ARTICLES
            if not is_cached:
                candidates = [both[contains(both, docs)] for both in candidates]
            total = self._context.reader.docs
            parts = [self._field_tf(pair, field, both) for field, both in zip(pair.fields, candidates, strict=True)]
            scorer = computed = CachedScorer(union(parts, total), total)
            if is_cached and not self._context.budget.timed_out:
                self._context.cache.put(pair, computed, computed.bytes)
        return scorer.scores_at(docs)

    def _docs_with_both(self, pair: TermPair, field: str) -> Array:
        shorter, longer = sorted((self._docs(pair.first, field), self._docs(pair.second, field)), key=len)
        return shorter[contains(shorter, longer)]

    def _docs(self, stem: str, field: str) -> Array:
        """Return the documents with a stem in a field; most stems belong to two pairs."""
        docs = self._stem_docs.get((stem, field))
        if docs is None:
            docs = self._stem_docs[stem, field] = self._context.reader.term_postings(field, STEM, stem)[0]
        return docs

    def _field_tf(self, pair: TermPair, field: str, both: Array) -> ScoredDocs:
        docs, counts = self._counts(pair, field, both)
        norms = field_norms(self._context.reader, self._context.ranking, field)
        return ScoredDocs(docs, norms.take(docs) * counts.astype(np.float32))

    def _counts(self, pair: TermPair, field: str, both: Array) -> tuple[Array, Array]:
        if not len(both):
            return NO_DOCS.docs, np.empty(0)
        reader = self._context.reader
        firsts = reader.occurrences_in(field, STEM, pair.first, both)
        return _pair_frequencies(firsts, reader.occurrences_in(field, STEM, pair.second, both), pair.distance)

    def explain(self, doc: int) -> tuple[Listed, ...]:
        """Return the factors of the score that each pair adds to one document; nothing for a pair that it lacks."""
        context, docs, listed = self._context, np.array([doc]), []
        for _, pair in self._pairs:
            frequencies = [(field, self._counts(pair, field, docs)[1]) for field in pair.fields]
            fields = tuple(
                field_count(context.reader, context.ranking, field, doc, float(counts[0]))
                for field, counts in frequencies
                if len(counts)
            )
            rarer = _rarer(context, pair)
            words, k1 = f"{pair.first} {pair.second}", context.ranking.k1
            if fields:
                listed.append(
                    Listed("pair", words, rarer, context.reader.count, _idf(rarer, context), self._share, k1, fields)
                )
        return tuple(listed)


def _idf(rarer: int, context: SearchContext) -> float:
    return idf(rarer, context.reader.count) if rarer else 0.0


def _rarer(context: SearchContext, pair: TermPair) -> int:
    """Return the number of documents with the rarer word of a pair; 0 if no document has one of the words."""
    count = context.reader.live_frequency
    return min(max(count(field, STEM, stem) for field in pair.fields) for stem in (pair.first, pair.second))


def _pair_frequencies(firsts: Array, seconds: Array, distance: int) -> tuple[Array, Array]:
    """Return the documents in which one of `seconds` closely follows one of `firsts`, and the frequency of this in each.

    An occurrence at the distance of the query counts 1; with n more positions in between it counts 1 / (n + 1).
    """
    if not len(firsts) or not len(seconds):
        return NO_DOCS.docs, np.empty(0)
    at = seconds.searchsorted(firsts, "right")
    excess = np.maximum(seconds.take(at, mode="clip") - firsts - distance, 0)
    close = ((excess <= SLOP) & (at < len(seconds))).nonzero()[0]
    if not len(close):
        return NO_DOCS.docs, np.empty(0)
    docs = firsts.take(close) >> 32
    starts = np.concatenate(([True], docs[1:] != docs[:-1])).nonzero()[0]
    return docs.take(starts), np.add.reduceat(1 / (excess.take(close) + 1), starts)
