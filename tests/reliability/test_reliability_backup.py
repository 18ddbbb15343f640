"""Backups are consistent while writers go on, whole or absent, and never replace a good backup with a damaged one."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import pytest

import arsearch
from arsearch.analyzers import ArabicAnalyzer, Light10Stemmer
from arsearch.errors import CorruptIndexError, IndexExistsError, IndexNotFoundError, IndexWriteError, NotAnIndexError
from arsearch.index.commits.manifest import read_latest
from arsearch.index.store.directory import FSDirectory
from arsearch.index.store.filesystem import LOCAL, Buffer, FileSystem


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index of two segments, one with a deletion."""
    folder = tmp_path / "index"
    with arsearch.open(folder, create=True, fields={"volume": "int"}) as index:
        index.add([{"id": str(n), "body": f"نص المقال {n}", "volume": n} for n in range(9)])
        index.add([{"id": "9", "title": "آخر"}])
        index.delete("1")
    return folder


def content(folder: Path) -> list[dict[str, Any]]:
    with arsearch.open(folder) as index:
        assert index.check() == []
        assert index.search("نص").total == sum("نص" in article.body for article in index)
        return [article.to_dict() for article in index]


def test_a_backup_is_an_index_and_can_be_restored(path: Path, tmp_path: Path) -> None:
    before = content(path)
    with arsearch.open(path) as index:
        report = index.backup(tmp_path / "new" / "backup")
        index.delete("2")

    assert (report.articles, report.segments, report.written) == (9, 2, report.bytes)
    assert content(tmp_path / "new" / "backup") == before
    arsearch.restore(tmp_path / "new" / "backup", tmp_path / "elsewhere")
    assert content(tmp_path / "elsewhere") == before


def test_an_index_is_replaced_only_with_replace_and_in_one_commit(path: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    with arsearch.open(path) as index:
        index.backup(backup)
        before = content(path)
        index.delete(["3", "4"])
        index.add([{"id": "new", "body": "نص"}])
        after = content(path)
        with pytest.raises(IndexExistsError, match="--replace"):
            index.backup(backup)
        with pytest.raises(IndexExistsError, match="--replace"):
            arsearch.restore(backup, path)
        assert content(path) == after

        arsearch.restore(backup, path, replace=True)

        assert [article.to_dict() for article in index] == before  # an open index follows
        assert index.add([{"id": "more", "body": "نص"}]).added == 1
    assert len(content(path)) == len(before) + 1


def test_the_second_backup_writes_only_changed_segments(path: Path, tmp_path: Path) -> None:
    with arsearch.open(path) as index:
        first = index.backup(tmp_path / "backup")
        index.add([{"id": "new", "body": "نص"}])
        second = index.backup(tmp_path / "backup", replace=True)
        third = index.backup(tmp_path / "backup", replace=True)

        assert first.written == first.bytes
        assert 0 < second.written == second.bytes - first.bytes
        assert third.written == 0
        assert content(tmp_path / "backup") == content(path)


def test_a_damaged_segment_of_a_backup_is_copied_again(path: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    with arsearch.open(path) as index:
        index.backup(backup)
        for segment in backup.glob("*.seg"):
            data = bytearray(segment.read_bytes())
            data[len(data) // 2] ^= 1
            segment.write_bytes(data)
        report = index.backup(backup, replace=True)

    assert report.written == report.bytes
    assert content(backup) == content(path)


@pytest.mark.parametrize("at", [100, -100], ids=["in an array", "in the directory"])
def test_a_damaged_index_does_not_replace_a_good_backup(path: Path, tmp_path: Path, at: int) -> None:
    backup = tmp_path / "backup"
    before = content(path)
    with arsearch.open(path) as index:
        index.backup(backup)
        new = index.add([{"id": "new", "body": "نص"}])
        assert new.added == 1
        segment = max(path.glob("*.seg"), key=lambda file: file.stat().st_mtime_ns)
        with segment.open("r+b") as file:  # while the index has it open
            file.seek(at, os.SEEK_SET if at > 0 else os.SEEK_END)
            byte = file.read(1)[0]
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte ^ 1]))
        with pytest.raises(CorruptIndexError):
            index.backup(backup, replace=True)
    assert content(backup) == before

    arsearch.restore(backup, path, replace=True)
    assert content(path) == before


