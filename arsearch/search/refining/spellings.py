"""Add a likelier spelling to a word that no article has: الرياظ also finds الرياض.

Words that the lexicon, the user's dictionary or the table of roots knows get none, for they are spelt as the user means
them: معنى is not a mistake for معين, even if no article has it. The back-end proposes the spellings (`Index.correct`),
by the frequency of the words, the cost of the mistake and the other words of the query.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from arsearch.analyzers.letters import LETTERS
from arsearch.analyzers.roots import roots_of
from arsearch.analyzers.stemming.lexicon import lexicon
from arsearch.analyzers.tokens import Term
from arsearch.model.schema import STEM
from arsearch.query import Node, Word
from arsearch.search.refining.plain_words import Fields, plain_words, with_plain_words
from arsearch.search.refining.refinement import Frequency, Refined
from arsearch.search.scored_clauses import ScoredClauseBuilder
from arsearch.search.statistics import StatisticsKey, TermKey

__all__ = ["Respell", "SpellingCorrection"]

Respell = Callable[[Sequence[str], Collection[str], float | None], Mapping[str, str]]
"""Returns likelier spellings for some of the words of a query, until a deadline; see `CorrectView.respell`."""

_ARABIC = f"[{LETTERS}]+"


@dataclass(frozen=True, slots=True)
class SpellingCorrection:
    """Corrects the missing words of one query, in the fields that are searched by default.

    After the `deadline`, a reading of `time.perf_counter`, no word is corrected.
    """

    words: ScoredClauseBuilder
    fields: Fields
    respell: Respell
    deadline: float | None = None
    _unknown: dict[str, Term] = field(default_factory=dict, init=False)
    """The words that the lexicon and the dictionary do not know, each with its only term."""

    def keys(self, root: Node) -> Iterator[StatisticsKey]:
        """Yield the stems of the words that the lexicon and the dictionary do not know."""
        for word, _ in plain_words(root, self.fields, {}, phrases=True):  # a phrase may be relaxed
            term = self._unknown_term(word.text)
            if term is not None:
                self._unknown[word.text] = term
                yield from self._term_keys(term)

    def refine(self, root: Node, frequency: Frequency) -> Refined:
        """Set the correction of each missing word that has one, with a note."""
        if not self._unknown:
            return Refined(root)

        def is_missing(word: Word) -> bool:
            term = None if word.also or word.spellings else self._unknown.get(word.text)
            return (
                term is not None
                and all(frequency(key) == 0 for key in self._term_keys(term))
                and not roots_of(term.stem)
            )

        words = [word for word, _ in plain_words(root, self.fields, {})]
        missing = {word.text for word in words if is_missing(word)}
        if not missing or (self.deadline is not None and time.perf_counter() > self.deadline):
            return Refined(root)
        corrections = self.respell([word.text for word in words], missing, self.deadline)
        notes = tuple(f"no article has {word}; searched also for {likelier}" for word, likelier in corrections.items())

        def correct(word: Word, _: Fields) -> Word:
            return replace(word, correction=corrections.get(word.text))

        return Refined(with_plain_words(root, self.fields, {}, correct), notes)

    def _unknown_term(self, word: str) -> Term | None:
        """Return the term of a word of Arabic letters that neither lexicon nor dictionary knows; `None` for other words."""
        terms = self.words.form(word).terms
        if len(terms) != 1:
            return None
        term, entries = terms[0], lexicon().entries
        if term.normalised in entries or term.word in entries or term.stem in entries:  # nearly every word
            return None
        if term.stop or not re.fullmatch(_ARABIC, term.normalised):
            return None
        own = self.words.analyzer.dictionary
        return None if any(form in own for form in (term.normalised, term.word, term.stem)) else term

    def _term_keys(self, term: Term) -> Iterator[TermKey]:
        return (TermKey(field, STEM, term.stem) for field in self.fields)
