"""The entries of an RSS or Atom feed, with feedparser. This module runs in the child process of `arsearch.readers.workers`.

Sources: RSS 2.0 and RSS 1.0 (with content:encoded and dc:creator); RFC 4287 (Atom); JSON Feed is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from arsearch.dates.timestamps import iso_date
from arsearch.errors import InputError
from arsearch.readers.html.encoding import decoded_markup
from arsearch.readers.html.text import headed_text

__all__ = ["parse"]

_ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_PROLOG = 1 << 16
_DAMAGED = "CharacterEncodingOverride NonXMLContentType".split()


def parse(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """Yield the articles of a feed in its order, then `{"damaged": reason}` if it is not well-formed.

    Raises `InputError` for a file that is no feed, and for one that declares entities.
    """
    import io

    import feedparser

    text = decoded_markup(file.read())
    if _ENTITY.search(text, 0, _PROLOG):
        raise InputError("the feed declares entities (<!ENTITY>), which can expand without limit; remove them")
    headers = {"content-type": "application/xml; charset=utf-8"}
    feed = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), response_headers=headers)
    if not feed.entries and not feed.get("version"):
        raise InputError("not an RSS or Atom feed")
    source = _plain(feed.feed, "title")
    for entry in feed.entries:
        yield _article(entry, source)
    failure = feed.get("bozo_exception")
    if failure is not None and type(failure).__name__ not in _DAMAGED:
        reason = getattr(failure, "getMessage", lambda: str(failure))()
        yield {
            "damaged": f"the feed is not well-formed ({str(reason)[:100]}); the entries that could be found were read"
        }


def _article(entry: Any, source: str) -> dict[str, Any]:
    summary = _plain(entry, "summary")
    contents = [_headed(part) for part in entry.get("content", [])]
    body, headings = max(contents, key=lambda content: len(content[0]), default=("", []))
    if not body:
        body, headings = summary, _headed(_detail(entry, "summary"))[1]
    tags = [tag["term"].strip() for tag in entry.get("tags", []) if tag.get("term")]
    data = {
        "id": entry.get("id") or entry.get("link"),
        "title": _plain(entry, "title"),
        "body": body,
        "headings": headings,
        "author": entry.get("author", ""),
        "date": iso_date(entry.get("published") or entry.get("updated") or entry.get("created") or ""),
        "url": entry.get("link", ""),
        "source": source,
        "tags": list(dict.fromkeys(tags)),
        "summary": summary if summary != body else "",
    }
    return {name: value for name, value in data.items() if value}


def _plain(item: Any, name: str) -> str:
    return _headed(_detail(item, name))[0]


def _detail(item: Any, name: str) -> Any:
    return item.get(f"{name}_detail") or {"value": item.get(name, "")}


def _headed(part: Any) -> tuple[str, list[dict[str, Any]]]:
    """Return the text of a part and its headings: HTML becomes text, plain text stays."""
    value = part.get("value") or ""
    return (value.strip(), []) if part.get("type") == "text/plain" else headed_text(value)
