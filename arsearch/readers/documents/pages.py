"""The pages of a document, by the breaks that stand in its text.

A page has the label that its break gives it, as in e-books with the pages of a printed edition, else the number that
counting gives. Programs write two kinds of breaks: hard ones that an author set, and soft ones where a page was full when they
last laid the text out. Word writes a soft one at each beginning of a page, so also after a hard one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Any, NamedTuple

__all__ = ["MARK", "Break", "BrokenText", "pages_of", "placed"]

MARK = "\x01"
"""Stands for a break in the text of an open paragraph. No text of a document may have this character."""

_SOLID = re.compile(r"\S")
_SPACES = re.compile(r"\s+")
_LONGEST_PAGE = 3000
"""The code points of a printed page at most: a document with a longer one was never laid out, so its pages are unknown."""


class Break(NamedTuple):
    """The end of a page and the beginning of the next one, at the offset `at` of a block."""

    at: int
    label: int | str = ""
    """The name of the page that begins; empty if counting gives it."""

    soft: bool = False


class BrokenText(NamedTuple):
    """The text of a block and the breaks in it."""

    text: str
    breaks: tuple[Break, ...]


def placed(marked: str, text: str, breaks: Sequence[Break]) -> tuple[Break, ...]:
    """Return breaks with their offsets in `text`, which has the characters of `marked`, but for marks and white space."""
    solid = (match.start() for match in _SOLID.finditer(text))
    found: list[Break] = []
    at = next(solid, len(text))
    for piece, one in zip(marked.split(MARK), breaks, strict=False):
        if count := len(_SPACES.sub("", piece)):
            at = next(islice(solid, count - 1, None), len(text))
        found.append(one._replace(at=at))
    return tuple(found)


def pages_of(blocks: Iterator[BrokenText]) -> list[dict[str, Any]]:
    """Return the pages of blocks, one a line: `{"page": 1, "start": offset}`; none if nothing tells them.

    If some pages have labels, only these are pages.
    """
    found: list[Break] = []
    at = 0
    for text, breaks in blocks:
        found += [one._replace(at=at + one.at + (one.at == len(text))) for one in breaks]
        at += len(text) + 1 if text else 0
    length = at - 1
    labelled = [one for one in found if one.label != ""]
    starts = {one.at: one.label for one in labelled} if labelled else _counted(found, length)
    return [{"page": page, "start": start} for start, page in starts.items() if start < length]


def _counted(breaks: Sequence[Break], length: int) -> dict[int, int | str]:
    """Return the numbers of pages by their starts."""
    starts: dict[int, int | str] = {0: 1} if breaks else {}
    number = 1
    last: Break | None = None
    for one in breaks:
        is_written_twice = one.soft and last is not None and not last.soft and last.at == one.at
        if not is_written_twice:
            number += 1
            starts[one.at] = number
        last = one
    edges = [*starts, length]
    is_laid_out = any(one.soft for one in breaks)
    if not is_laid_out and any(end - start > _LONGEST_PAGE for start, end in pairwise(edges)):
        return {}
    return starts
