"""What happens around an index harms nothing: clocks, renamed folders, read-only folders, processes, coroutines, Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import arsearch
from arsearch.errors import (
    AddError,
    IndexClosedError,
    IndexNotFoundError,
    IndexReadOnlyError,
    UnsupportedError,
)
from arsearch.index.merging.policy import LogMergePolicy
from arsearch.index.store.directory import FSDirectory


def articles(start: int, end: int) -> Iterator[dict[str, Any]]:
    return ({"id": str(n), "title": f"عنوان {n}", "body": f"نص المقال item{n} " * 5} for n in range(start, end))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index of 20 articles."""
    with arsearch.open(tmp_path / "index", create=True) as index:
        index.add(articles(0, 20))
    return tmp_path / "index"


# The clock


@pytest.mark.parametrize("days", [-3650, -1, 1, 3650])
def test_a_clock_that_jumps_hides_no_commit(path: Path, days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual_time, usual_ns = time.time, time.time_ns
    with arsearch.open(path) as index:
        assert len(index) == 20
        os.utime(
            path, (usual_time() - 60, usual_time() - 60)
        )  # the reader trusts a folder that is older than its clock's tick
        assert len(index) == 20
        seconds = days * 86_400
        monkeypatch.setattr(time, "time", lambda: usual_time() + seconds)
        monkeypatch.setattr(time, "time_ns", lambda: usual_ns() + seconds * 10**9)
        assert len(index) == 20
        with arsearch.open(path) as writer:
            writer.add(articles(20, 21))
        os.utime(path, (usual_time() + seconds, usual_time() + seconds))  # as the file system would write it

        assert len(index) == 21
        assert index.search("item20").total == 1
        index.add(articles(21, 22), timeout=1, commit_seconds=0.0)
        assert len(index) == 22
        assert index.check() == []


def test_a_lock_waits_by_a_clock_that_nobody_sets(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = time.time
    with FSDirectory(path).lock(0):
        monkeypatch.setattr(time, "time", lambda: usual() - 10**6)
        start = time.monotonic()
        with arsearch.open(path) as index, pytest.raises(arsearch.errors.IndexLockedError):
            index.add(articles(0, 1), timeout=0.05)
        assert time.monotonic() - start < 20


# Folders


def test_an_index_whose_folder_is_renamed_says_so_and_goes_on_when_it_is_back(path: Path, tmp_path: Path) -> None:
    with arsearch.open(path) as index, index.snapshot() as snapshot:
        path.rename(tmp_path / "elsewhere")

        assert snapshot.search("item7").total == 1  # a snapshot needs no folder
        with pytest.raises(IndexNotFoundError, match="is gone"):
            index.search("item7")
        with pytest.raises((IndexNotFoundError, IndexReadOnlyError)):
            index.add(articles(20, 21))
        assert not path.exists()
        with arsearch.open(tmp_path / "elsewhere") as moved:
            moved.add(articles(20, 21))

        (tmp_path / "elsewhere").rename(path)
        assert len(index) == 21
        assert len(snapshot) == 20
        index.add(articles(21, 22))
        assert index.check() == []


@pytest.mark.parametrize("commits", [1, 2])
def test_an_index_that_takes_the_place_of_another_is_searched(path: Path, tmp_path: Path, commits: int) -> None:
    # With one commit both have the same number of commits.
    with arsearch.open(tmp_path / "new", create=True) as new:
        for n in range(commits):
            new.add([{"id": f"new {n}", "body": "نص جديد"}])
    with arsearch.open(path) as index:
        assert index.search("نص").total == 20
        path.rename(tmp_path / "old")
        (tmp_path / "new").rename(path)

        assert [hit.id for hit in index.search("نص")] == [f"new {n}" for n in range(commits)]
        index.add([{"id": "more", "body": "نص"}])
        assert len(index) == commits + 1
    with arsearch.open(tmp_path / "old") as old:
        assert len(old) == 20


READ_ONLY = """
import os, sys, arsearch

def use(path):
    with arsearch.open(path) as index:
        hits = index.search("item7")
        yield len(index), hits.total, hits[0].snippet.spans != (), index.check()
        yield index.get("3").title, len(index.suggest("مق")), index.correct("المقل") is None, len(list(index))
        for change in (
            lambda: index.add([{"id": "x", "body": "نص"}]), lambda: index.delete("1"), index.optimize,
            lambda: index.update("2", category="س"), lambda: arsearch.reindex(path),
        ):
            try:
                change()
                yield ("changed",)
            except arsearch.ArsearchError as error:
                yield type(error).__name__, type(error.__cause__).__name__, "permissions" in str(error)

other, path = sys.argv[1:]
list(use(other))  # imports everything: another user may not be able to
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for row in use(path):
    print(*row)
"""


def test_a_read_only_index_is_searched_and_refuses_changes(path: Path, tmp_path: Path) -> None:
    package = Path(arsearch.__file__).parent
    if os.geteuid() == 0 and not all(parent.stat().st_mode & 0o005 == 0o005 for parent in package.parents):
        pytest.skip(f"another user cannot read {package}")
    arsearch.restore(path, tmp_path / "other")
    before = sorted((file.name, file.stat().st_mtime_ns) for file in path.iterdir())
    if os.geteuid() == 0:
        for parent in path.parents[:-1]:
            with contextlib.suppress(OSError):
                parent.chmod(parent.stat().st_mode | 0o055)
    for file in path.iterdir():
        file.chmod(0o444)
    path.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(tmp_path / "other"), str(path)], capture_output=True, text=True
        )
    finally:
        path.chmod(0o755)

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "20 1 True []"
    assert lines[1].startswith("عنوان 3 ")
    assert lines[1].endswith(" 20")
    assert lines[2:] == ["IndexReadOnlyError PermissionError True"] * 5
    assert sorted((file.name, file.stat().st_mtime_ns) for file in path.iterdir()) == before


