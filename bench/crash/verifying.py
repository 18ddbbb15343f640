"""The promises that hold after every fault."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import arsearch
from arsearch.errors import CorruptIndexError
from arsearch.index.commits.manifest import read_generation, read_latest
from arsearch.index.store.directory import FSDirectory
from arsearch.index.store.lock import LOCK_FILES
from bench.crash.sessions import COMMON, State, backup_folder

__all__ = ["PromiseError", "count_open_files", "verify", "verify_backup"]

_PROBE = {"id": "probe", "body": "مسبار"}


class PromiseError(Exception):
    """A broken promise."""


def verify(path: Path, states: Sequence[State], *, recover: bool = False) -> tuple[State, bool]:
    """Return the state of an index, and whether it had to be recovered, which is allowed only with `recover`.

    The index must open and be in one of `states`. Every file must be intact, and searches must find every article. The
    index must be writable at once, and then no file may be left over. Raises PromiseError; the state is unchanged.
    """
    recovered = False
    try:
        found = _read(path)
    except CorruptIndexError:
        if not recover:
            raise
        with arsearch.open(path, recover=True) as index:
            if index.recovery is None:
                raise PromiseError("the index is damaged, but recovery finds no damage") from None
        found, recovered = _read(path), True
    if found not in states:
        expected = [_summary(state) for state in states]
        raise PromiseError(f"no commit has these articles: {_summary(found)}; expected one of {expected}")
    with arsearch.open(path) as index:
        index.add([_PROBE], timeout=0)
        if "probe" not in index or len(index) != len(found) + 1:
            raise PromiseError("an article that was added after the fault is missing")
        index.delete("probe", timeout=0)
    _verify_files(path)
    return found, recovered


def _read(path: Path) -> State:
    with arsearch.open(path) as index:
        found = {article.id: article.body for article in index}
        if problems := index.check():
            if any("damaged" in problem or "cut short" in problem for problem in problems):
                raise CorruptIndexError(problems[0])
            raise PromiseError(f"check reports {problems}")
        if index.search(COMMON).total != len(found):
            raise PromiseError("a search does not find every article")
        for id, body in list(found.items())[:3]:
            own = body.split()[1]
            if [hit.id for hit in index.search(f"={own}")] != [id]:
                raise PromiseError(f"the word {own} of article {id} does not find it")
    return found


def _verify_files(path: Path) -> None:
    """Check that the folder has only the files of the newest two commits and the lock files."""
    storage = FSDirectory(path)
    newest = read_latest(storage)
    kept = newest.files | read_generation(storage, newest.generation - 1).files | LOCK_FILES
    if leftover := set(os.listdir(path)) - kept:
        raise PromiseError(f"files are left over: {sorted(leftover)}")


def verify_backup(path: Path) -> None:
    """Check that a backup, if there is one, is intact."""
    folder = backup_folder(path)
    if folder.exists() and any(folder.glob("manifest-*.json")):
        with arsearch.open(folder) as index:
            if problems := index.check():
                raise PromiseError(f"check of the backup reports {problems}")


def count_open_files() -> int:
    """Return the number of files that this process has open."""
    return len(os.listdir("/proc/self/fd" if Path("/proc/self/fd").exists() else "/dev/fd"))


def _summary(state: State) -> list[str]:
    return sorted(f"{id}:{body.split()[1]}" for id, body in state.items())
