"""The content of the disk at every step: the order of writing, the kept commits, the effect of a failing disk, and recovery."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import itertools
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.errors import (
    AddError,
    ArsearchError,
    CorruptIndexError,
    IndexOpenError,
    IndexReadOnlyError,
    IndexWriteError,
)
from arsearch.index.commits.manifest import delete_unreferenced, generations, read_latest, toc_name, write_manifest
from arsearch.index.store import filesystem
from arsearch.index.store.directory import FSDirectory

ROOT = Path(__file__).parents[2]
if not (ROOT / "bench").is_dir():
    pytest.skip("the fault injection is not beside the tests", allow_module_level=True)

from bench.crash.faults import Step, final_path, inject  # noqa: E402 (only if it is there)


def article(id: str, body: str = "نص") -> dict[str, Any]:
    return {"id": id, "body": body}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index of one article."""
    folder = tmp_path / "index"
    with arsearch.open(folder, create=True) as index:
        index.add([article("1")])
    return folder


@pytest.fixture
def steps() -> Iterator[list[tuple[str, str]]]:
    """The steps that the file system is asked for, in order, without the writing of chunks."""
    done: list[tuple[str, str]] = []

    def note(step: Step, path: Path) -> None:
        if step != "write":
            done.append((step, "" if step in ("list", "sync") else final_path(path).name))

    with inject(note):
        yield done


def assert_durable(steps: list[tuple[str, str]], path: Path) -> None:
    """Assert that files precede the manifest and removals follow it, and that each file is flushed before its renaming."""
    manifest = f"manifest-{read_latest(FSDirectory(path)).generation}.json"
    named = steps.index(("rename", manifest))
    before = steps[:named]
    files = [name for step, name in before if step == "rename"]
    assert files
    for name in (*files, manifest):
        assert steps.index(("fsync", name)) < steps.index(("rename", name))
    last_file = max(at for at, (step, _) in enumerate(before) if step == "rename")
    assert ("sync", "") in before[last_file:]
    assert steps[named + 1] == ("sync", "")
    assert "remove" not in {step for step, _ in before}


def test_a_commit_is_on_the_disk_before_old_files_are_removed(path: Path, steps: list[tuple[str, str]]) -> None:
    with arsearch.open(path) as index:
        for change in (
            lambda: index.add([article("1", "جديد"), article("2")]),
            lambda: index.delete("1"),
            lambda: index.add([article(str(n)) for n in range(5)], memory_limit=1),
            index.optimize,
            lambda: arsearch.reindex(path),
        ):
            steps.clear()
            change()

            assert_durable(steps, path)
        assert [step for step in steps if step[0] == "remove"]


def test_a_backup_and_a_restored_index_are_on_the_disk(
    path: Path, tmp_path: Path, steps: list[tuple[str, str]]
) -> None:
    with arsearch.open(path) as index:
        index.backup(tmp_path / "backup")
    assert_durable(steps, tmp_path / "backup")
    steps.clear()
    arsearch.restore(tmp_path / "backup", tmp_path / "restored")
    assert_durable(steps, tmp_path / "restored")


