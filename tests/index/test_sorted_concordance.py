"""Lines that are sorted in a temporary file are those that are sorted in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any

import pytest

import arsearch
from arsearch.model import ConcordanceLine
from arsearch.search.occurrences import sorting

BOOK = {
    "id": "book",
    "title": "كتاب الأسفار",
    "author": "رحالة",
    "parts": [
        {"heading": "باب البحر", "volume": 1, "page": 2, "body": "ركب البحر ثم نزل. وقال البحر واسع"},
        {"heading": "باب البر", "volume": 2, "page": 9, "body": "قال البحر  بعيد عن البر\nوالبحرُ مالح"},
    ],
}
NEWS = [
    {"id": str(number), "title": f"خبر {number}", "body": f"في البحر {word}"} for number, word in enumerate("ثتباي")
]


@pytest.fixture(scope="module")
def index() -> Iterator[arsearch.Index]:
    with arsearch.open(":memory:", create=True) as opened:
        opened.add([BOOK, *NEWS])
        yield opened


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[IO[bytes]]:
    """The temporary files that were made; few bytes of lines stay in memory."""
    made: list[IO[bytes]] = []
    make = tempfile.TemporaryFile

    def remember(*arguments: Any) -> IO[bytes]:
        made.append(make(*arguments))
        return made[-1]

    monkeypatch.setattr(sorting, "_IN_MEMORY", 300)
    monkeypatch.setattr(tempfile, "TemporaryFile", remember)
    return made


def lines(index: arsearch.Index, sort: str) -> list[ConcordanceLine]:
    return list(index.concordance("البحر", sort=sort))


@pytest.mark.parametrize("sort", sorting.SORTS)
def test_a_temporary_file_gives_the_same_lines(
    index: arsearch.Index, sort: str, request: pytest.FixtureRequest
) -> None:
    in_memory = lines(index, sort)
    assert len(in_memory) == 10
    files = request.getfixturevalue("files")
    assert lines(index, sort) == in_memory
    assert [file.closed for file in files] == [True]


def test_the_file_is_closed_with_the_last_reader(index: arsearch.Index, files: list[IO[bytes]]) -> None:
    found = index.concordance("البحر", sort="left")
    next(found)
    assert [file.closed for file in files] == [False]
    del found
    assert [file.closed for file in files] == [True]
