"""A whole HTML page to an article, with trafilatura. This module runs in the child process of `arsearch.readers.workers`.

Trafilatura finds title, text and author. Its dates are not used: it reads «12 كانون الثاني 2014» as 2014-01-01. The date
is the page's own statement: JSON-LD, then `meta`, then `<time>`.
Sources: schema.org (Article: headline, datePublished, author); the Open Graph protocol (article:published_time); Dublin
Core in HTML; HTML Living Standard, 4.5.14 (`time`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from arsearch.dates.timestamps import iso_date
from arsearch.dates.values import read_date
from arsearch.errors import InputError
from arsearch.readers.html.encoding import decoded_markup
from arsearch.readers.web.page_headings import (
    drop_links_of_headings,
    headings_by_lines,
    headings_of_tree,
    with_text,
    without_first_line,
)
from arsearch.readers.web.page_text import holds_prose, is_unfiltered, text_outside_menus

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["page_article", "parse"]

_DATE_NAMES = (
    "article:published_time article.published datepublished date_published publishdate publish_date publish-date"
    " pubdate publication_date article:published og:published_time og:article:published_time sailthru.date dc.date.issued"
    " dcterms.issued dcterms.created dc.date.created dc.date dcterms.date parsely-pub-date cxenseparse:recs:publishtime"
    " citation_publication_date citation_date date created originalpublicationdate"
).split()
_JSON_DATES = ("datePublished", "dateCreated", "uploadDate")
_LONGEST_JSON = 1 << 20
_LONGEST_DATE = 60
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_ZERO = re.compile(r"^0000|^\s*$")
_SPACES = re.compile(r"[ \t\r\u00a0]+")


def parse(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """Yield the article of one page.

    The input is a line of JSON, `{"charset": ..., "url": ...}` with the values of the transport, and the page.
    """
    told = json.loads(file.readline())
    yield page_article(file.read(), charset=told.get("charset"), url=told.get("url"))


def page_article(data: bytes, *, charset: str | None = None, url: str | None = None) -> dict[str, Any]:
    """Return title, body, headings, author, date, source and url of a page, as far as it states them.

    Where trafilatura misses most of the prose, the body is the text outside of menus, and `whole_page` is true. Raises
    `InputError` if the page has no text.
    """
    import logging

    from lxml import etree
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    logging.disable(logging.CRITICAL)
    html = decoded_markup(data, charset).replace("\0", "")
    tree = load_html(html)
    if tree is None:  # too little markup for trafilatura
        tree = _parsed(html)
    drop_links_of_headings(tree)
    stated = _stated_date(tree)
    page: Any = bare_extraction(
        tree,
        url=url,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    body = _tidy(page.text or "") if page else ""
    title = (page.title or "") if page else ""
    outside, headings_outside = text_outside_menus(tree)
    whole = not body or not holds_prose(body, outside)
    headings = headings_outside
    if whole:
        body = outside
    else:
        if not (headings := headings_of_tree(page.body, body, _tidy)):
            body, headings = headings_by_lines(body, headings_outside, outside)
        if is_unfiltered(body, outside):
            without_links, its_headings = text_outside_menus(tree, links=False)
            if len(without_links.split()) < len(body.split()):
                body, headings = without_links, its_headings
    title = title or _title(tree)
    body, headings = without_first_line(body, headings, title)
    if not body:
        body, headings = without_first_line(outside, headings_outside, title)
    headings = with_text(headings, body)
    if not body and not title:
        raise InputError("the page has no text; is it written by scripts?")
    article = {
        "title": title,
        "body": body,
        "author": (page.author or "").replace("; ", "، ") if page else "",
        "source": (page.sitename or "") if page else "",
        "date": stated,
        "url": url or ((page.url or "") if page else "") or _canonical(tree, etree),
        "description": (page.description or "") if page else "",
        "tags": list(page.tags or []) if page else [],
        "headings": headings,
        "whole_page": whole,
    }
    return {name: value for name, value in article.items() if value}


def _parsed(html: str) -> HtmlElement:
    from lxml.etree import LxmlError
    from lxml.html import document_fromstring

    try:
        return document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", html))
    except (LxmlError, ValueError) as error:
        raise InputError(f"not HTML: {error}") from None


def _tidy(text: str) -> str:
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def _title(tree: HtmlElement) -> str:
    for path in ("//h1", "//title"):
        for element in tree.xpath(path):
            if text := " ".join(element.text_content().split()):
                return text
    return ""


def _canonical(tree: HtmlElement, etree: Any) -> str:
    found = etree.XPath("//link[@rel='canonical']/@href")(tree)
    return str(found[0]) if found and str(found[0]).startswith("http") else ""


def _stated_date(tree: HtmlElement) -> str:
    """Return the date of publication that the page states for machines; empty without one."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        if date := _json_date(script.text or ""):
            return iso_date(date)
    metas: dict[str, str] = {}
    for meta in tree.xpath("//meta[@content]"):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if name := meta.get(attribute):
                metas.setdefault(name.strip().lower(), meta.get("content", "").strip())
    for name in _DATE_NAMES:
        if (date := metas.get(name, "")) and not _ZERO.match(date):
            return iso_date(date)
    paths = ("//*[@itemprop='datePublished']", "//time[@pubdate]", "//article//time", "//time")
    for path in paths:
        for element in tree.xpath(path):
            date = element.get("datetime") or element.get("content") or _date_text(element)
            if date and not _ZERO.match(date):
                return iso_date(date)
    return ""


def _date_text(element: HtmlElement) -> str:
    """Return the text of a `<time>` without `datetime`, if it has a year or is a date: 'three hours ago' is none."""
    text = " ".join(element.text_content().split())
    is_date = len(text) <= _LONGEST_DATE and (_YEAR.search(text) or read_date(text))
    return text if is_date else ""


def _json_date(text: str) -> str:
    if len(text) > _LONGEST_JSON:
        return ""
    try:
        data = json.loads(text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
    except (ValueError, RecursionError):
        return ""
    queue = [data]
    for item in queue:  # breadth first: the article comes before its comments
        if len(queue) > 10_000:
            break
        if isinstance(item, dict):
            for name in _JSON_DATES:
                if isinstance(date := item.get(name), str) and date.strip() and "Comment" not in str(item.get("@type")):
                    return date
            queue.extend(item.values())
        elif isinstance(item, list):
            queue.extend(item)
    return ""
