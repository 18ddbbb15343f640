"""The formula of a document's score: BM25F over the fields, summed over the levels.

For a query word and a level (Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond", 2009, section 3.6; the idf is Lucene's `log(1 + (N - n + 0.5) / (n + 0.5))`, never negative):

    tf    = sum over fields of  weight * frequency / (1 - b + b * length / average length)
    score = idf * tf * (k1 + 1) / (k1 + tf)

N is the number of live articles, n the number of live articles with the term in any searched field.
Lengths are exact, and the average is over the articles that have the field. A word's score is the
weighted sum over its levels; a query's is the sum over its words. `bench/tune.py` chose the constants.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

__all__ = ["Ranking", "idf"]


def idf(count: int, total: int) -> float:
    """Return the inverse document frequency of a term in `count` of `total` articles; it is never negative."""
    return math.log1p((max(total, count) - count + 0.5) / (count + 0.5))


@dataclass(frozen=True, slots=True)
class Ranking:
    """The constants of the score. A field without its own weight has the weight 1; one without its own `b` has `b`."""

    k1: float = 1.2
    b: float = 0.8
    field_b: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({"title": 0.75}))
    field_weight: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({"title": 4.0}))
    stem_weight: float = 1.0
    root_weight: float = 1.0
    """The weight of the words of a word's root; a word without a root counts for itself once more."""
    normalised_weight: float = 0.25
    synonym_share: float = 1.0
    """The share of `stem_weight` for a word and its synonyms together, above 0 to 1 (see `scored_clauses`).

    The rest is for the word alone. With a share of 1, only the normalised level prefers the typed word.
    """
    variant_share: float = 0.5
    """The share of `stem_weight` for a foreign name in all its spellings together; the rest is for the typed one alone."""
    vocalised_weight: float = 0.75
    """The weight of words with the vowel marks of a query word; a query word without marks does not use it."""
    pair_weight: float = 1.2
    """The weight of neighbouring query words that are near each other in an article; see `signals`."""
    recency_weight: float = 2.0
    """The most that recency adds to a score, in searches that ask for it; see `signals`."""
    fuzzy_weight: float = 0.5
    """The weight of the terms that a word with `~` matches; the typed term itself has the weight 1."""
    correction_weight: float = 0.8
    """The weight of the likelier spelling of a word that no article has."""
    frame_weight: float = 0.6
    """The weight of the words of a question's frame (ما تعريف, كم تبلغ); see `query.questions`."""
    stop_weight: float = 0.2

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the constants; read-only mappings become dictionaries, which can be pickled."""
        values = (getattr(self, constant.name) for constant in fields(self))
        return Ranking, tuple(dict(value) if isinstance(value, Mapping) else value for value in values)
