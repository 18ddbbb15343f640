"""The protocol of an engine's module, and the engines with a Python interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from bench.peers import ours, sqlite_fts, tantivy_py, whoosh_naive

__all__ = ["HITS", "PYTHON_ENGINES", "SNIPPET_LENGTH", "Engine", "Prepare", "Search"]

HITS = 10
SNIPPET_LENGTH = 240  # characters, for engines with such a setting

Search = Callable[[str], int]
"""A function that searches a text, reads id, title and perhaps snippet of at most `HITS` hits, and returns their number."""

Prepare = Callable[[str, bool], Search]
"""A function from a mode ("or", "and" or "auto"), and whether to make snippets, to a search."""


class Engine(Protocol):
    """The module of an engine. It imports slow packages inside its functions."""

    @property
    def THREADS(self) -> tuple[int, ...]:  # noqa: N802
        """The numbers of threads or worker processes that index."""

    @property
    def MODES(self) -> tuple[str, ...]:  # noqa: N802
        """The modes that the engine can search in."""

    def missing(self) -> str | None:
        """Return the reason why the engine cannot run here, or None."""

    def build(self, folder: Path, articles: Iterable[Mapping[str, str]], *, threads: int, memory: int) -> None:
        """Index `articles` in an empty folder, commit, and wait for all background work.

        `memory` is the size of the indexing buffer in bytes, for engines with such a setting.
        """

    def searching(self, folder: Path) -> AbstractContextManager[Prepare]:
        """Open the index in `folder`."""


PYTHON_ENGINES: Mapping[str, Engine] = {
    "arsearch": ours,
    "whoosh": whoosh_naive,
    "tantivy": tantivy_py,
    "sqlite": sqlite_fts,
}
