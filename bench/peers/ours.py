"""arsearch, used as its documentation says.

OR and AND are ranked by BM25 over title and body alone, as in the other engines. The `auto` mode, which no other engine
has, has rows of its own and the whole ranking, including pairs of neighbouring words and synonyms.
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


def missing() -> str | None:
    """Return None: arsearch is always installed here."""
    return None


def build(folder: Path, articles: Iterable[Mapping[str, str]], *, threads: int, memory: int) -> None:
    """Index with one call of `add`; `threads` are worker processes."""
    import arsearch

    with arsearch.open(folder, create=True) as index:
        index.add(articles, memory_limit=memory, workers=threads)


@contextmanager
def searching(folder: Path) -> Iterator[Prepare]:
    """Open the index for searching. The searches also compute exact totals and spans, which are not read here.

    Each mode, with and without snippets, has an index object of its own, so that none profits from the caches of
    another.
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
            match = None if mode == "auto" else "stem"  # no second search at the root level for queries without hits

            def search(text: str) -> int:
                results = index.search(text, limit=HITS, mode=_MODES[mode], match=match)  # type: ignore[arg-type]
                for hit in results:
                    _ = (hit.id, hit.title, hit.snippet.html if snippets else None)
                return len(results)

            return search

        yield prepare
