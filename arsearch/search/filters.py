"""Make the filters of a search from a mapping of field names to values."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping, ValuesView
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, SupportsIndex

from arsearch.errors import QueryError, UnknownFieldError, shown
from arsearch.model.schema import HIJRI_YEAR, Field, Schema, plain_number
from arsearch.search.clauses import DateFilter, Filter, IdFilter, NotFilter, RangeFilter, TermsFilter
from arsearch.search.request import read_id

if TYPE_CHECKING:
    from decimal import Decimal

    Number = int | float | Decimal

__all__ = ["Not", "filters_of_texts", "number_of", "read_filters", "settled"]

_ID = "id"

_HUGE = 1 << 80
"""More than any number of an int field, which has 64 bits; larger numbers are as good as infinite."""


@dataclass(frozen=True, slots=True)
class Not:
    """The value of a filter that excludes: `{"source": arsearch.Not(["wire", "test"])}`.

    `value` is anything that a filter of the field takes, but no `Not`. Articles without a value pass.
    """

    value: Any

    def __post_init__(self) -> None:
        if isinstance(self.value, Not):
            raise QueryError("Not(Not(...)) is not a filter; leave both out")


def read_filters(schema: Schema, filters: Mapping[str, Any] | None) -> tuple[tuple[Filter, ...], tuple[str, ...]]:
    """Return the filters that a mapping describes, in its order, and notes on how dates were read.

    The value of a field is one value, a list of values or, for dates and numbers, a `(low, high)` pair. Both ends of a
    pair are included, and `None` leaves an end open. A date is text of the query language ("2015-07", "2015-07..",
    "يوليو 2015") or a `datetime` value. `Not(value)` excludes what the value would let through. A list may hold `Not`
    items beside values: an article then has one of the values, and none that an item excludes. The field "id" takes one
    id or a list of ids. "hijri_year" takes a year (1436, "1436هـ") or a pair of years, and filters by the date.

    Numbers of an int field are compared exactly, also those that are no whole numbers of 64 bits. A number of a float field
    becomes the nearest float first, as in an article. Raises QueryError for a value that the field cannot have, and
    UnknownFieldError for a field without doc values.
    """
    if filters is None:
        return (), ()
    if not isinstance(filters, Mapping):
        raise QueryError(f"filters {shown(filters)} is not a mapping from fields to values")
    found: list[Filter] = []
    notes: list[str] = []
    for name, value in filters.items():
        maker = _maker(schema, name, notes)
        wanted, excluded = _split(value)
        found += [maker(part) for part in wanted]
        for part in excluded:
            positive = maker(part)
            assert not isinstance(positive, NotFilter)
            found.append(NotFilter(positive))
    return tuple(found), tuple(notes)


def settled(filters: Any) -> Any:
    """Return filters that can be read again and pickled: iterators and views among their values become lists."""
    if not isinstance(filters, Mapping):
        return filters
    return {name: _settled(value) for name, value in filters.items()}


def _settled(value: Any) -> Any:
    if isinstance(value, Not):
        return Not(_listed(value.value))
    if type(value) in (list, tuple):
        return type(value)(Not(_listed(item.value)) if isinstance(item, Not) else item for item in value)
    return _listed(value)


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, (Iterator, KeysView, ValuesView)) else value


def filters_of_texts(
    pairs: Iterable[tuple[str, str]],
    kinds: Mapping[str, str],
    period: tuple[str | None, str | None] = (None, None),
) -> dict[str, Any]:
    """Return the filters that pairs of a field and a text describe, as a command line or a URL has them.

    `kinds` maps the fields of the index to their kinds. Values of one field become a list, `LOW..HIGH` of a number field a
    pair; dates stay as typed. A name that ends in `!` excludes. `period` is the first and last date. Raises QueryError for
    a range or a date beside another value of its field.
    """
    values: dict[str, list[Any]] = {}
    excluded: dict[str, list[Any]] = {}
    for name, text in pairs:
        field = name.removesuffix("!").rstrip()
        value = _number_range(text) if kinds.get(field) in ("int", "float") else text
        (excluded if name.endswith("!") else values).setdefault(field, []).append(value)
    filters: dict[str, Any] = {}
    for name, alternatives in values.items():
        kind = kinds.get(name)
        several = len(alternatives) > 1
        dated = kind == "date" or (kind is None and name == HIJRI_YEAR)
        if several and (dated or any(isinstance(value, tuple) for value in alternatives)):
            raise QueryError(f"the filter {name} can be given once; write a range as {name}=LOW..HIGH")
        filters[name] = alternatives if several or kind in ("keyword", None) else alternatives[0]
    if any(period):
        if "date" in filters:
            raise QueryError("filter by a date, or by a first and last date, not by both")
        filters["date"] = period
    for name, unwanted in excluded.items():
        wanted = filters.get(name, [])
        wanted = wanted if isinstance(wanted, list) else [wanted]
        filters[name] = [*wanted, *map(Not, unwanted)]
    return filters


def _number_range(text: str) -> str | tuple[str | None, str | None]:
    """Split `LOW..HIGH` into a pair, `None` for an open end; return a single number as it is."""
    low, dots, high = text.partition("..")
    return (low.strip() or None, high.strip() or None) if dots else text


def _maker(schema: Schema, name: object, notes: list[str]) -> Callable[[Any], Filter]:
    """Return the function that makes a filter of a field from a value without `Not`."""
    if name == HIJRI_YEAR and name not in schema:
        return lambda value: _hijri_years(schema["date"], value)
    field = _field(schema, name)
    return lambda value: _filter(field, value, notes)


def _field(schema: Schema, name: object) -> Field | None:
    """Return the field to filter by; `None` for the id. Raises UnknownFieldError, whose message lists the fields and the id."""
    if name == _ID:
        return None
    try:
        return schema.doc_values_field(name, "filter")
    except UnknownFieldError as error:
        known = [field.name for field in schema if field.has_doc_values]
        raise UnknownFieldError(error.field, {_ID, HIJRI_YEAR, *known}, "filter") from None


def _split(value: Any) -> tuple[list[Any], list[Any]]:
    """Return the values to let through, each for one filter, and those to exclude."""
    if isinstance(value, Not):
        return [], [value.value]
    if isinstance(value, (list, tuple, set, frozenset)) and any(isinstance(item, Not) for item in value):
        wanted = [item for item in value if not isinstance(item, Not)]
        return [wanted] if wanted else [], [item.value for item in value if isinstance(item, Not)]
    return [value], []


def _filter(field: Field | None, value: Any, notes: list[str]) -> Filter:
    if field is None:
        return IdFilter(tuple(map(read_id, _items(_ID, value) if isinstance(value, Iterable) else [value])))
    if field.kind == "date":
        from arsearch.query import parse_date_range  # few searches have dates

        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        start, end, date_notes = parse_date_range(value)
        notes += date_notes
        return DateFilter(field, start, end)
    if field.kind == "keyword":
        return TermsFilter(field, _strings(field.name, value))
    if isinstance(value, tuple) and len(value) == 2:
        low, high = (None if end is None else number_of(field, end) for end in value)
        if low is not None and high is not None and low > high:
            ends = "..".join(end[:40] if isinstance(end, str) else shown(end) for end in value)
            notes.append(f"range {ends} runs backwards; its ends were swapped")
            low, high = high, low
        return RangeFilter(field, _bound(field, low, math.ceil), _bound(field, high, math.floor))
    values = list(value) if isinstance(value, (list, set, frozenset)) else [value]
    if len(values) == 1 and values[0] is not value and isinstance(values[0], tuple):
        return _filter(field, values[0], notes)
    numbers = [number_of(field, item) for item in values]
    if field.kind == "int":  # no article has another number
        numbers = [int(number) for number in numbers if math.isfinite(number) and number == math.floor(number)]
    return TermsFilter(field, tuple(numbers))


def _bound(field: Field, number: Number | None, rounded: Callable[[Number], int]) -> Number | None:
    """Return the bound of a range; of an int field the nearest whole number inside the range."""
    return rounded(number) if number is not None and field.kind == "int" and math.isfinite(number) else number


def _strings(name: str, value: Any) -> tuple[str, ...]:
    return tuple(_string(name, item) for item in _items(name, value))


def _items(name: str, value: Any) -> Iterable[Any]:
    """Return the items of a list of values; a value that is no list is the only item."""
    if isinstance(value, (str, int)) or (isinstance(value, SupportsIndex) and not isinstance(value, Iterable)):
        return [value]
    if not isinstance(value, Iterable) or isinstance(value, (bytes, bytearray, Mapping)):
        raise QueryError(f"field {name!r} is filtered by a value or a list of values, not by {shown(value)}")
    return value


def _hijri_years(field: Field, value: Any) -> DateFilter:
    """Return the filter for a Hijri year, or for the years from the first to the second of a pair."""
    from arsearch.dates.hijri_years import HIJRI_YEAR_HELP, days_of_hijri_years, read_hijri_years  # few filters need it

    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    ends = value if isinstance(value, (tuple, list)) and len(value) == 2 else (value, value)
    try:
        read = [(None, None) if end is None else read_hijri_years(_string(HIJRI_YEAR, end)) for end in ends]
        if read[0] is None or read[1] is None:
            raise ValueError
        low, high = days_of_hijri_years(read[0][0], read[1][1])
    except ValueError:
        raise QueryError(f"hijri_year {shown(value)} is not a Hijri year; {HIJRI_YEAR_HELP}") from None
    if low and high and low > high:
        raise QueryError(f"hijri_year {shown(value)} runs backwards; write the earlier year first")
    return DateFilter(field, low, high)


def _string(name: str, value: object) -> str:
    """Return a value of a keyword field as an article has it, in which a number becomes its digits."""
    try:
        if isinstance(value, (str, int)):
            return str(value)
        if isinstance(value, SupportsIndex):
            return str(operator.index(value))
    except (TypeError, ValueError):  # an array of NumPy; more digits than Python writes
        pass
    raise QueryError(f"field {name!r} is filtered by strings and whole numbers, not by {shown(value)}")


def number_of(field: Field, value: object) -> Number:
    """Return a value of a number field as a number, of an int field exactly; raise QueryError if it is not a number.

    Numbers that are too large for the field become infinite.
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        return _nearest_float(value) if field.kind == "float" else _exact(value)
    except (TypeError, ValueError, ArithmeticError):
        raise QueryError(f"field {field.name!r} is {field.kind}; {shown(value)} is not a number") from None


def _nearest_float(value: Any) -> float:
    if isinstance(value, (bytes, bytearray)):
        raise TypeError
    try:
        number = float(plain_number(value) if isinstance(value, str) else value)
    except OverflowError:
        number = math.inf if value > 0 else -math.inf
    if math.isnan(number):
        raise ValueError
    return number


def _exact(value: Any) -> Number:
    """Return a number without rounding it: an integer, or a float or decimal if it is not whole."""
    if isinstance(value, SupportsIndex):
        value = operator.index(value)
    elif isinstance(value, str):
        value = plain_number(value)
        try:
            value = int(value)
        except ValueError:
            from decimal import Decimal  # few filters have points

            value = Decimal(value)
    if abs(value) >= _HUGE:  # an integer of an enormous exponent would fill the memory
        return math.inf if value > 0 else -math.inf
    return int(value) if value == math.floor(value) else value
