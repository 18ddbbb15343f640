"""Rescore documents by the signals of a plan.

A signal raises the scores of documents that match anyway, by a bounded amount. A rescorer therefore scores only documents
that it could move into the page, and the order is still exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.execution.context import SearchContext
from arsearch.search.signals import ProximitySignal, RecencySignal, Signal

if TYPE_CHECKING:
    from arsearch.model.explanations import Bonus

__all__ = ["Rescorer", "make_rescorer"]


class Rescorer(Protocol):
    """A signal of one query, for one commit."""

    @property
    def bound(self) -> float:
        """The most that the signal adds to any score."""
        ...

    def bonus(self, docs: Array) -> Array:
        """Return the bonus of each of `docs`, in ascending order, as 32-bit floats."""
        ...

    def explain(self, doc: int) -> tuple[Bonus, ...]:
        """Return the factors of the bonus of one document; nothing if it has none."""
        ...


def _proximity(context: SearchContext, signal: ProximitySignal) -> Rescorer:
    from arsearch.index.execution.proximity import Proximity  # a query of one word has no neighbours

    return Proximity(context, signal)


def _recency(context: SearchContext, signal: RecencySignal) -> Rescorer:
    from arsearch.index.execution.recency import RecencyRescorer  # few searches need it

    return RecencyRescorer(context, signal)


_RESCORERS: Mapping[type, Callable[[SearchContext, Any], Rescorer]] = {
    ProximitySignal: _proximity,
    RecencySignal: _recency,
}
"""Maps a type of signal to its rescorer."""


def make_rescorer(context: SearchContext, signals: Sequence[Signal]) -> Rescorer:
    """Return one rescorer for all signals of a plan. Raises TypeError for a signal that has none."""
    rescorers = [_rescorer_for(context, signal) for signal in signals]
    return rescorers[0] if len(rescorers) == 1 else _SummedRescorers(rescorers)


def _rescorer_for(context: SearchContext, signal: Signal) -> Rescorer:
    make = _RESCORERS.get(type(signal))
    if make is None:
        raise TypeError(f"{type(signal).__name__} is not a signal that this index can score")
    return make(context, signal)


class _SummedRescorers:
    """Several rescorers as one, or none."""

    __slots__ = ("_rescorers", "bound")

    def __init__(self, rescorers: Sequence[Rescorer]) -> None:
        self._rescorers = rescorers
        self.bound = sum(rescorer.bound for rescorer in rescorers)

    def bonus(self, docs: Array) -> Array:
        total = np.zeros(len(docs), np.float32)
        for rescorer in self._rescorers:
            total += rescorer.bonus(docs)
        return total

    def explain(self, doc: int) -> tuple[Bonus, ...]:
        return tuple(part for rescorer in self._rescorers for part in rescorer.explain(doc))
