"""Words side by side, as they are typed: which documents have enough of them, and their scores."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import itemgetter
from typing import Literal

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.bitset import count_of, documents, reaching
from arsearch.index.docsets.scored import NOTHING, Matches, above, is_many, member, tally, unite
from arsearch.index.execution.match_result import Outcome
from arsearch.index.execution.proximity import Pair
from arsearch.index.execution.queries import Evaluation, Leaf, Mode, Node
from arsearch.index.execution.scorers import Known, LookedUp, look_up

__all__ = ["FEW_WORDS", "BagNode"]

FEW_WORDS = 4
_MANY = 1 << 17
"""Postings of a query that make it worth while to look for those that cannot matter."""
_FEW = 1 << 12
"""Documents that are all scored, to know what the first must reach."""
_SPARSE = 64
"""Where the rarest word has fewer than one in so many of all documents, they are looked for in the others, one by one."""
_DENSE = 8
"""Where more than one in so many documents may be among the first, all are scored."""
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
            if not bag.words or mode == "all" or nested or len(complete) >= run.enough:
                return Outcome(bag.best_of(complete), count=len(complete))
            return bag.having_some(1, complete)
        if not bag.words:
            return Outcome(bag.scored(bag.allowed(bag.having_all(bag.required)), ()))
        least = math.ceil(run.ranking.minimum_share * len(bag.words) - 1e-9) if mode == "share" else 1
        return bag.having_some(least)


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
            [self._looked_up(node) for node in nodes]
            for nodes in (self.node.wanted, self.node.required, self.node.extra)
        )

    def _looked_up(self, node: Node) -> LookedUp:
        return (
            look_up(self.run, node) if isinstance(node, Leaf) else Known(node.matches(self.run), self.run.reader.docs)
        )

    def having_all(self, words: Sequence[LookedUp]) -> Array:
        """The documents of every word, rising."""
        if not words:
            everything = self.node.excluded and not self.node.wanted
            return self.run.reader.all_docs() if everything else NOTHING.docs
        first, *others = sorted(words, key=lambda word: word.size)
        if others and first.size > max(_FEW, self.run.reader.docs // _SPARSE):
            return documents(reduce(operator.and_, [word.bits() for word in words]))
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

    def having_some(self, least: int, complete: Array | None = None) -> Outcome:
        """The documents with at least `least` of the words; where others are required, those add only to the score.

        `complete` are those that have them all, if that is known.
        """
        if self.required:
            return Outcome(self.scored(self.allowed(self.having_all(self.required)), self.words), complete)
        total = self.run.reader.docs
        plain = least < 2 and not self.extra and not self.node.excluded and self.run.allowed is None
        if plain and self.first and sum(word.size for word in self.words) > _MANY:
            best = self._best(*self.first, complete)
            if best is not None:
                return best
        parts = [part for word in self.words for part in word.parts() if len(part.docs)]
        if plain and is_many(parts, total) and all(part.scores.min() > 0 for part in parts):
            return Outcome(tally(parts, total), complete)
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
        return Outcome(Matches(docs, scores), complete)

    def best_of(self, docs: Array) -> Matches:
        """The score of documents that have all the words; of many, where only the first are wanted, of those alone."""
        words = [*self.words, *self.required, *self.extra]
        if self.first is None or len(docs) <= _FEW:
            return self.scored(docs, self.words)
        number, slack = self.first
        ahead = self.scored(docs[:: len(docs) // _FEW + 1], self.words).scores
        return _first_of(docs, _by_bound(words), above(ahead, number) - slack)

    def _best(self, number: int, slack: float, complete: Array | None) -> Outcome | None:
        """As `having_some(1)`, the `number` first ones and whoever comes near; `None` if these may be too many.

        What the last of them reaches at least is known from some that have the words that say most. No other need be
        looked at but those whose words may say so much (MaxScore: Turtle and Flood, "Query evaluation: strategies and
        optimizations", 1995).
        """
        total = self.run.reader.docs
        if len(self.words) == 1:
            only = self.words[0]
            best = only.best(number, slack)
            return None if best is None else Outcome(best, complete, only.size)
        words = _by_bound(self.words)
        bits = [word.bits() for _, word in words]
        if not self.run.limits.in_time():
            return None
        matched = together = reduce(operator.or_, bits)
        for one in bits:
            narrower = together & one
            if count_of(narrower) >= number:
                together = narrower
        ahead = self.scored(documents(together, _FEW), self.words).scores
        need = above(ahead, number) - slack if len(ahead) >= number else 0.0
        chosen = reaching(bits, [bound for bound, _ in words], need / _ROUNDING)
        if chosen is None or count_of(chosen) * _DENSE > total:
            return None
        # The complete ones are among the chosen: theirs are all the bounds.
        return Outcome(_first_of(documents(chosen), words, need, complete), complete, count_of(matched))


def _by_bound(words: Sequence[LookedUp]) -> list[tuple[float, LookedUp]]:
    """Words that say most go first."""
    return sorted(((word.bound(), word) for word in words), key=itemgetter(0), reverse=True)


def _first_of(
    docs: Array, words: Sequence[tuple[float, LookedUp]], need: float, complete: Array | None = None
) -> Matches:
    """Those of `docs` whose score may be as high as what is needed, and the complete ones; with their scores."""
    left = sum(bound for bound, _ in words)
    scores = np.zeros(len(docs), np.float32)
    for bound, word in words:
        scores += word.scores_at(docs)
        left -= bound
        kept = scores >= need / _ROUNDING - left * _ROUNDING
        if complete is not None:
            kept |= member(docs, complete)
        docs, scores = docs[kept], scores[kept]
    return Matches(docs, scores)
