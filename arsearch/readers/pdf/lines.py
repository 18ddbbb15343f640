"""Clusters gathered to lines by their baselines, marks given to their letters, and lines cut into segments.

A segment is a part of a line without a wide gap: a line of a column, or a cell of a table. Spaces between words are gaps
too, unless the file has them.
"""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from arsearch.readers.pdf.clusters import Cluster

__all__ = ["Line", "Segment", "lines_of", "segments_of", "typical_em"]

# Shares of an em.
_SAME_LINE = 0.40
_RAISED = 1.0
_MARK_NEAR = 0.9
_BESIDE = 0.5
_OTHER_SIDE = 0.25
_WORD_GAP = 0.09
_WORD_GAP_BESIDE_SPACES = 0.15
_LATIN_WORD_GAP = 0.20
_CELL_GAP = 2.0
_FAR_CELL_GAP = 0.5

_ONE_ORIGIN = 0.12  # em
_ALEFS = ("ا", "أ", "إ", "آ", "ٱ")
_FEW = 4
_RULE = 0.75
_ENOUGH = 8
_MANY_SPACES = 0.07


@dataclass(slots=True)
class Line:
    """Clusters of one baseline."""

    y: float
    clusters: list[Cluster]


@dataclass(slots=True)
class Segment:
    """Clusters of one line from left to right, with spaces between words."""

    y: float
    clusters: list[Cluster]
    left: float
    right: float
    em: float
    order: int
    """The least place in the file."""

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def typical_em(clusters: Sequence[Cluster]) -> float:
    """Return the median em of clusters with letters; 0.0 if there are none."""
    sizes = [cluster.em for cluster in clusters if cluster.letters.strip()]
    return statistics.median(sizes) if sizes else 0.0


def lines_of(clusters: Sequence[Cluster]) -> list[Line]:
    """Return the lines of clusters, from the top down. Loose marks become marks of letters."""
    em = typical_em(clusters)
    lines: list[Line] = []
    for cluster in sorted((one for one in clusters if one.letters), key=lambda one: -one.y):
        if lines and lines[-1].y - cluster.y < _SAME_LINE * max(em, cluster.em):
            lines[-1].clusters.append(cluster)
        else:
            lines.append(Line(cluster.y, [cluster]))
    lines = _with_raised(lines, em)
    lines = [line for line in lines if any(not cluster.is_space for cluster in line.clusters)]
    _give_marks(lines, [one for one in clusters if one.marks and not one.letters], em)
    for filler in (one for one in clusters if not one.letters and not one.marks):
        near = min(lines, key=lambda line: abs(line.y - filler.y), default=None)
        if near and abs(near.y - filler.y) < _SAME_LINE * em:
            near.clusters.append(filler)
    return lines


def _with_raised(lines: list[Line], em: float) -> list[Line]:
    """Join lines of few clusters to the long line beside them: raised figures and letters set a little off."""
    long = [line for line in lines if len(line.clusters) >= _FEW]
    spans = {id(line): _span(line) for line in long}
    kept: list[Line] = []
    for line in lines:
        if len(line.clusters) >= _FEW:
            kept.append(line)
            continue
        near = [
            other
            for other in long
            if 0 < abs(other.y - line.y) < _RAISED * em and _within(line, *spans[id(other)], 0.3 * em)
        ]
        if near:
            min(near, key=lambda other: abs(other.y - line.y)).clusters.extend(line.clusters)
        else:
            kept.append(line)
    return kept


def _span(line: Line) -> tuple[float, float]:
    return min(one.left for one in line.clusters), max(one.right for one in line.clusters)


def _within(line: Line, left: float, right: float, margin: float) -> bool:
    return all(left - margin < one.middle < right + margin for one in line.clusters)


def _give_marks(lines: list[Line], marks: list[Cluster], em: float) -> None:
    """Add each loose mark to a letter: to the one beside it in the file if that is close, else to the nearest.

    Marks stand before or after their letters in the whole file; the marks over a single letter tell.
    """
    bases = [one for line in lines for one in line.clusters if _carries_marks(one)]
    bases.sort(key=lambda one: one.order)
    places = [one.order for one in bases]
    beside: list[tuple[Cluster | None, Cluster | None]] = []
    for mark in marks:
        place = bisect_left(places, mark.order)
        beside.append((bases[place - 1] if place else None, bases[place] if place < len(bases) else None))
    nearest = [_nearest(lines, mark, em) for mark in marks]
    certain = [number for number, (_, sure) in enumerate(nearest) if sure]
    follow = sum(beside[number][0] is nearest[number][0] for number in certain)
    lead = sum(beside[number][1] is nearest[number][0] for number in certain)
    ruled = len(certain) >= _ENOUGH and max(follow, lead) >= _RULE * len(certain)
    for number, mark in enumerate(marks):
        if not ruled:
            beside[number] = (nearest[number][0], None)
        first, second = beside[number] if follow >= lead else beside[number][::-1]
        costs = [(_aside(first, mark, em), 0, first), (_aside(second, mark, em) + _OTHER_SIDE, 1, second)]
        cost, _, base = min(costs, key=lambda item: item[:2])
        if cost > _BESIDE:
            base = nearest[number][0]
        if base is not None:
            base.marks += "".join(c for c in mark.marks if c not in base.marks)
    for one in bases:
        one.marks = "".join(sorted(one.marks, key=lambda c: c != "\u0651"))


