"""Reports of adding, backup and recovery, and the statistics of an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from arsearch.model.remarks import MAX_PLACES, UNDATED, RemarkCount, Remarks

__all__ = ["FAILURES_KEPT", "AddReport", "BackupReport", "CopyReport", "Failure", "Recovery", "Stats", "SyncReport"]


FAILURES_KEPT = 1000
"""The number of failures that a report keeps; it counts all."""


class Failure(NamedTuple):
    """An article that was not indexed: its place in the input, its id if it had one, and the reason."""

    where: str
    id: str | None
    reason: str


@dataclass(slots=True)
class AddReport:
    """The result of `Index.add`.

    `failures` counts the articles that were not indexed, and `failed` has the first 1,000 of them in input order.
    `committed` counts the articles, added or updated, that a commit has made safe. `characters` counts code points of
    title and body. `took` is in seconds. `remarks` counts guesses, repairs and unread values by kind, each with
    the first 20 places. `undeclared` names the further fields of the articles that the index does not declare: they are
    stored, and cannot be searched, filtered or sorted by. `parts` counts the parts of the works among the articles.
    """

    added: int = 0
    updated: int = 0
    failures: int = 0
    failed: list[Failure] = field(default_factory=list)
    commits: int = 0
    committed: int = 0
    characters: int = 0
    took: float = 0.0
    remarks: Remarks = field(default_factory=dict)
    undeclared: list[str] = field(default_factory=list)
    parts: int = 0

    @property
    def undated(self) -> int:
        """The number of articles whose date could not be read."""
        return self.remarks[UNDATED].count if UNDATED in self.remarks else 0

    def fail(self, where: str, id: str | None, reason: str) -> None:
        """Count a failure, and keep it if it is one of the first 1,000."""
        self.failures += 1
        if len(self.failed) < FAILURES_KEPT:
            self.failed.append(Failure(where, id, reason))

    def remark(self, where: str, kind: str, text: str) -> None:
        """Count a remark, and keep its place if it is one of the first 20 of its kind."""
        remark = self.remarks.setdefault(kind, RemarkCount())
        remark.count += 1
        if len(remark.places) < MAX_PLACES:
            remark.places.append((where, text))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values, with `took` to the millisecond."""
        return {
            "added": self.added,
            "updated": self.updated,
            "failures": self.failures,
            "failed": [failure._asdict() for failure in self.failed],
            "commits": self.commits,
            "committed": self.committed,
            "characters": self.characters,
            "took": round(self.took, 3),
            "remarks": {
                kind: {
                    "count": remark.count,
                    "places": [{"where": where, "text": text} for where, text in remark.places],
                }
                for kind, remark in self.remarks.items()
            },
            "undeclared": list(self.undeclared),
            "parts": self.parts,
        }

    def extend(self, other: AddReport) -> None:
        """Add the counts of a later report. The first 1,000 failures and 20 places of each remark are kept."""
        self.added += other.added
        self.updated += other.updated
        self.failures += other.failures
        self.failed = [*self.failed, *other.failed][:FAILURES_KEPT]
        self.commits += other.commits
        self.committed += other.committed
        self.characters += other.characters
        self.parts += other.parts
        for kind, remark in other.remarks.items():
            mine = self.remarks.setdefault(kind, RemarkCount())
            mine.count += remark.count
            mine.places = [*mine.places, *remark.places][:MAX_PLACES]
        self.undeclared = sorted({*self.undeclared, *other.undeclared})


@dataclass(slots=True)
class SyncReport:
    """The result of `arsearch.sync`: the numbers of new, changed, removed and unchanged files.

    `articles` is the report on the articles of new and changed files, and `deleted` the number of articles that have gone.
    """

    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    deleted: int = 0
    articles: AddReport = field(default_factory=AddReport)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values; the counts of articles are those of `AddReport.to_dict`."""
        files = {"new": self.new, "changed": self.changed, "removed": self.removed, "unchanged": self.unchanged}
        return {"files": files, "deleted": self.deleted, **self.articles.to_dict()}


@dataclass(slots=True)
class CopyReport:
    """The result of `arsearch.copy`: the number of `articles` of the source, which the target has now.

    The target had `kept` of them before the call; `added` were added or replaced, and `committed` of these are safe. `removed`
    articles of the target were not in the source. `verified` articles were compared at the end. `digest` is the BLAKE2b digest
    of all articles in order, in hexadecimal; equal articles have equal digests. `synced` tells whether the target has the state
    of `arsearch.sync` of the source, and is `None` if the source has none. `took` is in seconds.
    """

    articles: int
    kept: int = 0
    added: int = 0
    committed: int = 0
    removed: int = 0
    verified: int = 0
    digest: str = ""
    synced: bool | None = None
    took: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values, with `took` to the millisecond."""
        return {name: getattr(self, name) for name in self.__slots__} | {"took": round(self.took, 3)}


@dataclass(frozen=True, slots=True)
class Stats:
    """The statistics of one commit. `articles` counts a work once, and `parts` counts the parts of works.

    `bytes` is the size of the files that it uses, `terms` the number of distinct terms by field, and `fields` the kind
    of each field. A back-end may count the terms when they are first read, which can take a second.
    """

    articles: int
    deleted: int
    segments: int
    bytes: int
    terms: Mapping[str, int]
    fields: Mapping[str, str]
    format: int
    generation: int
    analyzer: str
    parts: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the statistics as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "terms": dict(self.terms),
            "fields": dict(self.fields),
        }


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A backup at `location`, as commit `generation`: `bytes` of segments, `written` of which were new there."""

    location: str
    articles: int
    segments: int
    bytes: int
    written: int
    generation: int

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Recovery:
    """The return of an index to its last intact commit.

    `damaged` has the commits that were skipped, newest first, each as its generation and the damage. `generation` is the
    intact commit, which was made the newest again, and has `articles` articles. `lost` is the number of articles that
    the newest commit had in addition, negative if it had fewer; `None` if its manifest cannot be read. The articles
    themselves are not known.
    """

    generation: int
    articles: int
    lost: int | None
    damaged: tuple[tuple[int, str], ...]

    def __str__(self) -> str:
        newest, reason = self.damaged[0]
        cost = (
            "the number of its articles is unknown"
            if self.lost is None
            else f"commit {newest} had {self.articles + self.lost:,}"
        )
        return (
            f"went back to commit {self.generation}, with {self.articles:,} articles, because commit {newest} "
            f"is damaged ({reason}); {cost}. Repeat all additions and deletions made since commit {self.generation}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the recovery as JSON values."""
        return {
            "generation": self.generation,
            "articles": self.articles,
            "lost": self.lost,
            "damaged": [{"generation": generation, "reason": reason} for generation, reason in self.damaged],
        }
