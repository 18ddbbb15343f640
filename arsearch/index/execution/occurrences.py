"""Count the occurrences of clauses by their positions, and group them by the values of a field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import contains
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.filters import has_number
from arsearch.index.execution.periods import periods_of
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import EDITION, WORK, is_period
from arsearch.search.clauses import ScoredClause
from arsearch.search.occurrences.view import Counted, Counts

__all__ = ["count_by_value"]


class _Groups(NamedTuple):
    """Documents, in any order and repeated for several values, with the ordinal of each value.

    `label` names an ordinal. If the groups are works, `head` returns the document with the title of an ordinal.
    """

    docs: Array
    ordinals: Array
    label: Callable[[int], str]
    size: int
    head: Callable[[int], int] | None = None


def count_by_value(
    context: SearchContext, matched: Array, passing: Array, clauses: Sequence[ScoredClause], by: str
) -> Counted:
    """Count occurrences in the documents `matched`, and words in the documents `passing`, by the values of a field."""
    reader = context.reader
    occurrences = _occurrences(context, matched, clauses)
    words = np.zeros(reader.docs, np.int64)
    for field in dict.fromkeys(name for clause in clauses for name in clause.fields):
        words[passing] += reader.lengths(field)[passing].astype(np.int64)
    articles = np.zeros(reader.docs, bool)
    articles[reader.one_of_each_work(np.flatnonzero(occurrences))] = True
    columns = [occurrences, articles.astype(np.int64), words]
    groups = _groups(reader, by, passing)
    sums = [np.bincount(groups.ordinals, column[groups.docs], groups.size).astype(np.int64) for column in columns]
    shown = np.flatnonzero(sums[0] if groups.head else sums[2])
    by_value: dict[str | None, Counts] = {
        groups.label(at): Counts(*(int(column[at]) for column in sums)) for at in shown.tolist()
    }
    without = passing[~contains(passing, np.unique(groups.docs))]
    if len(without):
        by_value[None] = Counts(*(int(column[without].sum()) for column in columns))
    titles = {groups.label(at): reader.title(groups.head(at)) for at in shown.tolist()} if groups.head else {}
    return Counted(by_value, Counts(*(int(column.sum()) for column in columns)), titles, context.budget.timed_out)


def _occurrences(context: SearchContext, matched: Array, clauses: Sequence[ScoredClause]) -> Array:
    """Return the number of occurrences in each document; 0 outside `matched`."""
    counts = np.zeros(context.reader.docs, np.int64)
    for clause in clauses:
        _, loosest = clause.levels[-1]
        for field in clause.fields:
            if not context.budget.in_time():
                break
            counts += np.bincount(context.lookup.starts(loosest, field) >> 32, minlength=len(counts))
    inside = np.zeros(len(counts), bool)
    inside[matched] = True
    counts[~inside] = 0
    return counts


def _groups(reader: IndexReader, by: str, docs: Array) -> _Groups:
    if is_period(reader.schema, by):
        return _distinct(*periods_of(reader, by, reader.schema["date"], docs))
    if by == "work" and by not in reader.schema:
        return _works(reader, docs)
    field = reader.schema.facet_field(by)
    if field.kind == "keyword":
        keywords = reader.keywords(field)
        inside = np.zeros(reader.docs, bool)
        inside[docs] = True
        kept = inside[keywords.docs]
        values = keywords.values
        return _Groups(keywords.docs[kept], keywords.ordinals[kept], values.__getitem__, len(values))
    if field.kind == "date":
        return _distinct(*periods_of(reader, "day", field, docs))
    numbers = reader.numbers(field)[docs]
    present = has_number(field, numbers)
    return _distinct(docs[present], numbers[present])


def _works(reader: IndexReader, docs: Array) -> _Groups:
    """Return each document with its work; a document without a work is one of its own."""
    if not reader.has_works:
        return _Groups(docs, docs, reader.id, reader.docs, int)
    works, values = reader.works(), reader.keywords(WORK).values
    heads = np.flatnonzero(reader.numbers(EDITION) > 0)
    head_of = dict(zip(works[heads].tolist(), heads.tolist(), strict=True))
    count = len(values)
    return _Groups(
        docs,
        np.where(works[docs] >= 0, works[docs], docs + count),
        lambda at: values[at] if at < count else reader.id(at - count),
        count + reader.docs,
        lambda at: head_of[at] if at < count else at - count,
    )


def _distinct(docs: Array, values: Array) -> _Groups:
    distinct, ordinals = np.unique(values, return_inverse=True)
    return _Groups(docs, ordinals, lambda at: str(distinct[at]), len(distinct))
