"""Signals of the score beside the words themselves, as data.

A plan holds signals; a back-end has one form for each, a rescorer with a bound, a bonus and an explanation. Proximity is
the first signal.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SLOP", "ProximitySignal", "Signal", "TermPair"]

SLOP = 3
"""The most positions that a pair of words may stand further apart in an article than in the query."""


@dataclass(frozen=True, slots=True)
class TermPair:
    """Two neighbouring words of a query: their stems, their distance in positions, and the fields to look in."""

    first: str
    second: str
    distance: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProximitySignal:
    """Neighbouring words of the query that stand near each other in an article raise its score."""

    pairs: tuple[TermPair, ...]


Signal = ProximitySignal
"""A signal of the score; further signals join this union."""
