"""The words of an index that are easily mistaken for a word, and how they are written.

Each has a score: how many articles have it, against what the mistake takes (`misspelling`). Kernighan, Church & Gale, "A
Spelling Correction Program Based on a Noisy Channel Model", COLING 1990, with weights in the place of learnt
probabilities.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice
from typing import NamedTuple

import numpy as np

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.codec.array_file import Array
from arsearch.index.matching.lookup import TermLookup
from arsearch.index.reader.segment import NORMALISED, STEM
from arsearch.index.reader.snapshot import IndexReader
from arsearch.search.clauses import PhraseClause, TermsClause

__all__ = ["Candidate", "CandidateGenerator"]

_RARITY = 4.5
"""An edit that costs 1 is made up for by being e to this power times as frequent."""

_SPACE = 0.6
"""What it takes to leave a space out, or to put one in."""

_NEAR = 12
"""Terms of each segment and field that are looked at closely."""

_SPLITS = 3
"""Places in a word where a space is tried, those with the most frequent words beside them."""

_LONGEST = 64
"""Letters of a term that is corrected: a space is tried between any two of them, so the work grows with their square."""

_SAMPLE = 8
"""Titles that are looked at for how a word is written."""


class Candidate(NamedTuple):
    """Normalised terms, one or two side by side, their score, and what the mistake takes, 1 or more for a far one."""

    terms: tuple[str, ...]
    score: float
    cost: float


class CandidateGenerator:
    """Of one snapshot, in the fields that are searched without being named."""

    def __init__(self, reader: IndexReader, analyzer: ArabicAnalyzer) -> None:
        self._reader = reader
        self._lookup = TermLookup(reader, analyzer)
        self._analyzer = analyzer
        self._fields = [field.name for field in reader.schema if field.default]
        self._having: dict[str, Array] = {}
        self._spelt: dict[str, str] = {}

    def frequency(self, term: str, level: str = NORMALISED) -> int:
        """How many articles have a term, in the field where most have it."""
        return max((self._reader.doc_frequency(field, level, term) for field in self._fields), default=0)

    def known(self, word: str) -> bool:
        """Whether some article has each part of a written word, in any inflection."""
        return all(self.frequency(term.stem, STEM) for term in self._analyzer.form(word).terms)

    def candidates(self, term: str, most: int) -> list[Candidate]:
        """Return the `most` likeliest candidates of a normalised term, best first; neither the term nor a lone stop word.

        A term of less than three letters, or of more than `_LONGEST`, has none.
        """
        if not 3 <= len(term) <= _LONGEST:
            return []
        found = [one for one in self._near(term) if one.terms != (term,)] + self._split(term)
        return sorted(found, key=lambda one: (-one.score, one.terms))[:most]

    def _near(self, term: str) -> list[Candidate]:
        costs: dict[str, float] = {}
        for segment in self._reader.segments:
            for field in self._fields:
                words = segment.spelling_index(field)
                if words is not None:
                    near = words.near(term, 1 if len(term) < 5 else 2, _RARITY, _NEAR)
                    costs.update((one.term, one.cost) for one in near)
        return [
            Candidate((one,), self._score(self.frequency(one), cost), cost)
            for one, cost in costs.items()
            if not any(term.stop for term in self._analyzer.form(one).terms)
        ]

    def _split(self, term: str) -> list[Candidate]:
        """Two words that stand side by side somewhere."""
        halves = [(term[:at], term[at:]) for at in range(2, len(term) - 1)]
        frequent = {pair: min(map(self.frequency, pair)) for pair in halves}
        likeliest = sorted(halves, key=lambda pair: -frequent[pair])[:_SPLITS]
        return [
            Candidate(pair, self._score(count, _SPACE), _SPACE)
            for pair in likeliest
            if frequent[pair] and (count := self.adjacent(pair))
        ]

    def adjacent(self, pair: tuple[str, str]) -> int:
        """How many articles have two terms side by side, in the field where most have them."""
        phrase = PhraseClause(tuple((at, TermsClause(NORMALISED, (term,))) for at, term in enumerate(pair)))
        return max(len(self._lookup.postings(phrase, field)[0]) for field in self._fields)

    def joined(self, term: str) -> Candidate:
        """A term that was written as two."""
        return Candidate((term,), self._score(self.frequency(term), _SPACE), _SPACE)

    @staticmethod
    def _score(count: int, cost: float) -> float:
        return math.log1p(count) - _RARITY * cost

    def pointwise_mutual_information(self, text: str) -> float:
        """By what power of e the words of a text are more often in one article than chance would have it.

        Stop words and operators do not count; 0 for less than two words.
        """
        stems = {token.term.stem for token in self._analyzer.analyze(text) if not token.term.stop}
        if len(stems) < 2 or not self._reader.docs:
            return 0.0
        docs: Array | None = None
        chance = float(self._reader.docs)
        for stem in sorted(stems):
            having = self._articles(stem)
            if docs is None:
                docs = having
            elif len(docs):
                docs = np.intersect1d(docs, having, assume_unique=True)
            chance *= len(having) / self._reader.docs
        return math.log1p(0 if docs is None else len(docs)) - math.log1p(chance)

    def _articles(self, stem: str) -> Array:
        if stem not in self._having:
            found = [self._reader.term_postings(field, STEM, stem)[0] for field in self._fields]
            self._having[stem] = np.unique(np.concatenate(found))
        return self._having[stem]

    def written(self, terms: tuple[str, ...]) -> str:
        """How terms are mostly written, without vowel marks."""
        for term in terms:
            if term not in self._spelt:
                self._spelt[term] = self._spelling(term)
        return " ".join(self._spelt[term] for term in terms)

    def _spelling(self, term: str) -> str:
        seen: Counter[str] = Counter()
        normalise, surface = self._analyzer.normalizer.normalise, self._analyzer.normalizer.surface
        for field in sorted(self._fields, key=lambda field: field != "title"):
            docs, _ = self._reader.term_postings(field, NORMALISED, term)
            for doc in islice(docs.tolist(), _SAMPLE if field == "title" else 1):
                words = set(self._analyzer.tokenizer.words(self._text(doc, field)))
                seen.update(surface(word) for word in words if normalise(word) == term)
            if seen:
                break
        return min(seen, key=lambda form: (-seen[form], form), default=term)

    def _text(self, doc: int, field: str) -> str:
        segment, local = self._reader.resolve(doc)
        if field == "title":
            return segment.title(local)
        article = segment.stored.article(local)
        return article.body if field == "body" else str(article.extra.get(field) or "")
