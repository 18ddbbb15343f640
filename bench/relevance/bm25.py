"""Plain BM25 over one field, in NumPy: the formula of Lucene's `BM25Similarity` with exact lengths.

    idf = log(1 + (N - n + 0.5) / (n + 0.5))
    score = sum over the query's terms of  idf * tf / (tf + k1 * (1 - b + b * length / average length))

With light10 stems it approximates Lucene's ArabicAnalyzer. It is not Lucene.
"""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from bench.relevance.hits import Hit

__all__ = ["Bm25", "light10_terms"]


class Bm25:
    """An index of pairs `(id, text)`. A search matches documents with any query term; ties keep the order of `docs`."""

    def __init__(
        self, docs: Iterable[tuple[str, str]], terms: Callable[[str], list[str]], k1: float = 1.2, b: float = 0.75
    ) -> None:
        self._terms = terms
        self._ids: list[str] = []
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = []
        for number, (id, text) in enumerate(docs):
            occurrences = terms(text)
            self._ids.append(id)
            lengths.append(len(occurrences))
            for term, frequency in Counter(occurrences).items():
                postings[term].append((number, frequency))
        length = np.array(lengths, float)
        norm = k1 * (1 - b + b * length / max(float(length.mean()) if len(length) else 0.0, 1.0))
        self._scores = {term: self._term_scores(np.array(pairs), norm) for term, pairs in postings.items()}

    def _term_scores(self, postings: Any, norm: Any) -> tuple[Any, Any]:
        docs, frequencies = postings[:, 0], postings[:, 1].astype(float)
        idf = math.log1p((len(self._ids) - len(docs) + 0.5) / (len(docs) + 0.5))
        return docs, idf * frequencies / (frequencies + norm[docs])

    def search(self, text: str, *, limit: int = 10, mode: str = "any") -> list[Hit]:  # noqa: ARG002
        """Return at most `limit` hits, best first. `mode` is ignored: a document needs only one of the terms."""
        totals = np.zeros(len(self._ids))
        for term in self._terms(text):
            if term in self._scores:
                docs, scores = self._scores[term]
                totals[docs] += scores
        matching = np.flatnonzero(totals)
        best = matching[np.lexsort((matching, -totals[matching]))][:limit]
        return [Hit(self._ids[doc]) for doc in best.tolist()]


def light10_terms() -> Callable[[str], list[str]]:
    """Return a function from a text to its light10 stems, without stop words, in the order of the text."""
    from arsearch.analyzers import ArabicAnalyzer, Light10Stemmer

    analyzer = ArabicAnalyzer(stemmer=Light10Stemmer())

    @functools.cache
    def stems(word: str) -> tuple[str, ...]:
        return tuple(term.stem for term in analyzer.form(word).terms if not term.stop)

    def terms(text: str) -> list[str]:
        return [stem for word in analyzer.tokenizer.words(text) for stem in stems(word)]

    return terms
