"""Search an index, whatever its back-end: requests, plans, hits, and the protocols of back-ends.

    index           `Index`, the public class of an index
    snapshot        `Snapshot`, one pinned commit
    searchable      the methods that both share
    request         the parameters of a search, checked once
    ranking         the formula of the score and its constants
    planner         makes a plan from a request
    refining        changes a query by the words that the articles have
    clause_builder  makes clauses from a query tree
    scored_clauses  makes scored clauses from words, phrases and patterns
    clauses         the clauses of a plan, as data
    filters         makes filters from a mapping
    signals         signals of the score other than the words, as data
    highlighting    recipes of highlight targets, as data
    answering       executes a plan, and notes its omissions
    exclusions      tells that the exclusions of a query leave nothing
    more_like_this  makes a plan from an article
    hits            makes highlighted hits from raw hits
    occurrences     concordances, frequencies, and the spans of one article
    explainer       the score of one article, word by word
    statistics      document frequencies, all from one call, and the counts that scores are made from
    passages        the passages of articles that answer a query
    batches         searches of coroutines, and batches shared by processes
    session         a view and its planner, which plan searches together
    backend         the protocols of back-ends, views and writers; capabilities

The public names are imported on first use. The package knows neither files nor NumPy nor any one back-end.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arsearch.search.filters import Not
    from arsearch.search.index import Index
    from arsearch.search.ranking import Ranking
    from arsearch.search.snapshot import Snapshot

__all__ = ["Index", "Not", "Ranking", "Snapshot"]

_MODULES = {"Index": "index", "Not": "filters", "Ranking": "ranking", "Snapshot": "snapshot"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