# Many segments


def test_two_hundred_segments_are_searched_while_more_come(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LogMergePolicy, "choose", lambda self, segments: [])
    wrong: list[object] = []
    going = True

    def read() -> None:
        seen = 0
        with arsearch.open(path) as own:
            while going:
                results = own.search("نص", limit=3)
                if results.total < seen or len(results) != 3 or not results[0].article.body:
                    wrong.append((seen, results))
                seen = results.total
                time.sleep(0.02)

    with arsearch.open(path) as index:
        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        index.add(articles(20, 200), memory_limit=1, durable=False)  # a segment for each article
        for n in range(200, 220):
            index.add(articles(n, n + 1), durable=False)
        going = False
        for reader in readers:
            reader.join()

        assert wrong == []
        assert index.stats().segments == 201
        assert index.search("نص", limit=1000).total == len(index) == 220
        assert [hit.id for hit in index.search("item210")] == ["210"]
        index.delete([str(n) for n in range(0, 220, 2)])
        monkeypatch.undo()
        with index.snapshot() as before:
            index.optimize()
            assert index.stats().segments == 1
            assert before.search("نص", limit=1000).total == 110
        assert [article.id for article in index] == [str(n) for n in range(1, 220, 2)]
        assert index.check() == []


# Processes


def test_processes_that_are_spawned_search_and_add(path: Path, tmp_path: Path) -> None:
    script = tmp_path / "spawned.py"
    script.write_text(
        textwrap.dedent(
            """
            import multiprocessing, sys
            import arsearch

            def search(index):
                return sorted(hit.id for hit in index.search("item7 item8", mode="any"))

            def add(path, n):
                with arsearch.open(path) as index:
                    return index.add([{"id": f"new {n}", "body": "نص"}], timeout=60).added

            if __name__ == "__main__":
                context = multiprocessing.get_context("spawn")
                with arsearch.open(sys.argv[1]) as index, context.Pool(2) as pool:
                    print(pool.map(search, [index] * 4))
                    print(pool.starmap(add, [(sys.argv[1], n) for n in range(6)]))
                    print(len(index), index.check())
            """
        ),
        encoding="utf-8",
    )

    done = subprocess.run([sys.executable, str(script), str(path)], capture_output=True, text=True, timeout=240)

    assert done.stdout.splitlines() == [str([["7", "8"]] * 4), str([1] * 6), "26 []"], done.stderr


