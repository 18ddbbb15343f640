"""Recipes of highlight targets: how to find the matches of each part of a query, as data.

Most searches show no snippet. A plan therefore holds recipes, and the targets are made when the first hit is
highlighted. Recipes are named tuples, which are made faster than dataclasses:
a search makes one for each word.

A word that the query does not ask for by root is marked by its root only in articles that are not complete: in a complete
article the words themselves are marks enough.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, Protocol

from arsearch.analyzers.tokens import Term
from arsearch.model import Level
from arsearch.snippets import AnyMatcher, HighlightTarget, PatternMatcher, SetMatcher, TermMatcher, WordMatcher

__all__ = ["Families", "FuzzyTarget", "PatternTarget", "PhraseTarget", "StemTarget", "TargetRecipe", "WordTarget"]


Families = Callable[[str], Collection[str]]
"""Returns the stems of the root family of a stem, itself included."""


class TargetRecipe(Protocol):
    """Makes the highlight target of one part of a query."""

    def make(self, families: Families, *, roots: bool) -> HighlightTarget:
        """Return the target; `roots` also marks words of the root of a word that the query does not ask for by root."""
        ...


def _target(
    matchers: tuple[WordMatcher, ...], fields: tuple[str, ...], *, slop: int = 0, weight: float = 1.0
) -> HighlightTarget:
    return HighlightTarget(matchers, slop, ordered=slop < 2, fields=frozenset(fields), weight=weight)


class WordTarget(NamedTuple):
    """The terms of one typed word at `floor` or stricter, and the words of its root.

    `roots` has the stems of a root that the query names, for each term. If the word is `related`, its root family is
    looked up beside it.
    """

    terms: tuple[Term, ...]
    text: str
    floor: Level
    roots: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...]
    weight: float = 1.0
    related: bool = False

    def make(self, families: Families, *, roots: bool) -> HighlightTarget:
        floor = max(self.floor, Level.STEM)
        matchers: list[WordMatcher] = [TermMatcher.of(term, self.text, floor) for term in self.terms]
        stems: Sequence[Collection[str]] = self.roots
        if self.floor == Level.ROOT or (self.related and roots):
            stems = stems or [families(term.stem) for term in self.terms]
        if stems:
            matchers = [
                AnyMatcher((matcher, SetMatcher(frozenset(own), Level.ROOT, "stem")))
                for matcher, own in zip(matchers, stems, strict=True)
            ]
        return _target(tuple(matchers), self.fields, weight=self.weight)


class StemTarget(NamedTuple):
    """Consecutive words with the given stems, all matching at `level`."""

    stems: tuple[str, ...]
    level: Level
    fields: tuple[str, ...]

    def make(self, families: Families, *, roots: bool) -> HighlightTarget:  # noqa: ARG002
        return _target(tuple(SetMatcher(frozenset((stem,)), self.level, "stem") for stem in self.stems), self.fields)


class PhraseTarget(NamedTuple):
    """A quoted phrase, with up to `slop` further positions between its words."""

    matchers: tuple[WordMatcher, ...]
    slop: int
    fields: tuple[str, ...]

    def make(self, families: Families, *, roots: bool) -> HighlightTarget:  # noqa: ARG002
        return _target(self.matchers, self.fields, slop=self.slop)


class PatternTarget(NamedTuple):
    """Words whose normalised form matches a normalised pattern."""

    pattern: str
    fields: tuple[str, ...]

    def make(self, families: Families, *, roots: bool) -> HighlightTarget:  # noqa: ARG002
        return _target((PatternMatcher(self.pattern),), self.fields)


class FuzzyTarget(NamedTuple):
    """Words whose normalised form is at most `distance` edits from `word`."""

    word: str
    distance: int
    fields: tuple[str, ...]

    def make(self, families: Families, *, roots: bool) -> HighlightTarget:  # noqa: ARG002
        from arsearch.snippets.fuzzy import FuzzyMatcher  # few searches need it

        return _target((FuzzyMatcher(self.word, self.distance),), self.fields)
