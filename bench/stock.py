"""Stock Whoosh, set up for Arabic as people write it: what arsearch is measured against.

The tokenizer is Whoosh's `RegexTokenizer` with the marks and tatweel inside words (its default pattern cuts vocalised
words to pieces), the filters are a few lines each around PyArabic and Tashaphyne, the rest is Whoosh's default:
its codec, its writer, its BM25F, its query parser. Two analyzers:

    stemmed      marks and tatweel stripped, Tashaphyne's `light_stem` called for every token
    normalised   marks and tatweel stripped, alef, ya and ta marbuta folded, no stemming
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.analysis import Filter, RegexTokenizer
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex, create_in
from whoosh.qparser import AndGroup, MultifieldParser, OrGroup

__all__ = ["ANALYZERS", "StockSearch", "build_index", "in_memory", "make_parser", "make_schema", "on_disk"]

_PATTERN = r"[\w\u0610-\u061a\u064b-\u065f\u0670\u0640]+"
_LETTERS = str.maketrans("أإآٱىة", "اااايه")


class NormaliseFilter(Filter):  # type: ignore[misc]
    """Strips marks and tatweel, folds alef, ya and ta marbuta."""

    def __call__(self, tokens: Iterable[Any]) -> Iterator[Any]:
        from pyarabic.araby import strip_tashkeel, strip_tatweel

        for token in tokens:
            token.text = strip_tatweel(strip_tashkeel(token.text)).translate(_LETTERS).lower()
            yield token


class TashaphyneFilter(Filter):  # type: ignore[misc]
    """Stems every token with Tashaphyne; with `memo`, every distinct one: the same terms, sooner."""

    def __init__(self, memo: bool = False) -> None:
        self.memo = memo

    def __call__(self, tokens: Iterable[Any]) -> Iterator[Any]:
        stem = _memoised_stemmer() if self.memo else _stemmer()
        for token in tokens:
            token.text = stem(token.text)
            yield token


@functools.lru_cache(maxsize=1)
def _stemmer() -> Callable[[str], str]:
    from pyarabic.araby import strip_tatweel
    from tashaphyne.stemming import ArabicLightStemmer

    stemmer = ArabicLightStemmer()
    return lambda word: str(stemmer.light_stem(strip_tatweel(word)))


@functools.lru_cache(maxsize=1)
def _memoised_stemmer() -> Callable[[str], str]:
    return functools.lru_cache(maxsize=None)(_stemmer())


ANALYZERS: Mapping[str, Callable[[], Any]] = {
    "stemmed": lambda: RegexTokenizer(_PATTERN) | TashaphyneFilter(),
    "stemmed, memoised": lambda: RegexTokenizer(_PATTERN) | TashaphyneFilter(memo=True),
    "normalised": lambda: RegexTokenizer(_PATTERN) | NormaliseFilter(),
}


def make_schema(analyzer: str) -> Any:
    """Id, stored title and body, analysed as named."""
    make = ANALYZERS[analyzer]
    return Schema(
        id=ID(stored=True, unique=True),
        title=TEXT(make(), stored=True),
        body=TEXT(make(), stored=True),
        rest=STORED,
    )


def on_disk(folder: Path, analyzer: str) -> Any:
    """An empty index in a folder."""
    return create_in(str(folder), make_schema(analyzer))


def in_memory(analyzer: str) -> Any:
    """An empty index in memory. Its writer works in the temporary folder, under the index's name: one for each process."""
    return FileIndex.create(RamStorage(), make_schema(analyzer), f"stock{os.getpid()}")


def build_index(index: Any, docs: Iterable[Mapping[str, Any]]) -> int:
    """Add documents with Whoosh's default writer, in one commit; how many."""
    writer = index.writer()
    for doc in docs:
        rest = {name: value for name, value in doc.items() if name not in ("id", "title", "body")}
        writer.add_document(id=doc["id"], title=doc["title"], body=doc["body"], rest=rest)
    writer.commit()
    return int(index.doc_count())


def make_parser(index: Any, mode: str) -> Callable[[str], Any]:
    """Whoosh's own query parser over title and body, all words wanted or any.

    The Arabic question mark is taken out first: to Whoosh it is a wildcard, and a question ending in it finds nothing.
    """
    group = AndGroup if mode == "all" else OrGroup
    parser = MultifieldParser(["title", "body"], index.schema, group=group)
    return lambda text: parser.parse(text.replace("؟", " ").replace("?", " "))


class Found(NamedTuple):
    """A document and its score."""

    id: str
    score: float


class StockSearch:
    """A Whoosh searcher as `arsearch.evaluation` wants it. Always any of the words, whatever `mode`."""

    def __init__(self, index: Any, searcher: Any) -> None:
        self._searcher = searcher
        self._parse = make_parser(index, "any")

    def search(self, text: str, *, limit: int, mode: str) -> list[Found]:  # noqa: ARG002
        """The best documents for `text`."""
        return [Found(hit["id"], hit.score) for hit in self._searcher.search(self._parse(text), limit=limit)]
