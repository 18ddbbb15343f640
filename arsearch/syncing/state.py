"""The state of synced paths: what stood in each file when it was read the last time, and how it was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

__all__ = ["UNCUT", "SyncState", "SyncedFile"]

UNCUT = "none"
"""The `split` that leaves articles whole which were cut the last time."""

_VERSION = 1


class SyncedFile(NamedTuple):
    """What the state knows about a file. `ids` is `None` for the one article whose id is the name of the file.

    A file is `failed` if no article was read from it the last time. It may keep those of an earlier time.
    """

    size: int
    mtime: int
    digest: str
    ids: list[str] | None
    failed: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether reading the same bytes again is useless; after a failure, the reader may have been installed."""
        return self.ids != [] and not self.failed


class SyncState:
    """The state of all synced paths, by the absolute path and the name of the file below it."""

    def __init__(self, encoded: bytes | None, reading: Mapping[str, Any], split: str | None) -> None:
        data = json.loads(encoded) if encoded else {}
        self.roots: dict[str, dict[str, SyncedFile]] = {}
        self.reading: dict[str, Any] = {}
        if data.get("version") == _VERSION:
            self.reading = data["reading"]
            self.roots = {
                root: {name: SyncedFile(*file) for name, file in files.items()} for root, files in data["roots"].items()
            }
        self._reading = dict(reading)
        self._split = split
        self.touched = False
        """Whether the state differs from the committed one."""

    def is_read_alike(self, root: str) -> bool:
        """Return whether a path was read with the same options."""
        return bool(self.reading.get(root) == self._options(root))

    def split_of(self, root: str) -> str | None:
        """Return how the articles of a path are cut: as the call says, else as the last time; `None` if they are not."""
        if self._split is None:
            return cast("str | None", self.reading.get(root, {}).get("split"))
        return None if self._split == UNCUT else self._split

    def _options(self, root: str) -> Mapping[str, Any]:
        split = self.split_of(root)
        return self._reading if split is None else {**self._reading, "split": split}

    def files(self, root: str) -> dict[str, SyncedFile]:
        """Return the files of a path, to be read and changed."""
        return self.roots.setdefault(root, {})

    def keep_options(self, root: str) -> None:
        """Remember the reading options of a path."""
        if not self.is_read_alike(root):
            self.reading[root] = self._options(root)
            self.touched = True

    def ids(self, root: str, name: str) -> list[str]:
        """Return the ids of the articles of a file; none for an unknown file."""
        file = self.files(root).get(name)
        if file is None:
            return []
        return [name] if file.ids is None else file.ids

    def owners(self) -> dict[str, list[tuple[str, str]]]:
        """Return the files that have each id."""
        owners: dict[str, list[tuple[str, str]]] = {}
        for root, files in self.roots.items():
            for name in files:
                for id in self.ids(root, name):
                    owners.setdefault(id, []).append((root, name))
        return owners

    def encoded(self) -> bytes:
        """Return the state as JSON."""
        data = {"version": _VERSION, "reading": self.reading, "roots": self.roots}
        return json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode()
