"""The days, months and years of dates, as facets and tables of frequencies count them."""

from __future__ import annotations

import datetime as dt

import numpy as np

from arsearch.dates.calendars import hijri_year_starts
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.doc_values import NO_NUMBER
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import HIJRI_YEAR, Field

__all__ = ["periods_of"]

_UNIX_EPOCH = dt.date(1970, 1, 1).toordinal()
_UNITS = {"day": "D", "month": "M", "year": "Y"}


def periods_of(reader: IndexReader, name: str, field: Field, docs: Array) -> tuple[Array, Array]:
    """Return the documents of `docs` that have a period of a date field, and the period of each.

    `name` is "day", "month", "year" or "hijri_year". The text of a period is that of facets: 2015-07, 2015, 1436. Days before
    the first Hijri year have none.
    """
    numbers = reader.numbers(field)[docs]
    dated = numbers != NO_NUMBER
    docs, dates = docs[dated], numbers[dated].astype("datetime64[s]")
    if name != HIJRI_YEAR:
        return docs, dates.astype(f"datetime64[{_UNITS[name]}]")
    days = dates.astype("datetime64[D]").astype(np.int64)
    years = np.searchsorted(np.array(hijri_year_starts()) - _UNIX_EPOCH, days, side="right")
    return docs[years > 0], years[years > 0]
