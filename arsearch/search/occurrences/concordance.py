"""Concordance: every occurrence of a query in its line, with its place.

The lines are KWIC lines, "keyword in context" (H. P. Luhn, Keyword-in-context index for technical literature, 1960).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from arsearch.errors import QueryError, shown
from arsearch.model import Article, Level
from arsearch.model.locating import Locator
from arsearch.model.occurrences import ConcordanceLine
from arsearch.model.places import PART_OF, PARTS
from arsearch.search.occurrences.deadline import Deadline
from arsearch.search.occurrences.finding import OccurrenceFinder, Text, matching
from arsearch.search.occurrences.planning import OccurrencePlan, plan_occurrences
from arsearch.search.occurrences.sorting import SortKeys, read_sort, sorted_lines
from arsearch.search.session import SearchSession

__all__ = ["WIDEST", "Concordance", "make_concordance"]

WIDEST = 10_000
"""The most characters of context on a side."""

_PLACES = ("pages", PARTS, PART_OF)
"""The fields that give places to the lines of an article."""

_SPARE = 16
_SLACK = 3
"""A context is cut from `_SPARE` characters more than its width, or `_SLACK` times its width: folding shortens white space."""


class Concordance(Iterator[ConcordanceLine]):
    """An iterator over the lines of a concordance."""

    def __init__(self, lines: Iterator[ConcordanceLine], notes: tuple[str, ...], deadline: Deadline) -> None:
        self._lines = lines
        self._notes = notes
        self._deadline = deadline

    def __next__(self) -> ConcordanceLine:
        return next(self._lines)

    @property
    def partial(self) -> bool:
        """Whether time ran out before all lines were found. It is known once the last line was read."""
        return self._deadline.passed

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks on the query, as `SearchResults.notes` has them; a last one if lines are missing."""
        return *self._notes, *self._deadline.notes("lines are missing")


def make_concordance(
    session: SearchSession,
    text: str,
    width: int,
    sort: str | None,
    filters: Mapping[str, Any] | None,
    match: Level | str | None,
    timeout: float | None,
) -> Concordance:
    """Return the concordance of a query; see `Searchable.concordance`."""
    if type(width) is not int or not 0 <= width <= WIDEST:
        raise QueryError(f"width {shown(width)} is not a number of characters from 0 to {WIDEST:,}")
    deadline = Deadline(timeout)
    order = read_sort(sort)
    planned = plan_occurrences(session, text, filters, match)
    lines: Iterator[ConcordanceLine]
    if order is None:
        lines = (line for line, _, _ in _lines(session, planned, width, deadline))
    else:
        keys = SortKeys(order, session.view.analyzer)
        lines = sorted_lines(
            (keys.key(line, text, at), line) for line, text, at in _lines(session, planned, width, deadline)
        )
    return Concordance(lines, planned.plan.notes, deadline)


def _lines(
    session: SearchSession, planned: OccurrencePlan, width: int, deadline: Deadline
) -> Iterator[tuple[ConcordanceLine, str, tuple[int, int]]]:
    """Yield the lines in order of adding, each with its text and the span of its keyword."""
    if not planned.clauses:
        return
    finder = OccurrenceFinder(session, planned, deadline)
    for article in matching(session, planned.plan, deadline):
        locator = Locator(article) if any(name in article.extra for name in _PLACES) else None
        for text in finder.texts(article):
            if deadline.is_over():
                return
            for occurrence in finder.find(text):
                if deadline.is_over():
                    return
                start, end = occurrence.words[0][0], occurrence.words[-1][1]
                level = min([word[2] for word in occurrence.words])
                yield _line(article, locator, text, start, end, level, width), text.text, (start, end)


def _line(
    article: Article, locator: Locator | None, text: Text, start: int, end: int, level: Level, width: int
) -> ConcordanceLine:
    offset = start if text.field == "body" else None
    place = locator.place(offset) if locator is not None else None
    return ConcordanceLine(
        article.id,
        place.title if place else article.title,
        text.field,
        _before(text.text, start, width),
        _folded(text.text[start:end]),
        _after(text.text, end, width),
        start,
        end,
        level,
        place.page if place else locator.page(offset) if locator is not None else None,
        place,
    )


def _folded(text: str) -> str:
    return " ".join(text.split())


def _before(text: str, start: int, width: int) -> str:
    """Return at most `width` characters of whole words before an offset, with a space at the end if there was one."""
    folded, first = "", start
    for size in (width + _SPARE, _SLACK * width + 1):
        first = max(start - size, 0)
        folded = _folded(text[first:start])
        if not first or len(folded) > width:
            break
    space = " " if text[max(start - 1, 0) : start].isspace() else ""
    if first == 0 and len(folded) <= width:
        return folded + space
    cut = folded.find(" ", max(len(folded) - width - 1, 0))  # without a space, a word would be cut
    return folded[cut + 1 :] + space if cut >= 0 else ""


def _after(text: str, end: int, width: int) -> str:
    """Return at most `width` characters of whole words after an offset, with a space at the start if there was one."""
    folded, last = "", end
    for size in (width + _SPARE, _SLACK * width + 1):
        last = end + size
        folded = _folded(text[end:last])
        if last >= len(text) or len(folded) > width:
            break
    space = " " if text[end : end + 1].isspace() else ""
    if last >= len(text) and len(folded) <= width:
        return space + folded
    cut = folded.rfind(" ", 0, width + 1)
    return space + folded[:cut] if cut >= 0 else ""
