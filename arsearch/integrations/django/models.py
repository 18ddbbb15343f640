"""`SearchableModel`: a model whose objects are articles of the index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

__all__ = ["SearchableModel", "searchable_models"]


class SearchableModel(models.Model):
    """An abstract model: objects are added to the index when they are saved, and removed when they are deleted.

    `arsearch_fields` maps fields of the article (title, body, author, source, url, date, category, tags, and those of
    `settings.ARSEARCH_FIELDS`) to attributes of the object. `author__name` follows a relation, and a method is called. Override
    `to_article` for anything else.
    """

    arsearch_fields: ClassVar[Mapping[str, str]] = {"title": "title", "body": "body"}

    class Meta:
        """The model has no table."""

        abstract = True

    def to_article(self) -> dict[str, Any] | None:
        """Return the article of this object without its id; `None` if it should not be found, such as a draft."""
        return {field: _value(self, path) for field, path in self.arsearch_fields.items()}

    @classmethod
    def arsearch_objects(cls) -> Any:
        """Return the query set of the objects that `rebuild_arsearch` reads; override it to join related tables."""
        return cls._default_manager.all()


def searchable_models() -> list[type[SearchableModel]]:
    """Return the searchable models of the project that have a table."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, SearchableModel)]


def _value(instance: object, path: str) -> Any:
    value: Any = instance
    for name in path.split("__"):
        value = getattr(value, name, None)
        if isinstance(value, models.Manager):  # many related objects: their texts are the values
            return [str(one) for one in value.all()]
        if callable(value):
            value = value()
    return value
