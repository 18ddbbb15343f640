"""Count facets: the number of documents with each value of a field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import count_runs
from arsearch.index.execution.filters import has_number
from arsearch.index.execution.periods import periods_of
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import is_period
from arsearch.search.request import FACET_VALUES

__all__ = ["facet_counts"]


def facet_counts(
    reader: IndexReader, names: Iterable[str], docs: Array, most: int | None = FACET_VALUES
) -> dict[str, dict[str, int]]:
    """Return the number of documents of `docs` with each value of each named field.

    The most frequent values come first, equally frequent ones in ascending order, at most `most` of each field.
    Unless the index declares such fields, `month`, `year` and `hijri_year` count the date, as 2015-07, 2015 and 1436. Raises
    UnknownFieldError for a field without doc values.
    """
    return {name: _facet(reader, name, docs, most) for name in names}


def _facet(reader: IndexReader, name: str, docs: Array, most: int | None) -> dict[str, int]:
    if is_period(reader.schema, name):
        _, periods = periods_of(reader, name, reader.schema["date"], docs)
        return _most_frequent(*count_runs(np.sort(periods)), most)
    field = reader.schema.facet_field(name)
    if field.kind == "date":
        _, days = periods_of(reader, "day", field, docs)
        return _most_frequent(*count_runs(np.sort(days)), most)
    if field.kind == "keyword":
        chosen = np.zeros(reader.docs, bool)
        chosen[docs] = True
        keywords = reader.keywords(field)
        counts = np.bincount(keywords.ordinals[chosen[keywords.docs]], minlength=len(keywords.values))
        return _most_frequent(keywords.values, counts, most)
    numbers = reader.numbers(field)[docs]
    return _most_frequent(*count_runs(np.sort(numbers[has_number(field, numbers)])), most)


def _most_frequent(labels: Any, counts: Array, most: int | None) -> dict[str, int]:
    order = np.lexsort((np.arange(len(counts)), -counts))[:most]
    return {str(labels[i]): int(counts[i]) for i in order if counts[i]}
