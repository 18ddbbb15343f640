"""The routes of articles: get one, add many as JSON lines, delete one."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator
from functools import partial
from typing import IO, Any, NoReturn

from starlette.requests import Request
from starlette.responses import Response

from arsearch.errors import AddError, ArsearchError, IndexReadOnlyError, IndexWriteError
from arsearch.model import AddReport, Record
from arsearch.model.locating import described
from arsearch.model.nesting import MAX_TEXT_VALUES, has_too_many_values
from arsearch.readers.lines import Lines
from arsearch.web.api.answers import Parameters, Payload, answer_from_commit, json_response
from arsearch.web.context import WebContext
from arsearch.web.indexes import Commit, ServedIndex
from arsearch.web.problems import ProblemError, problem_of
from arsearch.web.security import require_token

__all__ = ["ArticleRoutes", "read_lines"]

_log = logging.getLogger("arsearch.web")

_IN_MEMORY = 1 << 20
_CHUNK = 1 << 18
_LINE_TYPES = frozenset(("application/jsonl", "application/x-ndjson", "application/json", "application/x-jsonlines"))
_BOM = b"\xef\xbb\xbf"


class ArticleRoutes:
    """The routes below `/articles`."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    async def article(self, request: Request) -> Response:
        """Answer `GET /articles/{id}` and `DELETE /articles/{id}`: one route, so that `Allow` lists both methods."""
        return await (self._delete_article(request) if request.method == "DELETE" else self._get_article(request))

    async def _get_article(self, request: Request) -> Response:
        id, fields = request.path_params["id"], Parameters(request).fields()

        def work(_: ServedIndex, commit: Commit) -> Payload:
            article = commit.searchable.get(id)
            if article is None:
                raise _no_article(id)
            data = described(article)
            return Payload(data if fields is None else {name: data.get(name) for name in fields})

        return await answer_from_commit(self._context, request, work)

    async def post_articles(self, request: Request) -> Response:
        """Answer `POST /articles`: add the articles of the body, one JSON object a line, in one commit.

        The body is spooled to a temporary file first: the index is locked while articles are added, not while a slow
        client sends them, and a body that breaks off changes nothing.
        """
        require_token(request, self._context.settings)
        parameters = Parameters(request)
        served, split = self._context.indexes.select(parameters.text("i")), parameters.text("split") or None
        _check_headers(request, self._context.settings.max_body)
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
            size = 0
            async for chunk in request.stream():
                size += len(chunk)
                if size > self._context.settings.max_body:
                    raise _too_large(self._context.settings.max_body)
                body.write(chunk)
            body.seek(0)
            report = await self._context.searcher.change(partial(self._add, served, body, split))
        return json_response({"index": served.name, **_report(report)})

    def _add(self, served: ServedIndex, body: IO[bytes], split: str | None) -> AddReport:
        settings = self._context.settings
        try:
            lines = read_lines(body, settings.max_line)
            return served.index.add(lines, split=split, timeout=settings.lock_timeout)
        except ArsearchError as error:
            _refuse(error)

    async def _delete_article(self, request: Request) -> Response:
        require_token(request, self._context.settings)
        served = self._context.indexes.select(Parameters(request).text("i"))
        id = request.path_params["id"]
        deleted = await self._context.searcher.change(partial(self._delete, served, id))
        if not deleted:
            raise _no_article(id)
        return json_response({"index": served.name, "deleted": deleted})

    def _delete(self, served: ServedIndex, id: str) -> int:
        try:
            return served.index.delete(id, timeout=self._context.settings.lock_timeout)
        except ArsearchError as error:
            _refuse(error)


def read_lines(body: IO[bytes], max_line: int) -> Iterator[Record]:
    """Yield a record for each line of a body that is not blank; a bad line is a record with a problem."""
    lines = Lines(iter(partial(body.read, _CHUNK), b""))
    for line in lines:
        where = f"line {lines.number}"
        line = line.removeprefix(_BOM)
        if not line.strip():
            continue
        if len(line) > max_line:
            yield Record(where, None, f"the line has more than {max_line:,} bytes")
            continue
        try:
            text = line.decode("utf-8")
            if has_too_many_values(text):
                yield Record(where, None, f"the line has more than {MAX_TEXT_VALUES:,} values")
                continue
            data = json.loads(text, parse_constant=_refuse_constant)
        except UnicodeDecodeError as error:
            yield Record(where, None, f"the line is not UTF-8, from byte {error.start} on")
        except (ValueError, RecursionError) as error:
            yield Record(where, None, f"the line is not JSON: {str(error)[:200] or 'nested too deeply'}")
        else:
            fits = isinstance(data, dict)
            yield Record(where, data if fits else None, None if fits else "the line is not a JSON object")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _check_headers(request: Request, max_body: int) -> None:
    """Refuse a body by its headers, before it is read."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _LINE_TYPES:
        raise ProblemError(
            415, "media_type", "send one JSON object a line, with the header Content-Type: application/jsonl"
        )
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise ProblemError(415, "encoding", "send the body without compression")
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdecimal() and (len(length) > 18 or int(length) > max_body):
        raise _too_large(max_body)


def _too_large(max_body: int) -> ProblemError:
    detail = f"the body has more than {max_body:,} bytes; divide it"
    return ProblemError(413, "too_large", detail, headers={"Connection": "close"})


def _no_article(id: str) -> ProblemError:
    return ProblemError(404, "no_article", f"no article has the id {id[:100]!r}")


def _report(report: AddReport) -> dict[str, Any]:
    """Return a report as JSON values, with the numbers of lines as numbers."""
    data = report.to_dict()
    data["failed"] = [{"line": int(one.where.split()[1]), "id": one.id, "reason": one.reason} for one in report.failed]
    return data


def _refuse(error: ArsearchError) -> NoReturn:
    """Raise the problem of a change that failed. Nothing was changed, because all changes are one commit."""
    cause = error.__cause__ if isinstance(error, AddError) else error
    match cause:
        case IndexReadOnlyError():
            problem = ProblemError(403, "index_read_only", "the server may not write to this index")
        case IndexWriteError():
            problem = ProblemError(507, "disk", "the disk of the server is full or failing; nothing was changed")
        case _:
            problem = problem_of(cause or error)
    if problem.status >= 500:
        _log.error("a change failed: %s", error)
    raise problem from error
