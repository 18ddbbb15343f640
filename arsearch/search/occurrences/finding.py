"""Find the occurrences of a plan in the texts of articles, for every back-end alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from arsearch.concurrency import Clock
from arsearch.model import Article
from arsearch.search.backend import Capability
from arsearch.search.clauses import ScoredClause
from arsearch.search.occurrences.deadline import Deadline
from arsearch.search.occurrences.planning import OccurrencePlan
from arsearch.search.occurrences.view import OccurrencesView
from arsearch.search.planner import Plan
from arsearch.search.request import PageRequest
from arsearch.search.session import SearchSession
from arsearch.snippets import Highlighter, HighlightTarget, Matches
from arsearch.snippets.occurrences import Occurrence

__all__ = ["OccurrenceFinder", "Text", "is_fast", "matching", "texts_of"]


class Text(NamedTuple):
    """A text field of an article."""

    field: str
    text: str


def is_fast(session: SearchSession) -> bool:
    """Tell whether the back-end finds occurrences by their positions."""
    return Capability.OCCURRENCES in session.backend.capabilities


def matching(session: SearchSession, plan: Plan, deadline: Deadline) -> Iterator[Article]:
    """Yield the articles that have everything a plan asks for, in order of adding; of works the matching documents.

    After the deadline no further article is read.
    """
    view = session.view
    if is_fast(session):
        articles, timed_out = cast("OccurrencesView", view).matching(plan, deadline.at)
    else:
        found = view.search(plan, PageRequest(max(view.statistics.count, 1), deadline=deadline.at))
        ids = {hit.id for hit in found.hits if hit.complete}
        articles, timed_out = _with_ids(view.articles(), ids, deadline), found.partial
    deadline.passed |= timed_out
    for article in articles:
        if deadline.is_over():
            return
        yield article


def _with_ids(articles: Iterable[Article], ids: set[str], deadline: Deadline) -> Iterator[Article]:
    """Yield the articles with some ids, until all were found or the time has passed."""
    for article in articles:
        if not ids or deadline.is_over():
            return
        if article.id in ids:
            ids.remove(article.id)
            yield article


def texts_of(session: SearchSession, article: Article, fields: Sequence[str]) -> Iterator[Text]:
    """Yield the texts that an article has in some text fields, in the order of the schema."""
    for name, text in (("title", article.title), ("body", article.body)):
        if text and name in fields:
            yield Text(name, text)
    schema = session.view.schema
    if schema.declared and not {"title", "body"}.issuperset(fields):
        for field, values in schema.values(article):
            if field.name in schema.declared and field.name in fields:
                yield from (Text(field.name, value) for value in values)


class OccurrenceFinder:
    """Finds the occurrences of the clauses of one plan in texts until a deadline.

    It is not thread-safe; make one for each call.
    """

    def __init__(self, session: SearchSession, planned: OccurrencePlan, deadline: Deadline) -> None:
        self._session = session
        self._deadline = deadline
        self._fields = fields = planned.fields
        targets: dict[HighlightTarget, list[int]] = {}
        for number, clause in enumerate(planned.clauses):
            for target in _targets(session, clause):
                targets.setdefault(target, []).append(number)
        self._clauses_of = list(targets.values())
        self._phrases = {number for number, target in enumerate(targets) if len(target.matchers) > 1}
        spellings = session.view.spellings
        self._highlighter = Highlighter(
            targets,
            session.view.analyzer,
            forms=session.planner.forms,
            spellings=None if spellings is None else lambda stems: spellings(stems, fields),
            bounded=False,
            clock=Clock(deadline.at),
        )

    def texts(self, article: Article) -> Iterator[Text]:
        """Yield the texts of an article in which occurrences count."""
        return texts_of(self._session, article, self._fields)

    def find(self, text: Text) -> Iterator[Occurrence]:
        """Yield the occurrences in a text by start: a place that several parts of the query match is one occurrence."""
        if self._phrases:
            parts: Iterable[Matches] = (self._highlighter.matches(text.text, text.field),)
        else:
            parts = self._highlighter.parts(text.text, text.field)
        for part in parts:
            found: dict[tuple[int, int], Occurrence] = {}
            for occurrence in part.occurrences:
                place = occurrence.words[0][0], occurrence.words[-1][1]
                known = found.get(place)
                if known is None or _strictness(occurrence) > _strictness(known):
                    found[place] = occurrence
            yield from found.values()
        self._deadline.passed |= self._highlighter.clock.timed_out

    def count(self, text: Text) -> int:
        """Return the number of occurrences in a text: each part of the query counts for itself.

        A joined word counts at each of its positions that match, and a phrase where it starts.
        """
        matched: Counter[tuple[int, int]] = Counter()
        for part in self._highlighter.parts(text.text, text.field):
            for occurrence in part.occurrences:
                matched[occurrence.target, occurrence.words[0][0]] += 1
        self._deadline.passed |= self._highlighter.clock.timed_out
        counted: dict[tuple[int, int], int] = {}
        for (target, start), times in matched.items():
            for number in self._clauses_of[target]:
                positions = 1 if target in self._phrases else times
                counted[number, start] = max(positions, counted.get((number, start), 0))
        return sum(counted.values())


def _targets(session: SearchSession, clause: ScoredClause) -> Iterator[HighlightTarget]:
    assert clause.origin is not None, "every scored clause of a query has an origin"
    for recipe in (clause.origin.target, *clause.origin.others):
        yield recipe.make(session.view.related_stems, roots=False)


def _strictness(occurrence: Occurrence) -> int:
    return min(word[2] for word in occurrence.words)
