"""Lines of a concordance and tables of frequencies, until the deadline of the server."""

from __future__ import annotations

import time
from itertools import islice
from typing import Any, NamedTuple

from arsearch.model.occurrences import ConcordanceLine, Frequencies
from arsearch.search.backend import Capability
from arsearch.search.occurrences.grouping import BY_WORK
from arsearch.web.indexes import Commit, ServedIndex
from arsearch.web.settings import WebSettings
from arsearch.web.states import SearchState

__all__ = ["GROUPS", "WIDTH", "Lines", "count_occurrences", "default_group", "find_lines", "total_occurrences"]

WIDTH = 60
"""The characters on either side of a keyword, if the state has no width."""


GROUPS = ("year", "month", "hijri_year", BY_WORK)
"""What every index can count by, unless it declares a text of this name."""


class Lines(NamedTuple):
    """Lines of a concordance after `offset` others. `more` tells whether further ones follow, unless it is `partial`."""

    lines: tuple[ConcordanceLine, ...]
    offset: int
    more: bool
    partial: bool
    notes: tuple[str, ...]


def find_lines(
    state: SearchState, served: ServedIndex, commit: Commit, settings: WebSettings, *, limit: int, offset: int
) -> Lines:
    """Return `limit` lines after `offset` others. Raises QueryError for a wrong order, level or filter."""
    lines = commit.searchable.concordance(
        state.q,
        width=int(state.width) if state.width else WIDTH,
        sort=state.sort or None,
        timeout=settings.deadline,
        **_arguments(state, served),
    )
    found = list(islice(lines, offset, offset + limit + 1))
    return Lines(tuple(found[:limit]), offset, len(found) > limit, lines.partial, lines.notes)


def count_occurrences(
    state: SearchState, served: ServedIndex, commit: Commit, settings: WebSettings, by: str
) -> Frequencies:
    """Return the table of frequencies by year, work or a field. Raises QueryError for a wrong field, level or filter."""
    return commit.searchable.frequencies(state.q, by=by, timeout=settings.deadline, **_arguments(state, served))


def default_group(served: ServedIndex) -> str:
    """Return the first of year, month, Hijri year and work that the index can count by: texts may have these names."""
    kinds = served.index.fields
    return next((name for name in GROUPS if kinds.get(name) != "text"), BY_WORK)


def total_occurrences(
    state: SearchState, served: ServedIndex, commit: Commit, settings: WebSettings, start: float
) -> Frequencies | None:
    """Return a table for its totals; `None` if the index counts slowly, or in more time than the deadline after `start`.

    `start` is a reading of `time.perf_counter`.
    """
    if Capability.OCCURRENCES not in served.index.capabilities:
        return None
    left = max(settings.deadline - (time.perf_counter() - start), 0.0)
    table = commit.searchable.frequencies(state.q, by=default_group(served), timeout=left, **_arguments(state, served))
    return None if table.partial else table


def _arguments(state: SearchState, served: ServedIndex) -> dict[str, Any]:
    arguments = state.arguments(served.index.fields)
    return {name: arguments[name] for name in ("filters", "match")}
