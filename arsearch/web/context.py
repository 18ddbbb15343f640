"""The objects that every route of one server needs."""

from __future__ import annotations

from dataclasses import dataclass

from arsearch.web.indexes import NamedIndexes
from arsearch.web.metrics import Metrics
from arsearch.web.searching import Searcher
from arsearch.web.settings import WebSettings

__all__ = ["WebContext"]


@dataclass(frozen=True, slots=True)
class WebContext:
    """The settings, indexes, threads and figures of one server."""

    settings: WebSettings
    indexes: NamedIndexes
    searcher: Searcher
    metrics: Metrics