@pytest.mark.parametrize("damage", ["manifests gone", "newest manifest cut", "segments gone"])
def test_a_damaged_index_can_be_restored(path: Path, tmp_path: Path, damage: str) -> None:
    before = content(path)
    with arsearch.open(path) as index:
        index.backup(tmp_path / "backup")
    manifests = sorted(path.glob("manifest-*.json"))
    if damage == "segments gone":
        for file in path.glob("*.seg"):
            file.unlink()
    elif damage == "manifests gone":
        for file in manifests:
            file.unlink()
    else:
        os.truncate(manifests[-1], 5)

    arsearch.restore(tmp_path / "backup", path, replace=True)

    assert content(path) == before


def test_an_interrupted_backup_is_continued(path: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    with arsearch.open(path) as index:
        index.backup(backup)
        for file in backup.glob("manifest-*"):
            file.unlink()
        with pytest.raises(NotAnIndexError):
            arsearch.open(backup)

        assert index.backup(backup).written == 0
    assert content(backup) == content(path)


def test_a_wrong_folder_is_an_error_that_names_it(path: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    (tmp_path / "file").write_text("x")
    with arsearch.open(path) as index:
        for folder in (path, f"{path}/../index"):
            with pytest.raises(IndexExistsError, match="is the index itself"):
                index.backup(folder, replace=True)
        with pytest.raises(NotAnIndexError, match=r"letter\.txt"):
            index.backup(tmp_path / "full", replace=True)
        with pytest.raises(NotAnIndexError, match="is a file"):
            index.backup(tmp_path / "file")
    with pytest.raises(IndexNotFoundError):
        arsearch.restore(tmp_path / "nothing", tmp_path / "x")
    assert not (tmp_path / "x").exists()
    assert (tmp_path / "full" / "letter.txt").read_text() == "x"


def test_an_index_in_memory_can_be_backed_up(tmp_path: Path) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "body": "نص"}])
        index.backup(tmp_path / "backup")

    assert [article["id"] for article in content(tmp_path / "backup")] == ["1"]


def test_a_restored_index_has_the_analyzer_of_the_backup(path: Path, tmp_path: Path) -> None:
    other = ArabicAnalyzer(stemmer=Light10Stemmer())
    with arsearch.open(path) as index:
        index.backup(tmp_path / "backup")
        arsearch.reindex(path, analyzer=other)
        assert index.search("نص").total == 8
        assert index.analyzer == other
        arsearch.restore(tmp_path / "backup", path, replace=True)

        assert index.search("نص").total == 8
        assert index.analyzer == ArabicAnalyzer()


def test_stock_whoosh_opens_a_restored_index(path: Path, tmp_path: Path) -> None:
    import whoosh.index

    arsearch.restore(path, tmp_path / "copy")

    assert whoosh.index.open_dir(str(tmp_path / "copy")).doc_count() == 9
    assert read_latest(FSDirectory(tmp_path / "copy")).durable


