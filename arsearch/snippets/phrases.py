"""Where a phrase occurs, given where each of its words stands.

Positions, not offsets: a compound written word takes several positions, a dropped clitic takes none.
The work is bounded: a phrase of a thousand equal words on a text of a million of them stops after `STEPS`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

__all__ = ["STEPS", "phrase_positions"]

STEPS = 400_000
"""Comparisons for all phrases looked for in one text; what stands after them is not marked."""


def phrase_positions(
    columns: Sequence[Sequence[int]], *, slop: int = 0, ordered: bool = True, steps: int = STEPS
) -> Iterator[tuple[int, ...]]:
    """Yield the occurrences of a phrase, each as one position per word of the phrase.

    `columns[i]` are the positions, increasing, at which the i-th word stands. From each start the tightest occurrence
    in order is given; if `ordered` is false and `slop` at least 2, then also those in another order.
    `slop` is as in `Target`. Ends early after about `steps` comparisons.
    """
    if not all(columns):
        return
    budget = _Budget(steps)
    yield from _in_order(columns, slop, budget)
    if not ordered and slop >= 2 and len(columns) > 1:
        yield from _in_any_order(columns, slop, budget)


class _Budget:
    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int) -> bool:
        self.left -= steps
        return self.left >= 0


def _in_order(columns: Sequence[Sequence[int]], slop: int, budget: _Budget) -> Iterator[tuple[int, ...]]:
    width = len(columns) + slop
    for start in columns[0]:
        at, taken = start, [start]
        for column in columns[1:]:
            if not budget.spend(1):
                return
            found = bisect_right(column, at)
            if found == len(column) or column[found] - start >= width:
                break
            at = column[found]
            taken.append(at)
        else:
            yield tuple(taken)


def _in_any_order(columns: Sequence[Sequence[int]], slop: int, budget: _Budget) -> Iterator[tuple[int, ...]]:
    size = len(columns)
    different = {id(column): column for column in columns}.values()
    if not budget.spend(sum(map(len, different)) // 16):
        return
    for start in sorted(set().union(*different)):
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
            taken = _distinct(choices, budget)
            if taken is not None and min(taken) == start and any(a > b for a, b in pairwise(taken)):
                yield taken


def _distinct(choices: Sequence[Sequence[int]], budget: _Budget) -> tuple[int, ...] | None:
    """One position for each word, all different: augmenting paths (Kuhn), searched breadth first."""
    owner: dict[int, int] = {}
    for word in range(len(choices)):
        came: dict[int, int | None] = {}  # position -> the position its asker holds, None for `word` itself
        queue: list[tuple[int, int | None]] = [(word, None)]
        end = None
        while queue and end is None:
            asker, held = queue.pop(0)
            if not budget.spend(1 + len(choices[asker])):
                return None
            for position in choices[asker]:
                if position in came:
                    continue
                came[position] = held
                if position not in owner:
                    end = position
                    break
                queue.append((owner[position], position))
        if end is None:
            return None
        while (held := came[end]) is not None:  # each word on the path moves on to the next position
            owner[end] = owner[held]
            end = held
        owner[end] = word
    place = {word: position for position, word in owner.items()}
    return tuple(place[word] for word in range(len(choices)))
