"""The XML dump of a MediaWiki (Wikipedia and its kin) to records: one article for each page of the main namespace.

The text is that of the latest revision in the dump, and so is the date. Redirects and pages of other namespaces are left
out and counted. Wiki text becomes plain text in a child process.
Source: the MediaWiki export schema, versions 0.3 to 0.11 (https://www.mediawiki.org/xml/export-0.11.xsd).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.reader import Reader
from arsearch.readers.web.xml_head import byte_encoding, root_name
from arsearch.readers.web.xml_records import Element, XmlRecords
from arsearch.readers.workers import Parser

__all__ = ["MEDIAWIKI"]

_TEXT_MODELS = ("", "wikitext")
_PARSER = Parser(
    "arsearch.readers.web.wiki_text:parse",
    name="a MediaWiki dump",
    extra="wiki",
    modules=("mwparserfromhell",),
    seconds=20,
    megabytes=400,
)


def _read(content: Content) -> Iterator[Record]:
    site = Element("siteinfo", 0)
    namespaces: set[str] = set()
    left_out: Counter[str] = Counter()
    found = False
    worker = content.worker(_PARSER)
    pages = XmlRecords(
        content.chunks, "page", others=("siteinfo",), last_of="revision", encoding=byte_encoding(content)
    )
    for element in pages:
        if element.name == "siteinfo":
            site = element
            namespaces = _namespaces(site)
            continue
        where = f"{content.name}:page {element.text_of('id') or element.line}"
        found = True
        if element.problem:
            yield Record(f"{content.name}:{element.line}", None, element.problem)
        elif kind := _left_out(element, namespaces):
            left_out[kind] += 1
        else:
            revision = element.find("revision")
            text = revision.find("text") if revision else None
            try:
                parsed = worker.one(text.text.encode()) if text else {}
            except InputError as problem:
                yield Record(where, None, str(problem))
            else:
                yield Record(where, _article(element, site, parsed, content.stem))
    if left_out:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(left_out.items()))
        content.tell(f"left out: {kinds}; only pages of the main namespace are articles")
    if not found:
        raise InputError("the dump has no pages")


def _namespaces(site: Element) -> set[str]:
    """Return the names of all namespaces but the main one. Old dumps do not number the namespace of a page."""
    listed = site.find("namespaces") or Element("namespaces", 0)
    return {name for one in listed.children if one.attributes.get("key") != "0" and (name := one.text.strip())}


def _left_out(page: Element, namespaces: set[str]) -> str | None:
    """Return the kind of a page that is not an article, or `None`."""
    if page.find("redirect"):
        return "redirects"
    prefix, colon, _ = page.text_of("title").partition(":")
    if page.find("ns") is None and colon and prefix in namespaces:
        return f"pages of namespace {prefix}"
    if (page.text_of("ns") or "0") != "0":
        return f"pages of namespace {page.text_of('ns')}"
    revision = page.find("revision")
    model = revision.text_of("model") if revision else ""
    return None if model in _TEXT_MODELS else f"pages of {model}"


def _article(page: Element, site: Element, parsed: dict[str, object], stem: str) -> dict[str, object]:
    title = page.text_of("title")
    revision = page.find("revision") or Element("revision", 0)
    contributor = revision.find("contributor") or Element("contributor", 0)
    base = site.text_of("base").rpartition("/")[0]
    categories = parsed.get("categories")
    data: dict[str, object] = {
        "id": f"{site.text_of('dbname') or stem}-{page.text_of('id') or title}",
        "title": title,
        "body": parsed.get("text", ""),
        "headings": parsed.get("headings"),
        "date": revision.text_of("timestamp"),
        "author": contributor.text_of("username"),
        "source": site.text_of("sitename"),
        "url": f"{base}/{quote(title.replace(' ', '_'), safe='/:()،,-_~!$*')}" if base and title else "",
        "tags": categories,
        "revision": revision.text_of("id"),
    }
    return {name: value for name, value in data.items() if value}


MEDIAWIKI = Reader(
    name="mediawiki",
    label="MediaWiki dump",
    sniff=lambda content: 0.95 if root_name(content.head) == "mediawiki" else 0.0,
    read=_read,
)
