"""JSON answers with an entity tag, and answers of status 304."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from arsearch.errors import InputError
from arsearch.model.safety import json_text
from arsearch.web.context import WebContext
from arsearch.web.indexes import Commit, ServedIndex
from arsearch.web.problems import ProblemError
from arsearch.writers.rows import read_fields

__all__ = ["MAX_FIELDS", "Parameters", "Payload", "answer_from_commit", "json_response"]

MAX_FIELDS = 50
"""The most names that the parameter `fields` may list."""

MAX_NAME = 100
_MAX_VALUE = 1_000
_NUMBER = re.compile(r"[0-9]{1,9}")
_TRUE = frozenset(("1", "true", "yes"))
_FALSE = frozenset(("", "0", "false", "no"))
_TAG = re.compile(r'(?:W/)?"[^"]*"|\*')


class Payload(NamedTuple):
    """The JSON value of an answer. An answer that is not `whole`, after a timeout, has no entity tag."""

    value: Any
    whole: bool = True


async def answer_from_commit(
    context: WebContext, request: Request, work: Callable[[ServedIndex, Commit], Payload]
) -> Response:
    """Return what `work` makes of the newest commit of the index that the parameter `i` names.

    The answer has the entity tag of the commit. If the client has it already, the status is 304 and `work` is not called.
    """
    return await context.searcher.run(partial(_answer, context, request, work))


def _answer(context: WebContext, request: Request, work: Callable[[ServedIndex, Commit], Payload]) -> Response:
    served = context.indexes.select(request.query_params.get("i", ""))
    commit = served.commit()
    headers = {"ETag": commit.etag, "Cache-Control": "no-cache"}
    if _matches(request.headers.get("if-none-match", ""), commit.etag):
        return Response(status_code=304, headers={**headers, "Vary": "Accept-Encoding"})
    payload = work(served, commit)
    if not payload.whole:
        headers = {"Cache-Control": "no-store"}
    return json_response(payload.value, headers=headers)


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON value as an answer, with Arabic readable."""
    return Response(json_text(value), status, headers or {"Cache-Control": "no-store"}, media_type="application/json")


def _matches(header: str, etag: str) -> bool:
    """Tell whether the header `If-None-Match` lists an entity tag, by the weak comparison of RFC 9110, 8.8.3.2."""
    return any(tag == "*" or tag.removeprefix("W/") == etag.removeprefix("W/") for tag in _TAG.findall(header))


class Parameters:
    """The parameters of a URL other than those of a `SearchState`."""

    def __init__(self, request: Request) -> None:
        self._values = request.query_params

    def text(self, name: str, *, most: int = _MAX_VALUE, required: bool = False) -> str:
        """Return the text of a parameter of at most `most` code points; "" if it is absent."""
        value = self._values.get(name, "")
        if len(value) > most:
            raise bad_parameter(name, f"{name} has {len(value):,} characters; at most {most:,} are allowed")
        if required and not value:
            raise bad_parameter(name, f"the parameter {name} is missing")
        return value

    def number(self, name: str, default: int, most: int) -> int:
        """Return a whole number from 0 to `most`."""
        value = self._values.get(name, "")
        if not value:
            return default
        if not (value.isascii() and _NUMBER.fullmatch(value)) or int(value) > most:
            raise bad_parameter(name, f"{name} is a whole number from 0 to {most:,}")
        return int(value)

    def flag(self, name: str) -> bool:
        """Return whether a parameter is `true` or `1`; false if it is absent."""
        value = self._values.get(name, "").lower()
        if value not in _TRUE | _FALSE:
            raise bad_parameter(name, f"{name} is true or false")
        return value in _TRUE

    def fields(self) -> Sequence[str] | None:
        """Return the names that `fields` lists; `None` if it is absent."""
        text = self.text("fields", most=MAX_FIELDS * (MAX_NAME + 2))
        if not text:
            return None
        try:
            names = read_fields(text)
        except InputError as error:
            raise bad_parameter("fields", str(error)) from None
        if len(names) > MAX_FIELDS:
            raise bad_parameter("fields", f"at most {MAX_FIELDS} fields can be chosen")
        if max(map(len, names)) > MAX_NAME:
            raise bad_parameter("fields", f"the name of a field has at most {MAX_NAME} characters")
        return names


def bad_parameter(name: str, detail: str) -> ProblemError:
    """Return the problem of a wrong parameter."""
    return ProblemError(400, "bad_parameter", detail, parameter=name)
