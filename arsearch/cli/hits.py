"""Search results as text for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from arsearch.cli.output import counted, number

if TYPE_CHECKING:
    from arsearch.cli.style import Style
    from arsearch.model import Hit, SearchResults

__all__ = ["render_results"]

_FACET_ROWS = 10
_SEPARATOR = " · "


def render_results(results: SearchResults, style: Style, *, offset: int = 0, snippets: bool = True) -> str:
    """The header with totals and time, then a block a hit, then a table a facet."""
    blocks = [_header(results, offset)]
    blocks += [_hit(hit, style, snippets) for hit in results]
    blocks += [_facet(name, counts, style) for name, counts in results.facets.items()]
    return "\n\n".join(blocks)


def _header(results: SearchResults, offset: int) -> str:
    took = f"({results.took * 1000:.0f} ms)"
    shown = ""
    similar = sum(hit.similar for hit in results)
    if similar and not offset and len(results) + similar == results.total_any:
        shown = f", {counted(similar, 'near-duplicate')} left out"
    elif results.hits and (offset or len(results) < results.total_any):
        shown = f", {number(results[0].rank)}-{number(results[-1].rank)} shown"
    if results.total_any <= results.total:
        return f"{counted(results.total, 'article')}{shown} {took}"
    whole = (
        f"{counted(results.total, 'article')} with all the words" if results.total else "no article has all the words"
    )
    return f"{whole}, {number(results.total_any)} with at least some{shown} {took}"


def _hit(hit: Hit, style: Style, snippets: bool) -> str:
    rank = f"{hit.rank}. "
    indent = " " * len(rank)
    article = hit.article
    title = (
        style.marked(hit.title_snippet, indent).removeprefix(indent) if hit.title.strip() else style.dim("(no title)")
    )
    facts = [style.value(hit.id)]
    if article.source:
        facts.append(style.value(article.source))
    if article.date:
        facts.append(article.date.isoformat()[:10])
    facts.append(f"{hit.score:.2f}")
    if hit.level:
        facts.append(hit.level.label)
    if not hit.complete:
        facts.append("some of the words")
    if hit.similar:
        facts.append(f"+{number(hit.similar)} similar")
    lines = [f"{rank}{title}", indent + style.dim(_SEPARATOR.join(facts))]
    if snippets and hit.snippet.field != "title" and hit.snippet.passages:
        lines.append(style.marked(hit.snippet, indent))
    return "\n".join(lines)


def _facet(name: str, counts: Mapping[str, int], style: Style) -> str:
    rows = list(counts.items())
    width = max((len(number(count)) for _, count in rows), default=0)
    lines = [style.dim(name) if rows else style.dim(f"{name}: no values")]
    lines += [f"{number(count):>{width + 2}}  {style.value(value)}" for value, count in rows[:_FACET_ROWS]]
    if len(rows) > _FACET_ROWS:
        lines.append(style.dim(f"{'':>{width + 2}}  and {len(rows) - _FACET_ROWS} more"))
    return "\n".join(lines)
