"""Functions that the tests of isolation run in a child process: good ones and bad ones."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from arsearch.errors import InputError


def lines(path: str, start: int = 0) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines()[start:]):
        print("a parser that prints", file=sys.stdout, flush=True)  # noqa: T201
        yield {"number": number, "line": line}


def surrogate(path: str) -> Iterator[dict[str, Any]]:
    yield {"text": "\ud800 \0 \n"}


def endless(path: str) -> Iterator[dict[str, Any]]:
    number = 0
    while True:
        yield {"number": (number := number + 1), "pid": os.getpid()}


def refuse(path: str) -> Iterator[dict[str, Any]]:
    yield {"number": 0}
    raise InputError("the file is encrypted")


def fail(path: str) -> Iterator[dict[str, Any]]:
    yield {"number": 0}
    raise ValueError("no such object: 17")


def segfault(path: str) -> Iterator[dict[str, Any]]:
    yield {"number": 0}
    os.kill(os.getpid(), signal.SIGSEGV)


def leave(path: str) -> Iterator[dict[str, Any]]:
    yield {"number": 0}
    print("no licence", file=sys.stderr)  # noqa: T201
    sys.stderr.flush()
    os._exit(3)


def hang(path: str) -> Iterator[dict[str, Any]]:
    yield {"number": 0}
    time.sleep(600)


def spin(path: str) -> Iterator[dict[str, Any]]:
    yield {"number": 0}
    while True:
        pass


def gorge(path: str) -> Iterator[dict[str, Any]]:
    yield {"number": 0}
    yield {"number": len(bytearray(1 << 30))}


def giant(path: str) -> Iterator[dict[str, Any]]:
    yield {"number": 0}
    yield {"text": "x" * (70 << 20)}
