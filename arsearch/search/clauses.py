"""The clauses of a planned query: frozen data that every back-end can turn into its own requests.

There are three kinds. *Term clauses* name the terms, patterns or phrases to look up in one field, at one level of
analysis, without scores. *Query clauses* combine term clauses: a `ScoredClause` weighs the levels of one typed word, the
others are boolean. *Filters* are conditions on exact values and never score.

The terms of clauses are analysed. All clauses are hashable; equal clauses match the same documents.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from arsearch.model.schema import NORMALISED, Field
from arsearch.query.tree import Node
from arsearch.search.highlighting import TargetRecipe
from arsearch.snippets import TermMatcher

if TYPE_CHECKING:
    from arsearch.model.explanations import Step

__all__ = [
    "AndClause",
    "BooleanClause",
    "DateFilter",
    "ExistsFilter",
    "Filter",
    "FilterClause",
    "FuzzyClause",
    "IdFilter",
    "NotClause",
    "NotFilter",
    "OrClause",
    "Origin",
    "PatternClause",
    "PhraseClause",
    "QueryClause",
    "RangeFilter",
    "RootClause",
    "ScoredClause",
    "SurfaceFormClause",
    "TermClause",
    "TermsClause",
    "TermsFilter",
    "UnionClause",
    "WordClause",
]


class TermsClause(NamedTuple):
    """Any of a few terms at one level, "normalised" or "stem"."""

    level: str
    terms: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The name of the clause in explanations."""
        return self.level

    def __str__(self) -> str:
        return " | ".join(self.terms)


@dataclass(frozen=True, slots=True)
class WordClause:
    """The forms of a word: normalised terms with the stem `stem` whose word, without clitics, is `word`."""

    stem: str
    word: str
    kind: Literal["word"] = "word"

    def __str__(self) -> str:
        return self.word


class RootClause(NamedTuple):
    """The words of the root family of `stem` (see `analyzers.root_families`); of a stem without a family, its own words."""

    stem: str

    @property
    def kind(self) -> str:
        """The name of the clause in explanations."""
        return "root" if self._root() else "stem"

    def __str__(self) -> str:
        return self._root() or self.stem

    def _root(self) -> str:
        from arsearch.analyzers.root_families import root_of_family  # only explanations need the table of roots

        return root_of_family(self.stem)


@dataclass(frozen=True, slots=True)
class SurfaceFormClause:
    """The occurrences of a normalised term that match `matcher`, at its floor or at a stricter level."""

    matcher: TermMatcher

    @property
    def kind(self) -> str:
        """The name of the clause in explanations."""
        return self.matcher.floor.label

    def __str__(self) -> str:
        return self.matcher.text


@dataclass(frozen=True, slots=True)
class PatternClause:
    """Normalised terms that match a pattern of letters, `*` and `?`.

    Only the `max_expansions` most frequent terms count; `None` is no limit.
    """

    pattern: str
    max_expansions: int | None
    level: str = NORMALISED
    kind: Literal["pattern"] = "pattern"

    def __str__(self) -> str:
        return self.pattern


@dataclass(frozen=True, slots=True)
class FuzzyClause:
    """Normalised terms at most `distance` edits from `word`; the `max_expansions` most frequent count."""

    word: str
    distance: int
    max_expansions: int | None
    level: str = NORMALISED
    kind: Literal["fuzzy"] = "fuzzy"

    def __str__(self) -> str:
        return f"{self.word}~{self.distance}"


@dataclass(frozen=True, slots=True)
class PhraseClause:
    """Terms at positions relative to one another.

    `parts` pairs the position of each word with its clause. With `slop` 0 the words are at exactly these positions.
    Otherwise they are within a window of `slop` further positions: in order if `slop` is 1, in any order if it is
    more, each word at a position of its own. The frequency counts the positions where such a window starts.
    """

    parts: tuple[tuple[int, TermsClause | WordClause | SurfaceFormClause], ...]
    slop: int = 0
    kind: Literal["phrase"] = "phrase"

    def __str__(self) -> str:
        return " ".join(str(clause).partition(" | ")[0] for _, clause in self.parts)


