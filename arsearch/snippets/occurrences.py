"""Occurrences of targets in a text, given the matches of their words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from types import ModuleType
from typing import NamedTuple, Protocol

from arsearch.model import Fragment, Level, Span
from arsearch.snippets.phrases import STEPS, phrase_positions
from arsearch.snippets.targets import HighlightTarget

__all__ = [
    "LEVELS",
    "Matches",
    "NumberedTarget",
    "Occurrence",
    "TextMatches",
    "WordMatch",
    "WordMatches",
    "find_occurrences",
    "in_order",
    "spans_of",
    "strictest",
]

LEVELS = (None, *Level)
"""The level of each number."""

WordMatch = tuple[int, int, Level]
"""Start and end offset of a written word, and the level at which it matches."""

WordMatches = MutableMapping[int, list[tuple[int, WordMatch]]]
"""Matcher ordinal to the positions and words at which the matcher matches."""

_MIN_STEPS = 500  # for each phrase, however many there are


class NumberedTarget(NamedTuple):
    """A target, its number, and the ordinals of its matchers; equal matchers have the same ordinal."""

    number: int
    target: HighlightTarget
    ordinals: tuple[int, ...]


class Occurrence(NamedTuple):
    """One occurrence of a target: the target's number, and the written words in text order.

    `words` are `(start, end, level)` and disjoint; only a phrase has more than one.
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


class TextMatches(Protocol):
    """What passages and spans need of the occurrences in a text: the interface of `Matches` and of the extension's type."""

    @property
    def read(self) -> int:
        """The number of characters that were read."""
        ...

    @property
    def level(self) -> Level | None:
        """The strictest level of all matches; `None` without any."""
        ...

    def spans(self, field: str, /) -> list[Span]:
        """Return the spans of all occurrences; see `spans_of`."""
        ...

    def spans_in(self, passages: tuple[Fragment, ...], field: str, /) -> list[Span]:
        """Return the spans that lie in one of the disjoint passages; see `spans_of`."""
        ...


class Matches(NamedTuple):
    """All occurrences in the first `read` characters of a text, by start."""

    occurrences: tuple[Occurrence, ...]
    read: int

    def spans(self, field: str) -> list[Span]:
        """Return the spans of all occurrences; see `spans_of`."""
        return spans_of(self.occurrences, field)

    def spans_in(self, passages: tuple[Fragment, ...], field: str) -> list[Span]:
        """Return the spans that lie in one of the disjoint passages; see `spans_of`."""
        words = [
            word
            for _, words in self.occurrences
            for word in words
            for start, end in passages
            if start <= word[0] and word[1] <= end
        ]
        return _spans_of_words(words, field)

    @property
    def level(self) -> Level | None:
        """The strictest level of all matches; `None` without any."""
        return max([word[2] for _, words in self.occurrences for word in words], default=None)


def spans_of(occurrences: Iterable[Occurrence], field: str) -> list[Span]:
    """Return a span for each matched word, at its strictest level; sorted and disjoint."""
    return _spans_of_words([word for _, words in occurrences for word in words], field)


def strictest(lists: Sequence[list[Span]]) -> list[Span]:
    """Return the spans of some lists, each sorted and disjoint, as one such list; of equal places the strictest."""
    if len(lists) == 1:
        return lists[0]
    found: dict[int, Span] = {}
    for spans in lists:
        for span in spans:
            known = found.setdefault(span.start, span)
            if span.level > known.level:
                found[span.start] = span
    return [found[start] for start in sorted(found)]


def _spans_of_words(words: Iterable[WordMatch], field: str) -> list[Span]:
    levels: dict[tuple[int, int], Level] = {}
    for start, end, level in words:
        if level > levels.get((start, end), 0):
            levels[start, end] = level
    return [Span(field, start, end, level) for (start, end), level in sorted(levels.items())]


def find_occurrences(
    targets: Collection[NumberedTarget],
    matches: Mapping[int, list[tuple[int, WordMatch]]],
    steps: int = STEPS,
    extension: ModuleType | None = None,
    in_time: Callable[[], bool] | None = None,
) -> tuple[Occurrence, ...]:
    """Return the occurrences of the targets by start, then target; `steps` and `in_time` bound the search for phrases.

    The compiled `extension` makes those of a list of single words.
    """
    if extension is not None and isinstance(matches, dict) and all(len(ordinals) == 1 for _, _, ordinals in targets):
        words: tuple[Occurrence, ...] = extension.occurrences(
            matches, [(number, ordinals[0]) for number, _, ordinals in targets], Occurrence
        )
        return words
    occurrences: list[Occurrence] = []
    steps = max(_MIN_STEPS, steps // max(1, sum(len(ordinals) > 1 for _, _, ordinals in targets)))
    columns: dict[int, dict[int, WordMatch]] = {}
    for number, target, ordinals in targets:
        if len(ordinals) == 1:
            occurrences += [Occurrence(number, (word,)) for _, word in matches.get(ordinals[0], ())]
        elif all(matches.get(ordinal) for ordinal in ordinals):
            for ordinal in ordinals:
                if ordinal not in columns:
                    columns[ordinal] = _by_position(matches[ordinal])
            occurrences += _phrases(number, target, [columns[ordinal] for ordinal in ordinals], steps, in_time)
    return in_order(occurrences)


def in_order(occurrences: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """Return occurrences by start, then target."""
    return tuple(sorted(occurrences, key=lambda one: (one.words[0][0], one.target, one.words[-1][1])))


def _by_position(matches: list[tuple[int, WordMatch]]) -> dict[int, WordMatch]:
    """Return the matches by increasing position; of several at one position, the strictest."""
    words: dict[int, WordMatch] = {}
    for position, word in sorted(matches):
        if position not in words or word[2] > words[position][2]:
            words[position] = word
    return words


def _phrases(
    number: int,
    target: HighlightTarget,
    columns: list[dict[int, WordMatch]],
    steps: int,
    in_time: Callable[[], bool] | None,
) -> Iterator[Occurrence]:
    """Yield the occurrences of a phrase; `columns` has the matches of each of its words by position."""
    positions_of = {id(column): list(column) for column in columns}  # equal words share a column
    positions = [positions_of[id(column)] for column in columns]
    found = phrase_positions(positions, slop=target.slop, ordered=target.ordered, steps=steps, in_time=in_time)
    for occurrence in found:
        levels: dict[tuple[int, int], Level] = {}
        for column, position in zip(columns, occurrence, strict=True):
            start, end, level = column[position]
            levels[start, end] = max(level, levels.get((start, end), level))
        yield Occurrence(number, tuple((start, end, level) for (start, end), level in sorted(levels.items())))
