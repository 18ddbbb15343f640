"""A commit, pinned for as many searches as wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any

from arsearch.errors import IndexClosedError
from arsearch.index.execution.queries import Mode
from arsearch.index.reader.budget import MAX_EXPANSIONS
from arsearch.index.searching.searcher import Searcher
from arsearch.model import Article, Correction, Explanation, Level, SearchResults, Suggestion

__all__ = ["Snapshot"]


class Snapshot:
    """One commit, pinned: searches on it see nothing newer. A context manager."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher: Searcher | None = searcher

    @property
    def _open(self) -> Searcher:
        if self._searcher is None:
            raise IndexClosedError("the snapshot is closed; take a new one with index.snapshot()")
        return self._searcher

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        offset: int = 0,
        filters: Mapping[str, Any] | None = None,
        sort: str | None = None,
        facets: Iterable[str] = (),
        mode: Mode = "auto",
        match: Level | str | None = None,
        collapse: str | None = None,
        strict: bool = False,
        timeout: float | None = None,
        max_expansions: int | None = MAX_EXPANSIONS,
    ) -> SearchResults:
        """As `Index.search`, on this commit."""
        return self._open.search(
            text,
            limit=limit,
            offset=offset,
            filters=filters,
            sort=sort,
            facets=facets,
            mode=mode,
            match=match,
            collapse=collapse,
            strict=strict,
            timeout=timeout,
            max_expansions=max_expansions,
        )

    def explain(
        self,
        text: str,
        id: str,
        *,
        filters: Mapping[str, Any] | None = None,
        mode: Mode = "auto",
        match: Level | str | None = None,
        max_expansions: int | None = MAX_EXPANSIONS,
    ) -> Explanation:
        """As `Index.explain`, on this commit."""
        return self._open.explain(text, id, filters=filters, mode=mode, match=match, max_expansions=max_expansions)

    def correct(self, text: str, *, limit: int = 3) -> Correction:
        """As `Index.correct`, on this commit."""
        from arsearch.index.suggest.did_you_mean import Corrector  # few searches need it

        searcher = self._open
        return Corrector(searcher.reader, searcher.analyzer).correct(text, limit)

    def suggest(self, prefix: str, *, limit: int = 10) -> tuple[Suggestion, ...]:
        """As `Index.suggest`, on this commit."""
        from arsearch.index.suggest.completer import Completer  # few searches need it

        searcher = self._open
        return Completer(searcher.reader, searcher.analyzer, searcher.forms).complete(prefix, limit)

    def more_like(
        self,
        id: str | None = None,
        *,
        text: str | None = None,
        limit: int = 10,
        filters: Mapping[str, Any] | None = None,
        collapse: str | None = None,
    ) -> SearchResults:
        """As `Index.more_like`, on this commit."""
        from arsearch.index.searching.more_like_this import more_like  # few searches need it

        return more_like(self._open, id, text, limit=limit, filters=filters, collapse=collapse)

    def get(self, id: str) -> Article | None:
        """The article with that id, or `None`."""
        reader = self._open.reader
        doc = reader.find(str(id))
        return None if doc < 0 else reader.article(doc)

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self._open.reader.find(id) >= 0

    def __len__(self) -> int:
        return self._open.reader.count

    def __iter__(self) -> Iterator[Article]:
        """Every article, in order of adding."""
        return self._open.reader.articles()

    @property
    def generation(self) -> int:
        """The commit's number."""
        return self._open.reader.manifest.generation

    def close(self) -> None:
        """Let go of the commit's files; hits already found stay usable."""
        self._searcher = None

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
