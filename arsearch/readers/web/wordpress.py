"""The export of a WordPress site (WXR, "WordPress eXtended RSS") to records: one article for each published post or page.

Source: WordPress 6.6, wp-admin/includes/export.php, which writes the format, and shortcodes in wp-includes/media.php.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from arsearch.dates.timestamps import iso_date
from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.html.text import headed_text, html_to_text
from arsearch.readers.reader import Reader
from arsearch.readers.web.xml_head import byte_encoding, root_name
from arsearch.readers.web.xml_records import Element, XmlRecords

__all__ = ["WORDPRESS", "is_wordpress"]

_NOT_ARTICLES = frozenset(
    "attachment nav_menu_item revision custom_css customize_changeset oembed_cache user_request wp_block wp_template"
    " wp_template_part wp_global_styles wp_navigation wp_font_family wp_font_face".split()
)
_SHORTCODE = re.compile(
    r"\[/?(?:caption|wp_caption|gallery|audio|video|playlist|embed|vc_\w+|et_pb_\w+)(?:\s[^\[\]]{0,2000})?/?\]"
)
_NO_DATE = "0000-00-00"


def is_wordpress(head: str) -> bool:
    """Return whether XML that begins with `head` is an export of WordPress."""
    return root_name(head) == "rss" and ("wordpress.org/export/" in head or "<wp:wxr_version>" in head)


def _read(content: Content) -> Iterator[Record]:
    """Yield one record for each post or page, at the line of its item, and tell what was left out."""
    site = authors = None
    authors = {}
    left_out: Counter[str] = Counter()
    found = False
    names = ("title", "wp:author")
    for element in XmlRecords(content.chunks, "item", others=names, encoding=byte_encoding(content)):
        where = f"{content.name}:{element.line}"
        if element.problem:
            yield Record(where, None, element.problem)
        elif element.name == "title":
            site = element.text.strip() if site is None else site
        elif element.name == "wp:author":
            authors[element.text_of("wp:author_login")] = element.text_of("wp:author_display_name")
        elif kind := _left_out(element):
            found = True
            left_out[kind] += 1
        else:
            found = True
            yield Record(where, _article(element, site or "", authors, content.stem))
    if left_out:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(left_out.items()))
        content.tell(f"left out: {kinds}; only published posts and pages are articles")
    if not found:
        raise InputError("the export has no posts or pages")


def _left_out(item: Element) -> str | None:
    """Return the kind of an item that is not an article, or `None`."""
    kind = item.text_of("wp:post_type") or "post"
    if kind in _NOT_ARTICLES:
        return kind
    status = item.text_of("wp:status") or "publish"
    if status != "publish":
        return f"{kind} ({status})"
    if item.text_of("wp:post_password"):
        return f"{kind} (with a password)"
    return None


def _article(item: Element, site: str, authors: dict[str, str], stem: str) -> dict[str, object]:
    login = item.text_of("dc:creator")
    url = item.text_of("link")
    body, headings = headed_text(_SHORTCODE.sub("", item.text_of("content:encoded")), keep_lines=True)
    identifier = url or item.text_of("guid") or f"{stem}-{item.text_of('wp:post_id')}"
    data: dict[str, object] = {
        "id": identifier,
        "title": html_to_text(item.text_of("title")),
        "body": body,
        "headings": headings,
        "author": authors.get(login) or login,
        "source": site,
        "url": url,
        "date": _date(item),
        "summary": _text(item.text_of("excerpt:encoded")),
        "category": "",
    }
    tags: list[str] = []
    for term in item.children:
        if term.name != "category" or not (name := term.text.strip()):
            continue
        if term.attributes.get("domain") == "category" and not data["category"]:
            data["category"] = name
        elif name not in tags:
            tags.append(name)
    data["tags"] = tags
    data["post_type"] = item.text_of("wp:post_type")
    return {name: value for name, value in data.items() if value}


def _text(html: str) -> str:
    return html_to_text(_SHORTCODE.sub("", html), keep_lines=True)


def _date(item: Element) -> str:
    """Return the date of publication in local time, else in UTC, else as RSS has it."""
    for name in ("wp:post_date", "wp:post_date_gmt", "pubDate"):
        if (date := item.text_of(name)) and not date.startswith(_NO_DATE):
            return iso_date(date)
    return ""


WORDPRESS = Reader(
    name="wordpress",
    label="WordPress export",
    suffixes=(".wxr",),
    sniff=lambda content: 0.95 if is_wordpress(content.head) else 0.0,
    read=_read,
)
