"""What adding did, and what an index holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

__all__ = ["AddReport", "Failure", "Stats"]


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
