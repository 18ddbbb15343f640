"""Explain the score of one article: each word of the query, its analysis, its matches, and its part of the score.

The figures come from the back-end's `ScoreExplainer`, so the score has no second definition. This module decides which
words count, for all back-ends alike.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.reasons import explained_steps
from arsearch.concurrency import Clock
from arsearch.errors import QueryError, shown
from arsearch.model import Article, Explanation, Level, Span
from arsearch.model.explanations import Listed, MatchedForm, Recency, Role, WordExplanation
from arsearch.model.schema import Schema
from arsearch.search.backend import IndexView, ScoreExplainer
from arsearch.search.clauses import (
    AndClause,
    BooleanClause,
    FilterClause,
    NotClause,
    OrClause,
    QueryClause,
    ScoredClause,
)
from arsearch.search.planner import Plan
from arsearch.search.request import SearchRequest
from arsearch.search.session import SearchSession
from arsearch.snippets import Highlighter, HighlightTarget, Occurrence
from arsearch.snippets.occurrences import spans_of, strictest

__all__ = ["explain", "explain_hit"]

_Text = tuple[str, str, bool]
"""A field, one of its texts, and whether the field may have several."""

_Word = tuple[ScoredClause, Role, bool]
"""A scored clause, its role, and whether it adds to the score."""


def explain(session: SearchSession, request: SearchRequest, id: str, start: float) -> Explanation:
    """Explain the score of the article with an id, whether the query finds it or not.

    `start` is a reading of `time.perf_counter`. Raises QueryError if no article has the id.
    """
    if id not in session.view:
        raise QueryError(f"no article has the id {shown(id)}; give the id of a hit")
    plan = session.plan(request)
    explaining = _Explaining(session, plan, id, request.page.deadline)
    matched, complete = explaining.explainer.outcome()
    return explaining.explanation(request.text, matched, complete, plan.notes, start)


def explain_hit(
    session: SearchSession, text: str, plan: Plan, timeout: float | None, id: str, complete: bool
) -> Explanation:
    """Explain the score of a hit within `timeout` seconds, `None` for no limit."""
    start = time.perf_counter()
    explaining = _Explaining(session, plan, id, None if timeout is None else start + timeout)
    return explaining.explanation(text, True, complete, (), start)


class _Explaining:
    """Explains the score of one article for one plan until a deadline, a reading of `time.perf_counter`."""

    def __init__(self, session: SearchSession, plan: Plan, id: str, deadline: float | None) -> None:
        self.explainer: ScoreExplainer = session.view.explainer(plan, id, deadline)
        article = session.view.get(id)
        assert article is not None, "the view has the article"
        self._view = session.view
        self._plan = plan
        self._article = article
        self._deadline = deadline

    def explanation(
        self, query: str, matched: bool, complete: bool, notes: tuple[str, ...], start: float
    ) -> Explanation:
        """Return the explanation; a word that was not explained in time is left out, with a note."""
        bonuses = self.explainer.signals()
        words, partial = self._words_in_time()
        if partial and self._deadline is not None:
            late = (
                f"time ran out after {self._deadline - start:.6g} s: words may be missing, and the score may be too low"
            )
            notes = (*notes, late)
        return Explanation(
            query=query,
            id=self._article.id,
            title=self._article.title,
            matched=matched,
            complete=complete,
            words=words,
            pairs=tuple(bonus for bonus in bonuses if isinstance(bonus, Listed)),
            recency=next((bonus for bonus in bonuses if isinstance(bonus, Recency)), None),
            notes=notes,
            partial=partial,
        )

    def _words_in_time(self) -> tuple[tuple[WordExplanation, ...], bool]:
        """Return the words that were explained in time, and whether anything about the words is missing."""
        explained: list[tuple[_Word, tuple[Listed, ...]]] = []
        for word in _words(self._plan, self.explainer):
            lists = () if self.explainer.partial else self.explainer.levels(word[0])
            if self.explainer.partial:  # a count may be too low
                break
            explained.append((word, lists))
        words = [word for word, _ in explained]
        marked, timed_out = _marked(self._view, self._article, words, self._deadline)
        explanations = (_word(self._view.analyzer, *one, spans) for one, spans in zip(explained, marked, strict=True))
        return tuple(explanations), timed_out or self.explainer.partial


def _words(plan: Plan, explainer: ScoreExplainer) -> Iterator[_Word]:
    """Yield the scored clauses of a plan in order of scoring: stop words last, then excluded ones."""
    clause = plan.clause
    if isinstance(clause, BooleanClause):  # `outcome` says whether the article has enough of its words
        yield from _boolean(clause, "wanted", True, explainer)
    elif clause is not None:
        yield from _walk(clause, "wanted", True, explainer)


def _walk(clause: QueryClause, role: Role, counted: bool, explainer: ScoreExplainer) -> Iterator[_Word]:
    match clause:
        case ScoredClause():
            yield clause, role, counted
        case NotClause(child):
            yield from _walk(child, "excluded", False, explainer)
        case AndClause(children) | OrClause(children):
            counted = counted and explainer.matches(clause)
            for child in children:
                yield from _walk(child, role, counted, explainer)
        case BooleanClause():
            yield from _boolean(clause, role, counted and explainer.matches(clause), explainer)
        case FilterClause():
            return  # adds nothing to a score
        case _:
            raise TypeError(f"{type(clause).__name__} is not a query clause that can be explained")


def _boolean(clause: BooleanClause, role: Role, counted: bool, explainer: ScoreExplainer) -> Iterator[_Word]:
    groups: tuple[tuple[tuple[QueryClause, ...], Role], ...] = (
        (clause.should, "wanted"),
        (clause.must, "required"),
        (clause.optional, "extra"),
    )
    for children, own in groups:
        for child in children:
            yield from _walk(child, "excluded" if role == "excluded" else own, counted, explainer)
    for child in clause.must_not:
        yield from _walk(child, "excluded", False, explainer)


def _marked(
    view: IndexView, article: Article, words: Sequence[_Word], deadline: float | None
) -> tuple[list[list[tuple[_Text, list[Span]]]], bool]:
    """Return the texts of each word's fields with the spans of its matches, and whether the deadline ended the reading.

    The article is read once for all words.
    """
    targets: list[HighlightTarget] = []
    word_of: list[int] = []
    for number, (clause, _, _) in enumerate(words):
        origin = clause.origin
        assert origin is not None, "every scored clause of a query has an origin"
        made = [recipe.make(view.related_stems, roots=True) for recipe in (origin.target, *origin.others)]
        targets += made
        word_of += [number] * len(made)
    highlighter = Highlighter(targets, view.analyzer, clock=Clock(deadline))
    marked: list[list[tuple[_Text, list[Span]]]] = [[] for _ in words]
    for text in _texts(view.schema, article):
        spans: list[list[list[Span]]] = [[] for _ in words]
        for part in highlighter.parts(text[1], text[0]):
            own: dict[int, list[Occurrence]] = {}
            for occurrence in part.occurrences:
                own.setdefault(word_of[occurrence.target], []).append(occurrence)
            for number, of_word in own.items():
                spans[number].append(spans_of(of_word, text[0]))
        for (clause, _, _), of_parts, found in zip(words, spans, marked, strict=True):
            if text[0] in clause.fields:
                found.append((text, strictest(of_parts)))
    return marked, highlighter.clock.timed_out


def _word(
    analyzer: ArabicAnalyzer, word: _Word, lists: tuple[Listed, ...], marked: Sequence[tuple[_Text, list[Span]]]
) -> WordExplanation:
    clause, role, counted = word
    origin = clause.origin
    assert origin is not None, "every scored clause of a query has an origin"
    steps = (*(step for word in origin.words for step in explained_steps(analyzer, word)), *origin.reasons)
    counts: Counter[tuple[str, Level]] = Counter()
    spans: list[Span] = []
    for (_, text, multivalued), found in marked:
        counts.update((text[span.start : span.end], span.level) for span in found)
        spans += [] if multivalued else found
    forms = [MatchedForm(text, level, times) for (text, level), times in counts.items()]
    forms.sort(key=lambda form: (-form.level, -form.times, form.text))
    return WordExplanation(str(origin.node), role, counted, steps, tuple(forms), tuple(spans), lists)


def _texts(schema: Schema, article: Article) -> Iterator[_Text]:
    for field, values in schema.values(article):
        if field.indexed:
            for value in values:
                yield field.name, value, field.multivalued
