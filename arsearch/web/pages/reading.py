"""The text of an article for reading: paragraphs, headings, pages, and all matches marked."""

from __future__ import annotations

import bisect
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from arsearch.model import Span
from arsearch.model.safety import safe
from arsearch.web.pages.outline import Entry

__all__ = ["PART", "Block", "Heading", "Reading", "joined_spans", "marked_paragraphs", "read_article"]

PART = 60_000
"""The most code points of a text on one page."""

_PARAGRAPH = re.compile(r"\S[\s\S]*?(?=\s*\Z|[^\S\n]*\n[^\S\n]*\n)")
_SPACES = re.compile(r"([ \t\n]+)")
_LONGEST_HEADING = 300


class Block(NamedTuple):
    """A paragraph of a text, or a heading: `level` is then its depth from 1. `html` has the marks."""

    html: Markup
    level: int = 0


class Heading(NamedTuple):
    """A heading of the table of contents, its depth from 1, and its link."""

    text: str
    level: int
    url: str


class Reading(NamedTuple):
    """One part of a text: `number` of `parts`, with the links of its matches.

    `matches` counts those of the whole text; `first` is the link of the first.
    """

    blocks: tuple[Block, ...]
    number: int
    parts: int
    matches: int
    first: str
    headings: tuple[Heading, ...]


class _Insert(NamedTuple):
    """Markup to insert before the character at an offset."""

    start: int
    markup: str


class _Title(NamedTuple):
    """A heading with the name of its anchor."""

    anchor: str
    start: int
    text: str
    level: int
    written: bool


def joined_spans(text: str, spans: Iterable[Span], field: str) -> list[Span]:
    """Return the spans of a field in order; spans that overlap, or have only spaces between them, are one."""
    joined: list[Span] = []
    for span in spans:
        if span.field != field:
            continue
        last = joined[-1] if joined else None
        if last is not None and (span.start <= last.end or text[last.end : span.start].strip(" ") == ""):
            joined[-1] = last._replace(end=max(last.end, span.end), level=max(last.level, span.level))
        else:
            joined.append(span)
    return joined


def read_article(
    text: str,
    spans: Sequence[Span],
    number: int,
    *,
    part_url: str,
    names: Mapping[str, str],
    headings: Sequence[Entry] = (),
    pages: Iterable[tuple[int, str]] = (),
    at: int | None = None,
) -> Reading:
    """Return part `number` of a text, counted from 1; a number out of range gives the nearest part.

    `spans` are the matches in `text`, `headings` and `pages` its places, in order. `part_url` is the link of a part without
    its number. `names` has the words of the links between matches: `previous`, `next`, `place` and `bar`. With the offset
    `at`, the part is that of this offset, and the anchor `at` stands there, or before the match that it lies in.
    """
    cuts = _cuts(text)
    parts = len(cuts) - 1
    if at is not None:
        at = _start_of_match(spans, at)
        number = _part_at(cuts, at)
    number = min(max(number, 1), parts)

    def url(anchor: str, offset: int) -> str:
        part = _part_at(cuts, offset)
        return f"#{anchor}" if part == number else f"{part_url}&part={part}#{anchor}"

    def match(place: int) -> str:
        return url(f"m{place}", spans[place - 1].start) if 1 <= place <= len(spans) else ""

    inserts = [_Insert(offset, f'<span class="page">{html.escape(safe(name))}</span>') for offset, name in pages]
    if at is not None:
        inserts.append(_Insert(at, '<span id="at"></span>'))
    titles = [_Title(f"h{place}", *entry) for place, entry in enumerate(headings, 1)]
    first = bisect.bisect_left(spans, cuts[number - 1], key=lambda span: span.start)
    last = bisect.bisect_left(spans, cuts[number], key=lambda span: span.start)
    marks = list(_marks(spans, range(first + 1, last + 1), match, names))
    return Reading(
        tuple(_blocks(text, cuts[number - 1], cuts[number], marks, sorted(inserts), titles)),
        number,
        parts,
        len(spans),
        match(1),
        tuple(Heading(safe(title.text), title.level, url(title.anchor, title.start)) for title in titles),
    )


def marked_paragraphs(text: str, spans: Sequence[Span]) -> list[Markup]:
    """Return the paragraphs of a short text as HTML, with its matches marked."""
    marks = [(span.start, span.end, "<mark>", "</mark>") for span in spans]
    return [block.html for block in _blocks(text, 0, len(text), marks, (), ())]


