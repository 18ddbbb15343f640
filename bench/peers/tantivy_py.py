"""tantivy, a search engine in Rust, through its Python binding (`pip install tantivy`).

Snowball's Arabic stemmer stems the words and folds letters; stop words are kept. `threads` is the number of indexing
threads. The thread that converts Python's articles and the merging threads are additional.
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
_MIN_MEMORY = 15_000_000  # tantivy's minimum for each thread


def missing() -> str | None:
    """Return a message if the package is not installed, or None."""
    return None if importlib.util.find_spec("tantivy") else "the package tantivy is not installed"


def build(folder: Path, articles: Iterable[Mapping[str, str]], *, threads: int, memory: int) -> None:
    """Index with one commit. `memory` is shared by all threads."""
    tantivy: Any = importlib.import_module("tantivy")
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        schema.add_text_field(name, stored=True, tokenizer_name=_ARABIC, index_option="position")
    index = tantivy.Index(schema.build(), path=str(folder))
    index.register_tokenizer(_ARABIC, _analyzer(tantivy))
    writer = index.writer(heap_size=max(memory, threads * _MIN_MEMORY), num_threads=threads)
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
    """Open the index in `folder` with its analyzer registered."""
    tantivy: Any = importlib.import_module("tantivy")
    index = tantivy.Index.open(str(folder))
    index.register_tokenizer(_ARABIC, _analyzer(tantivy))
    return index


@contextmanager
def searching(folder: Path) -> Iterator[Prepare]:
    """Open the index for searching, with tantivy's own query parser and snippets. Hits are not counted."""
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
