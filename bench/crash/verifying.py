"""What must be so after every fault."""

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

__all__ = ["PromiseError", "open_files", "verify", "verify_backup"]

_PROBE = {"id": "probe", "body": "مسبار"}


class PromiseError(Exception):
    """A promise that was not kept."""


def verify(path: Path, states: Sequence[State], *, recover: bool = False) -> tuple[State, bool]:
    """The state an index is in, and whether it had to be recovered, which only `recover` allows; else PromiseError.

    The index opens; it is in one of `states`; every file is sound and searches find every article; it can be written to
    at once, and then no file is left over. It stays in the state it is in.
    """
    recovered = False
    try:
        found = _read(path)
    except CorruptIndexError:
        if not recover:
            raise
        with arsearch.open(path, recover=True) as index:
            if index.recovery is None:
                raise PromiseError("the index is damaged, and recovery sees nothing to recover") from None
        found, recovered = _read(path), True
    if found not in states:
        possible = [_told(state) for state in states]
        raise PromiseError(f"no commit has these articles: {_told(found)}; possible: {possible}")
    with arsearch.open(path) as index:
        index.add([_PROBE], timeout=0)
        if "probe" not in index or len(index) != len(found) + 1:
            raise PromiseError("an article added after the fault is not there")
        index.delete("probe", timeout=0)
    _verify_files(path)
    return found, recovered


def _read(path: Path) -> State:
    with arsearch.open(path) as index:
        found = {article.id: article.body for article in index}
        if problems := index.check():
            if any("damaged" in problem or "cut short" in problem for problem in problems):
                raise CorruptIndexError(problems[0])
            raise PromiseError(f"check finds {problems}")
        if index.search(COMMON).total != len(found):
            raise PromiseError("a search does not find every article")
        for id, body in list(found.items())[:3]:
            own = body.split()[1]
            if [hit.id for hit in index.search(f"={own}")] != [id]:
                raise PromiseError(f"the word {own} of article {id} does not find it")
    return found


def _verify_files(path: Path) -> None:
    """There is nothing but the newest two commits and the locks."""
    storage = FSDirectory(path)
    newest = read_latest(storage)
    kept = newest.files | read_generation(storage, newest.generation - 1).files | LOCK_FILES
    if more := set(os.listdir(path)) - kept:
        raise PromiseError(f"files left over: {sorted(more)}")


def verify_backup(path: Path) -> None:
    """A backup that appeared is sound."""
    folder = backup_folder(path)
    if folder.exists() and any(folder.glob("manifest-*.json")):
        with arsearch.open(folder) as index:
            if problems := index.check():
                raise PromiseError(f"the backup: {problems}")


def open_files() -> int:
    """How many files this process has open."""
    return len(os.listdir("/proc/self/fd" if Path("/proc/self/fd").exists() else "/dev/fd"))


def _told(state: State) -> list[str]:
    return sorted(f"{id}:{body.split()[1]}" for id, body in state.items())
