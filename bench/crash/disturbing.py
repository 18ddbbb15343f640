"""Disturbing one operation: each function runs it, and says what came of it.

What is done to the disk goes through `FileStorage._before`, which is replaced by whoever wants to disturb it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest import mock

from arsearch.errors import ArsearchError
from arsearch.index import workers
from arsearch.index.storage import FileStorage
from bench.crash.sessions import Operation, Session, State
from bench.crash.verifying import PromiseError, verify

__all__ = [
    "Outcome",
    "failing",
    "interrupted_at_step",
    "interrupted_sometime",
    "killed_at_step",
    "killed_sometime",
    "watched",
    "worker_killed",
]

Hook = Callable[[FileStorage, str, str], None]


class Outcome(NamedTuple):
    """Whether the fault met the operation, and whether that had returned before."""

    hit: bool
    returned: bool


@contextlib.contextmanager
def watched(hook: Hook) -> Iterator[None]:
    """Call `hook` with the storage, the step and the file's name before each thing done to the disk."""
    with mock.patch.object(FileStorage, "_before", lambda storage, step, name: hook(storage, step, name)):
        yield


def _at_step(random: Random, act: Callable[[], None], *, again: bool = False) -> tuple[Hook, list[str]]:
    """A hook that acts before one step, with `again` before all that write from there on; and where it did so."""
    left = random.randint(1, random.choice((4, 12, 40)))
    counts_writes = random.random() < 0.3
    done: list[str] = []

    def hook(_: FileStorage, step: str, name: str) -> None:
        nonlocal left
        if step == "write" and not counts_writes and not done:
            return
        left -= 1
        if left == 0 or (left < 0 and again and step != "remove"):
            done.append(f"{step} {name}")
            act()

    return hook, done


def failing(operation: Operation, path: Path, random: Random, number: int) -> Outcome:
    """A call to the system fails with the error `number`, once or from then on."""

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    hook, done = _at_step(random, fail, again=random.random() < 0.5)
    with watched(hook):
        try:
            operation.run(path)
        except ArsearchError:
            if not done:
                raise
            return Outcome(hit=True, returned=False)
    return Outcome(bool(done), returned=True)


def interrupted_at_step(operation: Operation, path: Path, random: Random) -> Outcome:
    """Ctrl-C before a step."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    hook, done = _at_step(random, interrupt)
    with watched(hook):
        try:
            operation.run(path)
        except KeyboardInterrupt:
            return Outcome(hit=True, returned=False)
    return Outcome(bool(done), returned=True)


def worker_killed(session: Session, state: State, path: Path, random: Random) -> tuple[Operation, Outcome]:
    """One of two worker processes gets SIGKILL while articles are added; what was added, and what came of it."""
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(start(*args, **options))
        return started[-1]

    operation = session.add_with_workers(state, lambda: random.choice(started).kill())
    with mock.patch.object(subprocess, "Popen", noted), mock.patch.object(workers, "_BATCH_ITEMS", 3):
        try:
            operation.run(path)
        except ArsearchError:
            return operation, Outcome(hit=True, returned=False)
    return operation, Outcome(hit=False, returned=True)


def killed_at_step(operation: Operation, path: Path, random: Random) -> Outcome:
    """SIGKILL before a step."""
    hook, _ = _at_step(random, lambda: os.kill(os.getpid(), signal.SIGKILL))

    def run() -> None:
        with watched(hook):
            operation.run(path)

    with _child(run) as child:
        pass
    return Outcome(child.status == -signal.SIGKILL, child.returned)


def killed_sometime(operation: Operation, path: Path, random: Random, longest: float) -> Outcome:
    """SIGKILL after some time, `longest` at most."""
    with _child(lambda: operation.run(path)) as child:
        time.sleep(random.uniform(0, longest))
        child.send(signal.SIGKILL)
    return Outcome(child.status == -signal.SIGKILL, child.returned)


def interrupted_sometime(
    operation: Operation, path: Path, random: Random, longest: float, states: Sequence[State]
) -> Outcome:
    """SIGINT after some time; the process that it met must be able to go on itself."""
    met: list[bool] = []

    def run() -> None:
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            operation.run(path)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            met.append(True)
        if met:
            verify(path, states)
            os._exit(1)

    with _child(run) as child:
        time.sleep(random.uniform(0, longest))
        child.send(signal.SIGINT)
    return Outcome(child.status == 1, child.returned)


class _Child:
    """A forked process that does a thing. `status`: what it ended with, below zero a signal; 0, `returned` if well."""

    def __init__(self, run: Callable[[], None]) -> None:
        ready, self._write = os.pipe()
        self.returned = False
        self.status = 0
        self._process = os.fork()
        if not self._process:
            self._run(run)
        os.close(self._write)
        self._ready = ready
        os.read(ready, 1)

    def _run(self, run: Callable[[], None]) -> None:
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.write(self._write, b"r")
            run()
            os.write(self._write, b"d")
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(3)

    def send(self, number: int) -> None:
        os.kill(self._process, number)

    def wait(self) -> None:
        _, status = os.waitpid(self._process, 0)
        self.status = os.waitstatus_to_exitcode(status)
        self.returned = os.read(self._ready, 1) == b"d"
        os.close(self._ready)
        if self.status == 3:
            raise PromiseError("the operation failed in its process; see above")


@contextlib.contextmanager
def _child(run: Callable[[], None]) -> Iterator[_Child]:
    child = _Child(run)
    yield child
    child.wait()
