"""The seam: what a back-end gives, and which of it is optional.

A *back-end* keeps the articles of one index. A *view* is one commit of it, or a point in time, and never changes. A
*writer* changes the index and commits. `Index` and `Snapshot` know nothing else of a back-end; requests, plans,
highlighting and hits are the same for all.

Optional abilities are `Capability` members, each with a small protocol of its own where it needs methods. `Index` and
`Snapshot` raise UnsupportedError for an ability that a back-end lacks; back-ends do so only for `recover` in opening.
"""

from __future__ import annotations

import enum
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import UnsupportedError
from arsearch.model import AddReport, Article, BackupReport, Correction, Recovery, Stats, Suggestion
from arsearch.model.explanations import Listed
from arsearch.model.ingest import ArticleInput
from arsearch.model.schema import Schema
from arsearch.search.clauses import QueryClause, ScoredClause
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.request import LOCK_TIMEOUT, MEMORY_LIMIT, PageRequest
from arsearch.search.statistics import TermStatistics

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
    "WriterOptions",
    "require",
]


class Capability(enum.Enum):
    """What some back-ends can do and others cannot. The value says it in words for messages and tables."""

    BACKUP = "copy the newest commit to a folder"
    CHECK = "verify everything stored"
    CORRECT = "propose corrections of a query"
    DURABLE = "choose whether a commit waits for the disk"
    NEAR_DUPLICATES = "fold near-duplicates"
    OPTIMIZE = "merge segments"
    RECOVERY = "go back to the last intact commit"
    SNAPSHOTS = "pin a commit"
    SUGGEST = "complete a query that is being typed"
    WORKERS = "add articles with several processes"


Spellings = Callable[[Collection[str], Sequence[str]], set[str]]
"""Stems and field names in, normalised terms out."""


class RawHit(NamedTuple):
    """A found article before it is marked. `similar` counts near-duplicates left out; `load` reads the article."""

    id: str
    title: str
    score: float
    complete: bool
    similar: int
    load: Callable[[], Article]


@dataclass(frozen=True, slots=True)
class Matched:
    """One page of what a plan matched, in order.

    `total` counts the articles with everything the query asks for, `total_any` those with at least part of it. `truncated`
    maps patterns that fit more terms than they may stand for to that bound. `timed_out` tells that something was not
    looked up: hits may be missing, none is wrong.
    """

    hits: tuple[RawHit, ...]
    total: int
    total_any: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    truncated: Mapping[str, int] = field(default_factory=dict)
    timed_out: bool = False

    @property
    def exact(self) -> bool:
        """Whether everything was looked up."""
        return not self.timed_out and not self.truncated


class ScoreExplainer(Protocol):
    """Takes the score of one article for one plan apart."""

    def outcome(self) -> tuple[bool, bool]:
        """Tell whether the plan finds the article, and whether the article has everything the plan asks for."""
        ...

    def matches(self, clause: QueryClause) -> bool:
        """Tell whether a clause of the plan matches the article, whatever the filters and the clauses around it."""
        ...

    def levels(self, clause: ScoredClause) -> tuple[Listed, ...]:
        """Return what each level of a scored clause of the plan adds, as sums; a level that adds nothing too."""
        ...

    def signals(self) -> tuple[Listed, ...]:
        """Return what each signal adds; signals that add nothing are left out."""
        ...


class IndexView(Protocol):
    """One commit of an index, or a point in time; read only, safe for threads."""

    @property
    def schema(self) -> Schema:
        """The fields of the index."""
        ...

    @property
    def analyzer(self) -> ArabicAnalyzer:
        """The analyzer that the articles were indexed with: the same object in each view, or every search makes a planner."""
        ...

    @property
    def ranking(self) -> Ranking:
        """The constants of the score."""
        ...

    @property
    def generation(self) -> int:
        """The number of the commit; a later commit has a larger one."""
        ...

    @property
    def statistics(self) -> TermStatistics:
        """The statistics of terms in this commit."""
        ...

    def __len__(self) -> int:
        """Return the number of articles."""
        ...

    def __contains__(self, id: str) -> bool:
        """Tell whether an article has the id."""
        ...

    def get(self, id: str) -> Article | None:
        """Return the article with the id, or `None`."""
        ...

    def articles(self) -> Iterator[Article]:
        """Yield every article, in order of adding."""
        ...

    def search(self, plan: Plan, page: PageRequest) -> Matched:
        """Return one page of what a plan matches. UnknownFieldError for a field that cannot sort, count or collapse."""
        ...

    def explainer(self, plan: Plan, id: str) -> ScoreExplainer:
        """Return the explainer of the article with the id, which is in this view."""
        ...

    @property
    def spellings(self) -> Spellings | None:
        """Returns the normalised terms of some stems in some fields; `None` if the back-end cannot tell.

        The highlighter uses them to pass over text that cannot match.
        """
        ...

    def stats(self) -> Stats:
        """Return the figures of this commit."""
        ...


