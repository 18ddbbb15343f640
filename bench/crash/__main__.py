"""Run the campaign: `python -m bench.crash --faults 10000`.

Every fault is followed by `verifying.verify`. A fault that did not meet its operation is not counted. The same seed
draws the same faults, but for those at a random moment, which the machine's clock decides.
"""

from __future__ import annotations

import argparse
import errno
import os
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

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process with threads should not fork

import arsearch
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
from bench.crash.verifying import PromiseError, open_files, verify, verify_backup
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_ROUNDS = 25
"""Faults one index lives through; a power loss is met by a copy."""


class Place:
    """An index that is disturbed again and again, and the state it is in."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.path = folder / "index"
        self.random = random
        self.session = Session(random)
        self.state: State = {}
        arsearch.open(self.path, create=True).close()
        self._time = 0.02

    def disturb(self, kind: str) -> bool:
        """One fault; whether it met the operation."""
        operation = self.session.draw(self.state)
        states = (self.state, *operation.states)
        files = open_files()
        start = time.monotonic()
        outcome = self._disturb(kind, operation, states)
        if not outcome.hit:
            self._time += 0.2 * (time.monotonic() - start - self._time)
        self.state, _ = verify(self.path, operation.states[-1:] if outcome.returned else states)
        verify_backup(self.path)
        if open_files() != files:
            raise PromiseError(f"{files} files were open before, {open_files()} are after")
        return outcome.hit

    def _disturb(self, kind: str, operation: Operation, states: tuple[State, ...]) -> Outcome:
        path, random, longest = self.path, self.random, 1.2 * self._time
        if kind == "kill":
            return killed_at_step(operation, path, random)
        if kind == "kill, any time":
            return killed_sometime(operation, path, random, longest)
        if kind == "Ctrl-C":
            return interrupted_at_step(operation, path, random)
        if kind == "Ctrl-C, any time":
            return interrupted_sometime(operation, path, random, longest, states)
        return failing(operation, path, random, _ERRORS[kind])


_ERRORS = {"disk full": errno.ENOSPC, "disk failing": errno.EIO, "permission denied": errno.EACCES}
_DISTURBED = ("kill", "kill, any time", "Ctrl-C", "Ctrl-C, any time", *_ERRORS)
_POWER = ("power loss", "power loss, not durable")
KINDS = (*_DISTURBED, *_POWER)


def disturbances(kind: str, seed: int) -> Iterator[str]:
    """Faults of a kind for ever: what came of each, "met" or "missed"; `PromiseError` once a promise is broken."""
    for number in range(sys.maxsize):
        with tempfile.TemporaryDirectory() as folder:
            place = Place(Path(folder), Random(f"{seed} {kind} {number}"))
            for _ in range(_ROUNDS):
                yield "met" if place.disturb(kind) else "missed"


class Mark(NamedTuple):
    """After so many steps of the record so many states had been passed through; the last of `safe` must survive."""

    steps: int
    states: int
    safe: int


def losses(kind: str, seed: int) -> Iterator[str]:
    """Power losses for ever: "met", or "recovered" where commits that were not durable were damaged."""
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
                    operation.run(path)
                    states += operation.states
                    safe = len(states) if operation.durable else marks[-1].safe
                    marks.append(Mark(len(recorder.steps), len(states), safe))
            for _ in range(_ROUNDS):
                at = random.randint(0, len(recorder.steps))
                disk = Disk()
                for step in recorder.steps[:at]:
                    disk.apply(*step)
                found = Path(folder) / "found"
                found.mkdir()
                disk.after_loss(random, found)
                safe = max(mark for mark in marks if mark.steps <= at).safe
                if not safe:  # the first commit may be missing
                    arsearch.open(found, create=True).close()
                passed = min(mark for mark in marks if mark.steps >= at).states
                _, recovered = verify(found, states[max(safe - 1, 0) : passed], recover=loose)
                shutil.rmtree(found)
                yield "recovered" if recovered else "met"


def main(arguments: list[str] | None = None) -> None:
    """Run the campaign and print the report; exit code 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.crash", description=__doc__.partition("\n")[0])
    parser.add_argument("--faults", type=int, default=300, help="how many faults (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (default %(default)s)")
    parser.add_argument("--kind", action="append", choices=KINDS, help="only faults of this kind; may be repeated")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    if options.faults < 1:
        parser.error("--faults is at least 1")
    kinds = options.kind or KINDS
    analyzer = arsearch.ArabicAnalyzer()
    analyzer.analyze("كتاب")
    # Making an analyzer anew whenever the index is opened would take most of the time.
    with mock.patch.object(arsearch.ArabicAnalyzer, "from_config", return_value=analyzer):
        rows = [
            _campaign(kind, options.faults // len(kinds) + (place < options.faults % len(kinds)), options.seed)
            for place, kind in enumerate(kinds)
        ]
    broken = sum(row["broken"] for row in rows)
    report = {
        "machine": describe_machine(),
        "seed": options.seed,
        "faults": sum(row["faults"] for row in rows),
        "broken": broken,
        "kinds": rows,
    }
    columns = ("fault", "faults", "recovered", "missed", "seconds", "broken")
    print_report(
        report, [(f"{report['faults']:,} faults, {broken} promises broken", table(rows, columns))], as_json=options.json
    )
    if broken:
        sys.exit(1)


def _campaign(kind: str, faults: int, seed: int) -> dict[str, Any]:
    start = time.monotonic()
    counts: Counter[str] = Counter()
    make: Callable[[str, int], Iterator[str]] = losses if kind in _POWER else disturbances
    source = make(kind, seed)
    while counts["met"] + counts["recovered"] + counts["broken"] < faults:
        try:
            counts[next(source)] += 1
        except Exception:
            traceback.print_exc()
            seed += 1_000_003  # the next ones are drawn otherwise
            counts["broken"] += 1
            source = make(kind, seed)
    return {
        "fault": kind,
        "faults": counts["met"] + counts["recovered"] + counts["broken"],
        "recovered": counts["recovered"],
        "missed": counts["missed"],
        "seconds": time.monotonic() - start,
        "broken": counts["broken"],
    }


if __name__ == "__main__":
    run(main)
