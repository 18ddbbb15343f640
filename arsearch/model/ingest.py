"""The items that `Index.add` takes (articles, mappings, records of files), as articles or as failures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arsearch.errors import ArticleError
from arsearch.model.articles import Article, Record
from arsearch.model.reports import Failure

__all__ = ["ArticleInput", "to_article", "to_failure"]

ArticleInput = Article | Mapping[str, Any] | Record


def to_article(item: ArticleInput) -> Article:
    """Return the article of an item; raise `ArticleError` with the reason if it has none."""
    if isinstance(item, Article):
        return item.checked()
    if isinstance(item, Record):
        if item.data is None:
            raise ArticleError(item.problem or "unreadable")
        return Article.from_dict(item.data)
    if isinstance(item, Mapping):
        return Article.from_dict(item)
    raise ArticleError(f"{type(item).__name__} is not an article; add Article objects or mappings")


def to_failure(number: int, item: ArticleInput, reason: str) -> Failure:
    """Return the failure to report for item `number`, which cannot be indexed."""
    where = item.where if isinstance(item, Record) else f"article {number}"
    data = item.data if isinstance(item, Record) else item
    id = data.id if isinstance(data, Article) else data.get("id") if isinstance(data, Mapping) else None
    return Failure(where, None if id is None else str(id)[:100], reason)
