"""The protocol of scorers."""

from __future__ import annotations

from typing import Protocol

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.bitset import Bits
from arsearch.index.docsets.scored import ScoredDocs

__all__ = ["Scorer"]


class Scorer(Protocol):
    """A clause that is looked up. It scores all matching documents, or given ones; documents are in ascending order.

    A document matches completely, or it is `related`: it has a word by its root alone. With `loose`, methods return the
    related documents too.
    """

    @property
    def size(self) -> int:
        """An upper bound of the number of complete documents."""
        ...

    @property
    def loose_size(self) -> int:
        """An upper bound of the number of documents, related ones included."""
        ...

    @property
    def related(self) -> bool:
        """Whether there may be related documents."""
        ...

    @property
    def positive(self) -> bool:
        """Whether the score of every matching document is known to be above 0."""
        ...

    def docs(self, loose: bool = False) -> Array:
        """Return the matching documents."""
        ...

    def bits(self, loose: bool = False) -> Bits:
        """Return the matching documents as bits."""
        ...

    def contains(self, docs: Array, loose: bool = False) -> Array:
        """Return a mask: which of `docs` match."""
        ...

    def partial_scores(self) -> list[ScoredDocs]:
        """Return scores that add up to the score of each matching document, related or not."""
        ...

    def matches(self) -> ScoredDocs:
        """Return the complete documents with their scores."""
        ...

    def related_matches(self) -> ScoredDocs:
        """Return the related documents with their scores."""
        ...

    def scores_at(self, docs: Array, loose: bool = True) -> Array:
        """Return the score of each of `docs`; a document that does not match scores 0.

        Without `loose` none of `docs` is related.
        """
        ...

    def max_score(self) -> float:
        """Return an upper bound of the score of any document."""
        ...

    def top_docs(self, number: int, slack: float) -> ScoredDocs | None:
        """Return the `number` best complete documents, and those whose scores are at most `slack` below the last of them.

        Returns `None` if scoring all documents is as fast.
        """
        ...
