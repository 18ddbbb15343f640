"""Reading a stored article does not depend on how deep the stack of the caller is."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.concurrency import on_whole_stack
from arsearch.index.codec import stored_fields


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with articles nested as deep as adding allows and, as older versions wrote them, far deeper."""
    folder = tmp_path_factory.mktemp("deep") / "index"
    with arsearch.open(folder, create=True) as index:
        index.add([{"id": "plain", "body": "نص"}, {"id": "deep", "body": "نص", "x": nested(90)}])
    with arsearch.open(folder) as index, pytest.MonkeyPatch.context() as patch:
        usual = stored_fields.encode_article
        depth = sys.getrecursionlimit() - 60
        json = "[" * depth + "]" * depth
        patch.setattr(
            "arsearch.index.writing.segment_writer.encode_article",
            lambda article: usual(article).replace(b'"@deepest@"', json.encode()),
        )
        assert index.add([{"id": "deepest", "body": "نص", "x": "@deepest@"}]).added == 1
    return folder


def below(frames: int, function: Callable[[], Any]) -> Any:
    """Call a function from a stack that is `frames` deeper."""
    return function() if frames == 0 else below(frames - 1, function)


def exported(index: arsearch.Index) -> bytes:
    stream = io.BytesIO()
    arsearch.write_articles(index, stream, format="jsonl")
    return stream.getvalue()


READING: dict[str, Callable[[arsearch.Index], object]] = {
    "get": lambda index: [index.get(id) for id in ("plain", "deep", "deepest")],
    "iterate": lambda index: list(index),
    "hits": lambda index: [hit.article for hit in index.search("نص")],
    "check": lambda index: index.check(),
    "export": lambda index: exported(index),
}


@pytest.mark.parametrize("kind", READING)
def test_reading_from_any_stack_gives_the_same(kind: str, path: Path) -> None:
    read = READING[kind]
    with arsearch.open(path) as index:
        expected = text_of(partial(read, index))
        room = sys.getrecursionlimit() - depth_here()
        for frames in (10, room // 2, room - 150):
            assert text_of(partial(below, frames, partial(read, index))) == expected


def text_of(function: Callable[[], Any]) -> str:
    """Return a text of a value, made with a stack that is deep enough for it."""
    value = function()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10 * limit)
    try:
        return repr(value)
    finally:
        sys.setrecursionlimit(limit)


def depth_here() -> int:
    frame, depth = sys._getframe(), 0
    while frame := frame.f_back:  # type: ignore[assignment]
        depth += 1
    return depth


def test_an_error_in_the_new_thread_is_raised() -> None:
    def fail() -> Iterator[int]:
        raise KeyError("x")

    with pytest.raises(KeyError):
        on_whole_stack(fail)
    assert on_whole_stack(lambda: 3) == 3
