"""The ids of articles in the paths of routes."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor

__all__ = ["ArticleConvertor", "article_id"]


class ArticleConvertor(Convertor[str]):
    """The rest of a path as an id, which may have slashes and line ends; Starlette's `path` ends at a line end."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        """Return the id."""
        return value

    def to_string(self, value: str) -> str:
        """Return the rest of the path."""
        return value


def article_id() -> str:
    """Return the id at the end of the path of a route, and make its convertor known.

    Starlette has one list of convertors for all applications, so importing this module leaves the list as it is.
    """
    register_url_convertor("article", ArticleConvertor())
    return "{id:article}"
