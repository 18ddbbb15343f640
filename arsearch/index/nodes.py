"""A compiled query: what each part matches in a snapshot, with scores, all in vectors."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, get_args

import numpy as np

from arsearch.index.arrays import Array
from arsearch.index.finds import Find
from arsearch.index.limits import Limits
from arsearch.index.matches import (
    NOTHING,
    Matches,
    Tally,
    above,
    add_to,
    intersect,
    is_many,
    member,
    places,
    subtract,
    tally,
    unite,
)
from arsearch.index.outcome import Outcome
from arsearch.index.proximity import Pair
from arsearch.index.ranking import Ranking
from arsearch.index.remembered import Remembered
from arsearch.index.scoring import Scored
from arsearch.index.snapshot import SnapshotReader
from arsearch.snippets import Target

__all__ = ["MODES", "All", "Any", "Asked", "BagNode", "Constant", "Evaluation", "Leaf", "Mode", "Negation", "Node", "Outcome"]

Mode = Literal["auto", "all", "any"]
MODES = get_args(Mode)
ENOUGH = 10
"""Articles with all words that make `auto` stop there (notes on real queries: AND gives a median of 7, OR of 3,310)."""
FEW_WORDS = 4
_MANY = 1 << 16
"""Postings of a query that make it worth while to look for those that cannot matter."""
_TIMES = 32
"""It takes so many times as long to look up a document's score as to add one of all in turn."""
_ROUNDING = 1 + 1e-4
"""Bounds are taken a little wider than they are: scores are sums in 32 bits."""
_DOCUMENT_BYTES = 8
"""What a document and its score take in memory."""


@dataclass(slots=True)
class Evaluation:
    """One run of one query over one snapshot.

    `allowed` are the documents, rising, that filters let through (`None`: all). `known` remembers what leaves score from one run to the next on the same snapshot. `first` is
    how many of the best are wanted, and what may come on top of the scores of nodes; `None` when all are.
    """

    reader: SnapshotReader
    ranking: Ranking
    allowed: Array | None = None
    limits: Limits = field(default_factory=Limits)
    known: Remembered[Matches] = field(default_factory=lambda: Remembered(0))
    first: tuple[int, float] | None = None

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
        return unite(_look_up(run, self).parts(), run.reader.docs)


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


class _Word(Protocol):
    """One of the things a bag asks for, looked up: scored in all its documents, or in given ones."""

    @property
    def size(self) -> int:
        """About how many documents it has."""

    def docs(self) -> Array:
        """Its documents, rising."""

    def member(self, docs: Array) -> Array:
        """Which of `docs`, rising, it matches."""

    def parts(self) -> list[Matches]:
        """Scores whose sum is its score."""

    def scores_at(self, docs: Array) -> Array:
        """Its score in each of `docs`, rising; 0 in those it does not match."""

    def bound(self) -> float:
        """No document scores more."""

    def mark(self, matched: Array) -> None:
        """Set what stands for its documents."""


class _LeafWord:
    """A leaf, looked up; nothing if time ran out."""

    __slots__ = ("_scored", "_total", "size")

    def __init__(self, run: Evaluation, leaf: Leaf) -> None:
        finds = leaf.finds if run.limits.in_time() else ()
        self._scored = [
            Scored(run.reader, run.ranking, find, leaf.fields, weight, run.limits) for weight, find in finds
        ]
        self._total = run.reader.docs
        self.size = self._scored[-1].size if finds else 0

    def docs(self) -> Array:
        return self._scored[-1].docs() if self._scored else NOTHING.docs

    def member(self, docs: Array) -> Array:
        return self._scored[-1].member(docs) if self._scored else np.zeros(len(docs), bool)

    def parts(self) -> list[Matches]:
        return [part for scored in self._scored for part in scored.parts(self._total)]

    def scores_at(self, docs: Array) -> Array:
        scores = np.zeros(len(docs), np.float32)
        for scored in self._scored:
            scores += scored.scores_at(docs)
        return scores

    def bound(self) -> float:
        return sum(scored.bound() for scored in self._scored)

    def mark(self, matched: Array) -> None:
        if self._scored:
            self._scored[-1].mark(matched)


class _Known:
    """What any other node matches."""

    __slots__ = ("_matches", "size")

    def __init__(self, matches: Matches) -> None:
        self._matches = matches
        self.size = len(matches.docs)

    def docs(self) -> Array:
        return self._matches.docs

    def member(self, docs: Array) -> Array:
        return member(docs, self._matches.docs)

    def parts(self) -> list[Matches]:
        return [self._matches]

    def scores_at(self, docs: Array) -> Array:
        if not self.size:
            return np.zeros(len(docs), np.float32)
        at, inside = places(docs, self._matches.docs)
        scores: Array = self._matches.scores.take(at, mode="clip") * inside
        return scores

    def bound(self) -> float:
        return float(self._matches.scores.max(initial=0))

    def mark(self, matched: Array) -> None:
        matched[self._matches.docs] = True


def _look_up(run: Evaluation, leaf: Leaf) -> _Word:
    """A leaf, from memory if it is there; put there if it is small enough, when it is asked for again."""
    found = run.known.get(leaf)
    if found is None:
        cut = len(run.limits.cut)
        word = _LeafWord(run, leaf)
        size = word.size * _DOCUMENT_BYTES
        exact = not run.limits.late and len(run.limits.cut) == cut
        if not (exact and run.known.wants(leaf, size)):
            return word
        found = unite(word.parts(), run.reader.docs)
        run.known.put(leaf, found, size)
    return _Known(found)


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
    words: list[_Word] = field(init=False)
    required: list[_Word] = field(init=False)
    extra: list[_Word] = field(init=False)

    def __post_init__(self) -> None:
        # First of all: when time runs out, words may be left out, but nothing is let in that was excluded.
        self.excluded = [self.run.excluded(node) for node in self.node.excluded]
        self.words, self.required, self.extra = (
            [_look_up(self.run, node) if isinstance(node, Leaf) else _Known(node.matches(self.run)) for node in nodes]
            for nodes in (self.node.wanted, self.node.required, self.node.extra)
        )

    def having_all(self, words: Sequence[_Word]) -> Array:
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

    def scored(self, docs: Array, words: Sequence[_Word]) -> Matches:
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
