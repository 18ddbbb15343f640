"""The page of every occurrence of a query, in lines aligned at the keyword."""

from __future__ import annotations

import io
import re
import time
from dataclasses import replace
from typing import NamedTuple

from arsearch.model import Correction
from arsearch.model.citations import page_words
from arsearch.model.occurrences import ConcordanceLine
from arsearch.search.backend import Capability
from arsearch.web.indexes import Commit, ServedIndex
from arsearch.web.occurrences import WIDTH, Lines, find_lines, total_occurrences
from arsearch.web.pages.facets import chips
from arsearch.web.pages.links import Links
from arsearch.web.pages.options import Option, levels, named_options
from arsearch.web.pages.site import Page, readable_dates
from arsearch.web.problems import unavailable
from arsearch.web.states import SearchState

__all__ = ["LINES", "LINES_EXPORTED", "concordance_page", "export_lines"]

LINES = 50
"""The lines of a page."""

LINES_EXPORTED = 10_000
"""The most lines of an export."""

_ORDERS = ("right", "left", "work")
_WIDTHS = (30, WIDTH, 120, 240)
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


class _Line(NamedTuple):
    """A line of the page: its direction, its texts in the order of reading, the page and the names of its place, their link."""

    number: int
    direction: str
    before: str
    keyword: str
    after: str
    page: str
    title: str
    url: str


def concordance_page(page: Page) -> str:
    """Return the page of the lines; without words, a page that asks for some."""
    context, settings = page.site.context, page.site.context.settings
    served = context.indexes.select(page.state.i)
    commit = served.commit()
    state, wrong_dates = readable_dates(page.state)
    start = time.perf_counter()
    page.state = replace(page.state, match="" if state.match == "stem" else state.match)
    offset = max(state.page - 1, 0) * LINES
    found = find_lines(state, served, commit, settings, limit=LINES, offset=offset)
    total = total_occurrences(state, served, commit, settings, start) if found.lines else None
    return page.render(
        "concordance.html",
        words=bool(state.q.strip()),
        articles=len(served.index),
        wrong_dates=wrong_dates,
        total=total,
        notes=[page.ui.note(note) for note in found.notes],
        lines=[_line(line, number, served.name, page) for number, line in enumerate(found.lines, offset + 1)],
        partial=found.partial,
        chips=chips(replace(page.state, mode=""), page.ui, page.links),
        sorts=named_options(page, "sort", [(sort, page.ui(f"order_{sort or 'adding'}")) for sort in ("", *_ORDERS)]),
        widths=_widths(page),
        matches=levels(page),
        correction=Correction(state.q) if found.lines or found.partial else _correction(state, served, commit),
        paging=_paging(page.links, page.state, found, settings.max_offset),
        export_limit=LINES_EXPORTED,
    )


def export_lines(page: Page) -> bytes:
    """Return the first lines as CSV for spreadsheets, all or none. Raises ProblemError (503) if time runs out."""
    from arsearch.writers import write_articles

    context, settings = page.site.context, page.site.context.settings
    served = context.indexes.select(page.state.i)
    state, _ = readable_dates(page.state)
    found = find_lines(state, served, served.commit(), settings, limit=LINES_EXPORTED, offset=0)
    if found.partial:
        raise unavailable("timeout", "the export took too long; choose a shorter period or a rarer word")
    stream = io.BytesIO()
    rows = (line.to_row() for line in found.lines)
    write_articles(rows, stream, format="csv", fields=_COLUMNS, excel=True)
    return stream.getvalue()


_COLUMNS = ("id", "title", "volume", "page", "heading", "before", "keyword", "after", "field", "start", "end", "level")


def _line(line: ConcordanceLine, number: int, name: str, page: Page) -> _Line:
    direction = "rtl" if _ARABIC.search(line.before + line.keyword + line.after) else "ltr"
    place = line.place
    words = page_words(place.volume if place else None, line.page, page.ui.language)
    url = page.links.article(name, place.work if place else line.id)
    if line.field == "body":
        url += f"&at={line.start + (place.start if place else 0)}#at"
    title = " · ".join(filter(None, (line.title.strip() or page.ui("untitled"), place.heading if place else "")))
    return _Line(number, direction, line.before, line.keyword, line.after, words, title, url)


def _widths(page: Page) -> list[Option]:
    named = [("" if width == WIDTH else str(width), page.ui.count("characters", width)) for width in _WIDTHS]
    return named_options(page, "width", named)


def _correction(state: SearchState, served: ServedIndex, commit: Commit) -> Correction:
    """Return likelier queries: lines are those of the words as typed."""
    if state.q.strip() and Capability.CORRECT in served.index.capabilities:
        return commit.searchable.correct(state.q)
    return Correction(state.q)


def _paging(links: Links, state: SearchState, found: Lines, max_offset: int) -> tuple[str, str]:
    """Return the links of the pages before and after, empty texts without one."""
    number = max(state.page, 1)
    has_next = found.more and number * LINES <= max_offset
    return links.page(number - 1) if number > 1 else "", links.page(number + 1) if has_next else ""
