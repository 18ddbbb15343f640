"""arsearch, as its documentation says to use it.

OR and AND are ranked by BM25 over title and body and nothing else, as the others do it. Its own `auto` mode, which
nobody else has, is measured apart, with all its ranking: neighbouring words near each other count there, and synonyms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.peers.engines import Prepare, Search

__all__ = ["MODES", "THREADS", "build", "missing", "searching"]

THREADS = (1, 2)
MODES = ("or", "and", "auto")
_MODES = {"or": "any", "and": "all", "auto": "auto"}


def missing(threads: int) -> str | None:  # noqa: ARG001
    """Nothing: whoever runs this has it."""
    return None


def build(folder: Path, articles: Iterable[Mapping[str, str]], *, threads: int, memory: int) -> None:
    """One `add`; `threads` are worker processes."""
    import arsearch

    with arsearch.open(folder, create=True) as index:
        index.add(articles, memory_limit=memory, workers=threads)


@contextmanager
def searching(folder: Path) -> Iterator[Prepare]:
    """The searches give exact totals and spans too; nobody asks for them here.

    Each way of searching has the index open for itself: what one remembers does not help the other.
    """
    import arsearch
    from bench.peers.engines import HITS

    with ExitStack() as stack:

        @cache
        def opened(mode: str, snippets: bool) -> arsearch.Index:  # noqa: ARG001
            if mode == "auto":
                return stack.enter_context(arsearch.open(folder))
            ranking, synonyms = arsearch.Ranking(pair_weight=0), arsearch.Synonyms(variants=False)
            return stack.enter_context(arsearch.open(folder, ranking=ranking, synonyms=synonyms))

        def prepare(mode: str, snippets: bool) -> Search:
            index = opened(mode, snippets)
            match = None if mode == "auto" else "stem"  # no second search by roots where nothing is found

            def search(text: str) -> int:
                results = index.search(text, limit=HITS, mode=_MODES[mode], match=match)  # type: ignore[arg-type]
                for hit in results:
                    _ = (hit.id, hit.title, hit.snippet.html if snippets else None)
                return len(results)

            return search

        yield prepare
