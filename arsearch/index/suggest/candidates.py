"""Find the words of an index for which a word may be misspelt, and their usual spelling.

The score of a candidate weighs the number of articles that have it against the cost of the mistake (`edit_costs`). It
follows Kernighan, Church & Gale, "A Spelling Correction Program Based on a Noisy Channel Model", COLING 1990, with fixed
weights in place of learnt probabilities.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice
from typing import NamedTuple

import numpy as np

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import distinct
from arsearch.index.matching.lookup import TermLookup
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.suggest.spelling_index import spelling_index
from arsearch.model.schema import NORMALISED, STEM
from arsearch.search.clauses import PhraseClause, TermsClause

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
    """Generates candidates from one snapshot, in the fields that a search without a field covers."""

    def __init__(self, reader: IndexReader, analyzer: ArabicAnalyzer, budget: SearchBudget) -> None:
        """Raise TimeUpError in any method after the end of the budget."""
        self._reader = reader
        self._lookup = TermLookup(reader, analyzer, budget)
        self._analyzer = analyzer
        self._fields = [field.name for field in reader.schema if field.default]
        self._stem_docs: dict[str, Array] = {}
        self._surface_forms: dict[str, str] = {}

    def frequency(self, term: str, level: str = NORMALISED) -> int:
        """Return the number of articles with a term, in the field where most have it."""
        return max((self._reader.doc_frequency(field, level, term) for field in self._fields), default=0)

    def occurs(self, word: str) -> bool:
        """Return whether articles have each part of a written word, in any inflection."""
        self._lookup.budget.spend()
        return all(self.frequency(term.stem, STEM) for term in self._analyzer.form(word).terms)

    def candidates(self, term: str, limit: int) -> list[Candidate]:
        """Return at most `limit` candidates for a normalised term, best first; neither the term nor a lone stop word.

        A term of fewer than three letters, or of more than 64, has none.
        """
        self._lookup.budget.spend()
        if not 3 <= len(term) <= _MAX_LETTERS:
            return []
        candidates = [one for one in self._close(term) if one.terms != (term,)] + self._split(term)
        return sorted(candidates, key=lambda one: (-one.score, one.terms))[:limit]

    def _close(self, term: str) -> list[Candidate]:
        costs: dict[str, float] = {}
        for segment in self._reader.segments:
            for field in self._fields:
                index = spelling_index(segment, field)
                if index is not None:
                    close = index.close_terms(term, 1 if len(term) < 5 else 2, _COST_WEIGHT, _MAX_CLOSE_TERMS)
                    costs.update((one.term, one.cost) for one in close)
        return [
            Candidate((close,), self._score(self.frequency(close), cost), cost)
            for close, cost in costs.items()
            if not any(term.stop for term in self._analyzer.form(close).terms)
        ]

    def _split(self, term: str) -> list[Candidate]:
        """Return the pairs of words that a space in the term makes, if articles have them side by side."""
        pairs = [(term[:at], term[at:]) for at in range(2, len(term) - 1)]
        frequencies = {pair: min(map(self.frequency, pair)) for pair in pairs}
        most_frequent = sorted(pairs, key=lambda pair: -frequencies[pair])[:_MAX_SPLITS]
        return [
            Candidate(pair, self._score(count, _SPACE_COST), _SPACE_COST)
            for pair in most_frequent
            if frequencies[pair] and (count := self.adjacent(pair))
        ]

    def adjacent(self, pair: tuple[str, str]) -> int:
        """Return the number of articles with two terms side by side, in the field where most have them."""
        self._lookup.budget.spend()
        phrase = PhraseClause(tuple((at, TermsClause(NORMALISED, (term,))) for at, term in enumerate(pair)))
        return max(len(self._lookup.postings(phrase, field)[0]) for field in self._fields)

    def joined(self, term: str) -> Candidate:
        """Return the candidate for two words that a space splits a term into."""
        return Candidate((term,), self._score(self.frequency(term), _SPACE_COST), _SPACE_COST)

    @staticmethod
    def _score(articles: int, cost: float) -> float:
        return math.log1p(articles) - _COST_WEIGHT * cost

    def pointwise_mutual_information(self, text: str) -> float:
        """Return the logarithm of the observed over the expected number of articles that have all words of a text.

        Compares the numbers of articles, each plus one. Stop words and operators do not count. Fewer than two words give 0.
        """
        self._lookup.budget.spend()
        stems = {token.term.stem for token in self._analyzer.analyze(text) if not token.term.stop}
        if len(stems) < 2 or not self._reader.docs:
            return 0.0
        docs: Array | None = None
        expected = float(self._reader.docs)
        for stem in sorted(stems):
            stem_docs = self._docs_with_stem(stem)
            if docs is None:
                docs = stem_docs
            elif len(docs):
                docs = np.intersect1d(docs, stem_docs, assume_unique=True)
            expected *= len(stem_docs) / self._reader.docs
        return math.log1p(0 if docs is None else len(docs)) - math.log1p(expected)

    def _docs_with_stem(self, stem: str) -> Array:
        if stem not in self._stem_docs:
            docs = [self._reader.term_postings(field, STEM, stem)[0] for field in self._fields]
            self._stem_docs[stem] = distinct(np.concatenate(docs))
        return self._stem_docs[stem]

    def surface_form(self, terms: tuple[str, ...]) -> str:
        """Return terms as articles mostly write them, without vowel marks, joined by spaces."""
        for term in terms:
            if term not in self._surface_forms:
                self._lookup.budget.spend()
                self._surface_forms[term] = self._most_common_form(term)
        return " ".join(self._surface_forms[term] for term in terms)

    def _most_common_form(self, term: str) -> str:
        forms: Counter[str] = Counter()
        normalise, surface = self._analyzer.normalizer.normalise, self._analyzer.normalizer.surface
        for field in sorted(self._fields, key=lambda field: field != "title"):
            docs, _ = self._reader.term_postings(field, NORMALISED, term)
            for doc in islice(docs.tolist(), _SAMPLED_TITLES if field == "title" else 1):
                words = set(self._analyzer.tokenizer.words(self._text(doc, field)))
                forms.update(surface(word) for word in words if normalise(word) == term)
            if forms:
                break
        return min(forms, key=lambda form: (-forms[form], form), default=term)

    def _text(self, doc: int, field: str) -> str:
        segment, local = self._reader.resolve(doc)
        if field == "title":
            return segment.title(local)
        article = segment.stored.article(local)
        return article.body if field == "body" else str(article.extra.get(field) or "")
