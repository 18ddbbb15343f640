"""What the words of a query matched, before a page is cut from it."""

from __future__ import annotations

from dataclasses import dataclass

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import ScoreAccumulator, ScoredDocs

__all__ = ["MatchResult"]


@dataclass(frozen=True, slots=True)
class MatchResult:
    """What a bag matched. `complete` are the documents that have all its words, rising; `None` if all do.

    With `count` given, so many matched, and `found` has of them those that may be among the first.
    """

    found: ScoredDocs | ScoreAccumulator
    complete: Array | None = None
    count: int | None = None

    @property
    def total(self) -> int:
        """How many documents matched."""
        if self.count is not None:
            return self.count
        return self.found.count if isinstance(self.found, ScoreAccumulator) else len(self.found.docs)

    @property
    def matches(self) -> ScoredDocs:
        """The documents that matched."""
        return self.found.matches() if isinstance(self.found, ScoreAccumulator) else self.found

    @property
    def counted(self) -> Array:
        """The documents whose values facets count: those with all the words, where there are any."""
        return self.complete if self.complete is not None and len(self.complete) else self.matches.docs
