"""Articles as the toy back-end keeps them: every occurrence of every word, and exact values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from arsearch.analyzers import ArabicAnalyzer, Term
from arsearch.model import Article
from arsearch.model.places import work_of_id
from arsearch.model.schema import WORK, Field, Schema
from arsearch.search.clauses import DateFilter, ExistsFilter, Filter, IdFilter, NotFilter, RangeFilter, TermsFilter

__all__ = ["Document", "Occurrence"]

_VALUE_GAP = 100
"""Positions between two values of one field."""


class Occurrence(NamedTuple):
    """A term in a field, its position, and the written word that it comes from."""

    position: int
    word: str
    term: Term


class Document:
    """One article, analysed."""

    def __init__(self, article: Article, analyzer: ArabicAnalyzer, schema: Schema) -> None:
        """Analyse an article; ArticleError if a value does not fit its field."""
        self.article = article
        self.lengths: dict[str, int] = {}
        self._values: dict[str, list[Any]] = {}
        self._occurrences: dict[str, list[Occurrence]] = {}
        for field, values in schema.values(article):
            if field.has_doc_values:
                self._values[field.name] = [_in_utc(value) for value in values]
            if field.indexed and values and field is not WORK:
                self._analyse(field.name, values, analyzer)

    def _analyse(self, field: str, values: Sequence[str], analyzer: ArabicAnalyzer) -> None:
        occurrences = self._occurrences[field] = []
        position = -_VALUE_GAP
        for value in values:
            position += _VALUE_GAP
            for word in analyzer.tokenizer.words(value):
                form = analyzer.form(word)
                occurrences += [Occurrence(position + term.offset, word, term) for term in form.terms]
                position += form.width
        self.lengths[field] = position

    def occurrences(self, field: str) -> list[Occurrence]:
        """Return the terms of a field."""
        return self._occurrences.get(field, [])

    def values(self, field: Field | str) -> list[Any]:
        """Return the exact values of a field; dates are without a time zone, in UTC if they had one."""
        return self._values.get(field if isinstance(field, str) else field.name, [])

    def passes(self, filter: Filter) -> bool:
        """Tell whether the article passes a filter."""
        match filter:
            case ExistsFilter(field):
                return bool(self.values(field) if field.has_doc_values else self.lengths.get(field.name))
            case TermsFilter(field, terms):
                return any(value in terms for value in self.values(field))
            case RangeFilter(field):
                return any(_is_between(filter, value) for value in self.values(field))
            case DateFilter(field, start, end):
                days = RangeFilter(field, start, end)
                return any(_is_between(days, value.date()) for value in self.values(field))
            case IdFilter(ids):
                return not {self.article.id, work_of_id(self.article.id)}.isdisjoint(ids)
            case NotFilter(excluded):
                return not self.passes(excluded)


def _in_utc(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None, microsecond=0) - (value.utcoffset() or dt.timedelta())
    return dt.datetime(value.year, value.month, value.day) if isinstance(value, dt.date) else value


def _is_between(bounds: RangeFilter, value: Any) -> bool:
    low, high = bounds.low, bounds.high
    above = low is None or value > low or (bounds.include_low and value == low)
    return above and (high is None or value < high or (bounds.include_high and value == high))
