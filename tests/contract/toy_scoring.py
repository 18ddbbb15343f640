"""Which documents of the toy back-end match a clause, and how they score: one document and one position at a time."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import pairwise, product

from arsearch.analyzers.root_families import stems_of_family
from arsearch.model.explanations import Bonus, FieldCount, Listed, Recency
from arsearch.model.schema import NORMALISED, STEM
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
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.signals import DATE, SLOP, ProximitySignal, RecencySignal, TermPair
from arsearch.snippets import PatternMatcher
from arsearch.snippets.fuzzy import is_within
from contract.toy_documents import Document, Occurrence

__all__ = ["Scoring"]

_EPOCH = dt.datetime(1970, 1, 1)
_DAY = dt.timedelta(days=1)

_family = cache(stems_of_family)  # every word of every article is compared with it
_matcher = cache(PatternMatcher)


class Scoring:
    """Scores the documents of one commit for one plan. `truncated` is as in `Matched`."""

    def __init__(self, documents: Collection[Document], ranking: Ranking, plan: Plan) -> None:
        self.truncated: dict[str, int] = {}
        self._documents = documents
        self._ranking = ranking
        self._plan = plan
        self._expanded: dict[tuple[TermClause, str], TermsClause] = {}
        self._counts: dict[tuple[TermClause, tuple[str, ...]], int] = {}
        self._averages: dict[str, float] = {}

    def score(self, clause: QueryClause, document: Document, *, roots: bool = True) -> float | None:
        """Return the score of a clause for a document; `None` if it does not match, without `roots` not completely."""
        match clause:
            case ScoredClause():
                levels = self.levels(clause, document)
                last = levels[-2 if clause.related and not roots else -1]
                return math.fsum(level.score for level in levels) if last.fields else None
            case FilterClause(filter):
                return 0.0 if document.passes(filter) else None
            case NotClause(child):
                return 0.0 if self.score(child, document, roots=False) is None else None
            case AndClause(children):
                return self._sum(children, document, len(children), roots)
            case OrClause(children):
                return self._sum(children, document, 1, roots)
            case BooleanClause():
                return self._boolean(clause, document, roots)

    def _sum(self, clauses: Sequence[QueryClause], document: Document, minimum: int, roots: bool) -> float | None:
        """Return the sum of the clauses that match, `None` if they are fewer than `minimum`."""
        scores = [score for clause in clauses if (score := self.score(clause, document, roots=roots)) is not None]
        return math.fsum(scores) if len(scores) >= minimum else None

    def _boolean(self, clause: BooleanClause, document: Document, roots: bool) -> float | None:
        minimum = clause.minimum_should_match
        if not (clause.should or clause.must or clause.must_not):
            return None
        if not isinstance(minimum, int):
            minimum = len(clause.should)
        elif clause.must or not clause.should:
            minimum = 0
        if any(self.score(child, document, roots=False) is not None for child in clause.must_not):
            return None
        must = self._sum(clause.must, document, len(clause.must), roots)
        should = self._sum(clause.should, document, minimum, roots)
        optional = self._sum(clause.optional, document, 0, roots)
        return None if must is None or should is None else must + should + (optional or 0.0)

    def levels(self, clause: ScoredClause, document: Document) -> tuple[Listed, ...]:
        """Return what each level of a clause adds, as sums."""
        return tuple(self._level(weight, level, clause.fields, document) for weight, level in clause.levels)

    def _level(self, weight: float, clause: TermClause, fields: tuple[str, ...], document: Document) -> Listed:
        counted = self._field_counts(clause, fields, document)
        return self._listed(clause.kind, str(clause), self.count(clause, fields), weight, counted)

    def signals(self, document: Document) -> tuple[Bonus, ...]:
        """Return what each signal adds, as sums; pairs that add nothing are left out."""
        bonuses: list[Bonus] = []
        for signal in self._plan.signals:
            match signal:
                case ProximitySignal(pairs):
                    bonuses += self._pairs(pairs, document)
                case RecencySignal():
                    bonuses += self._recency(signal, document)
        return tuple(bonuses)

    def _pairs(self, pairs: Sequence[TermPair], document: Document) -> Iterator[Listed]:
        weight = self._ranking.pair_weight / math.sqrt(len(pairs))
        for pair in pairs:
            words = [TermsClause(STEM, (stem,)) for stem in (pair.first, pair.second)]
            rarer = min(max(self.count(word, (field,)) for field in pair.fields) for word in words)
            if counted := self._field_counts(pair, pair.fields, document):
                yield self._listed("pair", f"{pair.first} {pair.second}", rarer, weight, counted)

    def _recency(self, signal: RecencySignal, document: Document) -> Iterator[Recency]:
        dates = [date for other in self._documents for date in other.values(DATE)]
        now = _EPOCH + dt.timedelta(seconds=signal.now)
        newest = max((date for date in dates if date <= now), default=now)
        for date in document.values(DATE):
            age = max(newest - date, dt.timedelta())
            half_life = dt.timedelta(seconds=signal.half_life)
            yield Recency(date.isoformat(), age / _DAY, half_life / _DAY, self._ranking.recency_weight)

    def _listed(self, kind: str, sought: str, count: int, weight: float, fields: tuple[FieldCount, ...]) -> Listed:
        total = len(self._documents)
        idf = math.log1p((total - count + 0.5) / (count + 0.5))
        return Listed(kind, sought, count, total, idf, weight, self._ranking.k1, fields)

    def count(self, clause: TermClause, fields: tuple[str, ...]) -> int:
        """Return the number of documents with a term clause in any of the fields."""
        key = clause, fields
        if key not in self._counts:
            self._counts[key] = sum(
                any(self._frequency(clause, field, document) for field in fields) for document in self._documents
            )
        return self._counts[key]

    def _field_counts(
        self, clause: TermClause | TermPair, fields: tuple[str, ...], document: Document
    ) -> tuple[FieldCount, ...]:
        ranking, counted = self._ranking, []
        for field in fields:
            if frequency := self._frequency(clause, field, document):
                weight, b = ranking.field_weight.get(field, 1.0), ranking.field_b.get(field, ranking.b)
                average = self._average(field)
                counted.append(FieldCount(field, frequency, document.lengths[field], average, weight, b))
        return tuple(counted)

    def _average(self, field: str) -> float:
        """Return the mean length of a field over the documents that have it."""
        if field not in self._averages:
            lengths = [length for document in self._documents if (length := document.lengths.get(field))]
            self._averages[field] = sum(lengths) / len(lengths)
        return self._averages[field]

    def _frequency(self, clause: TermClause | TermPair, field: str, document: Document) -> float:
        occurrences = document.occurrences(field)
        match clause:
            case TermPair(first, second, distance):
                return _pair_frequency(_having_stem(first, occurrences), _having_stem(second, occurrences), distance)
            case UnionClause(clauses):
                return sum(self._frequency(part, field, document) for part in clauses)
            case PhraseClause(parts, slop):
                return _phrase_frequency([(at, _positions(word, occurrences)) for at, word in parts], slop)
            case PatternClause() | FuzzyClause():
                clause = self._expand(clause, field)
        level = STEM if isinstance(clause, RootClause) else getattr(clause, "level", NORMALISED)
        return len({(one.position, getattr(one.term, level)) for one in occurrences if _fits(clause, one)})

    def _expand(self, clause: PatternClause | FuzzyClause, field: str) -> TermsClause:
        """Return the most frequent terms of a field that a clause stands for."""
        key = clause, field
        if key not in self._expanded:
            found: Counter[str] = Counter()
            for document in self._documents:
                found.update({one.term.normalised for one in document.occurrences(field) if _fits(clause, one)})
            if clause.max_expansions is not None and len(found) > clause.max_expansions:
                self.truncated[str(clause)] = clause.max_expansions
            terms = tuple(term for term, _ in found.most_common(clause.max_expansions))
            self._expanded[key] = TermsClause(NORMALISED, terms)
        return self._expanded[key]


def _fits(clause: TermClause, occurrence: Occurrence) -> bool:
    _, word, term = occurrence
    match clause:
        case TermsClause(level, terms):
            return getattr(term, level) in terms
        case RootClause(stem):
            return term.stem in _family(stem)
        case WordClause():
            return (term.stem, term.word) == (clause.stem, clause.word)
        case SurfaceFormClause(matcher):
            return matcher.level(term, word) is not None
        case PatternClause():
            return _matcher(clause.pattern).fits(term.normalised)
        case FuzzyClause():
            return is_within(clause.word, term.normalised, clause.distance)
    raise TypeError(f"{type(clause).__name__} is not a clause of one word")


def _positions(clause: TermClause, occurrences: Sequence[Occurrence]) -> set[int]:
    return {one.position for one in occurrences if _fits(clause, one)}


def _having_stem(stem: str, occurrences: Sequence[Occurrence]) -> set[int]:
    return {one.position for one in occurrences if one.term.stem == stem}


def _phrase_frequency(columns: Sequence[tuple[int, set[int]]], slop: int) -> int:
    """Return the number of positions where a phrase starts; `columns` pairs the place of each word with its positions."""
    (first, starts), *_ = columns
    if not slop:
        return sum(all(start + place - first in column for place, column in columns) for start in starts)
    width = columns[-1][0] - first + slop
    if slop > 1:
        starts = set().union(*(column for _, column in columns))
    return sum(
        any(_are_apart(choice, ordered=slop == 1, first=start) for choice in product(*_within(columns, start, width)))
        for start in starts
    )


def _within(columns: Sequence[tuple[int, set[int]]], start: int, width: int) -> list[set[int]]:
    return [{position for position in column if start <= position <= start + width} for _, column in columns]


def _are_apart(choice: Sequence[int], *, ordered: bool, first: int) -> bool:
    """Tell whether each word has a position of its own, in order and from `first` on if that is wanted."""
    if ordered:
        return choice[0] == first and all(before < after for before, after in pairwise(choice))
    return len(set(choice)) == len(choice)


def _pair_frequency(firsts: set[int], seconds: set[int], distance: int) -> float:
    """Return how often a pair stands together: 1 at `distance`, and 1 / (n + 1) with n more positions between."""
    frequency = 0.0
    for position in firsts:
        following = min((other for other in seconds if other > position), default=None)
        if following is not None and (extra := max(following - position - distance, 0)) <= SLOP:
            frequency += 1 / (extra + 1)
    return frequency
