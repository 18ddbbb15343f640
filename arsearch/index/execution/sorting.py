"""Sort and collapse documents by their doc values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.execution.filters import has_number
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import Field

if TYPE_CHECKING:
    from arsearch.federation.member import SortValue

__all__ = ["collapse_keys", "first_of_each", "keyword_values", "sort_keys", "sort_values"]


def sort_keys(reader: IndexReader, sort: str, docs: Array, collate: Callable[[str], str]) -> Array:
    """Return the sort key of each of `docs`, a number; documents without a value come last.

    `sort` names a field; "-" before the name reverses the order. Keywords are sorted by `collate` of each, which keeps
    the spellings of a letter together. Raises UnknownFieldError for a field without doc values.
    """
    field = reader.schema.doc_values_field(sort.removeprefix("-"), "sort")
    if field.kind == "keyword":
        keywords = reader.keywords(field)
        order = sorted(range(len(keywords.values)), key=lambda i: collate(keywords.values[i]))
        rank = np.empty(len(order) + 1)
        rank[order] = np.arange(len(order))
        rank[-1] = np.nan
        keys = rank[keywords.first_ordinals(reader.docs)[docs]]
    else:
        numbers = reader.numbers(field)[docs]
        if field.kind != "float":  # as integers from 0, for a float holds only 53 of their bits
            places = numbers.view(np.uint64) + np.uint64(2**63 - 1)
            places = np.uint64(2**64 - 2) - places if sort.startswith("-") else places
            return np.where(has_number(field, numbers), places, np.uint64(2**64 - 1))
        keys = numbers
    keys = -keys if sort.startswith("-") else keys
    return np.where(np.isnan(keys), np.inf, keys)


def sort_values(reader: IndexReader, sort: str, docs: Array, collate: Callable[[str], str]) -> list[SortValue]:
    """Return the value by which each of `docs` is sorted; the order of the values is that of `sort_keys`."""
    field = reader.schema.doc_values_field(sort.removeprefix("-"), "sort")
    if field.kind == "keyword":
        return [None if value is None else (collate(value), value) for value in keyword_values(reader, field, docs)]
    numbers = reader.numbers(field)[docs]
    having = has_number(field, numbers).tolist()
    return [number if has else None for number, has in zip(numbers.tolist(), having, strict=True)]


def keyword_values(reader: IndexReader, field: Field, docs: Array) -> list[str | None]:
    """Return the first value that each of `docs` has of a keyword field."""
    keywords = reader.keywords(field)
    ordinals = keywords.first_ordinals(reader.docs)[docs].tolist()
    return [keywords.values[ordinal] if ordinal >= 0 else None for ordinal in ordinals]


def collapse_keys(reader: IndexReader, name: str, docs: Array) -> Array:
    """Return the ordinal of the value that each of `docs` has of a keyword field; -1 without a value.

    Raises UnknownFieldError for a field of another kind.
    """
    field = reader.schema.collapse_field(name)
    ordinals: Array = reader.keywords(field).first_ordinals(reader.docs)[docs]
    return ordinals


def first_of_each(values: Array) -> Array:
    """Return a mask: which of `values` are the first of their kind, or negative."""
    kept = values < 0
    _, first = np.unique(values, return_index=True)
    kept[first] = True
    return kept
