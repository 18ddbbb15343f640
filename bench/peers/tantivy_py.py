"""Tantivy, a search engine in Rust, through its Python binding (`pip install tantivy`).

Its words are stemmed by Snowball's Arabic stemmer, which folds letters too; no stop words. `threads` are its indexing
threads: the one that makes Python's articles into its own, and those that merge, come on top.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.peers.engines import Prepare, Search

__all__ = ["MODES", "THREADS", "build", "missing", "open_index", "searching"]

THREADS = (1, 2)
MODES = ("or", "and")
_ARABIC = "arabic"
_LONGEST_WORD = 255
_LEAST_MEMORY = 15_000_000  # it refuses less for a thread


def missing(threads: int) -> str | None:  # noqa: ARG001
    """The package, perhaps."""
    return None if importlib.util.find_spec("tantivy") else "the package tantivy is not installed"


def build(folder: Path, articles: Iterable[Mapping[str, str]], *, threads: int, memory: int) -> None:
    """One commit. `memory` is for all threads together."""
    tantivy: Any = importlib.import_module("tantivy")
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        schema.add_text_field(name, stored=True, tokenizer_name=_ARABIC, index_option="position")
    index = tantivy.Index(schema.build(), path=str(folder))
    index.register_tokenizer(_ARABIC, _analyzer(tantivy))
    writer = index.writer(heap_size=max(memory, threads * _LEAST_MEMORY), num_threads=threads)
    for article in articles:
        writer.add_document(tantivy.Document(id=article["id"], title=article["title"], body=article["body"]))
    writer.commit()
    writer.wait_merging_threads()


def _analyzer(tantivy: Any) -> Any:
    keep, lower, stem = tantivy.Filter.remove_long(_LONGEST_WORD), tantivy.Filter.lowercase(), tantivy.Filter.stemmer
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(keep).filter(lower).filter(stem(_ARABIC)).build()
    )


def open_index(folder: Path) -> Any:
    """The index in `folder`, its analyzer known."""
    tantivy: Any = importlib.import_module("tantivy")
    index = tantivy.Index.open(str(folder))
    index.register_tokenizer(_ARABIC, _analyzer(tantivy))
    return index


@contextmanager
def searching(folder: Path) -> Iterator[Prepare]:
    """Its own query parser over title and body, hits not counted, its own snippets."""
    tantivy: Any = importlib.import_module("tantivy")
    from bench.peers.engines import HITS, SNIPPET_LENGTH

    index = open_index(folder)
    searcher, schema = index.searcher(), index.schema

    def prepare(mode: str, snippets: bool) -> Search:
        def search(text: str) -> int:
            query, _ = index.parse_query_lenient(text, ["title", "body"], conjunction_by_default=mode == "and")
            hits = searcher.search(query, limit=HITS, count=False).hits
            if snippets:
                generator = tantivy.SnippetGenerator.create(searcher, query, schema, "body")
                generator.set_max_num_chars(SNIPPET_LENGTH)
            for _, address in hits:
                doc = searcher.doc(address)
                _ = (doc["id"], doc["title"], generator.snippet_from_doc(doc).to_html() if snippets else None)
            return len(hits)

        return search

    yield prepare
