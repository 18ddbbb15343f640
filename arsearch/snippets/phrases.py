"""Occurrences of a phrase, given the positions of each of its words.

Positions are not offsets: a compound written as one word takes up several positions, a dropped clitic none.
The work is bounded: for a phrase of a thousand equal words in a text of a million of them, the search stops after
`STEPS`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

__all__ = ["STEPS", "phrase_positions"]

STEPS = 400_000
"""Comparisons for all phrases of one text; later occurrences are not highlighted."""

_LOOK_EVERY = 2_000
"""Comparisons between two looks at the clock."""


def phrase_positions(
    columns: Sequence[Sequence[int]],
    *,
    slop: int = 0,
    ordered: bool = True,
    steps: int = STEPS,
    in_time: Callable[[], bool] | None = None,
) -> Iterator[tuple[int, ...]]:
    """Yield the occurrences of a phrase, each as one position per word of the phrase.

    `columns[i]` has the positions of the i-th word, increasing; a phrase with an empty column does not occur. From each
    start the tightest occurrence in order is given. If `ordered` is false and `slop` at least 2, the occurrences in
    another order follow. `slop` is as in `HighlightTarget`. The search ends early after about `steps` comparisons, or once
    `in_time` returns `False`.
    """
    if not all(columns):
        return
    budget = _Budget(steps, in_time)
    yield from _in_order(columns, slop, budget)
    if not ordered and slop >= 2 and len(columns) > 1:
        yield from _in_any_order(columns, slop, budget)


class _Budget:
    """The comparisons that the search for one phrase may still make."""

    def __init__(self, steps: int, in_time: Callable[[], bool] | None) -> None:
        self.remaining = steps
        self._in_time = in_time
        self._next_look = 0 if in_time is None else steps - _LOOK_EVERY

    def spend(self, steps: int) -> bool:
        """Spend `steps` comparisons, and tell whether the budget had them."""
        self.remaining -= steps
        if self.remaining < self._next_look and self._in_time is not None:
            self._next_look = self.remaining - _LOOK_EVERY
            if not self._in_time():
                self.remaining = -1
        return self.remaining >= 0


def _in_order(columns: Sequence[Sequence[int]], slop: int, budget: _Budget) -> Iterator[tuple[int, ...]]:
    width = len(columns) + slop
    for start in columns[0]:
        at, positions = start, [start]
        for column in columns[1:]:
            if not budget.spend(1):
                return
            index = bisect_right(column, at)
            if index == len(column) or column[index] - start >= width:
                break
            at = column[index]
            positions.append(at)
        else:
            yield tuple(positions)


def _in_any_order(columns: Sequence[Sequence[int]], slop: int, budget: _Budget) -> Iterator[tuple[int, ...]]:
    """Yield the occurrences that are not in order, one at most from each start."""
    size = len(columns)
    distinct = {id(column): column for column in columns}.values()
    if not budget.spend(sum(map(len, distinct)) // 16):
        return
    for start in sorted(set().union(*distinct)):
        choices = []
        for column in columns:
            if not budget.spend(1):
                return
            first = bisect_left(column, start)
            inside = column[first : min(first + size, bisect_left(column, start + size + slop))]  # size choices suffice
            if not inside:
                break
            if not budget.spend(len(inside)):
                return
            choices.append(inside)
        else:
            positions = _distinct(choices, budget)
            if positions is not None and min(positions) == start and any(a > b for a, b in pairwise(positions)):
                yield positions


def _distinct(choices: Sequence[Sequence[int]], budget: _Budget) -> tuple[int, ...] | None:
    """Choose one position for each word, all different; `None` if that is impossible or the budget ends.

    This is maximum bipartite matching by augmenting paths (Kuhn), searched breadth first.
    """
    owner: dict[int, int] = {}
    for word in range(len(choices)):
        parent: dict[int, int | None] = {}  # position -> position that its word holds now; None for `word` itself
        queue: list[tuple[int, int | None]] = [(word, None)]
        end = None
        while queue and end is None:
            seeker, held = queue.pop(0)
            if not budget.spend(1 + len(choices[seeker])):
                return None
            for position in choices[seeker]:
                if position in parent:
                    continue
                parent[position] = held
                if position not in owner:
                    end = position
                    break
                queue.append((owner[position], position))
        if end is None:
            return None
        while (held := parent[end]) is not None:  # each word on the path moves on to the next position
            owner[end] = owner[held]
            end = held
        owner[end] = word
    position_of = {word: position for position, word in owner.items()}
    return tuple(position_of[word] for word in range(len(choices)))
