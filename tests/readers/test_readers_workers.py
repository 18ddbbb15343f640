"""Child processes that serve many sources: one crash, hang or refusal costs one source, and nothing blocks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import worker_targets

from arsearch.errors import InputError
from arsearch.readers.workers import Parser, Worker, Workers


def parser(name: str, seconds: float = 20, modules: tuple[str, ...] = ()) -> Parser:
    return Parser(f"worker_targets:{name}", name="X", extra="x", modules=modules, seconds=seconds, megabytes=300)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.syspath_prepend(str(Path(worker_targets.__file__).parent))
    worker = Worker(parser("act", seconds=3))
    yield worker
    worker.close()


def test_one_process_serves_many_requests(worker: Worker) -> None:
    assert [worker.one(b"pid")["pid"] for _ in range(3)] == [worker.one(b"pid")["pid"]] * 3


def test_mappings_arrive_in_order_and_text_is_kept(worker: Worker) -> None:
    assert list(worker.mappings(["lines\nأ\n".encode(), "ب\n".encode()])) == [{"line": "أ"}, {"line": "ب"}]


@pytest.mark.parametrize("size", [0, 1, 70_000, 5 << 20])
def test_any_length_goes_through(worker: Worker, size: int) -> None:
    assert worker.one(b"size\n" + b"x" * size) == {"size": size}


def test_a_result_larger_than_a_pipe_arrives(worker: Worker) -> None:
    assert len(worker.one(b"large")["text"]) == 3 << 20


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ("refuse", "^the reason of the parser$"),
        ("fail", "the parser failed .ZeroDivisionError"),
        ("crash", "the parser crashed .signal 11.*damaged"),
        ("exit", "the parser crashed .exit status 3"),
        ("hang", "took more than 3 s"),
        ("memory", "more memory than its limit of 300 MB|crashed"),
        ("two", "gave 2 results instead of one"),
        ("none", "gave 0 results instead of one"),
    ],
)
def test_a_bad_source_costs_only_itself(worker: Worker, act: str, reason: str) -> None:
    for _ in range(2):
        with pytest.raises(InputError, match=reason):
            worker.one(act.encode())
        assert worker.one(b"size\nx") == {"size": 1}


def test_what_a_library_prints_does_not_mix_with_the_results(worker: Worker) -> None:
    assert worker.one(b"print") == {"printed": True}


def test_a_source_that_is_not_read_to_its_end_is_skipped(worker: Worker) -> None:
    assert worker.one(b"skip\n" + b"x" * (1 << 20)) == {"skipped": True}
    assert worker.one(b"size\nabc") == {"size": 3}


def test_damage_in_the_source_comes_after_the_mappings(worker: Worker) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"lines\na\nb\n"
        raise InputError("cut short here")

    got: list[dict[str, object]] = []
    with pytest.raises(InputError, match="cut short here"):
        got.extend(worker.mappings(chunks()))
    assert got == [{"line": "a"}, {"line": "b"}]
    assert worker.one(b"size\n") == {"size": 0}


def test_time_that_the_source_takes_does_not_count(worker: Worker) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"size\n"
        time.sleep(4)
        yield b"ab"

    assert list(worker.mappings(chunks())) == [{"size": 2}]


def test_reading_may_stop_in_the_middle(worker: Worker) -> None:
    mappings = worker.mappings([b"lines\n", b"a\n" * 1_000_000])
    assert next(mappings) == {"line": "a"}
    mappings.close()
    assert worker.one(b"size\n") == {"size": 0}
    assert threading.active_count() < 5


def test_a_missing_library_names_the_extra() -> None:
    with pytest.raises(InputError, match=r'^X is read with the extra \[x\]: pip install "arsearch\[x\]"$'):
        Workers().get(parser("act", modules=("no_such_library",)))
