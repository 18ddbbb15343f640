"""Articles, and the records that readers make of rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from arsearch.errors import ArticleError, shown
from arsearch.model.places import PARTS, Part
from arsearch.model.remarks import MISFIT, UNDATED
from arsearch.model.rows import plain_value, value_text

if TYPE_CHECKING:
    from arsearch.dates.values import DateValue

__all__ = [
    "KNOWN_FIELDS",
    "Article",
    "FieldKind",
    "Record",
    "encodable",
    "id_of_number",
    "keep_misfit",
    "number_text",
    "parse_date",
    "read_date",
    "undeclared_fields",
]

FieldKind = Literal["text", "keyword", "int", "float", "date"]
"""The kind of a declared field: `text` is analysed and searched, the other kinds are filtered and sorted by."""

KNOWN_FIELDS = ("id", "title", "body", "author", "source", "url", "date", "category", "tags")
_TAG_NAMES = ("name", "text", "label", "title", "term", "slug", "value")
_PLACES = ("pages", "headings", "cues", PARTS)
_TEXT_FIELDS = ("title", "body", "author", "source", "url", "category")


def parse_date(value: object) -> dt.date | dt.datetime:
    """Return the date that a value holds, in any form that `arsearch.dates.values` lists: `2015-07-21`, `5 شوال 1436هـ`.

    A date or datetime is returned as it is, and a time zone is kept. Raises `ArticleError` for a value without a date.
    """
    if (read := read_date(value)) is not None:
        return read.date
    raise ArticleError(f"date {shown(value)} is not a date; write it as 2015-07-21 or 2015-07-21 02:51:32")


def read_date(value: object) -> DateValue | _Plain | None:
    """Return the date of a value and how it was read, as `arsearch.dates.values.read_date`; ISO 8601 without importing it."""
    if isinstance(value, str) and value[:2] in ("19", "20") and value[4:5] == "-":
        try:
            return _Plain(dt.date.fromisoformat(value) if len(value) <= 10 else dt.datetime.fromisoformat(value), "")
        except ValueError:
            pass
    from arsearch.dates import values  # few articles need it

    return values.read_date(value)


class _Plain(NamedTuple):
    """A `DateValue` that needs no import."""

    date: dt.date | dt.datetime
    assumption: str


def _stored_date(text: object) -> dt.date | dt.datetime:
    """Return the Gregorian date that `Article.to_dict` wrote; raise `ArticleError` for any other value."""
    if isinstance(text, str):
        iso = text.removeprefix("+00")
        try:
            return dt.date.fromisoformat(iso) if len(iso) <= 10 else dt.datetime.fromisoformat(iso)
        except ValueError:
            pass
    return parse_date(text)


@dataclass(frozen=True, slots=True)
class Article:
    """One document. `title` or `body` may be empty but not both; `extra` holds all further fields.

    The values in `extra` are JSON values. All are stored and come back with the hit; those of the fields that the index
    declares can also be searched, or filtered and sorted by.
    """

    id: str
    title: str = ""
    body: str = ""
    author: str = ""
    source: str = ""
    url: str = ""
    date: dt.date | dt.datetime | None = None
    category: str = ""
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], remarks: list[tuple[str, str]] | None = None) -> Article:
        """Build an article from a mapping, such as a JSON object; unknown names go to `extra`.

        A number as the id becomes its decimal string, `17` for `17.0`. `None`, NaN and NaT count as absent, and `tags` may be
        one string. Values of numpy and pandas become plain ones; dates in further fields become ISO 8601. A date is read as
        `arsearch.dates.values` describes. A date that cannot be read, that is Hijri or lacks its day, is kept as
        `date_text` in `extra`, and a value of other metadata that is no text as `author_text` and so on; `remarks` receives
        its kind and its text. A part of a work that is no JSON value is left out, with a remark. Raises `ArticleError`,
        which names the field and the reason.
        """
        values: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        misfits: list[tuple[str, object]] = []
        unsaid: tuple[object, str] | None = None
        for name, value in data.items():
            if not isinstance(name, str):
                raise ArticleError(f"field name {shown(name)} is not a string")
            value = plain_value(value)
            if value is None:
                continue
            if name not in KNOWN_FIELDS:
                extra[name] = _parts(value) if name == PARTS else _plain_date(value)
            elif name == "id":
                values["id"] = _article_id(value)
            elif name == "date":
                if (read := read_date(value)) is not None:
                    values["date"] = read.date
                if read is None or read.assumption:
                    unsaid = (value, read.assumption if read is not None else UNDATED)
            elif (fitting := _fitting(name, value)) is not None:
                values[name] = fitting
            else:
                misfits.append((name, value))
                if remarks is not None:
                    remarks.append((MISFIT, f"{name}: {shown(value)}"[:80]))
        for name, value in misfits:
            keep_misfit(extra, name, value)
        if "id" not in values:
            raise ArticleError("no id; every article needs a non-empty string under 'id'")
        if unsaid is not None:
            _keep_date(extra, *unsaid, remarks)
        return cls(**values, extra=extra)._complete(remarks)

    @classmethod
    def from_stored(cls, data: Mapping[str, Any]) -> Article:
        """Build the article whose `to_dict` gave `data`. Only types are checked; raises `ArticleError` for a wrong one."""
        values = {name: data[name] for name in KNOWN_FIELDS if name in data}
        extra = {} if len(values) == len(data) else {name: data[name] for name in data if name not in values}
        if "date" in values:
            values["date"] = _stored_date(values["date"])
        if "tags" in values:
            values["tags"] = tuple(values["tags"])
        for name, value in values.items():
            if type(value) is not str and name != "date" and not (name == "tags" and set(map(type, value)) <= {str}):
                raise ArticleError(f"{name} is {shown(value)}, not a string")
        return cls(**values, extra=extra)

    def checked(self, remarks: list[tuple[str, str]] | None = None) -> Article:
        """Return this article if it can be indexed; raise `ArticleError` otherwise.

        Parts that are no JSON values are left out: `remarks` receives them.
        """
        if not isinstance(self.id, str):
            raise ArticleError(f"id {shown(self.id)} is {type(self.id).__name__}, not a string")
        _article_id(self.id)
        for name in _TEXT_FIELDS:
            _text(name, getattr(self, name))
        if self.date is not None and not isinstance(self.date, dt.date):
            raise ArticleError(f"date is {type(self.date).__name__}, not a date; `Article.from_dict` parses strings")
        if isinstance(self.tags, str):
            raise ArticleError("tags is str, not a tuple of strings")
        _tags(self.tags)
        for name in self.extra and KNOWN_FIELDS:
            if name in self.extra:
                raise ArticleError(f"extra has a field {name!r}, which is the article's own; set it there")
        return self._complete(remarks)

    def _complete(self, remarks: list[tuple[str, str]] | None = None) -> Article:
        """Return this article, whose fields have been checked one by one, after checks of the whole.

        Parts that are no JSON values are left out: `remarks` receives them.
        """
        if not self.title.strip() and not self.body.strip() and not _lists_parts(self.extra):
            raise ArticleError("both title and body are empty; one of them must have text")
        if self.extra:
            from arsearch.model.nesting import MAX_SIZE, check_values  # adding needs it, searching does not

            try:
                check_values(self.extra)
                encoded = json.dumps(dict(self.extra), allow_nan=False, ensure_ascii=False).encode()
            except (TypeError, ValueError, RecursionError) as error:
                from arsearch.model.parts import encodable_parts  # few articles have bad parts

                parts: Any = self.extra.get(PARTS)
                if _lists_parts(self.extra) and len(kept := encodable_parts(parts, remarks)) < len(parts):
                    return replace(self, extra={**self.extra, PARTS: kept})._complete(remarks)
                if isinstance(error, ArticleError):
                    raise
                from arsearch.model.rows import json_fields  # few articles have other values

                return replace(self, extra=json_fields(self.extra))._complete(remarks)
            if len(encoded) > MAX_SIZE and PARTS not in self.extra:
                raise ArticleError(
                    f"the further fields have {len(encoded):,} bytes as JSON, more than {MAX_SIZE:,}; divide the article"
                )
        return self

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of a work, in order; empty for other articles. They are read anew from the field `parts` each time."""
        if PARTS not in self.extra:
            return ()
        from arsearch.model.parts import lay_out  # few articles are works

        return tuple(lay_out(self.body, self.extra[PARTS])[0])

    @property
    def text(self) -> str:
        """The text of a work, in which the places of its parts count; the body of other articles.

        It is the body, and then the parts that have bodies of their own, with an empty line between them.
        """
        if PARTS not in self.extra:
            return self.body
        from arsearch.model.parts import lay_out, whole_text  # few articles are works

        return whole_text(self.body, *lay_out(self.body, self.extra[PARTS]))

    def to_dict(self) -> dict[str, Any]:
        """Return the article as JSON values without absent fields; `from_dict` builds it again."""
        data: dict[str, Any] = {"id": self.id, "title": self.title, "body": self.body}
        for name in ("author", "source", "url", "category"):
            if value := getattr(self, name):
                data[name] = value
        if self.date is not None:
            # a plain form would be read as a Hijri date in these years, or as no date
            sign = "+00" if 1300 <= self.date.year <= 1500 or self.date.year in (1, 101, 9999) else ""
            data["date"] = sign + self.date.isoformat()
        if self.tags:
            data["tags"] = list(self.tags)
        data.update(self.extra)
        return data


