"""Cut the best passages out of one text, given the occurrences of the query's words.

A passage is a run of sentences of one paragraph. Paragraphs end at blank lines.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from arsearch.search.passages.sentences import Sentence, regions, sentences
from arsearch.snippets import Matches, Occurrence
from arsearch.snippets.boilerplate import Boilerplate

__all__ = ["Extent", "best_extents", "lead"]

CONSIDERED = 2_000
"""Occurrences around which passages are considered; of more, those in the best blocks of the text."""

_BLOCKS = 64
_LEAD = 4  # the beginning of a text that its first passage is looked for in, in passages

Score = Callable[[Sequence[Occurrence], int], float]
"""Returns the score of a part of a text: its occurrences in order, and its length."""


class Extent(NamedTuple):
    """A passage `[start, end)` of a text and its score."""

    start: int
    end: int
    score: float


def best_extents(text: str, matches: Matches, size: int, limit: int, score: Score) -> list[Extent]:
    """Return at most `limit` disjoint passages of at most `size` code points with matches, the best first.

    Matches in boilerplate count only if there are no others.
    """
    if not matches.occurrences:
        return []
    boilerplate = Boilerplate(text, matches.read)
    occurrences = [one for one in matches.occurrences if one.start not in boilerplate]
    end = boilerplate.end if occurrences else len(text)
    occurrences = occurrences or list(matches.occurrences)
    if len(occurrences) > CONSIDERED:
        occurrences = _in_best_blocks(occurrences, size, limit)
    starts = [words[0][0] for _, words in occurrences]
    extents: list[Extent] = []
    for low, high in regions(zip(starts, [words[-1][1] for _, words in occurrences], strict=True), size, end):
        inside = slice(bisect_left(starts, low), bisect_left(starts, high))
        extents += _extents(sentences(text, low, high, size), occurrences[inside], starts[inside], size, score)
    extents.sort(key=lambda extent: (-extent.score, extent.start))
    chosen: list[Extent] = []
    for extent in extents:
        if len(chosen) == limit:
            break
        if all(extent.end <= other.start or extent.start >= other.end for other in chosen):
            chosen.append(extent)
    return chosen


def lead(text: str, size: int) -> list[Extent]:
    """Return the first sentences of a text as a passage with the score 0; none of a blank text."""
    end = min(Boilerplate(text).end, _LEAD * size) or len(text)
    parts = sentences(text, 0, end, size) or sentences(text, 0, len(text), size)
    if not parts:
        return []
    return [Extent(parts[0].start, parts[_last(parts, 0, size)].end, 0.0)]


def _in_best_blocks(occurrences: list[Occurrence], size: int, limit: int) -> list[Occurrence]:
    """Return the first occurrences of each target in and beside the blocks of the text that have the most targets."""
    targets: dict[int, set[int]] = {}
    for target, words in occurrences:
        targets.setdefault(words[0][0] // size, set()).add(target)
    best = sorted(targets, key=lambda block: -len(targets[block]))[: max(4 * limit, _BLOCKS)]
    kept = {near for block in best for near in (block - 1, block, block + 1)}
    return [one for one in occurrences if one.start // size in kept]


def _extents(
    parts: Sequence[Sentence], occurrences: Sequence[Occurrence], starts: Sequence[int], size: int, score: Score
) -> list[Extent]:
    """Return a passage for each sentence with an occurrence: it begins there, or earlier if the paragraph ends early.

    `starts` are those of the occurrences.
    """
    sentence_starts = [part.start for part in parts]
    matched = dict.fromkeys(bisect_right(sentence_starts, start) - 1 for start in starts)
    extents = []
    for at in matched:
        if at < 0:
            continue
        end = parts[_last(parts, at, size)].end
        start = parts[_first(parts, at, end - size)].start
        first = bisect_left(starts, start)
        within = occurrences[first : bisect_left(starts, end, first)]
        inside = [one for one in within if one.words[-1][1] <= end]
        if inside:
            extents.append(Extent(start, end, score(inside, end - start)))
    return extents


def _last(parts: Sequence[Sentence], at: int, size: int) -> int:
    """Return the number of the last sentence of the paragraph of sentence `at` that ends within `size` from its start."""
    last = at
    while last + 1 < len(parts) and not parts[last + 1].opens and parts[last + 1].end - parts[at].start <= size:
        last += 1
    return last


def _first(parts: Sequence[Sentence], at: int, low: int) -> int:
    """Return the number of the first sentence of the paragraph of sentence `at` that begins at `low` or later."""
    while at > 0 and not parts[at].opens and parts[at - 1].start >= low:
        at -= 1
    return at
