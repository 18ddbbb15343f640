"""The headings of a page in the text that was extracted from it. This module runs in the child process of a page.

Trafilatura keeps the headings of the text and leaves out those of menus, so its tree tells them: each gets a mark before it
becomes text, and the marks tell the offsets. Where it took the text by a way that loses all headings, those of the page are put
before the lines that they head.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

__all__ = [
    "Headings",
    "drop_links_of_headings",
    "headings_by_lines",
    "headings_of_tree",
    "with_text",
    "without_first_line",
]

Headings = list[dict[str, Any]]

_MARKS = tuple(map(chr, range(0x2801, 0x2900)))
"""Signs of Braille: printable, so that nothing removes them, and one of them is in no text."""


def drop_links_of_headings(tree: HtmlElement) -> None:
    """Remove the links that programs put into headings: `[عدل]` of a wiki, and signs such as ¶ that lead to the heading."""
    links = [
        link
        for link in tree.xpath(f"//a[{' or '.join(f'ancestor::h{level}' for level in range(1, 7))}]")
        if "#" in link.get("href", "")
        and len(link.text_content().strip()) == 1
        and not link.text_content().strip().isalnum()
    ]
    for element in (
        *tree.xpath("//*[contains(concat(' ', normalize-space(@class), ' '), ' mw-editsection ')]"),
        *links,
    ):
        if element.getparent() is not None:
            element.drop_tree()


def headings_of_tree(body: _Element, text: str, tidy: Callable[[str], str]) -> Headings:
    """Return the headings of an extracted tree with their offsets in `text`, which `tidy` made of the text of the tree.

    A heading that fills a cell of a table is left out. If the marks would change the text, there are no headings.
    """
    from copy import deepcopy

    from trafilatura.xml import xmltotxt

    mark = next((sign for sign in _MARKS if sign not in text), None)
    if mark is None:
        return []
    tree = deepcopy(body)
    levels: list[tuple[int, str]] = []
    for head in tree.iter("head"):
        words = " ".join("".join(_texts(head)).split())
        if words and not _is_cell(head, words) and _put(head, mark):
            rank = (head.get("rend") or "")[1:2]
            levels.append((int(rank) if rank in tuple("123456") else 2, words))
    marked = tidy(xmltotxt(tree, False)).split(mark)
    if "".join(marked) != text or len(marked) != len(levels) + 1:
        return []
    found: Headings = []
    at = 0
    for before, (level, words) in zip(marked, levels, strict=False):
        at += len(before)
        start = text.rfind("\n", 0, at) + 1
        if any(map(str.isalnum, words)):
            is_first = not any(map(str.isalnum, text[start:at]))
            found.append({"heading": words, "level": level, "start": start if is_first else at})
    return found


def headings_by_lines(text: str, headings: Sequence[dict[str, Any]], of: str) -> tuple[str, Headings]:
    """Return a text with the headings of the page text `of`, and their offsets: a heading goes before the line that follows it.

    A heading stays where a line of the text is that heading. A heading above a line that the text lacks, such as the links of
    a menu, is left out.
    """
    lines = text.split("\n")
    keys = [*map(_spaced, lines)]
    counts = Counter(keys)
    places = {key: index for index, key in enumerate(keys) if key and counts[key] == 1}
    by_start = {heading["start"]: heading for heading in headings}
    before: dict[int, list[dict[str, Any]]] = {}
    own: dict[int, dict[str, Any]] = {}
    waiting: list[dict[str, Any]] = []
    at = 0
    for line in of.split("\n"):
        heading, place = by_start.get(at), places.get(_spaced(line))
        at += len(line) + 1
        if place is not None:
            before.setdefault(place, []).extend(waiting)
            waiting = []
            if heading is not None:
                own[place] = heading
        elif heading is not None:
            waiting.append(heading)
        elif line.strip():
            waiting = []
    found: Headings = []
    kept: list[str] = []
    at = 0
    for index, line in enumerate(lines):
        for heading in before.get(index, ()):
            found.append({**heading, "start": at})
            kept.append(heading["heading"])
            at += len(kept[-1]) + 1
        if (heading := own.get(index)) is not None:
            found.append({**heading, "start": at})
        kept.append(line)
        at += len(line) + 1
    return "\n".join(kept), found


def with_text(headings: Headings, text: str) -> Headings:
    """Return headings without the last ones if no text follows these: they stood above links that are left out."""
    kept = list(headings)
    while kept and len("".join(text[kept[-1]["start"] :].split())) <= len("".join(kept[-1]["heading"].split())):
        text = text[: kept.pop()["start"]]
    return kept


def without_first_line(body: str, headings: Headings, title: str) -> tuple[str, Headings]:
    """Return a body and its headings without a first line that is the title."""
    first, _, rest = body.partition("\n")
    if not title or first != title:
        return body, headings
    rest = rest.lstrip("\n")
    removed = len(body) - len(rest)
    return rest, [{**one, "start": one["start"] - removed} for one in headings if one["start"] >= removed]


def _spaced(line: str) -> str:
    return " ".join(line.split())


def _texts(head: _Element) -> list[str]:
    """Return the texts of a heading, with a space for each line break."""
    texts: list[str] = [head.text or ""]
    for inner in head.iterdescendants():
        texts += [" " if inner.tag == "lb" else "", inner.text or "", inner.tail or ""]
    return texts


def _is_cell(head: _Element, words: str) -> bool:
    """Tell whether a heading is all of a cell of a table."""
    cell = next(head.iterancestors("cell"), None)
    return cell is not None and "".join("".join(cell.itertext()).split()) == words.replace(" ", "")


def _put(head: _Element, mark: str) -> bool:
    """Put a mark before the first text of a heading, and tell whether it has text."""
    if (head.text or "").strip():
        head.text = mark + head.text.lstrip()
        return True
    for inner in head.iterdescendants():
        if (inner.text or "").strip():
            inner.text = mark + inner.text.lstrip()
            return True
        if (inner.tail or "").strip():
            inner.tail = mark + inner.tail.lstrip()
            return True
    return False
