"""The text of a page outside of its menus, as a check on trafilatura and in place of it.

Trafilatura finds the text of news and blogs well, but loses two thirds of manuals and of other pages whose text stands in
many small blocks. A page keeps trafilatura's text only if most of its prose, the lines of ten words and more, is there. Of a
short page, trafilatura keeps everything, menus included: lists of links are left out of these.
Source: HTML Living Standard, 4.3 (sections: nav, aside, header, footer).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from arsearch.readers.html.text import headed_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["holds_prose", "is_unfiltered", "text_outside_menus"]

_MENUS = frozenset("head script style nav aside form noscript button select iframe template svg header footer".split())
_MENU_ROLES = frozenset("navigation banner contentinfo search complementary menu menubar".split())
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|comment-?list|respond|cookie|popup|newsletter|copyright)(?:$|[\s_-])", re.I
)
_MENU_NAMES = re.compile(
    r"(?:^|[\s_-])(?:sidebar|related|footer|menu|navbar|nav|breadcrumbs?|share|social|widget|advert\w*|banner|tags)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_LINE_OF_PROSE = 10
_SHARE = 0.7
_SHORT_PAGE = 150
_LONGEST_LINK = 5
_LISTS = frozenset("div section ul ol table p center".split())


def text_outside_menus(tree: HtmlElement, *, links: bool = True) -> tuple[str, list[dict[str, Any]]]:
    """Return the text and the headings of a page without menus, sidebars, forms and comments; `tree` is not changed.

    Without `links`, blocks of short links are left out too, and text outside of the only `article` or `main`.
    """
    from copy import deepcopy

    from lxml import etree

    tree = deepcopy(tree)
    body = tree.find(".//body")
    root = tree if body is None else body
    if not links:
        parts = root.xpath(".//main") or root.xpath(".//article")
        root = parts[0] if len(parts) == 1 else root
    for element in list(root.iter()):
        if (
            element is not root
            and element.getparent() is not None
            and (_is_menu(element) or (not links and _is_list_of_links(element)))
        ):
            element.drop_tree()
    return headed_text(etree.tostring(root, encoding="unicode", method="html"))


def holds_prose(text: str, of: str) -> bool:
    """Return whether `text` has most words of the prose of the page text `of`."""
    prose = sum(n for line in of.split("\n") if (n := len(line.split())) >= _LINE_OF_PROSE)
    return len(text.split()) >= _SHARE * prose


def is_unfiltered(text: str, of: str) -> bool:
    """Return whether `text` is short and has all words of the page text `of`, or more: nothing was left out of it."""
    words = len(text.split())
    return words < _SHORT_PAGE and words >= len(of.split())


def _is_list_of_links(element: HtmlElement) -> bool:
    """Return whether two thirds of the words of a block are those of two short links or more."""
    if element.tag not in _LISTS:
        return False
    texts = [_words(link) for link in element.iter("a") if link.get("href")]
    linked = sum(texts)
    return len(texts) > 1 and max(texts) <= _LONGEST_LINK and 3 * linked >= 2 * _words(element)


def _words(element: HtmlElement) -> int:
    return sum(any(map(str.isalnum, word)) for word in element.text_content().split())


def _is_menu(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str):  # a comment or an instruction
        return True
    if element.tag in ("header", "footer"):  # of an article, they hold its title and its author
        return not any(ancestor.tag == "article" for ancestor in element.iterancestors())
    if element.tag in _MENUS or element.get("role") in _MENU_ROLES:
        return True
    if element.tag not in ("div", "section", "ul", "ol", "table"):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_COMMENTS.search(names)) or (bool(_MENU_NAMES.search(names)) and not _is_prose(element))


def _is_prose(element: HtmlElement) -> bool:
    """Return whether an element with the name of a menu holds text: a box in a manual is a sidebar too."""
    words = len(element.text_content().split())
    linked = sum(len(link.text_content().split()) for link in element.iter("a"))
    return words >= _LINE_OF_PROSE and linked < words / 3
