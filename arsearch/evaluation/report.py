"""One setting's figures, perhaps beside another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from arsearch.evaluation.comparison import Comparison, compare
from arsearch.evaluation.metrics import Evaluation

__all__ = ["Report"]


@dataclass(frozen=True)
class Report:
    """The figures of `setting`, and of `rival` where it is compared with one.

    `articles` were searched; `groups` maps queries to the groups that `comparison` draws (see `query_groups`).
    """

    setting: str
    found: Evaluation
    articles: int
    groups: Mapping[str, str]
    rival: str = ""
    other: Evaluation | None = None

    @cached_property
    def comparison(self) -> dict[str, Comparison]:
        """For each measure how much `setting` is better than `rival`; empty without one."""
        if self.other is None:
            return {}
        return {
            name: compare(values, self.other.per_query[name], groups=self.groups)
            for name, values in self.found.per_query.items()
        }

    @property
    def drawn(self) -> int:
        """The number of groups that the queries measured fall into."""
        return len({self.groups.get(query, query) for query in self.found.run})

    def to_dict(self, *, per_query: bool = True) -> dict[str, Any]:
        """Everything as JSON values; each query's values only if asked for."""
        data: dict[str, Any] = {
            "articles": self.articles,
            "queries": self.found.queries,
            "groups": self.drawn,
            "unjudged": list(self.found.unjudged),
            "setting": self.setting,
            "mean": dict(self.found.mean),
        }
        if per_query:
            data["per_query"] = self.found.to_dict()["per_query"]
        if self.other is not None:
            data["against"] = {"setting": self.rival, "mean": dict(self.other.mean)}
            if per_query:
                data["against"]["per_query"] = self.other.to_dict()["per_query"]
            data["comparison"] = {name: one.to_dict() for name, one in self.comparison.items()}
        return data
