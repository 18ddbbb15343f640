"""What adding did, and what an index holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

__all__ = ["AddReport", "BackupReport", "Failure", "Recovery", "Stats"]


class Failure(NamedTuple):
    """An article that was not indexed: where it stood, its id if it had one, and the reason."""

    where: str
    id: str | None
    reason: str


@dataclass(slots=True)
class AddReport:
    """What `Index.add` did. `failed` lists the articles left out, in input order.

    `failures` counts them all; `failed` keeps the first 1,000. `committed` articles, added or updated, are safe.
    """

    added: int = 0
    updated: int = 0
    failures: int = 0
    failed: list[Failure] = field(default_factory=list)
    commits: int = 0
    committed: int = 0
    characters: int = 0
    took: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values; `took` in seconds."""
        return {
            "added": self.added,
            "updated": self.updated,
            "failures": self.failures,
            "failed": [failure._asdict() for failure in self.failed],
            "commits": self.commits,
            "committed": self.committed,
            "characters": self.characters,
            "took": round(self.took, 3),
        }


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of one commit; `bytes` counts the files it uses, `terms` distinct terms by field."""

    articles: int
    deleted: int
    segments: int
    bytes: int
    terms: Mapping[str, int]
    fields: Mapping[str, str]
    format: int
    generation: int
    analyzer: str

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "terms": dict(self.terms),
            "fields": dict(self.fields),
        }


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was copied, and where, as commit `generation`: `bytes` of segments, `written` of them not there before."""

    location: str
    articles: int
    segments: int
    bytes: int
    written: int
    generation: int

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Recovery:
    """How an index was brought back to its last sound commit.

    `damaged` are the commits passed over, newest first, each with what is wrong with it; `generation` is the sound one,
    which was made the newest again, with `articles` articles. `lost` is how many more the newest one had, below zero if
    it had fewer; `None` if its manifest cannot be read. Which articles differ is not known.
    """

    generation: int
    articles: int
    lost: int | None
    damaged: tuple[tuple[int, str], ...]

    def __str__(self) -> str:
        newest, reason = self.damaged[0]
        cost = (
            "how many it had is not known"
            if self.lost is None
            else f"commit {newest} had {self.articles + self.lost:,}"
        )
        return (
            f"went back to commit {self.generation}, with {self.articles:,} articles, because commit {newest} "
            f"is damaged ({reason}); {cost}: add again what was added, and delete again what was deleted, since"
        )

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "generation": self.generation,
            "articles": self.articles,
            "lost": self.lost,
            "damaged": [{"generation": generation, "reason": reason} for generation, reason in self.damaged],
        }