def keep_misfit(extra: dict[str, Any], name: str, value: object, taken: Collection[str] = ()) -> None:
    """Put a value that does not fit a field into `extra`, under `NAME_text` followed by `_` until no field has the name."""
    kept = f"{name}_text"
    while kept in extra or kept in taken:
        kept += "_"
    extra[kept] = value


def _plain_date(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _lists_parts(extra: Mapping[str, Any]) -> bool:
    """Tell whether the further fields of an article list the parts of a work."""
    if PARTS not in extra:
        return False
    from arsearch.model.parts import lists_parts  # few articles are works

    return lists_parts(extra[PARTS])


def _parts(value: Any) -> Any:
    """Return the parts that a value lists, also as JSON text, which CSV holds; another value as a further field has it."""
    from arsearch.model.parts import lists_parts, plain_parts  # few articles are works

    listed = value
    if isinstance(value, str) and value.startswith("[{"):
        from arsearch.model.nesting import has_too_many_values

        if has_too_many_values(value):
            return value
        try:
            listed = json.loads(value)
        except (ValueError, RecursionError):
            return value
    return plain_parts(listed) if lists_parts(listed) else _plain_date(value)


def _keep_date(extra: dict[str, Any], value: object, kind: str, remarks: list[tuple[str, str]] | None) -> None:
    """Keep the text of a date under `date_text`, where its day was assumed or nothing could be read."""
    try:
        text = value_text(value)
    except ValueError:  # more digits than Python writes
        raise ArticleError(
            f"date {shown(value)} is not a date; write it as 2015-07-21 or 2015-07-21 02:51:32"
        ) from None
    if kind != "month_first" and text.strip():
        extra.setdefault("date_text", text)
    if remarks is not None:
        remarks.append((kind, text[:80]))


def _fitting(name: str, value: object) -> str | tuple[str, ...] | None:
    """Return the value of a text field or the tags, `None` if it does not fit and must not cost the article.

    A number becomes its digits, and an object among the tags its name. Raises `ArticleError` for a title or body that is no text.
    """
    if type(value) in (int, float) and name not in ("title", "body"):
        value = number_text(value)
    if name == "tags":
        items = value if isinstance(value, list | tuple) else [value]
        named = [_tag_name(item) for item in items]
        return _tags([tag for tag in named if tag is not None]) if None not in named else None
    if isinstance(value, str) or name in ("title", "body"):
        return _text(name, value)
    return None


def _tag_name(item: object) -> str | None:
    if type(item) in (int, float):
        return number_text(item)
    if isinstance(item, Mapping):
        item = next((item[name] for name in _TAG_NAMES if isinstance(item.get(name), str)), None)
    return item if isinstance(item, str) else None


def number_text(value: object) -> str | None:
    """Return the text of a number; `None` for an integer of more digits than Python writes."""
    try:
        return str(value)
    except ValueError:
        return None


def id_of_number(value: object) -> str | None:
    """Return the id that a number is, `17` for `17.0`, which a column of numbers with gaps has; `None` for other values."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return number_text(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _article_id(value: object) -> str:
    value = id_of_number(value) or value
    if not isinstance(value, str) or not value.strip():
        raise ArticleError(f"id {shown(value)} is not a non-empty string")
    if len(value) > 1024:
        raise ArticleError(f"id {value[:40]!r}... has {len(value)} characters; at most 1024 are allowed")
    return _text("id", value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ArticleError(f"{name} is {type(value).__name__}, not a string: {shown(value)}")
    if "\0" in value:
        raise ArticleError(f"{name} has a NUL character at {value.index(chr(0))}; is the file binary or UTF-16?")
    return encodable(name, value)


def encodable(name: str, text: str) -> str:
    """Return the text of a field if UTF-8 can encode it; raise `ArticleError` if it has a lone surrogate."""
    try:
        text.encode("utf-16-le")  # refuses what UTF-8 refuses, in a third of the time
    except UnicodeEncodeError as error:
        raise ArticleError(f"{name} has a lone surrogate {text[error.start]!r} at {error.start}") from None
    return text


def _tags(value: object) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        raise ArticleError(f"tags is {type(value).__name__}, not a list of strings")
    return tuple(_text("tags", item) for item in items if item != "")


def undeclared_fields(names: Collection[str], declared: Collection[str]) -> list[str]:
    """Return the names of further fields that are stored and could be declared, sorted.

    `names` are those of all fields of articles, `declared` those of the index. Readers list places of the body under
    "pages", "headings" and "cues", and works have "parts"; no kind of field holds these.
    """
    return sorted({*names}.difference(KNOWN_FIELDS, _PLACES, declared))


class Record(NamedTuple):
    """A row of a file: its place, and its data or the reason why it has none.

    Exactly one of `data` and `problem` is set. `remarks` are the repairs and findings at reading, each as a kind and
    a text (see `arsearch.model.remarks`).
    """

    where: str
    data: Mapping[str, Any] | None
    problem: str | None = None
    remarks: tuple[tuple[str, str], ...] = ()
