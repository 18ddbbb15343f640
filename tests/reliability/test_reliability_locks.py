"""There is one writer at a time, in any process or thread, and a lock never outlives its writer."""

from __future__ import annotations

import errno
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import arsearch
from arsearch.errors import IndexLockedError, IndexReadOnlyError, IndexWriteError
from arsearch.index.store.directory import FSDirectory

ARTICLE = {"id": "1", "body": "نص"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty index."""
    arsearch.open(tmp_path / "index", create=True).close()
    return tmp_path / "index"


def run(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run Python code, with `path` and `article` defined, in a process that may fork."""
    prelude = f"import os, signal, sys, time, arsearch; path = {str(path)!r}; article = {ARTICLE!r}\n"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", prelude + code],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )


def test_the_lock_excludes_other_threads_and_other_holders(path: Path) -> None:
    refused: list[str] = []

    def write() -> None:
        try:
            arsearch.open(path).add([ARTICLE], timeout=0.05)
        except IndexLockedError as error:
            refused.append(str(error))

    with FSDirectory(path).lock(0):
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        write()
        assert len(arsearch.open(path)) == 0  # reading goes on

    assert len(refused) == 2
    assert "waited 0.05 s" in refused[0]
    write()
    assert len(arsearch.open(path)) == 1


def test_a_waiting_writer_goes_before_one_that_returns(path: Path) -> None:
    turns: list[str] = []
    both = threading.Barrier(2)

    def take(name: str) -> None:
        directory = FSDirectory(path)
        both.wait()
        for _ in range(10):
            with directory.lock(10):
                turns.append(name)
                time.sleep(0.02)

    threads = [threading.Thread(target=take, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(turns) == 20
    assert sum(one != other for one, other in itertools.pairwise(turns)) > 12


class Clock:
    """A clock that goes on only when somebody sleeps; `pauses` has the seconds of each sleep."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return 1000 + sum(self.pauses)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


@pytest.mark.parametrize("timeout", [0, 0.004, 0.05, 0.7, 1, 30])
def test_a_writer_waits_as_long_as_it_may_and_not_at_all_if_it_may_not(
    path: Path, timeout: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr("arsearch.index.store.lock.time", clock)

    with FSDirectory(path).lock(0), pytest.raises(IndexLockedError, match=f"waited {timeout:g} s"):
        FSDirectory(path).lock(timeout).__enter__()

    assert timeout <= round(sum(clock.pauses), 9) <= timeout + 0.02
    assert bool(clock.pauses) == (timeout > 0)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EROFS, IndexReadOnlyError),
        (errno.EACCES, IndexReadOnlyError),
        (errno.ENOENT, IndexReadOnlyError),
        (errno.EIO, IndexWriteError),
        (errno.ENOSPC, IndexWriteError),
        (errno.ELOOP, IndexWriteError),
    ],
)
def test_a_lock_that_cannot_be_made_tells_why(
    path: Path, number: int, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, flags: int) -> int:
        raise OSError(number, os.strerror(number), name)

    monkeypatch.setattr("arsearch.index.store.lock.open_regular", fail)

    with pytest.raises(kind, match=os.strerror(number)) as raised, FSDirectory(path).lock(0):
        pass
    assert type(raised.value) is kind


def test_a_killed_writer_releases_the_lock(path: Path) -> None:
    done = run(
        "def articles():\n"
        "    yield article\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "arsearch.open(path).add(articles(), memory_limit=1)\n",
        path,
    )

    assert done.returncode == -signal.SIGKILL
    assert any(name.endswith(".seg") for name in os.listdir(path))  # flushed, not committed
    with arsearch.open(path) as index:
        assert len(index) == 0
        index.add([{"id": "2", "body": "نص"}], timeout=0)
    assert len([name for name in os.listdir(path) if name.endswith(".seg")]) == 1


def test_a_forked_child_does_not_hold_the_lock(path: Path) -> None:
    done = run(
        "def articles():\n"
        "    yield article\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        os.close(1); os.close(2)\n"
        "        time.sleep(30)\n"
        "        os._exit(0)\n"
        "    print(child, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "arsearch.open(path).add(articles())\n",
        path,
    )

    assert done.returncode == -signal.SIGKILL
    child = int(done.stdout)
    try:
        os.kill(child, 0)  # it lives
        assert arsearch.open(path).add([ARTICLE], timeout=0).added == 1
    finally:
        os.kill(child, signal.SIGKILL)


def test_hooks_of_forks_are_registered_once_and_not_at_import(path: Path) -> None:
    done = run(
        "hooks = []\n"
        "os.register_at_fork = lambda **options: hooks.extend(options.values())\n"
        "def ours(): return [hook for hook in hooks if 'arsearch' in getattr(hook, 'func', hook).__module__]\n"
        "from arsearch.index import backup\n"
        "print(len(ours()))\n"
        "arsearch.open(path).search('نص')\n"
        "with arsearch.open(path) as index:\n"
        "    index.search('نص')\n"
        "    print(len(ours()))\n"
        "    index.add([article])\n"
        "    index.add([article])\n"
        "    print(len(ours()))\n",
        path,
    )

    assert done.stdout == "0\n4\n4\n", done.stderr


def test_a_forked_child_that_ends_while_its_parent_writes_removes_nothing(path: Path) -> None:
    done = run(
        "def articles():\n"
        "    yield article\n"
        "    if not os.fork():\n"
        "        sys.exit(0)\n"  # runs every `with` and `finally` block of the parent
        "    os.wait()\n"
        "    yield {**article, 'id': '2'}\n"
        "print(arsearch.open(path).add(articles(), memory_limit=1).added)\n",
        path,
    )

    assert done.stdout == "2\n", done.stderr
    with arsearch.open(path) as index:
        assert [item.id for item in index] == ["1", "2"]
        assert index.check() == []


def test_writers_in_many_threads_lose_nothing(path: Path) -> None:
    errors: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            with arsearch.open(path) as index:
                for number in range(5):
                    index.add([{"id": f"{writer}-{number}", "body": "نص"}], timeout=60)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(arsearch.open(path)) == 20


def descriptors() -> Iterator[str]:
    folder = "/proc/self/fd"
    for name in os.listdir(folder):
        try:
            yield str(Path(folder, name).readlink())
        except OSError:  # the descriptor of the listing itself
            continue


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc to tell which files are open")
def test_files_are_closed_without_the_garbage_collector(path: Path) -> None:
    import gc

    gc.disable()
    try:
        with arsearch.open(path) as index:
            for number in range(5):
                index.add([{"id": str(number % 2), "body": f"نص {number}"}])
                index.search("نص")
            index.optimize()
            assert index.check() == []
        del index
        assert [name for name in descriptors() if name.startswith(str(path))] == []
    finally:
        gc.enable()
