"""The answers of an embedded commit to corrections and completions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import distinct
from arsearch.index.matching.lookup import TermLookup
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.suggest.spelling_index import spelling_index
from arsearch.model.schema import NORMALISED, STEM, Schema
from arsearch.search.clauses import PhraseClause, TermsClause
from arsearch.suggest.term_source import CloseTerm, Words

__all__ = ["IndexedTerms"]


class IndexedTerms:
    """Asks one commit; see `TermSource`. It keeps what it found, and serves one correction or completion.

    Methods raise TimeUpError after the end of the budget.
    """

    def __init__(self, reader: IndexReader, analyzer: ArabicAnalyzer, budget: SearchBudget) -> None:
        self._reader = reader
        self._budget = budget
        self._lookup = TermLookup(reader, analyzer, budget)
        self._fields = [field.name for field in reader.schema if field.default]
        self._stem_docs: dict[str, Array] = {}

    @property
    def schema(self) -> Schema:
        """The fields of the index."""
        return self._reader.schema

    @property
    def documents(self) -> int:
        """The number of documents, deleted ones included."""
        return self._reader.docs

    def frequencies(self, level: str, terms: Sequence[str]) -> list[int]:
        """Return the number of articles with each term of a level, in the default field where most have it."""
        self._budget.spend()
        return [
            max((self._reader.doc_frequency(field, level, term) for field in self._fields), default=0) for term in terms
        ]

    def close_terms(self, word: str, max_cost: int, cost_weight: float, limit: int) -> list[CloseTerm]:
        """Return the terms of default fields within `max_cost` of a word, at most `limit` of each field of a segment."""
        self._budget.spend()
        indexes = (spelling_index(segment, field) for segment in self._reader.segments for field in self._fields)
        return [
            close
            for index in indexes
            if index is not None
            for close in index.close_terms(word, max_cost, cost_weight, limit)
        ]

    def phrase_frequencies(self, phrases: Sequence[PhraseClause], fields: Sequence[str]) -> list[int]:
        """Return the number of articles with each phrase, in the field where most have it."""
        return [self._phrase_frequency(phrase, fields) for phrase in phrases]

    def _phrase_frequency(self, phrase: PhraseClause, fields: Sequence[str]) -> int:
        self._budget.spend()
        return max(self._articles(self._lookup.postings(phrase, field)[0]) for field in fields)

    def _articles(self, docs: Array) -> int:
        """Return the number of articles that documents belong to: the parts of a work are one."""
        return len(self._reader.one_of_each_work(docs))

    def stem_counts(self, stems: Sequence[str], groups: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
        """Return the number of articles with each stem in any default field, and with all stems of each group."""
        return [len(self._docs_with_stem(stem)) for stem in stems], [
            len(self._docs_with_stems(group)) for group in groups
        ]

    def _docs_with_stems(self, stems: Sequence[str]) -> Array:
        self._budget.spend()
        docs = self._docs_with_stem(stems[0])
        for stem in stems[1:]:
            if not len(docs):
                break
            docs = np.intersect1d(docs, self._docs_with_stem(stem), assume_unique=True)
        return docs

    def _docs_with_stem(self, stem: str) -> Array:
        if stem not in self._stem_docs:
            docs = [self._reader.term_postings(field, STEM, stem)[0] for field in self._fields]
            self._stem_docs[stem] = distinct(np.concatenate(docs))
        return self._stem_docs[stem]

    def prefixed_terms(self, prefix: str, field: str, limit: int) -> Mapping[str, int]:
        """Return the most common normalised terms with a prefix: at most `limit` of each segment, with their articles."""
        found: Counter[str] = Counter()
        for segment in self._reader.segments:
            postings = segment.postings(field, NORMALISED)
            low, high = postings.terms.prefix_range(prefix) if postings is not None else (0, 0)
            if postings is None or low == high:
                continue
            counts = np.diff(postings.posting_offsets[low : high + 1])
            chosen = np.arange(high - low)
            if len(chosen) > limit:
                chosen = np.sort(np.argpartition(counts, -limit)[-limit:])
            found.update(dict(zip(postings.terms.get_many(chosen + low), counts[chosen].tolist(), strict=True)))
        return found

    def counts(self, needed: Sequence[Words], choices: Sequence[Words]) -> list[int]:
        """Return the number of articles with everything in `needed` and each of the `choices`."""
        mask = self._mask(needed)
        if not mask.any():
            return [0] * len(choices)
        return [self._articles(np.flatnonzero(mask & self._docs_with(choice))) for choice in choices]

    def newest_titles(self, needed: Sequence[Sequence[Words]], limit: int) -> Iterator[str]:
        """Yield the titles of the newest articles with everything in any item of `needed`, at most `limit` for each item."""
        newest = [np.flatnonzero(self._mask(words))[-limit:] for words in needed]
        for doc in distinct(np.concatenate(newest)).tolist():
            self._budget.spend()
            segment, local = self._reader.resolve(doc)
            yield segment.title(local)

    def texts(self, term: str, field: str, limit: int) -> Iterator[str]:
        """Yield the field of the first articles that have a normalised term there, at most `limit`."""
        self._budget.spend()
        docs, _ = self._reader.term_postings(field, NORMALISED, term)
        return (self._text(doc, field) for doc in islice(docs.tolist(), limit))

    def _mask(self, needed: Sequence[Words]) -> Array:
        mask = np.ones(self._reader.docs, bool)
        for words in needed:
            mask &= self._docs_with(words)
        return mask

    def _docs_with(self, words: Words) -> Array:
        self._budget.spend()
        clause = TermsClause(NORMALISED, words.terms)
        mask = np.zeros(self._reader.docs, bool)
        for field in words.fields:
            mask[self._lookup.postings(clause, field)[0]] = True
        return mask

    def _text(self, doc: int, field: str) -> str:
        segment, local = self._reader.resolve(doc)
        if field == "title":
            return segment.title(local)
        article = segment.stored.article(local)
        return article.body if field == "body" else str(article.extra.get(field) or "")
