"""The articles that documents were made of: works are put together from their heads and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from arsearch.model.articles import Article
from arsearch.model.places import PARTS, part_id, part_of, split_head

__all__ = ["whole", "whole_articles"]

_NAMES = ("heading", "level", "volume", "page")

Get = Callable[[str], Article | None]


def whole(document: Article, get: Get) -> Article:
    """Return the work of a head with all its parts, as it was added; another document as it is.

    `get` returns the document with an id. Parts that are missing, which only a damaged index lacks, are left out.
    """
    head = split_head(document)
    if head is None:
        return document
    numbers = range(1, int(head["count"]) + 1)
    return _joined(document, head, (part for number in numbers if (part := get(part_id(document.id, number)))))


def whole_articles(documents: Iterable[Article], get: Get) -> Iterator[Article]:
    """Yield the articles of documents in order: a work stands where its head stands.

    Parts usually follow their head, and are taken from there; `get` returns others.
    """
    stream = iter(documents)
    document = next(stream, None)
    while document is not None:
        head = split_head(document)
        following = next(stream, None)
        if head is None:
            if part_of(document) is None:
                yield document
            document = following
            continue
        parts: list[Article] = []
        for number in range(1, int(head["count"]) + 1):
            id = part_id(document.id, number)
            if following is not None and following.id == id:
                parts.append(following)
                following = next(stream, None)
            elif (part := get(id)) is not None:
                parts.append(part)
        yield _joined(document, head, parts)
        document = following


def _joined(document: Article, head: Mapping[str, Any], parts: Iterable[Article]) -> Article:
    is_cut = bool(head["cut"])
    entries: list[dict[str, Any]] = []
    texts = [document.body]
    for part in parts:
        tie = part_of(part) or {}
        entry = {name: value for name in _NAMES if (value := tie.get(name)) not in (None, "", 0)}
        entry |= tie.get("extra", {})
        if is_cut:
            entry |= {"start": tie.get("start", 0), "end": tie.get("end", 0)}
            texts.append(part.body)
        else:
            entry["body"] = part.body
        entries.append(entry)
    body = "".join(texts) if is_cut else document.body
    return replace(document, body=body, extra={**document.extra, PARTS: entries})
