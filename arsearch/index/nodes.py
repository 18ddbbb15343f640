"""A compiled query: what each part matches in a snapshot, with scores, all in vectors."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from arsearch.index.arrays import Array
from arsearch.index.finds import Find
from arsearch.index.matches import NOTHING, Matches, intersect, member, subtract, unite
from arsearch.index.proximity import Pair
from arsearch.index.ranking import Ranking
from arsearch.index.snapshot import SnapshotReader

__all__ = ["All", "Any", "BagNode", "Constant", "Evaluation", "Leaf", "Mode", "Negation", "Node", "Outcome"]

Mode = Literal["auto", "all", "any"]
ENOUGH = 10
"""Articles with all words that make `auto` stop there (notes on real queries: AND gives a median of 7, OR of 3,310)."""
FEW_WORDS = 4


@dataclass(slots=True)
class Evaluation:
    """One run of one query over one snapshot.

    `allowed` are the documents, rising, that filters let through (`None`: all); `late` says that time ran out and
    parts were left out.
    """

    reader: SnapshotReader
    ranking: Ranking
    allowed: Array | None = None
    deadline: float = math.inf
    late: bool = False

    def in_time(self) -> bool:
        """Whether there is time left; remembers if there was not."""
        self.late = self.late or time.perf_counter() > self.deadline
        return not self.late

    def permit(self, matches: Matches) -> Matches:
        """The matches that the filters let through."""
        if self.allowed is None:
            return matches
        kept = member(matches.docs, self.allowed)
        return Matches(matches.docs[kept], matches.scores[kept])

    def everything(self) -> Matches:
        """All live documents, without a score."""
        docs = self.reader.all_docs()
        return Matches(docs, np.zeros(len(docs)))

    def weigh(self, find: Find, fields: Sequence[str]) -> Matches:
        """BM25F's `tf` of a find over fields."""
        parts = [self.normalised(field, *find.find(self.reader, field)) for field in fields]
        return unite(parts, self.reader.docs)

    def normalised(self, field: str, docs: Array, freqs: Array) -> Matches:
        """Frequencies in one field, weighted, and made comparable between long and short ones."""
        b = self.ranking.field_b.get(field, self.ranking.b)
        norm = (1 - b) + (b / self.reader.average_length(field)) * self.reader.lengths(field)[docs]
        return Matches(docs, self.ranking.field_weight.get(field, 1.0) * freqs / norm)

    def score(self, tf: Matches, weight: float) -> Matches:
        """BM25 of `tf`."""
        n, total = len(tf.docs), max(self.reader.count, len(tf.docs))
        idf = math.log1p((total - n + 0.5) / (n + 0.5))
        k1 = self.ranking.k1
        return Matches(tf.docs, tf.scores * (weight * idf * (k1 + 1)) / (tf.scores + k1))


class Node(Protocol):
    """A part of a compiled query."""

    def matches(self, run: Evaluation) -> Matches:
        """The live documents it matches, with their scores."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word, phrase or pattern: the weighted sum of its levels. `stop` marks a stop word."""

    finds: tuple[tuple[float, Find], ...]
    fields: tuple[str, ...]
    stop: bool = False

    def matches(self, run: Evaluation) -> Matches:
        if not run.in_time():
            return NOTHING
        return unite([run.score(run.weigh(find, self.fields), weight) for weight, find in self.finds], run.reader.docs)


@dataclass(frozen=True, slots=True)
class Constant:
    """Documents that satisfy a condition on their values, without a score."""

    mask: Condition

    def matches(self, run: Evaluation) -> Matches:
        docs = self.mask.docs(run.reader)
        return Matches(docs, np.zeros(len(docs)))


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
                found = subtract(found, child.child.matches(run).docs)
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
        return subtract(run.everything(), self.child.matches(run).docs)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bag matched. `complete` says which documents have all its words."""

    matches: Matches
    complete: Array


@dataclass(frozen=True, slots=True)
class BagNode:
    """Words side by side: some required, some excluded, the others wanted as `mode` says.

    With "share" the share of the words that `Ranking.minimum_share` says is enough. `extra` are stop words beside real ones: they add to the score and are never needed. `pairs` are neighbouring words;
    what they add is left to the search, which knows how many hits are wanted.
    """

    wanted: tuple[Node, ...]
    extra: tuple[Node, ...] = ()
    required: tuple[Node, ...] = ()
    excluded: tuple[Node, ...] = ()
    pairs: tuple[Pair, ...] = ()
    mode: Mode | Literal["share"] = "auto"

    def matches(self, run: Evaluation) -> Matches:
        return self.outcome(run, nested=True).matches

    def outcome(self, run: Evaluation, *, nested: bool = False) -> Outcome:
        """What it matches. `auto` goes on with part of the words when few articles have them all, but not `nested`."""
        words = [node.matches(run) for node in self.wanted]
        required = [node.matches(run) for node in self.required]
        excluded = [node.matches(run).docs for node in self.excluded]
        extra = [node.matches(run) for node in self.extra]
        mode = self.mode
        if mode == "auto" and len(words) > FEW_WORDS:
            mode = "share"
        some_will_do = mode in ("any", "share")
        found = run.permit(self._combine(run, [] if some_will_do else words, required, excluded, extra))
        if not words or (not some_will_do and (mode == "all" or nested or len(found.docs) >= ENOUGH)):
            return Outcome(found, np.ones(len(found.docs), bool))
        least = math.ceil(run.ranking.minimum_share * len(words) - 1e-9) if mode != "any" else 1
        some = run.permit(self._some(run, words, required, excluded, extra, least))
        complete = np.ones(len(some.docs), bool) if some_will_do else member(some.docs, found.docs)
        return Outcome(some, complete)

    def _combine(
        self,
        run: Evaluation,
        needed: Sequence[Matches],
        required: Sequence[Matches],
        excluded: Sequence[Array],
        extra: Sequence[Matches],
    ) -> Matches:
        base = [*needed, *required]
        if base:
            found = intersect(base)
        elif self.excluded and not self.wanted:
            found = run.everything()
        else:
            found = NOTHING
        for docs in excluded:
            found = subtract(found, docs)
        return _add(found, extra)

    def _some(
        self,
        run: Evaluation,
        words: Sequence[Matches],
        required: Sequence[Matches],
        excluded: Sequence[Array],
        extra: Sequence[Matches],
        least: int,
    ) -> Matches:
        """The documents with at least `least` of the words; where others are required, those add only to the score."""
        found = unite(words, run.reader.docs)
        if least > 1 and not required:
            count = np.zeros(len(found.docs), np.int64)
            for part in words:
                count[np.searchsorted(found.docs, part.docs)] += 1
            kept = count >= least
            found = Matches(found.docs[kept], found.scores[kept])
        if required:
            must = intersect(required)
            found = _add(must, [found])
        for docs in excluded:
            found = subtract(found, docs)
        return _add(found, extra)


def _add(base: Matches, parts: Sequence[Matches]) -> Matches:
    """`base` with the scores of `parts` added where they match too."""
    scores = base.scores
    for part in parts:
        here = member(base.docs, part.docs)
        if here.any():
            scores = scores.copy()
            scores[here] += part.scores[np.searchsorted(part.docs, base.docs[here])]
    return Matches(base.docs, scores)
