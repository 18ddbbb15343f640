"""The pages of errors: what happened, and what a reader can do."""

from __future__ import annotations

from arsearch.web.pages.site import Page
from arsearch.web.problems import ProblemError

__all__ = ["render_problem"]

_KEYS = {
    "unknown_index": "unknown_index",
    "no_article": "unknown_article",
    "index_unusable": "no_index",
    "timeout": "timeout",
    "busy": "busy",
    "locked": "busy",
    "rate": "busy",
    "unsupported": "unsupported",
    "bad_parameter": "bad_request",
    "bad_query": "bad_request",
}


def render_problem(page: Page, problem: ProblemError) -> str:
    """Return the page of a problem. Its details are English, and name no path of the server."""
    key = _KEYS.get(problem.code) or _key_of_status(problem.status)
    detail = "" if problem.code in ("http", "failed") else problem.detail
    return page.render(
        "problem.html",
        heading=page.ui(key),
        advice=page.ui(f"{key}_help"),
        detail=detail,
        choose=key == "unknown_index",
        retry=problem.status >= 500 or problem.status == 429,
    )


def _key_of_status(status: int) -> str:
    if status == 404:
        return "not_found"
    if status in (429, 503):
        return "busy"
    return "failed" if status >= 500 else "bad_request"
