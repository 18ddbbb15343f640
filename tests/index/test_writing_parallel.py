"""Adding with worker processes: the index has the same articles as without, and only those of commits."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import json
import marshal
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from embedded import reader_of

import arsearch
from arsearch.errors import AddError, ArsearchError
from arsearch.index.writing.parallel import pool
from arsearch.index.writing.parallel.protocol import encode, receive, send
from arsearch.model import Article, Record

_SAMPLES = Path(__file__).parents[2] / "examples" / "articles.jsonl"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_BATCH_ITEMS", 7)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The worker processes, in the order in which they start."""
    processes: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def recording(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        processes.append(start(*args, **options))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", recording)
    return processes


def article(number: int, body: str = "نص المقال", **more: Any) -> dict[str, Any]:
    return {"id": str(number), "title": f"عنوان {number}", "body": f"{body} {number}", **more}


def samples() -> list[dict[str, Any]]:
    return [json.loads(line) for line in _SAMPLES.read_text("utf-8").splitlines()]


def contents(index: arsearch.Index) -> dict[str, Article]:
    return {item.id: item for item in index}


@pytest.mark.parametrize(("count", "memory"), [(2, 1 << 28), (3, 1 << 28), (2, 1)], ids=["2", "3", "2, little memory"])
def test_workers_make_the_index_that_one_process_makes(tmp_path: Path, count: int, memory: int) -> None:
    first = samples()
    given: list[Any] = [
        *first,
        *(item | {"body": "نسخة جديدة " + item["body"]} for item in first[::3]),
        {"id": "bad"},
        42,
        *first[:9],
    ]
    with (
        arsearch.open(tmp_path / "one", create=True) as single,
        arsearch.open(tmp_path / "many", create=True) as index,
    ):
        expected, report = single.add(given), index.add(given, workers=count, memory_limit=memory)

        assert (report.added, report.updated, report.characters) == (
            expected.added,
            expected.updated,
            expected.characters,
        )
        assert report.failed == expected.failed
        assert contents(index) == contents(single)
        assert index.check() == []
        if memory > 1:  # deleted documents are spread differently over the segments, and scores count them
            index.optimize()
            single.optimize()
        for text in ("الحرس الثوري", '"وزارة الداخلية"', "نسخة", "كتا*", "مباراة | وزير"):
            results, others = index.search(text, limit=200), single.search(text, limit=200)
            assert results.total == others.total
            assert {hit.id for hit in results} == {hit.id for hit in others}
            if memory > 1:
                assert {hit.id: hit.score for hit in results} == pytest.approx({hit.id: hit.score for hit in others})


def test_the_last_of_equal_ids_wins_in_whichever_worker(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        index.add([article(n, "قديم") for n in range(20)])
        report = index.add((article(n % 20, f"نسخة{n // 20}") for n in range(200)), workers=3, memory_limit=1)

        assert (report.added, report.updated) == (0, 200)
        assert {item.body.split()[0] for item in index} == {"نسخة9"}
        assert len(index) == 20
        assert index.search("قديم").total == 0


def test_the_same_articles_make_the_same_segments(tmp_path: Path) -> None:
    digests = []
    for name in ("a", "b"):
        with arsearch.open(tmp_path / name, create=True) as index:
            index.add(samples(), workers=2)
        digests.append(sorted(hashlib.sha256(f.read_bytes()).hexdigest() for f in (tmp_path / name).glob("*.seg")))

    assert digests[0] == digests[1]
    assert len(digests[0]) == 2


def test_workers_take_every_mapping_article_and_record(tmp_path: Path) -> None:
    class Own(dict[str, Any]):
        pass

    class Word(str):
        __slots__ = ()

    given: list[Any] = [
        MappingProxyType(article(1)),
        Own(article(2, date=dt.date(2015, 7, 21))),
        article(3, source=Word("الأفق"), nested={"a": [1, None, {"b": 2.5}]}),
        Article.from_dict(article(4, tags=["أ", "ب"])),
        Record("file:5", article(5)),
        Record("file:6", None, "not JSON"),
        Record("file:7", Own(id="7", title="", body="", unread=object())),
        article(8, extra=1j),
        object(),
        article(10),
    ]
    with arsearch.open(":memory:", create=True) as single, arsearch.open(tmp_path, create=True) as index:
        expected, report = single.add(given), index.add(given, workers=2)

        assert report.failed == expected.failed
        assert [failure.where for failure in report.failed] == ["file:6", "file:7", "article 8", "article 9"]
        assert contents(index) == contents(single)


def test_commit_every_makes_commits_while_adding(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        report = index.add((article(n) for n in range(100)), workers=2, commit_every=30)

        assert report.commits == 4
        assert len(index) == 100


def test_strict_adding_commits_nothing(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        with pytest.raises(AddError, match=r"article 60: both title and body are empty.*0 articles had been committed"):
            index.add([*(article(n) for n in range(59)), {"id": "x", "body": ""}], workers=2, strict=True)

        assert len(index) == 0


def test_a_dead_worker_costs_only_the_articles_after_the_last_commit(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    def killing() -> Iterator[dict[str, Any]]:
        for n in range(400):
            if n == 250:
                started[0].send_signal(signal.SIGKILL)
            yield article(n)

    with arsearch.open(tmp_path, create=True) as index:
        with pytest.raises(AddError, match=r"worker process died \(killed by signal 9\).*200 articles") as info:
            index.add(killing(), workers=2, commit_every=100, memory_limit=1)

        assert info.value.report.added == 200
        assert isinstance(info.value.__cause__, ArsearchError)
        assert sorted(map(int, contents(index))) == list(range(200))
        assert index.add((article(n) for n in range(400)), workers=2).added == 200
        assert sorted(map(int, contents(index))) == list(range(400))
        assert index.check() == []
    assert [process.poll() for process in started] == [-9, -9, 0, 0]
    assert not list(tmp_path.glob("*.partial"))
    assert (
        len(list(tmp_path.glob("*.seg"))) <= 12
    )  # of the newest two commits; the files of the dead worker are removed


def test_ctrl_c_leaves_the_last_commit_and_no_process(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    def interrupted() -> Iterator[dict[str, Any]]:
        yield from (article(n) for n in range(50))
        assert os.getsid(0) not in [os.getsid(process.pid) for process in started]  # a terminal interrupts its session
        raise KeyboardInterrupt

    with arsearch.open(tmp_path, create=True) as index:
        index.add([article(1000)])
        files = set(os.listdir(tmp_path))
        with pytest.raises(KeyboardInterrupt):
            index.add(interrupted(), workers=2, memory_limit=1)

        assert list(contents(index)) == ["1000"]
    assert set(os.listdir(tmp_path)) == files
    assert [process.poll() for process in started] == [-9, -9]


def test_ctrl_c_while_workers_start_leaves_no_process(
    tmp_path: Path, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = subprocess.Popen

    def interrupted(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        if started:
            raise KeyboardInterrupt
        return start(*args, **options)

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    with arsearch.open(tmp_path, create=True) as index, pytest.raises(KeyboardInterrupt):
        index.add([article(1)], workers=2)

    assert [process.returncode for process in started] == [-9]


def test_the_error_of_a_worker_is_reported(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, hard))
        try:
            with pytest.raises(AddError, match=r"a worker failed: .*File too large.*; 0 articles"):
                index.add(samples(), workers=2)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

        assert len(index) == 0
        assert index.add(samples(), workers=2).added == len(samples())


def test_the_program_of_a_worker_names_an_existing_function() -> None:
    (module, name), *_ = re.findall(r"from (\S+) import (\w+)", pool._START)

    assert callable(getattr(importlib.import_module(module), name))
    assert pool._START.endswith(f"; {name}()")


@pytest.mark.parametrize("end", ["failed", "broken pipe"])
def test_a_worker_ends_cleanly_while_its_standard_input_is_open(end: str) -> None:
    command = [sys.executable, "-c", pool._START.format(sys.path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as worker:  # type: ignore[call-overload]
        if end == "broken pipe":
            worker.stdout.close()
            send(
                worker.stdin,
                encode(("setup", "/nowhere", arsearch.ArabicAnalyzer().config(), {}, b"", 1, True, False, False, None)),
            )
            send(worker.stdin, encode(("batch", 1, [])))
        else:
            send(worker.stdin, encode(("setup", "too few values")))
            assert marshal.loads(receive(worker.stdout))[0] == "failed"

        assert (worker.wait(), worker.stderr.read()) == (0, b"")


def test_all_segments_share_one_dictionary(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        for start in (0, 2000):
            index.add((article(n, "في مقال طويل عن الاقتصاد والسياسة") for n in range(start, start + 2000)), workers=2)
        with index.snapshot() as snapshot:
            dictionaries = {segment.stored.dictionary for segment in reader_of(snapshot).segments}

        assert len(dictionaries) == 1
        assert dictionaries != {b""}


def test_an_index_in_memory_is_written_by_one_process(started: list[subprocess.Popen[bytes]]) -> None:
    with arsearch.open(":memory:", create=True) as index:
        assert index.add([article(1)], workers=4).added == 1
    assert not started


def test_there_is_at_least_one_worker(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index, pytest.raises(ValueError, match="workers is 0"):
        index.add([], workers=0)
