"""Where targets occur in a text, given where the words that they ask for stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, MutableMapping
from typing import NamedTuple

from arsearch.model import Level, Span
from arsearch.snippets.phrases import STEPS, phrase_positions
from arsearch.snippets.targets import HighlightTarget

__all__ = ["Asked", "Matches", "Occurrence", "Place", "Places", "occurrences_of"]

Place = tuple[int, int, Level]
"""Start, end and level of a written word."""

Places = MutableMapping[int, list[tuple[int, Place]]]
"""By slot, the number of a matcher: the positions and places at which it matches."""

_LEAST_STEPS = 500  # for one of very many phrases


class Asked(NamedTuple):
    """A target, its number, and the slots of its matchers; equal matchers share one."""

    number: int
    target: HighlightTarget
    slots: tuple[int, ...]


class Occurrence(NamedTuple):
    """One place where a target occurs: the target's number and its written words in text order.

    `words` are `(start, end, level)`, disjoint, more than one only for phrases.
    """

    target: int
    words: tuple[tuple[int, int, Level], ...]

    @property
    def start(self) -> int:
        """Offset of the first word."""
        return self.words[0][0]

    @property
    def end(self) -> int:
        """Offset after the last word."""
        return self.words[-1][1]


class Matches(NamedTuple):
    """All occurrences in the first `read` characters of a text, by start."""

    occurrences: tuple[Occurrence, ...]
    read: int

    def spans(self, field: str) -> list[Span]:
        """The matched written words, one span each with its strictest level, sorted and disjoint."""
        levels: dict[tuple[int, int], Level] = {}
        for occurrence in self.occurrences:
            for start, end, level in occurrence.words:
                if level > levels.get((start, end), 0):
                    levels[start, end] = level
        return [Span(field, start, end, level) for (start, end), level in sorted(levels.items())]

    @property
    def level(self) -> Level | None:
        """The strictest level of all matches, `None` without any."""
        return max((word[2] for occurrence in self.occurrences for word in occurrence.words), default=None)


def occurrences_of(targets: Collection[Asked], places: Mapping[int, list[tuple[int, Place]]]) -> tuple[Occurrence, ...]:
    """Every occurrence of the targets, by start, then target; of phrases as many as `STEPS` allow."""
    found: list[Occurrence] = []
    steps = max(_LEAST_STEPS, STEPS // max(1, sum(len(slots) > 1 for _, _, slots in targets)))
    columns: dict[int, dict[int, Place]] = {}
    for number, target, slots in targets:
        if len(slots) == 1:
            found += [Occurrence(number, (place,)) for _, place in places.get(slots[0], ())]
        elif all(places.get(slot) for slot in slots):
            for slot in slots:
                if slot not in columns:
                    columns[slot] = _column(places[slot])
            found += _phrases(number, target, [columns[slot] for slot in slots], steps)
    found.sort(key=lambda occurrence: (occurrence.words[0][0], occurrence.target, occurrence.words[-1][1]))
    return tuple(found)


def _column(places: list[tuple[int, Place]]) -> dict[int, Place]:
    """The places by position, increasing; of several at one position the strictest."""
    column: dict[int, Place] = {}
    for position, place in sorted(places):
        if position not in column or place[2] > column[position][2]:
            column[position] = place
    return column


def _phrases(number: int, target: HighlightTarget, columns: list[dict[int, Place]], steps: int) -> Iterator[Occurrence]:
    lists = {id(column): list(column) for column in columns}
    positions = [lists[id(column)] for column in columns]
    for taken in phrase_positions(positions, slop=target.slop, ordered=target.ordered, steps=steps):
        levels: dict[tuple[int, int], Level] = {}
        for column, position in zip(columns, taken, strict=True):
            start, end, level = column[position]
            levels[start, end] = max(level, levels.get((start, end), level))
        yield Occurrence(number, tuple((start, end, level) for (start, end), level in sorted(levels.items())))
