"""Doc values: the exact values of a field by document, for filters, sorting, facets and collapsing.

A keyword column holds the sorted distinct values, and for each document the ordinals of its values, in the order of the
article. A number column holds one value for each document, or a mark of a missing value. Dates are whole seconds
since 1970: a date with a time zone is converted to UTC, a date without one is not converted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, narrowest
from arsearch.index.codec.string_column import StringColumn, string_column_arrays
from arsearch.index.codec.validators import all_below, offsets_span
from arsearch.model.schema import Field

__all__ = [
    "NO_NUMBER",
    "SortedSetDocValues",
    "doc_values_arrays",
    "keyword_doc_values_arrays",
    "no_doc_values",
    "open_doc_values",
    "seconds",
]

NO_NUMBER = -(2**63)
"""The value of a document without one in an int or date column; a float column holds NaN."""

_EPOCH = dt.datetime(1970, 1, 1)


def seconds(value: dt.date | dt.datetime) -> int:
    """Return the value of a date in its column: whole seconds since 1970."""
    if not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day)
    # Not `astimezone`: in UTC the first and last days of the calendar may be out of range.
    offset = value.utcoffset() or dt.timedelta()
    return (value.replace(tzinfo=None) - _EPOCH - offset) // dt.timedelta(seconds=1)


class SortedSetDocValues:
    """The values of a keyword field: document `d` has the ordinals `ordinals[first[d]:first[d + 1]]` among `values`."""

    __slots__ = ("first", "ordinals", "values")

    def __init__(self, values: StringColumn | tuple[str, ...], first: Array, ordinals: Array) -> None:
        self.values = values
        self.first = first
        self.ordinals = ordinals


def doc_values_arrays(field: Field, values: Mapping[int, Sequence[Any]], docs: int) -> dict[str, Array]:
    """Return the arrays of a field's column in a segment of `docs` documents.

    `values` maps documents, in rising order, to their values. A document without values may be missing, and a value that
    is repeated in a document counts once.
    """
    rows = {doc: tuple(dict.fromkeys(row)) for doc, row in values.items() if row}
    with_values = np.fromiter(rows, np.int64, len(rows))
    if field.kind == "keyword":
        distinct = sorted({value for row in rows.values() for value in row})
        ordinal = {value: i for i, value in enumerate(distinct)}
        counts = np.zeros(docs, np.int64)
        counts[with_values] = np.fromiter(map(len, rows.values()), np.int64, len(rows))
        ordinals = np.array([ordinal[value] for row in rows.values() for value in row], np.int64)
        return keyword_doc_values_arrays(field, distinct, counts, ordinals)
    if field.kind == "float":
        numbers = np.full(docs, np.nan)
        numbers[with_values] = [row[0] for row in rows.values()]
    else:
        to_number = seconds if field.kind == "date" else int
        numbers = np.full(docs, NO_NUMBER, np.int64)
        numbers[with_values] = [to_number(row[0]) for row in rows.values()]
    return {names.field_array(field.name, names.NUMBERS): numbers}


def keyword_doc_values_arrays(field: Field, values: Sequence[str], counts: Array, ordinals: Array) -> dict[str, Array]:
    """Return the arrays of a keyword column from sorted distinct values, the count of each document, and the ordinals."""
    key = names.field_array(field.name, names.KEYWORDS)
    return {
        **string_column_arrays(key, values),
        names.part(key, names.ORDINAL_OFFSETS): narrowest(np.concatenate(([0], np.cumsum(counts)))),
        names.part(key, names.ORDINALS): narrowest(ordinals),
    }


def no_doc_values(field: Field, docs: int) -> SortedSetDocValues | Array:
    """Return the column of a field that no document of a segment has."""
    if field.kind == "float":
        return np.full(docs, np.nan)
    if field.kind != "keyword":
        return np.full(docs, NO_NUMBER, np.int64)
    return SortedSetDocValues((), np.zeros(docs + 1, np.int64), np.empty(0, np.int64))


def open_doc_values(file: ArrayFile, field: Field, docs: int) -> SortedSetDocValues | Array:
    """Return the column of a field in a segment of `docs` documents: keywords, or an array with a number for each."""
    if field.kind != "keyword":
        return file.array(
            names.field_array(field.name, names.NUMBERS), docs, kind="f8" if field.kind == "float" else "i8"
        ).whole()
    key = names.field_array(field.name, names.KEYWORDS)
    values = StringColumn(file, key)
    ordinals = file.array(names.part(key, names.ORDINALS), kind="u4", rule=all_below(len(values)))
    offsets = file.array(names.part(key, names.ORDINAL_OFFSETS), docs + 1, kind="u8", rule=offsets_span(len(ordinals)))
    return SortedSetDocValues(values, offsets.whole(), ordinals.whole())
