"""Apply refinements to the tree of a query, with the statistics of all their terms from one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from arsearch.query import Node
from arsearch.search.statistics import StatisticsKey, TermStatistics

__all__ = ["Frequency", "Refined", "Refinement", "refine"]

Frequency = Callable[[StatisticsKey], int | None]
"""Returns the number of articles with a term or phrase; `None` if it is not known."""


class Refined(NamedTuple):
    """A tree, and the notes for the user about its changes."""

    root: Node
    notes: tuple[str, ...] = ()


class Refinement(Protocol):
    """A change of a query's tree that depends on the terms and phrases that articles have."""

    def keys(self, root: Node) -> Iterable[StatisticsKey]:
        """Yield the terms and phrases whose statistics the refinement needs; none if the tree stays as it is."""
        ...

    def refine(self, root: Node, frequency: Frequency) -> tuple[Node, tuple[str, ...]]:
        """Return the refined tree, and a note on each change; `frequency` knows the terms and phrases of `keys`."""
        ...


def refine(
    root: Node,
    refinements: Iterable[Refinement],
    statistics: TermStatistics | None = None,
    deadline: float | None = None,
) -> tuple[Node, tuple[str, ...]]:
    """Return the tree after all refinements, each applied to the tree of the one before, and their notes.

    One call of `statistics` counts the keys of all refinements. Only a refinement that changes the tree may make a further
    call necessary. Without `statistics` no frequency is known. `deadline` is a reading of `time.perf_counter`.
    """
    following = list(refinements)
    found: dict[StatisticsKey, int] = {}
    counted: set[StatisticsKey] = set()

    def count(root: Node) -> None:
        keys = {key for refinement in following for key in refinement.keys(root)} - counted
        if keys and statistics is not None:
            counted.update(keys)
            found.update(statistics.doc_frequencies(keys, deadline))

    count(root)
    notes: dict[str, None] = {}
    while following:
        root, more = following.pop(0).refine(root, found.get)
        if more:
            notes |= dict.fromkeys(more)
            count(root)
    return root, tuple(notes)
