"""The routes that search: `search`, `passages`, `suggest`, `similar` and `explain`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from arsearch.model import SearchResults
from arsearch.search.backend import Capability
from arsearch.search.request import PASSAGE_SIZE, PASSAGES
from arsearch.web.api.answers import Parameters, Payload, answer_from_commit
from arsearch.web.context import WebContext
from arsearch.web.indexes import Commit, ServedIndex
from arsearch.web.problems import ProblemError
from arsearch.web.searching import search
from arsearch.web.states import SearchState
from arsearch.writers.rows import Rows

__all__ = ["SearchRoutes"]

_MAX_ID = 1_000
_MAX_SUGGESTIONS = 50
_MAX_PASSAGES = 50
_MAX_SIZE = 5_000
"""The most code points of a passage, and of its overlap with the one before."""


class SearchRoutes:
    """The routes that search one commit of an index."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    async def get_search(self, request: Request) -> Response:
        """Answer `GET /search`."""
        state = self._state(request)
        parameters = Parameters(request)
        fields, corrections = parameters.fields(), parameters.flag("did_you_mean")

        def work(served: ServedIndex, commit: Commit) -> Payload:
            settings = self._context.settings
            answer = search(state, self._context.indexes, settings, corrections=corrections, commit=commit)
            value = {
                "index": served.name,
                **_listed(answer.results, fields),
                "next": answer.next or None,
                "moved": answer.moved,
                "commit": answer.commit.generation,
            }
            if corrections:
                value["did_you_mean"] = answer.correction.to_dict() if answer.correction else None
            # The tag is that of the newest commit; a page of an older one would be found under it again.
            return Payload(value, whole=not answer.results.partial and answer.commit.generation == commit.generation)

        return await answer_from_commit(self._context, request, work)

    async def get_passages(self, request: Request) -> Response:
        """Answer `GET /passages`."""
        parameters = Parameters(request)
        options: dict[str, Any] = {
            "limit": parameters.number("limit", PASSAGES, _MAX_PASSAGES),
            "size": parameters.number("size", PASSAGE_SIZE, _MAX_SIZE),
            "overlap": parameters.number("overlap", 0, _MAX_SIZE),
        }
        state = self._state(request)

        def work(served: ServedIndex, commit: Commit) -> Payload:
            arguments = _arguments(state, served)
            chosen = {name: arguments[name] for name in ("filters", "mode", "match")}
            passages = commit.searchable.passages(state.q, **options, **chosen)
            value = {"index": served.name, "query": state.q, "passages": [passage.to_dict() for passage in passages]}
            return Payload(value | {"commit": commit.generation})

        return await answer_from_commit(self._context, request, work)

    async def get_suggest(self, request: Request) -> Response:
        """Answer `GET /suggest`."""
        parameters = Parameters(request)
        text = parameters.text("q", most=self._context.settings.max_query)
        limit = parameters.number("limit", 10, _MAX_SUGGESTIONS)

        def work(served: ServedIndex, commit: Commit) -> Payload:
            suggestions = commit.searchable.suggest(text, limit=limit, timeout=self._context.settings.deadline)
            shown = [one.to_dict() for one in suggestions]
            value = {"index": served.name, "query": text, "suggestions": shown, "partial": suggestions.partial}
            return Payload(value, whole=not suggestions.partial)

        return await answer_from_commit(self._context, request, work)

    async def get_similar(self, request: Request) -> Response:
        """Answer `GET /similar`."""
        parameters = Parameters(request)
        id = parameters.text("id", most=_MAX_ID, required=True)
        state, fields = self._state(request), parameters.fields()

        def work(served: ServedIndex, commit: Commit) -> Payload:
            _require_article(commit, id)
            arguments = _arguments(state, served)
            chosen = {name: arguments[name] for name in ("limit", "filters", "collapse")}
            results = commit.searchable.more_like(id, **chosen, timeout=self._context.settings.deadline)
            value = {"index": served.name, "id": id, **_listed(results, fields)}
            return Payload(value, whole=not results.partial)

        return await answer_from_commit(self._context, request, work)

    async def get_explain(self, request: Request) -> Response:
        """Answer `GET /explain`."""
        id = Parameters(request).text("id", most=_MAX_ID, required=True)
        state = self._state(request)

        def work(served: ServedIndex, commit: Commit) -> Payload:
            _require_article(commit, id)
            arguments = _arguments(state, served)
            chosen = {name: arguments[name] for name in ("filters", "mode", "match", "recency")}
            explanation = commit.searchable.explain(state.q, id, **chosen, timeout=self._context.settings.deadline)
            return Payload({"index": served.name, **explanation.to_dict()}, whole=not explanation.partial)

        return await answer_from_commit(self._context, request, work)

    def _state(self, request: Request) -> SearchState:
        return SearchState.read(request.query_params.multi_items(), self._context.settings)


def _arguments(state: SearchState, served: ServedIndex) -> dict[str, Any]:
    index = served.index
    return state.arguments(index.fields, near_duplicates=Capability.NEAR_DUPLICATES in index.capabilities)


def _require_article(commit: Commit, id: str) -> None:
    if id not in commit.searchable:
        raise ProblemError(404, "no_article", f"no article has the id {id[:100]!r}")


def _listed(results: SearchResults, fields: Sequence[str] | None) -> dict[str, Any]:
    """Return results as JSON values; with `fields`, each hit has these alone."""
    data = results.to_dict(hits=fields is None)
    if fields is not None:
        data["hits"] = list(Rows(results, fields))
    return data
