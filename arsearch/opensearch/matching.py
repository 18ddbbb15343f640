"""Clauses as queries of the cluster.

A term clause in one field has two queries: one matches its documents, and the other also scores each by the frequency. A query
clause has a query that matches its documents, without scores; `scoring` has their scores.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from arsearch.analyzers.root_families import root_of_family
from arsearch.model import Level
from arsearch.model.schema import STEM
from arsearch.opensearch.expansions import Expansions
from arsearch.opensearch.filters import EVERYTHING, NOTHING, Query, all_of, any_of, filter_query, none_of, terms_query
from arsearch.opensearch.terms import ALTERNATIVE, HOLE, token, word_token
from arsearch.search.clauses import (
    AndClause,
    BooleanClause,
    FilterClause,
    FuzzyClause,
    NotClause,
    OrClause,
    PatternClause,
    PhraseClause,
    QueryClause,
    RootClause,
    ScoredClause,
    SurfaceFormClause,
    TermClause,
    TermsClause,
    UnionClause,
    WordClause,
)
from arsearch.search.signals import SLOP, TermPair

__all__ = ["any_field", "frequency_query", "match_query", "matching", "needs_some", "pair_query", "tokens_of"]

_SINGLE_TERMS = 16
"""Terms of a clause that are queries of their own; more become groups, of which each counts as one of a query's 1,024 terms."""
_GROUPED_TERMS = 500
_GROUPED_CHARACTERS = 20_000
"""The terms of a group, and their characters: the cluster takes 1,024, and 60,000 at one position of a text."""
_MOST_PHRASES = 100
"""Phrases of single terms that a phrase with a hole and alternatives becomes."""

_INTERVALS = "double s = _score; return Math.rint(s / (1 - s))"
"""The number of intervals n, from the score n / (n + 1) of an interval query."""
_WINDOWS = "double s = _score; return s / (1 - s)"
"""The sum over the shortest windows of 1 / (1 + the number of other words in it)."""


def match_query(clause: TermClause, field: str, expansions: Expansions) -> Query:
    """Return the documents that have a clause in a field."""
    match clause:
        case UnionClause(clauses):
            return any_of(match_query(part, field, expansions) for part in clauses)
        case PhraseClause():
            return _phrase(clause, field, expansions, scored=False)
    return terms_query(f"t.{field}", tokens_of(clause, field, expansions))


def frequency_query(clause: TermClause, field: str, expansions: Expansions) -> Query:
    """Return the documents that have a clause in a field, each scored by the frequency."""
    match clause:
        case UnionClause(clauses):
            return any_of(frequency_query(part, field, expansions) for part in clauses)
        case PhraseClause():
            return _phrase(clause, field, expansions, scored=True)
    tokens = tokens_of(clause, field, expansions)
    if len(tokens) <= _SINGLE_TERMS:
        return any_of(_term(field, one) for one in tokens)
    return any_of({"match": {f"t.{field}": {"query": ALTERNATIVE.join(group)}}} for group in _groups(tokens))


def pair_query(pair: TermPair, field: str) -> Query:
    """Return the documents with a pair of neighbouring words in a field, scored by the frequency of the pair."""
    first, second = token(STEM, pair.first), token(STEM, pair.second)
    # the similarity is summed over the distinct terms of a query
    boost = 1.0 if first == second else 0.5
    terms: list[Query] = [{"span_term": {f"t.{field}": one}} for one in (first, second)]
    if pair.distance > 1:
        terms.insert(1, {"span_gap": {f"t.{field}": pair.distance - 1}})
    return {"span_near": {"clauses": terms, "slop": SLOP, "in_order": True, "boost": boost}}


def tokens_of(clause: TermClause, field: str, expansions: Expansions) -> Sequence[str]:
    """Return the indexed terms of a clause of one word."""
    match clause:
        case TermsClause(level, terms):
            return list(dict.fromkeys(token(level, term) for term in terms))
        case WordClause(stem, word):
            return [word_token(stem, word)]
        case RootClause(stem):
            root = root_of_family(stem)
            return [token("root", root) if root else token(STEM, stem)]
        case SurfaceFormClause(matcher):
            if matcher.floor is Level.VOCALISED:
                return expansions.terms(clause, field)
            return [token("surface", matcher.surface)] if matcher.surface else []
        case PatternClause() | FuzzyClause():
            return expansions.terms(clause, field)
    raise TypeError(f"{type(clause).__name__} is not a clause of one word")


def _term(field: str, one: str) -> Query:
    return {"term": {f"t.{field}": {"value": one}}}


def _groups(tokens: Iterable[str]) -> Iterator[list[str]]:
    """Yield terms in groups. The cluster adds up the frequencies of terms that stand at one position of a query's text."""
    group: list[str] = []
    characters = 0
    for one in tokens:
        if len(group) == _GROUPED_TERMS or (group and characters + len(one) > _GROUPED_CHARACTERS):
            yield group
            group, characters = [], 0
        group.append(one)
        characters += len(one) + 1
    if group:
        yield group


