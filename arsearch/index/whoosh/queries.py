"""What the nodes of a compiled query find and score, as Whoosh queries: one document, one occurrence at a time.

Finds say how often something stands in each document of one segment and field, as a mapping. Queries make scored
matchers of them, for Whoosh's collectors.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from whoosh.matching import ListMatcher, Matcher
from whoosh.query import Query
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from arsearch.index.whoosh.schema import whoosh_field_name
from arsearch.index.whoosh.weighting import Weighting, idf
from arsearch.search.ranking import Ranking

__all__ = [
    "All",
    "Either",
    "Find",
    "Found",
    "Near",
    "PairFound",
    "Plus",
    "Row",
    "Satisfying",
    "Scored",
    "Some",
    "Terms",
    "Without",
    "Written",
]

Scores = dict[int, float]


class Find(Protocol):
    """Looks one thing up in one field of one segment."""

    def frequencies(self, reader: IndexReader, field: str) -> Mapping[int, float]:
        """How often it stands in each live document that has it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Any of some terms of a level: those given, or those of the index that pass a test."""

    level: str
    given: frozenset[str] = frozenset()
    test: Callable[[str], bool] | None = None

    def _chosen(self, reader: IndexReader, name: str) -> list[str]:
        if self.test is None:
            return [term for term in self.given if (name, term) in reader]
        return [text for text in (term.decode() for term in reader.lexicon(name)) if self.test(text)]

    def frequencies(self, reader: IndexReader, field: str) -> Mapping[int, float]:
        counts: Counter[int] = Counter()
        for doc, places in self.places(reader, field):
            counts[doc] += len(places)
        return counts

    def positions(self, reader: IndexReader, field: str) -> Mapping[int, set[int]]:
        """Where they stand in each live document."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        for doc, places in self.places(reader, field):
            found[doc].update(places)
        return found

    def places(self, reader: IndexReader, field: str) -> Iterable[tuple[int, list[int]]]:
        """The positions of each posting, by document within each term."""
        name = whoosh_field_name(field, self.level)
        if name not in reader.indexed_field_names():
            return
        for term in self._chosen(reader, name):
            postings = reader.postings(name, term)
            while postings.is_active():
                yield postings.id(), postings.value_as("positions")
                postings.next()


@dataclass(frozen=True, slots=True)
class Written(Terms):
    """One given term where it comes of a written word that passes a test, as the stored article has it."""

    words: Callable[[IndexReader, int, str], Mapping[tuple[int, str], str]] = field(kw_only=True)
    """The written word behind each term at each position of a field of a document; of several the first."""
    meant: Callable[[str], bool] = field(kw_only=True)

    def places(self, reader: IndexReader, field: str) -> Iterable[tuple[int, list[int]]]:
        (term,) = self.given
        for doc, places in Terms.places(self, reader, field):
            words = self.words(reader, doc, field)
            kept = [place for place in places if self.meant(words[place, term])]
            if kept:
                yield doc, kept


@dataclass(frozen=True, slots=True)
class Row:
    """A phrase: terms at places relative to one another; counts the positions at which one starts.

    With `slop` 0 each word stands at exactly its place. With 1 they follow one another, the last at most one position
    later than in the query. With more they stand in any order, each at a position of its own, in a window as long as
    the phrase and `slop` positions more.
    """

    parts: tuple[tuple[int, Terms], ...]
    slop: int = 0

    def frequencies(self, reader: IndexReader, field: str) -> Mapping[int, float]:
        columns = [terms.positions(reader, field) for _, terms in self.parts]
        counts = {doc: self._count([column[doc] for column in columns]) for doc in set.intersection(*map(set, columns))}
        return {doc: count for doc, count in counts.items() if count}

    def _count(self, columns: Sequence[set[int]]) -> int:
        places = [place for place, _ in self.parts]
        width = places[-1] - places[0] + self.slop
        if not self.slop:
            return sum(
                all(start + place - places[0] in there for place, there in zip(places, columns, strict=True))
                for start in columns[0]
            )
        if self.slop == 1:
            return sum(_follow(start, columns[1:], start + width) for start in columns[0])
        starts = set().union(*columns)
        return sum(
            _distinct([{p for p in there if start <= p <= start + width} for there in columns]) for start in starts
        )


def _follow(at: int, columns: Sequence[set[int]], last: int) -> bool:
    """Whether a position of each column follows one of the column before it, none after `last`."""
    for there in columns:
        at = min((p for p in there if at < p <= last), default=last + 1)
    return at <= last


def _distinct(columns: Sequence[set[int]]) -> bool:
    """Whether each column has a position of its own: a matching, by augmenting paths."""
    holder: dict[int, int] = {}

    def place(column: int, tried: set[int]) -> bool:
        for position in columns[column] - tried:
            tried.add(position)
            if position not in holder or place(holder[position], tried):
                holder[position] = column
                return True
        return False

    return all(place(column, set()) for column in range(len(columns)))


@dataclass(frozen=True, slots=True)
class Either:
    """What any of several finds finds; their frequencies are added up."""

    finds: tuple[Find, ...]

    def frequencies(self, reader: IndexReader, field: str) -> Mapping[int, float]:
        counts: Counter[int] = Counter()
        for find in self.finds:
            counts.update(find.frequencies(reader, field))
        return counts


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms near each other: each counts 1 at the query's own distance, 1 / (n + 1) with n more between."""

    first: Terms
    second: Terms
    distance: int
    slop: int

    def frequencies(self, reader: IndexReader, field: str) -> Mapping[int, float]:
        counts: Counter[int] = Counter()
        seconds = self.second.positions(reader, field)
        for doc, firsts in self.first.positions(reader, field).items():
            for at in firsts:
                after = min((p for p in seconds.get(doc, ()) if p > at), default=None)
                more = None if after is None else max(after - at - self.distance, 0)
                if more is not None and more <= self.slop:
                    counts[doc] += 1 / (more + 1)  # type: ignore[assignment]
        return counts


