"""The fields of an index: those that every article has, and those declared when the index was created.

A field is searched by its analysed text, filtered and counted by its exact values, or both. An author such as
"لندن: رنيم حنوش" is a facet value as it is written, and `author:حنوش` also finds it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, get_args

from arsearch.errors import ArticleError, UnknownFieldError, shown
from arsearch.model.articles import KNOWN_FIELDS, Article, FieldKind, encodable, keep_misfit, number_text, read_date
from arsearch.model.places import edition_of
from arsearch.model.remarks import MISFIT

__all__ = [
    "BUILT_IN",
    "EDITION",
    "HIJRI_YEAR",
    "NORMALISED",
    "OF_WORKS",
    "PERIODS",
    "STEM",
    "STEM_SUFFIX",
    "WORK",
    "Field",
    "Schema",
    "is_period",
    "plain_number",
]

MAX_FIELDS = 1000
"""Fields that an index may declare."""

NORMALISED = "normalised"
STEM = "stem"
"""The levels at which the words of a text field are indexed."""

STEM_SUFFIX = "_stem"
"""Suffix of the Whoosh field that has the stem level of a text field: `body_stem` beside `body`."""

_NAME = re.compile(r"[^\W\d_]\w*\Z")
_GROUPS = re.compile(r"(?<!\d)(?<!\d\.)[1-9]\d{,2}([.'’ \u00a0\u2007\u2009\u202f])\d{3}(?:\1\d{3})+(?!\d|\.\d)")
"""A number in groups of three digits. One point stays a decimal sign, as in `arsearch.analyzers.numbers`."""
_THOUSANDS = re.compile(r"(?<!\d)(?<!\d[.,])[1-9]\d{,2}(?:,\d{3})+(?!\d)")
"""A number in groups after commas, of which one is enough. A comma elsewhere is no part of a number: 3,5 is not 35."""
_SIGNS = str.maketrans({"٫": ".", "٬": ",", "−": "-"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an index. A query without field names searches the `default` fields."""

    name: str
    kind: FieldKind
    multivalued: bool = False
    default: bool = False

    @property
    def indexed(self) -> bool:
        """Whether the words of the field are indexed."""
        return self.kind in ("text", "keyword")

    @property
    def has_doc_values(self) -> bool:
        """Whether the field has exact values, by which articles are filtered, sorted and counted."""
        return self.kind != "text"


BUILT_IN = (
    Field("title", "text", default=True),
    Field("body", "text", default=True),
    Field("author", "keyword"),
    Field("source", "keyword"),
    Field("category", "keyword"),
    Field("tags", "keyword", multivalued=True),
    Field("date", "date"),
)
WORK = Field("@work", "keyword")
EDITION = Field("@edition", "int")
"""The work of a document, and the edition of the work (see `places.edition_of`).

Their names cannot be declared. Only segments with works have their values. `collapse` and filters also name the first "work",
unless the index declares a field of this name.
"""

OF_WORKS = (WORK, EDITION)

HIJRI_YEAR = "hijri_year"
"""The Hijri year of an article's date, which filters and facets compute, unless the index declares a field of this name."""

PERIODS = ("month", "year", HIJRI_YEAR)
"""Facets that count the date, unless the index declares fields of these names."""


def is_period(schema: Schema, name: object) -> bool:
    """Tell whether a name is that of a period of the date, and of no declared field."""
    return isinstance(name, str) and name in PERIODS and name not in schema


_built_in_values = attrgetter(*(field.name for field in BUILT_IN))


