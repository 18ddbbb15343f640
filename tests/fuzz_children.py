"""Processes that try mutations. A mutation may end its process; the parent reports it and starts another process."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import NamedTuple

from fuzz_reading import attempt
from fuzz_specimen import specimen

__all__ = ["Result", "run", "try_each"]

SECONDS = 20
"""The processor time that one mutation may take, in seconds."""

SILENT = 300
"""The time after which a silent process is killed, in seconds: it hangs where no signal reaches it."""

MEMORY = 1 << 30
_CHUNK = 5000


class Result(NamedTuple):
    """The result of one mutation.

    `outcome` is "answered", "defect" or the name of an error; `defect` describes the defect, and `seconds` is the
    processor time taken.
    """

    number: int
    outcome: str
    defect: str
    seconds: float


def run(
    seed: int, mutations: int, processes: int, until: float | None = None, *, child: Callable[..., None] | None = None
) -> Iterator[Result]:
    """Yield the results of mutations as they arrive, those of mutations that ended their process included.

    The run stops when `time.monotonic` reaches `until`. A process runs `child`, by default `try_all`.
    """
    chunks = iter([(low, min(low + _CHUNK, mutations)) for low in range(0, mutations, _CHUNK)])
    if processes > 1 and mutations < processes * _CHUNK:
        step = -(-mutations // processes)
        chunks = iter([(low, min(low + step, mutations)) for low in range(0, mutations, step)])
    children: list[_Child] = []
    try:
        while True:
            while len(children) < processes and (chunk := next(chunks, None)):
                children.append(_Child(child or try_all, seed, *chunk))
            if not children or (until is not None and time.monotonic() > until):
                return
            ready = wait([one.results for one in children], timeout=1)
            for one in list(children):
                yield from one.received() if one.results in ready else one.silence()
                if one.done:
                    children.remove(one)
    finally:
        for one in children:
            one.process.kill()
            one.end()


@dataclass
class _Child:
    target: Callable[..., None]
    seed: int
    next: int
    high: int
    done: bool = False

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.results, results = context.Pipe(duplex=False)
        self.process: SpawnProcess = context.Process(
            target=self.target, args=(self.seed, self.next, self.high, results)
        )
        self.process.start()
        results.close()
        self.last = time.monotonic()

    def received(self) -> Iterator[Result]:
        """Yield the results received, and a defect if the process ended early."""
        try:
            while self.results.poll():
                result: Result = self.results.recv()
                self.next, self.last = result.number + 1, time.monotonic()
                yield result
        except (EOFError, OSError):
            self.end()
            if self.next < self.high:
                yield self._lost(f"ended the process ({_how(self.process.exitcode)})")
            self.done = self.next >= self.high
            if not self.done:
                self._start()

    def silence(self) -> Iterator[Result]:
        """Yield a defect if the process has been silent for too long."""
        if time.monotonic() - self.last > SILENT:
            self.process.kill()
            self.end()
            yield self._lost(f"the process was silent for {SILENT} s")
            self.done = self.next >= self.high
            if not self.done:
                self._start()

    def _lost(self, why: str) -> Result:
        self.next += 1
        return Result(self.next - 1, "defect", why, time.monotonic() - self.last)

    def end(self) -> None:
        """End the process, and wait until it has ended."""
        self.results.close()
        self.process.join(5)
        self.process.kill()
        self.process.join()


def _how(status: int | None) -> str:
    return f"signal {-status}" if status is not None and status < 0 else f"exit status {status}"


class TooLongError(Exception):
    """A mutation took more than `SECONDS`."""


def _alarm(*_: object) -> None:
    raise TooLongError(f"more than {SECONDS} s")


def try_all(seed: int, low: int, high: int, results: Connection) -> None:
    """Try the mutations `[low, high)` of an index, in a process of their own."""
    good = specimen()
    try_each(lambda name: attempt(good, name), seed, low, high, results)


def try_each(attempt_one: Callable[[str], str], seed: int, low: int, high: int, results: Connection) -> None:
    """Try the mutations `[low, high)` of a seed within the limits of time and memory, and send their results.

    `attempt_one` gets `seed:number` and returns the outcome, or raises the defect.
    """
    signal.signal(signal.SIGPROF, _alarm)
    if sys.platform == "linux":
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))
    for number in range(low, high):
        defect = ""
        start = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            outcome = attempt_one(f"{seed}:{number}")
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            outcome, defect = "defect", f"{type(error).__name__}: {str(error)[:100]} ({place.filename}:{place.lineno})"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        results.send(Result(number, outcome, defect, time.process_time() - start))
