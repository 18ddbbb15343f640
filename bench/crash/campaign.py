"""Faults of every kind, drawn from a seed, and the campaign that counts them."""

from __future__ import annotations

import errno
import math
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest import mock

import arsearch
from bench.crash.crews import worker_killed, writer_interrupted, writer_killed
from bench.crash.disturbing import (
    Outcome,
    failing,
    interrupted_at_step,
    interrupted_sometime,
    killed_at_step,
    killed_sometime,
)
from bench.crash.power import Disk, Recorder
from bench.crash.sessions import Operation, Session, State
from bench.crash.verifying import PromiseError, count_open_files, verify, verify_backup

__all__ = ["CREWS", "KINDS", "campaign", "disturbances", "losses"]

_ROUNDS = 25
"""The number of faults that meet one index; power losses meet copies of it."""


class DisturbedIndex:
    """An index that meets fault after fault, and the state that it has between them."""

    def __init__(self, folder: Path, random: Random, kind: str) -> None:
        self.path = folder / "index"
        self.random = random
        self.session = Session(random)
        self.state: State = {}
        arsearch.open(self.path, create=True).close()
        self._kind = kind
        self._time = 1.0 if kind in CREWS else 0.02

    def disturb(self) -> bool:
        """Disturb one operation; return whether the fault met it. Raises PromiseError if a promise is broken."""
        files = count_open_files()
        start = time.monotonic()
        if crew := CREWS.get(self._kind):
            operation, outcome = crew(self.session, self.state, self.path, self.random, 1.2 * self._time)
        else:
            operation = self.session.draw(self.state)
            outcome = self._disturb(operation)
        states = (self.state, *operation.states)
        if not outcome.hit:
            self._time += 0.2 * (time.monotonic() - start - self._time)
        self.state, _ = verify(self.path, operation.states[-1:] if outcome.returned else states)
        verify_backup(self.path)
        if (files_after := count_open_files()) != files:
            raise PromiseError(f"{files} files were open before the fault, {files_after} are open after it")
        return outcome.hit

    def _disturb(self, operation: Operation) -> Outcome:
        kind, path, random, longest = self._kind, self.path, self.random, 1.2 * self._time
        if kind == "kill":
            return killed_at_step(operation, path, random)
        if kind == "kill, any time":
            return killed_sometime(operation, path, random, longest)
        if kind == "Ctrl-C":
            return interrupted_at_step(operation, path, random)
        if kind == "Ctrl-C, any time":
            return interrupted_sometime(operation, path, random, longest, (self.state, *operation.states))
        return failing(operation, path, random, _ERRORS[kind], reads=kind != "disk full")


_ERRORS = {"disk full": errno.ENOSPC, "disk failing": errno.EIO, "permission denied": errno.EACCES}
_DISTURBED = ("kill", "kill, any time", "Ctrl-C", "Ctrl-C, any time", *_ERRORS)
CREWS = {"worker killed": worker_killed, "kill, workers": writer_killed, "Ctrl-C, workers": writer_interrupted}
"""Faults while there are worker processes. Each takes a second or two, a hundred times as long as other faults."""
_POWER = ("power loss", "power loss, not durable")
KINDS = (*_DISTURBED, *CREWS, *_POWER)


def disturbances(kind: str, seed: int) -> Iterator[str]:
    """Yield "met" or "missed" for one fault after another, without end. Raises PromiseError if a promise is broken."""
    for number in range(sys.maxsize):
        with tempfile.TemporaryDirectory() as folder:
            index = DisturbedIndex(Path(folder), Random(f"{seed} {kind} {number}"), kind)
            for _ in range(_ROUNDS):
                yield "met" if index.disturb() else "missed"


class Mark(NamedTuple):
    """A point of a recording: `states` were reached after `steps`, and the first `safe` of them are durable."""

    steps: int
    states: int
    safe: int


def losses(kind: str, seed: int) -> Iterator[str]:
    """Yield "met" for one power loss after another, or "recovered" if a commit that was not durable was damaged."""
    loose = kind != "power loss"
    for number in range(sys.maxsize):
        random = Random(f"{seed} {kind} {number}")
        session = Session(random, loose=loose)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "index"
            path.mkdir()
            recorder = Recorder(path)
            states: list[State] = [{}]
            marks = [Mark(0, 1, 0)]
            with recorder.recording():
                arsearch.open(path, create=True).close()
                marks.append(Mark(len(recorder.steps), 1, 1))
                for _ in range(random.randint(2, 7)):
                    operation = session.draw(states[-1])
                    before = len(recorder.steps)
                    operation.run(path)
                    if len(recorder.steps) == before:  # without a change there is no commit, durable or not
                        continue
                    states += operation.states
                    safe = len(states) if operation.durable else marks[-1].safe
                    marks.append(Mark(len(recorder.steps), len(states), safe))
            for _ in range(_ROUNDS):
                at = random.randint(0, len(recorder.steps))
                disk = Disk()
                for step in recorder.steps[:at]:
                    disk.apply(*step)
                survivor = Path(folder) / "survivor"
                survivor.mkdir()
                disk.after_loss(random, survivor)
                safe = max(mark for mark in marks if mark.steps <= at).safe
                if not safe:  # the first commit may be missing
                    arsearch.open(survivor, create=True).close()
                reached = min(mark for mark in marks if mark.steps >= at).states
                _, recovered = verify(survivor, states[max(safe - 1, 0) : reached], recover=loose)
                shutil.rmtree(survivor)
                yield "recovered" if recovered else "met"


def campaign(kind: str, faults: int, seed: int, seconds: float = math.inf) -> dict[str, Any]:
    """Run `faults` faults of a kind, at most for `seconds`; return the row of the report.

    A broken promise is printed to standard error with its traceback.
    """
    analyzer = arsearch.ArabicAnalyzer()
    analyzer.analyze("كتاب")
    # A new analyzer for each opening of the index would take most of the time.
    with mock.patch.object(arsearch.ArabicAnalyzer, "from_config", return_value=analyzer):
        return _run(kind, faults, seed, seconds)


def _run(kind: str, faults: int, seed: int, seconds: float) -> dict[str, Any]:
    start = time.monotonic()
    counts: Counter[str] = Counter()
    make: Callable[[str, int], Iterator[str]] = losses if kind in _POWER else disturbances
    source = make(kind, seed)
    while counts["met"] + counts["recovered"] + counts["broken"] < faults and time.monotonic() - start < seconds:
        try:
            counts[next(source)] += 1
        except Exception:
            traceback.print_exc()
            seed += 1_000_003  # draw other faults from here on
            counts["broken"] += 1
            source = make(kind, seed)
    row = {
        "fault": kind,
        "faults": counts["met"] + counts["recovered"] + counts["broken"],
        "recovered": counts["recovered"],
        "missed": counts["missed"],
        "seconds": time.monotonic() - start,
        "broken": counts["broken"],
    }
    print(f"{kind}: {row['faults']:,} faults, {row['broken']} promises broken", file=sys.stderr)
    return row
