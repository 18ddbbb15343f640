"""The routes about the server: `stats`, `health`, `metrics`, and the description of the API."""

from __future__ import annotations

import json
import logging
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

import arsearch
from arsearch.errors import ArsearchError
from arsearch.model import Stats
from arsearch.web.api.answers import Payload, answer_from_commit, json_response
from arsearch.web.context import WebContext
from arsearch.web.indexes import Commit, ServedIndex
from arsearch.web.metrics import MEDIA_TYPE, Sample

__all__ = ["StatusRoutes", "openapi"]

_log = logging.getLogger("arsearch.web")

_GAUGES = (
    ("arsearch_index_articles", "Articles of an index.", "articles"),
    ("arsearch_index_bytes", "Bytes of the files of an index.", "bytes"),
    ("arsearch_index_segments", "Segments of an index.", "segments"),
    ("arsearch_index_commit", "The number of the newest commit of an index.", "generation"),
)


class StatusRoutes:
    """The routes about the server and its indexes."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self._openapi: dict[str, Any] | None = None

    async def get_stats(self, request: Request) -> Response:
        """Answer `GET /stats`."""

        def work(served: ServedIndex, commit: Commit) -> Payload:
            stats = commit.searchable.stats().to_dict()
            return Payload({"index": served.name, "indexes": list(self._context.indexes), **stats})

        return await answer_from_commit(self._context, request, work)

    async def get_health(self, request: Request) -> Response:  # noqa: ARG002
        """Answer `GET /health`: 200 if every index can be searched, else 503."""
        indexes = {}
        for name, stats in (await self._context.searcher.run(self._stats)).items():
            indexes[name] = {"status": "failed"} if stats is None else {"status": "ok", "articles": stats.articles}
        healthy = all(one["status"] == "ok" for one in indexes.values())
        value = {"status": "ok" if healthy else "failed", "version": arsearch.__version__, "indexes": indexes}
        return json_response(value, 200 if healthy else 503)

    async def get_metrics(self, request: Request) -> Response:  # noqa: ARG002
        """Answer `GET /metrics`."""
        stats = await self._context.searcher.run(self._stats)
        gauges: list[tuple[str, str, list[Sample]]] = [
            (name, help, [(name, (("index", index),), getattr(one, key)) for index, one in stats.items() if one])
            for name, help, key in _GAUGES
        ]
        waiting = "arsearch_searches_pending"
        gauges.append((waiting, "Searches that run or wait.", [(waiting, (), self._context.searcher.pending)]))
        text = self._context.metrics.text(gauges)
        return Response(text, headers={"Cache-Control": "no-store", "Content-Type": MEDIA_TYPE})

    async def get_openapi(self, request: Request) -> Response:
        """Answer `GET /openapi.json`: the description, with the root of this application as its server."""
        if self._openapi is None:
            self._openapi = openapi()
        root = request.scope.get("root_path", "")
        return json_response(
            self._openapi | {"servers": [{"url": f"{root}/api/v1"}]}, headers={"Cache-Control": "no-cache"}
        )

    def _stats(self) -> dict[str, Stats | None]:
        """Return the statistics of each index; `None` for an index that cannot be opened."""
        found: dict[str, Stats | None] = {}
        for name, served in self._context.indexes.items():
            try:
                found[name] = served.commit().searchable.stats()
            except (ArsearchError, OSError) as error:
                _log.error("the index %s cannot be opened: %s", name, error)
                found[name] = None
        return found


def openapi() -> dict[str, Any]:
    """Return the description of the API, with the version of this package."""
    description: dict[str, Any] = json.loads(files("arsearch.web.api").joinpath("openapi.json").read_text("utf-8"))
    description["info"]["version"] = arsearch.__version__
    return description
