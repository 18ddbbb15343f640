"""An index on a file system that is full, or that becomes read-only. Only root can mount these."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.errors import AddError, ArsearchError, IndexReadOnlyError

pytestmark = pytest.mark.skipif(
    shutil.which("mount") is None or os.geteuid() != 0, reason="only root may mount a small file system"
)


def article(id: str, body: str = "نص") -> dict[str, Any]:
    return {"id": id, "body": body}


def tmpfs(scratch: Path) -> list[str | Path]:
    return ["-t", "tmpfs", "-o", "size=1m", "tmpfs"]


def ext4(scratch: Path) -> list[str | Path]:
    """Make an image of 4 MB, of which files get half."""
    make = shutil.which("mkfs.ext4") or "/sbin/mkfs.ext4"
    if not Path(make).exists():
        pytest.skip("mkfs.ext4 is missing")
    image = scratch / "image"
    with image.open("wb") as file:
        file.truncate(4 << 20)
    subprocess.run([make, "-q", "-F", image], check=True)
    return ["-o", "loop", image]


@pytest.fixture(params=[tmpfs, ext4], ids=lambda make: str(make.__name__))
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A file system of one or two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", *request.param(tmp_path), disk], capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def fill(index: arsearch.Index) -> None:
    for n in range(1000):
        index.add([article(str(n), " ".join(f"كلمة{n}س{k}" for k in range(900)))])


def test_a_full_disk_loses_no_commit_and_its_space_is_freed(small_disk: Path) -> None:
    with arsearch.open(small_disk / "index", create=True) as index:
        with pytest.raises(AddError, match="No space left"):
            fill(index)
        added = len(index)
        free = shutil.disk_usage(small_disk).free

        assert added > 3
        assert [item.id for item in index] == [str(n) for n in range(added)]
        assert index.check() == []
        assert not [name for name in os.listdir(small_disk / "index") if name.endswith(".partial")]
        with pytest.raises(AddError, match="No space left"):
            index.add([article("large", " ".join(f"كلمة{k}" for k in range(20_000)))])
        assert shutil.disk_usage(small_disk).free == free
        index.delete([str(n) for n in range(added)])
        assert len(index) == 0


CHANGES: dict[str, Callable[[arsearch.Index], object]] = {
    "add": lambda index: index.add([article("2")]),
    "update": lambda index: index.update("1", category="س"),
    "delete": lambda index: index.delete("1"),
    "optimize": lambda index: index.optimize(),
    "reindex": lambda index: arsearch.reindex(index.location),
}


def test_a_mount_that_becomes_read_only_is_searched_and_refuses_changes(small_disk: Path) -> None:
    def remount(how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", small_disk], check=True)

    folder = small_disk / "index"
    with arsearch.open(folder, create=True) as index:
        index.add([article("1", "نص قديم")])
        remount("ro")
        try:
            for change in CHANGES.values():
                with pytest.raises(ArsearchError, match="Read-only file system") as caught:
                    change(index)
                error = caught.value
                refusal = error.__cause__ if isinstance(error, AddError) else error
                assert isinstance(refusal, IndexReadOnlyError)
                assert isinstance(refusal.__cause__, OSError)
                assert refusal.__cause__.errno == errno.EROFS
            with arsearch.open(folder) as other:
                assert [hit.snippet.text for hit in other.search("قديم")] == ["نص قديم"]
                assert other.check() == []
        finally:
            remount("rw")
        index.add([article("2", "نص جديد")])
        assert [item.id for item in index] == ["1", "2"]
