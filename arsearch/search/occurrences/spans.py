"""The spans of one article, or of a work with all its parts, for a reader's view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from arsearch.concurrency import Clock
from arsearch.errors import QueryError, shown
from arsearch.garbage import without_collection
from arsearch.model import Answers, Article, Level, Span
from arsearch.model.places import part_of, split_head
from arsearch.search.backend import Matched
from arsearch.search.clauses import IdFilter, OrClause, ScoredClause
from arsearch.search.occurrences.finding import is_fast, texts_of
from arsearch.search.occurrences.planning import counted_clauses
from arsearch.search.occurrences.view import OccurrencesView
from arsearch.search.planner import Plan
from arsearch.search.request import PageRequest, SearchRequest
from arsearch.search.session import SearchSession
from arsearch.snippets import Highlighter

__all__ = ["find_spans"]


def find_spans(
    session: SearchSession, id: str, text: str, match: Level | str | None, deadline: float | None
) -> Answers[Span]:
    """Return the spans of a query in one article; see `Searchable.spans`. `deadline` is a reading of `time.perf_counter`."""
    view = session.view
    if id not in view:
        raise QueryError(f"no article has the id {shown(id)}; give the id of a hit")
    request = SearchRequest.read(text, mode="all", match=match)
    plan = session.plan(request._replace(page=request.page._replace(deadline=deadline)))
    clauses = counted_clauses(plan, view.schema)
    if not clauses:
        return Answers()
    reader = _Reader(session, plan, clauses, deadline)
    with without_collection():
        spans = tuple(_spans(session, reader, id)) if reader.clock.in_time() else ()
    return Answers(spans, partial=reader.clock.timed_out)


def _spans(session: SearchSession, reader: _Reader, id: str) -> Iterable[Span]:
    view, roots = session.view, not reader.is_complete(id)
    if is_fast(session) and (spans := reader.known_spans(id, roots=roots)) is not None:
        return spans
    article = view.get(id)
    assert article is not None, "the view has the article"
    if split_head(article) is None:
        return reader.spans(article, roots=roots)
    return reader.spans_of_work(article, roots=roots)


class _Reader:
    """Finds the spans of one plan in documents; with `roots`, words are marked by their roots too.

    Texts are read no further after the `deadline`.
    """

    def __init__(
        self, session: SearchSession, plan: Plan, clauses: tuple[ScoredClause, ...], deadline: float | None
    ) -> None:
        self._session = session
        self.clock = Clock(deadline)
        self._plan = plan
        self._clauses = clauses
        self._fields = tuple(field.name for field in session.view.schema if field.kind == "text")
        self._highlighters: dict[bool, Highlighter] = {}

    def is_complete(self, id: str) -> bool:
        """Tell whether an article, or a part of the work, has everything that the query needs."""
        return self._search(self._plan._replace(filters=(IdFilter((id,)),), signals=()), 0).total_complete > 0

    def _search(self, plan: Plan, limit: int) -> Matched:
        found = self._session.view.search(plan, PageRequest(limit, deadline=self.clock.deadline))
        self.clock.timed_out |= found.partial
        return found

    def known_spans(self, id: str, *, roots: bool) -> list[Span] | None:
        """Return the spans of an article or a whole work, those of the text found by their positions.

        `None` stands for a text that must be read as a whole.
        """
        view, highlighter = self._session.view, self._highlighter(roots=roots)
        known = cast("OccurrencesView", view).known_occurrences(id, highlighter, whole=True)
        if known is None:
            return None
        others = [name for name in self._fields if name not in ("title", "body")]
        article = view.get(id) if others else None
        rest = texts_of(self._session, article, others) if article is not None else ()
        title = article.title if article is not None else self._title(id)
        spans = [*highlighter.find_spans(title, "title"), *known.spans("body")]
        for name, text in rest:
            spans += highlighter.find_spans(text, name)
        return spans

    def _title(self, id: str) -> str:
        """Return the title of an article without reading its body."""
        (hit, *_) = self._session.view.search(Plan(None, (IdFilter((id,)),)), PageRequest(1)).hits
        return hit.title

    def spans(self, document: Article, *, roots: bool, offset: int = 0) -> Iterator[Span]:
        """Yield the spans of a document, field by field; those of the body begin `offset` code points later."""
        highlighter = self._highlighter(roots=roots)
        for name, text in texts_of(self._session, document, self._fields):
            shift = offset if name == "body" else 0
            for span in highlighter.find_spans(text, name):
                yield Span(name, span.start + shift, span.end + shift, span.level) if shift else span

    def spans_of_work(self, head: Article, *, roots: bool) -> Iterator[Span]:
        """Yield the spans of a work, with offsets into its text; only parts with a match are read."""
        plan = Plan(OrClause(self._clauses), (IdFilter((head.id,)),))
        parts = []
        for hit in self._search(plan, self._session.view.statistics.count).hits:
            if not self.clock.in_time():
                break
            if roots or hit.complete:
                part = hit.load()
                tie = part_of(part)
                if tie is not None:
                    parts.append((part, tie))
        found_spans = [*self.spans(head, roots=roots)]
        for part, tie in sorted(parts, key=lambda item: int(item[1]["number"])):
            spans = self.spans(part, roots=roots, offset=int(tie["start"]))
            found_spans += (span for span in spans if span.field == "body")
        order = {name: at for at, name in enumerate(self._fields)}
        yield from sorted(found_spans, key=lambda span: order[span.field])  # stable: the order of the text stays

    def _highlighter(self, *, roots: bool) -> Highlighter:
        highlighter = self._highlighters.get(roots)
        if highlighter is None:
            view, planner, _ = self._session
            spellings = view.spellings
            highlighter = self._highlighters[roots] = Highlighter(
                self._plan.highlight_targets(view.related_stems, roots=roots),
                view.analyzer,
                forms=planner.forms,
                spellings=None if spellings is None else lambda stems: spellings(stems, self._fields),
                bounded=False,
                clock=self.clock,
            )
        return highlighter
