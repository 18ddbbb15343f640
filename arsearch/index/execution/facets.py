"""Count facets: the number of documents with each value of a field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np

from arsearch.dates.calendars import hijri_year_starts
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.doc_values import NO_NUMBER
from arsearch.index.execution.filters import has_number
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import HIJRI_YEAR, PERIODS, Field
from arsearch.search.request import FACET_VALUES

__all__ = ["facet_counts"]

_UNIX_EPOCH = dt.date(1970, 1, 1).toordinal()
_PERIODS = dict(zip(PERIODS, ("M", "Y"), strict=True))


def facet_counts(reader: IndexReader, names: Iterable[str], docs: Array) -> dict[str, dict[str, int]]:
    """Return the number of documents of `docs` with each value of each named field.

    The most frequent values come first, equally frequent ones in ascending order, at most `FACET_VALUES` of each field.
    Unless the index declares such fields, `month`, `year` and `hijri_year` count the date, as 2015-07, 2015 and 1436. Raises
    UnknownFieldError for a field without doc values.
    """
    return {name: _facet(reader, name, docs) for name in names}


def _facet(reader: IndexReader, name: str, docs: Array) -> dict[str, int]:
    if name in _PERIODS and name not in reader.schema:
        return _periods(reader, reader.schema["date"], _PERIODS[name], docs)
    if name == HIJRI_YEAR and name not in reader.schema:
        return _hijri_years(reader, reader.schema["date"], docs)
    field = reader.schema.facet_field(name)
    if field.kind == "date":
        return _periods(reader, field, "D", docs)
    if field.kind == "keyword":
        chosen = np.zeros(reader.docs, bool)
        chosen[docs] = True
        keywords = reader.keywords(field)
        counts = np.bincount(keywords.ordinals[chosen[keywords.docs]], minlength=len(keywords.values))
        return _most_frequent(keywords.values, counts)
    numbers = reader.numbers(field)[docs]
    return _most_frequent(*np.unique(numbers[has_number(field, numbers)], return_counts=True))


def _periods(reader: IndexReader, field: Field, unit: str, docs: Array) -> dict[str, int]:
    numbers = reader.numbers(field)[docs]
    dates = numbers[numbers != NO_NUMBER].astype("datetime64[s]").astype(f"datetime64[{unit}]")
    return _most_frequent(*np.unique(dates, return_counts=True))


def _hijri_years(reader: IndexReader, field: Field, docs: Array) -> dict[str, int]:
    """Count the Hijri years of dates; days before the first year count as none."""
    numbers = reader.numbers(field)[docs]
    days = numbers[numbers != NO_NUMBER].astype("datetime64[s]").astype("datetime64[D]").astype(np.int64)
    starts = np.array(hijri_year_starts()) - _UNIX_EPOCH
    years = np.searchsorted(starts, days, side="right")
    return _most_frequent(*np.unique(years[years > 0], return_counts=True))


def _most_frequent(labels: Any, counts: Array) -> dict[str, int]:
    order = np.lexsort((np.arange(len(counts)), -counts))[:FACET_VALUES]
    return {str(labels[i]): int(counts[i]) for i in order if counts[i]}
