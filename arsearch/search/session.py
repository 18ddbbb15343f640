"""The objects that a search needs: a view of the index, its planner and its back-end."""

from __future__ import annotations

from typing import NamedTuple

from arsearch.search.backend import Backend, IndexView
from arsearch.search.planner import Planner

__all__ = ["SearchSession"]


class SearchSession(NamedTuple):
    """One commit to search, the planner with its analyzer, fields and ranking, and the back-end."""

    view: IndexView
    planner: Planner
    backend: Backend
