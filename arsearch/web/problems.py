"""Errors as problem details (RFC 9457).

A problem has `type` "about:blank", the `title` and `status` of HTTP, a `detail` for people, and a `code` for programs.
No detail names a path of the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from starlette.responses import Response

from arsearch.errors import ArsearchError, IndexLockedError, IndexOpenError, QueryError, UnsupportedError
from arsearch.model.safety import json_text

__all__ = ["ProblemError", "problem_of", "problem_response"]

RETRY_AFTER = 1
"""The seconds after which a client may repeat a request that was answered by 503 or 429."""


class ProblemError(Exception):
    """A request that is answered by an error: the status, a code for programs and a sentence for people."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers)
        self.members = members

    @property
    def title(self) -> str:
        """The phrase that HTTP gives the status."""
        return HTTPStatus(self.status).phrase

    def to_dict(self) -> dict[str, Any]:
        """Return the problem as JSON values."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.members,
        }


def problem_of(error: BaseException) -> ProblemError:
    """Return the problem of an error. A detail shows the message of a wrong query only: other messages may name paths."""
    match error:
        case ProblemError():
            return error
        case UnsupportedError():
            return ProblemError(501, "unsupported", f"this index cannot {error.ability}")
        case QueryError():
            return ProblemError(400, "bad_query", str(error))
        case IndexLockedError():
            return unavailable("locked", "another process writes to this index; repeat the request later")
        case IndexOpenError():
            return unavailable(
                "index_unusable", "the index cannot be read at the moment; the server's log has the reason"
            )
        case ArsearchError():
            return ProblemError(500, "failed", "the index could not answer; the server's log has the reason")
        case _:
            return ProblemError(500, "failed", "the server failed; its log has the reason")


def unavailable(code: str, detail: str, seconds: int = RETRY_AFTER) -> ProblemError:
    """Return a problem of status 503 that asks the client to repeat the request after some seconds."""
    return ProblemError(503, code, detail, headers={"Retry-After": str(seconds)})


def problem_response(problem: ProblemError) -> Response:
    """Return the response of a problem."""
    content = json_text(problem.to_dict())
    return Response(content, problem.status, problem.headers, media_type="application/problem+json")
