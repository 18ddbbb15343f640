"""Words side by side, as they are typed: which documents have enough of them, and their scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from arsearch.index.arrays import Array
from arsearch.index.matches import NOTHING, Matches, Tally, above, add_to, is_many, member, tally, unite
from arsearch.index.nodes import Evaluation, Known, Leaf, LookedUp, Mode, Node, look_up
from arsearch.index.outcome import Outcome
from arsearch.index.proximity import Pair

__all__ = ["ENOUGH", "FEW_WORDS", "BagNode"]

ENOUGH = 10
"""Articles with all words that make `auto` stop there (notes on real queries: AND gives a median of 7, OR of 3,310)."""
FEW_WORDS = 4
_MANY = 1 << 16
"""Postings of a query that make it worth while to look for those that cannot matter."""
_TIMES = 32
"""It takes so many times as long to look up a document's score as to add one of all in turn."""
_ROUNDING = 1 + 1e-4
"""Bounds are taken a little wider than they are: scores are sums in 32 bits."""


@dataclass(frozen=True, slots=True)
class BagNode:
    """Words side by side: some required, some excluded, the others wanted as `mode` says.

    With "share" the share of the words that `Ranking.minimum_share` says is enough. `extra` are stop words beside real
    ones: they add to the score and are never needed. `pairs` are neighbouring words; what they add is left to the
    search, which knows how many hits are wanted.
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
        bag = _Bag(run, self, None if nested else run.first)
        mode = self.mode
        if mode == "auto" and len(bag.words) > FEW_WORDS:
            mode = "share"
        if mode in ("auto", "all"):
            complete = bag.allowed(bag.having_all([*bag.words, *bag.required]))
            if not bag.words or mode == "all" or nested or len(complete) >= ENOUGH:
                return Outcome(bag.scored(complete, bag.words))
            return Outcome(bag.having_some(1, complete), complete)
        if not bag.words:
            return Outcome(bag.scored(bag.allowed(bag.having_all(bag.required)), ()))
        least = math.ceil(run.ranking.minimum_share * len(bag.words) - 1e-9) if mode == "share" else 1
        return Outcome(bag.having_some(least))


@dataclass(slots=True)
class _Bag:
    """One run of a bag: its parts, looked up. `first` as in `Evaluation`."""

    run: Evaluation
    node: BagNode
    first: tuple[int, float] | None
    excluded: list[Array | None] = field(init=False)
    words: list[LookedUp] = field(init=False)
    required: list[LookedUp] = field(init=False)
    extra: list[LookedUp] = field(init=False)

    def __post_init__(self) -> None:
        # First of all: when time runs out, words may be left out, but nothing is let in that was excluded.
        self.excluded = [self.run.excluded(node) for node in self.node.excluded]
        self.words, self.required, self.extra = (
            [look_up(self.run, node) if isinstance(node, Leaf) else Known(node.matches(self.run)) for node in nodes]
            for nodes in (self.node.wanted, self.node.required, self.node.extra)
        )

    def having_all(self, words: Sequence[LookedUp]) -> Array:
        """The documents of every word, rising; the rarest word's are looked for in the others."""
        if not words:
            everything = self.node.excluded and not self.node.wanted
            return self.run.reader.all_docs() if everything else NOTHING.docs
        first, *others = sorted(words, key=lambda word: word.size)
        docs = first.docs()
        for word in others:
            if len(docs):
                docs = docs[word.member(docs)]
        return docs

    def allowed(self, docs: Array) -> Array:
        """Those that are neither excluded nor filtered out."""
        for excluded in self.excluded:
            docs = NOTHING.docs if excluded is None else docs[~member(docs, excluded)]
        return docs if self.run.allowed is None else docs[member(docs, self.run.allowed)]

    def scored(self, docs: Array, words: Sequence[LookedUp]) -> Matches:
        """The score of documents, from words, required and extra ones."""
        scores = np.zeros(len(docs), np.float32)
        for word in (*words, *self.required, *self.extra):
            scores += word.scores_at(docs)
        return Matches(docs, scores)

    def having_some(self, least: int, needed: Array = NOTHING.docs) -> Matches | Tally:
        """The documents with at least `least` of the words; where others are required, those add only to the score.

        Where only the first are wanted, only those and the `needed` are surely scored to the end.
        """
        if self.required:
            return self.scored(self.allowed(self.having_all(self.required)), self.words)
        total = self.run.reader.docs
        plain = least < 2 and not self.extra and not self.node.excluded and self.run.allowed is None
        if plain and self.first and sum(word.size for word in self.words) > _MANY:
            return self._best(*self.first, needed)
        parts = [part for word in self.words for part in word.parts() if len(part.docs)]
        if plain and is_many(parts, total) and all(part.scores.min() > 0 for part in parts):
            return tally(parts, total)
        found = unite(parts, total)
        docs = found.docs
        if least > 1:
            count = np.zeros(len(docs), np.int64)
            for word in self.words:
                count += word.member(docs)
            docs = docs[count >= least]
        docs = self.allowed(docs)
        scores = found.scores if len(docs) == len(found.docs) else found.scores[member(found.docs, docs)]
        for word in self.extra:
            scores = scores + word.scores_at(docs)
        return Matches(docs, scores)

    def _best(self, count: int, slack: float, needed: Array) -> Tally:
        """As `having_some(1)`, with the commonest words looked up in those documents alone that may come first.

        Words that say most go first. Once the `count`-th best document is further ahead than all the words left over
        could bring another one, these need only be added where they may still change the order (MaxScore: Turtle and
        Flood, "Query evaluation: strategies and optimizations", 1995).
        """
        total = self.run.reader.docs
        bounds = sorted(((word.bound(), n) for n, word in enumerate(self.words)), reverse=True)
        words = [self.words[n] for _, n in bounds]
        scores = np.zeros(total, np.float32)
        left = sum(bound for bound, _ in bounds)
        for at, word in enumerate(words):
            reach = above(scores, count) if at else 0.0
            if reach > (left + slack) * _ROUNDING:
                break
            if at and not self.run.limits.in_time():
                return Tally(scores)
            add_to(scores, word.parts())
            left -= bounds[at][0]
        else:
            return Tally(scores)
        matched = scores > 0
        chosen = scores >= reach - (left + slack) * _ROUNDING
        chosen[needed] = True
        near = chosen.nonzero()[0]
        for word in words[at:]:
            if len(near) * _TIMES < word.size:
                scores[near] += word.scores_at(near)
            else:
                add_to(scores, word.parts())
            word.mark(matched)
        return Tally(scores, int(np.count_nonzero(matched)))
