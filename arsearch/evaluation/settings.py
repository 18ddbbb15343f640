"""What a search can be run with, as text: `stemmer=light10`, `mode=any`, `k1=1.5`, `title_weight=2`."""

from __future__ import annotations

import dataclasses
import math
import typing
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from arsearch.errors import InputError
from arsearch.evaluation.run import Found, Mode
from arsearch.search import Ranking

if TYPE_CHECKING:
    from arsearch.search import Index

__all__ = ["Setting", "read_setting"]

_MATCHES = ("stem", "word", "normalised")
_BY_FIELD = {"weight": "field_weight", "b": "field_b"}
_NUMBERS = tuple(one.name for one in dataclasses.fields(Ranking) if one.type in ("float", float))


@dataclass(frozen=True, slots=True)
class Setting:
    """How an index is made and searched; the defaults are arsearch's. `given` is the text it was read from."""

    stemmer: str | None = None
    mode: Mode = "auto"
    match: str | None = None
    ranking: Ranking = field(default_factory=Ranking)
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(self.given) or "default"

    def searching(self, index: Index) -> SetSearch:
        """The index, opened with `ranking`, as `evaluate` wants it: searched in this mode, at this level."""
        return SetSearch(index, self)


@dataclass(frozen=True, slots=True)
class SetSearch:
    """An index that is always searched with one setting."""

    index: Index
    setting: Setting

    def search(self, text: str, *, limit: int, mode: Mode) -> Iterable[Found]:  # noqa: ARG002
        """The best `limit` articles; the mode is the setting's."""
        return self.index.search(text, limit=limit, mode=self.setting.mode, match=self.setting.match)


def read_setting(pairs: Iterable[tuple[str, str]], base: Setting | None = None) -> Setting:
    """The setting that differs from `base` (default: arsearch's own) by names and values; later ones win.

    Names are `stemmer`, `mode`, `match`, the numbers of `arsearch.Ranking` (`k1`, `stop_weight` ...), `FIELD_weight`
    and `FIELD_b` for a field's own. Raises `InputError` for an unknown name or a value that does not fit it.
    """
    setting = base or Setting()
    for name, value in pairs:
        setting = dataclasses.replace(setting, **_change(setting, name, value), given=_given(setting, name, value))
    return setting


def _given(setting: Setting, name: str, value: str) -> tuple[str, ...]:
    kept = (one for one in setting.given if not one.startswith(f"{name}="))
    return (*kept, f"{name}={value}")


def _change(setting: Setting, name: str, value: str) -> dict[str, Any]:
    if name == "stemmer":
        return {name: value}
    for choice, known in (("mode", typing.get_args(Mode)), ("match", _MATCHES)):
        if name == choice:
            if value not in known:
                raise InputError(f"{name} {value!r} is not one; known: {', '.join(known)}")
            return {name: value}
    of, _, kind = name.rpartition("_")
    change: dict[str, Any]
    if name in _NUMBERS:
        change = {name: _number(name, value)}
    elif of and kind in _BY_FIELD:
        table = _BY_FIELD[kind]
        change = {table: {**getattr(setting.ranking, table), of: _number(name, value)}}
    else:
        known = ("stemmer", "mode", "match", *_NUMBERS, "FIELD_weight", "FIELD_b")
        raise InputError(f"no setting {name!r}; known: {', '.join(known)}")
    return {"ranking": dataclasses.replace(setting.ranking, **change)}


def _number(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise InputError(f"{name} is {value!r}; it must be a number, 0 or more")
    return number
