"""What neighbouring words of a query are worth when they stand near each other in an article.

A pair of neighbouring query words is looked for at the stem level, in their order, at most `SLOP` positions further
apart than in the query, the further the less. Its score is BM25 over the fields, as a word's (see `ranking`), with the
idf of the rarer of the two and a weight of its own, divided by the square root of the number of pairs: in a long
question no one pair says as much as in a query of two words. It only adds to articles that matched anyway, and by a
bounded amount: so it is worked out for those alone that it could bring among the first, and the order is still exact.
Where few articles have both words, all of them are looked at, once, and remembered.
"""

from __future__ import annotations

import math

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, contains, union
from arsearch.index.execution.bm25f import field_count, field_norms, idf
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.scorers import CachedScorer
from arsearch.model.explanations import Listed
from arsearch.model.schema import STEM
from arsearch.search.signals import SLOP, ProximitySignal, TermPair

__all__ = ["Proximity"]

_FEW = 5000
"""If at most `_FEW` articles have both words of a pair, all are looked at once and kept."""


class Proximity:
    """The rescorer of neighbouring words of a query."""

    __slots__ = ("_context", "_pairs", "_share", "bound")

    def __init__(self, context: SearchContext, signal: ProximitySignal) -> None:
        pairs = signal.pairs
        self._context = context
        self._share = context.ranking.pair_weight / math.sqrt(max(1, len(pairs)))
        share = self._share * (context.ranking.k1 + 1)
        weighed = [(_idf(_rarer(context, pair), context) * share, pair) for pair in pairs if context.budget.in_time()]
        self._pairs = [(weight, pair) for weight, pair in weighed if weight]
        self.bound = sum(weight for weight, _ in self._pairs)

    def bonus(self, docs: Array) -> Array:
        """What each of `docs`, which rise, gets."""
        total = np.zeros(len(docs), np.float32)
        for weight, pair in self._pairs:
            if self._context.budget.in_time():
                tf = self._tf(pair, docs)
                total += np.float32(weight) * tf / (tf + np.float32(self._context.ranking.k1))
        return total

    def _tf(self, pair: TermPair, docs: Array) -> Array:
        """The weighted, normalised number of times the pair stands together in each of `docs`."""
        near = self._context.cache.get(pair)
        if near is None:
            together = [self._having_both(pair, field) for field in pair.fields]
            few = sum(map(len, together)) <= _FEW
            if not few:
                together = [both[contains(both, docs)] for both in together]
            total = self._context.reader.docs
            parts = [self._near(pair, field, both) for field, both in zip(pair.fields, together, strict=True)]
            near = found = CachedScorer(union(parts, total), total)
            if few and not self._context.budget.timed_out:
                self._context.cache.put(pair, found, found.bytes)
        return near.scores_at(docs)

    def _having_both(self, pair: TermPair, field: str) -> Array:
        lists = [self._context.reader.term_postings(field, STEM, stem)[0] for stem in (pair.first, pair.second)]
        fewer, more = sorted(lists, key=len)
        return fewer[contains(fewer, more)]

    def _near(self, pair: TermPair, field: str, both: Array) -> ScoredDocs:
        docs, counts = self._counts(pair, field, both)
        norms = field_norms(self._context.reader, self._context.ranking, field)
        return ScoredDocs(docs, norms.take(docs) * counts.astype(np.float32))

    def _counts(self, pair: TermPair, field: str, both: Array) -> tuple[Array, Array]:
        if not len(both):
            return NO_DOCS.docs, np.empty(0)
        reader = self._context.reader
        firsts = reader.occurrences_in(field, STEM, pair.first, both)
        return _near(firsts, reader.occurrences_in(field, STEM, pair.second, both), pair.distance)

    def explain(self, doc: int) -> tuple[Listed, ...]:
        """What each pair adds to the score of one document, as a sum; those left out that it has not."""
        context, one, listed = self._context, np.array([doc]), []
        for _, pair in self._pairs:
            found = [(field, self._counts(pair, field, one)[1]) for field in pair.fields]
            fields = tuple(
                field_count(context.reader, context.ranking, field, doc, float(counts[0]))
                for field, counts in found
                if len(counts)
            )
            rarer = _rarer(context, pair)
            sought, k1 = f"{pair.first} {pair.second}", context.ranking.k1
            if fields:
                listed.append(
                    Listed("pair", sought, rarer, context.reader.count, _idf(rarer, context), self._share, k1, fields)
                )
        return tuple(listed)


def _idf(rarer: int, context: SearchContext) -> float:
    return idf(rarer, context.reader.count) if rarer else 0.0


def _rarer(context: SearchContext, pair: TermPair) -> int:
    """In how many documents the rarer word of a pair stands; 0 if one of them is nowhere."""
    reader = context.reader
    frequencies = [
        max(reader.doc_frequency(field, STEM, stem) for field in pair.fields) for stem in (pair.first, pair.second)
    ]
    return min(*frequencies, reader.count)


def _near(firsts: Array, seconds: Array, distance: int) -> tuple[Array, Array]:
    """The documents in which one of `seconds` follows one of `firsts` closely, and how often.

    At the query's own distance such a place counts 1, with n positions more between them 1 / (n + 1).
    """
    if not len(firsts) or not len(seconds):
        return NO_DOCS.docs, np.empty(0)
    after = np.append(seconds, np.int64(2**63 - 1))[np.searchsorted(seconds, firsts, "right")]
    more = np.maximum(after - firsts - distance, 0)
    close = more <= SLOP
    docs, places = np.unique(firsts[close] >> 32, return_inverse=True)
    return docs, np.bincount(places, weights=1 / (more[close] + 1), minlength=len(docs))
