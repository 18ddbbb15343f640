"""The values that pass between the layers: articles in, hits and reports out.

Nothing here knows Whoosh, files or Arabic. Offsets are code points into the original text of the
field they name; spans are half open, so `text[span.start:span.end]` is what they cover.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import html
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from arsearch.errors import ArticleError

__all__ = [
    "AddReport",
    "Article",
    "Failure",
    "FieldKind",
    "Hit",
    "Level",
    "Passage",
    "Record",
    "SearchResults",
    "Snippet",
    "Span",
    "Stats",
]

FieldKind = Literal["text", "keyword", "int", "float", "date"]
"""What a declared field may hold; `text` is analysed and searched, the others filter and sort."""

KNOWN_FIELDS = ("id", "title", "body", "author", "source", "url", "date", "category", "tags")
_TEXT_FIELDS = ("title", "body", "author", "source", "url", "category")


class Level(enum.IntEnum):
    """How strictly a written word matched a query word; a larger level is a stricter match."""

    ROOT = 1
    STEM = 2
    WORD = 3
    NORMALISED = 4
    SURFACE = 5
    VOCALISED = 6

    @property
    def label(self) -> str:
        """The level's name in lower case, as printed and as written in JSON."""
        return self.name.lower()


class Span(NamedTuple):
    """A marked stretch `[start, end)` of a field's original text and how strictly it matched."""

    field: str
    start: int
    end: int
    level: Level


class Passage(NamedTuple):
    """A stretch `[start, end)` of a field's original text that a snippet shows."""

    start: int
    end: int


def parse_date(value: object) -> dt.date | dt.datetime:
    """Read a date: ISO 8601, `YYYY-MM-DD`, `YYYY/MM/DD`, with or without a time, digits of any script.

    A time zone, if given, is kept. Raises `ArticleError` naming the value.
    """
    if isinstance(value, dt.date):  # datetime is a date
        return value
    if isinstance(value, str):
        text = "".join(str(int(c)) if c.isdecimal() else c for c in value.strip())
        text = text.replace("/", "-")
        if text[-1:] in "Zz" and len(text) > 10:
            text = text[:-1] + "+00:00"
        try:
            return dt.date.fromisoformat(text) if len(text) <= 10 else dt.datetime.fromisoformat(text)
        except ValueError:
            pass
    raise ArticleError(f"date {value!r} is not a date; write it as 2015-07-21 or 2015-07-21 02:51:32")


