"""Stock Whoosh with Tashaphyne called for every token; `bench.stock` describes the setup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.peers.engines import Prepare, Search

__all__ = ["MODES", "THREADS", "build", "missing", "searching"]

THREADS = (1,)
MODES = ("or", "and")


def missing() -> str | None:
    """Return None: arsearch itself depends on Whoosh and Tashaphyne."""
    return None


def build(folder: Path, articles: Iterable[Mapping[str, str]], *, threads: int, memory: int) -> None:  # noqa: ARG001
    """Index with Whoosh's default writer, in one commit."""
    from bench.stock import build_index, on_disk

    build_index(on_disk(folder, "stemmed"), articles)


@contextmanager
def searching(folder: Path) -> Iterator[Prepare]:
    """Open the index for searching, with Whoosh's own query parser and highlighter."""
    from whoosh.index import open_dir

    from bench.peers.engines import HITS
    from bench.stock import make_parser

    index = open_dir(str(folder))
    with index.searcher() as searcher:

        def prepare(mode: str, snippets: bool) -> Search:
            parse = make_parser(index, "all" if mode == "and" else "any")

            def search(text: str) -> int:
                results = searcher.search(parse(text), limit=HITS)
                for hit in results:
                    _ = (hit["id"], hit["title"], hit.highlights("body") if snippets else None)
                return int(results.scored_length())

            return search

        yield prepare
