"""The rivals of arsearch, each set up for Arabic as its documentation says.

Every rival searches for any of the words. Lucene, bm25s and light10 BM25 have title and body in one field. tantivy and
Whoosh have two fields because their query parsers search several fields.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import arsearch
from arsearch.evaluation.run import Searchable
from bench.peers.lucene import Lucene, describe, lucene_8, lucene_10, missing
from bench.relevance.hits import Hit
from bench.relevance.lucene import searching

__all__ = ["CONTESTANTS", "OURS", "REFERENCE", "Contestant", "ours"]

OURS = "arsearch"
REFERENCE = "Lucene"

Docs = Sequence[Mapping[str, Any]]


class Contestant(NamedTuple):
    """A search engine of the comparison."""

    missing: Callable[[], str | None]
    """Returns the reason why the engine cannot run here, or None."""
    searching: Callable[[Docs], AbstractContextManager[Searchable]]
    """Indexes documents and opens the index."""
    version: Callable[[], str] | None = None
    """Returns the version of an engine that is no Python package, if it can run here."""


def _needs(*packages: str) -> Callable[[], str | None]:
    def missing() -> str | None:
        absent = [name for name in packages if importlib.util.find_spec(name) is None]
        return f"not installed: {', '.join(absent)} (pip install 'arsearch[bench]')" if absent else None

    return missing


def ours(*, correct: bool = True) -> Contestant:
    """Return arsearch, with or without corrections of words that no article has."""

    @contextmanager
    def searching(docs: Docs) -> Iterator[Searchable]:
        with arsearch.open(":memory:", create=True) as index:
            index.add(docs)

            class Arsearch:
                def search(self, text: str, *, limit: int, mode: Any) -> arsearch.SearchResults:
                    return index.search(text, limit=limit, mode=mode, correct=correct, timeout=None)

            yield Arsearch()

    return Contestant(_needs(), searching)


@contextmanager
def _light10(docs: Docs) -> Iterator[Searchable]:
    from bench.relevance.bm25 import Bm25, light10_terms

    yield Bm25(((doc["id"], f"{doc['title']}\n{doc['body']}") for doc in docs), light10_terms())


def _lucene(version: Lucene) -> Contestant:
    return Contestant(
        lambda: missing(version), partial(searching, version), lambda: ", java ".join(describe(version).values())
    )


def _whoosh(analyzer: str) -> Callable[[Docs], AbstractContextManager[Searchable]]:
    @contextmanager
    def build(docs: Docs) -> Iterator[Searchable]:
        from bench.stock import build_index, in_memory, make_parser

        index = in_memory(analyzer)
        build_index(index, docs)
        parse = make_parser(index, "any")
        with index.searcher() as searcher:

            class Whoosh:
                def search(self, text: str, *, limit: int, mode: str) -> list[Hit]:  # noqa: ARG002
                    return [Hit(hit["id"]) for hit in searcher.search(parse(text), limit=limit)]

            yield Whoosh()

    return build


@contextmanager
def _tantivy(docs: Docs) -> Iterator[Searchable]:
    from bench.peers.tantivy_py import build, open_index

    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), docs, threads=1, memory=256 << 20)
        index = open_index(Path(folder))
        searcher = index.searcher()

        class Tantivy:
            def search(self, text: str, *, limit: int, mode: str) -> list[Hit]:  # noqa: ARG002
                query, _ = index.parse_query_lenient(text, ["title", "body"])
                return [Hit(searcher.doc(address)["id"][0]) for _, address in searcher.search(query, limit=limit).hits]

        yield Tantivy()


@contextmanager
def _bm25s(docs: Docs) -> Iterator[Searchable]:
    bm25s: Any = importlib.import_module("bm25s")
    stemmer = importlib.import_module("Stemmer").Stemmer("arabic")
    # The default pattern cuts vocalised words at their marks. `bench.stock` keeps the same marks as this pattern.
    word = re.compile(r"[\w\u0610-\u061a\u064b-\u065f\u0670\u0640]+")

    def terms(text: str) -> list[str]:
        return list(stemmer.stemWords(word.findall(text.lower())))

    retriever = bm25s.BM25()
    retriever.index([terms(f"{doc['title']}\n{doc['body']}") for doc in docs], show_progress=False)

    class Bm25s:
        def search(self, text: str, *, limit: int, mode: str) -> list[Hit]:  # noqa: ARG002
            numbers, scores = retriever.retrieve([terms(text)], k=min(limit, len(docs)), show_progress=False)
            pairs = zip(numbers[0].tolist(), scores[0].tolist(), strict=True)
            return [Hit(docs[number]["id"]) for number, score in pairs if score > 0]

    yield Bm25s()


CONTESTANTS: dict[str, Contestant] = {
    OURS: ours(),
    REFERENCE: _lucene(lucene_8()),
    "Lucene 10": _lucene(lucene_10()),
    "tantivy": Contestant(_needs("tantivy"), _tantivy),
    "bm25s + Snowball": Contestant(_needs("bm25s", "Stemmer"), _bm25s),
    "light10 BM25": Contestant(_needs(), _light10),
    "whoosh normalised": Contestant(_needs(), _whoosh("normalised")),
    "whoosh stemmed": Contestant(_needs(), _whoosh("stemmed, memoised")),
}
