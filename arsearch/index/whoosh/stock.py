"""Queries that Whoosh's users bring along, answered by Whoosh itself."""

from __future__ import annotations

import numpy as np
from whoosh.query import Query

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.whoosh.segments import whoosh_searcher
from arsearch.index.whoosh.weighting import Weighting
from arsearch.search.ranking import Ranking

__all__ = ["stock_matches"]


def stock_matches(reader: IndexReader, analyzer: ArabicAnalyzer, ranking: Ranking, query: Query) -> ScoredDocs:
    """The documents that any Whoosh query matches, rising, with their scores by Whoosh's collector and our weighting.

    Fields are `body` at the normalised level, `body_stem` at the stem level, and so on; `id` has terms too.
    Whatever Whoosh raises for a query of its own passes through.
    """
    if not reader.segments:
        return NO_DOCS
    with whoosh_searcher(reader, analyzer, weighting=Weighting(ranking)) as searcher:
        found = sorted(searcher.search(query, limit=None).items())
    docs, scores = zip(*found, strict=True) if found else ((), ())
    return ScoredDocs(np.array(docs, np.int64), np.array(scores, np.float64))
