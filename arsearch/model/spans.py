"""Levels of matching, and stretches of a text. Spans are half open: `text[span.start:span.end]` is what they cover."""

from __future__ import annotations

import enum
from typing import NamedTuple

__all__ = ["Level", "Passage", "Span"]


class Level(enum.IntEnum):
    """How strictly a written word matched a query word; a larger level is a stricter match.

    At `SYNONYM` another word matched, one that was looked for in its place.
    """

    SYNONYM = 1
    ROOT = 2
    STEM = 3
    WORD = 4
    NORMALISED = 5
    SURFACE = 6
    VOCALISED = 7

    @property
    def label(self) -> str:
        """The level's name in lower case, as printed and as written in JSON."""
        return self.name.lower()


class Span(NamedTuple):
    """A marked stretch `[start, end)` of a field's original text and how strictly it matched."""

    field: str
    start: int
    end: int
    level: Level


class Passage(NamedTuple):
    """A stretch `[start, end)` of a field's original text that a snippet shows."""

    start: int
    end: int
