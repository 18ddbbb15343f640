"""A child that forks while threads search can search and open indexes: no lock of its parent is held in it for ever."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.concurrency import Lock, cached_property

PARENT = """
import faulthandler, os, sys, threading, time
import arsearch
from arsearch.analyzers import ArabicAnalyzer

path, children = sys.argv[1], int(sys.argv[2])
index = arsearch.open(path)
memory = arsearch.open(":memory:", create=True)
words = [f"كلمة{n} نص{n % 7} مقال" for n in range(400)]
going = True

def search():
    n = 0
    while going:
        n += 1
        for hit in index.search(words[n % 400], limit=5):
            hit.snippet.html
        [hit.id for hit in index.search(f"نص{n % 7}*", mode="any")]
        ArabicAnalyzer().form(words[n % 400])  # a new stemmer computes its tables anew

def write():
    n = 0
    while going:
        n += 1
        memory.add([{"id": str(n % 5), "body": words[n % 400]}])
        with arsearch.open(path) as other:
            other.search(words[n % 400])

def child():
    assert [hit.snippet.text for hit in index.search("مقال", limit=3)]
    assert index.get("1").body == "مقال نص1 كلمة1"
    assert len(list(index)) == 300
    with arsearch.open(path) as other:
        assert other.search("كلمة7").total
        assert other.suggest("كل")
    memory.add([{"id": "child", "body": "نص"}], timeout=5)
    assert memory.get("child")
    import asyncio
    assert asyncio.run(index.asearch("مقال")).total == 300

import asyncio
asyncio.run(index.asearch("مقال"))  # the threads of coroutines run in the parent alone
threads = [threading.Thread(target=work, daemon=True) for work in (search, search, search, write)]
for thread in threads:
    thread.start()
results = []
for number in range(children):
    time.sleep(0.02)
    pid = os.fork()
    if not pid:
        faulthandler.dump_traceback_later(30, exit=True)
        try:
            child()
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    results.append(os.waitpid(pid, 0)[1])
going = False
print(results)
os._exit(0)
"""


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS lets no forked child use its frameworks")
def test_children_of_a_process_whose_threads_search_can_search_and_open(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "index", create=True) as index:
        for start in (0, 100, 200):
            index.add({"id": str(n), "body": f"مقال نص{n % 7} كلمة{n}"} for n in range(start, start + 100))

    done = subprocess.run(
        [sys.executable, "-c", PARENT, str(tmp_path / "index"), "12"], capture_output=True, text=True, timeout=240
    )

    assert done.stdout == f"{[0] * 12}\n", done.stderr


def test_a_lock_is_free_in_a_child_unless_its_own_thread_holds_it() -> None:
    held_by_another, own, free = Lock(), Lock(), Lock()
    thread = threading.Thread(target=held_by_another.acquire)
    thread.start()
    thread.join()
    assert own.acquire()

    for lock in (held_by_another, own, free):
        lock.reset_after_fork()

    assert held_by_another.acquire(timeout=0)
    assert not own.acquire(timeout=0)
    assert free.acquire(timeout=0)
    own.release()
    assert own.acquire(timeout=0)


def test_no_lock_of_the_package_outlives_a_fork() -> None:
    package = Path(arsearch.__file__).parent
    texts = {path: path.read_text(encoding="utf-8") for path in package.rglob("*.py") if path.name != "concurrency.py"}
    forbidden = re.compile(r"threading\.(R?Lock|Condition|Semaphore)\(|from functools import .*cached_property")

    assert len(texts) > 200
    assert [str(path) for path, text in texts.items() if forbidden.search(text)] == []


class Computed:
    """An object with a cached value."""

    computed = 0

    @cached_property
    def value(self) -> int:
        """A value."""
        self.computed += 1
        return self.computed


def test_a_cached_property_is_computed_once() -> None:
    one: Any = Computed()

    assert (one.value, one.value) == (1, 1)
    assert Computed().value == 1
    assert Computed.value.__doc__ == "A value."