class Scored(Query):  # type: ignore[misc]
    """A query that knows the score of each document it matches in a segment; its matcher walks them.

    The ways to combine them are here too, rather than Whoosh's, which go wrong within one another (2.7.4 and 2.7.5):
    `Not` lets a deleted document through after the last one excluded, `AndNot` an excluded one that is the first of
    the wanted part, and `AndMaybe` within `And` forgets scores.
    """

    @abstractmethod
    def scores(self, searcher: Searcher) -> Scores:
        """The live documents of one segment that it matches, with their scores."""

    def matcher(self, searcher: Searcher, context: Any = None) -> Matcher:  # noqa: ARG002
        found = self.scores(searcher)
        docs = sorted(found)
        return ListMatcher(docs, weights=[found[doc] for doc in docs])

    def estimate_size(self, ixreader: IndexReader) -> int:
        return int(ixreader.doc_count())

    def field(self) -> None:
        return None


class Found(Scored):
    """A find over fields, scored by BM25F with the idf of the documents found."""

    def __init__(self, weight: float, find: Find, fields: Sequence[str]) -> None:
        self.weight = weight
        self.find = find
        self.fields = fields
        self._kept: WeakKeyDictionary[Searcher, Scores] = WeakKeyDictionary()

    def scores(self, searcher: Searcher) -> Scores:
        weighting = _weighting(searcher)
        worth = self.weight * self._idf(searcher, weighting)
        tfs = self._tfs(searcher, weighting) if worth else {}
        return {doc: worth * weighting.score(tf) for doc, tf in tfs.items()}

    def _idf(self, searcher: Searcher, weighting: Weighting) -> float:
        top = searcher.get_parent()
        return idf(sum(len(self._tfs(leaf, weighting)) for leaf, _ in top.leaf_searchers()), top.doc_count())

    def _tfs(self, searcher: Searcher, weighting: Weighting) -> Scores:
        """BM25F's `tf` of each document of one segment; each segment asks for those of all."""
        if searcher not in self._kept:
            tfs: defaultdict[int, float] = defaultdict(float)
            for field in self.fields:
                for doc, frequency in self.find.frequencies(searcher.reader(), field).items():
                    tfs[doc] += weighting.tf(searcher, field, frequency, searcher.doc_field_length(doc, field))
            self._kept[searcher] = tfs
        return self._kept[searcher]


class PairFound(Found):
    """A pair of neighbouring words near each other, scored with the idf of the rarer of the two."""

    find: Near

    def _idf(self, searcher: Searcher, weighting: Weighting) -> float:  # noqa: ARG002
        top = searcher.get_parent()
        counts = [
            max(
                top.doc_frequency(whoosh_field_name(field, terms.level), term)
                for field in self.fields
                for term in terms.given
            )
            for terms in (self.find.first, self.find.second)
        ]
        return idf(min(*counts, top.doc_count()), top.doc_count()) if min(counts) else 0.0


class Satisfying(Scored):
    """The documents of a reader that pass a test, with a score of 0."""

    def __init__(self, test: Callable[[IndexReader, int], bool]) -> None:
        self.test = test

    def scores(self, searcher: Searcher) -> Scores:
        reader = searcher.reader()
        return {doc: 0.0 for doc in reader.all_doc_ids() if self.test(reader, doc)}


class All(Scored):
    """The documents that all children match, with the sum of their scores; without children none."""

    def __init__(self, *children: Scored) -> None:
        self.parts = children

    def scores(self, searcher: Searcher) -> Scores:
        return _sums(len(self.parts), [child.scores(searcher) for child in self.parts])


class Some(Scored):
    """The documents that at least `count` of the children match, with the sum of their scores."""

    def __init__(self, count: int, *children: Scored) -> None:
        self.count = count
        self.parts = children

    def scores(self, searcher: Searcher) -> Scores:
        return _sums(self.count, [child.scores(searcher) for child in self.parts])


class Without(Scored):
    """The documents that another query does not match, with a score of 0."""

    def __init__(self, child: Scored) -> None:
        self.child = child

    def scores(self, searcher: Searcher) -> Scores:
        excluded = self.child.scores(searcher)
        return {doc: 0.0 for doc in searcher.reader().all_doc_ids() if doc not in excluded}


class Plus(Scored):
    """What a query matches; where others match too, their scores are added."""

    def __init__(self, base: Scored, *extra: Scored) -> None:
        self.base = base
        self.extra = extra

    def scores(self, searcher: Searcher) -> Scores:
        base = self.base.scores(searcher)
        sums = _sums(1, [base, *(child.scores(searcher) for child in self.extra)])
        return {doc: sums[doc] for doc in base}


def _sums(least: int, parts: Sequence[Scores]) -> Scores:
    """The documents in at least so many parts, with the sum of their scores."""
    counts = Counter(doc for part in parts for doc in part)
    return {doc: sum(part[doc] for part in parts if doc in part) for doc, count in counts.items() if count >= least}


def _weighting(searcher: Searcher) -> Weighting:
    """The searcher's own; the default constants where it has another kind."""
    return searcher.weighting if isinstance(searcher.weighting, Weighting) else Weighting(Ranking())
