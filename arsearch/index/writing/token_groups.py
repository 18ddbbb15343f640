"""Token groups: tokens with no term, with several terms, or with a term that is not one position wide.

A text becomes an array of tokens, 32-bit numbers. A token below `FIRST_GROUP` is the number of a term, and one position
wide. Any other token is a group, with terms of its own and a width.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import concat_ranges

__all__ = ["FIRST_GROUP", "GAP", "Expansion", "TokenGroups"]

FIRST_GROUP = 1 << 31

GAP = FIRST_GROUP
"""The group that separates the values of a field; no phrase matches across its empty positions."""

_GAP_WIDTH = 100


class Expansion(NamedTuple):
    """The terms of a run of tokens, in the order of the tokens, and the position of each in the run: parallel arrays."""

    terms: Array
    positions: Array


class TokenGroups:
    """The groups of a vocabulary; the first one is `GAP`."""

    def __init__(self) -> None:
        self._widths = array("I")
        self._bounds = array("I", [0])
        self._terms = array("I")
        self._offsets = array("I")
        self.add([], _GAP_WIDTH)

    @property
    def memory(self) -> int:
        """The approximate number of bytes held."""
        return 8 * len(self._widths) + 8 * len(self._terms)

    @property
    def max_offset(self) -> int:
        """The largest offset of a term from the first position of its token. Terms of ﷺ exceed the width of its token."""
        return max(self._offsets, default=0)

    def add(self, terms: Sequence[tuple[int, int]], width: int) -> int:
        """Add a group, and return its token. Each of its terms comes with its offset from the group's first position."""
        self._terms.extend([term for term, _ in terms])
        self._offsets.extend([offset for _, offset in terms])
        self._bounds.append(len(self._terms))
        self._widths.append(width)
        return FIRST_GROUP + len(self._widths) - 1

    def merge(self, tokens: Sequence[int]) -> int:
        """Return one token with the terms of a sequence of tokens: a single token itself, or else a new group."""
        if len(tokens) == 1:
            return tokens[0]
        terms: list[tuple[int, int]] = []
        width = 0
        for token in tokens:
            if token < FIRST_GROUP:
                terms.append((token, width))
                width += 1
            else:
                group = token - FIRST_GROUP
                members = range(self._bounds[group], self._bounds[group + 1])
                terms += [(self._terms[at], width + self._offsets[at]) for at in members]
                width += self._widths[group]
        return self.add(terms, width)

    def widths(self, tokens: Array, bounds: Array) -> tuple[Array, Array]:
        """Return the numbers of positions and of terms of the tokens before each of `bounds`, ascending indices."""
        groups, first, last, width = self._groups(tokens)
        before = np.searchsorted(groups, bounds)
        return bounds + _sums(width - 1)[before], bounds + _sums(last - first - 1)[before]

    def expand(self, tokens: Array) -> Expansion:
        """Return the terms of `tokens` and their positions."""
        groups, first, last, width = self._groups(tokens)
        positions = np.arange(len(tokens), dtype=np.uint32)
        if not len(groups):
            return Expansion(tokens, positions)
        positions += np.repeat(_sums(width - 1).astype(np.uint32), np.diff(groups, prepend=-1, append=len(tokens) - 1))
        counts = np.ones(len(tokens), np.int64)
        counts[groups] = last - first
        terms, positions = np.repeat(tokens, counts), np.repeat(positions, counts)
        targets = concat_ranges(groups + _sums(last - first - 1)[:-1], last - first)
        sources = concat_ranges(first, last - first)
        terms[targets] = np.array(self._terms, np.uint32)[sources]
        positions[targets] += np.array(self._offsets, np.uint32)[sources]
        return Expansion(terms, positions)

    def _groups(self, tokens: Array) -> tuple[Array, Array, Array, Array]:
        """Return which of the tokens are groups, where the terms of each begin and end, and its width."""
        at = np.flatnonzero(tokens >= FIRST_GROUP)
        group = (tokens[at] - np.uint32(FIRST_GROUP)).astype(np.int64)
        bounds = np.array(self._bounds, np.int64)
        return at, bounds[group], bounds[group + 1], np.array(self._widths, np.int64)[group]


def _sums(values: Array) -> Array:
    """Return the sum of the values before each one, and last the sum of all."""
    return np.concatenate(([0], np.cumsum(values)))
