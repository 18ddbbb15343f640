"""The documents of an article: the article itself, or the head of a work and its parts.

Each part carries the metadata of its work, so that filters, facets and sorting hold for it, and the pages and headings
inside it, with offsets into its own body.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from arsearch.errors import ArticleError
from arsearch.model.articles import Article
from arsearch.model.parts import LARGEST_PART, is_too_large, lay_out, lists_parts, whole_text
from arsearch.model.places import PART_OF, PARTS, Part, PlaceEntries, Step, is_part_id, part_id, split_head, stepped
from arsearch.model.schema import Schema
from arsearch.works.splitting import Split, cut, headings_of

__all__ = ["documents_of"]

_PLACES = ("pages", "headings", "cues")

Remarks = list[tuple[str, str]]


def documents_of(
    article: Article, schema: Schema, split: Split | None = None, remarks: Remarks | None = None
) -> Iterator[Article]:
    """Yield the documents of an article: the article, or the head of a work and then its parts, in order.

    An article that lists `parts` is a work. `split` cuts the bodies of other articles (see `splitting.cut`); an article
    that cannot be cut stays whole. `remarks` receives a kind and a text for each part that is left out or looks wrong.
    Raises ArticleError for an id that has the form of a part's id.
    """
    if is_part_id(article.id):
        raise ArticleError(
            f"id {article.id!r} has the form of a part's id, a work's id with ¶ and a number; choose another id, "
            "or add the work with all its parts"
        )
    entries: object = article.extra.get(PARTS)
    if split_head(article) is not None:  # a hit that is the head of a work, without its parts
        article = replace(article, extra={name: value for name, value in article.extra.items() if name != PARTS})
        if remarks is not None:
            remarks.append(("bad_part", "the head of a work; index.get returns the work with its parts"))
        entries = None
    if not lists_parts(entries):
        if remarks is not None and isinstance(entries, list | tuple) and entries:
            remarks.append(("no_parts", f"parts is {str(entries[:3])[:60]}"))
        if split is None:
            return iter((article,))
        article, entries = _cut(article, split, remarks)
        if not entries:
            return iter((article,))
        if split.kind != "headings":
            remarks = None  # the headings at which it happens to cut are not all headings
    parts, is_cut = lay_out(article.body, entries, remarks)
    if not parts:
        if not (article.title.strip() or article.body.strip()):
            raise ArticleError("title and body are empty, and no part has text; one of them must have text")
        return iter((replace(article, extra={k: v for k, v in article.extra.items() if k != PARTS}),))
    if is_cut:
        for number, part in enumerate(parts, 1):
            if is_too_large(part.body):  # without it, the text would have a hole
                raise ArticleError(
                    f"part {number} has more than {LARGEST_PART:,} bytes; cut the article into smaller parts"
                )
    return _work(article, schema, parts, is_cut)


def _cut(article: Article, split: Split, remarks: Remarks | None) -> tuple[Article, list[dict[str, Any]]]:
    """Return the article, with the headings of its text if some stand inside its parts, and its parts; none if it stays whole."""
    headings = headings_of(article.body, article.extra.get("headings"))
    entries = cut(article.body, split, headings, article.extra.get("pages"))
    if not entries and remarks is not None and split.kind != "size" and article.body:
        remarks.append(("not_split", f"no {'pages' if split.kind == 'pages' else 'headings'}"))
    if entries and headings and split.kind != "headings":
        article = replace(article, extra={**article.extra, "headings": headings})
    return article, entries


def _work(article: Article, schema: Schema, parts: Sequence[Part], is_cut: bool) -> Iterator[Article]:
    edition = _edition(article, parts)
    length = len(whole_text(article.body, parts, is_cut))
    figures = {"count": len(parts), "edition": edition, "length": length, "cut": is_cut}
    body = article.body[: parts[0].start] if is_cut else article.body
    yield replace(article, body=body, extra={**article.extra, PARTS: figures})
    inherited = {
        field.name: article.extra[field.name]
        for field in schema
        if field.has_doc_values and field.name in article.extra
    }
    places = {name: article.extra[name] for name in _PLACES if is_cut and isinstance(article.extra.get(name), list)}
    cursors = {name: _Cursor(entries) for name, entries in places.items()}
    path: list[Step] = []
    for number, part in enumerate(parts, 1):
        if (headings := cursors.get("headings")) is not None:
            path = headings.path(path, part.start)
        if part.heading:
            path = [*((level, heading) for level, heading in path if level < part.level), (part.level, part.heading)]
        tie: dict[str, Any] = {
            "work": article.id,
            "title": article.title,
            "number": number,
            "edition": edition,
            "path": [list(step) for step in path],
            "heading": part.heading,
            "level": part.level,
            "start": part.start,
            "end": part.end,
        }
        tie |= {name: value for name in ("volume", "page") if (value := getattr(part, name)) is not None}
        if part.extra:
            tie["extra"] = dict(part.extra)
        inside = {name: found for name, cursor in cursors.items() if (found := cursor.inside(part, name == "pages"))}
        yield replace(
            article,
            id=part_id(article.id, number),
            title=part.heading,
            body=part.body,
            extra={**inherited, **inside, PART_OF: tie},
        )


class _Cursor:
    """Walks once through a list of places in rising order, as parts follow each other."""

    def __init__(self, entries: Sequence[object]) -> None:
        self._entries = PlaceEntries(entries).entries
        self._at = self._walked = 0

    def inside(self, part: Part, with_last: bool) -> list[dict[str, Any]]:
        """Return the entries inside a part, with offsets into its body; `with_last` adds the entry in force at its start."""
        found = []
        while self._at < len(self._entries) and self._entries[self._at]["start"] < part.end:
            entry = self._entries[self._at]
            if entry["start"] >= part.start:
                found.append({**entry, "start": entry["start"] - part.start})
            self._at += 1
        last = self._at - len(found) - 1
        if with_last and last >= 0 and not (found and found[0]["start"] == 0):
            found.insert(0, {**self._entries[last], "start": 0})
        return found

    def path(self, path: list[Step], start: int) -> list[Step]:
        """Return a path after the headings since the last call, up to an offset; offsets must rise."""
        while self._walked < len(self._entries) and self._entries[self._walked]["start"] <= start:
            path = stepped(path, self._entries[self._walked])
            self._walked += 1
        return path


def _edition(article: Article, parts: Sequence[Part]) -> int:
    """Return a number of 62 bits that depends on all of a work: another content is another edition."""
    digest = blake2b(digest_size=8)
    digest.update(json.dumps(article.to_dict()).encode())
    for part in parts:
        digest.update(json.dumps((part.heading, part.start, part.end)).encode())
    return (int.from_bytes(digest.digest(), "big") >> 2) + 1
