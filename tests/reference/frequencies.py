"""How often terms, phrases and pairs of words occur in each document of one segment, counted position by position."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakKeyDictionary

from whoosh.reading import IndexReader

from arsearch.index.whoosh.schema import whoosh_field_name

__all__ = ["AnyOf", "Frequencies", "PhraseOf", "SurfaceTerm", "TermPair", "Terms", "terms_of_field"]

_lexicons: WeakKeyDictionary[IndexReader, dict[str, list[str]]] = WeakKeyDictionary()


def terms_of_field(reader: IndexReader, name: str) -> list[str]:
    """Return the terms of a field; kept while the reader lives, because many queries read them."""
    known = _lexicons.setdefault(reader, {})
    if name not in known:
        known[name] = [term.decode() for term in reader.lexicon(name)]
    return known[name]


class Frequencies(Protocol):
    """Counts one thing in one field of one segment."""

    def frequencies(self, reader: IndexReader, field: str) -> Mapping[int, float]:
        """Return the frequency in each live document that has the thing."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Any of several terms of one level: the `given` terms, or with a `predicate` all terms that satisfy it."""

    level: str
    given: frozenset[str] = frozenset()
    predicate: Callable[[str], bool] | None = None

    def _matching(self, reader: IndexReader, name: str) -> list[str]:
        if self.predicate is None:
            return [term for term in self.given if (name, term) in reader]
        return [text for text in terms_of_field(reader, name) if self.predicate(text)]

    def frequencies(self, reader: IndexReader, field: str) -> Mapping[int, float]:
        counts: Counter[int] = Counter()
        for doc, positions in self.postings(reader, field):
            counts[doc] += len(positions)
        return counts

    def positions(self, reader: IndexReader, field: str) -> Mapping[int, set[int]]:
        """Return the positions of all terms in each live document."""
        merged: defaultdict[int, set[int]] = defaultdict(set)
        for doc, positions in self.postings(reader, field):
            merged[doc].update(positions)
        return merged

    def postings(self, reader: IndexReader, field: str) -> Iterable[tuple[int, list[int]]]:
        """Yield the document and the positions of each posting, one term after another."""
        name = whoosh_field_name(field, self.level)
        if name not in reader.indexed_field_names():
            return
        for term in self._matching(reader, name):
            matcher = reader.postings(name, term)
            while matcher.is_active():
                yield matcher.id(), matcher.value_as("positions")
                matcher.next()


@dataclass(frozen=True, slots=True)
class SurfaceTerm(Terms):
    """One term, only at the positions where the word in the stored article satisfies `accepts`."""

    words: Callable[[IndexReader, int, str], Mapping[tuple[int, str], str]] = field(kw_only=True)
    """Returns the word behind each position and term of a document's field; the first if there are several."""
    accepts: Callable[[str], bool] = field(kw_only=True)

    def postings(self, reader: IndexReader, field: str) -> Iterable[tuple[int, list[int]]]:
        (term,) = self.given
        for doc, positions in Terms.postings(self, reader, field):
            words = self.words(reader, doc, field)
            accepted = [position for position in positions if self.accepts(words[position, term])]
            if accepted:
                yield doc, accepted


@dataclass(frozen=True, slots=True)
class PhraseOf:
    """A phrase of terms at offsets relative to one another; its frequency is the number of positions where it starts.

    With `slop` 0 each term stands exactly at its offset. With 1 the terms stand in order, the last one at most one
    position later than in the query. With more they stand in any order, each at a position of its own, in a window
    that is `slop` positions longer than the phrase.
    """

    parts: tuple[tuple[int, Terms], ...]
    slop: int = 0

    def frequencies(self, reader: IndexReader, field: str) -> Mapping[int, float]:
        columns = [terms.positions(reader, field) for _, terms in self.parts]
        counts = {doc: self._count([column[doc] for column in columns]) for doc in set.intersection(*map(set, columns))}
        return {doc: count for doc, count in counts.items() if count}

    def _count(self, columns: Sequence[set[int]]) -> int:
        offsets = [offset for offset, _ in self.parts]
        width = offsets[-1] - offsets[0] + self.slop
        if not self.slop:
            return sum(
                all(start + offset - offsets[0] in column for offset, column in zip(offsets, columns, strict=True))
                for start in columns[0]
            )
        if self.slop == 1:
            return sum(_in_order(start, columns[1:], start + width) for start in columns[0])
        starts = set().union(*columns)
        return sum(
            _distinct([{p for p in column if start <= p <= start + width} for column in columns]) for start in starts
        )


def _in_order(at: int, columns: Sequence[set[int]], last: int) -> bool:
    """Whether each column has a position after that of the column before it, and none of these is after `last`."""
    for column in columns:
        at = min((p for p in column if at < p <= last), default=last + 1)
    return at <= last


def _distinct(columns: Sequence[set[int]]) -> bool:
    """Whether each column can have a position of its own: a bipartite matching by augmenting paths."""
    owner: dict[int, int] = {}

    def assign(column: int, visited: set[int]) -> bool:
        for position in columns[column] - visited:
            visited.add(position)
            if position not in owner or assign(owner[position], visited):
                owner[position] = column
                return True
        return False

    return all(assign(column, set()) for column in range(len(columns)))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The sum of the frequencies of several things."""

    parts: tuple[Frequencies, ...]

    def frequencies(self, reader: IndexReader, field: str) -> Mapping[int, float]:
        counts: Counter[int] = Counter()
        for part in self.parts:
            counts.update(part.frequencies(reader, field))
        return counts


@dataclass(frozen=True, slots=True)
class TermPair:
    """Two terms near each other: an occurrence counts 1 at `distance`, and 1 / (n + 1) with n more words between."""

    first: Terms
    second: Terms
    distance: int
    slop: int

    def frequencies(self, reader: IndexReader, field: str) -> Mapping[int, float]:
        counts: Counter[int] = Counter()
        second = self.second.positions(reader, field)
        for doc, positions in self.first.positions(reader, field).items():
            for position in positions:
                following = min((p for p in second.get(doc, ()) if p > position), default=None)
                extra = None if following is None else max(following - position - self.distance, 0)
                if extra is not None and extra <= self.slop:
                    counts[doc] += 1 / (extra + 1)  # type: ignore[assignment]
        return counts
