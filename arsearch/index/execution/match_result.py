"""The documents that a plan matches, before they are ordered and cut into pages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import NO_DOCS, ScoreAccumulator, ScoredDocs, contains

__all__ = ["MatchResult", "split"]

_Scored = ScoredDocs | ScoreAccumulator


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The matches of a plan: the `complete` documents, and the `rest`, which comes after them.

    A complete document has all words that the query needs; one of the rest lacks a word or has it by its root alone.
    `complete_count` and `rest_count` are the numbers of both if `complete` or `rest` lacks documents that cannot be
    among the best; else they may be `None`.
    """

    complete: _Scored
    rest: _Scored = NO_DOCS
    complete_count: int | None = None
    rest_count: int | None = None

    @property
    def total_complete(self) -> int:
        """The number of complete documents."""
        return _count(self.complete) if self.complete_count is None else self.complete_count

    @property
    def total(self) -> int:
        """The number of documents that match."""
        return self.total_complete + (_count(self.rest) if self.rest_count is None else self.rest_count)

    @property
    def best(self) -> ScoredDocs:
        """The complete documents that were not left out; the rest if there are none."""
        return _listed(self.complete if self.total_complete else self.rest)

    @property
    def matches(self) -> ScoredDocs:
        """All matches that were not left out, in ascending order."""
        complete, rest = _listed(self.complete), _listed(self.rest)
        if not len(rest.docs):
            return complete
        docs = np.concatenate((complete.docs, rest.docs))
        order = np.argsort(docs, kind="stable")
        return ScoredDocs(docs[order], np.concatenate((complete.scores, rest.scores))[order])

    @property
    def complete_docs(self) -> Array:
        """The complete documents that were not left out, in ascending order."""
        return _listed(self.complete).docs


def split(scored: _Scored, complete: Array | None) -> MatchResult:
    """Return the result of `scored` matches, of which `complete`, in ascending order, are complete; `None` means all."""
    if complete is None:
        return MatchResult(scored)
    if isinstance(scored, ScoreAccumulator):
        others = scored.scores.copy()
        others[complete] = 0
        return MatchResult(ScoredDocs(complete, scored.scores[complete]), ScoreAccumulator(others))
    inside = contains(scored.docs, complete)
    rest = ScoredDocs(scored.docs[~inside], scored.scores[~inside])
    return MatchResult(ScoredDocs(scored.docs[inside], scored.scores[inside]), rest)


def _count(scored: _Scored) -> int:
    return scored.count if isinstance(scored, ScoreAccumulator) else len(scored.docs)


def _listed(scored: _Scored) -> ScoredDocs:
    return scored.matches() if isinstance(scored, ScoreAccumulator) else scored
