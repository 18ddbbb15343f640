"""The items that `Index.add` takes (articles, mappings, records of files), as articles or as failures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from arsearch.errors import ArticleError, shown
from arsearch.model.articles import Article, Record
from arsearch.model.remarks import UNDATED
from arsearch.model.reports import Failure
from arsearch.model.schema import Schema

__all__ = ["ArticleInput", "Ingested", "ingested", "place_of", "to_article", "to_failure"]

ArticleInput = Article | Mapping[str, Any] | Record


def to_article(item: ArticleInput, remarks: list[tuple[str, str]] | None = None) -> Article:
    """Return the article of an item; raise `ArticleError` with the reason if it has none. `remarks` gets those on its date."""
    if isinstance(item, Article):
        return item.checked(remarks)
    if isinstance(item, Record):
        if item.data is None:
            raise ArticleError(item.problem or "unreadable")
        return Article.from_dict(item.data, remarks)
    if isinstance(item, Mapping):
        return Article.from_dict(item, remarks)
    raise ArticleError(f"{type(item).__name__} is not an article; add Article objects or mappings")


class Ingested(NamedTuple):
    """An article, and the remarks on it: each a kind and the text that led to it."""

    article: Article
    remarks: list[tuple[str, str]]


def ingested(
    item: ArticleInput, schema: Schema, *, strict_values: bool = False, strict_dates: bool = False
) -> Ingested:
    """Return the article of an item and the remarks on it, which name the values that do not fit and the unread dates.

    Raises `ArticleError` as `to_article` does, with `strict_values` also for a value that does not fit its declared field,
    and with `strict_dates` for a date that cannot be read. Any other error, of a value that cannot even be printed, becomes an
    `ArticleError` too: it must not cost the other articles.
    """
    try:
        return _ingested(item, schema, strict_values, strict_dates)
    except (ArticleError, MemoryError):
        raise
    except Exception as error:
        raise ArticleError(f"a field cannot be read ({type(error).__name__}: {str(error)[:200]})") from error


def _ingested(item: ArticleInput, schema: Schema, strict_values: bool, strict_dates: bool) -> Ingested:
    remarks: list[tuple[str, str]] = list(item.remarks) if isinstance(item, Record) else []
    article = to_article(item, remarks)
    if article.extra and schema.declared:
        article = schema.fitted(article, remarks, strict=strict_values)
    if strict_dates:
        for kind, text in remarks:
            if kind in (UNDATED, "undated_field"):
                raise ArticleError(f"date {text!r} is not a date; write it as 2015-07-21 or 2015-07-21 02:51:32")
    return Ingested(article, remarks)


def place_of(number: int, item: ArticleInput) -> str:
    """Return the place of an item in the input: the `where` of a record, else its number."""
    return item.where if isinstance(item, Record) else f"article {number}"


def to_failure(number: int, item: ArticleInput, reason: str) -> Failure:
    """Return the failure to report for item `number`, which cannot be indexed."""
    data = item.data if isinstance(item, Record) else item
    id = data.id if isinstance(data, Article) else data.get("id") if isinstance(data, Mapping) else None
    return Failure(
        place_of(number, item), None if id is None else (id if isinstance(id, str) else shown(id))[:100], reason
    )
