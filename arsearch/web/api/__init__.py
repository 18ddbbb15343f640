"""The routes of `/api`: JSON for programs. `/api/...` is an alias of the newest version, `/api/v1/...`.

| module | contents |
|---|---|
| `answers` | JSON answers with an entity tag, and answers of status 304 |
| `searches` | `search`, `passages`, `suggest`, `similar`, `explain` |
| `occurrences` | `concordance`, `frequencies` |
| `articles` | `articles`: get, add and delete |
| `status` | `stats`, `health`, `metrics`, `openapi.json` |
| `openapi.json` | the description of the API, OpenAPI 3.1 |
"""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from arsearch.web.api.articles import ArticleRoutes
from arsearch.web.api.occurrences import OccurrenceRoutes
from arsearch.web.api.searches import SearchRoutes
from arsearch.web.api.status import StatusRoutes
from arsearch.web.context import WebContext
from arsearch.web.convertors import article_id

__all__ = ["routes"]


def routes(context: WebContext) -> list[BaseRoute]:
    """Return the routes below `/api`."""
    searches, articles, status = SearchRoutes(context), ArticleRoutes(context), StatusRoutes(context)
    occurrences = OccurrenceRoutes(context)
    return [
        route
        for version in ("/api/v1", "/api")
        for route in (
            Route(f"{version}/search", searches.get_search),
            Route(f"{version}/passages", searches.get_passages),
            Route(f"{version}/concordance", occurrences.get_concordance),
            Route(f"{version}/frequencies", occurrences.get_frequencies),
            Route(f"{version}/suggest", searches.get_suggest),
            Route(f"{version}/similar", searches.get_similar),
            Route(f"{version}/explain", searches.get_explain),
            Route(f"{version}/articles", articles.post_articles, methods=["POST"]),
            Route(f"{version}/articles/{article_id()}", articles.article, methods=["GET", "DELETE"]),
            Route(f"{version}/stats", status.get_stats),
            Route(f"{version}/health", status.get_health),
            Route(f"{version}/metrics", status.get_metrics),
            Route(f"{version}/openapi.json", status.get_openapi),
        )
    ]
