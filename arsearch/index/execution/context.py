"""The context of one execution of a query: the commit, the ranking, the filters, the budget, the cache of scorers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import ScoredDocs, contains
from arsearch.index.execution.scorer import Scorer
from arsearch.index.matching.lookup import TermLookup
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.cache import ClockCache
from arsearch.index.reader.snapshot import IndexReader
from arsearch.search.ranking import Ranking

__all__ = ["SearchContext", "unscored"]


class SearchContext(NamedTuple):
    """One execution of one query over one commit.

    `cache` keeps the scorers of clauses for later executions on the same commit. `allowed` has the documents that the
    filters let through, in ascending order; `None` is no filter.
    """

    reader: IndexReader
    lookup: TermLookup
    ranking: Ranking
    budget: SearchBudget
    cache: ClockCache[Scorer]
    allowed: Array | None = None

    def apply_filters(self, matches: ScoredDocs) -> ScoredDocs:
        """Return the matches that the filters let through."""
        if self.allowed is None:
            return matches
        kept = contains(matches.docs, self.allowed)
        return ScoredDocs(matches.docs[kept], matches.scores[kept])

    def match_all(self) -> ScoredDocs:
        """Return all live documents, with score 0."""
        return unscored(self.reader.all_docs())


def unscored(docs: Array) -> ScoredDocs:
    """Return documents with score 0."""
    return ScoredDocs(docs, np.zeros(len(docs), np.float32))