class CorrectView(Protocol):
    """A view of a back-end with `Capability.CORRECT`."""

    def correct(self, text: str, limit: int) -> Correction:
        """Return at most `limit` likelier queries; see `Index.correct`."""
        ...


class SuggestView(Protocol):
    """A view of a back-end with `Capability.SUGGEST`."""

    def suggest(self, prefix: str, limit: int) -> tuple[Suggestion, ...]:
        """Return at most `limit` completions; see `Index.suggest`."""
        ...


class NearDuplicatesView(Protocol):
    """A view of a back-end with `Capability.NEAR_DUPLICATES`; its `search` takes `collapse="duplicates"` too."""

    def near_duplicates(self, id: str) -> tuple[str, ...]:
        """Return the ids of an article and of its near-duplicates, in order of adding."""
        ...


@dataclass(frozen=True, slots=True)
class WriterOptions:
    """How to write: seconds to wait for another writer, memory of buffered articles in bytes, waiting for the disk."""

    timeout: float = LOCK_TIMEOUT
    memory_limit: int = MEMORY_LIMIT
    durable: bool = True


@dataclass(frozen=True, slots=True)
class AddOptions:
    """How to add many articles; see `Index.add`. ValueError for less than one article a commit, or one process.

    A back-end without `Capability.WORKERS` adds with one process, whatever `workers` says.
    """

    strict: bool = False
    progress: Callable[[AddReport], None] | None = None
    commit_every: int | None = None
    commit_seconds: float | None = None
    workers: int = 1

    def __post_init__(self) -> None:
        if self.commit_every is not None and self.commit_every < 1:
            raise ValueError(f"commit_every is {self.commit_every}; it must be at least 1, or None")
        if self.workers < 1:
            raise ValueError(f"workers is {self.workers}; it must be at least 1")


class IndexWriter(Protocol):
    """Changes one index; nothing is visible before a commit."""

    def add(self, articles: Iterable[ArticleInput], options: AddOptions, report: AddReport) -> None:
        """Add articles, replacing those of the same ids, commit, and count everything in `report`.

        Raises AddError, with the report, for anything that stops the whole.
        """
        ...

    def delete(self, ids: Iterable[str]) -> int:
        """Delete the articles with some ids and return how many there were."""
        ...

    def delete_matching(self, filters: Mapping[str, Any]) -> int:
        """Delete the articles that `filters` let through, as in a search, and return how many there were."""
        ...

    def commit(self) -> None:
        """Publish all changes as one commit."""
        ...


class Backend(Protocol):
    """Keeps one index at one location."""

    recovery: Recovery | None
    """What going back to the last intact commit cost, if opening had to; else `None`."""

    @property
    def location(self) -> str:
        """Where the index is, as given to `arsearch.open`; never credentials."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this back-end can do beyond adding, deleting and searching."""
        ...

    def view(self) -> IndexView:
        """Return the newest commit; the same object while there is no newer one. IndexClosedError after `close`."""
        ...

    def writer(self, options: WriterOptions) -> AbstractContextManager[IndexWriter]:
        """Open the writer, the only one at a time. IndexLockedError when another one keeps the index."""
        ...

    def close(self) -> None:
        """Release files and connections; views already taken stay usable as far as the back-end can."""
        ...


def require(backend: Backend, capability: Capability) -> None:
    """Raise UnsupportedError if a back-end lacks a capability."""
    if capability not in backend.capabilities:
        raise UnsupportedError(backend.location, capability.value)


class BackupBackend(Protocol):
    """A back-end with `Capability.BACKUP`."""

    def backup(self, folder: str | os.PathLike[str], *, replace: bool, timeout: float) -> BackupReport:
        """Copy the newest commit to a folder; see `Index.backup`."""
        ...


class CheckBackend(Protocol):
    """A back-end with `Capability.CHECK`."""

    def check(self) -> list[str]:
        """Return what is wrong with the newest commit; see `Index.check`."""
        ...


class OptimizeBackend(Protocol):
    """A back-end with `Capability.OPTIMIZE`."""

    def optimize(self, timeout: float) -> None:
        """Merge all segments into one; see `Index.optimize`."""
        ...
