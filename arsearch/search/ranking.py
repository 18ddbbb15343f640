"""How a document's score comes about: BM25F over the fields, summed over the levels.

For a query word and a level (Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond", 2009, section 3.6; the idf is Lucene's `log(1 + (N - n + 0.5) / (n + 0.5))`, never negative):

    tf    = sum over fields of  weight * frequency / (1 - b + b * length / average length)
    score = idf * tf * (k1 + 1) / (k1 + tf)

N counts the live articles, n those of them that hold the term in any field searched, lengths are exact
and the average is over the articles that have the field. A word's score is the weighted sum over its
levels; a query's is the sum over its words. The constants are chosen by `bench/tune.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["Ranking"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The constants of the score. Fields without a weight or `b` of their own have 1 and `b`."""

    k1: float = 1.2
    b: float = 0.8
    field_b: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({"title": 0.75}))
    field_weight: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({"title": 4.0}))
    stem_weight: float = 1.0
    root_weight: float = 1.0
    """Of the words of a root, where they are asked for."""
    normalised_weight: float = 0.25
    synonym_share: float = 1.0
    """The share of `stem_weight` that a word with synonyms gets where they stand too, above 0 to 1; see `compile`.

    With all of it the normalised level alone prefers the word typed.
    """
    vocalised_weight: float = 0.75
    """Of words written with the vowel marks that a word of the query has; without any it counts for nothing."""
    pair_weight: float = 0.8
    """What two neighbouring words of the query near each other in the article are worth; see `proximity`."""
    fuzzy_weight: float = 0.5
    """The weight of the terms that a word with `~` matches, beside the term typed."""
    stop_weight: float = 0.4
    minimum_share: float = 0.15
    """Of the words of a question or long query, at least this share must be there."""

    def minimum_words(self, words: int) -> int:
        """Return how many of the words of a question or long query an article needs: `minimum_share`, rounded up."""
        return math.ceil(self.minimum_share * words - 1e-9)
