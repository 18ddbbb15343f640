"""Power loss: a folder as it may be found afterwards, from a recording of the steps of the file system.

The disk promises no more than POSIX does. The content of a file is safe once the file was flushed. Before, it may be
whole, empty, cut short, or have zeros in place of some sectors. Each name that appeared or disappeared since the folder was
last flushed may have done so or not, independently of the others.
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
        """Return the content that is found."""
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
    """The names of a folder, the names that are `durable`, and the changes since then; `None` is a removed name."""

    names: dict[str, _File] = field(default_factory=dict)
    durable: dict[str, _File] = field(default_factory=dict)
    pending: list[tuple[str, _File | None]] = field(default_factory=list)

    def change(self, name: str, file: _File | None) -> None:
        """Bind a name to a file, or remove it."""
        self.pending.append((name, file))
        if file is None:
            self.names.pop(name, None)
        else:
            self.names[name] = file

    def apply(self, step: str, name: str, content: bytes) -> None:
        """Apply a recorded step."""
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
            self.durable, self.pending = dict(self.names), []

    def after_loss(self, random: Random, folder: Path) -> None:
        """Write the files that may be found to an empty folder."""
        names = dict(self.durable)
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
    """Records the steps in one folder: the step, the name of the file and, when it is renamed, its content."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.steps: list[tuple[str, str, bytes]] = []

    @contextlib.contextmanager
    def recording(self) -> Iterator[None]:
        """Record all steps meanwhile."""
        with inject(self._record):
            yield

    def _record(self, step: Step, path: Path) -> None:
        if step == "sync" and path == self._path:
            self.steps.append((step, "", b""))
        elif path.parent == self._path and step not in ("list", "read", "write"):
            content = path.read_bytes() if step == "rename" else b""
            name = path.name if step == "remove" else final_path(path).name
            self.steps.append((step, name, content))
