"""Cursors: the place of a page in the hits of one commit.

A cursor holds the number of the commit, the number of hits before the page, the sort values and the id of the last of
them, and a digest of the search. It is opaque to clients, but no secret: each part is checked when a cursor comes back, and
the size of a page is never read from it. While the server has the commit, the pages of a list fit together. When the commit
is gone, paging goes on in the newest one: after the same article, or after the same sort values if the article is gone.
"""

from __future__ import annotations

import base64
import bisect
import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from arsearch.model import Article, Hit
from arsearch.web.problems import ProblemError
from arsearch.web.states import SearchState

__all__ = ["Cursor", "cursor_after", "position_after", "read_cursor"]

_MAX_GENERATION = 2**63


class Cursor(NamedTuple):
    """The place of a page: `skip` hits come before it, of which `id` is the last, with the sort values `complete` and `value`.

    `value` is the score, or the value of the sort field: a number, a text, or `None` for none.
    """

    generation: int
    skip: int
    id: str
    complete: bool
    value: float | str | None


def cursor_after(state: SearchState, generation: int, skip: int, last: Hit) -> str:
    """Return the cursor of the page after the hit `last`, which is number `skip` of the hits, counted from 1."""
    fields = [_digest(state), generation, skip, last.id, last.complete, _sort_value(state, last)]
    data = json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def read_cursor(state: SearchState, max_skip: int) -> Cursor:
    """Return the checked cursor of a state. Raises ProblemError (400) for any other text, or one of another search."""
    try:
        padded = state.cursor.encode("ascii") + b"=" * (-len(state.cursor) % 4)
        digest, *fields = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        cursor = _checked(fields)
    except (ValueError, TypeError, RecursionError, OverflowError):
        cursor = None
    if cursor is None:
        raise _bad("the cursor is not one of this server; begin again without it")
    if digest != _digest(state):
        raise _bad("the cursor belongs to another search; begin again without it")
    if cursor.skip > max_skip:
        raise _bad(f"a page may skip at most {max_skip:,} hits; narrow the search")
    return cursor


def position_after(cursor: Cursor, state: SearchState, hits: Sequence[Hit]) -> int:
    """Return the number of `hits`, the first of a search in a newer commit, that come before the page of a cursor."""
    for position, hit in enumerate(hits, 1):
        if hit.id == cursor.id:
            return position
    value = cursor.value
    if isinstance(value, str) or value is None:  # the order of texts is that of the index
        return min(cursor.skip, len(hits))
    descending = _by_score(state) or state.sort.startswith("-")
    sign = -1.0 if descending else 1.0
    last = (not cursor.complete, False, sign * value)

    def key(hit: Hit) -> tuple[bool, bool, float]:
        found = _sort_value(state, hit)
        number = float(found) if isinstance(found, (int, float)) else None
        return not hit.complete, number is None, 0.0 if number is None else sign * number

    # Among articles with the same value the place is unknown: the old number is the likeliest.
    lowest, highest = bisect.bisect_left(hits, last, key=key), bisect.bisect_right(hits, last, key=key)
    return min(max(cursor.skip, lowest), highest)


def _checked(fields: list[Any]) -> Cursor | None:
    """Return the cursor with these fields if each has its type and is in range."""
    generation, skip, id, complete, value = fields
    numbers = all(type(number) is int and 0 <= number < _MAX_GENERATION for number in (generation, skip))
    valued = value is None or isinstance(value, str) or (type(value) in (int, float) and math.isfinite(value))
    if numbers and valued and isinstance(id, str) and type(complete) is bool:
        return Cursor(generation, skip, id, complete, value)
    return None


def _digest(state: SearchState) -> str:
    """Return a digest of the parameters that select and order the hits."""
    pairs = state.changed(limit=0, facets=(), ui="").pairs()
    return hashlib.blake2b(json.dumps(pairs).encode("ascii"), digest_size=8).hexdigest()


def _by_score(state: SearchState) -> bool:
    return state.sort in ("", "score", "-score")


def _sort_value(state: SearchState, hit: Hit) -> float | str | None:
    if _by_score(state):
        return hit.score
    return _field_value(hit.article, state.sort.removeprefix("-"))


def _field_value(article: Article, name: str) -> float | str | None:
    """Return the value of a field: a number, dates as seconds since 1970 in UTC, or a text of at most 100 characters."""
    value = article.date if name == "date" else _values(article).get(name)
    if isinstance(value, dt.date):
        moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).total_seconds()
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 2**53:
        return float(value)
    return str(value)[:100] if isinstance(value, str) and value else None


def _values(article: Article) -> Mapping[str, Any]:
    own = {name: getattr(article, name) for name in ("author", "source", "category")}
    return {**article.extra, **own}


def _bad(detail: str) -> ProblemError:
    return ProblemError(400, "bad_cursor", detail, parameter="cursor")
