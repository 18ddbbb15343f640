"""The routes of all occurrences of a query: `concordance` and `frequencies`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from arsearch.web.api.answers import Parameters, Payload, answer_from_commit
from arsearch.web.context import WebContext
from arsearch.web.indexes import Commit, ServedIndex
from arsearch.web.occurrences import count_occurrences, default_group, find_lines
from arsearch.web.states import SearchState

__all__ = ["OccurrenceRoutes"]

_MAX_LINES = 1_000
_LINES = 100
_MAX_ROWS = 10_000
_ROWS = 1_000
_OWN = frozenset(("limit", "offset", "page"))
"""The parameters that count lines or rows here, not hits."""


class OccurrenceRoutes:
    """The routes that find or count all occurrences of a query in one commit."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    async def get_concordance(self, request: Request) -> Response:
        """Answer `GET /concordance`."""
        settings = self._context.settings
        state, parameters = self._state(request), Parameters(request)
        limit = parameters.number("limit", _LINES, _MAX_LINES)
        offset = parameters.number("offset", 0, settings.max_offset)

        def work(served: ServedIndex, commit: Commit) -> Payload:
            found = find_lines(state, served, commit, settings, limit=limit, offset=offset)
            end = offset + limit
            value = {
                "index": served.name,
                "query": state.q,
                "notes": list(found.notes),
                "partial": found.partial,
                "lines": [line.to_dict() for line in found.lines],
                "next_offset": end if found.more and limit and end <= settings.max_offset else None,
                "commit": commit.generation,
            }
            return Payload(value, whole=not found.partial)

        return await answer_from_commit(self._context, request, work)

    async def get_frequencies(self, request: Request) -> Response:
        """Answer `GET /frequencies`."""
        settings = self._context.settings
        state, parameters = self._state(request), Parameters(request)
        limit = parameters.number("limit", _ROWS, _MAX_ROWS)
        offset = parameters.number("offset", 0, settings.max_offset)

        def work(served: ServedIndex, commit: Commit) -> Payload:
            table = count_occurrences(state, served, commit, settings, state.by or default_group(served))
            end = offset + limit
            value = table.to_dict() | {
                "index": served.name,
                "rows": [row.to_dict() for row in table.rows[offset:end]],
                "next_offset": end if end < len(table) and limit and end <= settings.max_offset else None,
                "commit": commit.generation,
            }
            return Payload(value, whole=not table.partial)

        return await answer_from_commit(self._context, request, work)

    def _state(self, request: Request) -> SearchState:
        pairs = request.query_params.multi_items()
        return SearchState.read([pair for pair in pairs if pair[0] not in _OWN], self._context.settings)