@dataclass(frozen=True, slots=True)
class Article:
    """One document. `title` or `body` may be empty, not both; `extra` holds all further fields.

    Extra values are JSON values; those whose names the index declares are also searchable,
    filterable or sortable, the others are stored and come back with the hit.
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
        """Build an article from a mapping, as read from JSON; unknown names go to `extra`.

        An integer id becomes its decimal string; `None` counts as absent; `tags` may be one string.
        Raises `ArticleError` with the field and the reason.
        """
        values: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for name, value in data.items():
            if not isinstance(name, str):
                raise ArticleError(f"field name {name!r} is not a string")
            if value is None or (isinstance(value, float) and math.isnan(value)):
                continue
            if name not in KNOWN_FIELDS:
                extra[name] = value
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
        return cls(**values, extra=extra).checked()

    def checked(self) -> Article:
        """This article, if it can be indexed; else `ArticleError`."""
        _article_id(self.id)
        for name in _TEXT_FIELDS:
            _text(name, getattr(self, name))
        if not self.title.strip() and not self.body.strip():
            raise ArticleError("both title and body are empty; one of them must have text")
        if self.extra:
            try:
                json.dumps(dict(self.extra), allow_nan=False, ensure_ascii=False).encode()
            except (TypeError, ValueError, RecursionError) as error:
                raise ArticleError(f"a further field is not a JSON value: {error}") from None
        return self

    def to_dict(self) -> dict[str, Any]:
        """The article as JSON values, absent fields left out; `from_dict` reads it back."""
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
        raise ArticleError(f"{name} has a NUL character at {value.index(chr(0))}; is it a binary or UTF-16 file?")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ArticleError(f"{name} has a lone surrogate {value[error.start]!r} at {error.start}") from None
    return value


def _tags(value: object) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        raise ArticleError(f"tags is {type(value).__name__}, not a list of strings")
    return tuple(_text("tags", item) for item in items if item != "")


class Record(NamedTuple):
    """A row as a reader found it: where it stands, and its data or why there is none.

    Exactly one of `data` and `problem` is set.
    """

    where: str
    data: Mapping[str, Any] | None
    problem: str | None = None


class Failure(NamedTuple):
    """An article that was not indexed: where it stood, its id if it had one, and the reason."""

    where: str
    id: str | None
    reason: str


@dataclass(slots=True)
class AddReport:
    """What `Index.add` did. `failed` lists the articles left out, in input order.

    `failures` counts them all; `failed` keeps the first 1,000.
    """

    added: int = 0
    updated: int = 0
    failures: int = 0
    failed: list[Failure] = field(default_factory=list)
    commits: int = 0
    characters: int = 0
    took: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values; `took` in seconds."""
        return {
            "added": self.added,
            "updated": self.updated,
            "failures": self.failures,
            "failed": [failure._asdict() for failure in self.failed],
            "commits": self.commits,
            "characters": self.characters,
            "took": round(self.took, 3),
        }


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of one commit; `bytes` counts the files it uses, `terms` distinct terms by field."""

    articles: int
    deleted: int
    segments: int
    bytes: int
    terms: Mapping[str, int]
    fields: Mapping[str, str]
    format: int
    generation: int
    analyzer: str

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "terms": dict(self.terms),
            "fields": dict(self.fields),
        }


# Characters that could rewrite a screen, spoof the order of a text or break its encoding, and what stands in for them.
_SPACE_LIKE = "\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029"
_INVISIBLE = "\u202a-\u202e\u2066-\u2069\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # bidi, shaping, tags
_UNSAFE = re.compile(f"([{_SPACE_LIKE}])|([{_INVISIBLE}])|[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
_SPACES = re.compile(r"\s+")
_SENTENCE_ENDS = tuple(".!?؟؛۔…")
_CLOSERS = "\"'”’»›)]}"
_ELLIPSIS = "…"
_LOOK = 64  # characters beside a passage that tell whether it is cut from a sentence


@dataclass(frozen=True, slots=True)
class Snippet:
    """Passages of one field's original text, with the matched words marked.

    `passages` and `spans` are offsets into `source`, in text order, disjoint, and every span lies in a passage.
    The renderings join the passages with an ellipsis, put one before and after where a sentence is cut, and fold white
    space; control characters, lone surrogates and bidi embeddings, overrides and isolates of the text are neutralised
    in them, never in `source`. Marks stand around whole written words.
    """

    field: str
    source: str = dataclasses.field(repr=False)
    passages: tuple[Passage, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The passages as plain text."""
        return self.render(str, "", "")

    @property
    def html(self) -> str:
        """The passages with everything escaped, also for use in an attribute, and the matches in `<mark>`."""
        return self.render(html.escape, "<mark>", "</mark>")

    @property
    def ansi(self) -> str:
        """The passages for a terminal, the matches in bold."""
        return self.render(str, "\x1b[1m", "\x1b[22m")

    def render(self, escape: Callable[[str], str], before: str, after: str) -> str:
        """The passages with `escape` applied to the text and each match between `before` and `after`."""
        pieces = [piece for passage in self.passages if (piece := self._marked(passage, escape, before, after))]
        if not pieces:
            return ""
        if self._cut_before(self.passages[0].start):
            pieces.insert(0, _ELLIPSIS)
            pieces[:2] = [" ".join(pieces[:2])]
        if self._cut_after(self.passages[-1].end):
            pieces[-1] += f" {_ELLIPSIS}"
        return f" {_ELLIPSIS} ".join(pieces)

    def _marked(self, passage: Passage, escape: Callable[[str], str], before: str, after: str) -> str:
        out, at = [], passage.start
        for span in self.spans:
            if at <= span.start and span.end <= passage.end:
                out += [escape(_safe(self.source[at : span.start]))]
                out += [before, escape(_safe(self.source[span.start : span.end])), after]
                at = span.end
        out.append(escape(_safe(self.source[at : passage.end])))
        return "".join(out).strip()

    def _cut_before(self, start: int) -> bool:
        """True unless a sentence, or the text, begins at `start`."""
        look = self.source[max(0, start - _LOOK) : start]
        text = look.rstrip()
        return bool(text) and "\n" not in look[len(text) :] and not text.rstrip(_CLOSERS).endswith(_SENTENCE_ENDS)

    def _cut_after(self, end: int) -> bool:
        """True unless a sentence, or the text, ends at `end`."""
        look = self.source[end : end + _LOOK]
        rest = look.lstrip()
        shown = self.source[max(0, end - _LOOK) : end].rstrip().rstrip(_CLOSERS)
        return bool(rest) and "\n" not in look[: len(look) - len(rest)] and not shown.endswith(_SENTENCE_ENDS)


