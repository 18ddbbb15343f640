"""The constants of the ranking that `bench.tune` varies, their candidates, and their values in a `Ranking`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Sequence

from arsearch import Ranking
from arsearch.errors import InputError

__all__ = [
    *("GRID", "Setting", "candidates", "format_setting", "parse_start", "ranking_of", "setting_of"),
    *("varied_constants", "with_value"),
]

Setting = tuple[tuple[str, float], ...]
"""Pairs of a constant and its value, in the order of `GRID`."""

GRID: dict[str, tuple[float, ...]] = {
    "k1": (0.8, 1.0, 1.2, 1.5, 1.8, 2.2),
    "b": (0.4, 0.5, 0.6, 0.7, 0.75, 0.8),
    "title b": (0.0, 0.15, 0.3, 0.5, 0.75),
    "title weight": (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0),
    "normalised weight": (0.0, 0.15, 0.25, 0.35, 0.5, 0.75),
    "pair weight": (0.0, 0.3, 0.5, 0.8, 1.2, 1.6),
    "stop weight": (0.0, 0.1, 0.2, 0.4, 0.7),
    "frame weight": (0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1.0),
    "correction weight": (0.0, 0.2, 0.4, 0.6, 0.8, 0.9),
    "root weight": (0.0, 0.1, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0),
    "synonym share": (0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0),
    "vocalised weight": (0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0),
}
"""The candidates of each constant; `candidates` adds the default value.

`b` ends at 0.8. Above it ARCD and TyDi lose without distractors and gain only with longer distractors. At every weight
of the grid a stricter match scores at least as much as a looser one.
"""

_DERIVED = {"variants": "synonym share", "marked": "vocalised weight"}
"""The constant that each kind of derived queries varies. The given queries vary all the others."""


def candidates(start: dict[str, float], quick: bool) -> dict[str, tuple[float, ...]]:
    """Return the candidates of each constant, ascending. With `quick` return the value in `start` and its neighbours."""
    grid = {name: tuple(sorted({*values, start[name]})) for name, values in GRID.items()}
    if not quick:
        return grid
    near = {}
    for name, values in grid.items():
        at = values.index(start[name])
        near[name] = values[max(0, at - 1) : at + 2]
    return near


_VALUE: dict[str, Callable[[Ranking], float]] = {
    "k1": lambda ranking: ranking.k1,
    "b": lambda ranking: ranking.b,
    "title b": lambda ranking: ranking.field_b.get("title", ranking.b),
    "title weight": lambda ranking: ranking.field_weight.get("title", 1.0),
    "normalised weight": lambda ranking: ranking.normalised_weight / ranking.stem_weight,
    "pair weight": lambda ranking: ranking.pair_weight / ranking.stem_weight,
    "stop weight": lambda ranking: ranking.stop_weight,
    "frame weight": lambda ranking: ranking.frame_weight,
    "correction weight": lambda ranking: ranking.correction_weight,
    "root weight": lambda ranking: ranking.root_weight / ranking.stem_weight,
    "synonym share": lambda ranking: ranking.synonym_share,
    "vocalised weight": lambda ranking: ranking.vocalised_weight / ranking.stem_weight,
}


def varied_constants(derivation: str) -> Container[str]:
    """Return the constants to vary on queries of that derivation (see `bench.derived_queries`)."""
    only = _DERIVED.get(derivation)
    return (only,) if only else GRID.keys() - {*_DERIVED.values()}


def setting_of(ranking: Ranking) -> Setting:
    """Return the constants of a ranking. Weights are relative to the stem weight."""
    return tuple((name, _VALUE[name](ranking)) for name in GRID)


def parse_start(options: Sequence[str]) -> Setting:
    """Return the default constants with the values of the options `NAME=VALUE`. Raise `InputError` for other options."""
    setting = setting_of(Ranking())
    for option in options:
        name, _, value = option.partition("=")
        if name not in GRID:
            raise InputError(f"--start {option!r}: no constant {name!r}; known: {', '.join(GRID)}")
        try:
            setting = with_value(setting, name, float(value))
        except ValueError:
            raise InputError(f"--start {option!r}: {value!r} is not a number") from None
    return setting


def ranking_of(setting: Setting) -> Ranking:
    """Return the default ranking with the constants of `setting`."""
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
        frame_weight=values["frame weight"],
        correction_weight=values["correction weight"],
        root_weight=values["root weight"],
        synonym_share=values["synonym share"],
        vocalised_weight=values["vocalised weight"],
    )


def with_value(setting: Setting, name: str, value: float) -> Setting:
    """Return the setting with another value of one constant."""
    return tuple((key, value if key == name else old) for key, old in setting)


def format_setting(setting: Setting) -> str:
    """Return the setting as one line of names and values."""
    return " ".join(f"{name} {value:g}" for name, value in setting)
