"""The back-end for an index on an OpenSearch cluster: `opensearch://host:9200/news`.

The analysis, the plan of a query, highlighting and hits are those of every back-end. The cluster keeps the articles, the terms
that our analyzer made, and finds and scores the documents of a plan.

| module      | holds                                                                                        |
|-------------|----------------------------------------------------------------------------------------------|
| location    | `Location`: hosts, name and options from a location and the environment                      |
| connection  | `Connection`: requests with one deadline for all tries, and errors without credentials       |
| terms       | the words of a text as a string of terms, which the cluster splits again                     |
| mapping     | the settings and the fields of an index on the cluster                                       |
| documents   | an article as a document of the cluster, and back                                            |
| filters     | filters as queries of the cluster                                                            |
| indexes     | the index of a location: its commits, its analyzer and fields, and its successors            |
| expansions  | the terms that patterns, misspellings and vocalised words stand for                          |
| matching    | clauses as queries that match documents, and score them by frequencies                        |
| statistics  | `Statistics`: how many articles have each clause, on all shards                              |
| scoring     | query clauses and signals as queries whose score is that of `search.ranking`                 |
| paging      | pages of any depth, in order of score or of a field                                          |
| windows     | the frequencies of phrases with slop, counted from the articles                              |
| facets      | counts of values                                                                             |
| prepared    | `Prepared`: the queries of one plan for one commit, and the clock of a search                |
| hits        | the hits of a page, collapsed or not                                                         |
| explaining  | `Explainer`: the score of one document, taken apart                                          |
| vocabulary  | what corrections and completions ask of a commit                                             |
| view        | `OpenSearchView`: one commit, at a point in time                                             |
| member      | `OpenSearchMember`: one commit that is searched together with other indexes                  |
| lock        | the lock of writers, a document that expires                                                 |
| bulk        | the operations of a commit, and the requests that send them                                  |
| writer      | `OpenSearchWriter`: articles to bulk requests, which are sent at a commit                    |
| feeding     | loads of a new index from many processes                                                     |
| backend     | `OpenSearchBackend`: the index at one location                                               |

A module imports only from the modules above it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.search.ranking import Ranking

if TYPE_CHECKING:
    from arsearch.model import AddReport
    from arsearch.opensearch.backend import OpenSearchBackend
    from arsearch.opensearch.feeding import begin_load as begin_load
    from arsearch.opensearch.feeding import discard_load as discard_load
    from arsearch.opensearch.feeding import feed as feed
    from arsearch.opensearch.feeding import finish_load as finish_load

_FEEDING = ("begin_load", "discard_load", "feed", "finish_load")

__all__ = [*_FEEDING, "declared_fields", "open_backend", "reindex"]


def __getattr__(name: str) -> Any:
    if name not in _FEEDING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.feeding"), name)


def open_backend(
    location: str | os.PathLike[str],
    create: bool,
    *,
    analyzer: ArabicAnalyzer | None,
    fields: Mapping[str, str] | None,
    ranking: Ranking,
    recover: bool,
    client: Any = None,
) -> OpenSearchBackend:
    """Open the index at a location; see `arsearch.open`. Raises IndexOpenError if opensearch-py is not installed."""
    from arsearch.opensearch.backend import open_index

    return open_index(
        str(location), create, analyzer=analyzer, fields=fields, ranking=ranking, recover=recover, client=client
    )


def reindex(
    location: str | os.PathLike[str],
    *,
    analyzer: ArabicAnalyzer | None,
    options: Mapping[str, Any] | None,
    fields: Mapping[str, str] | None,
    progress: Callable[[AddReport], None] | None,
    memory_limit: int,
    timeout: float,
    client: Any = None,
) -> AddReport:
    """Rebuild the index at a location beside the old one, which answers until the new one takes its name.

    See `arsearch.reindex`.
    """
    from arsearch.opensearch.connection import Connection
    from arsearch.opensearch.indexes.reindex import reindex as rebuild
    from arsearch.opensearch.location import read_location

    return rebuild(
        Connection(read_location(str(location), with_client=client is not None), client),
        analyzer=analyzer,
        options=options,
        fields=fields,
        progress=progress,
        memory_limit=memory_limit,
        timeout=timeout,
    )


def declared_fields(location: str) -> Mapping[str, str]:
    """Return the declared fields of an index and their kinds, whatever analyzer wrote it. Raises IndexNotFoundError."""
    from arsearch.opensearch.connection import Connection
    from arsearch.opensearch.indexes.about import existing
    from arsearch.opensearch.location import read_location

    return existing(Connection(read_location(location))).fields
