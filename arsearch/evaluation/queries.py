"""Test queries, each an id and the text that a user would type."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator

from arsearch.errors import InputError
from arsearch.evaluation.files import line_error, numbered_lines
from arsearch.evaluation.topics import Query, topics

__all__ = ["Query", "read_queries"]


def read_queries(path: str | os.PathLike[str]) -> list[Query]:
    """Read queries in file order: JSON lines with "id" (or BEIR's "_id") and "text", `id<TAB>text` lines, or TREC topics.

    The first line decides the format. Other JSON names are ignored, an integer id becomes its decimal string, and blank
    lines are skipped. The query of a TREC topic is its number and title ("<num> Number: 7" is query 7). Raises
    `InputError` with file, line number and reason for the first bad line, for a repeated id, and for a file without
    queries.
    """
    lines = list(numbered_lines(path))
    first = lines[0][1].lstrip() if lines else ""
    if first.lower().startswith("<top"):
        numbered = topics(path, lines)
    else:
        numbered = _by_line(path, lines, _from_json if first.startswith("{") else _from_columns)
    queries: dict[str, Query] = {}
    line_of: dict[str, int] = {}
    for number, query in numbered:
        if query.id in queries:
            raise line_error(path, number, f"query id {query.id!r} is already on line {line_of[query.id]}")
        queries[query.id], line_of[query.id] = query, number
    if not queries:
        raise InputError(
            f'{os.fspath(path)}: no queries; write one per line as {{"id": "1", "text": "..."}} or id<TAB>text'
        )
    return list(queries.values())


def _by_line(
    path: str | os.PathLike[str], lines: list[tuple[int, str]], parse: Callable[[str], Query]
) -> Iterator[tuple[int, Query]]:
    for number, line in lines:
        try:
            yield number, parse(line)
        except ValueError as error:
            raise line_error(path, number, str(error), line) from None


def _from_json(line: str) -> Query:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON ({error})") from None
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    name, text = data.get("id", data.get("_id")), data.get("text")
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
