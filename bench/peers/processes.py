"""The process of a contestant: starting it, watching its memory, sending it requests. `worker` documents the requests."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from arsearch.errors import InputError
from bench.machine import watch_memory
from bench.peers.engines import PYTHON_ENGINES

__all__ = ["Contestant", "Server", "index_once", "serving"]

_SAMPLING = 0.02  # seconds between two samples of the memory of the process tree


@dataclass(frozen=True, slots=True)
class Contestant:
    """An engine with a number of indexing threads, and the command that starts its program."""

    engine: str
    threads: int
    command: tuple[str, ...]
    modes: tuple[str, ...]
    limit: int = 0
    """The number of first articles that it indexes; 0 for all."""
    slow: bool = False
    """Whether to measure it only once, which saves time."""

    @property
    def name(self) -> str:
        """The name in messages, and of its index folder."""
        return f"{self.engine}, {self.threads} thread{'s'[: self.threads - 1]}"


def index_once(
    contestant: Contestant, articles: Path, folder: Path, *, warm_up: int, memory: int, watch: bool = False
) -> dict[str, Any]:
    """Build an index in an empty folder, in a fresh process; return the answer of `worker` with "size" and "peak" in bytes.

    "peak" is the peak memory that the process reports. With `watch` it is at least the peak of the sampled process
    tree.
    """
    numbers = (contestant.limit, warm_up, contestant.threads, memory)
    command = [*contestant.command, "index", str(articles), str(folder), *map(str, numbers)]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
            peak = watch_memory(process, _SAMPLING) if watch else 0
            output = process.stdout.read() if process.stdout else ""
        answer = _answer(contestant, output, errors)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {**answer, "peak": max(peak, answer["own peak"]), "size": size}


def _answer(contestant: Contestant, output: str, errors: IO[str]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        errors.seek(0)
        raise InputError(f"{contestant.name} failed: {errors.read().strip()[-2000:]}") from None
    return answer


class Server:
    """A process that has an index open and answers requests to search it."""

    def __init__(self, contestant: Contestant, process: subprocess.Popen[str], errors: IO[str]) -> None:
        self.contestant = contestant
        self._process = process
        self._errors = errors
        self._read()  # the process is ready

    def ask(
        self, mode: str, snippets: bool, seconds: float = 0, *, threads: int = 0, warm_up: int = 0
    ) -> dict[str, Any]:
        """Run all queries once and return their times and hits; with `seconds`, run them that long as a warm-up.

        With `threads`, a program in Python runs the first `warm_up` queries, and then the others with that many threads.
        Raise `InputError` if the process dies.
        """
        request = f"{mode} {'snippets' if snippets else 'titles'} {seconds}"
        if threads and self.contestant.engine in PYTHON_ENGINES:
            request += f" {threads} {warm_up}"
        request += "\n"
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(request)
            self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        return _answer(self.contestant, self._process.stdout.readline(), self._errors)


@contextlib.contextmanager
def serving(contestant: Contestant, folder: Path, queries: Path) -> Iterator[Server]:
    """Start a server of the index in `folder` for a file of queries, one a line. It ends with the block."""
    command = [*contestant.command, "search", str(folder), str(queries)]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, text=True) as process,
    ):
        try:
            yield Server(contestant, process, errors)
        finally:
            process.kill()  # it only reads
