"""Relevance judgements (qrels): the grade of a document for a query.

Sources: the qrels format of trec_eval (`query 0 document grade`); the files with three columns of BEIR and others.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from arsearch.errors import InputError
from arsearch.evaluation.files import columns_of, line_error, numbered_lines

__all__ = ["Qrels", "read_qrels"]

Qrels = Mapping[str, Mapping[str, int]]
"""Query id to document id to grade. A grade above 0 means relevant; a document without a grade is not relevant."""

_GRADE = re.compile(r"[+-]?[0-9]{1,9}")
_GRADE_NAMES = frozenset({"score", "grade", "relevance", "rel", "label"})


def read_qrels(path: str | os.PathLike[str]) -> dict[str, dict[str, int]]:
    """Read judgements in the four columns of TREC (`query 0 document grade`) or in three (`query document grade`).

    Columns are separated by tabs, or by white space if no id contains any. All lines have as many columns as the first
    line, which may be a header whose last column is "score", "grade" or the like. Raises `InputError` with file, line
    number and reason for the first bad line, for a document judged twice for one query, and for a file without
    judgements.
    """
    qrels: dict[str, dict[str, int]] = {}
    width, first = 0, 0
    for number, line in numbered_lines(path):
        parts = columns_of(line, (3, 4))
        if not first:
            first, width = number, len(parts)
            if width not in (3, 4):
                raise line_error(path, number, "neither 'query 0 document grade' nor 'query document grade'", line)
            if parts[-1].lower() in _GRADE_NAMES:
                continue
        if len(parts) != width:
            raise line_error(path, number, f"{len(parts)} columns where line {first} has {width}", line)
        query, document, grade = parts[0], parts[-2], parts[-1]
        if not query or not document:
            raise line_error(path, number, "an empty query or document id", line)
        if not _GRADE.fullmatch(grade):
            raise line_error(path, number, f"grade {grade!r} is not a whole number", line)
        judged = qrels.setdefault(query, {})
        if document in judged:
            raise line_error(path, number, f"document {document!r} is judged twice for query {query!r}", line)
        judged[document] = int(grade)
    if not qrels:
        raise InputError(f"{os.fspath(path)}: no judgements; write one per line as query<TAB>document<TAB>grade")
    return qrels