def test_the_commands(path: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from arsearch.cli import main

    def run(*args: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, args)
        assert result.exit_code == code, result.output
        return result.output

    backup, copy = str(tmp_path / "backup"), str(tmp_path / "copy")
    assert run("backup", backup, "-i", str(path)).startswith("9 articles in 2 segments, ")
    assert "--replace" in run("backup", backup, "-i", str(path), code=1)
    assert json.loads(run("backup", backup, "-i", str(path), "--replace", "--json"))["written"] == 0
    assert json.loads(run("restore", backup, "-i", copy, "--json"))["articles"] == 9
    assert run("restore", backup, "-i", copy, code=1).count("\n") == 1
    os.truncate(max(Path(copy).glob("manifest-*")), 9)
    assert "arsearch restore" in run("check", "-i", copy, code=1)
    assert run("restore", backup, "-i", copy, "--replace").endswith(f"at {copy!r}\n")
    assert run("check", "-i", copy).startswith("ok: 9 articles")
    with arsearch.open(copy) as index:
        index.add([{"id": "lost", "body": "نص"}])
    os.truncate(max(Path(copy).glob("manifest-*"), key=lambda file: file.stat().st_mtime_ns), 9)
    assert "`arsearch check --recover`" in run("check", "-i", copy, code=1)
    assert "went back to commit" in run("check", "-i", copy, "--recover")
    assert run("check", "-i", copy).startswith("ok: 9 articles")


class FullDisk(FileSystem):
    """A disk that has room for one more segment."""

    def __init__(self) -> None:
        self.segments = 0

    def write(self, file: IO[bytes], chunk: Buffer) -> int:
        self.segments += ".seg" in file.name
        if self.segments > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(file, chunk)


@pytest.fixture
def failed(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a backup ran out of space after its first segment."""
    folder, disk, usual = tmp_path / "failed", FullDisk(), FSDirectory.__init__
    with arsearch.open(path) as index, monkeypatch.context() as patch:
        patch.setattr(
            FSDirectory, "__init__", lambda self, path: usual(self, path, disk if Path(path) == folder else LOCAL)
        )
        with pytest.raises(IndexWriteError, match="free space"):
            index.backup(folder)
    assert len(list(folder.glob("*.seg"))) == 1
    assert not list(folder.glob("*.partial"))
    return folder


def test_a_failed_backup_is_resumed(path: Path, failed: Path) -> None:
    kept = [file.name for file in failed.glob("*.seg")]
    with arsearch.open(path) as index:
        report = index.backup(failed)

    assert 0 < report.written < report.bytes
    assert set(kept) < {file.name for file in failed.glob("*.seg")}
    assert content(failed) == content(path)


def test_the_folder_of_a_failed_backup_can_be_restored_to(path: Path, failed: Path, tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "other", create=True) as other:
        other.add([{"id": "other", "body": "نص"}])

    arsearch.restore(tmp_path / "other", failed)

    assert [article["id"] for article in content(failed)] == ["other"]
    assert len(list(failed.glob("*.seg"))) == 1  # the segment of the failed backup is gone
    arsearch.restore(path, failed, replace=True)
    assert content(failed) == content(path)


def test_the_folder_of_a_failed_backup_tells_its_next_step(failed: Path) -> None:
    for create in (False, True):
        with pytest.raises(
            NotAnIndexError, match="repeat `arsearch backup` or `arsearch restore`, or empty the folder"
        ):
            arsearch.open(failed, create=create)


def test_a_failed_restore_leaves_the_index_and_is_resumed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, disk, usual = tmp_path / "target", FullDisk(), FSDirectory.write
    with arsearch.open(target, create=True) as index:
        index.add([{"id": "old", "body": "نص"}])
    before = content(target)

    def write(self: FSDirectory, name: str, chunks: Iterable[Buffer], *, durable: bool) -> int:
        disk.segments += name.endswith(".seg")
        if disk.segments > 1:
            raise IndexWriteError("no space left")
        return usual(self, name, chunks, durable=durable)

    with monkeypatch.context() as patch:
        patch.setattr(FSDirectory, "write", write)
        with pytest.raises(IndexWriteError):
            arsearch.restore(path, target, replace=True)
    assert content(target) == before

    report = arsearch.restore(path, target, replace=True)

    assert 0 < report.written < report.bytes
    assert content(target) == content(path)
    # The files of a failed copy that no commit has are removed by the next commit but one.
    with arsearch.open(target) as index:
        index.add([{"id": "a", "body": "نص"}])
        index.add([{"id": "b", "body": "نص"}])
        index.optimize()
        index.delete("a")
    assert len(list(target.glob("*.seg"))) <= 4


def test_an_index_in_memory_takes_no_backup(path: Path) -> None:
    with pytest.raises(NotAnIndexError, match="give the folder for the copy"):
        arsearch.restore(path, ":memory:")