def _carries_marks(one: Cluster) -> bool:
    return one.letters[:1].isalpha() or one.letters[:1] in ("\u0640", "\u25cc")


def _aside(base: Cluster | None, mark: Cluster, em: float) -> float:
    """Return how far a mark is from being over or under a letter, in em; infinity on another line."""
    if base is None or abs(base.y - mark.y) > _MARK_NEAR * em:
        return math.inf
    return max(base.left - mark.middle, mark.middle - base.right, 0.0) / em


def _nearest(lines: list[Line], mark: Cluster, em: float) -> tuple[Cluster | None, bool]:
    """Return the letter nearest to a mark, and whether no other letter is over or under it."""
    best: tuple[float, Cluster] | None = None
    over = 0
    for line in lines:
        rise = abs(line.y - mark.y)
        if rise > _MARK_NEAR * em:
            continue
        for one in line.clusters:
            if not _carries_marks(one):
                continue
            aside = max(one.left - mark.middle, mark.middle - one.right, 0.0)
            over += aside == 0.0
            cost = 2.0 * (rise > 0.25 * em) + (aside + 0.5 * rise + 0.05 * abs(one.middle - mark.middle)) / em
            if best is None or cost < best[0]:
                best = cost, one
    return (best[1] if best else None), over == 1


def segments_of(lines: Sequence[Line], em: float, spaces: Sequence[tuple[float, float]]) -> list[Segment]:
    """Cut lines into segments, and add spaces between words. `spaces` are origins of spaces without a character."""
    every = [one for line in lines for one in line.clusters]
    signs = sum(bool(one.letters.strip()) for one in every)
    spaced = sum(one.is_space for one in every) + len(spaces) > _MANY_SPACES * signs
    gap = _WORD_GAP_BESIDE_SPACES if spaced else _WORD_GAP
    segments: list[Segment] = []
    for line in lines:
        near = sorted(x for x, y in spaces if abs(y - line.y) < _SAME_LINE * em)
        segments.extend(_cut(line, em, gap * em, near))
    return segments


def _cut(line: Line, em: float, gap: float, spaces: list[float]) -> list[Segment]:
    parts: list[list[Cluster]] = []
    current: list[Cluster] = []
    end = 0.0
    spaced = True
    last: Cluster | None = None
    for one in _from_left(line.clusters):
        if one.is_space:
            spaced = True
            continue
        if not one.letters:
            end = max(end, one.right)
            continue
        if last is not None:
            far = abs(one.order - last.order) > 1.2 * len(line.clusters)
            if one.left - end > _CELL_GAP * em or (far and one.left - end > _FAR_CELL_GAP * em):
                parts.append(current)
                current = []
            elif spaced or one.left - end > _gap_between(last, one, gap, em) or any(last.x < x < one.x for x in spaces):
                current.append(Cluster(" ", "", end, line.y, end, one.left, line.y, line.y, 0.0, last.order))
        current.append(one)
        end = max(end, one.right) if last is not None else one.right
        spaced, last = False, one
    parts.append(current)
    return [_segment(part, line.y) for part in parts if part]


def _gap_between(left: Cluster, right: Cluster, gap: float, em: float) -> float:
    latin = left.letters.isascii() and right.letters.isascii() and left.letters.isalnum() and right.letters.isalnum()
    return max(gap, _LATIN_WORD_GAP * em) if latin else gap


def _from_left(clusters: list[Cluster]) -> list[Cluster]:
    """Return clusters by their origins. Those with one origin stand as their line is drawn: to the right or the left."""
    by_place = sorted(clusters, key=lambda one: one.x)
    rightwards = sum((b.order > a.order) - (b.order < a.order) for a, b in pairwise(by_place) if b.x > a.x)
    order = sorted(clusters, key=lambda one: (one.x, one.order if rightwards >= 0 else -one.order))
    for place, (left, right) in enumerate(pairwise(order)):
        if left.letters == "ل" and right.letters in _ALEFS and right.x - left.x < _ONE_ORIGIN * left.em:
            order[place : place + 2] = right, left  # two glyphs of lam-alef: the alef stands at the left
    return order


def _segment(part: list[Cluster], y: float) -> Segment:
    signs = [one for one in part if not one.is_space]
    left, right = min(one.left for one in signs), max(one.right for one in signs)
    return Segment(y, part, left, right, typical_em(signs), min(one.order for one in signs))
