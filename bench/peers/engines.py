"""What an engine's module has to offer, and which engines there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from bench.peers import ours, sqlite_fts, tantivy_py, whoosh_naive

__all__ = ["HITS", "PYTHON_ENGINES", "SNIPPET_LENGTH", "Engine", "Prepare", "Search"]

HITS = 10
SNIPPET_LENGTH = 240  # characters, where an engine lets one choose

Search = Callable[[str], int]
"""Searches a text and fetches id and title of up to `HITS` hits, perhaps snippets; how many hits there were."""

Prepare = Callable[[str, bool], Search]
"""From a mode ("or", "and", ...) and whether snippets are wanted to a search."""


class Engine(Protocol):
    """A module. Whatever is slow to import it imports inside its functions."""

    @property
    def THREADS(self) -> tuple[int, ...]:  # noqa: N802
        """With how many threads or processes it can index."""

    @property
    def MODES(self) -> tuple[str, ...]:  # noqa: N802
        """The modes it can search in."""

    def missing(self, threads: int) -> str | None:
        """What has to be there for it to run and is not."""

    def build(self, folder: Path, articles: Iterable[Mapping[str, str]], *, threads: int, memory: int) -> None:
        """An index of `articles` in an empty folder, committed, nothing left to do in the background.

        `memory`: bytes it may hold before it writes some out, where it lets one choose.
        """

    def searching(self, folder: Path) -> AbstractContextManager[Prepare]:
        """The index in `folder`, opened."""


PYTHON_ENGINES: Mapping[str, Engine] = {
    "arsearch": ours,
    "whoosh": whoosh_naive,
    "tantivy": tantivy_py,
    "sqlite": sqlite_fts,
}