def _phrase(clause: PhraseClause, field: str, expansions: Expansions, *, scored: bool) -> Query:
    columns = [(place, tokens_of(part, field, expansions)) for place, part in clause.parts]
    if not all(tokens for _, tokens in columns):
        return NOTHING
    counted = expansions.windows.get((clause, field))
    if counted is not None:
        return any_of(
            {"constant_score": {"filter": terms_query("id", ids), "boost": count}} for count, ids in counted.items()
        )
    places = [place for place, _ in columns]
    holes = places[-1] - places[0] + 1 - len(places)
    if not clause.slop and all(len(tokens) == 1 for _, tokens in columns):
        return _literal(field, [(place, tokens[0]) for place, tokens in columns])
    if not clause.slop and holes:
        choices = product(*[[(place, one) for one in tokens] for place, tokens in columns])
        phrases = [_literal(field, choice) for _, choice in zip(range(_MOST_PHRASES), choices, strict=False)]
        return any_of(phrases)
    query = _intervals(field, [tokens for _, tokens in columns], clause.slop, holes)
    return _scripted(query, _WINDOWS if clause.slop else _INTERVALS) if scored else query


def _literal(field: str, words: Sequence[tuple[int, str]]) -> Query:
    """Return a phrase of single terms at their places."""
    pieces = [HOLE] * (words[-1][0] - words[0][0] + 1)
    for place, one in words:
        pieces[place - words[0][0]] = one
    # the similarity is summed over the terms of a phrase
    return {"match_phrase": {f"t.{field}": {"query": " ".join(pieces), "boost": 1 / len(words)}}}


def _intervals(field: str, columns: Sequence[Sequence[str]], slop: int, holes: int) -> Query:
    words = [{"match": {"query": ALTERNATIVE.join(tokens), "max_gaps": 0}} for tokens in columns]
    if slop > 1:
        rule: dict[str, Any] = {"mode": "unordered_no_overlap" if _share(columns) else "unordered"}
    else:
        rule = {"mode": "ordered"}
    return {"intervals": {f"t.{field}": {"all_of": {**rule, "max_gaps": slop + holes, "intervals": words}}}}


def _share(columns: Sequence[Sequence[str]]) -> bool:
    """Tell whether two words of a phrase have a term in common, and could be found at one position."""
    return len({one for tokens in columns for one in tokens}) < math.fsum(len(tokens) for tokens in columns)


def _scripted(query: Query, source: str) -> Query:
    return {"script_score": {"query": query, "script": {"source": source}}} if query is not NOTHING else query


def any_field(clause: TermClause, fields: Iterable[str], expansions: Expansions) -> Query:
    """Return the documents that have a term clause in any of the fields."""
    return any_of(match_query(clause, field, expansions) for field in fields)


def matching(clause: QueryClause, expansions: Expansions, *, roots: bool) -> Query:
    """Return the documents that a clause matches; without `roots`, only its complete matches."""
    match clause:
        case ScoredClause():
            _, last = clause.levels[-2 if clause.related and not roots else -1]
            return any_field(last, clause.fields, expansions)
        case FilterClause(filter):
            return filter_query(filter)
        case NotClause(child):
            return none_of([matching(child, expansions, roots=False)])
        case AndClause(children):
            return all_of(matching(child, expansions, roots=roots) for child in children)
        case OrClause(children):
            return any_of(matching(child, expansions, roots=roots) for child in children)
        case BooleanClause():
            return _boolean(clause, expansions, roots)


def _boolean(clause: BooleanClause, expansions: Expansions, roots: bool) -> Query:
    if not (clause.should or clause.must or clause.must_not):
        return NOTHING
    minimum = clause.minimum_should_match
    if not isinstance(minimum, int):
        minimum = len(clause.should)
    elif clause.must or not clause.should:
        minimum = 0
    needed = [matching(child, expansions, roots=roots) for child in clause.must]
    if minimum:
        words = [matching(child, expansions, roots=roots) for child in clause.should]
        needed += words if minimum == len(words) else [any_of(words, minimum)]
    excluded = [matching(child, expansions, roots=False) for child in clause.must_not]
    if not excluded:
        return all_of(needed)
    return {"bool": {"filter": needed or [EVERYTHING], "must_not": excluded}}


def needs_some(clause: QueryClause | None) -> QueryClause | None:
    """Return a clause of mode "auto" as it is where too few documents have all words; `None` for other clauses."""
    if isinstance(clause, BooleanClause) and clause.minimum_should_match == "auto":
        return replace(clause, minimum_should_match=1)
    return None
