"""Whoosh queries that compute the score of each document they match in a segment, one document at a time.

Boolean queries are here too: Whoosh's own go wrong when nested (2.7.4 and 2.7.5). `Not` matches a deleted document
after the last excluded one, `AndNot` matches an excluded document that is the first of the positive part, and
`AndMaybe` inside `And` loses scores.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from whoosh.matching import ListMatcher, Matcher
from whoosh.query import Query
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from arsearch.index.codec.doc_values import seconds
from arsearch.index.whoosh.weighting import Weighting, idf
from arsearch.model import Article
from arsearch.search.ranking import Ranking
from arsearch.search.signals import RecencySignal
from reference.frequencies import Frequencies, TermPair

__all__ = [
    "Bm25Query",
    "Complement",
    "Conjunction",
    "Disjunction",
    "FilterQuery",
    "PairQuery",
    "RecencyQuery",
    "RequiredOptional",
    "ScoredQuery",
]

Scores = dict[int, float]


class ScoredQuery(Query):  # type: ignore[misc]
    """A query that knows the score of each document it matches in a segment; its matcher walks them."""

    @abstractmethod
    def scores(self, searcher: Searcher) -> Scores:
        """Return the score of each live document that matches in the segment."""

    def matcher(self, searcher: Searcher, context: Any = None) -> Matcher:
        scores = self.scores(searcher)
        docs = sorted(scores)
        return ListMatcher(docs, weights=[scores[doc] for doc in docs])

    def estimate_size(self, ixreader: IndexReader) -> int:
        return int(ixreader.doc_count())

    def field(self) -> None:
        return None


class Bm25Query(ScoredQuery):
    """Frequencies over fields, scored by BM25F with the idf of the documents that have them."""

    def __init__(self, weight: float, source: Frequencies, fields: Sequence[str]) -> None:
        self.weight = weight
        self.source = source
        self.fields = fields
        self._cache: WeakKeyDictionary[Searcher, Scores] = WeakKeyDictionary()

    def scores(self, searcher: Searcher) -> Scores:
        weighting = _weighting(searcher)
        factor = self.weight * self._idf(searcher, weighting)
        tfs = self._tfs(searcher, weighting) if factor else {}
        return {doc: factor * weighting.score(tf) for doc, tf in tfs.items()}

    def _idf(self, searcher: Searcher, weighting: Weighting) -> float:
        top = searcher.get_parent()
        return idf(sum(len(self._tfs(leaf, weighting)) for leaf, _ in top.leaf_searchers()), top.doc_count())

    def _tfs(self, searcher: Searcher, weighting: Weighting) -> Scores:
        """Return BM25F's `tf` of each document of one segment; cached, as the idf of each segment needs all of them."""
        if searcher not in self._cache:
            tfs: defaultdict[int, float] = defaultdict(float)
            for field in self.fields:
                for doc, frequency in self.source.frequencies(searcher.reader(), field).items():
                    tfs[doc] += weighting.tf(searcher, field, frequency, searcher.doc_field_length(doc, field))
            self._cache[searcher] = tfs
        return self._cache[searcher]


class PairQuery(Bm25Query):
    """Two neighbouring words of the query near each other, scored with the idf of the rarer word."""

    source: TermPair

    def _idf(self, searcher: Searcher, weighting: Weighting) -> float:
        top = searcher.get_parent()
        readers = [leaf.reader() for leaf, _ in top.leaf_searchers()]
        rarer = min(
            max(sum(len(terms.frequencies(reader, field)) for reader in readers) for field in self.fields)
            for terms in (self.source.first, self.source.second)
        )
        return idf(rarer, top.doc_count()) if rarer else 0.0


class RecencyQuery(ScoredQuery):
    """The documents with a date: their score is a weight that halves in each half-life before the newest document."""

    def __init__(self, weight: float, signal: RecencySignal) -> None:
        self.weight = weight
        self.signal = signal

    def scores(self, searcher: Searcher) -> Scores:
        top = searcher.get_parent()
        every = [date for leaf, _ in top.leaf_searchers() for date in _dates(leaf.reader()).values()]
        newest = max((date for date in every if date <= self.signal.now), default=self.signal.now)
        ages = {doc: max(newest - date, 0) for doc, date in _dates(searcher.reader()).items()}
        return {doc: self.weight * 0.5 ** (age / self.signal.half_life) for doc, age in ages.items()}


def _dates(reader: IndexReader) -> dict[int, int]:
    """Return the date of each live document that has one, in seconds since 1970."""
    articles = {doc: Article.from_dict(reader.stored_fields(doc)) for doc in reader.all_doc_ids()}
    return {doc: seconds(article.date) for doc, article in articles.items() if article.date}


class FilterQuery(ScoredQuery):
    """The documents that satisfy a predicate on a reader and a document number, with a score of 0."""

    def __init__(self, predicate: Callable[[IndexReader, int], bool]) -> None:
        self.predicate = predicate

    def scores(self, searcher: Searcher) -> Scores:
        reader = searcher.reader()
        return {doc: 0.0 for doc in reader.all_doc_ids() if self.predicate(reader, doc)}


class Disjunction(ScoredQuery):
    """The documents that match at least `minimum` of the children, with the sum of their scores."""

    def __init__(self, minimum: int, *children: ScoredQuery) -> None:
        self.minimum = minimum
        self.parts = children

    def scores(self, searcher: Searcher) -> Scores:
        return _sums(self.minimum, [child.scores(searcher) for child in self.parts])


class Conjunction(Disjunction):
    """The documents that match all children, with the sum of their scores; without children none."""

    def __init__(self, *children: ScoredQuery) -> None:
        super().__init__(len(children), *children)


class Complement(ScoredQuery):
    """The documents that another query does not match, with a score of 0."""

    def __init__(self, child: ScoredQuery) -> None:
        self.child = child

    def scores(self, searcher: Searcher) -> Scores:
        excluded = self.child.scores(searcher)
        return {doc: 0.0 for doc in searcher.reader().all_doc_ids() if doc not in excluded}


class RequiredOptional(ScoredQuery):
    """The documents that match a required query; optional queries only add to the scores."""

    def __init__(self, required: ScoredQuery, *optional: ScoredQuery) -> None:
        self.required = required
        self.optional = optional

    def scores(self, searcher: Searcher) -> Scores:
        required = self.required.scores(searcher)
        sums = _sums(1, [required, *(child.scores(searcher) for child in self.optional)])
        return {doc: sums[doc] for doc in required}


def _sums(minimum: int, parts: Sequence[Scores]) -> Scores:
    """Return the sum of the scores of each document that is in at least `minimum` parts."""
    counts = Counter(doc for part in parts for doc in part)
    return {doc: sum(part[doc] for part in parts if doc in part) for doc, count in counts.items() if count >= minimum}


def _weighting(searcher: Searcher) -> Weighting:
    """Return the searcher's weighting, or one with the default constants if that is of another class."""
    return searcher.weighting if isinstance(searcher.weighting, Weighting) else Weighting(Ranking())
