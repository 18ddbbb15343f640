"""What one search needs: a view of the index and the planner for it."""

from __future__ import annotations

from typing import NamedTuple

from arsearch.search.backend import IndexView
from arsearch.search.planner import Planner

__all__ = ["SearchSession"]


class SearchSession(NamedTuple):
    """One commit to search, and the planner with its analyzer, fields and ranking."""

    view: IndexView
    planner: Planner
