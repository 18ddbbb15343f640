"""The distinct matchers of some targets, looked up by the forms that they match."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from arsearch.analyzers.tokens import Term
from arsearch.snippets.occurrences import NumberedTarget
from arsearch.snippets.targets import HighlightTarget, Key, WordMatcher, term_keys

__all__ = ["LONGEST", "MatcherTable"]

LONGEST = 1_000
"""Letters of the longest word that is compared with patterns and other matchers without keys."""


class MatcherTable:
    """The matchers of `targets`, each with an ordinal; equal matchers share one.

    `targets` are numbered in order, and `target_counts` maps an ordinal to the number of targets with its matcher.
    """

    def __init__(self, targets: Iterable[HighlightTarget]) -> None:
        self._ordinals: dict[WordMatcher, int] = {}
        self._by_key: dict[Key, dict[str, list[int]]] = {}  # ordinals of the matchers that match a form
        self._without_keys: list[int] = []  # ordinals of the matchers that every term must be compared with
        self.targets = [
            NumberedTarget(number, target, tuple(map(self._ordinal, target.matchers)))
            for number, target in enumerate(targets)
        ]
        self.matchers = tuple(self._ordinals)
        self.target_counts = Counter([ordinal for _, _, ordinals in self.targets for ordinal in set(ordinals)])
        self._tables: list[tuple[int, dict[Any, list[int]]]] = [
            (Term._fields.index(key), table) for key, table in self._by_key.items()
        ]

    def candidates(self, term: Term) -> list[int]:
        """Return the ordinals of the matchers that may match a term; nearly every word of a text has none."""
        found = [ordinals for at, table in self._tables if (ordinals := table.get(term[at]))]
        if self._without_keys and len(term.normalised) <= LONGEST:
            found.insert(0, self._without_keys)
        return found[0] if len(found) == 1 else [ordinal for ordinals in found for ordinal in ordinals]

    def _ordinal(self, matcher: WordMatcher) -> int:
        """Return the ordinal of a matcher, and file a new matcher by the forms that it matches."""
        if matcher in self._ordinals:
            return self._ordinals[matcher]
        ordinal = self._ordinals[matcher] = len(self._ordinals)
        keys = term_keys(matcher)
        if keys is None:
            self._without_keys.append(ordinal)
            return ordinal
        for key, value in keys:
            ordinals = self._by_key.setdefault(key, {}).setdefault(value, [])
            if ordinal not in ordinals[-1:]:
                ordinals.append(ordinal)
        return ordinal
