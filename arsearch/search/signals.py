"""Signals of the score other than the words, as data.

A plan holds signals. A back-end has a rescorer for each, with a bound, a bonus and an explanation. Proximity is the
first signal.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SLOP", "ProximitySignal", "Signal", "TermPair"]

SLOP = 3
"""The number of positions by which the words of a pair may be further apart in an article than in the query."""


@dataclass(frozen=True, slots=True)
class TermPair:
    """Two neighbouring words of a query: their stems, their distance in positions, and the fields to look in."""

    first: str
    second: str
    distance: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProximitySignal:
    """Raises the score of articles in which neighbouring words of the query are near each other."""

    pairs: tuple[TermPair, ...]


Signal = ProximitySignal
"""A signal of the score; further signals join this union."""
