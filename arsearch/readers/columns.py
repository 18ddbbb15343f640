"""Their column names to our field names: ours as they are, common Arabic and English ones by a table, the rest kept.

A column the caller maps comes first, then one with our own name, then the synonyms in the order of the table. Every
field is filled at most once; a synonym that comes too late stays a further field under its own name. Values decide
too: a JSON `"published": true` is no date, so a synonym is followed only where its value can be what the field holds.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from arsearch.errors import InputError
from arsearch.model import KNOWN_FIELDS

__all__ = ["Columns", "Plan", "checked_mapping", "field_of", "shadowing", "split_tags"]

_SYNONYMS = {
    "id": "_id doc_id docid docno article_id uuid guid المعرف معرف معرف_المقال",
    "title": "headline heading subject العنوان عنوان عنوان_المقال عنوان_الخبر",
    "body": "content contents text article_text article_body full_text fulltext article"
    " النص نص نص_المقال نص_الخبر المحتوى محتوى المتن متن",
    "author": "authors writer byline creator الكاتب كاتب المؤلف مؤلف اسم_الكاتب المحرر",
    "source": "publisher outlet newspaper المصدر مصدر الناشر الصحيفة الجريدة الموقع",
    "url": "link href permalink web_url الرابط رابط",
    "date": "published published_at publish_date publication_date pub_date pubdate date_published datetime created_at"
    " timestamp التاريخ تاريخ تاريخ_النشر",
    "category": "section القسم قسم التصنيف تصنيف الفئة الباب",
    "tags": "keywords labels الوسوم وسوم الكلمات_المفتاحية كلمات_مفتاحية الكلمات_الدلالية",
}
_FOLDS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "\u0640": None, "\u200e": None, "\u200f": None}
)
_MARKS = re.compile("[\u064b-\u0652\u0670]")
_SPACES = re.compile(r"[\s_\-]+")
_DATE = re.compile(r"\s*\d{4}[-/]\d")
_TAG_SEPARATORS = re.compile("[,،;؛|\n]")
_CACHED_PLANS = 1000


def field_of(column: str) -> str | None:
    """Our field for a column of that name, `None` if the name is not in the table. `Title`, `العنوان`: `title`."""
    found = _ranks().get(_fold(column))
    return found[0] if found else None


def shadowing(names: Mapping[str, Any]) -> list[str]:
    """Fields absent from `names` that a synonym among `names` would fill if they were read back."""
    return sorted({field for name in names if (field := field_of(name)) and field not in names})


def split_tags(text: str) -> list[str]:
    """The tags written in one cell, separated by `,` `،` `;` `؛` `|` or line ends."""
    return [tag for part in _TAG_SEPARATORS.split(text) if (tag := part.strip())]


def checked_mapping(mapping: Mapping[str, str] | None) -> dict[str, str]:
    """`mapping` (our field to their column). Raises `InputError` if a name is empty."""
    for field, column in (mapping or {}).items():
        if not (field.strip() and column.strip()):
            raise InputError(f"cannot map {field!r} to {column!r}; write field=column, such as body=content")
    return dict(mapping or {})


class Plan(NamedTuple):
    """Where a record's fields come from: (field, column, by synonym) triples, and the columns left out."""

    moves: tuple[tuple[str, str, bool], ...]
    left_out: tuple[str, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields that are filled."""
        return frozenset(field for field, _, _ in self.moves)


class Columns:
    """Renames the columns of one file's records; `say` hears once of every synonym followed and column left out."""

    def __init__(self, mapping: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.mapping = mapping
        self._say = say
        self._said: set[str] = set()
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._unseen = set(mapping.values())

    def plan(self, columns: tuple[str, ...]) -> Plan:
        """How records with these columns are read."""
        plan = self._plans.get(columns)
        if plan is None:
            plan = _plan(columns, self.mapping)
            self._unseen.difference_update(columns)
            for column in plan.left_out:
                self.say_once(f"column {column!r} is left out, because another column is mapped to it")
            if len(self._plans) < _CACHED_PLANS:
                self._plans[columns] = plan
        return plan

    def rename(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """`data` under our names; `data` itself when they are ours already."""
        if not self.mapping and data.keys() <= _OWN:
            return data
        renamed: dict[str, Any] = {}
        kept: list[str] = []
        for field, column, guessed in self.plan(tuple(data)).moves:
            value = data[column]
            if not guessed:
                renamed[field] = value
            elif _fits(field, value):
                self.say_once(f"{column!r} is read as {field}")
                renamed[field] = value
            else:
                kept.append(column)
                if field == "date" and value:
                    self.say_once(f"values of {column!r} not like 2015-07-21 stay under that name and are no dates")
        for column in kept:
            renamed.setdefault(column, data[column])
        return renamed

    def finish(self) -> None:
        """Say which mapped columns no record had."""
        for column in sorted(self._unseen):
            fields = ", ".join(field for field, source in self.mapping.items() if source == column)
            self.say_once(f"no record has {column!r}, which was mapped to {fields}")

    def say_once(self, message: str) -> None:
        """Pass a message on unless it was said before."""
        if message not in self._said:
            self._said.add(message)
            self._say(message)


_OWN = frozenset(KNOWN_FIELDS)


@functools.cache
def _ranks() -> dict[str, tuple[str, int]]:
    ranks = {field: (field, 0) for field in KNOWN_FIELDS}
    for field, names in _SYNONYMS.items():
        for rank, name in enumerate(names.split(), start=1):
            ranks.setdefault(_fold(name), (field, rank))
    return ranks


@functools.lru_cache(maxsize=4096)
def _fold(name: str) -> str:
    folded = _MARKS.sub("", unicodedata.normalize("NFKC", name)).translate(_FOLDS).casefold()
    return _SPACES.sub("_", folded.strip())


def _plan(columns: tuple[str, ...], mapping: Mapping[str, str]) -> Plan:
    moves = [(field, column, False) for field, column in mapping.items() if column in columns]
    # a mapped field is taken even where its column is missing: what another column says there was not asked for
    taken = set(mapping)
    consumed = set(mapping.values())
    left_out: list[str] = []
    for column in columns:
        if column in _OWN and column not in taken:
            moves.append((column, column, False))
            taken.add(column)
    ranked = sorted(
        (rank, place, field, column)
        for place, column in enumerate(columns)
        if column not in _OWN and column not in consumed and (found := _ranks().get(_fold(column)))
        for field, rank in (found,)
    )
    guesses = {}
    for _, _, field, column in ranked:
        if field not in taken:
            guesses[column] = field
            taken.add(field)
    for column in columns:
        if column in guesses:
            moves.append((guesses[column], column, True))
        elif column in taken and column not in consumed and (column, column, False) not in moves:
            left_out.append(column)
        elif column not in consumed and column not in _OWN:
            moves.append((column, column, False))
    return Plan(tuple(moves), tuple(left_out))


def _fits(field: str, value: object) -> bool:
    if field == "tags":
        return isinstance(value, (str, list))
    if field == "id":
        return isinstance(value, (str, int)) and not isinstance(value, bool)
    return isinstance(value, str) and (field != "date" or _DATE.match(value) is not None)
