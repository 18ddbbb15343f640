"""Files of RSS and Atom feeds to records: one article an entry."""

from __future__ import annotations

from collections.abc import Iterator

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.reader import Reader
from arsearch.readers.web.wordpress import is_wordpress
from arsearch.readers.web.xml_head import root_name
from arsearch.readers.workers import Parser

__all__ = ["FEED"]

_PARSER = Parser(
    "arsearch.readers.web.feed_entries:parse",
    name="a feed",
    extra="html",
    modules=("feedparser",),
    seconds=60,
    megabytes=512,
)
_RDF_FEED = ("purl.org/rss/1.0", "my.netscape.com/rdf")


def _read(content: Content) -> Iterator[Record]:
    """Yield one record for each entry, at its number."""
    number = 0
    problem = None
    for data in content.worker(_PARSER).mappings(content.stream):
        if "damaged" in data:
            problem = data["damaged"]
            continue
        number += 1
        data.setdefault("id", f"{content.stem}-{number}")
        yield Record(f"{content.name}:entry {number}", data)
    if problem:
        yield Record(content.name, None, problem)
    elif not number:
        raise InputError("the feed has no entries")


def _sniff(content: Content) -> float:
    root = root_name(content.head)
    if root in ("rss", "feed"):
        return 0.0 if is_wordpress(content.head) else 0.9
    if root == "rdf" and any(name in content.head for name in _RDF_FEED):
        return 0.9
    return 0.2 if content.is_named(".rss", ".atom") else 0.0


FEED = Reader(
    name="feed",
    label="RSS or Atom feed",
    suffixes=(".rss", ".atom"),
    binary=True,
    sniff=_sniff,
    refine=lambda content: "wordpress" if is_wordpress(content.head) else "feed",
    read=_read,
)
