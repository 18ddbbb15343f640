"""The parameters of `Searchable.passages`, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from arsearch.errors import QueryError, shown
from arsearch.model import Level
from arsearch.search.request import Mode, SearchRequest

__all__ = ["PassageRequest"]

_SHORTEST = 40
_LONGEST = 1 << 24
"""More than the characters that a call reads."""
_ARTICLES = 24
_ARTICLES_PER_PASSAGE = 2


class PassageRequest(NamedTuple):
    """A search for articles, and the number, size and overlap of the passages to cut out of them."""

    search: SearchRequest
    limit: int
    size: int
    overlap: int

    @classmethod
    def read(
        cls,
        query: str,
        *,
        limit: int,
        size: int,
        overlap: int,
        filters: Mapping[str, Any] | None,
        mode: Mode,
        match: Level | str | None,
        deadline: float | None,
    ) -> PassageRequest:
        """Check the parameters; raises QueryError for a value of another type or out of range."""
        search = SearchRequest.read(query, limit=limit, filters=filters, mode=mode, match=match)
        if type(size) is not int or size < _SHORTEST:
            raise QueryError(f"size {shown(size)} is not a whole number of code points, at least {_SHORTEST}")
        if type(overlap) is not int or not 0 <= overlap < size:
            raise QueryError(
                f"overlap {shown(overlap)} is not a whole number of code points, from 0 to below the size {size}"
            )
        size, limit = min(size, _LONGEST), search.page.limit
        articles = max(_ARTICLES, _ARTICLES_PER_PASSAGE * limit)
        page = search.page._replace(limit=articles, deadline=deadline)
        return cls(search._replace(page=page), limit, size, overlap)
