"""Do readers and writers get in each other's way? Many processes work on one index, and every answer is looked at.

    python -m bench.crowd --seconds 300

Each writer replaces all of its articles by those of its next version, in one commit, now and then merges everything,
and adds and deletes another article; every three seconds one of them is killed, and a new one takes its place. Readers,
of two threads each, keep the index open or open it again. In every commit seen, the articles of a writer are of one
version, as many as there should be, found by every search for them, and none older than what was acknowledged before
the reader looked, or than what it saw before. Meanwhile backups are made and opened. Anything else is an error, and so
is a lock that cannot be had.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, MutableSequence
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import arsearch
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_ARTICLES = 12
"""Of each writer."""

_THREADS = 2
_PAUSE = 0.01
"""Seconds a reader waits between two looks, so that the writers get on."""

_KILLED_EVERY = 3.0
"""Seconds between two writers killed."""

_PATIENCE = 120.0
"""Seconds that a writer waits for the others: on a busy disk their turns are long, which breaks no promise."""

Shared = MutableSequence[int]
"""The last version of each writer that was acknowledged."""


def write(path: Path, writer: int, version: int, acknowledged: Shared, seed: int) -> None:
    """Write version after version, until killed."""
    random = Random(seed)
    with arsearch.open(path) as index:
        while True:
            index.add(articles(writer, version, random.randint(1, 50)), timeout=_PATIENCE)
            acknowledged[writer] = version
            version += 1
            if random.random() < 0.1:
                index.optimize(timeout=_PATIENCE)
            if random.random() < 0.1:
                index.add([{"id": f"blink{writer}", "body": "وميض"}], timeout=_PATIENCE)
                index.delete(f"blink{writer}", timeout=_PATIENCE)


def articles(writer: int, version: int, words: int = 1) -> list[dict[str, Any]]:
    """All articles of a writer."""
    body = f"مشترك نسخة {version} {'كلمة ' * words}"
    return [{"id": f"{writer}-{at}", "body": body, "source": str(writer)} for at in range(_ARTICLES)]


def read(path: Path, acknowledged: Shared, seconds: float, seed: int, results: Connection) -> None:
    """Look again and again, in several threads; send the counts of what was done and of errors."""
    counts: Counter[str] = Counter()
    shared = arsearch.open(path)
    deadline = time.monotonic() + seconds

    def look(number: int) -> None:
        random = Random(seed * _THREADS + number)
        seen = [0] * len(acknowledged)
        while time.monotonic() < deadline:
            least = [max(pair) for pair in zip(seen, acknowledged, strict=True)]
            try:
                if random.random() < 0.2:
                    with arsearch.open(path) as index:
                        seen = versions(index, least)
                    counts["opened"] += 1
                else:
                    seen = versions(shared, least)
                counts["looks"] += 1
            except Exception:
                traceback.print_exc()
                counts["errors"] += 1
            time.sleep(_PAUSE)

    threads = [threading.Thread(target=look, args=(number,)) for number in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.send(counts)


def versions(index: arsearch.Index, least: list[int]) -> list[int]:
    """The version of each writer in the newest commit; ValueError if it is a mix, or older than `least`."""
    found = []
    with index.snapshot() as snapshot:
        if snapshot.search("مشترك", limit=1).total != _ARTICLES * len(least):
            raise ValueError(f"{snapshot.search('مشترك').total} articles in commit {snapshot.generation}")
        for writer, lowest in enumerate(least):
            own = {"source": str(writer)}
            hits = snapshot.search("مشترك", filters=own, limit=2 * _ARTICLES)
            here = {int(hit.article.body.split()[2]) for hit in hits}
            version = min(here, default=-1)
            if len(here) != 1 or len(hits) != _ARTICLES or version < lowest:
                raise ValueError(f"writer {writer}: {len(hits)} articles of {here}, at least {lowest}")
            if snapshot.search(f'"نسخة {version}"', filters=own).total != _ARTICLES:
                raise ValueError(f"writer {writer}: a search for version {version} misses some")
            found.append(version)
    return found


def back_up(path: Path, acknowledged: Shared, seconds: float, seed: int, results: Connection) -> None:
    """Make backups into one folder and open them; send counts as `read` does."""
    counts: Counter[str] = Counter()
    folder = path.with_name("backup")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        least = list(acknowledged)
        try:
            with arsearch.open(path) as index:
                index.backup(folder, replace=True)
            with arsearch.open(folder) as copy:
                versions(copy, least)
                if problems := copy.check():
                    raise ValueError(problems)
            counts["backups"] += 1
        except Exception:
            traceback.print_exc()
            counts["errors"] += 1
        time.sleep(0.3 + 0.1 * (seed % 2))
    results.send(counts)


class Crowd:
    """The processes at work on one index."""

    def __init__(self, path: Path, writers: int, seed: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._path = path
        self._random = Random(seed)
        self.acknowledged: Shared = self._context.RawArray("q", writers)
        self._writers: list[Any] = [None] * writers
        self.counts: Counter[str] = Counter()
        with arsearch.open(path, create=True) as index:
            for writer in range(writers):  # version 0 of each
                index.add(articles(writer, 0))
        for writer in range(writers):
            self._start(writer)

    def _start(self, writer: int) -> None:
        # The version that the one before was at may have been committed and not acknowledged.
        arguments = (self._path, writer, self.acknowledged[writer] + 2, self.acknowledged, self._random.random())
        self._writers[writer] = self._context.Process(target=write, args=arguments, daemon=True)
        self._writers[writer].start()

    def watch(self, target: Callable[..., None], seconds: float, number: int) -> tuple[Any, Connection]:
        """Start a process that looks for so long."""
        receiver, sender = self._context.Pipe(duplex=False)
        process = self._context.Process(target=target, args=(self._path, self.acknowledged, seconds, number, sender))
        process.start()
        sender.close()
        return process, receiver

    def disturb(self) -> None:
        """Replace a writer: one that ended by itself had an error, one that has not is killed."""
        for writer, process in enumerate(self._writers):
            if not process.is_alive():
                self.counts["errors"] += 1
                self._start(writer)
        writer = self._random.randrange(len(self._writers))
        if self.acknowledged[writer]:
            self._writers[writer].kill()
            self._writers[writer].join()
            self.counts["killed"] += 1
            self._start(writer)

    def end(self) -> None:
        """Kill the writers."""
        for process in self._writers:
            process.kill()
            process.join()


def main(arguments: list[str] | None = None) -> None:
    """Let them work, and print what they did; exit code 1 if there was an error."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowd", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20, help="how long (default %(default)s)")
    parser.add_argument("--writers", type=int, default=2, help="processes that write (default %(default)s)")
    parser.add_argument("--readers", type=int, default=8, help="processes that read (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (default %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    if options.writers < 1 or options.readers < 1:
        parser.error("--writers and --readers are at least 1")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        crowd = Crowd(path, options.writers, options.seed)
        watchers = [crowd.watch(read, options.seconds, number) for number in range(options.readers)]
        watchers.append(crowd.watch(back_up, options.seconds, options.readers))
        deadline = time.monotonic() + options.seconds
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(_KILLED_EVERY, left))
            crowd.disturb()
        for process, receiver in watchers:
            try:
                crowd.counts.update(receiver.recv())
            except EOFError:  # it died
                crowd.counts["errors"] += 1
            process.join()
        crowd.end()
        with arsearch.open(path) as index:
            index.add([{"id": "after", "body": "بعد"}], timeout=1)
            problems = index.check()
            commits = index.stats().generation
    for problem in problems:
        print(problem, file=sys.stderr)
    names = ("looks", "opened", "backups", "killed", "errors")
    row = {"seconds": options.seconds, "commits": commits} | {name: crowd.counts[name] for name in names}
    row["errors"] += len(problems)
    heading = f"{options.writers} writers, {options.readers} readers of {_THREADS} threads, backups"
    report = {"machine": describe_machine(), "writers": options.writers, "readers": options.readers} | row
    print_report(report, [(heading, table([row], list(row)))], as_json=options.json)
    if row["errors"]:
        sys.exit(1)


if __name__ == "__main__":
    run(main)