@dataclass(frozen=True, slots=True)
class UnionClause:
    """The documents of any of `clauses`; their frequencies are added up.

    The clauses are a word and its synonyms, or the spellings of a phrase; `of` tells which.
    """

    clauses: tuple[TermsClause | SurfaceFormClause | PhraseClause | RootClause, ...]
    of: Literal["synonyms", "phrase"] = "synonyms"

    @property
    def kind(self) -> str:
        """The name of the clause in explanations."""
        return "root" if any(clause.kind == "root" for clause in self.clauses) else self.of

    def __str__(self) -> str:
        return " | ".join(map(str, self.clauses))


TermClause = (
    TermsClause | WordClause | RootClause | SurfaceFormClause | PatternClause | FuzzyClause | PhraseClause | UnionClause
)
"""A clause that can be looked up in one field, as documents and frequencies."""


class Origin(NamedTuple):
    """The part of the query that a `ScoredClause` was made from, for explanations.

    `words` are the written words of `node` in order, `target` marks its matches and `others` mark the matches of its
    synonyms. `reasons` follow the steps of their analysis in explanations.
    """

    node: Node
    words: tuple[str, ...]
    target: TargetRecipe
    others: tuple[TargetRecipe, ...] = ()
    reasons: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredClause:
    """A word, phrase or pattern in some fields: the weighted sum of its levels, from strict to loose.

    `levels` pairs each level's weight with its clause. The levels are nested: the documents of the last one are all
    documents of the clause. If the clause is `related`, its last level is the root, and a document with this level alone
    has the word only by its root: it is not complete. `is_stop_word` marks a stop word.
    """

    levels: tuple[tuple[float, TermClause], ...]
    fields: tuple[str, ...]
    is_stop_word: bool = field(default=False, compare=False)
    origin: Origin | None = field(default=None, compare=False)
    related: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """The compared values: a key for caches, which hashes faster than the clause and does not keep its origin."""
        return self.levels, self.fields, self.related


@dataclass(frozen=True, slots=True)
class ExistsFilter:
    """Documents with a value in a field."""

    field: Field


@dataclass(frozen=True, slots=True)
class TermsFilter:
    """Documents with at least one of `values` in a keyword or number field."""

    field: Field
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class RangeFilter:
    """Documents with a value from `low` to `high` in a keyword or number field; `None` leaves an end open."""

    field: Field
    low: Any
    high: Any
    include_low: bool = True
    include_high: bool = True


@dataclass(frozen=True, slots=True)
class DateFilter:
    """Documents dated from the day `start` to the day `end`, both included; `None` leaves an end open."""

    field: Field
    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True, slots=True)
class IdFilter:
    """The documents with some ids; ids that no document has are ignored."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotFilter:
    """The documents that do not pass a filter, among them those without a value."""

    filter: ExistsFilter | TermsFilter | RangeFilter | DateFilter | IdFilter


Filter = ExistsFilter | TermsFilter | RangeFilter | DateFilter | IdFilter | NotFilter
"""A condition on exact values."""


@dataclass(frozen=True, slots=True)
class FilterClause:
    """The documents that pass a filter, with score 0."""

    filter: Filter


@dataclass(frozen=True, slots=True)
class AndClause:
    """The documents of every child, less those of the children of a `NotClause` among them; scores are added up."""

    children: tuple[QueryClause, ...]


@dataclass(frozen=True, slots=True)
class OrClause:
    """The documents of at least one child; scores are added up. Without children, no document."""

    children: tuple[QueryClause, ...]


@dataclass(frozen=True, slots=True)
class NotClause:
    """Every document that its child does not match, with score 0."""

    child: QueryClause


@dataclass(frozen=True, slots=True)
class BooleanClause:
    """Words side by side, as typed.

    A document matches if it has all of `must`, none of `must_not`, and enough of `should`. `minimum_should_match` is
    the number of `should` clauses that it needs, "all", or "auto". With "auto" it needs all of them, but if too few
    documents have all, documents with at least one follow. `optional` clauses, which are stop words beside other words,
    only add to the score. If there are `must` clauses and the minimum is a number, `should` clauses only add to the
    score too.
    """

    should: tuple[QueryClause, ...]
    optional: tuple[QueryClause, ...] = ()
    must: tuple[QueryClause, ...] = ()
    must_not: tuple[QueryClause, ...] = ()
    minimum_should_match: int | Literal["auto", "all"] = "auto"


QueryClause = ScoredClause | FilterClause | AndClause | OrClause | NotClause | BooleanClause
"""A clause that matches documents and scores them."""
