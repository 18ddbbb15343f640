"""The models of the site."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from arsearch.integrations.django.models import SearchableModel


class Author(models.Model):
    """A writer, who is not searched."""

    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return str(self.name)


class Article(SearchableModel):
    """An article; drafts are not found."""

    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    author = models.ForeignKey(Author, null=True, on_delete=models.SET_NULL)
    published = models.BooleanField(default=True)
    volume = models.IntegerField(null=True)

    arsearch_fields: ClassVar = {
        "title": "title",
        "body": "text",
        "author": "author__name",
        "category": "kind",
        "volume": "volume",
    }

    def kind(self) -> str:
        """Return the category."""
        return "خبر"

    def to_article(self) -> dict[str, Any] | None:
        """Return the article, unless it is a draft."""
        return super().to_article() if self.published else None

    def get_absolute_url(self) -> str:
        """Return the address of the article."""
        return f"/articles/{self.pk}/"


class Book(SearchableModel):
    """A book, with a key of its own."""

    isbn = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=200)

    arsearch_fields: ClassVar = {"title": "name"}
