"""Test queries: an id and the text a user would type."""

from __future__ import annotations

import json
import os
from typing import NamedTuple

from arsearch.errors import InputError
from arsearch.evaluation.files import line_error, numbered_lines

__all__ = ["Query", "read_queries"]


class Query(NamedTuple):
    """A query of a test set (TREC says topic)."""

    id: str
    text: str


def read_queries(path: str | os.PathLike[str]) -> list[Query]:
    """Read queries in file order: JSON lines with "id" and "text", or `id<TAB>text` lines.

    The first line tells which. Further JSON names are ignored, an integer id becomes its decimal string, blank lines
    are skipped. Raises `InputError` with file, line number and reason; also for a repeated id and a file without
    any query. Nothing is half read.
    """
    queries: dict[str, Query] = {}
    lines: dict[str, int] = {}
    read = None
    for number, line in numbered_lines(path):
        read = read or (_from_json if line.lstrip().startswith("{") else _from_columns)
        try:
            query = read(line)
        except ValueError as error:
            raise line_error(path, number, str(error), line) from None
        if query.id in queries:
            raise line_error(path, number, f"query id {query.id!r} was there on line {lines[query.id]} already")
        queries[query.id] = query
        lines[query.id] = number
    if not queries:
        raise InputError(
            f'{os.fspath(path)}: no queries; write one a line as {{"id": "1", "text": "..."}} or id<TAB>text'
        )
    return list(queries.values())


def _from_json(line: str) -> Query:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON ({error})") from None
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    name, text = data.get("id"), data.get("text")
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str) or not name.strip():
        raise ValueError('no "id"; every query needs a string or integer under "id"')
    if not isinstance(text, str) or not text.strip():
        raise ValueError('no "text"; every query needs a string that is not blank under "text"')
    return Query(name.strip(), text)


def _from_columns(line: str) -> Query:
    name, tab, text = line.partition("\t")
    if not tab or not name.strip() or not text.strip():
        raise ValueError("not id<TAB>text")
    return Query(name.strip(), text.strip())