def _cuts(text: str) -> list[int]:
    """Return the offsets at which the parts of a text begin, and its end: at paragraphs, lines or spaces if there are any."""
    cuts = [0]
    while len(text) - cuts[-1] > PART:
        limit = cuts[-1] + PART
        least = cuts[-1] + PART // 2
        ends = (text.rfind(sign, least, limit) for sign in ("\n\n", "\n", " "))
        cuts.append(next((end for end in ends if end > 0), limit))
    return [*cuts, len(text)]


def _start_of_match(spans: Sequence[Span], offset: int) -> int:
    """Return the start of the match that holds an offset, else the offset."""
    place = bisect.bisect_right(spans, offset, key=lambda span: span.start) - 1
    return spans[place].start if place >= 0 and offset < spans[place].end else offset


def _part_at(cuts: Sequence[int], offset: int) -> int:
    """Return the number of the part that holds an offset, the last for the end of the text."""
    return min(max(bisect.bisect_right(cuts, offset), 1), len(cuts) - 1)


def _marks(
    spans: Sequence[Span], places: Iterable[int], url: Callable[[int], str], names: Mapping[str, str]
) -> Iterator[tuple[int, int, str, str]]:
    """Yield the start, end, opening and closing markup of some matches, given by their numbers from 1.

    The links to the matches beside it follow each mark. The style sheet shows those of the match that the address names.
    """
    total = len(spans)
    for place in places:
        span = spans[place - 1]
        links = []
        if place > 1:
            links.append(f'<a href="{html.escape(url(place - 1))}" rel="prev">{html.escape(names["previous"])}</a>')
        links.append(f"<span>{html.escape(names['place'].format(n=place, total=total))}</span>")
        if place < total:
            links.append(f'<a href="{html.escape(url(place + 1))}" rel="next">{html.escape(names["next"])}</a>')
        label = html.escape(names["bar"])
        bar = f'<span class="jump" role="navigation" aria-label="{label}">{"".join(links)}</span>'
        yield span.start, span.end, f'<mark id="m{place}" tabindex="-1">', f"</mark>{bar}"


def _blocks(
    text: str,
    start: int,
    end: int,
    marks: Sequence[tuple[int, int, str, str]],
    inserts: Sequence[_Insert],
    titles: Sequence[_Title],
) -> Iterator[Block]:
    """Yield the paragraphs of `text[start:end]`, and the headings whose words the text lacks before their paragraphs."""
    last_part = end == len(text)
    pending = [title for title in titles if start <= title.start < end or (last_part and title.start >= end)]
    mark = bisect.bisect_left(marks, start, key=lambda item: item[0])
    insert = bisect.bisect_left(inserts, start, key=lambda item: item.start)
    for match in _PARAGRAPH.finditer(text, start, end):
        first, last = match.span()
        here = [title for title in pending if title.start < last]
        pending = pending[len(here) :]
        yield from (_heading_block(title) for title in here if not title.written)
        out, at = [], first
        while True:
            next_mark = marks[mark][0] if mark < len(marks) else last
            next_insert = inserts[insert].start if insert < len(inserts) else last
            if min(next_mark, next_insert) >= last:
                break
            if next_insert <= next_mark:
                cut = max(at, next_insert)
                out += [_shown(text[at:cut]), inserts[insert].markup]
                at = cut
                insert += 1
            else:
                _, close, opening, closing = marks[mark]
                out += [_shown(text[at:next_mark]), opening, _shown(text[next_mark:close]), closing]
                at = close
                mark += 1
        out.append(_shown(text[at:last]))
        written = [title for title in here if title.written]
        anchors = "".join(f'<span id="{title.anchor}"></span>' for title in written)
        level = written[0].level if written and last - first <= _LONGEST_HEADING else 0
        yield Block(Markup(anchors + "".join(out)), level)
    yield from (_heading_block(title) for title in pending if not title.written)


def _heading_block(title: _Title) -> Block:
    return Block(Markup(f'<span id="{title.anchor}"></span>{html.escape(safe(title.text))}'), title.level)


def _shown(text: str) -> str:
    """Return text as HTML, with its spaces and line ends, without signs that could reorder the page."""
    return "".join(part if part.isspace() else html.escape(safe(part)) for part in _SPACES.split(text) if part)
