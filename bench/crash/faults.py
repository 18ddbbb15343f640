"""A file system that calls a function before each step, which may count it, let it fail, or end the process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Literal
from unittest import mock

from arsearch.index.reader import opening
from arsearch.index.store.directory import PARTIAL, FSDirectory
from arsearch.index.store.filesystem import Buffer, FileSystem

__all__ = ["FaultInjectionFileSystem", "Hook", "Step", "final_path", "inject"]

Step = Literal["list", "read", "create", "write", "fsync", "rename", "remove", "sync"]
Hook = Callable[[Step, Path], None]
"""Called with a step and the path it is about; for a file that is being written, its temporary path."""


class FaultInjectionFileSystem(FileSystem):
    """The local file system, with `hook` called before each step. What the hook raises, the step raises."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    def restore(self) -> None:
        """Call the hook no more."""
        self._hook = _do_nothing

    def listdir(self, folder: Path) -> list[str]:
        self._hook("list", folder)
        return super().listdir(folder)

    def open(self, path: Path) -> IO[bytes]:
        self._hook("read", path)
        return super().open(path)

    def create(self, path: Path) -> IO[bytes]:
        self._hook("create", path)
        return super().create(path)

    def write(self, file: IO[bytes], chunk: Buffer) -> int:
        self._hook("write", Path(file.name))
        return super().write(file, chunk)

    def fsync(self, file: IO[bytes]) -> None:
        self._hook("fsync", Path(file.name))
        super().fsync(file)

    def fsync_file(self, path: Path) -> None:
        self._hook("fsync", path)
        super().fsync_file(path)

    def fsync_folder(self, folder: Path) -> None:
        self._hook("sync", folder)
        super().fsync_folder(folder)

    def rename(self, path: Path, target: Path) -> None:
        self._hook("rename", path)
        super().rename(path, target)

    def remove(self, path: Path) -> None:
        self._hook("remove", path)
        super().remove(path)


def final_path(path: Path) -> Path:
    """Return the path that a file has once it is complete."""
    return path.with_name(path.name.removesuffix(PARTIAL))


@contextlib.contextmanager
def inject(hook: Hook) -> Iterator[None]:
    """Give each index that is opened meanwhile a file system with `hook`; the hook is not called afterwards."""
    filesystem = FaultInjectionFileSystem(hook)
    with mock.patch.object(opening, "FSDirectory", partial(FSDirectory, filesystem=filesystem)):
        try:
            yield
        finally:
            filesystem.restore()


def _do_nothing(step: Step, path: Path) -> None:
    pass
