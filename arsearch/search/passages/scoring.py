"""The score of a passage: the words of the query that it has, how rare, how close and how strict.

The score has the form of an article's score (`search.ranking`), so that the two can be added:

    score = ARTICLE * score of the article + sum over words of  weight * (stem + root + normalised) + pairs
    stem  = idf * tf * (k1 + 1) / (k1 + tf)

with tf the occurrences in the passage at the stem or stricter, and likewise for the others. A pair of neighbouring words of
the query counts if the first stands closely before the second. The idf counts passages, not articles: an index of ten long
books would otherwise give all words the same idf. The number of passages with a word is estimated from the articles that
are read. `bench/passages.py` measures the constants.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from arsearch.model import Level
from arsearch.model.schema import STEM
from arsearch.search.clauses import AndClause, BooleanClause, OrClause, QueryClause, ScoredClause
from arsearch.search.highlighting import StemTarget, TargetRecipe, WordTarget
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.statistics import StatisticsKey, TermKey, TermStatistics
from arsearch.snippets import Occurrence

__all__ = ["ARTICLE", "PassageScorer", "QueryWord", "idf", "query_words", "word_frequencies"]

ARTICLE = 0.5
"""The weight of the article's score in the score of its passage."""

ROOT = 0.5
"""The share of a word's idf that words of the same root have: a root is more frequent than its stems."""

B = 0.8
"""How much the length of a passage counts, from 0 to 1, as in BM25."""

CLOSE = 24
"""Code points between the two words of a pair, about `signals.SLOP` words."""


class QueryWord(NamedTuple):
    """A word, phrase or pattern of the query: the recipes of its targets, its weight, and its keys for statistics."""

    targets: tuple[TargetRecipe, ...]
    weight: float
    keys: tuple[StatisticsKey, ...]


def query_words(plan: Plan) -> list[QueryWord]:
    """Return the words of a plan that an article may have, in order of the query as far as the clauses keep it."""
    return [_word(clause) for clause in _wanted(plan.clause)]


def _wanted(clause: QueryClause | None) -> Iterable[ScoredClause]:
    match clause:
        case ScoredClause():
            yield clause
        case AndClause(children) | OrClause(children):
            for child in children:
                yield from _wanted(child)
        case BooleanClause():
            for child in (*clause.must, *clause.should, *clause.optional):
                yield from _wanted(child)


def _word(clause: ScoredClause) -> QueryWord:
    origin = clause.origin
    targets = () if origin is None else (origin.target, *origin.others)
    stems: set[str] = set()
    for target in targets:
        match target:
            case WordTarget(terms) if len(terms) == 1:
                stems.add(terms[0].stem)
            case StemTarget((stem,)):
                stems.add(stem)
            case _:
                return QueryWord(targets, _weight(targets), (clause,))
    keys = tuple(TermKey(field, STEM, stem) for stem in sorted(stems) for field in clause.fields)
    return QueryWord(targets, _weight(targets), keys)


def _weight(targets: tuple[TargetRecipe, ...]) -> float:
    return targets[0].weight if targets and isinstance(targets[0], WordTarget) else 1.0


def word_frequencies(
    words: Sequence[QueryWord], statistics: TermStatistics, deadline: float | None = None
) -> tuple[list[int], bool]:
    """Return the approximate number of articles that have each word, and whether all were counted until the `deadline`.

    The counts come from one call of the back-end. Phrases and patterns that were not counted count as absent.
    """
    keys = {key for word in words for key in word.keys}
    found = statistics.doc_frequencies(keys, deadline)
    counts = [max((found.get(key, 0) for key in word.keys), default=0) for word in words]
    return counts, all(key in found or isinstance(key, TermKey) for key in keys)


class PassageScorer:
    """Scores parts of articles for one query. `idfs` are those of the words, `word_of` maps a target's number to its word."""

    __slots__ = ("_b", "_gains", "_idfs", "_pair", "_ranking", "_size", "_word_of")

    def __init__(
        self, words: Sequence[QueryWord], idfs: Sequence[float], word_of: Sequence[int], ranking: Ranking, size: int
    ) -> None:
        self._ranking = ranking
        self._size = size
        self._word_of = word_of
        self._idfs = [word.weight * idf for word, idf in zip(words, idfs, strict=True)]
        self._pair = ranking.pair_weight / math.sqrt(max(1, len(words) - 1))

    def score(self, occurrences: Sequence[Occurrence], length: int) -> float:
        """Return the score of a part of `length` code points with these occurrences, which are in text order."""
        ranking = self._ranking
        counts: dict[int, list[float]] = {}
        last: dict[int, int] = {}  # the end of the last occurrence of each word
        pairs: dict[int, float] = {}
        for target, marks in occurrences:
            word = self._word_of[target]
            count = counts.get(word)
            if count is None:
                count = counts[word] = [0.0, 0.0, 0.0]
            level = marks[0][2] if len(marks) == 1 else min([mark[2] for mark in marks])
            count[0] += 1
            if level != Level.ROOT:
                count[1] += 1
            if level >= Level.NORMALISED:
                count[2] += 1
            if word - 1 in last:
                gap = marks[0][0] - last[word - 1]
                if 0 <= gap <= CLOSE:
                    pairs[word] = pairs.get(word, 0.0) + 1 / (1 + gap / CLOSE)
            last[word] = marks[-1][1]
        norm = ranking.k1 * (1 - B + B * length / self._size)
        k = ranking.k1 + 1
        total = 0.0
        idfs = self._idfs
        for word, (any_level, stem, normalised) in counts.items():
            total += (
                idfs[word]
                * k
                * (
                    ROOT * ranking.root_weight * any_level / (norm + any_level)
                    + ranking.stem_weight * stem / (norm + stem)
                    + ranking.normalised_weight * normalised / (norm + normalised)
                )
            )
        for word, tf in pairs.items():
            total += self._pair * min(idfs[word], idfs[word - 1]) * k * tf / (norm + tf)
        return total


def idf(passages: float, frequency: float) -> float:
    """Return the idf of a word that `frequency` of `passages` passages have."""
    frequency = min(frequency, passages)
    return math.log1p((passages - frequency + 0.5) / (frequency + 0.5))
