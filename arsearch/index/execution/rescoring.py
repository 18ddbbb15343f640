"""Rescore documents by the signals of a plan.

A signal raises the scores of documents that match anyway, by a bounded amount. A rescorer therefore scores only documents
that it could move into the page, and the order is still exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.proximity import Proximity
from arsearch.model.explanations import Listed
from arsearch.search.signals import ProximitySignal, Signal

__all__ = ["Rescorer", "Rescorers"]


class Rescorer(Protocol):
    """A signal of one query, for one commit."""

    @property
    def bound(self) -> float:
        """The most that the signal adds to any score."""
        ...

    def bonus(self, docs: Array) -> Array:
        """Return the bonus of each of `docs`, in ascending order, as 32-bit floats."""
        ...

    def explain(self, doc: int) -> tuple[Listed, ...]:
        """Return the factors of the bonus of one document; nothing if it has none."""
        ...


_RESCORERS: Mapping[type, Callable[[SearchContext, Any], Rescorer]] = {ProximitySignal: Proximity}
"""Maps a type of signal to its rescorer."""


class Rescorers:
    """All signals of a plan as one rescorer."""

    __slots__ = ("_rescorers", "bound")

    def __init__(self, context: SearchContext, signals: Sequence[Signal]) -> None:
        """Make the rescorer of each signal. Raises TypeError for a signal that has none."""
        unknown = [signal for signal in signals if type(signal) not in _RESCORERS]
        if unknown:
            raise TypeError(f"{type(unknown[0]).__name__} is not a signal that this index can score")
        self._rescorers = [_RESCORERS[type(signal)](context, signal) for signal in signals]
        self.bound = sum(rescorer.bound for rescorer in self._rescorers)

    def bonus(self, docs: Array) -> Array:
        """Return the sum of the bonuses of each of `docs`."""
        total = np.zeros(len(docs), np.float32)
        for rescorer in self._rescorers:
            total += rescorer.bonus(docs)
        return total

    def explain(self, doc: int) -> tuple[Listed, ...]:
        """Return the factors of the bonuses of one document."""
        return tuple(listed for rescorer in self._rescorers for listed in rescorer.explain(doc))
