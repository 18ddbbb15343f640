"""Runs: the documents that a search returned for each query, best first.

Source of the file format: trec_eval (`query Q0 document rank score tag`). trec_eval and the tools built on it sort the
lines of a query by score and break ties by document id. They would judge equal scores in an order that no search
returned, so the scores written here are derived from the ranks.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from arsearch.errors import InputError
from arsearch.evaluation.files import columns_of, line_error, numbered_lines

if TYPE_CHECKING:
    from arsearch.evaluation.queries import Query

__all__ = ["Mode", "RankedDocument", "Run", "Searchable", "make_run", "read_run", "write_run"]

Run = Mapping[str, Sequence[str]]
"""Query id to document ids, best first and distinct."""

Mode = Literal["auto", "all", "any"]


class RankedDocument(Protocol):
    """One document that a search returns; `arsearch.Hit` is one."""

    @property
    def id(self) -> str:
        """The id of the document."""


class Searchable(Protocol):
    """A search engine to evaluate: `arsearch.Index`, `arsearch.Snapshot`, or anything with their `search` method."""

    def search(self, text: str, *, limit: int, mode: Mode) -> Iterable[RankedDocument]:
        """Return the best `limit` documents for `text`, best first."""


def make_run(
    index: Searchable, queries: Iterable[Query], *, limit: int = 100, mode: Mode = "auto"
) -> dict[str, tuple[str, ...]]:
    """Search for every query and return the ids of its first `limit` documents, by query."""
    from arsearch.search.searchable import Searchable as OwnSearchable  # other engines need none of it

    search = partial(index.search, timeout=None) if isinstance(index, OwnSearchable) else index.search
    return {query.id: tuple(hit.id for hit in search(query.text, limit=limit, mode=mode)) for query in queries}


def write_run(run: Run, path: str | os.PathLike[str], *, tag: str = "arsearch") -> None:
    """Write a run as a TREC run file in UTF-8. Its scores count down to 1; they are not the scores of the engine.

    The format has no quoting, so an id or tag with white space raises `InputError`, before anything is written.
    """
    text = "".join(_lines(run, tag))
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{os.fspath(path)}: cannot be written: {error.strerror or error}") from error


def _lines(run: Run, tag: str) -> Iterator[str]:
    _check_word("run tag", tag)
    for query, documents in run.items():
        _check_word("query id", query)
        for rank, document in enumerate(documents, 1):
            _check_word("document id", document)
            yield f"{query} Q0 {document} {rank} {len(documents) + 1 - rank} {tag}\n"


def _check_word(what: str, word: str) -> None:
    if not word or re.search(r"\s", word):
        raise InputError(f"{what} {word!r} cannot stand in a TREC run file; it must be non-empty, without white space")


def read_run(path: str | os.PathLike[str]) -> dict[str, tuple[str, ...]]:
    """Read a TREC run file; the documents of a query are ordered by score, then by rank.

    Raises `InputError` with file, line number and reason for the first bad line, and for a document listed twice for
    one query.
    """
    keys: dict[str, dict[str, tuple[float, int]]] = {}
    for number, line in numbered_lines(path):
        parts = columns_of(line, (6,))
        if len(parts) != 6:
            raise line_error(path, number, "not 'query Q0 document rank score tag'", line)
        query, _, document, rank, score, _ = parts
        try:
            key = (-float(score), int(rank))
        except ValueError:
            raise line_error(path, number, f"rank {rank!r} or score {score!r} is not a number", line) from None
        if math.isnan(key[0]):
            raise line_error(path, number, "the score is not a number", line)
        documents = keys.setdefault(query, {})
        if document in documents:
            raise line_error(path, number, f"document {document!r} is listed twice for query {query!r}", line)
        documents[document] = key
    return {query: tuple(sorted(documents, key=documents.__getitem__)) for query, documents in keys.items()}
