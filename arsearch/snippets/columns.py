"""The matches of the words of one long text, in columns, and the occurrences and spans that they make.

A frequent word of a long text has tens of thousands of matches: columns are array operations, and an object is made for
each only at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from arsearch.kernel import native
from arsearch.model import Level, Span
from arsearch.snippets.occurrences import LEVELS, NumberedTarget, Occurrence, WordMatches, find_occurrences, in_order
from arsearch.snippets.phrases import STEPS

__all__ = ["Column", "MatchColumns", "Numbers", "columns_of"]

Numbers = NDArray[np.int64]

MOST_WORDS = 100_000
"""The occurrences of single words at most."""

SHORTEST_STRETCH = 128
"""The characters in which one occurrence of a target is enough, at least, if there are too many."""

_STRICTEST = len(Level)
_LEVEL_BITS = 4
_LEVELS_BY_KEY = (*reversed(Level), *[None] * ((1 << _LEVEL_BITS) - len(Level)))
"""The level of each number in a key, from the strictest on."""

_LENGTH_BITS = 27
"""The bits of a word's length: a stored text has 64 MB at most."""

_SPAN = cast("Callable[[Iterable[Any]], Span]", partial(tuple.__new__, Span))
"""Makes a span of its values, in a third of the time that its class needs."""


class Column(NamedTuple):
    """The matches of one matcher in text order: the position, start, end and level of each word."""

    positions: Numbers
    starts: Numbers
    ends: Numbers
    levels: Numbers

    def near(self, others: Numbers, distance: int) -> Column:
        """Return the matches at most `distance` positions from one of the rising positions `others`."""
        at = np.searchsorted(others, self.positions)
        before = self.positions - others.take(at - 1, mode="clip")
        after = others.take(at, mode="clip") - self.positions
        kept = np.flatnonzero((abs(before) <= distance) | (abs(after) <= distance))
        return Column(*(values[kept] for values in self))

    def thinned(self, stretch: int) -> Column:
        """Return the first match in each stretch of some characters."""
        kept = np.flatnonzero(np.diff(self.starts // stretch, prepend=-1))
        return Column(*(values[kept] for values in self))


def columns_of(
    words: Sequence[str], matches: WordMatches, read: Numbers, offsets: Numbers, positions: Mapping[int, Numbers]
) -> dict[int, Column] | None:
    """Return the column of each matcher whose positions are given; `None` if a matcher matches another number of words.

    `matches` are those in the distinct words, which were read as one text with a character between two. `read` has the number
    of each word in the order of the long text, and `offsets` its offset there.
    """
    ends = np.cumsum([len(word) + 1 for word in words], dtype=np.int64)
    columns = {}
    for ordinal, places in positions.items():
        found = [match for _, match in matches.get(ordinal, ())]
        starts, stops, levels = np.array(found, np.int64).reshape(-1, 3).T
        numbers = np.searchsorted(ends, starts, "right")
        counts = np.bincount(numbers, minlength=len(words))
        times = counts[read]
        if times.sum() != len(places):
            return None
        # A word that is several to the analyzer may have several matches, which follow each other.
        regions = np.repeat(np.arange(len(read)), times)
        inside = np.arange(len(regions)) - np.repeat(np.cumsum(times) - times, times)
        at = (np.cumsum(counts) - counts)[read[regions]] + inside
        shift = offsets[regions] - (ends - np.diff(ends, prepend=0))[read[regions]]
        columns[ordinal] = Column(places, shift + starts[at], shift + stops[at], levels[at])
    return columns


class MatchColumns:
    """The matches of the targets of a highlighter in one text; `columns` maps the ordinal of a matcher to its matches.

    Phrases are looked for as long as `in_time` returns `True`.
    """

    def __init__(
        self, targets: Sequence[NumberedTarget], columns: Mapping[int, Column], in_time: Callable[[], bool]
    ) -> None:
        self._targets = targets
        self._columns = columns
        self._in_time = in_time

    def occurrences(self, steps: int = STEPS) -> tuple[Occurrence, ...]:
        """Return the occurrences, as `find_occurrences` does: all phrases, and `MOST_WORDS` or fewer words.

        Of more words, the first of each target in each stretch of the text is an occurrence. After the deadline, targets are
        left out.
        """
        words = [target for target in self._targets if len(target.ordinals) == 1]
        columns = {ordinal: self._columns[ordinal] for _, _, (ordinal,) in words}
        stretch = SHORTEST_STRETCH
        while (
            sum(len(columns[ordinal].starts) for _, _, (ordinal,) in words) > MOST_WORDS
            and stretch < 1 << _LENGTH_BITS  # then each target has one occurrence
        ):
            columns = {ordinal: column.thinned(stretch) for ordinal, column in columns.items()}
            stretch *= 2
        matches = {ordinal: _words(column) if self._in_time() else [] for ordinal, column in columns.items()}
        found = find_occurrences(words, matches, extension=native())
        phrases = self._phrases(steps)
        if not phrases:
            return found
        return in_order((*found, *phrases))

    def spans(self, field: str) -> list[Span]:
        """Return a span for each matched word, at its strictest level; sorted and disjoint."""
        ordinals = {target.ordinals[0] for target in self._targets if len(target.ordinals) == 1}
        columns = [self._columns[ordinal] for ordinal in sorted(ordinals)]
        marks = [word for occurrence in self._phrases(STEPS) for word in occurrence.words]
        words = [np.array(marks, np.int64).reshape(-1, 3), *(np.stack(column[1:], axis=1) for column in columns)]
        starts, ends, levels = np.concatenate(words).T
        # One number for each word sorts by start, end, and the strictest level first.
        keys = np.sort(starts << _LENGTH_BITS + _LEVEL_BITS | (ends - starts) << _LEVEL_BITS | (_STRICTEST - levels))
        keys = keys[np.flatnonzero(np.diff(keys >> _LEVEL_BITS, prepend=-1))]
        extension = native()
        if extension is not None:
            return cast("list[Span]", extension.spans_by_key(field, keys.tobytes(), _LEVELS_BY_KEY, Span))
        starts = keys >> _LENGTH_BITS + _LEVEL_BITS
        ends = starts + (keys >> _LEVEL_BITS & (1 << _LENGTH_BITS) - 1)
        named = map(_LEVELS_BY_KEY.__getitem__, (keys & (1 << _LEVEL_BITS) - 1).tolist())
        return list(map(_SPAN, zip(repeat(field), starts.tolist(), ends.tolist(), named, strict=False)))

    def _phrases(self, steps: int) -> tuple[Occurrence, ...]:
        """Return the occurrences of the phrases.

        All words of an occurrence are near its rarest word; matches elsewhere are left out before phrases are looked for.
        """
        phrases = [target for target in self._targets if len(target.ordinals) > 1]
        found: list[Occurrence] = []
        for phrase in phrases:
            columns = {ordinal: self._columns[ordinal] for ordinal in phrase.ordinals}
            rarest = min((column.positions for column in columns.values()), key=len)
            if not len(rarest):
                continue
            distance = len(phrase.ordinals) + phrase.target.slop - 1
            near = {ordinal: _words(column.near(rarest, distance)) for ordinal, column in columns.items()}
            found += find_occurrences((phrase,), near, steps // len(phrases), in_time=self._in_time)
        return tuple(found)


def _words(column: Column) -> list[tuple[int, tuple[int, int, Level]]]:
    positions, starts, ends, levels = (values.tolist() for values in column)
    words = zip(starts, ends, map(LEVELS.__getitem__, levels), strict=True)
    return list(zip(positions, words, strict=True))
