"""Queries of Whoosh's own, answered by Whoosh's collector with the weighting of arsearch."""

from __future__ import annotations

from whoosh.query import Query

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.whoosh.segments import whoosh_searcher
from arsearch.index.whoosh.weighting import Weighting
from arsearch.search.ranking import Ranking

__all__ = ["stock_matches"]


def stock_matches(reader: IndexReader, analyzer: ArabicAnalyzer, ranking: Ranking, query: Query) -> dict[int, float]:
    """Return the score of each document that a Whoosh query matches; empty for an index without articles.

    A field has terms at the normalised level under its own name (`body`) and at the stem level with a suffix
    (`body_stem`); `id` has terms too. Errors that Whoosh raises for the query pass through.
    """
    with whoosh_searcher(reader, analyzer, weighting=Weighting(ranking)) as searcher:
        return dict(searcher.search(query, limit=None).items())
