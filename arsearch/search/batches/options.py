"""The parameters of `Searchable.search` beside the text, for methods that pass them on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from arsearch.model import Level
from arsearch.search.request import Mode

__all__ = ["PassageOptions", "SearchOptions"]


class SearchOptions(TypedDict, total=False):
    """The options of `Searchable.search`, with its defaults."""

    limit: int
    offset: int
    filters: Mapping[str, Any] | None
    sort: str | None
    facets: Iterable[str]
    mode: Mode
    match: Level | str | None
    collapse: str | None
    strict: bool
    timeout: float | None
    max_expansions: int | None
    correct: bool
    recency: str | dt.timedelta | None
    inner_hits: int
    exact: bool


class PassageOptions(TypedDict, total=False):
    """The options of `Searchable.passages`, with its defaults."""

    limit: int
    size: int
    overlap: int
    filters: Mapping[str, Any] | None
    mode: Mode
    match: Level | str | None
    timeout: float | None