def test_an_index_in_memory_cannot_be_sent_to_a_process() -> None:
    import pickle

    with arsearch.open(":memory:", create=True) as index, pytest.raises(UnsupportedError):
        pickle.dumps(index)


# Coroutines


def test_coroutines_search_while_threads_add(path: Path) -> None:
    async def work(index: arsearch.Index) -> list[int]:
        async def search(n: int) -> int:
            return (await index.asearch(f"item{n % 20}")).total

        adding = asyncio.create_task(asyncio.to_thread(index.add, articles(20, 40)))
        totals = await asyncio.gather(*(search(n) for n in range(60)))
        await adding
        cancelled = [asyncio.create_task(search(n)) for n in range(30)]
        await asyncio.sleep(0)
        for task in cancelled[::2]:
            task.cancel()
        ended = await asyncio.gather(*cancelled, return_exceptions=True)
        assert all(isinstance(one, (int, asyncio.CancelledError)) for one in ended)
        assert len(await index.apassages("item7")) == 1
        assert (await index.asearch("item39")).total == 1
        return totals

    with arsearch.open(path) as index:
        assert asyncio.run(work(index)) == [1] * 60
        assert asyncio.run(work(index)) == [1] * 60  # in another event loop
    with pytest.raises(IndexClosedError):
        asyncio.run(index.asearch("نص"))


# Ctrl-C

LONG: dict[str, Callable[[arsearch.Index, Path], object]] = {
    "add": lambda index, path: index.add(articles(20, 400)),
    "add with commits": lambda index, path: index.add(articles(20, 400), commit_every=50),
    "update": lambda index, path: index.update({str(n): {"category": "س"} for n in range(20)}),
    "delete": lambda index, path: index.delete(query="نص"),
    "optimize": lambda index, path: index.optimize(),
    "search": lambda index, path: [
        [hit.snippet.text for hit in index.search(f"item{n} ا*", mode="any", limit=20)] for n in range(60)
    ],
    "search of words": lambda index, path: [index.search(f"نص item{n} المقال") for n in range(200)],  # compiled code
    "search in memory": lambda index, path: [list(index.search("نص*")) for _ in range(200)],
    "check": lambda index, path: index.check(),
    "export": lambda index, path: arsearch.write_articles(index, path / "out.jsonl"),
    "backup": lambda index, path: index.backup(path / "copy", replace=True),
    "reindex": lambda index, path: arsearch.reindex(index.location),
}


# Python itself closes a file whose owner an interrupt kept from taking it, and warns.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", LONG)
def test_after_ctrl_c_the_index_is_whole_and_usable(kind: str, path: Path, tmp_path: Path, no_hang: None) -> None:
    chance = random.Random(kind)
    interrupted = 0

    def interrupt(_: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    with arsearch.open(path) as index:
        usual = signal.signal(signal.SIGVTALRM, interrupt)  # by processor time: the same on a busy machine
        try:
            for _ in range(8):
                signal.setitimer(
                    signal.ITIMER_VIRTUAL, chance.choice((0.001, 0.003, 0.01, 0.03)) * (0.2 + chance.random())
                )
                try:
                    for _ in range(40):  # until the interrupt comes
                        LONG[kind](index, tmp_path)
                    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
                except (KeyboardInterrupt, AddError):
                    interrupted += 1
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, usual)

        count = len(index)
        assert index.check() == []
        assert index.search("نص", limit=1000).total == count == len(list(index))
        if kind not in ("add", "add with commits", "delete"):
            assert count == 20
        index.add([{"id": "after", "body": "نص بعد"}], timeout=5)  # the lock is free
        assert [hit.id for hit in index.search("بعد")] == ["after"]
    assert not list(path.glob("*.partial"))
    assert interrupted
