"""Open an index from a stranger: no code runs, no file outside is read, and a damaged index is a CorruptIndexError."""

from __future__ import annotations

import builtins
import marshal
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.errors import ArsearchError, CorruptIndexError, NotAnIndexError

ROOT = Path(__file__).parent.parent
FUZZER = Path(__file__).with_name("fuzzing.py")


@pytest.mark.parametrize("seed", [11, 12])
def test_mutations_are_detected_or_harmless(seed: int) -> None:
    """Run 500 mutations in a process that limits its memory and may die."""
    command = [sys.executable, str(FUZZER), "--mutations", "500", "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("0 defects\n")
    assert "CorruptIndexError" in done.stdout


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the modules of the fuzzer importable."""
    monkeypatch.syspath_prepend(str(FUZZER.parent))


def _dies_at_3(seed: int, low: int, high: int, results: Any) -> None:
    from fuzz_children import Result

    for number in range(low, high):
        if number == 3:
            os.kill(os.getpid(), signal.SIGSEGV)
        results.send(Result(number, f"seed {seed}", "", 0.0))


def _hangs(*_: object) -> None:
    time.sleep(1000)


@pytest.mark.usefixtures("beside")
def test_a_mutation_that_ends_its_process_is_reported() -> None:
    from fuzz_children import run

    results = {result.number: result for result in run(5, 6, 1, child=_dies_at_3)}

    assert sorted(results) == list(range(6))
    assert {number for number, result in results.items() if result.outcome == "seed 5"} == {0, 1, 2, 4, 5}
    assert (results[3].outcome, results[3].defect) == ("defect", "ended the process (signal 11)")


@pytest.mark.usefixtures("beside")
def test_a_mutation_that_hangs_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    import fuzz_children

    monkeypatch.setattr(fuzz_children, "SILENT", 0.1)

    assert [result.defect for result in fuzz_children.run(5, 1, 1, child=_hangs)] == [
        "the process was silent for 0.1 s"
    ]


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("number", [5129, 7920, 25599, 55800, 89255, 96115, 100721])
def test_mutations_that_were_harmful_before(number: int) -> None:
    from fuzz_reading import attempt
    from fuzz_specimen import specimen

    assert attempt(specimen(), f"20261126:{number}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index of two segments, one with a deletion."""
    folder = tmp_path / "index"
    with arsearch.open(folder, create=True) as index:
        index.add([{"id": str(n), "title": "عنوان", "body": f"نص المقال {n}"} for n in range(9)])
        index.add([{"id": "9", "title": "آخر"}])
        index.delete("1")
    return folder


def use_every_file(path: Path) -> None:
    """Search, change, merge, check, list and reindex the index of `path`."""
    with arsearch.open(path) as index:
        assert index.search("المقال", facets=("source",), sort="-date").total == 8
        assert [hit.snippet.html for hit in index.search("المقا*")]
        assert index.get("3") is not None
        index.add([{"id": "new", "title": "جديد"}])
        index.delete("2")
        index.optimize()
        assert index.check() == []
        assert len(list(index)) == 9
    arsearch.reindex(path)


def test_nothing_is_unpickled(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import whoosh.index

    shutil.copytree(path, tmp_path / "copy")
    use_every_file(tmp_path / "copy")  # imports modules, whose code Python reads by marshal

    def forbidden(*_: object, **__: object) -> Any:
        raise AssertionError("something was unpickled or evaluated")

    for module, name in (
        (pickle, "loads"),
        (pickle, "load"),
        (pickle, "Unpickler"),
        (marshal, "loads"),
        (builtins, "eval"),
    ):
        monkeypatch.setattr(module, name, forbidden)
    import whoosh.compat

    monkeypatch.setattr(whoosh.compat, "loads", forbidden, raising=False)

    use_every_file(path)


@pytest.mark.parametrize("kind", ["*.seg", "*.del", "manifest-*.json"])
def test_links_out_of_the_folder_are_not_followed(path: Path, kind: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    for file in list(path.glob(kind)):
        shutil.copy(file, secret)
        file.unlink()
        file.symlink_to(secret)

    with pytest.raises(CorruptIndexError, match="cannot be read"):
        arsearch.open(path)


@pytest.mark.parametrize("kind", ["*.seg", "manifest-*.json"])
def test_a_pipe_does_not_block(path: Path, kind: str) -> None:
    for file in list(path.glob(kind)):
        file.unlink()
        os.mkfifo(file)

    with pytest.raises(CorruptIndexError, match="not a regular file"):
        arsearch.open(path)


def test_a_writer_follows_no_link(path: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    with arsearch.open(path) as index:
        generation = index.stats().generation
    (path / f"manifest-{generation + 1}.json.partial").symlink_to(precious)
    with arsearch.open(path) as index:
        index.add([{"id": "new", "title": "جديد"}])
        assert "new" in index
    assert precious.read_text() == "precious"

    (path / "write.lock").unlink()
    (path / "write.lock").symlink_to(tmp_path / "made")
    with arsearch.open(path) as index, pytest.raises(ArsearchError):
        index.add([{"id": "newer", "title": "جديد"}])
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("name", ["write.lock", "write.queue"])
def test_a_writer_does_not_wait_at_a_pipe(path: Path, name: str) -> None:
    (path / name).unlink()
    os.mkfifo(path / name)

    with arsearch.open(path) as index:
        with pytest.raises(ArsearchError, match=name):
            index.add([{"id": "new", "title": "جديد"}])
        reader = os.open(path / name, os.O_RDONLY | os.O_NONBLOCK)
        with pytest.raises(ArsearchError, match=f"not a regular file, {name}"):
            index.add([{"id": "new", "title": "جديد"}])
        os.close(reader)
        assert len(index) == 9


def test_a_folder_that_is_a_link_is_an_index(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(path)

    with arsearch.open(tmp_path / "link") as index:
        assert len(index) == 9


def test_an_index_of_whoosh_is_refused_and_left_unchanged(tmp_path: Path) -> None:
    import whoosh.index
    from whoosh.fields import TEXT, Schema

    whoosh.index.create_in(str(tmp_path), Schema(body=TEXT))
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    for create in (False, True):
        with pytest.raises(NotAnIndexError, match=r"native Whoosh index.*--from-whoosh"):
            arsearch.open(tmp_path, create=create)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_every_damaged_file_raises_an_arsearch_error(path: Path) -> None:
    """Empty each file, cut it in half, and replace it by each other file."""
    files = [file for file in path.iterdir() if file.suffix in (".seg", ".del", ".json")]
    for file in files:
        good = file.read_bytes()
        for bad in (b"", good[: len(good) // 2], *(other.read_bytes() for other in files if other != file), b"\0" * 99):
            file.write_bytes(bad)
            try:
                with arsearch.open(path) as index:
                    index.search("المقال").to_dict()
                    index.check()
            except ArsearchError:
                pass
        file.write_bytes(good)
    with arsearch.open(path) as index:
        assert index.check() == []
