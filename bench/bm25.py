"""Plain BM25 over one field, in a few lines of NumPy: the scoring of Lucene's `BM25Similarity` with exact lengths.

    idf = log(1 + (N - n + 0.5) / (n + 0.5))
    score = sum over the query's terms of  idf * tf / (tf + k1 * (1 - b + b * length / average length))

Fed with light10 stems it stands in for Lucene's ArabicAnalyzer; it is not Lucene.
"""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Bm25", "light10_terms"]


class Scored(NamedTuple):
    """A document and its score."""

    id: str
    score: float


class Bm25:
    """An index of documents' terms, searched by any of a query's terms. Ties keep the order of adding."""

    def __init__(
        self, docs: Iterable[tuple[str, str]], terms: Callable[[str], list[str]], k1: float = 1.2, b: float = 0.75
    ) -> None:
        self._terms = terms
        self._ids: list[str] = []
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = []
        for number, (name, text) in enumerate(docs):
            found = terms(text)
            self._ids.append(name)
            lengths.append(len(found))
            for term, count in Counter(found).items():
                postings[term].append((number, count))
        size = np.array(lengths, float)
        norm = k1 * (1 - b + b * size / max(float(size.mean()) if len(size) else 0.0, 1.0))
        self._scores = {term: self._weigh(np.array(pairs), norm) for term, pairs in postings.items()}

    def _weigh(self, pairs: Any, norm: Any) -> tuple[Any, Any]:
        docs, counts = pairs[:, 0], pairs[:, 1].astype(float)
        idf = math.log1p((len(self._ids) - len(docs) + 0.5) / (len(docs) + 0.5))
        return docs, idf * counts / (counts + norm[docs])

    def search(self, text: str, *, limit: int = 10, mode: str = "any") -> list[Scored]:  # noqa: ARG002
        """The best documents for `text`; always any of the words, whatever `mode`."""
        sums = np.zeros(len(self._ids))
        for term in self._terms(text):
            if term in self._scores:
                docs, scores = self._scores[term]
                sums[docs] += scores
        found = np.flatnonzero(sums)
        best = found[np.lexsort((found, -sums[found]))][:limit]
        return [Scored(self._ids[doc], float(sums[doc])) for doc in best.tolist()]


def light10_terms() -> Callable[[str], list[str]]:
    """A text's light10 stems without stop words, as arsearch's analyzer makes them with that stemmer."""
    from arsearch.analyzers import ArabicAnalyzer, Light10Stemmer

    analyzer = ArabicAnalyzer(stemmer=Light10Stemmer())

    @functools.cache
    def stems(word: str) -> tuple[str, ...]:
        return tuple(term.stem for term in analyzer.form(word).terms if not term.stop)

    def terms(text: str) -> list[str]:
        return [stem for word in analyzer.tokenizer.words(text) for stem in stems(word)]

    return terms


def joined(docs: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Each document's id, and title and body in one text."""
    return ((doc["id"], f"{doc['title']}\n{doc['body']}") for doc in docs)
