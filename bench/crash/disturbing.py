"""Faults of one operation: each function runs the operation, disturbs it, and returns the outcome."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from arsearch.errors import ArsearchError
from bench.crash.children import child
from bench.crash.faults import Hook, Step, inject
from bench.crash.sessions import Operation, State
from bench.crash.verifying import verify

__all__ = [
    "Outcome",
    "at_step",
    "failing",
    "interrupted_at_step",
    "interrupted_sometime",
    "killed_at_step",
    "killed_sometime",
]


class Outcome(NamedTuple):
    """Whether the fault met the operation, and whether the operation returned."""

    hit: bool
    returned: bool


def at_step(
    random: Random, act: Callable[[], None], *, again: bool = False, reads: bool = False
) -> tuple[Hook, list[str]]:
    """Return a hook that calls `act` before one random step, and the list of the steps where it did.

    With `again` it acts before every later step that writes, too. With `reads` it counts steps that only read.
    """
    left = random.randint(1, random.choice((4, 12, 40)))
    counts_writes = random.random() < 0.3
    done: list[str] = []

    def hook(step: Step, path: Path) -> None:
        nonlocal left
        if step in ("list", "read") and not reads:
            return
        if step == "write" and not counts_writes and not done:
            return
        left -= 1
        if left == 0 or (left < 0 and again and step != "remove"):
            done.append(f"{step} {path.name}")
            act()

    return hook, done


def failing(operation: Operation, path: Path, random: Random, number: int, *, reads: bool) -> Outcome:
    """Let a step fail with the error `number`, once or from then on; with `reads` it may be a step that reads."""

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    hook, done = at_step(random, fail, again=random.random() < 0.5, reads=reads)
    with inject(hook):
        try:
            operation.run(path)
        except ArsearchError:
            if not done:
                raise
            return Outcome(hit=True, returned=False)
    return Outcome(bool(done), returned=True)


def interrupted_at_step(operation: Operation, path: Path, random: Random) -> Outcome:
    """Raise KeyboardInterrupt before a random step."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    hook, done = at_step(random, interrupt)
    with inject(hook):
        try:
            operation.run(path)
        except KeyboardInterrupt:
            return Outcome(hit=True, returned=False)
    return Outcome(bool(done), returned=True)


def killed_at_step(operation: Operation, path: Path, random: Random) -> Outcome:
    """Kill the process of the operation with SIGKILL before a random step."""
    hook, _ = at_step(random, lambda: os.kill(os.getpid(), signal.SIGKILL))

    def run() -> None:
        with inject(hook):
            operation.run(path)

    with child(run) as started:
        pass
    return Outcome(started.status == -signal.SIGKILL, started.returned)


def killed_sometime(operation: Operation, path: Path, random: Random, longest: float) -> Outcome:
    """Kill the process of the operation with SIGKILL after a random time of at most `longest` seconds."""
    with child(lambda: operation.run(path)) as started:
        time.sleep(random.uniform(0, longest))
        started.send(signal.SIGKILL)
    return Outcome(started.status == -signal.SIGKILL, started.returned)


def interrupted_sometime(
    operation: Operation, path: Path, random: Random, longest: float, states: Sequence[State]
) -> Outcome:
    """Send SIGINT after a random time; the interrupted process itself must still find the index in one of `states`."""
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

    with child(run) as started:
        time.sleep(random.uniform(0, longest))
        started.send(signal.SIGINT)
    return Outcome(started.status == 1, started.returned)