class Schema:
    """The fields of one index, in order; immutable.

    `declared` maps the names of further fields to their kinds. Raises `ValueError` for a name or kind that is not
    allowed, and for more than `MAX_FIELDS` fields.
    """

    __slots__ = ("_by_name", "dates", "declared", "default")

    def __init__(self, declared: Mapping[str, str] | None = None) -> None:
        self.declared: dict[str, str] = dict(declared or {})
        fields = list(BUILT_IN)
        if len(self.declared) > MAX_FIELDS:
            raise ValueError(f"{len(self.declared):,} fields are declared; an index has at most {MAX_FIELDS:,}")
        names: Mapping[Any, Any] = self.declared
        for name, kind in names.items():
            if name in KNOWN_FIELDS:
                raise ValueError(f"field {name!r} is built in; declare only further fields")
            if not isinstance(name, str) or not _NAME.match(name) or name.endswith(STEM_SUFFIX):
                raise ValueError(
                    f"field name {shown(name)} must begin with a letter, have only letters, digits and underscores, "
                    f"and not end in {STEM_SUFFIX}"
                )
            if kind not in get_args(FieldKind):
                raise ValueError(f"field {name!r} has kind {shown(kind)}; known: {', '.join(get_args(FieldKind))}")
            fields.append(Field(name, kind, multivalued=kind == "keyword", default=kind == "text"))
        self._by_name = {field.name: field for field in fields}
        self.dates = tuple(name for name, kind in self.declared.items() if kind == "date")
        """The names of the declared date fields."""
        self.default = tuple(field.name for field in fields if field.default)
        """The names of the fields that are searched by default."""

    def fitted(
        self, article: Article, remarks: list[tuple[str, str]] | None = None, *, strict: bool = False
    ) -> Article:
        """Return an article whose values of the declared fields fit their kinds.

        A value that does not fit is moved to `NAME_text`, or to `NAME_text_` ... where that name is taken. A value of a date
        field stays, although the field then has no date. `remarks` receives a kind and a text for each. With `strict`, a
        misfit raises `ArticleError`.
        """
        extra: dict[str, Any] | None = None
        for name in self.declared if article.extra else ():
            field, value = self._by_name[name], article.extra.get(name)
            if field.kind == "date":
                if remarks is not None and value not in (None, "", (), []) and not _dates(value):
                    remarks.append(("undated_field", f"{name}: {shown(value)}"[:80]))
                continue
            try:
                _declared_values(field, article)
            except ArticleError:
                if strict:
                    raise
                extra = dict(article.extra) if extra is None else extra
                keep_misfit(extra, name, extra.pop(name), self.declared)
                if remarks is not None:
                    remarks.append((MISFIT, f"{name}: {shown(value)}"[:80]))
        return article if extra is None else replace(article, extra=extra)

    def __iter__(self) -> Iterator[Field]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each field by name."""
        return {field.name: field.kind for field in self}

    def doc_values_field(self, name: object, purpose: str) -> Field:
        """Return the field of that name, whose exact values serve `purpose` ("filter", "sort"...).

        Raises `UnknownFieldError` if there is no such field or it has no exact values.
        """
        field = self._by_name.get(name) if isinstance(name, str) else None
        if isinstance(name, str) and (name == WORK.name or (field is None and name == "work")):
            return WORK
        if field is None or not field.has_doc_values:
            raise UnknownFieldError(
                name if isinstance(name, str) else shown(name),
                self._known(),
                purpose,
            )
        return field

    def _known(self, kind: str | None = None) -> set[str]:
        """Return the names of the fields with exact values, of one kind if it is given; works count as one."""
        return {"work", *(field.name for field in self if field.has_doc_values and kind in (None, field.kind))}

    def collapse_field(self, name: object) -> Field:
        """Return the field of that name, by which hits can be grouped. Raises `UnknownFieldError` if it is no keyword field."""
        field = self.doc_values_field(name, "collapse")
        if field.kind != "keyword":
            raise UnknownFieldError(field.name, self._known("keyword"), "collapse")
        return field

    def facet_field(self, name: object) -> Field:
        """Return the field of that name, whose values can be counted.

        Raises `UnknownFieldError`, which names `PERIODS` too, if there is no such field or it has no exact values.
        """
        try:
            return self.doc_values_field(name, "count")
        except UnknownFieldError as error:
            raise UnknownFieldError(error.field, {*self._known(), *PERIODS}, "count") from None

    def values(self, article: Article) -> list[tuple[Field, list[Any]]]:
        """Return the fields of which an article has values, each with its values.

        Values of built-in fields were checked with the article. Raises `ArticleError` if a value of a declared field
        does not fit its kind; a date field without a date has no value instead.
        """
        values = [
            (field, [item for item in value if item != ""] if field.multivalued else [value])
            for field, value in zip(BUILT_IN, _built_in_values(article), strict=True)
            if value
        ]
        if self.declared and article.extra:
            values += [(self._by_name[name], _declared_values(self._by_name[name], article)) for name in self.declared]
        if article.extra and (of := edition_of(article)) is not None:
            values += [(WORK, [of[0]]), (EDITION, [of[1]])]
        return values


def _declared_values(field: Field, article: Article) -> list[Any]:
    """Return the article's values of a declared field, converted to its kind."""
    value = article.extra.get(field.name)
    if value is None or value == "" or value == ():
        return []
    if field.kind == "date":
        return _dates(value)
    items = [item for item in value if item != ""] if isinstance(value, (list, tuple)) else [value]
    if len(items) > 1 and not field.multivalued:
        raise ArticleError(f"field {field.name!r} holds one {field.kind}, not a list of {len(items)}")
    return [_converted(field, item) for item in items]


def _dates(value: Any) -> list[Any]:
    """Return the date of a value, or of a list with one; nothing if it holds no date: the article stays without one."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    read = read_date(value)
    return [] if read is None else [read.date]


def _converted(field: Field, value: Any) -> Any:
    converted = _CONVERTERS[field.kind](value)
    if converted is None:
        raise ArticleError(f"field {field.name!r} is declared {field.kind}, but has {shown(value)}")
    return encodable(field.name, converted) if isinstance(converted, str) else converted


def _to_text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _to_keyword(value: Any) -> str | None:
    return number_text(value) if isinstance(value, (str, int)) else None


def plain_number(text: str) -> str:
    """Return the text of a number, or of a range, in the spelling that Python reads: `1500000.5` for `١٬٥٠٠٬٠٠٠٫٥`.

    Articles, filters and queries read numbers so: digits of any script, an Arabic decimal sign, groups of three digits.
    """
    if text.isascii() and text.isdigit():
        return text
    from arsearch.dates.calendars import fold  # few searches have numbers

    text = fold(text.translate(_SIGNS)).strip()
    text = _THOUSANDS.sub(lambda number: number[0].replace(",", ""), text)
    return _GROUPS.sub(lambda number: number[0].replace(number[1], ""), text)


def _to_int(value: Any) -> int | None:
    """Convert a whole number, or the text of one, to a signed integer of 64 bits."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    try:
        number = int(plain_number(value) if isinstance(value, str) else value)
    except ValueError:
        return None
    return number if -(2**63) < number < 2**63 else None


def _to_float(value: Any) -> float | None:
    """Convert a number, or the text of one, to a finite float."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(plain_number(value) if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


_CONVERTERS: Mapping[FieldKind, Callable[[Any], Any]] = {
    "text": _to_text,
    "keyword": _to_keyword,
    "int": _to_int,
    "float": _to_float,
}
"""The function that converts a value to a kind. It returns `None`, or raises `ArticleError`, if the value does not fit."""