def _safe(text: str) -> str:
    """`text` with white space folded and unsafe characters replaced or, if invisible, dropped."""
    text = _UNSAFE.sub(lambda found: " " if found[1] else "" if found[2] else "\ufffd", text)
    return _SPACES.sub(" ", text)


class Hit:
    """One answer: its rank (from 1), id, score, article, strictest level and marked texts.

    Scores compare within one search only. The snippets are made when first asked for.
    """

    __slots__ = ("_load", "_mark", "_marked", "_article", "id", "rank", "score", "complete")

    def __init__(
        self,
        rank: int,
        id: str,
        score: float,
        complete: bool,
        load: Callable[[], Article],
        mark: Callable[[Article], tuple[Snippet, Snippet, Level | None]],
    ) -> None:
        self.rank = rank
        self.id = id
        self.score = score
        self.complete = complete
        self._load = load
        self._mark = mark
        self._article: Article | None = None
        self._marked: tuple[Snippet, Snippet, Level | None] | None = None

    @property
    def article(self) -> Article:
        """The stored article, as it was added."""
        if self._article is None:
            self._article = self._load()
        return self._article

    @property
    def title(self) -> str:
        """The article's title, as it was added."""
        return self.article.title

    @property
    def snippet(self) -> Snippet:
        """The best passages of the body; of the title when there is no body."""
        return self._marks()[1]

    @property
    def title_snippet(self) -> Snippet:
        """The whole title with its matches marked."""
        return self._marks()[0]

    @property
    def level(self) -> Level | None:
        """The strictest level at which a query word matched; `None` if no word was asked for."""
        return self._marks()[2]

    def _marks(self) -> tuple[Snippet, Snippet, Level | None]:
        if self._marked is None:
            self._marked = self._mark(self.article)
        return self._marked

    def to_dict(self) -> dict[str, Any]:
        """The hit as JSON values, as `arsearch query --json` prints it."""
        return {
            "rank": self.rank,
            "id": self.id,
            "score": self.score,
            "level": self.level.label if self.level else None,
            "complete": self.complete,
            "title": self.title,
            "title_html": self.title_snippet.html,
            "snippet": {
                "text": self.snippet.text,
                "html": self.snippet.html,
                "spans": [[s.field, s.start, s.end, s.level.label] for s in (*self.title_snippet.spans, *self.snippet.spans)],
            },
            "article": self.article.to_dict(),
        }

    def __repr__(self) -> str:
        return f"<Hit {self.rank}: {self.id!r} {self.score:.3f}>"


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of hits, in order. `total` counts every article that has what the query asks for.

    `total_any` counts those that have at least part of it; it is larger than `total` only when `mode="auto"` went on
    with part of the words, and the hits that lack some have `complete` false. `took` is in seconds.
    `facets` maps a field to its values with their counts, most frequent first.
    """

    query: str
    hits: tuple[Hit, ...]
    total: int
    total_any: int
    took: float
    notes: tuple[str, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __getitem__(self, position: int) -> Hit:
        return self.hits[position]

    def to_dict(self) -> dict[str, Any]:
        """The results as JSON values, as `arsearch query --json` prints them."""
        return {
            "query": self.query,
            "total": self.total,
            "total_any": self.total_any,
            "took": round(self.took, 6),
            "notes": list(self.notes),
            "facets": {name: dict(values) for name, values in self.facets.items()},
            "hits": [hit.to_dict() for hit in self.hits],
        }
