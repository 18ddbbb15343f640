"""The lines of a concordance on a terminal, aligned at the keyword."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from arsearch.cli.output import safe
from arsearch.cli.wrapping import printed_width
from arsearch.model.citations import page_words

if TYPE_CHECKING:
    from arsearch.cli.style import Style
    from arsearch.cli.words import Language
    from arsearch.model.occurrences import ConcordanceLine

__all__ = ["context_width", "format_lines"]

_MEASURED = 100
"""The lines whose places and keywords decide the widths of the columns."""

_WIDE = 60
_GAP = "  "


def context_width(style: Style) -> int:
    """Return the characters of context that a line may show on either side."""
    return _WIDE if style.width is None else max(style.width // 2, 1)


def format_lines(lines: Iterable[ConcordanceLine], style: Style, language: Language) -> Iterator[str]:
    """Yield each line with its place. Without a width, as in a pipe, the columns are separated by tabs instead."""
    if style.width is None:
        for line in lines:
            yield "\t".join(map(safe, (_place(line, language), line.before, line.keyword, line.after)))
        return
    stream = iter(lines)
    measured = list(islice(stream, _MEASURED))
    places = max((printed_width(_place(line, language)) for line in measured), default=0)
    places = min(places, style.width // 3)
    # The last column stays free: some terminals begin a new line for a direction mark behind it.
    room = max(style.width - places - len(_GAP) - 1, 20)
    keyword = min(max((printed_width(line.keyword) for line in measured), default=0), room // 3)
    beside = (room - keyword) // 2
    for line in chain(measured, stream):
        place = style.value(_shortened(safe(_place(line, language)), places))
        before = _from_the_end(line.before, room - beside - keyword)
        after = _from_the_start(line.after, beside + keyword - printed_width(line.keyword))
        padding = " " * (places - printed_width(place))
        yield (style.dim(place) + padding + _GAP + style.aligned(before, line.keyword, after, beside + keyword))


def _place(line: ConcordanceLine, language: Language) -> str:
    place = line.place
    words = page_words(place.volume if place else None, place.page if place else line.page, language)
    return f"{line.id} {words}".rstrip()


def _shortened(text: str, width: int) -> str:
    """Return a text of at most `width` columns, with an ellipsis for the rest."""
    if printed_width(text) <= width:
        return text
    while text and printed_width(text) >= width:
        text = text[:-1]
    return f"{text}…" if width else ""


def _from_the_start(text: str, width: int) -> str:
    """Return the words from the start of a text that `width` columns hold."""
    while printed_width(text) > width:
        text = text.rstrip().rpartition(" ")[0]
    return text


def _from_the_end(text: str, width: int) -> str:
    """Return the words to the end of a text that `width` columns hold."""
    while printed_width(text) > width:
        text = text.lstrip().partition(" ")[2]
    return text
