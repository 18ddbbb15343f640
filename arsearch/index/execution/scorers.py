"""A word or another part of a query, looked up: its documents and what it scores in them.

What was asked for before is kept from search to search, with its scores added up: as a list where its documents are few
among all, else as bits. All else is read from the posting lists when it is asked for, and no further than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.bitset import Bitmap, Bits, bits_of, documents, pack
from arsearch.index.docsets.scored import NOTHING, Matches, above, member, places, unite
from arsearch.index.execution.bm25f import Scored

if TYPE_CHECKING:
    from arsearch.index.execution.queries import Evaluation, Leaf

__all__ = ["Known", "LookedUp", "look_up"]

_DOCUMENT_BYTES = 8
"""What a document and its score take in memory."""

_PACKED = 32
_PACKED_LEAST = 1 << 14
"""More documents than that, and than one in so many, are kept as bits."""


class LookedUp(Protocol):
    """A part of a query, looked up: scored in all its documents, or in given ones."""

    @property
    def size(self) -> int:
        """About how many documents it has."""

    def docs(self) -> Array:
        """Its documents, rising."""

    def bits(self) -> Bits:
        """Its documents as bits."""

    def member(self, docs: Array) -> Array:
        """Which of `docs`, rising, it matches."""

    def parts(self) -> list[Matches]:
        """Scores whose sum is its score."""

    def scores_at(self, docs: Array) -> Array:
        """Its score in each of `docs`, rising; 0 in those it does not match."""

    def bound(self) -> float:
        """No document scores more."""

    def best(self, number: int, slack: float) -> Matches | None:
        """The first ones, and whoever comes as near to the last of them as `slack`; `None` if all are as quick to add up."""


class Known:
    """All its documents and scores, in a list."""

    __slots__ = ("_matches", "_total", "size")

    def __init__(self, matches: Matches, total: int) -> None:
        """`total` is how many documents there are."""
        self._matches = matches
        self._total = total
        self.size = len(matches.docs)

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        return self._matches.docs.nbytes + self._matches.scores.nbytes

    def docs(self) -> Array:
        return self._matches.docs

    def bits(self) -> Bits:
        return bits_of(self._matches.docs, self._total)

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

    def best(self, number: int, slack: float) -> Matches | None:  # noqa: ARG002
        return self._matches


class _Packed:
    """All its documents and scores, as bits."""

    __slots__ = ("_bitmap", "_bound", "_scores", "size")

    def __init__(self, matches: Matches, total: int) -> None:
        self._bitmap = Bitmap(bits_of(matches.docs, total))
        self._scores = np.concatenate((np.zeros(1, np.float32), matches.scores))
        self._bound = float(self._scores.max())
        self.size = len(matches.docs)

    def docs(self) -> Array:
        return documents(self._bitmap.bits)

    def bits(self) -> Bits:
        return self._bitmap.bits

    def member(self, docs: Array) -> Array:
        return self._bitmap.member(docs)

    def parts(self) -> list[Matches]:
        return [Matches(self.docs(), self._scores[1:])]

    def scores_at(self, docs: Array) -> Array:
        scores: Array = self._scores.take(self._bitmap.places(docs))
        return scores

    def bound(self) -> float:
        return self._bound

    def best(self, number: int, slack: float) -> Matches | None:
        scores = self._scores[1:]
        first = (scores >= above(scores, number) - slack).nonzero()[0]
        return Matches(self._bitmap.some(first + 1), scores[first])


class _Unread:
    """The levels of a leaf, in posting lists; nothing if time ran out."""

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

    def bits(self) -> Bits:
        there = np.zeros(self._total, bool)
        if self._scored:
            self._scored[-1].mark(there)
        return pack(there)

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

    def best(self, number: int, slack: float) -> Matches | None:  # noqa: ARG002
        return None


def look_up(run: Evaluation, leaf: Leaf) -> LookedUp:
    """A leaf, from memory if it is there; put there if it is small enough, when it is asked for again."""
    known = run.known.get(leaf)
    if known is not None:
        return known
    cut, total = len(run.limits.cut), run.reader.docs
    word = _Unread(run, leaf)
    packed = word.size > max(_PACKED_LEAST, total // _PACKED)
    size = word.size * 4 + Bitmap.bytes(total) if packed else word.size * _DOCUMENT_BYTES
    exact = not run.limits.late and len(run.limits.cut) == cut
    if not (exact and run.known.wants(leaf, size)):
        return word
    docs, scores = unite(word.parts(), total)
    found = Matches(docs.astype(np.uint32), scores)
    kept: LookedUp = _Packed(found, total) if packed else Known(found, total)
    run.known.put(leaf, kept, size)
    return kept
