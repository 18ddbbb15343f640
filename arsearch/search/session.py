"""The objects that a search needs: a view of the index, its planner and its back-end."""

from __future__ import annotations

from typing import NamedTuple, cast

from arsearch.search.backend import Backend, Capability, CorrectView, IndexView
from arsearch.search.planner import Plan, Planner
from arsearch.search.request import SearchRequest

__all__ = ["SearchSession"]


class SearchSession(NamedTuple):
    """One commit to search, the planner with its analyzer, fields and ranking, and the back-end."""

    view: IndexView
    planner: Planner
    backend: Backend

    def plan(self, request: SearchRequest) -> Plan:
        """Plan a search with the statistics of the commit and, if the back-end corrects, its spellings."""
        corrects = Capability.CORRECT in self.backend.capabilities
        respell = cast("CorrectView", self.view).respell if corrects else None
        return self.planner.plan(request, statistics=self.view.statistics, respell=respell)
