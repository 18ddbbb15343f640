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
from arsearch.concurrency import cached_property
from arsearch.errors import IndexLockedError
from arsearch.index.store.memory import RAMDirectory

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
print(results, flush=True)
os._exit(0)
"""


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS lets no forked child use its frameworks")
def test_children_of_a_process_whose_threads_search_can_search_and_open(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "index", create=True) as index:
        for start in (0, 100, 200):
            index.add({"id": str(n), "body": f"مقال نص{n % 7} كلمة{n}"} for n in range(start, start + 100))

    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", PARENT, str(tmp_path / "index"), "12"],
        capture_output=True,
        text=True,
        timeout=240,
    )

    assert done.stdout == f"{[0] * 12}\n", done.stderr


@pytest.mark.parametrize("other", [-1, 1])
def test_a_child_of_a_writer_goes_on_writing_in_its_own_memory(other: int, monkeypatch: pytest.MonkeyPatch) -> None:
    directory, own = RAMDirectory(), threading.get_ident()
    with directory.lock(0):
        directory.reset_after_fork()  # as in a child of the thread that writes
        with pytest.raises(IndexLockedError, match="the index at ':memory:' is being written"), directory.lock(0):
            pass
        monkeypatch.setattr(threading, "get_ident", lambda: own + other)
        directory.reset_after_fork()  # as in a child of another thread
        with directory.lock(0):
            pass
        directory._lock.acquire()  # for the end of this block, which no such child reaches
    directory.reset_after_fork()  # as in a child while nobody writes
    with directory.lock(0):
        pass


LOCK = re.compile(r"self\.(\w+) = threading\.(?:R?Lock|Condition|Semaphore)\(\)")


def test_every_lock_is_renewed_in_a_child() -> None:
    package = Path(arsearch.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in package.rglob("*.py")]
    locks = [(text, attribute) for text in texts for attribute in LOCK.findall(text.partition("reset_after_fork")[0])]

    assert len(locks) >= 10
    for text, attribute in locks:
        assert f"self.{attribute}" in text.partition("def reset_after_fork")[2].partition("\n\n")[0]
        assert "reset_in_children(self)" in text
    made = sum(text.count("threading.Lock()") + text.count("threading.RLock()") for text in texts)
    assert made == 2 * len(locks)
    assert not [text for text in texts if re.search(r"from functools import .*cached_property", text)]


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
