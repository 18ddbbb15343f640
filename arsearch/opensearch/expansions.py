"""The terms that patterns, misspellings and words with vowel marks stand for, from the vocabulary of the documents.

One request for each clause and field counts the documents with each term. The cluster looks terms up by a regular expression;
terms near a misspelling are taken from a wider set, and checked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from arsearch.analyzers import Term
from arsearch.model import Level
from arsearch.opensearch.connection import RequestFailedError
from arsearch.opensearch.terms import JOINER, text_of, token
from arsearch.search.clauses import (
    AndClause,
    BooleanClause,
    FuzzyClause,
    NotClause,
    OrClause,
    PatternClause,
    PhraseClause,
    QueryClause,
    ScoredClause,
    SurfaceFormClause,
    TermClause,
    UnionClause,
)
from arsearch.snippets.fuzzy import is_within

__all__ = ["Expandable", "Expansions", "common_terms", "escaped", "expand", "scored_clauses"]

Expandable = PatternClause | FuzzyClause | SurfaceFormClause

_MOST = 60_000
"""The number of terms that one request may return; the cluster allows 65,535 buckets."""
_LONGEST = 1_000
"""The characters of a regular expression that the cluster takes."""
_LONG = 12
"""Letters of a word up to which all its misspellings are written out."""
_SPECIAL = re.compile(r'[.?+*|{}\[\]()"\\#@&<>~^$-]')


class Expansions:
    """The indexed terms of each clause in each field, the most frequent first; `truncated` is as in `Matched`.

    `windows` has the ids of the documents of a phrase with slop in a field by the frequency of the phrase, if they were
    counted (see `windows`).
    """

    def __init__(self) -> None:
        self.truncated: dict[str, int] = {}
        self.windows: dict[tuple[PhraseClause, str], dict[int, list[str]]] = {}
        self._terms: dict[tuple[Expandable, str], tuple[str, ...]] = {}

    def terms(self, clause: Expandable, field: str) -> tuple[str, ...]:
        """Return the indexed terms of a clause in a field."""
        return self._terms.get((clause, field), ())

    def add(self, clause: Expandable, field: str, terms: Iterable[str]) -> None:
        """Set the terms of a clause in a field."""
        found = tuple(terms)
        limit = getattr(clause, "max_expansions", None)
        if limit is not None and len(found) > limit:
            self.truncated[str(clause)] = limit
            found = found[:limit]
        self._terms[clause, field] = found


def scored_clauses(clause: QueryClause | None) -> Iterator[ScoredClause]:
    """Yield the scored clauses of a clause, excluded ones too."""
    match clause:
        case ScoredClause():
            yield clause
        case NotClause(child):
            yield from scored_clauses(child)
        case AndClause(children) | OrClause(children):
            for child in children:
                yield from scored_clauses(child)
        case BooleanClause():
            for child in (*clause.should, *clause.must, *clause.optional, *clause.must_not):
                yield from scored_clauses(child)


def _expandable(clause: TermClause) -> Iterator[Expandable]:
    match clause:
        case PatternClause() | FuzzyClause():
            yield clause
        case SurfaceFormClause(matcher):
            if matcher.floor is Level.VOCALISED:
                yield clause
        case PhraseClause(parts):
            for _, part in parts:
                yield from _expandable(part)
        case UnionClause(clauses):
            for one in clauses:
                yield from _expandable(one)


def expand(clauses: Iterable[ScoredClause], search: Callable[[Mapping[str, Any]], Any]) -> Expansions:
    """Return the terms of the clauses; `search` returns the answer to a body that the function makes."""
    expansions = Expansions()
    wanted = dict.fromkeys(
        (one, field)
        for clause in clauses
        for _, level in clause.levels
        for one in _expandable(level)
        for field in clause.fields
    )
    if not wanted:
        return expansions
    for clause, field in wanted:
        expansions.add(clause, field, _checked(clause, _found(clause, field, search)))
    return expansions


def _found(clause: Expandable, field: str, search: Callable[[Mapping[str, Any]], Any]) -> list[str]:
    group = "forms" if isinstance(clause, SurfaceFormClause) else "vocabulary"
    return list(common_terms(f"{group}.{field}", _expressions(clause), _MOST, search))


def common_terms(
    field: str,
    expressions: Iterable[str],
    size: int,
    search: Callable[[Mapping[str, Any]], Any],
    *,
    sampled: int | None = None,
) -> dict[str, int]:
    """Return the most common values of a field that match a regular expression, with their documents.

    Of each group of expressions that the cluster takes at once, there are at most `size` values. With `sampled` only that
    many documents of each shard are looked at.
    """
    order = [{"_count": "desc"}, {"_key": "asc"}]
    lookups = [{"field": field, "include": one, "size": size, "order": order} for one in _joined(expressions)]
    try:
        groups = _buckets(lookups, sampled, search)
    except RequestFailedError as error:
        if error.status != 500:
            raise
        # OpenSearch 2.19 fails so where a shard has no value of the field; the slower way works there too
        groups = _buckets([{**lookup, "execution_hint": "map"} for lookup in lookups], sampled, search)
    counts = {bucket["key"]: bucket["doc_count"] for buckets in groups for bucket in buckets}
    return counts if len(groups) == 1 else dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _joined(expressions: Iterable[str]) -> Iterator[str]:
    """Yield the expressions joined as alternatives, each within the length that the cluster takes."""
    joined = ""
    for one in expressions:
        if joined and len(joined) + 1 + len(one) > _LONGEST:
            yield joined
            joined = one
        else:
            joined = f"{joined}|{one}" if joined else one
    yield joined


def _buckets(lookups: list[dict[str, Any]], sampled: int | None, search: Callable[[Mapping[str, Any]], Any]) -> Any:
    found: dict[str, Any] = {f"found{number}": {"terms": lookup} for number, lookup in enumerate(lookups)}
    if sampled is None:
        answer = search({"size": 0, "aggs": found})["aggregations"]
    else:
        query = {"exists": {"field": lookups[0]["field"]}}
        body = {"size": 0, "query": query, "aggs": {"sample": {"sampler": {"shard_size": sampled}, "aggs": found}}}
        answer = search(body)["aggregations"]["sample"]
    return [answer[name]["buckets"] for name in found]


def _expressions(clause: Expandable) -> Iterator[str]:
    """Yield regular expressions of the cluster, one of which each term of a clause matches, and perhaps other terms."""
    match clause:
        case SurfaceFormClause(matcher):
            yield escaped(token("form", matcher.surface, "")) + ".*"
        case PatternClause(pattern):
            signs = {"*": ".*", "?": "."}
            yield "".join(signs.get(piece, escaped(piece)) for piece in re.split(r"([*?])", pattern))
        case FuzzyClause(word, distance):
            yield from _edited(word, distance) if len(word) <= _LONG else _around(word, distance)


def _edited(word: str, edits: int) -> Iterator[str]:
    """Yield expressions, one of which matches each word within a number of edits.

    An edit leaves the place of a letter free, for one letter more than before, or swaps two letters.
    """
    if not edits:
        yield escaped(word)
    elif word:
        for here in range(edits + 1):
            letter = f".{{0,{here + 1}}}" if here else escaped(word[0])
            yield from (letter + rest for rest in _edited(word[1:], edits - here))
            if here and len(word) > 1 and word[0] != word[1]:
                free = f".{{0,{here - 1}}}" if here > 1 else ""
                swapped = f"{free}{escaped(word[1])}{escaped(word[0])}{free}"
                yield from (swapped + rest for rest in _edited(word[2:], edits - here))


def _around(word: str, distance: int) -> Iterator[str]:
    """Yield expressions, one of which matches each word within a distance of a long word. There are few of them.

    Of 2 * distance + 1 pieces of the word one is left whole, because an edit touches at most two; it moves by at most
    `distance` letters.
    """
    pieces = 2 * distance + 1
    ends = [len(word) * number // pieces for number in range(pieces + 1)]
    for start, end in pairwise(ends):
        rest = len(word) - end
        before, after = (f".{{{max(size - distance, 0)},{size + distance}}}" for size in (start, rest))
        yield f"{before}{escaped(word[start:end])}{after}"


def escaped(text: str) -> str:
    """Return a regular expression of the cluster that matches a text alone."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _checked(clause: Expandable, found: Iterable[str]) -> Iterator[str]:
    match clause:
        case PatternClause():
            yield from (token("normalised", term) for term in found)
        case FuzzyClause(word, distance):
            yield from (token("normalised", term) for term in found if is_within(word, term, distance))
        case SurfaceFormClause(matcher):
            term = Term(0, matcher.surface, matcher.normalised, matcher.word, matcher.stem, False)
            yield from (form for form in found if matcher.level(term, text_of(form).partition(JOINER)[2]) is not None)
