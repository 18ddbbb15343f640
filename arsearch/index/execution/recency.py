"""Rescore articles by their age: the bonus of an article halves in each half-life (see `RecencySignal`)."""

from __future__ import annotations

import datetime as dt

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.doc_values import NO_NUMBER
from arsearch.index.execution.context import SearchContext
from arsearch.model.explanations import Recency
from arsearch.search.signals import DATE, RecencySignal

__all__ = ["RecencyRescorer"]

_EPOCH = dt.datetime(1970, 1, 1)
_DAY = 24 * 60 * 60


class RecencyRescorer:
    """The rescorer of the dates of articles."""

    __slots__ = ("_dates", "_half_life", "_reference", "bound")

    def __init__(self, context: SearchContext, signal: RecencySignal) -> None:
        reader = context.reader
        field = reader.schema[DATE]
        self._dates = reader.numbers(field)
        if reader.collection is not None:
            self._reference = reader.collection.newest(signal.now)
        else:
            newest = reader.largest(field, signal.now)
            self._reference = signal.now if newest is None else newest
        self._half_life = signal.half_life
        self.bound = context.ranking.recency_weight

    def bonus(self, docs: Array) -> Array:
        """Return the bonus of each of `docs`, as 32-bit floats."""
        dates = self._dates[docs]
        ages = np.maximum(self._reference - dates.astype(np.float64), 0)
        bonus: Array = np.where(dates == NO_NUMBER, 0, self.bound * np.exp2(-ages / self._half_life))
        return bonus.astype(np.float32)

    def explain(self, doc: int) -> tuple[Recency, ...]:
        """Return the factors of the bonus of one document; nothing for a document without a date."""
        date = int(self._dates[doc])
        if date == NO_NUMBER:
            return ()
        written = (_EPOCH + dt.timedelta(seconds=date)).isoformat()
        return (Recency(written, max(self._reference - date, 0) / _DAY, self._half_life / _DAY, self.bound),)
