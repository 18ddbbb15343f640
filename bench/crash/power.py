"""Power loss: from a record of what was done to the disk, a folder as it may be found afterwards.

The disk is taken to promise no more than POSIX does. A file's content is sure once it was flushed; before, it may be
whole, empty, cut short, or have zeros for some of its sectors. Names that came and went since the folder was last
flushed may have come and gone or not, each for itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from arsearch.index.store.directory import PARTIAL
from bench.crash.faults import Step, final_path, inject

__all__ = ["Disk", "Recorder"]

_SECTOR = 512


@dataclass(eq=False)
class _File:
    content: bytes = b""
    flushed: bool = False

    def after_loss(self, random: Random) -> bytes:
        """The content that is found."""
        if self.flushed:
            return self.content
        kind = random.choice(("whole", "empty", "cut", "zeros", "torn"))
        if kind == "whole":
            return self.content
        if kind == "empty":
            return b""
        if kind == "cut":
            return self.content[: random.randint(0, len(self.content))]
        if kind == "zeros":
            return bytes(len(self.content))
        sectors = [self.content[at : at + _SECTOR] for at in range(0, len(self.content), _SECTOR)]
        return b"".join(sector if random.random() < 0.5 else bytes(len(sector)) for sector in sectors)


@dataclass
class Disk:
    """A folder's names, those that are sure, and the changes since: a name and the file it leads to, or `None`."""

    names: dict[str, _File] = field(default_factory=dict)
    sure: dict[str, _File] = field(default_factory=dict)
    pending: list[tuple[str, _File | None]] = field(default_factory=list)

    def change(self, name: str, file: _File | None) -> None:
        """Let a name lead to a file, or to nothing."""
        self.pending.append((name, file))
        if file is None:
            self.names.pop(name, None)
        else:
            self.names[name] = file

    def apply(self, step: str, name: str, content: bytes) -> None:
        """Do what was recorded."""
        partial = name + PARTIAL
        if step == "create":
            self.change(partial, _File())
        elif step == "fsync":
            self.names[partial if partial in self.names else name].flushed = True
        elif step == "rename":
            file = self.names[partial]
            file.content = content
            self.change(name, file)
            self.change(partial, None)
        elif step == "remove":
            self.change(name, None)
        elif step == "sync":
            self.sure, self.pending = dict(self.names), []

    def after_loss(self, random: Random, folder: Path) -> None:
        """Fill an empty folder with what may be found."""
        names = dict(self.sure)
        kind = random.choice(("none", "first", "some", "all"))
        count = {"none": 0, "first": random.randint(0, len(self.pending))}.get(kind, len(self.pending))
        for name, file in self.pending[:count]:
            if kind == "some" and random.random() < 0.5:
                continue
            if file is None:
                names.pop(name, None)
            else:
                names[name] = file
        for name, file in names.items():
            (folder / name).write_bytes(file.after_loss(random))


class Recorder:
    """Records what is done to one folder: a step, the file's name and, at its renaming, its content."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.steps: list[tuple[str, str, bytes]] = []

    @contextlib.contextmanager
    def recording(self) -> Iterator[None]:
        """Record what is done meanwhile."""
        with inject(self._record):
            yield

    def _record(self, step: Step, path: Path) -> None:
        if step == "sync" and path == self._path:
            self.steps.append((step, "", b""))
        elif path.parent == self._path and step not in ("list", "read", "write"):
            content = path.read_bytes() if step == "rename" else b""
            name = path.name if step == "remove" else final_path(path).name
            self.steps.append((step, name, content))
