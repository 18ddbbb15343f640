"""The elements of an HTML page, for tests."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

__all__ = ["Element", "elements", "links", "texts"]

_VOID = {"meta", "link", "input", "br", "rect"}


class Element(NamedTuple):
    """An element: its tag, its attributes, and its text without that of scripts."""

    tag: str
    attributes: dict[str, str]
    text: list[str]

    @property
    def string(self) -> str:
        """The text, with white space folded."""
        return " ".join("".join(self.text).split())


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Element] = []
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, [])
        self.found.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Element(tag, {name: value or "" for name, value in attrs}, []))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self._open, f"</{tag}> closes nothing"
            opened = self._open.pop().tag
            assert opened == tag, f"<{opened}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text.append(data)


def elements(html: str, tag: str = "", **attributes: str) -> list[Element]:
    """Return the elements in order, those of a tag and with attributes only. Fails on elements that are not closed.

    `class_` is one of the classes, any other keyword the whole value of an attribute.
    """
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert not parser._open, f"<{parser._open[-1].tag}> is not closed"
    return [
        element
        for element in parser.found
        if tag in ("", element.tag)
        and all(
            value in element.attributes.get("class", "").split()
            if name == "class_"
            else element.attributes.get(name) == value
            for name, value in attributes.items()
        )
    ]


def texts(html: str, tag: str = "", **attributes: str) -> list[str]:
    """Return the texts of elements."""
    return [element.string for element in elements(html, tag, **attributes)]


def links(html: str) -> list[str]:
    """Return the targets of all links, in order and each once."""
    return list(dict.fromkeys(element.attributes["href"] for element in elements(html, "a")))