def test_new_folders_are_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    fsync = filesystem._fsync

    def note(descriptor: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc to tell what is flushed")
    monkeypatch.setattr(filesystem, "_fsync", note)

    arsearch.open(tmp_path / "a" / "b", create=True).close()

    assert flushed[:2] == [str(tmp_path), str(tmp_path / "a")]
    assert str(tmp_path / "a" / "b") in flushed[2:]
    flushed.clear()
    filesystem.make_folder(tmp_path / "a" / "b")  # as if another process had made it meanwhile
    assert flushed == []


def test_a_file_is_flushed_where_the_disk_cannot_empty_its_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on macOS, whose network file systems refuse the command.
    flushed: list[object] = []

    def refuse(_: int, command: object) -> None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    (tmp_path / "file").touch()
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", "emptied", raising=False)
    monkeypatch.setattr(os, "fsync", lambda descriptor: flushed.append("flushed"))

    monkeypatch.setattr(fcntl, "fcntl", lambda descriptor, command: flushed.append(command))
    filesystem.LOCAL.fsync_file(tmp_path / "file")
    monkeypatch.setattr(fcntl, "fcntl", refuse)
    filesystem.LOCAL.fsync_file(tmp_path / "file")

    assert flushed == ["emptied", "flushed"]


@pytest.mark.parametrize("generation", [None, 1000])
def test_the_commit_before_stays_until_the_next(path: Path, generation: int | None) -> None:
    directory = FSDirectory(path)
    if generation is not None:
        write_manifest(directory, replace(read_latest(directory), generation=generation), flushed=True)
        (path / toc_name(generation)).touch()
    with arsearch.open(path) as index:
        for n in range(3):
            before = read_latest(directory)
            index.add([article("1", f"نسخة {n}")])
            assert generations(directory) == [before.generation, before.generation + 1]
            assert before.files <= set(directory.names())


def test_without_durability_nothing_is_flushed_and_the_last_durable_commit_stays(
    path: Path, steps: list[tuple[str, str]]
) -> None:
    directory = FSDirectory(path)
    durable = read_latest(directory)
    with arsearch.open(path) as index:
        for n in range(4):
            index.add([article(f"fast{n}")], durable=False)

        assert not [step for step in steps if step[0] in ("fsync", "sync")]
        newest = read_latest(directory)
        assert generations(directory) == [durable.generation, newest.generation - 1, newest.generation]
        assert durable.files <= set(directory.names())

        steps.clear()
        index.add([article("safe")])

        # All files that were not flushed before are flushed now, before the manifest of the durable commit.
        flushed = [name for step, name in steps if step == "fsync"]
        assert newest.content <= set(flushed[: flushed.index(f"manifest-{newest.generation + 1}.json")])
        assert generations(directory) == [newest.generation, newest.generation + 1]


@pytest.mark.parametrize("how", ["damaged", "of another release", "gone"])
def test_a_commit_that_cannot_be_read_does_not_cost_the_last_durable_one(path: Path, how: str) -> None:
    class Listed(FSDirectory):
        def names(self) -> list[str]:
            return [*super().names(), f"manifest-{unread}.json"]  # listed before it was removed

    directory = Listed(path) if how == "gone" else FSDirectory(path)
    durable = read_latest(FSDirectory(path))
    with arsearch.open(path) as index:
        index.add([article("fast 1")], durable=False)
        index.add([article("fast 2")], durable=False)
    newest = read_latest(FSDirectory(path))
    unread = newest.generation - 1
    if how == "damaged":
        damage(path / f"manifest-{unread}.json")
    elif how == "gone":
        (path / f"manifest-{unread}.json").unlink()
    else:
        write_manifest(directory, replace(newest, generation=unread, format=99), flushed=True)

    delete_unreferenced(directory, newest)

    assert generations(FSDirectory(path)) == [durable.generation, newest.generation]
    assert durable.content | newest.content <= set(os.listdir(path))


def damage(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x5A
    file.write_bytes(data)


def read_all(path: Path) -> None:
    with arsearch.open(path) as index:
        list(index)
        index.search("نص")


def newest_file(path: Path, pattern: str) -> Path:
    return max(path.glob(pattern), key=lambda file: (file.stat().st_mtime_ns, len(file.name), file.name))


@pytest.mark.parametrize("what", ["manifest cut", "manifest altered", "segment altered", "segment cut", "segment gone"])
def test_a_damaged_commit_is_an_error_without_recover(path: Path, what: str) -> None:
    with arsearch.open(path) as index:
        index.add([article("2"), article("3")])
        newest = index.stats().generation
    kind, how = what.split()
    file = newest_file(path, "manifest-*.json" if kind == "manifest" else "*.seg")
    if how == "gone":
        file.unlink()
    elif how == "cut":
        os.truncate(file, file.stat().st_size // 2)
    else:
        damage(file)
    files = set(os.listdir(path))

    with pytest.raises(CorruptIndexError):
        read_all(path)
    assert set(os.listdir(path)) == files

    with arsearch.open(path, recover=True) as index:
        recovery = index.recovery
        assert recovery is not None
        assert (recovery.generation, recovery.articles) == (newest - 1, 1)
        assert recovery.lost == (None if kind == "manifest" else 2)
        assert [generation for generation, _ in recovery.damaged] == [newest]
        assert f"commit {newest}" in str(recovery)
        assert [item.id for item in index] == ["1"]
        assert index.check() == []
        assert files <= set(os.listdir(path))  # nothing is removed before the next commit
        index.add([article("4")])
    with arsearch.open(path, recover=True) as index:
        assert index.recovery is None
        assert [item.id for item in index] == ["1", "4"]


def test_an_open_index_sees_a_recovery(path: Path) -> None:
    with arsearch.open(path) as reader:
        with arsearch.open(path) as index:
            index.add([article("2")])
        assert len(reader) == 2
        os.truncate(newest_file(path, "manifest-*.json"), 10)
        arsearch.open(path, recover=True).close()

        assert len(reader) == 1


def test_recovery_without_an_intact_commit_is_an_error(path: Path) -> None:
    for file in path.glob("*.seg"):
        damage(file)
    for file in path.glob("manifest-0.json"):
        file.unlink()

    with pytest.raises(CorruptIndexError, match=r"no commit .*`arsearch restore`"):
        arsearch.open(path, recover=True)


def test_recovering_an_intact_or_missing_index_changes_nothing(path: Path, tmp_path: Path) -> None:
    files = {file: file.stat().st_mtime_ns for file in path.iterdir()}

    with arsearch.open(path, recover=True) as index:
        assert index.recovery is None
    with arsearch.open(tmp_path / "new", create=True, recover=True) as index:
        assert index.recovery is None
    assert {file: file.stat().st_mtime_ns for file in path.iterdir()} == files


@contextlib.contextmanager
def failing_from(at: int, number: int) -> Iterator[list[str]]:
    """Let every step from the `at`th on fail with the error `number`; yield the list of the steps that failed.

    Reads, the writing of chunks, and removals are not counted and do not fail: `bench.crash` has them.
    """
    left = itertools.count(-at)
    failed: list[str] = []

    def fail(step: Step, path: Path) -> None:
        if step not in ("list", "read", "write", "remove") and next(left) >= 0:
            failed.append(step)
            raise OSError(number, os.strerror(number))

    with inject(fail):
        yield failed


def error_of(index: arsearch.Index) -> ArsearchError | None:
    """Return the error that stops a few changes, or `None`."""
    try:
        index.delete(["1"])
        index.optimize()
        index.add([article("1")])
    except ArsearchError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("number", "kind", "stride"),
    [(errno.ENOSPC, IndexWriteError, 1), (errno.EIO, IndexWriteError, 5), (errno.EACCES, IndexReadOnlyError, 5)],
)
def test_an_error_of_the_disk_is_an_arsearch_error_and_leaves_the_last_commit(
    path: Path, number: int, kind: type[ArsearchError], stride: int
) -> None:
    for at in itertools.count(0, stride):
        with failing_from(at, number) as failed:
            index = arsearch.open(path)
            before = [item.id for item in index]
            error = error_of(index)
        with index:
            if error is not None:
                assert isinstance(error.__cause__ if isinstance(error, AddError) else error, kind)
                assert os.strerror(number) in str(error)
                assert str(path) in str(error)
            assert [item.id for item in index] in (before, [], ["1"])
            assert index.check() == []
            index.add([article("1")], timeout=0)
        if not failed:
            break
    assert at > 12


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_missing_permissions_are_errors_that_name_them(path: Path) -> None:
    path.chmod(0o500)
    try:
        with arsearch.open(path) as index:
            assert len(index) == 1
            with pytest.raises(AddError, match="permissions"):
                index.add([article("2")])
    finally:
        path.chmod(0o700)
    newest_file(path, "*.seg").chmod(0)
    with pytest.raises(IndexOpenError, match="permissions"):
        arsearch.open(path)
