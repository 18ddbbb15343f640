"""The options of a search as text: `stemmer=light10`, `mode=any`, `k1=1.5`, `title_weight=2`."""

from __future__ import annotations

import dataclasses
import math
import typing
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import AnalyzerError, InputError
from arsearch.evaluation.run import Mode, RankedDocument
from arsearch.search import Ranking

if TYPE_CHECKING:
    from arsearch.search import Index

__all__ = ["Setting", "read_setting"]

_CHOICES = {"mode": typing.get_args(Mode), "match": ("stem", "word", "normalised")}
_BY_FIELD = {"weight": "field_weight", "b": "field_b"}
_NUMBERS = tuple(number.name for number in dataclasses.fields(Ranking) if number.type in ("float", float))


@dataclass(frozen=True, slots=True)
class Setting:
    """The options with which an index is made and searched; the defaults are those of arsearch.

    `given` has the options as text, without the defaults.
    """

    stemmer: str | None = None
    mode: Mode = "auto"
    match: str | None = None
    ranking: Ranking = field(default_factory=Ranking)
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(self.given) or "default"

    def searching(self, index: Index) -> ConfiguredSearch:
        """Return a searchable for `evaluate` that searches `index`, opened with `ranking`, in this mode and at this level."""
        return ConfiguredSearch(index, self)


@dataclass(frozen=True, slots=True)
class ConfiguredSearch:
    """An index that is always searched with the same setting."""

    index: Index
    setting: Setting

    def search(self, text: str, *, limit: int, mode: Mode) -> Iterable[RankedDocument]:  # noqa: ARG002
        """Return the best `limit` articles in the mode of the setting, not in `mode`."""
        return self.index.search(text, limit=limit, mode=self.setting.mode, match=self.setting.match, timeout=None)


def read_setting(pairs: Iterable[tuple[str, str]], base: Setting | None = None) -> Setting:
    """Return `base` (default: arsearch's own setting) changed by pairs of names and values; later pairs win.

    The names are `stemmer`, `mode`, `match`, the numbers of `arsearch.Ranking` (`k1`, `stop_weight`...), and
    `FIELD_weight` and `FIELD_b` for the constants of a field. Raises `InputError` for an unknown name, and for a value
    that the name does not allow.
    """
    setting = base or Setting()
    for name, value in pairs:
        others = (pair for pair in setting.given if not pair.startswith(f"{name}="))
        changes = _changes(setting, name, value)
        setting = dataclasses.replace(setting, **changes, given=(*others, f"{name}={value}"))
    return setting


def _changes(setting: Setting, name: str, value: str) -> dict[str, Any]:
    """Return the attributes of `setting` that one pair changes."""
    if name == "stemmer":
        try:
            ArabicAnalyzer.from_config({"stemmer": {"name": value}})
        except AnalyzerError as error:
            raise InputError(str(error)) from None
        return {name: value}
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise InputError(f"{name} {value!r} is unknown; known: {', '.join(_CHOICES[name])}")
        return {name: value}
    return {"ranking": dataclasses.replace(setting.ranking, **_ranking_changes(setting.ranking, name, value))}


def _ranking_changes(ranking: Ranking, name: str, value: str) -> dict[str, Any]:
    """Return the attributes of `ranking` that one pair changes."""
    if name in _NUMBERS:
        return {name: _number(name, value)}
    field, _, kind = name.rpartition("_")
    if field and kind in _BY_FIELD:
        return {_BY_FIELD[kind]: {**getattr(ranking, _BY_FIELD[kind]), field: _number(name, value)}}
    names = ("stemmer", *_CHOICES, *_NUMBERS, "FIELD_weight", "FIELD_b")
    raise InputError(f"no setting {name!r}; known: {', '.join(names)}")


def _number(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise InputError(f"{name} is {value!r}; it must be a number, 0 or more")
    return number
