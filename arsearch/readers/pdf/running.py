"""Running headers and footers: lines that most pages have at one place, numbers aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["PageLine", "running_lines"]

_NUMBER = re.compile(r"\d+")
_ROWS = 3
"""So many lines from an edge of the page are looked at."""

_SHARE = 0.4
"""Left and right pages of a book have headers of their own."""

_FEWEST = 3
_SAME_PLACE = 4.0  # points


class PageLine(NamedTuple):
    """One line of a page, with its box in points."""

    text: str
    turned: tuple[int, ...]
    left: float
    right: float
    y: float
    em: float


def running_lines(pages: Sequence[Sequence[PageLine]], labels: Sequence[str]) -> list[frozenset[int]]:
    """Return for each page the places of its running lines in the list of its lines.

    A line is running if lines at the same height and edge of at least three pages, and of 40 % of the pages with text,
    are equal, numbers aside; and if the lines between it and the edge are running too.
    """
    seen: Counter[tuple[int, str, int]] = Counter()
    for page, label in zip(pages, labels, strict=True):
        keys = {key for edge in (0, 1) for _, key in _edge(page, label, edge)}
        near = {(edge, text, height + step) for edge, text, height in keys for step in (0, 1)}
        seen.update(near)
    least = max(_FEWEST, _SHARE * sum(bool(page) for page in pages))
    found: list[frozenset[int]] = []
    for page, label in zip(pages, labels, strict=True):
        places: set[int] = set()
        for edge in (0, 1):
            for place, (_, text, height) in _edge(page, label, edge):
                if max(seen[edge, text, height], seen[edge, text, height + 1]) < least:
                    break
                places.add(place)
        found.append(frozenset(places))
    return found


def _edge(page: Sequence[PageLine], label: str, edge: int) -> list[tuple[int, tuple[int, str, int]]]:
    """Return the places and keys of the lines at the upper (0) or lower (1) edge of a page, from the edge inwards."""
    order = sorted(range(len(page)), key=lambda place: page[place].y if edge else -page[place].y)
    return [
        (place, (edge, _plain(page[place].text, label), int(page[place].y // _SAME_PLACE))) for place in order[:_ROWS]
    ]


def _plain(text: str, label: str) -> str:
    return "#" if label and text.strip() == label else _NUMBER.sub("#", " ".join(text.split()))
