"""Searching, whatever keeps the articles: requests, plans, hits, and the seam that back-ends implement.

    index           Index, the public face of one index
    snapshot        Snapshot, one pinned commit
    searchable      the methods that both share
    request         the parameters of a search, checked once
    ranking         the formula of the score and its constants
    planner         a request becomes a plan
    clause_builder  a query tree becomes clauses
    scored_clauses  words, phrases and patterns become scored clauses
    clauses         the clauses of a plan, as data
    filters         a mapping of filters becomes filters as data
    signals         signals of the score beside the words, as data
    highlighting    recipes of highlight targets, as data
    answering       a plan is executed, and what was left out is said
    more_like_this  an article becomes a plan
    hits            raw hits become marked hits
    explainer       the score of one article, word by word
    statistics      document frequencies, asked in one call
    session         a view and its planner
    backend         the protocols of back-ends, views and writers; capabilities

The public names are imported on first use. Nothing here knows files, NumPy or a back-end.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arsearch.search.index import Index
    from arsearch.search.ranking import Ranking
    from arsearch.search.snapshot import Snapshot

__all__ = ["Index", "Ranking", "Snapshot"]

_HOMES = {"Index": "index", "Ranking": "ranking", "Snapshot": "snapshot"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
