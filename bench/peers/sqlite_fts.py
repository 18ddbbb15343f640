"""SQLite's FTS5 with its `unicode61` tokenizer. It does not analyse Arabic and finds words only as they are written."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.peers.engines import Prepare, Search

__all__ = ["MODES", "THREADS", "build", "missing", "searching"]

THREADS = (1,)
MODES = ("or", "and")
_FILE = "articles.db"
_SNIPPET = "snippet(docs, 2, '<b>', '</b>', '…', 40)"  # 40 words are about 240 characters


def missing() -> str | None:
    """Return SQLite's message if it was built without FTS5, or None."""
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute("CREATE VIRTUAL TABLE docs USING fts5(body)")
        except sqlite3.OperationalError as error:
            return str(error)
    return None


def build(folder: Path, articles: Iterable[Mapping[str, str]], *, threads: int, memory: int) -> None:  # noqa: ARG001
    """Index in one transaction with default settings."""
    with closing(sqlite3.connect(folder / _FILE)) as database, database:
        database.execute("CREATE VIRTUAL TABLE docs USING fts5(id UNINDEXED, title, body, tokenize='unicode61')")
        database.executemany("INSERT INTO docs VALUES (:id, :title, :body)", articles)


@contextmanager
def searching(folder: Path) -> Iterator[Prepare]:
    """Open the index for searching, with SQLite's own BM25 ranking and snippets."""
    from bench.peers.engines import HITS

    with closing(sqlite3.connect(folder / _FILE)) as database:

        def prepare(mode: str, snippets: bool) -> Search:
            columns = f"id, title, {_SNIPPET}" if snippets else "id, title"
            statement = f"SELECT {columns} FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT {HITS}"
            joiner = f" {mode.upper()} "

            def search(text: str) -> int:
                words = re.findall(r"\w+", text)
                match = joiner.join(f'"{word}"' for word in words) or '""'
                return len(database.execute(statement, (match,)).fetchall())

            return search

        yield prepare
