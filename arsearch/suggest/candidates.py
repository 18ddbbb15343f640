"""Find the words of an index for which a word may be misspelt, and their usual spelling.

The score of a candidate weighs the number of articles that have it against the cost of the mistake (`edit_costs`). It
follows Kernighan, Church & Gale, "A Spelling Correction Program Based on a Noisy Channel Model", COLING 1990, with fixed
weights in place of learnt probabilities.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from arsearch.analyzers import ArabicAnalyzer
from arsearch.model.schema import NORMALISED, STEM
from arsearch.search.clauses import PhraseClause, TermsClause
from arsearch.suggest.term_source import TermSource

__all__ = ["Candidate", "CandidateGenerator"]

_COST_WEIGHT = 4.5
"""A candidate at cost 1 must occur in e to this power times as many articles to score as high as one at cost 0."""

_SPACE_COST = 0.6
"""The cost of a space left out or put in."""

_MAX_CLOSE_TERMS = 12
"""The number of close terms taken from each field of a segment."""

_MAX_SPLITS = 3
"""The number of places in a word where a space is tried: the places with the most frequent words beside them."""

_MAX_LETTERS = 64
"""The maximum length of a term that has candidates; the work of trying spaces grows with its square."""

_SAMPLED_TITLES = 8
"""The number of titles read to learn the spelling of a term."""


class Candidate(NamedTuple):
    """One normalised term, or two side by side; their score; and the cost of the mistake: at most 1 an edit."""

    terms: tuple[str, ...]
    score: float
    cost: float


class CandidateGenerator:
    """Generates candidates from one commit, in the fields that a search without a field covers."""

    def __init__(self, source: TermSource, analyzer: ArabicAnalyzer) -> None:
        self._source = source
        self._analyzer = analyzer
        self._fields = [field.name for field in source.schema if field.default]
        self._frequencies: dict[tuple[str, str], int] = {}
        self._surface_forms: dict[str, str] = {}

    def frequency(self, term: str, level: str = NORMALISED) -> int:
        """Return the number of articles with a term, in the field where most have it."""
        if (level, term) not in self._frequencies:
            self.look_up([term], level)
        return self._frequencies[level, term]

    def look_up(self, terms: Iterable[str], level: str = NORMALISED) -> None:
        """Ask for the frequencies of many terms at once, which `frequency` then knows."""
        missing = [term for term in dict.fromkeys(terms) if (level, term) not in self._frequencies]
        if missing:
            counts = self._source.frequencies(level, missing)
            self._frequencies.update(zip(((level, term) for term in missing), counts, strict=True))

    def occur(self, words: Sequence[str]) -> list[bool]:
        """Return for each written word whether articles have each of its parts, in any inflection."""
        forms = [self._analyzer.form(word).terms for word in words]
        self.look_up((term.stem for terms in forms for term in terms), STEM)
        return [all(self.frequency(term.stem, STEM) for term in terms) for terms in forms]

    def candidates(self, term: str, limit: int) -> list[Candidate]:
        """Return at most `limit` candidates for a normalised term, best first; neither the term nor a lone stop word.

        A term of fewer than three letters, or of more than 64, has none.
        """
        if not 3 <= len(term) <= _MAX_LETTERS:
            return []
        candidates = [one for one in self._close(term) if one.terms != (term,)] + self._split(term)
        return sorted(candidates, key=lambda one: (-one.score, one.terms))[:limit]

    def _close(self, term: str) -> list[Candidate]:
        close = self._source.close_terms(term, 1 if len(term) < 5 else 2, _COST_WEIGHT, _MAX_CLOSE_TERMS)
        costs = {one.term: one.cost for one in close}
        self.look_up(costs)
        return [
            Candidate((close,), self._score(self.frequency(close), cost), cost)
            for close, cost in costs.items()
            if not any(term.stop for term in self._analyzer.form(close).terms)
        ]

    def _split(self, term: str) -> list[Candidate]:
        """Return the pairs of words that a space in the term makes, if articles have them side by side."""
        pairs = [(term[:at], term[at:]) for at in range(2, len(term) - 1)]
        self.look_up(half for pair in pairs for half in pair)
        frequencies = {pair: min(map(self.frequency, pair)) for pair in pairs}
        most_frequent = [pair for pair in sorted(pairs, key=lambda pair: -frequencies[pair]) if frequencies[pair]]
        tried = most_frequent[:_MAX_SPLITS]
        return [
            Candidate(pair, self._score(count, _SPACE_COST), _SPACE_COST)
            for pair, count in zip(tried, self.adjacent(tried), strict=True)
            if count
        ]

    def adjacent(self, pairs: Sequence[tuple[str, str]]) -> list[int]:
        """Return the number of articles with the two terms of each pair side by side, in the field where most have them."""
        phrases = [
            PhraseClause(tuple((at, TermsClause(NORMALISED, (term,))) for at, term in enumerate(pair)))
            for pair in pairs
        ]
        return self._source.phrase_frequencies(phrases, self._fields) if phrases else []

    def joined(self, term: str) -> Candidate:
        """Return the candidate for two words that a space splits a term into."""
        return Candidate((term,), self._score(self.frequency(term), _SPACE_COST), _SPACE_COST)

    @staticmethod
    def _score(articles: int, cost: float) -> float:
        return math.log1p(articles) - _COST_WEIGHT * cost

    def pointwise_mutual_information(self, texts: Sequence[str]) -> list[float]:
        """Return for each text the logarithm of the observed over the expected number of articles with all its words.

        Compares the numbers of articles, each plus one. Stop words and operators do not count. Fewer than two words give 0.
        """
        groups = [
            sorted({token.term.stem for token in self._analyzer.analyze(text) if not token.term.stop}) for text in texts
        ]
        several = list(dict.fromkeys(tuple(group) for group in groups if len(group) > 1))
        documents = self._source.documents
        if not several or not documents:
            return [0.0] * len(texts)
        stems = list(dict.fromkeys(stem for group in several for stem in group))
        counts, together = self._source.stem_counts(stems, several)
        count_of = dict(zip(stems, counts, strict=True))
        information: dict[tuple[str, ...], float] = {}
        for group, count in zip(several, together, strict=True):
            expected = float(documents)
            for stem in group:
                expected *= count_of[stem] / documents
            information[group] = math.log1p(count) - math.log1p(expected)
        return [information.get(tuple(group), 0.0) for group in groups]

    def surface_form(self, terms: tuple[str, ...]) -> str:
        """Return terms as articles mostly write them, without vowel marks, joined by spaces."""
        for term in terms:
            if term not in self._surface_forms:
                self._surface_forms[term] = self._most_common_form(term)
        return " ".join(self._surface_forms[term] for term in terms)

    def _most_common_form(self, term: str) -> str:
        forms: Counter[str] = Counter()
        normalise, surface = self._analyzer.normalizer.normalise, self._analyzer.normalizer.surface
        for field in sorted(self._fields, key=lambda field: field != "title"):
            for text in self._source.texts(term, field, _SAMPLED_TITLES if field == "title" else 1):
                words = set(self._analyzer.tokenizer.words(text))
                forms.update(surface(word) for word in words if normalise(word) == term)
            if forms:
                break
        return min(forms, key=lambda form: (-forms[form], form), default=term)
