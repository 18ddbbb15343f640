"""The fields of an index: the ones every article has, and those declared when it was made.

A field is searched through its analysed text, filtered and counted through its exact value, or
both: authors look like "لندن: رنيم حنوش", so facets show them raw and `author:حنوش` finds them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, get_args

from arsearch.errors import ArticleError, UnknownFieldError
from arsearch.model import KNOWN_FIELDS, Article, FieldKind, parse_date

__all__ = ["BUILT_IN", "Field", "Schema"]

MOST = 1000
"""Fields that an index may declare."""
_NAME = re.compile(r"[^\W\d_]\w*\Z")
NORMALISED = "normalised"
STEM = "stem"
"""The levels at which the words of a text field are indexed."""

STEM_SUFFIX = "_stem"
"""What the stem level of a text field is called in the Whoosh schema: `body_stem` beside `body`."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `default` fields are searched when a query names none."""

    name: str
    kind: FieldKind
    multivalued: bool = False
    default: bool = False

    @property
    def indexed(self) -> bool:
        """Whether its words are indexed."""
        return self.kind in ("text", "keyword")

    @property
    def known(self) -> bool:
        """Whether every article has it, as an attribute."""
        return self.name in KNOWN_FIELDS

    @property
    def has_doc_values(self) -> bool:
        """Whether its exact values can filter, sort and be counted."""
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
_built_in = attrgetter(*(field.name for field in BUILT_IN))


class Schema:
    """All fields of one index, in order; immutable."""

    __slots__ = ("_by_name", "declared")

    def __init__(self, declared: Mapping[str, str] | None = None) -> None:
        """Add `declared`, a mapping from name to kind, to the built-in fields; ValueError if one cannot be."""
        self.declared: dict[str, str] = dict(declared or {})
        extra = []
        if len(self.declared) > MOST:
            raise ValueError(f"{len(self.declared):,} fields are declared; at most {MOST:,} can be")
        for name, kind in self.declared.items():
            if name in KNOWN_FIELDS:
                raise ValueError(f"field {name!r} is built in; declare only further ones")
            if not _NAME.match(name) or name.endswith(STEM_SUFFIX):
                raise ValueError(f"field name {name!r} must be letters, digits and underscores, and not end in _stem")
            if kind not in get_args(FieldKind):
                raise ValueError(f"field {name!r} has kind {kind!r}; known: {', '.join(get_args(FieldKind))}")
            extra.append(Field(name, kind, multivalued=kind == "keyword", default=kind == "text"))  # type: ignore[arg-type]
        self._by_name = {field.name: field for field in (*BUILT_IN, *extra)}

    def __iter__(self) -> Iterator[Field]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def kinds(self) -> dict[str, str]:
        """Each field's kind, as the query parser wants it."""
        return {field.name: field.kind for field in self}

    def doc_values_field(self, name: object, purpose: str) -> Field:
        """The field of that name if its values can be used for `purpose`; else UnknownFieldError."""
        field = self._by_name.get(name) if isinstance(name, str) else None
        if field is None or not field.has_doc_values:
            raise UnknownFieldError(str(name), [field.name for field in self if field.has_doc_values], purpose)
        return field

    def values(self, article: Article) -> list[tuple[Field, list[Any]]]:
        """The fields an article has values of, with these; ArticleError if one does not fit its field's kind."""
        found = [  # checked with the article
            (field, [item for item in value if item != ""] if field.multivalued else [value])
            for field, value in zip(BUILT_IN, _built_in(article), strict=True)
            if value
        ]
        if self.declared and article.extra:
            found += [(self._by_name[name], _declared(self._by_name[name], article)) for name in self.declared]
        return found


def _declared(field: Field, article: Article) -> list[Any]:
    """The article's values of a declared field, checked against its kind."""
    value = article.extra.get(field.name)
    if value is None or value == "" or value == ():
        return []
    items = [item for item in value if item != ""] if isinstance(value, (list, tuple)) else [value]
    if len(items) > 1 and not field.multivalued:
        raise ArticleError(f"field {field.name!r} holds one {field.kind}, not a list of {len(items)}")
    return [_checked(field, item) for item in items]


def _checked(field: Field, value: Any) -> Any:
    kind = field.kind
    if kind == "date":
        return parse_date(value)
    if kind in ("text", "keyword"):
        if isinstance(value, str):
            return _clean(field, value)
        if kind == "keyword" and isinstance(value, int):
            return str(value)
    elif isinstance(value, (int, float, str)) and not isinstance(value, bool):
        try:
            number = int(value) if kind == "int" and not isinstance(value, float) else float(value)
        except (ValueError, OverflowError):
            number = math.nan
        if kind == "int" and isinstance(number, float) and number.is_integer():
            number = int(number)
        if math.isfinite(number) and (kind == "float" or (isinstance(number, int) and -(2**63) < number < 2**63)):
            return number
    raise ArticleError(f"field {field.name!r} is declared {kind}, but has {str(value)[:60]!r}")


def _clean(field: Field, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(f"{field.name} has a lone surrogate at {error.start}") from None
    return value
