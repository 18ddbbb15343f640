"""Recipes of highlight targets: what the matches of a query part look like, as data.

Most searches show no snippet, so a plan holds recipes and the targets are made when the first hit is marked. Recipes are
named tuples, which are made faster than dataclasses: a search makes one for each word.
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
    """The terms of one typed word at `floor` or stricter; at the root, `roots` has the stems of each term's family."""

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
    """Words of some stems in a row, all matching at `level`."""

    stems: tuple[str, ...]
    level: Level
    fields: tuple[str, ...]

    def make(self) -> HighlightTarget:
        return _target(tuple(SetMatcher(frozenset((stem,)), self.level, "stem") for stem in self.stems), self.fields)


class PhraseTarget(NamedTuple):
    """A quoted phrase; its words may stand `slop` further positions apart."""

    matchers: tuple[WordMatcher, ...]
    slop: int
    fields: tuple[str, ...]

    def make(self) -> HighlightTarget:
        return _target(self.matchers, self.fields, slop=self.slop)


class PatternTarget(NamedTuple):
    """Words whose normalised form fits a normalised pattern."""

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
