"""Parsers in a child process: its records arrive, and no end of the child harms the parent."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from arsearch.errors import InputError
from arsearch.readers import isolation
from arsearch.readers.isolation import isolated


def run(target: str, path: object = "x", **options: Any) -> tuple[list[dict[str, Any]], str]:
    """Return the mappings of a target and the message that ended them, empty if none did."""
    got: list[dict[str, Any]] = []
    try:
        got.extend(isolated(f"isolated_targets:{target}", str(path), **options))
    except InputError as error:
        return got, str(error)
    return got, ""


@pytest.fixture(autouse=True)
def _targets_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def test_mappings_arrive_in_order_with_options(tmp_path: Path) -> None:
    (tmp_path / "خبر.txt").write_text("أ\nب\nج\n", encoding="utf-8")

    got, problem = run("lines", tmp_path / "خبر.txt", options={"start": 1})

    assert got == [{"number": 0, "line": "ب"}, {"number": 1, "line": "ج"}]
    assert problem == ""


def test_any_text_survives_the_pipe() -> None:
    assert run("surrogate") == ([{"text": "\ud800 \0 \n"}], "")


@pytest.mark.parametrize(
    ("target", "options", "reason"),
    [
        ("refuse", {}, "the file is encrypted"),
        ("fail", {}, "the parser failed (ValueError: no such object: 17)"),
        ("segfault", {}, "the parser crashed (SIGSEGV)"),
        ("leave", {}, "exit status 3 (no licence)"),
        ("hang", {"seconds": 5}, "took more than 5 s"),
        ("spin", {"seconds": 5}, "took more than 5 s"),
        ("gorge", {"megabytes": 256}, "needs more memory than its limit of 256 MB"),
        ("giant", {"megabytes": 1024}, "a record of the parser of more than"),
    ],
)
def test_a_bad_end_is_an_input_error_after_the_first_mappings(
    target: str, options: dict[str, Any], reason: str
) -> None:
    got, problem = run(target, **options)

    assert got == [{"number": 0}]
    assert reason in problem


def test_a_missing_file_is_an_input_error() -> None:
    got, problem = run("lines", "/no/such/file")
    assert got == []
    assert "FileNotFoundError" in problem


def test_reading_is_lazy_and_closing_ends_the_child() -> None:
    records = isolated("isolated_targets:endless", "x")
    pid = next(records)["pid"]
    assert next(records)["number"] == 2
    records.close()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_time_of_the_caller_does_not_count() -> None:
    records = isolated("isolated_targets:endless", "x", seconds=5)
    next(records)
    time.sleep(5.5)
    for _ in range(5000):
        next(records)
    records.close()


def test_children_of_several_threads_do_not_disturb_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1\n2\n")
    results: list[Any] = []
    threads = [threading.Thread(target=lambda: results.append(run("lines", tmp_path / "a"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [([{"number": 0, "line": "1"}, {"number": 1, "line": "2"}], "")] * 4


def test_no_module_of_the_working_folder_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    (tmp_path / "a").write_text("1\n")
    monkeypatch.chdir(tmp_path)
    assert run("lines", tmp_path / "a") == ([{"number": 0, "line": "1"}], "")


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc")
    before = len(os.listdir("/proc/self/fd"))
    for target in ("refuse", "segfault", "leave"):
        run(target)
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_watch_of_memory_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS ignores RLIMIT_AS; there a thread of the child watches its resident memory."""
    ended: list[int] = []

    def leave(status: int) -> None:
        ended.append(status)

    monkeypatch.setattr(os, "_exit", leave)
    isolation._watch(1)
    assert ended == [isolation._OVER_MEMORY]
