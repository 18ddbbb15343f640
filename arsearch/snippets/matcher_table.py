"""The distinct matchers of some targets, looked up by the forms that they match."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from arsearch.analyzers.tokens import Term
from arsearch.snippets.occurrences import NumberedTarget
from arsearch.snippets.targets import HighlightTarget, Key, LetteredMatcher, WordMatcher, level_keys, term_keys

__all__ = ["LONGEST", "MatcherTable"]

LONGEST = 1_000
"""Letters of the longest word that is compared with patterns and other matchers without keys."""

_BITS = 64
"""The bits for all letters; those of the Arabic alphabet have one each."""


class MatcherTable:
    """The matchers of `targets`, each with an ordinal; equal matchers share one.

    `targets` are numbered in order, and `target_counts` maps an ordinal to the number of targets with its matcher. `tables`
    has the ordinals by the value of an attribute of a term, for each attribute that matchers compare, and `without_keys`
    those of the matchers that every term must be compared with. `level_keys` has those of each matcher.
    """

    def __init__(self, targets: Iterable[HighlightTarget]) -> None:
        self._ordinals: dict[WordMatcher, int] = {}
        self._by_key: dict[Key, dict[str, list[int]]] = {}  # ordinals of the matchers that match a form
        self.without_keys: list[int] = []
        self._lettered: list[tuple[int, int, int, int]] = []
        """The ordinal of each matcher without keys, the bits of its letters, and how many may lack or be others."""
        self.targets = [
            NumberedTarget(number, target, tuple(map(self._ordinal, target.matchers)))
            for number, target in enumerate(targets)
        ]
        self.matchers = tuple(self._ordinals)
        self.level_keys = tuple(map(level_keys, self.matchers))
        self.target_counts = Counter([ordinal for _, _, ordinals in self.targets for ordinal in set(ordinals)])
        self.tables: list[tuple[int, dict[Any, list[int]]]] = [
            (Term._fields.index(key), table) for key, table in self._by_key.items()
        ]

    def candidates(self, term: Term) -> list[int]:
        """Return the ordinals of the matchers that may match a term; nearly every word of a text has none."""
        found = [ordinals for at, table in self.tables if (ordinals := table.get(term[at]))]
        if self.without_keys and len(term.normalised) <= LONGEST:
            own = _bits(term.normalised)
            fitting = [
                ordinal
                for ordinal, letters, lacking, others in self._lettered
                if (letters & ~own).bit_count() <= lacking and (own & ~letters).bit_count() <= others
            ]
            if fitting:
                found.insert(0, fitting)
        return found[0] if len(found) == 1 else [ordinal for ordinals in found for ordinal in ordinals]

    def _ordinal(self, matcher: WordMatcher) -> int:
        """Return the ordinal of a matcher, and file a new matcher by the forms that it matches."""
        if matcher in self._ordinals:
            return self._ordinals[matcher]
        ordinal = self._ordinals[matcher] = len(self._ordinals)
        keys = term_keys(matcher)
        if keys is None:
            self.without_keys.append(ordinal)
            if isinstance(matcher, LetteredMatcher):
                others = _BITS if matcher.others is None else matcher.others
                self._lettered.append((ordinal, _bits(matcher.letters), matcher.lacking, others))
            else:
                self._lettered.append((ordinal, 0, 0, _BITS))
            return ordinal
        for key, value in keys:
            ordinals = self._by_key.setdefault(key, {}).setdefault(value, [])
            if ordinal not in ordinals[-1:]:
                ordinals.append(ordinal)
        return ordinal


def _bits(word: str) -> int:
    """Return a bit for each letter of a word; letters may share one."""
    bits = 0
    for letter in word:
        bits |= 1 << ord(letter) % _BITS
    return bits
