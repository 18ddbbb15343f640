"""Add the other spellings of a foreign name to it: غاتوزو beside جاتوزو.

`foreign_spellings` makes the candidates, and candidates that articles have become spellings of the word. They match at
the stem level, together with the word's own stem, and a share of the weight stays with the own stem. So an article with
the typed spelling scores higher. A note names the spellings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from arsearch.analyzers.foreign_spellings import foreign_spellings
from arsearch.model.schema import STEM
from arsearch.query import Node, Word
from arsearch.search.refining.plain_words import Fields, plain_words, with_plain_words
from arsearch.search.refining.refinement import Frequency, Refined
from arsearch.search.scored_clauses import ScoredClauseBuilder
from arsearch.search.statistics import TermKey

__all__ = ["ForeignNames"]

MOST_SPELLINGS = 8
"""The spellings that are searched beside the typed one."""


@dataclass(frozen=True, slots=True)
class ForeignNames:
    """Adds spellings to the foreign names of one query; the user's dictionary has no foreign names.

    `words` builds the query's clauses, `fields` are searched by default, and `kinds` are the kinds of all fields.
    """

    words: ScoredClauseBuilder
    fields: Fields
    kinds: Mapping[str, str]
    _candidates: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False)
    """The candidates of each plain word, as stems."""

    def keys(self, root: Node) -> Iterator[TermKey]:
        """Yield the candidates for each plain word, in each of its fields."""
        for word, fields in plain_words(root, self.fields, self.kinds):
            for stem in self._candidates_of(word.text):
                yield from (TermKey(name, STEM, stem) for name in fields)

    def refine(self, root: Node, frequency: Frequency) -> Refined:
        """Set the spellings of each name that articles have, with a note."""
        if not any(self._candidates.values()):
            return Refined(root)
        notes: dict[str, None] = {}

        def change(word: Word, fields: Fields) -> Word:
            counts = {
                stem: sum(frequency(TermKey(name, STEM, stem)) or 0 for name in fields)
                for stem in self._candidates_of(word.text)
            }
            found = sorted((stem for stem, count in counts.items() if count), key=lambda stem: -counts[stem])
            if not found:
                return word
            spellings = tuple(found[:MOST_SPELLINGS])
            notes[f"{word.text}: also looked for {', '.join(spellings)}"] = None
            return replace(word, spellings=spellings)

        return Refined(with_plain_words(root, self.fields, self.kinds, change), tuple(notes))

    def _candidates_of(self, word: str) -> tuple[str, ...]:
        found = self._candidates.get(word)
        if found is None:
            terms = self.words.form(word).terms
            stem = terms[0].stem if len(terms) == 1 and not terms[0].stop else ""
            found = foreign_spellings(stem) if stem else ()
            if found and stem in self.words.analyzer.dictionary:
                found = ()
            self._candidates[word] = found
        return found
