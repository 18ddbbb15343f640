"""The protocol of views that find and count occurrences themselves, and the counts that they return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from arsearch.model import Article
from arsearch.search.clauses import ScoredClause
from arsearch.search.planner import Plan
from arsearch.snippets import Highlighter

if TYPE_CHECKING:
    from arsearch.snippets.columns import MatchColumns

__all__ = ["Counted", "Counts", "Matching", "OccurrencesView"]


class Counts(NamedTuple):
    """Occurrences, articles with an occurrence (works once), and all words of the searched fields."""

    occurrences: int
    articles: int
    words: int


class Counted(NamedTuple):
    """The counts of the articles with each value, `None` for those without one, and of all articles together.

    Values without an occurrence may be left out, except periods. `titles` has the titles of works, if works are counted.
    """

    by_value: Mapping[str | None, Counts]
    total: Counts
    titles: Mapping[str, str] = MappingProxyType({})
    partial: bool = False
    """Whether look-ups were skipped because the deadline had passed, so that counts may be too low."""


class Matching(NamedTuple):
    """The documents that match a plan, in order of adding. If `partial`, look-ups were skipped, and some may be missing."""

    articles: Iterator[Article]
    partial: bool = False


class OccurrencesView(Protocol):
    """A view of a back-end with `Capability.OCCURRENCES`; for others, the stored articles are read.

    A `deadline` is a reading of `time.perf_counter`, `None` for no limit.
    """

    def matching(self, plan: Plan, deadline: float | None = None) -> Matching:
        """Return the documents that have everything a plan asks for. They are looked up at once, and read one by one."""
        ...

    def count_occurrences(
        self, plan: Plan, clauses: Sequence[ScoredClause], by: str, deadline: float | None = None
    ) -> Counted:
        """Count the occurrences of clauses in the documents that match a plan, by the values of a field.

        `by` is a name that `search.occurrences.grouping.check_group` accepts. `Counts.words` are those of all documents
        that pass the filters of the plan, in all fields of the clauses. An occurrence is a position where the last level
        of a clause starts.
        """
        ...

    def known_occurrences(self, id: str, highlighter: Highlighter, *, whole: bool = False) -> MatchColumns | None:
        """Return the matches of a highlighter's targets in the body of a document, found by their positions.

        If `whole`, and the document is the head of a work, the matches are those in the text of the work with its parts.
        `None` stands for a text that must be read as a whole, and for a highlighter whose deadline has passed.
        """
        ...
