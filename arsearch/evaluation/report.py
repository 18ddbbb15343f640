"""The measures of one setting, alone or against another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arsearch.concurrency import cached_property
from arsearch.evaluation.comparison import Comparison, compare
from arsearch.evaluation.metrics import Evaluation

__all__ = ["Report"]


@dataclass(frozen=True)
class Report:
    """The evaluation `found` of `setting`, and the evaluation `other` of `rival` if the two are compared.

    `articles` is the number of articles searched. `groups` maps queries to the groups that `comparison` resamples (see
    `query_groups`).
    """

    setting: str
    found: Evaluation
    articles: int
    groups: Mapping[str, str]
    rival: str = ""
    other: Evaluation | None = None

    @cached_property
    def comparison(self) -> dict[str, Comparison]:
        """The comparison of `setting` with `rival` by each measure; empty without a rival."""
        if self.other is None:
            return {}
        return {
            name: compare(values, self.other.per_query[name], groups=self.groups)
            for name, values in self.found.per_query.items()
        }

    @property
    def drawn(self) -> int:
        """The number of groups of the measured queries."""
        return len({self.groups.get(query, query) for query in self.found.run})

    def to_dict(self, *, per_query: bool = True) -> dict[str, Any]:
        """Return the report as JSON values, with the values of each query if `per_query`."""
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
            data["comparison"] = {name: comparison.to_dict() for name, comparison in self.comparison.items()}
        return data
