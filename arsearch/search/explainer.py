"""Explain the score of one article: each word of the query, its analysis, its matches, and its part of the score.

The figures come from the back-end's `ScoreExplainer`, so the score has no second definition. This module decides which
words count, for all back-ends alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from arsearch.analyzers.reasons import explained_steps
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
from arsearch.snippets import Highlighter

__all__ = ["explain", "explain_hit"]

_Text = tuple[str, str, bool]
"""A field, one of its texts, and whether the field may have several."""

_Word = tuple[ScoredClause, Role, bool]
"""A scored clause, its role, and whether it adds to the score."""


def explain(session: SearchSession, request: SearchRequest, id: str) -> Explanation:
    """Explain the score of the article with an id, whether the query finds it or not.

    Raises QueryError if no article has the id.
    """
    if id not in session.view:
        raise QueryError(f"no article has the id {shown(id)}; give the id of a hit")
    plan = session.plan(request)
    explainer = session.view.explainer(plan, id)
    matched, complete = explainer.outcome()
    return _explanation(session, request.text, id, plan, explainer, matched, complete, plan.notes)


def explain_hit(session: SearchSession, text: str, plan: Plan, id: str, complete: bool) -> Explanation:
    """Explain the score of a hit."""
    return _explanation(session, text, id, plan, session.view.explainer(plan, id), True, complete, ())


def _explanation(
    session: SearchSession,
    text: str,
    id: str,
    plan: Plan,
    explainer: ScoreExplainer,
    matched: bool,
    complete: bool,
    notes: tuple[str, ...],
) -> Explanation:
    view = session.view
    article = view.get(id)
    assert article is not None, "the view has the article"
    texts = list(_texts(view.schema, article))
    bonuses = explainer.signals()
    return Explanation(
        query=text,
        id=id,
        title=article.title,
        matched=matched,
        complete=complete,
        words=tuple(_word(view, texts, word, explainer) for word in _words(plan, explainer)),
        pairs=tuple(bonus for bonus in bonuses if isinstance(bonus, Listed)),
        recency=next((bonus for bonus in bonuses if isinstance(bonus, Recency)), None),
        notes=notes,
    )


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


def _word(view: IndexView, texts: Sequence[_Text], word: _Word, explainer: ScoreExplainer) -> WordExplanation:
    clause, role, counted = word
    origin = clause.origin
    assert origin is not None, "every scored clause of a query has an origin"
    steps = (*(step for word in origin.words for step in explained_steps(view.analyzer, word)), *origin.reasons)
    recipes = (origin.target, *origin.others)
    highlighter = Highlighter([recipe.make(view.related_stems, roots=True) for recipe in recipes], view.analyzer)
    counts: Counter[tuple[str, Level]] = Counter()
    spans: list[Span] = []
    for name, text, multivalued in texts:
        if name in clause.fields:
            found = highlighter.find_spans(text, name)
            counts.update((text[span.start : span.end], span.level) for span in found)
            spans += [] if multivalued else found
    forms = [MatchedForm(text, level, times) for (text, level), times in counts.items()]
    forms.sort(key=lambda form: (-form.level, -form.times, form.text))
    return WordExplanation(str(origin.node), role, counted, steps, tuple(forms), tuple(spans), explainer.levels(clause))


def _texts(schema: Schema, article: Article) -> Iterator[_Text]:
    for field, values in schema.values(article):
        if field.indexed:
            for value in values:
                yield field.name, value, field.multivalued
