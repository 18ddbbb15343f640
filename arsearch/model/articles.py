"""Articles, and the records that readers make of rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from arsearch.errors import ArticleError
from arsearch.model.rows import plain_value

__all__ = ["KNOWN_FIELDS", "Article", "FieldKind", "Record", "encodable", "parse_date"]

FieldKind = Literal["text", "keyword", "int", "float", "date"]
"""The kind of a declared field: `text` is analysed and searched, the other kinds are filtered and sorted by."""

KNOWN_FIELDS = ("id", "title", "body", "author", "source", "url", "date", "category", "tags")
_TEXT_FIELDS = ("title", "body", "author", "source", "url", "category")


def parse_date(value: object) -> dt.date | dt.datetime:
    """Parse a date: ISO 8601, `YYYY-MM-DD` or `YYYY/MM/DD`, with or without a time, in digits of any script.

    A date or datetime is returned as it is, and a time zone is kept. Raises `ArticleError` for anything else.
    """
    if isinstance(value, dt.date):  # datetime is a date
        return value
    if isinstance(value, str):
        text = value.strip().replace("/", "-")
        if not text.isascii():
            text = "".join(str(int(c)) if c.isdecimal() else c for c in text)
        if text[-1:] in "Zz" and len(text) > 10:
            text = text[:-1] + "+00:00"
        try:
            return dt.date.fromisoformat(text) if len(text) <= 10 else dt.datetime.fromisoformat(text)
        except ValueError:
            pass
    raise ArticleError(f"date {value!r} is not a date; write it as 2015-07-21 or 2015-07-21 02:51:32")


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
    def from_dict(cls, data: Mapping[str, Any]) -> Article:
        """Build an article from a mapping, such as a JSON object; unknown names go to `extra`.

        An integer id becomes its decimal string, `None`, NaN and NaT count as absent, and `tags` may be one string. Values
        of numpy and pandas become plain ones; dates in further fields become ISO 8601.
        Raises `ArticleError`, which names the field and the reason.
        """
        values: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for name, value in data.items():
            if not isinstance(name, str):
                raise ArticleError(f"field name {name!r} is not a string")
            value = plain_value(value)
            if value is None:
                continue
            if name not in KNOWN_FIELDS:
                extra[name] = value.isoformat() if isinstance(value, dt.date) else value
            elif name == "id":
                values["id"] = _article_id(value)
            elif name == "date":
                if value != "":
                    values["date"] = parse_date(value)
            elif name == "tags":
                values["tags"] = _tags(value)
            else:
                values[name] = _text(name, value)
        if "id" not in values:
            raise ArticleError("no id; every article needs a non-empty string under 'id'")
        return cls(**values, extra=extra)._complete()

    @classmethod
    def from_stored(cls, data: Mapping[str, Any]) -> Article:
        """Build the article whose `to_dict` gave `data`. Only types are checked; raises `ArticleError` for a wrong one."""
        values = {name: data[name] for name in KNOWN_FIELDS if name in data}
        extra = {} if len(values) == len(data) else {name: data[name] for name in data if name not in values}
        if "date" in values:
            values["date"] = parse_date(values["date"])
        if "tags" in values:
            values["tags"] = tuple(values["tags"])
        for name, value in values.items():
            texts = value if name == "tags" else () if name == "date" else (value,)
            if not all(type(text) is str for text in texts):
                raise ArticleError(f"{name} is {str(value)[:60]!r}, not a string")
        return cls(**values, extra=extra)

    def checked(self) -> Article:
        """Return this article if it can be indexed; raise `ArticleError` otherwise."""
        if _article_id(self.id) != self.id:
            raise ArticleError(f"id {self.id!r} is {type(self.id).__name__}, not a string")
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
        return self._complete()

    def _complete(self) -> Article:
        """Return this article, whose fields have been checked one by one, after checks of the whole."""
        if not self.title.strip() and not self.body.strip():
            raise ArticleError("both title and body are empty; one of them must have text")
        if self.extra:
            try:
                json.dumps(dict(self.extra), allow_nan=False, ensure_ascii=False).encode()
            except (TypeError, ValueError, RecursionError) as error:
                raise ArticleError(f"a further field is not a JSON value: {error}") from None
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return the article as JSON values without absent fields; `from_dict` builds it again."""
        data: dict[str, Any] = {"id": self.id, "title": self.title, "body": self.body}
        for name in ("author", "source", "url", "category"):
            if value := getattr(self, name):
                data[name] = value
        if self.date is not None:
            data["date"] = self.date.isoformat()
        if self.tags:
            data["tags"] = list(self.tags)
        data.update(self.extra)
        return data


def _article_id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise ArticleError(f"id {value!r} is not a non-empty string")
    if len(value) > 1024:
        raise ArticleError(f"id {value[:40]!r}... has {len(value)} characters; at most 1024 are allowed")
    return _text("id", value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ArticleError(f"{name} is {type(value).__name__}, not a string: {str(value)[:60]!r}")
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


class Record(NamedTuple):
    """A row of a file: its place, and its data or the reason why it has none.

    Exactly one of `data` and `problem` is set.
    """

    where: str
    data: Mapping[str, Any] | None
    problem: str | None = None
