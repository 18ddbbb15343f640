"""Do concurrent readers and writers disturb each other? Many processes use one index, and every answer is checked.

    python -m bench.crowd --seconds 300

Each writer replaces all its articles by those of its next version, in one commit. Sometimes it also optimizes the
index, or adds and deletes another article. Every three seconds one writer is killed and restarted. Each reader has two
threads, which keep the index open or reopen it. Another process makes backups and opens them.

Every commit that a reader or a backup sees must hold, for each writer, all its articles in one version. Every search
must find them. The version must be at least the one that was acknowledged before the reader looked, and at least the
one that this thread saw before. Everything else is an error, and so is a lock that times out.
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
"""The number of articles of each writer."""

_THREADS = 2
"""The number of threads of each reader."""

_PAUSE = 0.01
"""Seconds that a reader thread waits between two looks; without them the writers would get little processor time."""

_KILL_INTERVAL = 3.0
"""Seconds between two kills."""

_LOCK_TIMEOUT = 120.0
"""Seconds that a writer waits for the write lock. On a busy disk the other writers hold it for long, which is no error."""

Shared = MutableSequence[int]
"""The last acknowledged version of each writer."""


def write(path: Path, writer: int, version: int, acknowledged: Shared, seed: int) -> None:
    """Write one version after another, starting with `version`, until the process is killed."""
    random = Random(seed)
    with arsearch.open(path) as index:
        while True:
            index.add(articles(writer, version, random.randint(1, 50)), timeout=_LOCK_TIMEOUT)
            acknowledged[writer] = version
            version += 1
            if random.random() < 0.1:
                index.optimize(timeout=_LOCK_TIMEOUT)
            if random.random() < 0.1:
                index.add([{"id": f"blink{writer}", "body": "وميض"}], timeout=_LOCK_TIMEOUT)
                index.delete(f"blink{writer}", timeout=_LOCK_TIMEOUT)


def articles(writer: int, version: int, words: int = 1) -> list[dict[str, Any]]:
    """Return all articles of a writer in a version."""
    body = f"مشترك نسخة {version} {'كلمة ' * words}"
    return [{"id": f"{writer}-{at}", "body": body, "source": str(writer)} for at in range(_ARTICLES)]


def read(path: Path, acknowledged: Shared, seconds: float, seed: int, results: Connection) -> None:
    """Check the index in several threads for `seconds` seconds; then send the counts of looks, reopenings and errors."""
    counts: Counter[str] = Counter()
    shared = arsearch.open(path)
    deadline = time.monotonic() + seconds

    def look(number: int) -> None:
        random = Random(seed * _THREADS + number)
        seen = [0] * len(acknowledged)
        while time.monotonic() < deadline:
            minimum = [max(pair) for pair in zip(seen, acknowledged, strict=True)]
            try:
                if random.random() < 0.2:
                    with arsearch.open(path) as index:
                        seen = versions(index, minimum)
                    counts["opened"] += 1
                else:
                    seen = versions(shared, minimum)
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


def versions(index: arsearch.Index, minimum: list[int]) -> list[int]:
    """Return the version of each writer in the newest commit.

    Raise ValueError if a writer has several versions there, too few articles, or a version below its `minimum`.
    """
    result = []
    with index.snapshot() as snapshot:
        common = snapshot.search("مشترك", limit=1, timeout=None)  # a busy machine is no mistake
        if common.total != _ARTICLES * len(minimum):
            raise ValueError(f"{common.total} articles in commit {snapshot.generation}")
        for writer, lowest in enumerate(minimum):
            own = {"source": str(writer)}
            hits = snapshot.search("مشترك", filters=own, limit=2 * _ARTICLES, timeout=None)
            present = {int(hit.article.body.split()[2]) for hit in hits}
            version = min(present, default=-1)
            if len(present) != 1 or len(hits) != _ARTICLES or version < lowest:
                raise ValueError(
                    f"writer {writer}: {len(hits)} articles of versions {present}, expected {lowest} or later"
                )
            if snapshot.search(f'"نسخة {version}"', filters=own, timeout=None).total != _ARTICLES:
                raise ValueError(f"writer {writer}: a search for version {version} misses articles")
            result.append(version)
    return result


def back_up(path: Path, acknowledged: Shared, seconds: float, seed: int, results: Connection) -> None:
    """Make and check backups in one folder for `seconds` seconds; then send the counts of backups and errors."""
    counts: Counter[str] = Counter()
    folder = path.with_name("backup")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        minimum = list(acknowledged)
        try:
            with arsearch.open(path) as index:
                index.backup(folder, replace=True)
            with arsearch.open(folder) as copy:
                versions(copy, minimum)
                if problems := copy.check():
                    raise ValueError(problems)
            counts["backups"] += 1
        except Exception:
            traceback.print_exc()
            counts["errors"] += 1
        time.sleep(0.3 + 0.1 * (seed % 2))
    results.send(counts)


class Crowd:
    """The writers of one index, and the processes that watch it."""

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
        # The killed writer may have committed the next version without acknowledging it.
        arguments = (self._path, writer, self.acknowledged[writer] + 2, self.acknowledged, self._random.random())
        self._writers[writer] = self._context.Process(target=write, args=arguments, daemon=True)
        self._writers[writer].start()

    def watch(self, target: Callable[..., None], seconds: float, number: int) -> tuple[Any, Connection]:
        """Start a process that runs `target` for `seconds` seconds; return it and the connection for its counts."""
        receiver, sender = self._context.Pipe(duplex=False)
        process = self._context.Process(target=target, args=(self._path, self.acknowledged, seconds, number, sender))
        process.start()
        sender.close()
        return process, receiver

    def disturb(self) -> None:
        """Restart the writers that failed, then kill and restart one writer."""
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

    def stop(self) -> None:
        """Kill the writers."""
        for process in self._writers:
            process.kill()
            process.join()


def main(arguments: list[str] | None = None) -> None:
    """Run the processes and print their counts. The exit code is 1 if there was an error."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowd", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20, help="duration of the run (default %(default)s)")
    parser.add_argument("--writers", type=int, default=2, help="writing processes (default %(default)s)")
    parser.add_argument("--readers", type=int, default=8, help="reading processes (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random choices (default %(default)s)")
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
            time.sleep(min(_KILL_INTERVAL, left))
            crowd.disturb()
        for process, receiver in watchers:
            try:
                crowd.counts.update(receiver.recv())
            except EOFError:  # the process died
                crowd.counts["errors"] += 1
            process.join()
        crowd.stop()
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
