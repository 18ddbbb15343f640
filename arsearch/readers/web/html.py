"""Saved HTML pages to records: one article a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.lines import whole
from arsearch.readers.reader import Reader
from arsearch.readers.web.xml_head import root_name
from arsearch.readers.workers import Parser

__all__ = ["HTML", "HTML_PARSER", "WHOLE_PAGE", "parsed_page"]

HTML_PARSER = Parser(
    "arsearch.readers.web.html_page:parse",
    name="HTML",
    extra="html",
    modules=("trafilatura", "lxml"),
    seconds=30,
    megabytes=512,
)

_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_LONGEST_PAGE = 16 << 20
_DOCTYPE = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*|<!--.{0,2000}?-->\s*)*<!doctype\s+html\b", re.IGNORECASE | re.DOTALL)
_WHOLE_TAG = re.compile(
    r"(?:\s*<!--[^>]*-->)*\s*<[A-Za-z0-9]+(?:\s+[A-Za-z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s<>]+))?)*\s*/?>"
)
_PAGE_ROOTS = ("html", "head", "body", "meta", "title")
_FRAGMENT_ROOTS = frozenset(
    "a article b blockquote br center div em font h1 h2 h3 header i img main nav ol p section span strong table u ul".split()
)
_ELEMENTS = _FRAGMENT_ROOTS | frozenset(
    "abbr address area aside audio big button caption cite code col colgroup dd del details dfn dl dt em figcaption figure"
    " footer form h4 h5 h6 hr html head body title iframe input ins kbd label legend li link map mark meta noscript object"
    " option picture pre q s samp script select small source strike style sub summary sup svg tbody td textarea tfoot th thead"
    " time tr tt var video wbr".split()
)
"""The elements of HTML; a fragment that has any other element is XML."""

_TAG = re.compile(r"<([A-Za-z][\w.:-]*)")
_LINK = re.compile(r"\s*<a\s[^<>]*\b(?:href|name|id)\s*=", re.IGNORECASE)
WHOLE_PAGE = "trafilatura finds too little of the text; all text outside of menus is read"


def parsed_page(content: Content, told: Mapping[str, str | None], page: bytes) -> tuple[dict[str, Any], bool]:
    """Return the article of a page, and whether all text outside of menus became its body.

    `told` has what the transport says of the page, under `charset` and `url`. Raises `InputError` if it cannot be parsed.
    """
    data = content.worker(HTML_PARSER).one(json.dumps(told).encode() + b"\n" + page)
    return data, bool(data.pop("whole_page", False))


def _read(content: Content) -> Iterator[Record]:
    charset = content.encoding.codec if content.encoding.given else None
    page = whole(content.stream, "a page", _LONGEST_PAGE)
    data, is_whole = parsed_page(content, {"charset": charset}, page)
    if is_whole:
        content.tell(WHOLE_PAGE)
    yield Record(content.name, {"id": content.source.id} | data)


def _sniff(content: Content) -> float:
    head = content.head.lstrip("\ufeff")
    if _DOCTYPE.match(head):
        return 0.9
    root = root_name(head)
    if root in _PAGE_ROOTS:
        return 0.9
    if root in _FRAGMENT_ROOTS and _WHOLE_TAG.match(head) and _is_fragment(content, head, root):
        return 0.6
    return 0.2 if content.is_named(*_SUFFIXES) else 0.0


def _is_fragment(content: Content, head: str, root: str) -> bool:
    """Return whether a text that begins with a tag of HTML is HTML: XML may have an <a> or <table> too."""
    if content.is_named(".xml") or (root == "a" and not _LINK.search(head[:1000])):
        return False
    return all(match[1].lower() in _ELEMENTS for match in _TAG.finditer(head))


HTML = Reader(
    name="html",
    label="HTML",
    suffixes=_SUFFIXES,
    binary=True,
    sniff=_sniff,
    read=_read,
)
