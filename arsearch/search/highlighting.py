"""Recipes of highlight targets: how to find the matches of each part of a query, as data.

Most searches show no snippet. A plan therefore holds recipes, and the targets are made when the first hit is
highlighted. Recipes are named tuples, which are made faster than dataclasses:
a search makes one for each word.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from arsearch.analyzers.tokens import Term
from arsearch.model import Level
from arsearch.snippets import AnyMatcher, HighlightTarget, PatternMatcher, SetMatcher, TermMatcher, WordMatcher
from arsearch.snippets.fuzzy import FuzzyMatcher

__all__ = ["FuzzyTarget", "PatternTarget", "PhraseTarget", "StemTarget", "TargetRecipe", "WordTarget"]


class TargetRecipe(Protocol):
    """Makes the highlight target of one part of a query."""

    def make(self) -> HighlightTarget:
        """Return the target."""
        ...


def _target(
    matchers: tuple[WordMatcher, ...], fields: tuple[str, ...], *, slop: int = 0, weight: float = 1.0
) -> HighlightTarget:
    return HighlightTarget(matchers, slop, ordered=slop < 2, fields=frozenset(fields), weight=weight)


class WordTarget(NamedTuple):
    """The terms of one typed word at `floor` or stricter; at the root level `roots` has the stems of each term's family."""

    terms: tuple[Term, ...]
    text: str
    floor: Level
    roots: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...]
    weight: float = 1.0

    def make(self) -> HighlightTarget:
        floor = max(self.floor, Level.STEM)
        matchers: list[WordMatcher] = [TermMatcher.of(term, self.text, floor) for term in self.terms]
        if self.roots:
            matchers = [
                AnyMatcher((matcher, SetMatcher(frozenset(stems), Level.ROOT, "stem")))
                for matcher, stems in zip(matchers, self.roots, strict=True)
            ]
        return _target(tuple(matchers), self.fields, weight=self.weight)


class StemTarget(NamedTuple):
    """Consecutive words with the given stems, all matching at `level`."""

    stems: tuple[str, ...]
    level: Level
    fields: tuple[str, ...]

    def make(self) -> HighlightTarget:
        return _target(tuple(SetMatcher(frozenset((stem,)), self.level, "stem") for stem in self.stems), self.fields)


class PhraseTarget(NamedTuple):
    """A quoted phrase, with up to `slop` further positions between its words."""

    matchers: tuple[WordMatcher, ...]
    slop: int
    fields: tuple[str, ...]

    def make(self) -> HighlightTarget:
        return _target(self.matchers, self.fields, slop=self.slop)


class PatternTarget(NamedTuple):
    """Words whose normalised form matches a normalised pattern."""

    pattern: str
    fields: tuple[str, ...]

    def make(self) -> HighlightTarget:
        return _target((PatternMatcher(self.pattern),), self.fields)


class FuzzyTarget(NamedTuple):
    """Words whose normalised form is at most `distance` edits from `word`."""

    word: str
    distance: int
    fields: tuple[str, ...]

    def make(self) -> HighlightTarget:
        return _target((FuzzyMatcher(self.word, self.distance),), self.fields)
