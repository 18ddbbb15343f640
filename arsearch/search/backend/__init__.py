"""The protocols that a back-end implements, and the abilities that are optional.

A *back-end* keeps the articles of one index. A *view* is one commit of the index, or a point in time, and never
changes. A *writer* changes the index and commits. `Index` and `Snapshot` know a back-end by these protocols only;
requests, plans, highlighting and hits are the same for all back-ends.

Optional abilities are `Capability` members; some have a small protocol with their methods. `Index` and `Snapshot` raise
UnsupportedError for an ability that a back-end lacks. A back-end raises it only on opening with `recover`.

`writers` has the protocols and options of writers, and `reindexing` the steps of `arsearch.reindex`: searches need neither.
"""

from __future__ import annotations

import enum
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import UnsupportedError
from arsearch.model import Answers, Article
from arsearch.model.schema import Schema
from arsearch.search.clauses import QueryClause, ScoredClause
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.request import PageRequest
from arsearch.search.statistics import TermStatistics

if TYPE_CHECKING:
    from arsearch.model import BackupReport, Correction, Recovery, Stats, Suggestion
    from arsearch.model.explanations import Bonus, Listed
    from arsearch.search.backend.writers import AddOptions as AddOptions
    from arsearch.search.backend.writers import IndexWriter as IndexWriter
    from arsearch.search.backend.writers import SyncWriter as SyncWriter
    from arsearch.search.backend.writers import WriterOptions as WriterOptions

__all__ = [
    "AddOptions",
    "Backend",
    "BackupBackend",
    "Capability",
    "CheckBackend",
    "CorrectView",
    "IndexView",
    "IndexWriter",
    "Matched",
    "NearDuplicatesView",
    "OptimizeBackend",
    "RawHit",
    "ScoreExplainer",
    "Spellings",
    "SuggestView",
    "SyncWriter",
    "TimeUpError",
    "WriterOptions",
    "require",
]


def __getattr__(name: str) -> Any:
    if name not in ("AddOptions", "IndexWriter", "SyncWriter", "WriterOptions"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from arsearch.search.backend import writers

    return getattr(writers, name)


class Capability(enum.Enum):
    """An ability that some back-ends have and others lack. The value names it in messages and tables."""

    BACKUP = "copy the newest commit to a folder"
    CHECK = "verify everything stored"
    CORRECT = "propose corrections of a query"
    DURABLE = "choose whether a commit waits for the disk"
    JOIN = "be searched together with other indexes"
    NEAR_DUPLICATES = "fold near-duplicates"
    OCCURRENCES = "find occurrences by their positions"
    OPTIMIZE = "merge segments"
    PROCESSES = "answer a batch of searches with several processes"
    RECOVERY = "go back to the last intact commit"
    SNAPSHOTS = "pin a commit"
    SUGGEST = "complete a query that is being typed"
    SYNC = "keep the state of a folder"
    WORKERS = "add articles with several processes"


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


class Backend(Protocol):
    """Keeps one index at one location."""

    recovery: Recovery | None
    """The recovery made on opening; `None` if there was none."""

    @property
    def location(self) -> str:
        """The location of the index, as given to `arsearch.open`; never with credentials."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """The abilities of this back-end beyond adding, deleting and searching."""
        ...

    def view(self) -> IndexView:
        """Return the view of the newest commit; it is the same object until there is a newer one.

        Raises IndexClosedError after `close`.
        """
        ...

    def writer(self, options: WriterOptions) -> AbstractContextManager[IndexWriter]:
        """Open the writer, of which there is one at a time. Raises IndexLockedError if another writer holds the lock.

        A back-end that is only read raises IndexReadOnlyError.
        """
        ...

    def close(self) -> None:
        """Release files and connections. Views taken before stay usable as far as the back-end allows."""
        ...


class BackupBackend(Protocol):
    """A back-end with `Capability.BACKUP`."""

    def backup(self, folder: str | os.PathLike[str], *, replace: bool, timeout: float) -> BackupReport:
        """Copy the newest commit to a folder; see `Index.backup`."""
        ...


class CheckBackend(Protocol):
    """A back-end with `Capability.CHECK`."""

    def check(self) -> list[str]:
        """Return the problems of the newest commit; see `Index.check`."""
        ...


class OptimizeBackend(Protocol):
    """A back-end with `Capability.OPTIMIZE`."""

    def optimize(self, timeout: float) -> None:
        """Merge all segments into one; see `Index.optimize`."""
        ...


def require(backend: Backend, capability: Capability) -> None:
    """Raise UnsupportedError if a back-end lacks a capability."""
    if capability not in backend.capabilities:
        raise UnsupportedError(backend.location, capability.value)
