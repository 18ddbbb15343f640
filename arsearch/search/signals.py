"""Signals of the score other than the words, as data.

A plan holds signals. A back-end has a rescorer for each, with a bound, a bonus and an explanation. Proximity is on by
default; recency is for searches that ask for it.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import time
from dataclasses import dataclass
from typing import NamedTuple

from arsearch.errors import QueryError, shown

__all__ = ["DATE", "SLOP", "ProximitySignal", "RecencySignal", "Signal", "TermPair", "read_recency"]

SLOP = 3
"""The number of positions by which the words of a pair may be further apart in an article than in the query."""

DATE = "date"
"""The field with the date of an article."""

_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "y": 365.25 * 24}
_read_period = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([hdwy])\s*").fullmatch


class TermPair(NamedTuple):
    """Two neighbouring words of a query: their stems, their distance in positions, and the fields to look in."""

    first: str
    second: str
    distance: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProximitySignal:
    """Raises the score of articles in which neighbouring words of the query are near each other."""

    pairs: tuple[TermPair, ...]


@dataclass(frozen=True, slots=True)
class RecencySignal:
    """Raises the score of recent articles by `Ranking.recency_weight` at most; the bonus halves in each `half_life`.

    The age of an article counts from the newest article that is not dated after `now`, or from `now` if there is none.
    An article without a date has no bonus; an article dated after the newest has the bonus of the newest. `half_life` is
    in seconds, and `now` in whole seconds since 1970 in UTC.
    """

    half_life: float
    now: int

    def bonus_share(self, age: float) -> float:
        """Return the share of the weight that an article has at an age in seconds."""
        return math.exp2(-max(age, 0.0) / self.half_life)


Signal = ProximitySignal | RecencySignal
"""A signal of the score; further signals join this union."""


def read_recency(half_life: object, now: float | None = None) -> RecencySignal | None:
    """Return the signal of a half-life such as `30d`: a number of hours (h), days (d), weeks (w) or years (y).

    A `timedelta` is a half-life too; `None` is no signal. `now` is in seconds since 1970, by default the current time.
    Raises QueryError for another value, and for a half-life that is not above 0.
    """
    if half_life is None:
        return None
    seconds = math.nan
    if isinstance(half_life, dt.timedelta):
        seconds = half_life.total_seconds()
    elif isinstance(half_life, str) and (match := _read_period(half_life)):
        seconds = float(match[1]) * _HOURS[match[2]] * 3600
    if not 0 < seconds < math.inf:
        raise QueryError(
            f"recency {shown(half_life)} is not a period above 0; write a number and h, d, w or y, such as '30d'"
        )
    return RecencySignal(seconds, int(time.time() if now is None else now))
