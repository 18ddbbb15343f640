"""A server of the Model Context Protocol: language models search an index with the tools search, passages and get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

try:
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from pydantic import Field
except ImportError as error:
    raise ImportError('the MCP server needs the extra [mcp]: pip install "arsearch[mcp]"') from error

from arsearch.errors import ArsearchError
from arsearch.model.locating import described
from arsearch.search import Index

__all__ = ["make_server"]

_MOST = 50
_LONGEST = 20_000  # code points of a text that one call of `get` returns

_Query = Annotated[str, Field(description="Arabic words or a question; quotes, + - | and field:word are understood")]
_Limit = Annotated[int, Field(ge=1, le=_MOST)]
_Filters = Annotated[
    dict[str, Any] | None,
    Field(description='maps fields to a value, a list of values, or [low, high] for dates: {"date": ["2015", "2016"]}'),
]


def make_server(index: Index) -> MCPServer[Any]:
    """Return a server with the tools of one index; `make_server(index).run()` serves standard input and output.

    A wrong parameter is an error of the tool, with the message of its exception. Nothing can be changed through the server.
    """
    server: MCPServer[Any] = MCPServer(
        "arsearch",
        instructions="Full-text search in a collection of Arabic articles. Use `passages` to answer questions from the "
        "texts, `search` to list articles, and `get` to read an article.",
    )

    @server.tool()
    async def search(query: _Query, limit: _Limit = 10, filters: _Filters = None) -> dict[str, Any]:
        """List the articles that match a query, the best first, each with a snippet."""
        try:
            results = await index.asearch(query, limit=limit, filters=_ranges(index, filters))
            hits = [
                {"id": hit.id, "title": hit.title, "score": hit.score, "snippet": hit.snippet.text, "page": hit.page}
                for hit in results
            ]
        except ArsearchError as error:
            raise ToolError(str(error)) from error
        return {"total": results.total, "notes": list(results.notes), "hits": hits}

    @server.tool()
    async def passages(
        query: _Query,
        limit: _Limit = 8,
        size: Annotated[int, Field(ge=40, le=_LONGEST, description="code points of a passage")] = 600,
        filters: _Filters = None,
    ) -> dict[str, Any]:
        """Return the passages that answer a query best, in whole sentences, with the article and offsets of each."""
        try:
            found = await index.apassages(query, limit=limit, size=size, filters=_ranges(index, filters))
        except ArsearchError as error:
            raise ToolError(str(error)) from error
        return {"passages": [passage.to_dict() for passage in found]}

    @server.tool()
    def get(
        id: str, start: Annotated[int, Field(ge=0, description="offset of the first code point of the body")] = 0
    ) -> dict[str, Any]:
        """Return an article by its id; of a long body 20,000 code points from `start` on, and where the rest begins."""
        try:
            article = index.get(id)
        except ArsearchError as error:
            raise ToolError(str(error)) from error
        if article is None:
            raise ToolError(f"no article has the id {id!r}; give the id of a hit")
        end = start + _LONGEST
        return {
            **described(article),
            "body": article.body[start:end],
            "length": len(article.body),
            "next": end if end < len(article.body) else None,
        }

    return server


def _ranges(index: Index, filters: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return filters in which the pairs of date and number fields are ranges: JSON has lists only."""
    if filters is None:
        return None
    kinds = index.fields
    return {
        name: tuple(value)
        if isinstance(value, list) and len(value) == 2 and kinds.get(name) in ("date", "int", "float")
        else value
        for name, value in filters.items()
    }
