"""Windows: the parts of a text around which passages are built, their scores, and the choice of the best.

A window is the extent of neighbouring matches. Its score counts distinct targets first, then closeness, strictness, and
a little for an early place in the text. The work is bounded by `CONSIDERED`. The extension has the same rules and constants
in `kernel/windows.c`; sums are taken in the same order there, so that both forms choose the same windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple, cast

from arsearch.model import Level
from arsearch.snippets.occurrences import Matches, TextMatches

if TYPE_CHECKING:
    from arsearch.snippets.boilerplate import Boilerplate
    from arsearch.snippets.targets import HighlightTarget

__all__ = ["WeightedMatch", "Window", "best_windows", "choose_windows", "weigh"]

WORD_LIMIT = 1_000
"""Characters of the longest written word that a passage is built around."""

CONSIDERED = 2_000
"""Matches considered at most, the earliest of each target, shared evenly between the targets.

Each word of a phrase too long to be shown whole counts as a match.
"""

ANOTHER = 0.1
"""Share of the total weight of the targets that a further passage must add."""

SHORTEST = 60
"""Characters of the shortest passage worth showing; the length is not divided into shorter ones."""

STRICT_STEP = 0.05  # weight lost for each level below the strictest
REPEAT = 0.04  # gain of each repeated match of a target, for up to three
CLOSE = 0.25  # gain of matches that are all in one place, against matches at both ends of a window
EARLY = 0.1  # gain of a match at the very beginning, against one far away
HALFWAY = 2_000  # characters from the beginning at which half of that gain is lost
_STRICTNESS = [1 - STRICT_STEP * (Level.VOCALISED - level) for level in range(Level.VOCALISED + 1)]
_WINDOW_LIMIT = 512  # matches of one window; only crafted phrases have more


_Key = tuple[int, int]
"""The number of a matched target, and of its word if the target is a phrase too long to be shown whole, else -1."""


class WeightedMatch(NamedTuple):
    """A match with its weight in the choice of passages."""

    start: int
    end: int
    key: _Key
    weight: float


class Window(NamedTuple):
    """The extent of some neighbouring matches, the keys that they show in order of appearance, and their score."""

    start: int
    end: int
    keys: tuple[_Key, ...]
    score: float


def choose_windows(
    matches: TextMatches,
    targets: Sequence[HighlightTarget],
    boilerplate: Boilerplate,
    length: int,
    passages: int,
    extension: ModuleType | None = None,
) -> list[tuple[int, int]]:
    """Return the extents `(start, end)` of the fewest windows that together show the most, best first.

    They are at most `passages`, none without matches. Matches in boilerplate are left out if there are others.
    """
    if extension is not None:
        weights = tuple([target.weight for target in targets])
        extents: list[tuple[int, int]] = extension.windows(
            matches.occurrences if isinstance(matches, Matches) else matches,
            weights,
            boilerplate.compiled(),
            length,
            passages,
        )
        return extents
    weighted = weigh(cast(Matches, matches), targets, length)
    weighted = [match for match in weighted if match.start not in boilerplate] or weighted
    return [window[:2] for window in best_windows(weighted, length, passages)]


def weigh(matches: Matches, targets: Sequence[HighlightTarget], length: int) -> list[WeightedMatch]:
    """Return the matches to consider for passages of `length` characters together, with their weights, by offset."""
    share = max(50, CONSIDERED // max(1, len(targets)))
    counts = [0] * len(targets)
    weighted: list[WeightedMatch] = []
    for number, words in matches.occurrences:
        if counts[number] >= share:
            continue
        weight, start, end = targets[number].weight, words[0][0], words[-1][1]
        if end - start <= length:
            counts[number] += 1
            level = words[0][2] if len(words) == 1 else min([word[2] for word in words])
            weighted.append(WeightedMatch(start, end, (number, -1), weight * _STRICTNESS[level]))
            continue
        for index, (start, end, level) in enumerate(words[: share - counts[number]]):
            counts[number] += 1
            if end - start <= WORD_LIMIT:
                weighted.append(WeightedMatch(start, end, (number, index), weight * _STRICTNESS[level] / len(words)))
    weighted.sort()
    return weighted


def best_windows(matches: list[WeightedMatch], length: int, passages: int) -> list[Window]:
    """Return the fewest windows that together show the most, best first; at most `passages`, none without matches."""
    weights: dict[_Key, float] = {}
    for _, _, key, weight in matches:
        best_weight = weights.get(key, 0.0)
        weights[key] = weight if weight > best_weight else best_weight
    total = _sum(weights.values())
    best: list[Window] = []
    best_shown = 0.0
    for count in range(1, passages + 1):
        size = length // count
        if count > 1 and (size < SHORTEST or best_shown > (1 - ANOTHER / 2) * total):
            break  # another window cannot show enough more
        chosen = _cover(_windows(matches, size, alone=count == 1), weights, count)
        keys = {key for window in chosen for key in window.keys}
        shown = _sum(weight for key, weight in weights.items() if key in keys)
        if not best or shown > best_shown + ANOTHER * total:
            best, best_shown = chosen, shown
    return best


def _cover(windows: list[Window], weights: dict[_Key, float], count: int) -> list[Window]:
    """Choose up to `count` windows greedily: each is the best given those before it, and shows a new key."""
    if not windows:
        return []
    chosen = [max(windows, key=lambda w: (w.score, -w.start))]
    shown = set(chosen[0].keys)
    while len(chosen) < count:
        windows = [window for window in windows if not shown.issuperset(window.keys)]
        if not windows:
            break
        chosen.append(max(windows, key=lambda w: (w.score - _sum(weights[k] for k in w.keys if k in shown), -w.start)))
        shown.update(chosen[-1].keys)
    return chosen


def _sum(numbers: Iterable[float]) -> float:
    """Add numbers in order, as the extension does; `sum` also keeps what rounding loses, from Python 3.12 on."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def _windows(matches: list[WeightedMatch], size: int, *, alone: bool) -> list[Window]:
    """Return the window of at most `size` characters that begins with each match.

    A match longer than `size` has a window only if `alone`. Of matches with one start only the first has a window,
    which holds the others.
    """
    windows: list[Window] = []
    beyond = 0  # index of the first match that begins after the window
    previous = -1
    for index, (start, end, _, _) in enumerate(matches):
        limit = start + size
        if (end <= limit or alone) and start != previous:
            while beyond < len(matches) and matches[beyond][0] <= limit:
                beyond += 1
            windows.append(_window(matches[index : min(beyond, index + _WINDOW_LIMIT)], size))
        previous = start
    return windows


def _window(matches: list[WeightedMatch], size: int) -> Window:
    """Return the window of the first match and of those others that end within `size` characters."""
    start, end, key, weight = matches[0]
    if len(matches) == 1:  # most windows; the same score as below
        return Window(start, end, (key,), weight + EARLY * weight * HALFWAY / (HALFWAY + start))
    weights = {key: weight}
    repeats: dict[_Key, int] = {}
    for _, last, key, weight in matches[1:]:
        if last - start > size:
            continue
        if last > end:
            end = last
        if key not in weights:
            weights[key] = weight
            continue
        repeats[key] = repeats.get(key, 0) + 1
        if weight > weights[key]:
            weights[key] = weight
    heaviest = max(weights.values())
    score = _sum(weights.values())
    if repeats:
        score += _sum(REPEAT * min(3, count) * weights[key] for key, count in repeats.items())
    if len(weights) > 1:
        score += CLOSE * heaviest * (1 - min(1.0, (end - start) / (size + 1)))
    score += EARLY * heaviest * HALFWAY / (HALFWAY + start)
    return Window(start, end, tuple(weights), score)
