"""arsearch, as its documentation says to use it. Its own `auto` mode is measured apart: nobody else has one."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.peers.engines import Prepare, Search

__all__ = ["MODES", "THREADS", "build", "missing", "searching"]

THREADS = (1, 2)
MODES = ("or", "and", "auto")
_MODES = {"or": "any", "and": "all", "auto": "auto"}


def missing(threads: int) -> str | None:
    """Nothing but, for now, perhaps `workers`."""
    import arsearch

    if threads == 1 or "workers" in inspect.signature(arsearch.Index.add).parameters:
        return None
    return "this version's Index.add has no `workers`"


def build(folder: Path, articles: Iterable[Mapping[str, str]], *, threads: int, memory: int) -> None:
    """One `add`; `threads` are worker processes."""
    import arsearch

    options: dict[str, Any] = {"memory_limit": memory} | ({"workers": threads} if threads > 1 else {})
    with arsearch.open(folder, create=True) as index:
        index.add(articles, **options)


@contextmanager
def searching(folder: Path) -> Iterator[Prepare]:
    """The searches give exact totals and spans too; nobody asks for them here."""
    import arsearch
    from bench.peers.engines import HITS

    with arsearch.open(folder) as index:

        def prepare(mode: str, snippets: bool) -> Search:
            def search(text: str) -> int:
                results = index.search(text, limit=HITS, mode=_MODES[mode])  # type: ignore[arg-type]
                for hit in results:
                    _ = (hit.id, hit.title, hit.snippet.html if snippets else None)
                return len(results)

            return search

        yield prepare
