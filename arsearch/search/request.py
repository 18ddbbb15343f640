"""The parameters of a search, validated once, and the defaults that all back-ends share."""

from __future__ import annotations

import datetime as dt
import math
import operator
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, SupportsIndex, get_args

from arsearch.errors import QueryError, shown
from arsearch.model import Level
from arsearch.model.articles import id_of_number
from arsearch.model.rows import plain_value
from arsearch.search.signals import RecencySignal, read_recency

__all__ = [
    "DUPLICATES",
    "FACET_VALUES",
    "INNER_HITS",
    "LEVELS",
    "LOCK_TIMEOUT",
    "MAX_EXPANSIONS",
    "MAX_PROCESSES",
    "MEMORY_LIMIT",
    "MODES",
    "PASSAGES",
    "PASSAGE_SIZE",
    "TIMEOUT",
    "Mode",
    "PageRequest",
    "SearchRequest",
    "read_deadline",
    "read_id",
    "read_level",
    "read_processes",
    "read_seconds",
    "read_text",
    "read_whole",
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

MAX_PROCESSES = 1000
"""The most processes that a call starts: each takes 100 MB."""

_NO_END = 1e9
"""A timeout of more seconds, which may be too large a number to add, is no limit."""

_ENOUGH = 10
"""The number of complete articles at which mode "auto" stops, unless a page has more hits.

On real queries AND finds 7 articles at the median, OR 3,310.
"""


class PageRequest(NamedTuple):
    """The page of the matches to return, their order, and the deadline.

    `deadline` is a reading of `time.perf_counter`, `None` for no limit. Unless `exact`, a back-end may look for the best hits of
    many in a faster way, and says so in `Matched.approximate`.
    """

    limit: int
    offset: int = 0
    sort: str | None = None
    facets: tuple[str, ...] = ()
    collapse: str | None = None
    deadline: float | None = None
    inner_hits: int = INNER_HITS
    exact: bool = True

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
        exact: bool = True,
        now: float = 0.0,
    ) -> SearchRequest:
        """Check the parameters of `Searchable.search`; `timeout` counts from `now`, a reading of `time.perf_counter`.

        Raises QueryError for a value of another type or out of range; forms and URLs may pass such values.
        """
        text = read_text("query", text)
        limit, offset = read_whole("limit", limit), read_whole("offset", offset)
        inner_hits = read_whole("inner_hits", inner_hits)
        if isinstance(facets, (str, bytes)) or not isinstance(facets, Iterable):
            raise QueryError(f"facets {shown(facets)} is not a collection of field names")
        if max_expansions is not None and not (type(max_expansions) is int and max_expansions > 0):
            raise QueryError(
                f"max_expansions {shown(max_expansions)} is not a whole number of words, at least 1, or None"
            )
        named: object = mode
        if not isinstance(named, str) or named not in MODES:
            raise QueryError(f"mode {shown(mode)} is unknown; known: {', '.join(MODES)}")
        # A value of another type names no field, which the message of UnknownFieldError says.
        sort, collapse = _name(sort), _name(collapse)
        level = None if match is None else read_level(match)
        deadline = read_deadline(timeout, now)
        page = PageRequest(limit, offset, sort, tuple(facets), collapse, deadline, inner_hits, bool(exact))
        return cls(text, page, filters, mode, level, strict, max_expansions, correct, read_recency(recency))


def read_deadline(timeout: object, now: float) -> float | None:
    """Return when a call must end that started at `now`, a reading of `time.perf_counter`; `None` for no limit.

    Raises QueryError unless `timeout` is `None` or a number of seconds that is not negative.
    """
    seconds = math.inf if timeout is None else read_seconds("timeout", timeout)
    return None if seconds > _NO_END else now + seconds


def _name(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else shown(value)


def read_text(name: str, value: object) -> str:
    """Return a parameter that is a text; raise QueryError, which calls it `name`, for a value of another type."""
    if not isinstance(value, str):
        raise QueryError(f"the {name} {shown(value)} is not a string")
    return value


def read_whole(name: str, value: object, least: int = 0) -> int:
    """Return a parameter that is a whole number from `least` on; raise QueryError, which calls it `name`, for another value."""
    if type(value) is int and value >= least:
        return value
    try:
        number = operator.index(value) if isinstance(value, SupportsIndex) else least - 1
    except TypeError:  # an array of NumPy has the method, and refuses
        number = least - 1
    if number < least:
        if least:
            raise QueryError(f"{name} is {shown(value)}; it must be at least {least}, a whole number")
        raise QueryError(f"{name} {shown(value)} is not a whole number, or is negative")
    return number


def read_processes(name: str, value: object) -> int:
    """Return a parameter that is a number of processes; raise QueryError, which calls it `name`, for another value."""
    number = read_whole(name, value, 1)
    if number > MAX_PROCESSES:
        raise QueryError(f"{name} {shown(value)} is more than {MAX_PROCESSES} processes; give about one for each core")
    return number


def read_seconds(name: str, value: object) -> float:
    """Return a parameter that is a time in seconds, at least 0; raise QueryError, which calls it `name`, for another value.

    Infinity waits for ever.
    """
    try:
        seconds = float(value) if isinstance(value, (int, float)) else math.nan
    except OverflowError:
        seconds = math.nan
    if not seconds >= 0:  # nor NaN
        raise QueryError(f"{name} {shown(value)} is not a number of seconds, or is negative")
    return seconds


def read_id(value: object) -> str:
    """Return the id of an article; a number becomes its digits, as in `Article.from_dict`.

    Raises QueryError for a value that cannot be an id.
    """
    id = value if isinstance(value, str) else id_of_number(plain_value(value))
    if id is not None:
        return id
    raise QueryError(f"{shown(value)} is not the id of an article; give a string or a whole number")


def read_level(match: Level | str | None) -> Level:
    """Return the level that `match` names; the stem level for `None`. Raises QueryError for another name."""
    if match is None:
        return Level.STEM
    if isinstance(match, (str, int)):
        for level in LEVELS:
            if match in (level, level.label):
                return level
    raise QueryError(
        f"match {shown(match)} is not a level to search at; known: {', '.join(level.label for level in LEVELS)}"
    )
