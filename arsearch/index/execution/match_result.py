"""The documents that a plan matches, before they are ordered and cut into pages."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import NO_DOCS, ScoreAccumulator, ScoredDocs, contains

__all__ = ["MatchResult", "Scored", "listed", "split"]

Scored = ScoredDocs | ScoreAccumulator
"""Documents with scores."""


class MatchResult:
    """The matches of a plan: the `complete` documents, and the `rest`, which comes after them.

    A complete document has all words that the query needs; one of the rest lacks a word or has it by its root alone. Most
    pages show no document of the rest, so these are scored when they are first asked for.
    """

    __slots__ = ("_complete_count", "_rest", "_rest_count", "_score_rest", "complete")

    def __init__(
        self,
        complete: Scored,
        score_rest: Callable[[], Scored] | None = None,
        *,
        complete_count: int | None = None,
        rest_count: int | None = None,
    ) -> None:
        """Keep the `complete` documents, and the function that scores the rest; `None` if there are no more.

        The counts are given if documents are left out that cannot be among the best, or if they are known.
        """
        self.complete = complete
        self._score_rest = score_rest
        self._rest: Scored = NO_DOCS
        self._complete_count = complete_count
        self._rest_count = rest_count

    @property
    def rest(self) -> Scored:
        """The documents that are not complete."""
        if self._score_rest is not None:
            self._rest = self._score_rest()
            self._score_rest = None
        return self._rest

    @property
    def total_complete(self) -> int:
        """The number of complete documents."""
        return _count(self.complete) if self._complete_count is None else self._complete_count

    @property
    def total(self) -> int:
        """The number of documents that match."""
        return self.total_complete + (_count(self.rest) if self._rest_count is None else self._rest_count)

    @property
    def best(self) -> ScoredDocs:
        """The complete documents that were not left out; the rest if there are none."""
        return listed(self.complete if self.total_complete else self.rest)

    @property
    def matches(self) -> ScoredDocs:
        """All matches that were not left out, in ascending order."""
        complete, rest = listed(self.complete), listed(self.rest)
        if not len(rest.docs):
            return complete
        docs = np.concatenate((complete.docs, rest.docs))
        order = np.argsort(docs, kind="stable")
        return ScoredDocs(docs[order], np.concatenate((complete.scores, rest.scores))[order])


def split(scored: ScoredDocs, complete: Array | None) -> MatchResult:
    """Return the result of `scored` matches, of which `complete`, in ascending order, are complete; `None` means all."""
    if complete is None:
        return MatchResult(scored)
    docs, scores = scored
    inside = contains(docs, complete)
    rest = ScoredDocs(docs[~inside], scores[~inside])
    return MatchResult(ScoredDocs(docs[inside], scores[inside]), lambda: rest, rest_count=len(rest.docs))


def listed(scored: Scored) -> ScoredDocs:
    """Return documents with scores as lists."""
    return scored.matches() if isinstance(scored, ScoreAccumulator) else scored


def _count(scored: Scored) -> int:
    return scored.count if isinstance(scored, ScoreAccumulator) else len(scored.docs)
