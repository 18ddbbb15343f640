"""The documents that a plan matches, before they are ordered and cut into pages."""

from __future__ import annotations

from dataclasses import dataclass

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import ScoreAccumulator, ScoredDocs

__all__ = ["MatchResult"]


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The matches of a plan.

    `complete` has the documents with all words of the query, in ascending order; `None` means that all matches have them.
    `count` is the number of matches if `scored` lacks some that cannot be among the best; else it may be `None`.
    """

    scored: ScoredDocs | ScoreAccumulator
    complete: Array | None = None
    count: int | None = None

    @property
    def total(self) -> int:
        """The number of documents that match."""
        if self.count is not None:
            return self.count
        return self.scored.count if isinstance(self.scored, ScoreAccumulator) else len(self.scored.docs)

    @property
    def matches(self) -> ScoredDocs:
        """The matching documents and their scores, without the documents left out."""
        return self.scored.matches() if isinstance(self.scored, ScoreAccumulator) else self.scored

    @property
    def facet_docs(self) -> Array:
        """The documents that facets count: those with all words of the query, or all matches if there are none."""
        return self.complete if self.complete is not None and len(self.complete) else self.matches.docs
