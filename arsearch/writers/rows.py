"""The rows of a file: the chosen fields of articles, hits or mappings, as JSON values."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from arsearch.errors import InputError
from arsearch.model import KNOWN_FIELDS, Article, Hit
from arsearch.model.rows import plain_value

__all__ = ["HIT_FIELDS", "Item", "Row", "Rows", "WideInt", "read_fields"]

Item = Article | Hit | Mapping[str, Any]
"""What can be written: an article, a hit, or a mapping of values that `Index.add` takes."""

Row = Mapping[str, Any]
"""The fields of one item by name, as JSON values; an absent field is missing or `None`."""

_OF_HITS: Mapping[str, Callable[[Hit], Any]] = {
    "rank": lambda hit: hit.rank,
    "id": lambda hit: hit.id,
    "title": lambda hit: hit.title,
    "score": lambda hit: round(hit.score, 6),
    "level": lambda hit: hit.level.label if hit.level else None,
    "complete": lambda hit: hit.complete,
    "similar": lambda hit: hit.similar,
    "page": lambda hit: hit.place.page if hit.place else hit.page,
    "volume": lambda hit: hit.place.volume if hit.place else hit.article.extra.get("volume"),
    "work": lambda hit: hit.place.work if hit.place else None,
    "work_title": lambda hit: hit.place.title if hit.place else None,
    "heading": lambda hit: hit.place.heading if hit.place else None,
    "citation": lambda hit: hit.citation(),
    "title_html": lambda hit: hit.title_snippet.html,
    "snippet": lambda hit: hit.snippet.text,
    "snippet_html": lambda hit: hit.snippet.html,
}
"""The fields that a hit has beside those of its article."""

HIT_FIELDS = ("rank", "id", "title", "date", "source", "score", "level", "snippet")
"""The fields of hits that are written unless others are chosen. The body is not among them."""


def read_fields(text: str) -> tuple[str, ...]:
    """Return the names of a list such as `id,title,date`, each once. Raises InputError for an empty name or list."""
    names = [name.strip() for name in text.replace("،", ",").split(",")]
    if not all(names):
        raise InputError(f"fields {text!r} has an empty name; write names with commas, such as id,title,date")
    return tuple(dict.fromkeys(names))


class WideInt(int):
    """The type of whole numbers of 64 bits that no float of 64 bits holds exactly, above 2**53."""


def _plain(value: Any) -> Any:
    """Return a value of a mapping as a JSON value, as `Index.add` reads it: dates as text, NaN as absent."""
    value = plain_value(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _type(value: Any) -> type:
    """Return the type of a value; `object` for a whole number of more than 64 bits, which no column of numbers holds."""
    if type(value) is not int or -(2**53) <= value <= 2**53:
        return type(value)
    return WideInt if -(2**63) <= value < 2**63 else object


class Rows:
    """The rows to write, in order. Iterate over them once, after reading `columns` if the format needs them.

    `fields` are the names to write, in this order; without them an article has all its fields, and a hit `HIT_FIELDS`.
    """

    def __init__(
        self,
        items: Iterable[Item],
        fields: Sequence[str] | None = None,
        *,
        excel: bool = False,
        hit_fields: Sequence[str] | None = None,
    ) -> None:
        self.fields = None if fields is None else tuple(dict.fromkeys(fields))
        self.excel = excel
        """Whether a table is meant for Excel."""
        self.count = 0
        """The number of rows read so far."""
        self.notes: list[str] = []
        """Sentences for the user about what was written; writers add theirs."""
        self._hit_fields = hit_fields or HIT_FIELDS
        self._hits = False
        self._filled: set[str] = set()
        self._source: Iterator[Row] = (self._read(item) for item in items)
        self._types: dict[str, set[type]] | None = None
        self._file: IO[str] | None = None

    def __iter__(self) -> Iterator[Row]:
        return self._source

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns: `fields`, else those of the rows, an article's own fields before further ones.

        Without `fields` this reads all rows, and keeps them in a temporary file.
        """
        if self.fields is not None:
            return self.fields
        types = self.types
        own = [] if self._hits else [name for name in KNOWN_FIELDS if name in types]
        return tuple(dict.fromkeys([*own, *types]))

    @property
    def types(self) -> Mapping[str, set[type]]:
        """The Python types of the values of each column. This reads all rows, and keeps them in a temporary file."""
        if self._types is None:
            self._types = {name: set() for name in self.fields or ()}
            self._file = tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass")  # noqa: SIM115
            self._source = _kept(self._source, self._types, self._file)
        return self._types

    def close(self) -> None:
        """Remove the temporary file."""
        if self._file is not None:
            self._file.close()

    def unfilled(self) -> tuple[str, ...]:
        """Return the chosen fields that no row had a value for, after all rows were read; none if there are no rows."""
        return tuple(name for name in self.fields or () if name not in self._filled) if self.count else ()

    def _read(self, item: Item) -> Row:
        self.count += 1
        if isinstance(item, Hit):
            self._hits = True
            names = self.fields or self._hit_fields
            whole: Row = {} if all(name in _OF_HITS for name in names) else item.article.to_dict()
            row = {name: _OF_HITS[name](item) if name in _OF_HITS else whole.get(name) for name in names}
        else:
            whole = item.to_dict() if isinstance(item, Article) else {name: _plain(item[name]) for name in item}
            if self.fields is None:
                return whole
            row = {name: whole.get(name) for name in self.fields}
        self._filled.update(name for name, value in row.items() if value not in (None, "", [], ()))
        return row


def _kept(rows: Iterable[Row], types: dict[str, set[type]], file: IO[str]) -> Iterator[Row]:
    """Write all rows to a file, note the types of their values, and return an iterator over the rows in the file."""
    for row in rows:
        for name, value in row.items():
            if value is not None:
                types.setdefault(name, set()).add(_type(value))
        file.write(json.dumps(dict(row), ensure_ascii=False) + "\n")
    file.seek(0)
    return map(json.loads, file)
