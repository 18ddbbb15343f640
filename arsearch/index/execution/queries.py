"""A compiled query: what each part matches in a snapshot, with scores, all in vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, get_args

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import NOTHING, Matches, intersect, member, subtract, unite
from arsearch.index.execution.match_result import Outcome
from arsearch.index.execution.scorers import LookedUp, look_up
from arsearch.index.matching.postings_queries import Find
from arsearch.index.reader.budget import Limits
from arsearch.index.reader.cache import Remembered
from arsearch.index.reader.snapshot import SnapshotReader
from arsearch.search.ranking import Ranking
from arsearch.snippets import Target

__all__ = [
    "ENOUGH",
    "MODES",
    "All",
    "Any",
    "Asked",
    "Constant",
    "Evaluation",
    "Leaf",
    "Mode",
    "Negation",
    "Node",
    "Outcome",
]

Mode = Literal["auto", "all", "any"]
MODES = get_args(Mode)
ENOUGH = 10
"""Articles with all words that make `auto` stop there, unless more are asked for.

Notes on real queries: at the median AND finds 7, OR 3,310."""


@dataclass(slots=True)
class Evaluation:
    """One run of one query over one snapshot.

    `allowed` are the documents, rising, that filters let through (`None`: all). `known` remembers what leaves score from
    one run to the next on the same snapshot. `first` is how many of the best are wanted, and what may come on top of the
    scores of nodes; `None` when all are. `auto` goes on with part of the words when not `enough` articles have them all.
    """

    reader: SnapshotReader
    ranking: Ranking
    allowed: Array | None = None
    limits: Limits = field(default_factory=Limits)
    known: Remembered[LookedUp] = field(default_factory=lambda: Remembered(0))
    first: tuple[int, float] | None = None
    enough: int = ENOUGH

    def excluded(self, node: Node) -> Array | None:
        """The documents a node matches, rising; `None` if that cannot be said for sure, because time ran out."""
        docs = node.matches(self).docs
        return None if self.limits.late else docs

    def permit(self, matches: Matches) -> Matches:
        """The matches that the filters let through."""
        if self.allowed is None:
            return matches
        kept = member(matches.docs, self.allowed)
        return Matches(matches.docs[kept], matches.scores[kept])

    def everything(self) -> Matches:
        """All live documents, without a score."""
        return _unscored(self.reader.all_docs())


def _unscored(docs: Array) -> Matches:
    return Matches(docs, np.zeros(len(docs), np.float32))


class Asked(NamedTuple):
    """What a leaf was made of: a part of the query's tree, the written words to analyse, and what marks its matches."""

    node: object
    words: tuple[str, ...]
    target: Callable[[], Target]
    others: Sequence[Callable[[], Target]] = ()
    """What marks synonyms."""


class Node(Protocol):
    """A part of a compiled query."""

    def matches(self, run: Evaluation) -> Matches:
        """The live documents it matches, with their scores."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word, phrase or pattern: the weighted sum of its levels. `stop` marks a stop word.

    Levels are nested, and so are the finds: the last one's documents are all there are. `asked` is what was typed.
    """

    finds: tuple[tuple[float, Find], ...]
    fields: tuple[str, ...]
    stop: bool = False
    asked: Asked | None = field(default=None, compare=False)

    def matches(self, run: Evaluation) -> Matches:
        return unite(look_up(run, self).parts(), run.reader.docs)


@dataclass(frozen=True, slots=True)
class Constant:
    """Documents that satisfy a condition on their values, without a score."""

    mask: Condition

    def matches(self, run: Evaluation) -> Matches:
        return _unscored(self.mask.docs(run.reader))


class Condition(Protocol):
    """A condition on documents' exact values."""

    def docs(self, reader: SnapshotReader) -> Array:
        """The live documents that satisfy it, rising."""


@dataclass(frozen=True, slots=True)
class All:
    """Every child: what the others match, less what the negated ones negate."""

    children: tuple[Node, ...]

    def matches(self, run: Evaluation) -> Matches:
        wanted = [child.matches(run) for child in self.children if not isinstance(child, Negation)]
        found = intersect(wanted) if wanted else run.everything()
        for child in self.children:
            if isinstance(child, Negation):
                docs = run.excluded(child.child)
                found = NOTHING if docs is None else subtract(found, docs)
        return found


@dataclass(frozen=True, slots=True)
class Any:
    """At least one child."""

    children: tuple[Node, ...]

    def matches(self, run: Evaluation) -> Matches:
        return unite([child.matches(run) for child in self.children], run.reader.docs)


@dataclass(frozen=True, slots=True)
class Negation:
    """Every document its child does not match."""

    child: Node

    def matches(self, run: Evaluation) -> Matches:
        docs = run.excluded(self.child)
        return NOTHING if docs is None else subtract(run.everything(), docs)
