"""The MCP server answers the SDK's own client, in memory and as a process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

import arsearch

pytest.importorskip("mcp")

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from arsearch.integrations.mcp import make_server

ARTICLES = [
    {"id": "1", "title": "زيارة", "body": "زار الوزير القرية. عاد أمس.", "date": "2015-07-01", "source": "الأولى"},
    {"id": "2", "title": "قمح", "body": "ارتفع سعر القمح في القرية.", "date": "2016-07-01"},
    {"id": "3", "title": "كتاب", "body": "جملة قصيرة. " * 4000},
]

_Result = TypeVar("_Result")


@pytest.fixture
def index() -> arsearch.Index:
    made = arsearch.open(":memory:", create=True)
    made.add(ARTICLES)
    return made


def asked(server: Any, ask: Callable[[Client], Awaitable[_Result]]) -> _Result:
    async def run() -> _Result:
        async with Client(server) as client:
            return await ask(client)

    return asyncio.run(run())


def call(index: arsearch.Index, tool: str, **arguments: Any) -> dict[str, Any]:
    result = asked(make_server(index), lambda client: client.call_tool(tool, arguments))
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def test_the_tools_are_listed_with_their_parameters(index: arsearch.Index) -> None:
    tools = asked(make_server(index), lambda client: client.list_tools()).tools

    assert {tool.name: sorted(tool.input_schema["properties"]) for tool in tools} == {
        "search": ["filters", "limit", "query"],
        "passages": ["filters", "limit", "query", "size"],
        "get": ["id", "start"],
    }
    assert all(tool.description for tool in tools)


def test_search_lists_hits(index: arsearch.Index) -> None:
    found = call(index, "search", query="القرية", filters={"date": ["2016", "2017"]})

    assert [hit["id"] for hit in found["hits"]] == ["2"]
    assert found["total"] == 1
    assert "القرية" in found["hits"][0]["snippet"]


def test_passages_are_exact(index: arsearch.Index) -> None:
    (passage,) = call(index, "passages", query="زار الوزير", limit=1)["passages"]

    assert passage["article_id"] == "1"
    assert passage["text"] == str(ARTICLES[0]["body"])[passage["start"] : passage["end"]]


def test_a_long_article_is_read_in_parts(index: arsearch.Index) -> None:
    body, start = "", 0
    while start is not None:
        part = call(index, "get", id="3", start=start)
        body, start = body + part["body"], part["next"]

    assert body == ARTICLES[2]["body"]


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("get", {"id": "9"}, "no article has the id '9'"),
        ("search", {"query": "قمح", "filters": {"colour": "أحمر"}}, "no field 'colour'"),
        ("passages", {"query": "قمح", "filters": {"date": "كذا"}}, "كذا"),
        ("search", {"query": "قمح", "limit": 0}, "limit"),
        ("search", {}, "query"),
    ],
)
def test_a_wrong_parameter_is_an_error_of_the_tool(
    index: arsearch.Index, tool: str, arguments: dict[str, Any], message: str
) -> None:
    result = asked(make_server(index), lambda client: client.call_tool(tool, arguments))

    assert result.is_error
    assert message in str(result.content[0])


def test_the_command_serves_standard_input_and_output(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "index", create=True) as made:
        made.add(ARTICLES)
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "arsearch", "mcp", "-i", str(tmp_path / "index")],
        env=dict(os.environ),
    )

    result = asked(stdio_client(command), lambda client: client.call_tool("search", {"query": "القمح"}))

    assert result.structured_content["hits"][0]["id"] == "2"


def test_the_command_serves_several_indexes_as_one(tmp_path: Path) -> None:
    for article in ARTICLES:
        with arsearch.open(tmp_path / article["id"], create=True) as made:
            made.add([article])
    indexes = [part for article in ARTICLES for part in ("-i", str(tmp_path / article["id"]))]
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "arsearch", "mcp", *indexes], env=dict(os.environ)
    )

    result = asked(stdio_client(command), lambda client: client.call_tool("search", {"query": "القمح"}))

    assert result.structured_content["hits"][0]["id"] == "2"
