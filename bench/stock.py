"""Stock Whoosh, set up for Arabic as its users do it; arsearch is measured against it.

The tokenizer is Whoosh's `RegexTokenizer` with a pattern that keeps marks and tatweel inside words; the default pattern
would cut vocalised words at their marks. The filters are thin wrappers of PyArabic and Tashaphyne. Codec, writer, BM25F
and query parser are Whoosh's defaults. The analyzers:

    stemmed              marks and tatweel removed, `light_stem` of Tashaphyne called for every token
    stemmed, memoised    the same terms, with `light_stem` called once for each distinct token
    normalised           marks and tatweel removed, alef, ya and ta marbuta folded, no stemming
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from whoosh.analysis import Filter, RegexTokenizer
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex, create_in
from whoosh.qparser import AndGroup, MultifieldParser, OrGroup

__all__ = ["ANALYZERS", "build_index", "in_memory", "make_parser", "make_schema", "on_disk"]

_PATTERN = r"[\w\u0610-\u061a\u064b-\u065f\u0670\u0640]+"
_LETTERS = str.maketrans("أإآٱىة", "اااايه")


class NormaliseFilter(Filter):  # type: ignore[misc]
    """A filter that removes marks and tatweel and folds alef, ya and ta marbuta."""

    def __call__(self, tokens: Iterable[Any]) -> Iterator[Any]:
        from pyarabic.araby import strip_tashkeel, strip_tatweel

        for token in tokens:
            token.text = strip_tatweel(strip_tashkeel(token.text)).translate(_LETTERS).lower()
            yield token


class TashaphyneFilter(Filter):  # type: ignore[misc]
    """A filter that stems every token with Tashaphyne, or with `memo` every distinct token once."""

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
    """Return the schema: an id, a stored title and a stored body with the named analyzer, and the stored other fields."""
    make = ANALYZERS[analyzer]
    return Schema(
        id=ID(stored=True, unique=True),
        title=TEXT(make(), stored=True),
        body=TEXT(make(), stored=True),
        rest=STORED,
    )


def on_disk(folder: Path, analyzer: str) -> Any:
    """Create an empty index in a folder."""
    return create_in(str(folder), make_schema(analyzer))


def in_memory(analyzer: str) -> Any:
    """Create an empty index in memory.

    Its writer uses files in the temporary folder that are named after the index, so each process has a name of its own.
    """
    return FileIndex.create(RamStorage(), make_schema(analyzer), f"stock{os.getpid()}")


def build_index(index: Any, docs: Iterable[Mapping[str, Any]]) -> int:
    """Add documents with Whoosh's default writer, in one commit, and return the number of documents."""
    writer = index.writer()
    for doc in docs:
        rest = {name: value for name, value in doc.items() if name not in ("id", "title", "body")}
        writer.add_document(id=doc["id"], title=doc["title"], body=doc["body"], rest=rest)
    writer.commit()
    return int(index.doc_count())


def make_parser(index: Any, mode: str) -> Callable[[str], Any]:
    """Return Whoosh's query parser over title and body, with AND if `mode` is "all" and OR otherwise.

    Question marks are removed first: Whoosh reads them as wildcards, and a question that ends in one has no hits.
    """
    group = AndGroup if mode == "all" else OrGroup
    parser = MultifieldParser(["title", "body"], index.schema, group=group)
    return lambda text: parser.parse(text.replace("؟", " ").replace("?", " "))
