"""The parameters of a search in a URL, and the URLs of changed searches.

| parameter | meaning |
|---|---|
| `q` | the query |
| `i` | the name of the index; the first one of the server by default |
| `page`, `limit` | the page, counted from 1, and its number of hits |
| `offset` | the hits to skip, instead of `page` |
| `cursor` | the place of a page in one commit, instead of `page` |
| `f.FIELD=VALUE` | articles with this value; repeated for several values; `LOW..HIGH` is a range |
| `not.FIELD=VALUE` | no article with this value |
| `from`, `to` | the first and last date |
| `sort` | `score`, `date` or a field; `-` before it reverses the order |
| `match`, `mode` | the loosest level, and the words that an article needs |
| `facets` | fields to count, with commas between them |
| `collapse` | `work` (the default where articles have parts), `duplicates` (the default elsewhere), `none` or a field |
| `recency` | a half-life such as `30d` |
| `width` | the characters on either side of a keyword of a concordance; its `sort` is `right`, `left` or `work` |
| `by` | the value by which frequencies are counted |
| `view` | the view that a page of an article leads back to: `concordance` or `frequencies` |
| `ui` | the language of the page: `ar` or `en` |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from arsearch.search.filters import filters_of_texts
from arsearch.search.request import DUPLICATES
from arsearch.web.problems import ProblemError
from arsearch.web.settings import WebSettings

__all__ = ["CONCORDANCE", "FREQUENCIES", "MAX_WIDTH", "NO_COLLAPSE", "UI_LANGUAGES", "SearchState"]

NO_COLLAPSE = "none"
WORKS = "work"
"""The value of `collapse` that keeps the best part of each work."""

CONCORDANCE = "concordance"
FREQUENCIES = "frequencies"
"""The views of a query beside its results."""

UI_LANGUAGES = ("ar", "en")

_NUMBER = re.compile(r"[0-9]{1,9}")
MAX_PARAMETERS = 200
_MAX_NAME = 110
_MAX_VALUE = 500
"""The most code points of a parameter other than `q` and `cursor`."""
_MAX_CURSOR = 2_000
MAX_WIDTH = 1_000
"""The most characters on either side of a keyword."""

Values = Mapping[str, tuple[str, ...]]
"""The values of filters by field."""


@dataclass(frozen=True, slots=True)
class SearchState:
    """The parameters of one search, as typed: checked for size, not yet against the fields of the index.

    `page` counts from 1 and is 0 if `offset` was given. An empty text is an absent parameter.
    """

    q: str = ""
    i: str = ""
    page: int = 1
    limit: int = 0
    offset: int = 0
    filters: Values = field(default_factory=lambda: MappingProxyType({}))
    excluded: Values = field(default_factory=lambda: MappingProxyType({}))
    first: str = ""
    last: str = ""
    sort: str = ""
    match: str = ""
    mode: str = ""
    facets: tuple[str, ...] = ()
    collapse: str = ""
    recency: str = ""
    cursor: str = ""
    width: str = ""
    by: str = ""
    view: str = ""
    ui: str = ""

    @classmethod
    def read(cls, parameters: Iterable[tuple[str, str]], settings: WebSettings) -> SearchState:
        """Return the state of a query string, given as pairs in order. Unknown parameters are ignored.

        Raises ProblemError (400), whose member `parameter` is the name of the wrong parameter.
        """
        values: dict[str, str] = {}
        filters: dict[str, list[str]] = {}
        excluded: dict[str, list[str]] = {}
        facets: list[str] = []
        for number, (name, value) in enumerate(parameters):
            if number >= MAX_PARAMETERS:
                raise _bad("q", f"a search has at most {MAX_PARAMETERS} parameters")
            _check_text(name, value, settings)
            if name.startswith("f.") and value:
                filters.setdefault(name[2:], []).append(value)
            elif name.startswith("not.") and value:
                excluded.setdefault(name[4:], []).append(value)
            elif name == "facets":
                facets += [item.strip() for item in value.replace("،", ",").split(",") if item.strip()]
            else:
                values[name] = value
        if sum(map(len, [*filters.values(), *excluded.values()])) + len(facets) > settings.max_filters:
            raise _bad("f", f"a search has at most {settings.max_filters} filters and facets")
        ui = values.get("ui", "")
        offset = _number(values, "offset", settings.max_offset, 0)
        limit = _number(values, "limit", settings.max_limit, settings.default_limit)
        page = 0 if values.get("offset") else max(1, _number(values, "page", settings.max_offset + 1, 1))
        if (page - 1) * limit > settings.max_offset:
            raise _bad("page", f"a page may skip at most {settings.max_offset:,} hits; narrow the search")
        return cls(
            q=values.get("q", ""),
            i=values.get("i", ""),
            page=page,
            limit=limit,
            offset=offset,
            filters=MappingProxyType({name: tuple(dict.fromkeys(found)) for name, found in filters.items()}),
            excluded=MappingProxyType({name: tuple(dict.fromkeys(found)) for name, found in excluded.items()}),
            first=values.get("from", ""),
            last=values.get("to", ""),
            sort=values.get("sort", ""),
            match=values.get("match", ""),
            mode=values.get("mode", ""),
            facets=tuple(dict.fromkeys(facets)),
            collapse=values.get("collapse", ""),
            recency=values.get("recency", ""),
            cursor=values.get("cursor", ""),
            width=str(_number(values, "width", MAX_WIDTH, 0)) if values.get("width") else "",
            by=values.get("by", ""),
            view=view if (view := values.get("view", "")) in (CONCORDANCE, FREQUENCIES) else "",
            ui=ui if ui in UI_LANGUAGES else "",
        )

    @property
    def skip(self) -> int:
        """The number of hits before the page."""
        return (self.page - 1) * self.limit if self.page else self.offset

    @property
    def empty(self) -> bool:
        """Whether the state has neither words nor filters: such a search finds nothing."""
        return not (self.q.strip() or self.filters or self.excluded or self.first or self.last)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters that differ from their defaults, as pairs for a query string or the fields of a form."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name, value in (("i", self.i), ("from", self.first), ("to", self.last)) if value]
        pairs += [(f"f.{name}", value) for name, values in self.filters.items() for value in values]
        pairs += [(f"not.{name}", value) for name, values in self.excluded.items() for value in values]
        names = ("sort", "match", "mode", "collapse", "recency", "cursor", "width", "by", "view", "ui")
        pairs += [(name, value) for name in names if (value := getattr(self, name))]
        if self.facets:
            pairs.append(("facets", ",".join(self.facets)))
        if self.limit:
            pairs.append(("limit", str(self.limit)))
        if not self.page:
            pairs.append(("offset", str(self.offset)))
        elif self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    def changed(self, **changes: Any) -> SearchState:
        """Return the state with other values of some attributes. It begins at the first page unless the page is given."""
        if not changes.keys() & {"page", "offset", "cursor"}:
            changes |= {"page": 1, "offset": 0, "cursor": ""}
        return replace(self, **changes)

    def url(self, path: str = "", **changes: Any) -> str:
        """Return the link of the changed state: `state.url(page=2)`, `state.url(filters={})`.

        An empty `path` is that of the page with the link.
        """
        return f"{path}?{urlencode(self.changed(**changes).pairs(), encoding='utf-8', errors='replace')}"

    def adding(self, name: str, value: str) -> SearchState:
        """Return the state with one more value of a filter."""
        values = (*self.filters.get(name, ()), value)
        return self.changed(filters=MappingProxyType({**self.filters, name: tuple(dict.fromkeys(values))}))

    def removing(self, name: str, value: str) -> SearchState:
        """Return the state without a value of a filter, or of an excluding one."""
        return self.changed(filters=_without(self.filters, name, value), excluded=_without(self.excluded, name, value))

    def arguments(
        self, kinds: Mapping[str, str], *, near_duplicates: bool = True, works: bool = False
    ) -> dict[str, Any]:
        """Return the arguments of `Index.search` other than the text; `kinds` maps the fields of the index to their kinds.

        `near_duplicates` tells whether the index folds them, and `works` whether the parts of a work are folded unless the
        state says otherwise. Raises QueryError for a filter that its field cannot have.
        """
        pairs = [(name, value) for name, values in self.filters.items() for value in values]
        pairs += [(f"{name}!", value) for name, values in self.excluded.items() for value in values]
        collapse = self.collapse or (WORKS if works else DUPLICATES if near_duplicates else NO_COLLAPSE)
        return {
            "limit": self.limit,
            "offset": self.skip,
            "filters": filters_of_texts(pairs, kinds, (self.first or None, self.last or None)) or None,
            "sort": self.sort or None,
            "match": self.match or None,
            "mode": self.mode or "auto",
            "facets": self.facets,
            "collapse": None if collapse == NO_COLLAPSE else collapse,
            "recency": self.recency or None,
        }


def _without(values: Values, name: str, value: str) -> Values:
    rest = tuple(item for item in values.get(name, ()) if item != value)
    return MappingProxyType(
        {**{other: found for other, found in values.items() if other != name}, **({name: rest} if rest else {})}
    )


def _check_text(name: str, value: str, settings: WebSettings) -> None:
    if len(name) > _MAX_NAME:
        raise _bad(name, f"the name of a parameter has at most {_MAX_NAME} characters")
    most = settings.max_query if name == "q" else _MAX_CURSOR if name == "cursor" else _MAX_VALUE
    if len(value) > most:
        raise _bad(name, f"{name} has {len(value):,} characters; at most {most:,} are allowed")


def _number(values: Mapping[str, str], name: str, most: int, default: int) -> int:
    text = values.get(name, "")
    if not text:
        return default
    if not (text.isascii() and _NUMBER.fullmatch(text)) or int(text) > most:
        raise _bad(name, f"{name} is a whole number from 0 to {most:,}")
    return int(text)


def _bad(parameter: str, detail: str) -> ProblemError:
    return ProblemError(400, "bad_parameter", detail, parameter=parameter[:100])
