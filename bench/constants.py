"""The constants of the ranking that `bench.tune` searches: their candidates, and what a `Ranking` has of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Sequence

from arsearch import Ranking
from arsearch.errors import InputError

__all__ = ["GRID", "Setting", "candidates", "changed", "ranking_of", "setting_of", "shown", "started", "varied"]

Setting = tuple[tuple[str, float], ...]
"""A value of each constant."""

GRID: dict[str, tuple[float, ...]] = {
    "minimum share": (0.0, 0.15, 0.3, 0.5),
    "k1": (0.8, 1.0, 1.2, 1.5, 1.8, 2.2),
    "b": (0.4, 0.5, 0.6, 0.7, 0.75, 0.8),
    "title b": (0.0, 0.15, 0.3, 0.5, 0.75),
    "title weight": (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0),
    "normalised weight": (0.0, 0.15, 0.25, 0.35, 0.5, 0.75),
    "pair weight": (0.0, 0.15, 0.3, 0.5, 0.8),
    "stop weight": (0.0, 0.1, 0.2, 0.4, 0.7),
    "root weight": (0.0, 0.1, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0),
    "synonym share": (0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0),
    "vocalised weight": (0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0),
}
"""The candidates of each constant; the one in force is always among them.

`b` ends at 0.8: past it ARCD and TyDi lose by themselves and gain only beside longer distractors. At any weight of the
grid a stricter match scores no less than a looser one.
"""

_BY_WAY = {"root": "root weight", "variants": "synonym share", "marked": "vocalised weight"}
"""What is varied for queries asked another way; for those given, all else."""


def candidates(start: dict[str, float], quick: bool) -> dict[str, tuple[float, ...]]:
    """What each constant may become; `quick` has the nearest ones to its start alone."""
    grid = {name: tuple(sorted({*values, start[name]})) for name, values in GRID.items()}
    if not quick:
        return grid
    near = {}
    for name, values in grid.items():
        at = values.index(start[name])
        near[name] = values[max(0, at - 1) : at + 2]
    return near


_READ: dict[str, Callable[[Ranking], float]] = {
    "k1": lambda ranking: ranking.k1,
    "b": lambda ranking: ranking.b,
    "title b": lambda ranking: ranking.field_b.get("title", ranking.b),
    "title weight": lambda ranking: ranking.field_weight.get("title", 1.0),
    "normalised weight": lambda ranking: ranking.normalised_weight / ranking.stem_weight,
    "pair weight": lambda ranking: ranking.pair_weight / ranking.stem_weight,
    "stop weight": lambda ranking: ranking.stop_weight,
    "minimum share": lambda ranking: ranking.minimum_share,
    "root weight": lambda ranking: ranking.root_weight / ranking.stem_weight,
    "synonym share": lambda ranking: ranking.synonym_share,
    "vocalised weight": lambda ranking: ranking.vocalised_weight / ranking.stem_weight,
}


def varied(asked: str) -> Container[str]:
    """The constants that are varied for queries asked in a way."""
    alone = _BY_WAY.get(asked)
    return (alone,) if alone else GRID.keys() - {*_BY_WAY.values()}


def setting_of(ranking: Ranking) -> Setting:
    """The constants of a ranking; weights as shares of the stem's."""
    return tuple((name, _READ[name](ranking)) for name in GRID)


def started(options: Sequence[str]) -> Setting:
    """The constants in force, with those of options `NAME=VALUE`; `InputError` for others."""
    setting = setting_of(Ranking())
    for option in options:
        name, _, value = option.partition("=")
        if name not in GRID:
            raise InputError(f"--start {option!r}: no constant {name!r}; known: {', '.join(GRID)}")
        try:
            setting = changed(setting, name, float(value))
        except ValueError:
            raise InputError(f"--start {option!r}: {value!r} is not a number") from None
    return setting


def ranking_of(setting: Setting) -> Ranking:
    """The constants in force with those of `setting` in their place."""
    values = dict(setting)
    base = Ranking()
    return dataclasses.replace(
        base,
        k1=values["k1"],
        b=values["b"],
        field_b={**base.field_b, "title": values["title b"]},
        field_weight={**base.field_weight, "title": values["title weight"]},
        stem_weight=1.0,
        normalised_weight=values["normalised weight"],
        pair_weight=values["pair weight"],
        stop_weight=values["stop weight"],
        minimum_share=values["minimum share"],
        root_weight=values["root weight"],
        synonym_share=values["synonym share"],
        vocalised_weight=values["vocalised weight"],
    )


def changed(setting: Setting, name: str, value: float) -> Setting:
    """A setting with another value of one constant."""
    return tuple((key, value if key == name else old) for key, old in setting)


def shown(setting: Setting) -> str:
    """On one line."""
    return " ".join(f"{name} {value:g}" for name, value in setting)
