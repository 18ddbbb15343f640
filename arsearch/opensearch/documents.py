"""An article as a document of the cluster, and back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

from arsearch.dates.calendars import hijri_year_of
from arsearch.minhash import SIGNATURE_FIELD
from arsearch.model import Article
from arsearch.model.places import is_part_id, work_of_id
from arsearch.model.schema import HIJRI_YEAR, WORK, Schema
from arsearch.opensearch.terms import FieldAnalyser

__all__ = [
    "ORDER_SEPARATOR",
    "DocumentMaker",
    "in_utc",
    "key_of",
    "keyword",
    "seconds",
    "signature_terms",
    "stored_article",
]

ORDER_SEPARATOR = "\0"
"""Stands in a sorting key between the normalised value and the value."""

_LONGEST_KEY = 480
"""Bytes: the cluster takes ids of at most 512."""
_LONGEST_KEYWORD = 8000
_LONGEST_ORDER = 2000
_EPOCH = dt.datetime(1970, 1, 1)


def key_of(id: str) -> str:
    """Return the `_id` of the document with an id; "@..." is that of no article."""
    encoded = id.encode()
    if len(encoded) <= _LONGEST_KEY and not id.startswith("@"):
        return id
    return "@" + blake2b(encoded, digest_size=20).hexdigest()


def keyword(value: str) -> str:
    """Return a keyword as the cluster keeps it: a very long one is cut, and its digest is added."""
    if len(value) <= _LONGEST_KEYWORD:
        return value
    return value[: _LONGEST_KEYWORD - 40] + blake2b(value.encode(), digest_size=20).hexdigest()


def in_utc(value: dt.date) -> dt.datetime:
    """Return the time of a date, in UTC if it has a time zone, without fractions of a second."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None, microsecond=0) - (value.utcoffset() or dt.timedelta())
    return dt.datetime(value.year, value.month, value.day)


def seconds(value: dt.date) -> int:
    """Return a date as seconds since 1970."""
    time = in_utc(value) - _EPOCH
    return time.days * 86_400 + time.seconds


def stored_article(source: Mapping[str, Any]) -> Article:
    """Return the article of a document."""
    return Article.from_stored(json.loads(source["article"]))


def signature_terms(signature: bytes) -> list[str]:
    """Return a MinHash signature as terms, one for each byte: the letter of its place, and the byte in hexadecimal."""
    return [f"{chr(ord('a') + at)}{byte:02x}" for at, byte in enumerate(signature)]


class DocumentMaker:
    """Makes documents of articles for one index."""

    def __init__(self, analyser: FieldAnalyser, schema: Schema, normalise: Callable[[str], str]) -> None:
        self._analyser = analyser
        self.schema = schema
        self._normalise = normalise

    def make(self, article: Article, seq: int) -> dict[str, Any]:
        """Return the document of an article. Raises ArticleError if a value does not fit its field."""
        document: dict[str, Any] = {
            "id": article.id,
            "group": work_of_id(article.id),
            "seq": seq,
            "part": is_part_id(article.id),
            "title": article.title,
            "article": json.dumps(article.to_dict(), ensure_ascii=False, separators=(",", ":")),
        }
        for field, values in self.schema.values(article):
            if not values:
                continue
            name = field.name
            if field.kind == "date":
                times = [in_utc(value) for value in values]
                self._put(document, "value", name, [seconds(time) for time in times])
                self._put(document, "day", name, [time.date().isoformat() for time in times])
                if name == "date":
                    self._put_periods(document, times[0])
            elif field.kind == "keyword":
                self._put(document, "value", name, [keyword(value) for value in values])
                order = f"{self._normalise(values[0])[:_LONGEST_ORDER]}{ORDER_SEPARATOR}{keyword(values[0])}"
                self._put(document, "order", name, order)
            elif field.kind != "text":
                self._put(document, "value", name, values)
            if field.indexed and field is not WORK:
                analysed = self._analyser.analyse(values, signed=name == SIGNATURE_FIELD)
                if analysed.signature:
                    document["minhash"] = signature_terms(analysed.signature)
                self._put(document, "t", name, analysed.strings)
                self._put(document, "len", name, analysed.length)
                self._put(document, "vocabulary", name, analysed.terms)
                self._put(document, "forms", name, analysed.forms)
        return document

    def _put_periods(self, document: dict[str, Any], time: dt.datetime) -> None:
        day = time.date().isoformat()
        for name, label in (("month", day[:7]), ("year", day[:4]), (HIJRI_YEAR, hijri_year_of(time))):
            if name not in self.schema:
                self._put(document, "day", name, str(label))

    @staticmethod
    def _put(document: dict[str, Any], group: str, name: str, value: Any) -> None:
        document.setdefault(group, {})[name] = value
