"""A contestant's process: started, watched, spoken to. `worker` says what they say to each other."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from arsearch.errors import InputError

__all__ = ["Contestant", "Server", "index_once", "serving"]

_SAMPLING = 0.02  # seconds between looks at the memory of the process tree


@dataclass(frozen=True, slots=True)
class Contestant:
    """An engine with a number of threads, and the command that starts its program."""

    engine: str
    threads: int
    command: tuple[str, ...]
    modes: tuple[str, ...]
    limit: int = 0
    """Articles it gets, the first so many; all if 0."""
    slow: bool = False
    """Measured once, lest the others wait for it."""

    @property
    def name(self) -> str:
        """As the tables call it."""
        return f"{self.engine}, {self.threads} thread{'s'[: self.threads - 1]}"


def index_once(
    contestant: Contestant, articles: Path, folder: Path, *, warm_up: int, memory: int, watch: bool = False
) -> dict[str, Any]:
    """Build an index in an empty folder, in a fresh process; what `worker` tells, and the size and "peak" in bytes.

    "peak" is the most that the process and its children held, seen in samples if `watch`, but never less than what
    the process itself says it held.
    """
    numbers = (contestant.limit, warm_up, contestant.threads, memory)
    command = [*contestant.command, "index", str(articles), str(folder), *map(str, numbers)]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
            peak = _watch(process) if watch else 0
            output = process.stdout.read() if process.stdout else ""
        answer = _answer(contestant, output, errors)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {**answer, "peak": max(peak, answer["own peak"]), "size": size}


def _watch(process: subprocess.Popen[str]) -> int:
    """The largest sum of memory seen of a process and its descendants, in bytes; 0 without psutil."""
    try:
        import psutil
    except ImportError:
        return 0
    peak = 0
    root = psutil.Process(process.pid)
    while process.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess):
            peak = max(peak, sum(one.memory_info().rss for one in (root, *root.children(recursive=True))))
        time.sleep(_SAMPLING)
    return peak


def _answer(contestant: Contestant, output: str, errors: IO[str]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        errors.seek(0)
        raise InputError(f"{contestant.name} failed: {errors.read().strip()[-2000:]}") from None
    return answer


class Server:
    """A process that has an index open and searches it when asked to."""

    def __init__(self, contestant: Contestant, process: subprocess.Popen[str], errors: IO[str]) -> None:
        self.contestant = contestant
        self._process = process
        self._errors = errors
        self._read()  # that it is ready

    def ask(self, mode: str, snippets: bool, seconds: float = 0) -> dict[str, Any]:
        """Go through the queries for so many seconds, unmeasured; once and measured if 0. `InputError` if it dies."""
        request = f"{mode} {'snippets' if snippets else 'titles'} {seconds}\n"
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
    """A server of the index in `folder` for the queries in a file, one a line; ends with the block."""
    command = [*contestant.command, "search", str(folder), str(queries)]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, text=True) as process,
    ):
        try:
            yield Server(contestant, process, errors)
        finally:
            process.kill()  # it has nothing to save
