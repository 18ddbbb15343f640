"""The index of the project: open it, add and remove objects, search.

Each process opens the index once, at its first use, and follows the commits of the others. The id of an article is the label
and the primary key of its object: `news.article:17`. The keyword field `model` has the label.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

import arsearch
from arsearch.errors import IndexNotFoundError

if TYPE_CHECKING:
    from arsearch.integrations.django.models import SearchableModel

__all__ = [
    "add_objects",
    "article_id",
    "articles_of",
    "get_index",
    "index_fields",
    "index_location",
    "objects_of",
    "remove_ids",
    "search",
    "stored_article",
]

MODEL = "model"
"""The keyword field with the label of the model."""


def index_location() -> str:
    """Return the location of the index, `settings.ARSEARCH_INDEX`."""
    location = getattr(settings, "ARSEARCH_INDEX", None)
    if not location:
        raise ImproperlyConfigured(
            "set ARSEARCH_INDEX to the folder of the index, such as BASE_DIR / 'articles.arsearch'"
        )
    return os.fspath(location)


def index_fields() -> dict[str, str]:
    """Return the declared fields of the index: `settings.ARSEARCH_FIELDS` and the label of the model."""
    return {**getattr(settings, "ARSEARCH_FIELDS", {}), MODEL: "keyword"}


def get_index() -> arsearch.Index:
    """Return the index of the project, which this process opens once and creates if it is missing."""
    return _opened(index_location(), os.getpid())


@functools.lru_cache(maxsize=4)
def _opened(location: str, _process: int) -> arsearch.Index:
    try:
        return arsearch.open(location)
    except IndexNotFoundError:
        return arsearch.open(location, create=True, fields=index_fields())


def article_id(instance: SearchableModel) -> str:
    """Return the id of the article of an object: `news.article:17`."""
    return f"{instance._meta.label_lower}:{instance.pk}"


def stored_article(instance: SearchableModel) -> dict[str, Any] | None:
    """Return the article of an object with its id and model; `None` if it should not be found."""
    article = instance.to_article()
    if article is None:
        return None
    return {**article, "id": article_id(instance), MODEL: instance._meta.label_lower}


def articles_of(instances: Iterable[SearchableModel]) -> Iterator[dict[str, Any]]:
    """Yield the articles of objects that should be found."""
    for instance in instances:
        if (article := stored_article(instance)) is not None:
            yield article


def add_objects(instances: Iterable[SearchableModel]) -> arsearch.AddReport:
    """Add objects, and remove objects that should not be found any more.

    It is for changes that send no signals, such as `bulk_create`.
    """
    hidden: list[str] = []

    def found() -> Iterator[dict[str, Any]]:
        for instance in instances:
            if (article := stored_article(instance)) is not None:
                yield article
            else:
                hidden.append(article_id(instance))

    report = get_index().add(found())
    remove_ids(hidden)
    return report


def remove_ids(ids: Iterable[str]) -> int:
    """Remove articles by their ids, and return the number removed."""
    index = get_index()
    present = [id for id in ids if id in index]
    return index.delete(present) if present else 0


def search(text: str, *, model: type[SearchableModel] | None = None, **options: Any) -> arsearch.SearchResults:
    """Search the objects of all models, or of one; `options` are those of `Index.search`."""
    filters = dict(options.pop("filters", None) or {})
    if model is not None:
        filters[MODEL] = [model._meta.label_lower]
    return get_index().search(text, filters=filters or None, **options)


def objects_of(results: arsearch.SearchResults) -> list[tuple[arsearch.Hit, SearchableModel]]:
    """Return the hits with their objects, in order, with one query for each model. Objects that are gone are left out."""
    keys: dict[str, list[str]] = {}
    for hit in results:
        label, _, key = hit.id.partition(":")
        keys.setdefault(label, []).append(key)
    found: dict[str, Any] = {}
    for label, values in keys.items():
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):  # a model that was removed from the project
            continue
        found.update((f"{label}:{key}", one) for key, one in model._default_manager.in_bulk(values).items())
    return [(hit, found[hit.id]) for hit in results if hit.id in found]
