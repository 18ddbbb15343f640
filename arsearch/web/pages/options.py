"""The choices that a page offers for a parameter of the search, each a link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from arsearch.web.pages.site import Page

__all__ = ["Option", "levels", "named_options", "options"]


class Option(NamedTuple):
    """A choice of the search, the link that makes it, and whether it is made."""

    text: str
    url: str
    current: bool


def options(page: Page, name: str, values: Iterable[str]) -> list[Option]:
    """Return the choices of a parameter, named by the messages `NAME_VALUE`; that of an empty value is `NAME_auto`."""
    return named_options(page, name, ((value, page.ui(f"{name}_{value or 'auto'}")) for value in values))


def levels(page: Page) -> list[Option]:
    """Return the choices of the loosest level of an occurrence; the stem needs no parameter."""
    names = [("", "stem"), *((name, name) for name in ("root", "word", "normalised", "surface", "vocalised"))]
    return named_options(page, "match", [(value, page.ui(f"match_{name}")) for value, name in names])


def named_options(page: Page, name: str, named: Iterable[tuple[str, str]]) -> list[Option]:
    """Return the choices of a parameter, given as values with their names."""
    now = getattr(page.state, name)
    return [Option(text, page.links.search(**{name: value}), value == now) for value, text in named]
