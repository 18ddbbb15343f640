"""The parameters of a search, validated once, and the defaults that all back-ends share."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, SupportsIndex, get_args

from arsearch.errors import QueryError
from arsearch.model import Level
from arsearch.search.signals import RecencySignal, read_recency

__all__ = [
    "DUPLICATES",
    "FACET_VALUES",
    "INNER_HITS",
    "LEVELS",
    "LOCK_TIMEOUT",
    "MAX_EXPANSIONS",
    "MEMORY_LIMIT",
    "MODES",
    "PASSAGES",
    "PASSAGE_SIZE",
    "TIMEOUT",
    "Mode",
    "PageRequest",
    "SearchRequest",
    "read_deadline",
    "read_level",
]

Mode = Literal["auto", "all", "any"]
MODES = get_args(Mode)

LEVELS = (Level.VOCALISED, Level.SURFACE, Level.NORMALISED, Level.WORD, Level.STEM, Level.ROOT)
"""The levels that `match` may name: an index can count the matches of each."""

DUPLICATES = "duplicates"
"""The value of `collapse` that folds near-duplicates; its other values are names of keyword fields."""

FACET_VALUES = 100
"""The maximum number of values that a facet counts."""

MAX_EXPANSIONS = 10_000
"""The default limit of the terms of a segment that a pattern or misspelling expands to; few patterns match more."""

TIMEOUT = 2.0
"""The default time of a search, an explanation, a correction, a completion or passages, in seconds."""

LOCK_TIMEOUT = 10.0
"""The default time that a writer waits for another writer, in seconds."""

MEMORY_LIMIT = 256 * 1024 * 1024
"""The approximate number of bytes that a segment may take while it is collected and written."""

INNER_HITS = 2
"""The default number of further hits that each hit shows of its value of a collapsed field, such as its work."""

PASSAGES = 8
PASSAGE_SIZE = 600
"""The default number of passages of a call, and of code points of a passage: about 100 words."""

_NO_END = 1e9
"""A timeout of more seconds, which may be too large a number to add, is no limit."""

_ENOUGH = 10
"""The number of complete articles at which mode "auto" stops, unless a page has more hits.

On real queries AND finds 7 articles at the median, OR 3,310.
"""


class PageRequest(NamedTuple):
    """The page of the matches to return, their order, and the deadline.

    `deadline` is a reading of `time.perf_counter`, `None` for no limit.
    """

    limit: int
    offset: int = 0
    sort: str | None = None
    facets: tuple[str, ...] = ()
    collapse: str | None = None
    deadline: float | None = None
    inner_hits: int = INNER_HITS

    @property
    def end(self) -> int:
        """The number of hits up to the end of the page."""
        return self.offset + self.limit

    @property
    def by_score(self) -> bool:
        """Whether hits are ordered by score."""
        return self.sort in (None, "score")

    @property
    def enough(self) -> int:
        """The number of complete articles at which mode "auto" stops; equal for all pages of one length."""
        return max(_ENOUGH, self.limit) if self.by_score else _ENOUGH


class SearchRequest(NamedTuple):
    """One search: the query text and its options. Create it with `read`, which checks every value."""

    text: str
    page: PageRequest
    filters: Mapping[str, Any] | None = None
    mode: Mode = "auto"
    match: Level | None = None
    strict: bool = False
    max_expansions: int | None = MAX_EXPANSIONS
    correct: bool = True
    recency: RecencySignal | None = None

    @classmethod
    def read(
        cls,
        text: str,
        *,
        limit: int = 10,
        offset: int = 0,
        filters: Mapping[str, Any] | None = None,
        sort: str | None = None,
        facets: Iterable[str] = (),
        mode: Mode = "auto",
        match: Level | str | None = None,
        collapse: str | None = None,
        strict: bool = False,
        timeout: float | None = None,
        max_expansions: int | None = MAX_EXPANSIONS,
        correct: bool = True,
        recency: str | dt.timedelta | None = None,
        inner_hits: int = INNER_HITS,
        now: float = 0.0,
    ) -> SearchRequest:
        """Check the parameters of `Searchable.search`; `timeout` counts from `now`, a reading of `time.perf_counter`.

        Raises QueryError for a value of another type or out of range; forms and URLs may pass such values.
        """
        if not isinstance(text, str):
            raise QueryError(f"the query {text!r} is not a string")
        limit, offset, inner_hits = _whole("limit", limit), _whole("offset", offset), _whole("inner_hits", inner_hits)
        if isinstance(facets, str) or not isinstance(facets, Iterable):
            raise QueryError(f"facets {facets!r} is not a collection of field names")
        if max_expansions is not None and not (type(max_expansions) is int and max_expansions > 0):
            raise QueryError(f"max_expansions {max_expansions!r} is not a whole number of words, at least 1, or None")
        if mode not in MODES:
            raise QueryError(f"mode {mode!r} is unknown; known: {', '.join(MODES)}")
        level = None if match is None else read_level(match)
        page = PageRequest(limit, offset, sort, tuple(facets), collapse, read_deadline(timeout, now), inner_hits)
        return cls(text, page, filters, mode, level, strict, max_expansions, correct, read_recency(recency))


def read_deadline(timeout: object, now: float) -> float | None:
    """Return the deadline of a call that began at `now`, a reading of `time.perf_counter`; `None` for no limit.

    Raises QueryError unless `timeout` is `None` or a number of seconds that is not negative.
    """
    if timeout is None:
        return None
    if not (isinstance(timeout, (int, float)) and timeout >= 0):
        raise QueryError(f"timeout {timeout!r} is not a number of seconds, or is negative")
    return None if timeout > _NO_END else now + timeout


def _whole(name: str, value: object) -> int:
    if type(value) is int and value >= 0:
        return value
    if not isinstance(value, SupportsIndex) or operator.index(value) < 0:
        raise QueryError(f"{name} {value!r} is not a whole number, or is negative")
    return operator.index(value)


def read_level(match: Level | str | None) -> Level:
    """Return the level that `match` names; the stem level for `None`. Raises QueryError for another name."""
    if match is None:
        return Level.STEM
    for level in LEVELS:
        if match in (level, level.label):
            return level
    raise QueryError(
        f"match {match!r} is not a level to search at; known: {', '.join(level.label for level in LEVELS)}"
    )
