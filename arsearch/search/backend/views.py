"""The protocols of a view, which is one commit of an index, and the values that its methods return."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

from arsearch.analyzers import ArabicAnalyzer
from arsearch.model import Answers, Article, Correction, Stats, Suggestion
from arsearch.model.explanations import Bonus, Listed
from arsearch.model.schema import Schema
from arsearch.search.clauses import QueryClause, ScoredClause
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.request import PageRequest
from arsearch.search.statistics import TermStatistics

__all__ = [
    "CorrectView",
    "IndexView",
    "Matched",
    "NearDuplicatesView",
    "RawHit",
    "ScoreExplainer",
    "Spellings",
    "SuggestView",
    "TimeUpError",
]

Spellings = Callable[[Collection[str], Sequence[str]], set[str]]
"""Returns the normalised terms that have one of some stems in one of some fields."""


class TimeUpError(Exception):
    """The deadline of a call has passed, which has no answer that may be incomplete; back-ends catch it."""


class RawHit(NamedTuple):
    """A hit before it is highlighted. `similar` counts the near-duplicates left out; `load` reads the article.

    If a field is collapsed, `inner` has the next hits with the same value, and `inner_total` counts all of them, this one
    included. `location` names the index of the hit, if it is not the location of the back-end.
    """

    id: str
    title: str
    score: float
    complete: bool
    similar: int
    load: Callable[[], Article]
    inner: tuple[RawHit, ...] = ()
    inner_total: int = 1
    location: str | None = None


class Matched(NamedTuple):
    """One page of the matches of a plan, in order.

    `total` counts the articles that pages reach, after collapsing, and `total_complete` the complete ones among them. An
    article is complete if it has all words that the query needs, none of them by its root alone. `truncated` maps each
    pattern that matches too many terms to the number of terms it was expanded to. If `partial`, time ran out and some
    look-ups were skipped: hits may be missing, but none is wrong. If `approximate` is not 0, only this number of documents
    of each shard were compared by all levels of matching: a better hit may be missing.
    """

    hits: tuple[RawHit, ...]
    total: int
    total_complete: int
    facets: Mapping[str, Mapping[str, int]] = MappingProxyType({})
    truncated: Mapping[str, int] = MappingProxyType({})
    partial: bool = False
    approximate: int = 0

    @property
    def exact(self) -> bool:
        """Whether no look-up was skipped or truncated."""
        return not self.partial and not self.truncated


class ScoreExplainer(Protocol):
    """Splits the score of one article for one plan into its parts, until its deadline."""

    @property
    def partial(self) -> bool:
        """Whether time ran out, so that something that a method returned may be incomplete."""
        ...

    def outcome(self) -> tuple[bool, bool]:
        """Tell whether the plan finds the article, and whether the article is complete (see `Matched`)."""
        ...

    def matches(self, clause: QueryClause) -> bool:
        """Tell whether a clause of the plan matches the article, whatever the filters and the clauses around it."""
        ...

    def levels(self, clause: ScoredClause) -> tuple[Listed, ...]:
        """Return the part of each level of a scored clause, also of a level that adds nothing."""
        ...

    def signals(self) -> tuple[Bonus, ...]:
        """Return the part of each signal that adds to the score."""
        ...


class IndexView(Protocol):
    """One commit of an index, or a point in time. It is read-only, and threads may share it."""

    @property
    def schema(self) -> Schema:
        """The fields of the index."""
        ...

    @property
    def analyzer(self) -> ArabicAnalyzer:
        """The analyzer of the indexed articles: the same object in each view, or every search makes a planner."""
        ...

    @property
    def ranking(self) -> Ranking:
        """The constants of the score."""
        ...

    @property
    def generation(self) -> int:
        """The number of the commit; a later commit has a higher number."""
        ...

    @property
    def statistics(self) -> TermStatistics:
        """The statistics of terms in this commit."""
        ...

    @property
    def has_works(self) -> bool:
        """Whether any document belongs to a work; the documents of other indexes are articles."""
        ...

    def __len__(self) -> int:
        """Return the number of articles; a work counts once, whatever its parts."""
        ...

    def __contains__(self, id: str) -> bool:
        """Tell whether a document has the id."""
        ...

    def get(self, id: str) -> Article | None:
        """Return the document with the id, the head of a work without its parts, or `None`."""
        ...

    def articles(self) -> Iterator[Article]:
        """Yield every document, in order of adding."""
        ...

    def search(self, plan: Plan, page: PageRequest) -> Matched:
        """Return one page of the matches of a plan.

        Raises UnknownFieldError for a field that cannot sort, count or collapse.
        """
        ...

    def explainer(self, plan: Plan, id: str, deadline: float | None = None) -> ScoreExplainer:
        """Return the explainer of the score of an article; the article is in this view.

        `deadline` is a reading of `time.perf_counter`, here and in other methods; `None` is no limit.
        """
        ...

    def related_stems(self, stem: str) -> Collection[str]:
        """Return at least the stems of the root family of `stem` that articles have, and the stem itself."""
        ...

    @property
    def spellings(self) -> Spellings | None:
        """The function that returns the normalised terms of some stems in some fields; `None` if the back-end lacks it.

        The highlighter uses it to skip text that cannot match.
        """
        ...

    def stats(self) -> Stats:
        """Return the statistics of this commit."""
        ...


class CorrectView(Protocol):
    """A view of a back-end with `Capability.CORRECT`."""

    def correct(self, text: str, limit: int, deadline: float | None = None) -> Correction:
        """Propose at most `limit` likelier queries; see `Index.correct`. After the deadline there are none."""
        ...

    def respell(
        self, words: Sequence[str], missing: Collection[str], deadline: float | None = None
    ) -> Mapping[str, str]:
        """Return a likelier spelling of each of the `missing` words that has one, in order.

        `words` are the words of the query in order, and `missing` the words of them to respell. The spellings are those
        of the first proposal of `correct` for these words; a spelling may be several words. After the deadline there are
        none.
        """
        ...


class SuggestView(Protocol):
    """A view of a back-end with `Capability.SUGGEST`."""

    def suggest(self, prefix: str, limit: int, deadline: float | None = None) -> Answers[Suggestion]:
        """Return at most `limit` completions; see `Index.suggest`. After the deadline there are none."""
        ...


class NearDuplicatesView(Protocol):
    """A view of a back-end with `Capability.NEAR_DUPLICATES`; its `search` takes `collapse="duplicates"` too."""

    def near_duplicates(self, id: str) -> tuple[str, ...]:
        """Return the ids of an article and of its near-duplicates, in order of adding."""
        ...
