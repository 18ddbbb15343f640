"""Faults while articles are added with worker processes: a worker dies, or the process that started the workers.

Each function returns the operation and its outcome. Afterwards no worker is left.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from arsearch.errors import ArsearchError
from arsearch.index.store.directory import FSDirectory
from arsearch.index.writing.parallel import pool, worker
from bench.crash.children import child
from bench.crash.disturbing import Outcome, at_step
from bench.crash.faults import FaultInjectionFileSystem, Step, inject
from bench.crash.sessions import Operation, Session, State
from bench.crash.verifying import PromiseError

__all__ = ["die_at", "worker_killed", "writer_interrupted", "writer_killed"]

_PATIENCE = 300.0
"""Seconds within which workers must end by themselves, even on a busy machine."""

Started = list[subprocess.Popen[bytes]]


def worker_killed(
    session: Session, state: State, path: Path, random: Random, longest: float
) -> tuple[Operation, Outcome]:
    """Kill a worker with SIGKILL: between two articles, before a step of its own, or at a random time."""
    started: Started = []

    def kill() -> None:
        if started:
            random.choice(started).kill()

    kind = random.choice(("article", "step", "time"))
    operation = session.add_with_workers(state, kill if kind == "article" else lambda: None)
    timer = threading.Timer(random.uniform(0, longest), kill)
    dying = (random.randrange(2), random.randint(1, 8)) if kind == "step" else None
    with _crew(started, dying=dying):
        if kind == "time":
            timer.start()
        try:
            operation.run(path)
        except ArsearchError:
            outcome = Outcome(hit=True, returned=False)
        else:
            outcome = Outcome(hit=False, returned=True)
        finally:
            timer.cancel()
            if timer.ident is not None:
                timer.join()
    if left := [process.pid for process in started if process.returncode is None]:
        raise PromiseError(f"worker processes are left that nobody waited for: {left}")
    return operation, outcome


def writer_killed(
    session: Session, state: State, path: Path, random: Random, longest: float
) -> tuple[Operation, Outcome]:
    """Kill the process that has the workers with SIGKILL, before a step of its own or at a random time."""
    operation = session.add_with_workers(state)
    sometime = random.random() < 0.6
    hook, _ = at_step(random, lambda: os.kill(os.getpid(), signal.SIGKILL))
    ended, alive = os.pipe()

    def run() -> None:
        with _crew([], alive), contextlib.nullcontext() if sometime else inject(hook):
            operation.run(path)

    with child(run) as started:
        if sometime:
            time.sleep(random.uniform(0, longest))
            started.send(signal.SIGKILL)
    _wait(ended, alive)
    return operation, Outcome(started.status == -signal.SIGKILL, started.returned)


def writer_interrupted(
    session: Session, state: State, path: Path, random: Random, longest: float
) -> tuple[Operation, Outcome]:
    """Send Ctrl-C at a random time, as a terminal does: to the process group of the process that has the workers."""
    operation = session.add_with_workers(state)
    ended, alive = os.pipe()

    def run() -> None:
        try:
            with _crew([], alive):
                signal.signal(signal.SIGINT, signal.default_int_handler)
                operation.run(path)
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        except KeyboardInterrupt:
            os._exit(1)

    with child(run, group=True) as started:
        time.sleep(random.uniform(0, longest))
        os.killpg(started.process, signal.SIGINT)
    _wait(ended, alive)
    return operation, Outcome(started.status == 1, started.returned)


@contextlib.contextmanager
def _crew(started: Started, alive: int | None = None, *, dying: tuple[int, int] | None = None) -> Iterator[None]:
    """Record the workers that are started meanwhile; they inherit `alive`. `dying` is the worker and step of a SIGKILL."""
    popen = subprocess.Popen

    def record(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        if dying is not None and len(started) == dying[0]:
            *command, code = command
            code = f"{code.removesuffix('main()')}from bench.crash.crews import die_at; die_at({dying[1]}); main()"
            command = [*command, code]
        started.append(popen(command, pass_fds=() if alive is None else (alive,), **options))
        return started[-1]

    with mock.patch.object(subprocess, "Popen", record), mock.patch.object(pool, "_BATCH_ITEMS", 3):
        yield


def die_at(number: int) -> None:
    """End this process, a worker, with SIGKILL before the `number`th step that changes the disk."""
    left = iter(range(number - 1))

    def hook(step: Step, path: Path) -> None:  # noqa: ARG001
        if step not in ("list", "read") and next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    filesystem = FaultInjectionFileSystem(hook)
    mock.patch.object(worker, "FSDirectory", partial(FSDirectory, filesystem=filesystem)).start()


def _wait(ended: int, alive: int) -> None:
    """Wait until no process holds `alive` any more. Raises PromiseError if that takes too long."""
    os.close(alive)
    with contextlib.closing(os.fdopen(ended, "rb")):
        if not select.select([ended], [], [], _PATIENCE)[0]:
            raise PromiseError(
                f"workers still run {_PATIENCE:.0f} seconds after the end of the process that started them"
            )
