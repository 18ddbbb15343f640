"""Where a term, a set of terms or a phrase stands: documents and frequencies in one field.

A find knows nothing of scores. Its answer is a pair of arrays: live documents, rising, and how often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar, Protocol

import numpy as np

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.codec.array_file import Array
from arsearch.index.matching.fuzzy import terms_within
from arsearch.index.matching.wildcard import matching_terms
from arsearch.index.reader.budget import MAX_EXPANSIONS, SearchBudget
from arsearch.index.reader.segment import NORMALISED, STEM, SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.snippets import TermMatcher

__all__ = [
    "FuzzySource",
    "PhraseSource",
    "PositionsSource",
    "PostingsSource",
    "SurfaceFormSource",
    "TermSelector",
    "TermSetSource",
    "UnionSource",
    "WildcardSource",
    "WordSource",
]


_NO_TERMS = np.empty(0, np.int64)


class PostingsSource(Protocol):
    """Looks one thing up in one field."""

    @property
    def kind(self) -> str:
        """What explanations call it; `str` tells what it looks up."""

    def postings(self, reader: IndexReader, field: str, budget: SearchBudget) -> tuple[Array, Array]:
        """The documents, rising, and the frequency in each; some only where `limits` say so."""


class PositionsSource(Protocol):
    """What may be a word of a phrase."""

    def positions(self, reader: IndexReader, field: str) -> Array:
        """Where it stands in live documents: `document << 32 | position`, rising and distinct."""


class TermSelector(Protocol):
    """Chooses terms of a segment at a level."""

    @property
    def level(self) -> str:
        """The level whose terms these are."""

    def choose(self, segment: SegmentReader, field: str) -> Sequence[int] | Array:
        """Their ordinals in the segment, rising."""


class _TermsSource:
    """What finds of plain terms share."""

    __slots__ = ()

    def postings(self: TermSelector, reader: IndexReader, field: str, budget: SearchBudget) -> tuple[Array, Array]:
        return reader.postings(field, self.level, lambda segment: self.choose(segment, field), budget)

    def positions(self: TermSelector, reader: IndexReader, field: str) -> Array:
        return reader.occurrences(field, self.level, lambda segment: self.choose(segment, field))


class _Expansion(Protocol):
    """What finds share that stand for many terms, of which at most `most` are looked up."""

    @property
    def level(self) -> str: ...

    @property
    def most(self) -> int | None: ...

    def __str__(self) -> str: ...

    def choose(self, segment: SegmentReader, field: str) -> Array: ...


class _ExpansionSource:
    """Looks up the commonest terms of an expansion."""

    __slots__ = ()

    def postings(self: _Expansion, reader: IndexReader, field: str, budget: SearchBudget) -> tuple[Array, Array]:
        def choose(segment: SegmentReader) -> Array:
            terms = self.choose(segment, field)
            lists = segment.postings(field, self.level)
            return terms if lists is None else budget.most_frequent(str(self), terms, lists.posting_offsets, self.most)

        return reader.postings(field, self.level, choose, budget)


@dataclass(frozen=True, slots=True)
class TermSetSource(_TermsSource):
    """Any of a few given terms."""

    level: str
    terms: tuple[str, ...]

    def __str__(self) -> str:
        return " | ".join(self.terms)

    @property
    def kind(self) -> str:
        return self.level

    def postings(self, reader: IndexReader, field: str, budget: SearchBudget) -> tuple[Array, Array]:
        if len(self.terms) == 1:
            return reader.term_postings(field, self.level, self.terms[0])
        return _TermsSource.postings(self, reader, field, budget)

    def choose(self, segment: SegmentReader, field: str) -> Sequence[int]:
        lists = segment.postings(field, self.level)
        found = {lists.terms.find(term) for term in self.terms} if lists else set()
        return sorted(found - {-1})


@dataclass(frozen=True, slots=True)
class WordSource(_TermsSource):
    """The forms of a word: normalised terms of the same stem whose word, clitics off, is the same."""

    analyzer: ArabicAnalyzer
    stem: str
    word: str
    level: str = NORMALISED
    kind: ClassVar[str] = "word"

    def __str__(self) -> str:
        return self.word

    def choose(self, segment: SegmentReader, field: str) -> Sequence[int]:
        stems = segment.postings(field, STEM)
        lists = segment.postings(field, NORMALISED)
        stem = stems.terms.find(self.stem) if stems else -1
        if stem < 0 or lists is None:
            return []
        group = np.flatnonzero(segment.stem_of(field) == stem).tolist()
        return [ordinal for ordinal in group if self._same(lists.terms[ordinal])]

    def _same(self, normalised: str) -> bool:
        return any(term.word == self.word for term in self.analyzer.form(normalised).terms)


@dataclass(frozen=True, slots=True)
class SurfaceFormSource:
    """A normalised term where it is written as a query word is, at the level of `matcher` or stricter."""

    analyzer: ArabicAnalyzer
    matcher: TermMatcher

    def __str__(self) -> str:
        return self.matcher.text

    @property
    def kind(self) -> str:
        return self.matcher.floor.label

    def postings(self, reader: IndexReader, field: str, budget: SearchBudget) -> tuple[Array, Array]:  # noqa: ARG002
        docs, counts = np.unique(self.positions(reader, field) >> 32, return_counts=True)
        return docs, counts

    def positions(self, reader: IndexReader, field: str) -> Array:
        return reader.surface_form_occurrences(field, self.matcher.normalised, self._meant)

    def _meant(self, written: str) -> bool:
        terms = self.analyzer.form(written).terms
        return any(self.matcher.level(term, written) is not None for term in terms)


@dataclass(frozen=True, slots=True)
class WildcardSource(_ExpansionSource):
    """Normalised terms that fit a pattern of letters, `*` and `?`; the `most` common ones of each segment."""

    pattern: str
    most: int | None = MAX_EXPANSIONS
    level: str = NORMALISED
    kind: ClassVar[str] = "pattern"

    def __str__(self) -> str:
        return self.pattern

    def choose(self, segment: SegmentReader, field: str) -> Array:
        lists = segment.postings(field, self.level)
        return matching_terms(lists.terms, self.pattern) if lists else _NO_TERMS


@dataclass(frozen=True, slots=True)
class FuzzySource(_ExpansionSource):
    """Normalised terms within an edit distance of a word; the `most` common ones of each segment."""

    word: str
    distance: int
    most: int | None = MAX_EXPANSIONS
    level: str = NORMALISED
    kind: ClassVar[str] = "fuzzy"

    def __str__(self) -> str:
        return f"{self.word}~{self.distance}"

    def choose(self, segment: SegmentReader, field: str) -> Array:
        lists = segment.postings(field, self.level)
        return terms_within(lists.terms, self.word, self.distance) if lists else _NO_TERMS


@dataclass(frozen=True, slots=True)
class PhraseSource:
    """Terms at places relative to one another.

    `parts` pairs the place of each word with its terms. With `slop` 0 the words stand at exactly these
    places. Else they stand in order within a window of that many further positions; with `slop` of 2
    or more in any order, each at a position of its own. The frequency counts where such windows start.
    """

    parts: tuple[tuple[int, PositionsSource], ...]
    slop: int = 0
    kind: ClassVar[str] = "phrase"

    def __str__(self) -> str:
        return " ".join(str(word).partition(" | ")[0] for _, word in self.parts)

    def postings(self, reader: IndexReader, field: str, budget: SearchBudget) -> tuple[Array, Array]:
        keys = []
        known: dict[PositionsSource, Array] = {}  # a word may stand in a phrase many times
        for place, word in self.parts:
            if not budget.in_time():
                return np.empty(0, np.int64), np.empty(0, np.int64)
            found = known.get(word)
            if found is None:
                found = known[word] = word.positions(reader, field)
            if not len(found):
                return np.empty(0, np.int64), np.empty(0, np.int64)
            keys.append(found if self.slop else found - place)
        width = self.parts[-1][0] - self.parts[0][0] + self.slop
        starts = (
            _in_place(keys) if not self.slop else _in_order(keys, width) if self.slop == 1 else _around(keys, width)
        )
        docs, counts = np.unique(starts >> 32, return_counts=True)
        return docs, counts


@dataclass(frozen=True, slots=True)
class UnionSource:
    """What any of several finds finds; the frequencies are added up."""

    sources: tuple[PostingsSource, ...]
    kind: ClassVar[str] = "synonyms"

    def __str__(self) -> str:
        return " | ".join(map(str, self.sources))

    def postings(self, reader: IndexReader, field: str, budget: SearchBudget) -> tuple[Array, Array]:
        found = [find.postings(reader, field, budget) for find in self.sources]
        docs, at = np.unique(np.concatenate([docs for docs, _ in found]), return_inverse=True)
        counts = np.bincount(at, np.concatenate([freqs for _, freqs in found]), len(docs))
        return docs, counts.astype(np.int64)


def _in_place(keys: Sequence[Array]) -> Array:
    starts = min(keys, key=len)
    for other in keys:
        if other is not starts and len(starts):
            at = np.searchsorted(other, starts)
            at[at == len(other)] = 0
            starts = starts[other[at] == starts]
    return starts


def _next(keys: Array, after: Array) -> Array:
    """For each value of `after` the first key above it; a key out of reach where there is none."""
    at = np.searchsorted(keys, after, "right")
    return np.append(keys, np.int64(2**63 - 1))[at]


def _in_order(keys: Sequence[Array], width: int) -> Array:
    """The first words' places from which all words follow in order, the last at most `width` positions on."""
    at = keys[0]
    for other in keys[1:]:
        at = _next(other, at)
    return keys[0][at <= keys[0] + width]


def _around(keys: Sequence[Array], width: int) -> Array:
    """Places of any word that start a window holding all words, in any order and at different places.

    By Hall's theorem there is a place for each if every group of words has as many places as words in the window;
    groups whose words share no place need no look. Groups of equal words and pairs are looked at.
    """
    words: list[tuple[Array, int]] = []
    for found in keys:
        same = [n for n, (other, _) in enumerate(words) if np.array_equal(found, other)]
        if same:
            words[same[0]] = (found, words[same[0]][1] + 1)
        else:
            words.append((found, 1))
    starts = np.unique(np.concatenate([found for found, _ in words]))
    for found, need in sorted(words, key=lambda word: len(word[0])):
        starts = starts[_inside(found, starts, width) >= need]
    for (one, a), (other, b) in combinations(words, 2) if len(starts) else ():
        either = np.union1d(one, other)
        if len(either) < len(one) + len(other):
            starts = starts[_inside(either, starts, width) >= a + b]
    return starts


def _inside(keys: Array, starts: Array, width: int) -> Array:
    """How many of the keys lie in each window."""
    inside: Array = np.searchsorted(keys, starts + width, "right") - np.searchsorted(keys, starts)
    return inside
