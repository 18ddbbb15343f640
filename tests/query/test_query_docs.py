"""docs/queries.md describes the parser: these tests run each row of its tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import arsearch
from arsearch.query import parse

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
Fields = dict[str, str]


@pytest.fixture(scope="module")
def fields() -> Fields:
    """The fields of a real index, with the two that the page declares."""
    with arsearch.open(":memory:", create=True, fields={"volume": "int", "price": "float"}) as index:
        return index.fields


def rows(header: str) -> list[list[str]]:
    """Return the first and the last cell of each row of the tables whose header line starts with `header`."""
    found, inside = [], False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| "):
            if line.startswith(header):
                inside = True
            elif inside:
                cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                found.append([cells[0].strip("`").replace("\\|", "|"), cells[-1].strip("`").replace("\\|", "|")])
        elif not line.startswith("|"):
            inside = False
    return found


@pytest.mark.parametrize(("query", "read_as"), rows("| you type | meaning | read as |"))
def test_the_parser_reads_queries_as_the_page_says(query: str, read_as: str, fields: Fields) -> None:
    root = parse(query, fields=fields).root

    assert read_as == str(root)
    assert root == parse(read_as, fields=fields).root


@pytest.mark.parametrize(("query", "note"), rows("| you type | note |"))
def test_the_parser_returns_the_notes_of_the_page(query: str, note: str, fields: Fields) -> None:
    assert note in parse(query, fields=fields).notes


@pytest.mark.parametrize(("field", "names"), rows("| field | names |"))
def test_fields_have_the_names_of_the_page(field: str, names: str, fields: Fields) -> None:
    for name in names.split("، ") if "،" in names else [names]:
        for one in name.split("،"):
            kind = fields[field]
            value = "2015-07-21" if kind == "date" else "كذا"
            assert f"{field}:{value}" == str(parse(f"{one.strip()}:{value}", fields=fields).root)


def test_the_page_has_its_tables() -> None:
    assert len(rows("| you type | meaning | read as |")) > 40
    assert len(rows("| you type | note |")) > 10
    assert len(rows("| field | names |")) == 7
