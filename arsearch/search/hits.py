"""Make the hits of a page, with the same highlighting for every back-end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from arsearch.model import KNOWN_FIELDS, Article, Hit, Level, Snippet
from arsearch.model.hits import Marks
from arsearch.search.backend import Matched, RawHit
from arsearch.search.planner import Plan
from arsearch.search.session import SearchSession
from arsearch.snippets import Highlighter, snippet_of

if TYPE_CHECKING:
    from arsearch.model import Explanation

__all__ = ["PageHighlighter", "make_hits"]


def make_hits(
    session: SearchSession, text: str, plan: Plan, matched: Matched, offset: int, timeout: float | None
) -> tuple[Hit, ...]:
    """Return the hits of a page, ranked from `offset + 1`; `text` is the query as explanations show it.

    Articles are loaded and highlighted when a hit first needs them. An explanation has `timeout` seconds of its own.
    """
    highlighter = PageHighlighter(session, plan)
    explain = partial(_explain, session, text, plan, timeout)
    shared = _Shared(highlighter.highlight, explain, session.backend.location)
    return tuple([_make_hit(shared, rank, raw) for rank, raw in enumerate(matched.hits, offset + 1)])


class _Shared(NamedTuple):
    """The functions that mark and explain the hits of a page, and the location of their index."""

    mark: Callable[[bool, Article], Marks]
    explain: Callable[[str, bool], Explanation]
    location: str


def _make_hit(shared: _Shared, rank: int, raw: RawHit) -> Hit:
    id, title, score, complete, similar, load, inner, inner_total, location = raw
    mark, explain, own = shared
    hits = tuple([_make_hit(shared, rank, other) for other in inner]) if inner else ()
    return Hit(rank, id, title, score, complete, load, mark, explain, similar, hits, inner_total, location or own)


def _explain(
    session: SearchSession, text: str, plan: Plan, timeout: float | None, id: str, complete: bool
) -> Explanation:
    from arsearch.search.explainer import explain_hit  # few searches need it

    return explain_hit(session, text, plan, timeout, id, complete)


class PageHighlighter:
    """Highlights the articles of one page. Its highlighter is made for the first of them, and another for roots."""

    __slots__ = ("_highlighters", "_plan", "_session", "_texts")

    def __init__(self, session: SearchSession, plan: Plan) -> None:
        self._session = session
        self._plan = plan
        self._highlighters: dict[bool, Highlighter] = {}
        self._texts: list[str] = []

    def highlight(self, complete: bool, article: Article) -> tuple[Snippet, Snippet, Level | None]:
        """Return what `_highlighted` does; words are marked by their roots in an article that is not `complete`."""
        highlighter = self._highlighters.get(complete)
        if highlighter is None:
            view, planner, _ = self._session
            self._texts = [field.name for field in view.schema if field.default and field.name not in KNOWN_FIELDS]
            fields, spellings = ("title", "body", *self._texts), view.spellings
            highlighter = self._highlighters[complete] = Highlighter(
                self._plan.highlight_targets(view.related_stems, roots=not complete),
                view.analyzer,
                forms=planner.forms,
                readings=planner.readings,
                spellings=None if spellings is None else lambda stems: spellings(stems, fields),
            )
        return _highlighted(article, self._texts, highlighter)


def _highlighted(
    article: Article, others: Iterable[str], highlighter: Highlighter
) -> tuple[Snippet, Snippet, Level | None]:
    """Return the highlighted title, the best passages, and the strictest level of all matches.

    The passages come from the body. If it has no match, they come from the first of the declared text fields `others`
    that has one. If there is no other text, they come from the title.
    """
    title = highlighter.mark_all(article.title, "title")
    levels = [span.level for span in title.spans]
    shown = title
    texts = [("body", article.body), *((name, article.extra.get(name)) for name in others)]
    for name, text in texts:
        if not isinstance(text, str) or not text.strip():
            continue
        found = highlighter.matches_for_snippet(text, name)
        if shown is title or (found.level is not None and not shown.spans):
            shown = snippet_of(text, name, highlighter, matches=found)
        levels += [found.level] if found.level else []
    return title, shown, max(levels, default=None)
