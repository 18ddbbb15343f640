"""Count the occurrences of a query by year, work, category or another value of the articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from arsearch.model import Level
from arsearch.model.occurrences import Frequencies, FrequencyRow
from arsearch.model.places import work_of_id
from arsearch.model.schema import is_period
from arsearch.search.backend import IndexView
from arsearch.search.occurrences.deadline import Deadline
from arsearch.search.occurrences.finding import OccurrenceFinder, is_fast, matching
from arsearch.search.occurrences.grouping import BY_WORK, check_group, group_values, periods_between
from arsearch.search.occurrences.planning import OccurrencePlan, plan_occurrences
from arsearch.search.occurrences.view import Counted, Counts, OccurrencesView
from arsearch.search.planner import Plan
from arsearch.search.session import SearchSession

__all__ = ["make_frequencies"]

_LOOK_EVERY = 1024
"""Words of a text between two looks at the clock."""

_NO_COUNTS = Counts(0, 0, 0)


def make_frequencies(
    session: SearchSession,
    text: str,
    by: str,
    filters: Mapping[str, Any] | None,
    match: Level | str | None,
    timeout: float | None,
) -> Frequencies:
    """Return the table of the frequencies of a query; see `Searchable.frequencies`."""
    deadline = Deadline(timeout)
    view = session.view
    by = check_group(view.schema, by)
    planned = plan_occurrences(session, text, filters, match)
    if not planned.clauses:
        counted = Counted({}, _NO_COUNTS)
    elif is_fast(session):
        counted = cast("OccurrencesView", view).count_occurrences(planned.plan, planned.clauses, by, deadline.at)
        deadline.passed |= counted.partial
    else:
        counted = _count(session, planned, by, deadline)
    total = FrequencyRow(None, *counted.total)
    notes = (*planned.plan.notes, *deadline.notes("counts may be too low"))
    return Frequencies(text, by, tuple(_rows(view, by, counted)), total, notes, deadline.passed)


def _rows(view: IndexView, by: str, counted: Counted) -> Iterator[FrequencyRow]:
    """Yield the rows of a table: periods without a gap, other values by their occurrences."""
    counts = counted.by_value
    found = {value: count for value, count in counts.items() if count.occurrences}
    named = [value for value in found if value is not None]
    if is_period(view.schema, by):
        order: Iterable[str] = periods_between(by, named)
    else:
        order = sorted(named, key=lambda value: (-found[value].occurrences, value))
    for value in order:
        yield FrequencyRow(value, *counts.get(value, _NO_COUNTS), counted.titles.get(value, ""))
    if None in found:
        yield FrequencyRow(None, *found[None])


def _count(session: SearchSession, planned: OccurrencePlan, by: str, deadline: Deadline) -> Counted:
    """Count the occurrences in the stored articles: slow, and right for every back-end."""
    view = session.view
    finder = OccurrenceFinder(session, planned, deadline)
    matched = {article.id for article in matching(session, planned.plan, deadline)}
    filters = planned.plan.filters
    passing = {article.id for article in matching(session, Plan(None, filters), deadline)} if filters else None
    occurrences: dict[str | None, int] = {}
    words: dict[str | None, int] = {}
    articles: dict[str | None, set[str]] = {}
    total = words_in_all = 0
    with_occurrences: set[str] = set()
    for article in view.articles():
        if deadline.is_over():
            break
        if passing is not None and article.id not in passing:
            continue
        texts = list(finder.texts(article))
        length = sum(_length(session, text.text, deadline) for text in texts)
        count = sum(map(finder.count, texts)) if article.id in matched else 0
        total += count
        words_in_all += length
        if count:
            with_occurrences.add(work_of_id(article.id))
        for value in group_values(view.schema, article, by) or (None,):
            occurrences[value] = occurrences.get(value, 0) + count
            words[value] = words.get(value, 0) + length
            if count:
                articles.setdefault(value, set()).add(work_of_id(article.id))
    by_value = {value: Counts(occurrences[value], len(articles.get(value, ())), words[value]) for value in words}
    titles = {id: work.title for id in by_value if by == BY_WORK and id and (work := view.get(id))}
    return Counted(by_value, Counts(total, len(with_occurrences), words_in_all), titles)


def _length(session: SearchSession, text: str, deadline: Deadline) -> int:
    """Return the number of words of a text, as an index counts positions; too few after the deadline."""
    analyzer, forms = session.view.analyzer, session.planner.forms
    length = 0
    for number, word in enumerate(analyzer.tokenizer.words(text), 1):
        if number % _LOOK_EVERY == 0 and deadline.is_over():
            break
        form = forms.get(word)
        if form is None:
            form = forms[word] = analyzer.form(word)
        length += form.width
    return length
