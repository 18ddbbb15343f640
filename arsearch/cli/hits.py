"""Search results as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from arsearch.cli.output import pluralize
from arsearch.cli.words import OTHERS, remarks
from arsearch.model.places import HEADING_SEPARATOR

if TYPE_CHECKING:
    from arsearch.cli.style import Style
    from arsearch.cli.words import Language
    from arsearch.model import Hit, SearchResults

__all__ = ["FACET_ROWS", "add_locations", "format_results"]

FACET_ROWS = 10
"""The values of a facet that are printed unless another number is given."""

_SEPARATOR = " · "


def format_results(
    results: SearchResults,
    style: Style,
    *,
    offset: int = 0,
    snippets: bool = True,
    language: Language = "en",
    facet_rows: Mapping[str, int] = MappingProxyType({}),
    locations: bool = False,
) -> str:
    """Format a header with the totals and the time, a block for each hit, and a table for each facet.

    `locations` adds the location of its index to each hit.
    """
    blocks = [_header(results, offset)]
    blocks += [_hit(hit, style, snippets, language, locations) for hit in results]
    blocks += [_facet(name, counts, style, facet_rows.get(name, FACET_ROWS)) for name, counts in results.facets.items()]
    return "\n\n".join(blocks)


def add_locations(entries: Iterable[dict[str, Any]], hits: Iterable[Hit]) -> None:
    """Add the location of its index to each hit."""
    for entry, hit in zip(entries, hits, strict=True):
        entry["location"] = hit.location
        add_locations(entry["inner_hits"], hit.inner_hits)


def _header(results: SearchResults, offset: int) -> str:
    total = pluralize(results.total_complete, "article")
    if results.total > results.total_complete:
        complete = f"{total} with all the words" if results.total_complete else "no article has all the words"
        total = f"{complete}, {results.total:,} with at least some"
    return f"{total}{_page(results, offset)} ({results.took * 1000:.0f} ms)"


def _page(results: SearchResults, offset: int) -> str:
    """Return the range of the articles shown, or an empty string if all are shown."""
    similar = sum(hit.similar for hit in results)
    if similar and not offset and len(results) + similar == results.total:
        return f", {pluralize(similar, 'near-duplicate')} left out"
    if results.hits and (offset or len(results) < results.total):
        return f", {results[0].rank:,}-{results[-1].rank:,} shown"
    return ""


def _hit(hit: Hit, style: Style, snippets: bool, language: Language, location: bool) -> str:
    rank = f"{hit.rank}. "
    indent = " " * len(rank)
    if hit.title.strip():
        title = style.marked(hit.title_snippet, indent).removeprefix(indent)
    elif hit.place and hit.place.title:
        title = style.line(hit.place.title, indent).removeprefix(indent)
    else:
        title = style.dim("(no title)")
    facts = [*_facts(hit, style, language), *([style.value(hit.location)] if location else [])]
    lines = [f"{rank}{title}", indent + style.dim(_SEPARATOR.join(facts))]
    if snippets and hit.snippet.field != "title" and hit.snippet.passages:
        lines.append(style.marked(hit.snippet, indent))
    lines += [indent + style.dim(_SEPARATOR.join(_inner_facts(inner, style, language))) for inner in hit.inner_hits]
    if (others := hit.inner_total - 1 - len(hit.inner_hits)) > 0:
        lines.append(indent + style.dim(OTHERS[language].format(others)))
    return "\n".join(lines)


def _inner_facts(hit: Hit, style: Style, language: Language) -> list[str]:
    """Return the facts printed for a further hit of the same work or value."""
    title = hit.title.strip() or (hit.place.heading if hit.place else "")
    facts = [style.value(title) if title else "", *_place(hit, style, language, whole=False), f"{hit.score:.2f}"]
    return ["+ " + style.value(hit.id), *(fact for fact in facts if fact)]


def _place(hit: Hit, style: Style, language: Language, *, whole: bool = True) -> list[str]:
    """Return the work and headings of a hit, if `whole`, and its volume and page."""
    place = hit.place
    if place is None:
        return [f"page {style.value(hit.page)}" if hit.page else ""]
    from arsearch.model.citations import page_words  # few hits have places

    path = [place.title, place.heading] if whole and place.work != hit.id else []
    volume, page = (None if name is None else style.value(name) for name in (place.volume, place.page))
    return [
        style.value(HEADING_SEPARATOR.join(filter(None, path))) if any(path) else "",
        page_words(volume, page, language),
    ]


def _facts(hit: Hit, style: Style, language: Language) -> list[str]:
    """Return the facts printed under the title of a hit: id, source, date, page, score, level, and remarks."""
    article = hit.article
    facts = [
        style.value(hit.id),
        style.value(article.source) if article.source else "",
        article.date.isoformat()[:10] if article.date else "",
        *_place(hit, style, language),
        f"{hit.score:.2f}",
        *map(style.value, remarks(hit, language)),
    ]
    return [fact for fact in facts if fact]


def _facet(name: str, counts: Mapping[str, int], style: Style, most: int) -> str:
    rows = list(counts.items())
    width = max((len(f"{count:,}") for _, count in rows), default=0) + 2
    lines = [style.dim(name if rows else f"{name}: no values")]
    lines += [f"{count:>{width},}  {style.value(value)}" for value, count in rows[:most]]
    if len(rows) > most:
        lines.append(style.dim(f"{'':>{width}}  and {len(rows) - most} more"))
    return "\n".join(lines)
