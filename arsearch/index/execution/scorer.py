"""The protocol of scorers: one clause of a query, looked up."""

from __future__ import annotations

from typing import Protocol

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.bitset import Bits
from arsearch.index.docsets.scored import ScoredDocs

__all__ = ["Scorer"]


class Scorer(Protocol):
    """Scores all documents of a clause, or given ones. All arrays of documents are in increasing order."""

    @property
    def size(self) -> int:
        """About how many documents match; never fewer than do."""
        ...

    def docs(self) -> Array:
        """Return the matching documents."""
        ...

    def bits(self) -> Bits:
        """Return the matching documents as bits."""
        ...

    def contains(self, docs: Array) -> Array:
        """Return a mask: which of `docs` match."""
        ...

    def partial_scores(self) -> list[ScoredDocs]:
        """Return scores that add up to the score of each matching document."""
        ...

    def scores_at(self, docs: Array) -> Array:
        """Return the score of each of `docs`, 0 for those that do not match."""
        ...

    def max_score(self) -> float:
        """Return a bound: no document scores more."""
        ...

    def top_docs(self, number: int, slack: float) -> ScoredDocs | None:
        """Return the `number` best documents and those at most `slack` below the last of them.

        `None` says that scoring all documents is as fast.
        """
        ...
