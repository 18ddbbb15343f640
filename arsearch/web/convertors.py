"""The ids of articles in the paths of routes."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor

__all__ = ["ARTICLE", "ArticleConvertor"]

ARTICLE = "{id:article}"
"""The id at the end of the path of a route."""


class ArticleConvertor(Convertor[str]):
    """The rest of a path as an id, which may have slashes and line ends; Starlette's `path` ends at a line end."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        """Return the id."""
        return value

    def to_string(self, value: str) -> str:
        """Return the rest of the path."""
        return value


register_url_convertor("article", ArticleConvertor())
