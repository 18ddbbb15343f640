"""The coordinate search of `bench.tune`, and the measurements that it shares between settings."""

from __future__ import annotations

import time
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import arsearch
from arsearch import Ranking
from arsearch.evaluation import evaluate
from bench.collection import Collection
from bench.constants import Setting, candidates, format_setting, ranking_of, setting_of, with_value
from bench.machine import log_progress

__all__ = ["METRIC", "CoordinateSearch"]

METRIC = "nDCG@10"

Mask = Sequence[Any]
"""For each set, a boolean array that selects queries."""


class CoordinateSearch:
    """A coordinate search over the constants `names`, measured on `sets` whose indexes are at `paths`."""

    def __init__(
        self,
        sets: Sequence[Collection],
        paths: Sequence[Path],
        *,
        quick: bool,
        rounds: int,
        margin: float,
        start: Setting,
        names: Container[str],
    ) -> None:
        self.sets = sets
        self.base = setting_of(Ranking())
        self.start = start
        self.grid = {name: values for name, values in candidates(dict(self.base), quick).items() if name in names}
        self._paths = paths
        self._rounds = rounds
        self._margin = margin
        self._measured: dict[Setting, list[Any]] = {}

    def varied(self, setting: Setting) -> Setting:
        """Return only the varied constants of the setting."""
        return tuple((name, value) for name, value in setting if name in self.grid)

    def values(self, setting: Setting) -> list[Any]:
        """Return for each set an array of its queries' nDCG@10. A setting is measured once."""
        if setting not in self._measured:
            start = time.perf_counter()
            ranking = ranking_of(setting)
            measured = []
            for one, path in zip(self.sets, self._paths, strict=True):
                with arsearch.open(path, ranking=ranking) as index:
                    result = evaluate(index, one.queries, one.qrels, limit=10)
                measured.append(np.array([result.per_query[METRIC][query.id] for query in one.queries]))
            self._measured[setting] = measured
            means = " ".join(f"{values.mean():.4f}" for values in measured)
            seconds, varied = time.perf_counter() - start, format_setting(self.varied(setting))
            log_progress(f"{len(self._measured):4} {seconds:5.1f} s  {means}  {varied}")
        return self._measured[setting]

    def mean(self, setting: Setting, masks: Mask | None = None) -> float:
        """Return the mean of the sets' means, over the queries that `masks` select, or over all queries."""
        values = self.values(setting)
        selected = values if masks is None else [one[mask] for one, mask in zip(values, masks, strict=True)]
        families: dict[str, list[float]] = {}
        for one, scores in zip(self.sets, selected, strict=True):
            if len(scores):
                families.setdefault(one.family, []).append(float(scores.mean()))
        return float(np.mean([np.mean(means) for means in families.values()]))

    def search(self, masks: Mask | None = None) -> Setting:
        """Return the setting that coordinate search finds on the queries that `masks` select."""
        best = self.start
        for _ in range(self._rounds):
            before = best
            for name in self.grid:
                best = self._improve(best, name, masks)
            if best == before:
                break
        return best

    def _improve(self, setting: Setting, name: str, masks: Mask | None) -> Setting:
        current = dict(setting)[name]
        means = {value: self.mean(with_value(setting, name, value), masks) for value in {*self.grid[name], current}}
        threshold = max(means.values()) - self._margin
        good = [value for value, mean in means.items() if mean >= threshold]
        return with_value(setting, name, min(good, key=lambda value: (abs(value - current), value)))
