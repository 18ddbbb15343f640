"""Keep an index like folders and files: add what is new, replace what changed, remove what has gone.

The state of each folder stands in a file that the commit's manifest names: for each file its size, time of change, digest and
the ids of its articles. Articles and state become visible in one commit, so a crash leaves both as they were.
A file is unchanged if its size and time are those of the state, or else if its digest is (BLAKE2b of its bytes, 128 bits).
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from arsearch.errors import InputError
from arsearch.model import AddReport, Record, SyncReport
from arsearch.model.articles import undeclared_fields
from arsearch.readers.articles import read_sources
from arsearch.readers.sources import Source, sources_of
from arsearch.search.backend import AddOptions, Capability, SyncWriter, WriterOptions, require
from arsearch.search.index import Index
from arsearch.search.request import LOCK_TIMEOUT, MEMORY_LIMIT
from arsearch.syncing.state import UNCUT, SyncedFile, SyncState

__all__ = ["check_paths", "sync"]

_COMMIT_EVERY = 20_000
"""Articles after which the files read so far are committed."""

_COMMIT_SECONDS = 30.0
_CLOCK_TICK = 2_500_000_000
"""Nanoseconds. A file changed so shortly before it was read may change again within the same time; its digest is compared."""

_UNCERTAIN = -1


@dataclass(slots=True)
class _Task:
    """A file to read: its key, its state once it was read, the ids that it had, and how its articles are cut."""

    root: str
    source: Source
    size: int
    mtime: int
    digest: str
    old: list[str]
    split: str | None


def sync(
    index: Index,
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    max_bytes: int | None = None,
    html: bool | None = None,
    table: str | None = None,
    sql: str | None = None,
    strict_dates: bool = False,
    split: str | None = None,
    on_guess: Callable[[str], None] | None = None,
    progress: Callable[[AddReport], None] | None = None,
    workers: int = 1,
    durable: bool = True,
    memory_limit: int = MEMORY_LIMIT,
    timeout: float = LOCK_TIMEOUT,
) -> SyncReport:
    """Make the articles of an index those of folders and files, and report how many files were new, changed and removed.

    Only articles that an earlier `sync` of the same path added are removed. With other reading options than last time, all
    files are read again. A file that cannot be read any more keeps its articles, and is tried again next time. An id that
    leaves one file and stands in another is read from the other. Articles are committed file by file: a file's articles, the
    removals and the state are in one commit.

    Args:
        index: An index with the ability to sync: in a folder, in memory or on a cluster.
        paths: Folders and files. Standard input and locations with a scheme have no state, and raise `InputError`.
        format, mapping, encoding, max_bytes, html, table, sql, on_guess: As for `arsearch.read_articles`.
        split: As for `Index.add`; `None` cuts the articles of each path as the last time, and "none" no longer cuts them.
        strict_dates, progress, workers, durable, memory_limit, timeout: As for `Index.add`.

    Raises:
        InputError: For a path that is missing; nothing is removed then.
    """
    require(index.backend, Capability.SYNC)
    if not durable:
        require(index.backend, Capability.DURABLE)
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    roots = [os.fsdecode(path) for path in paths]
    check_paths(roots)
    options = AddOptions(
        progress=progress, workers=workers, strict_dates=strict_dates, split=None if split == UNCUT else split
    )
    reading: dict[str, Any] = {
        "format": format,
        "mapping": dict(mapping) if mapping else None,
        "encoding": encoding,
        "max_bytes": max_bytes,
        "html": html,
        "table": table,
        "sql": sql,
    }
    report = SyncReport()
    start = time.perf_counter()
    with index.backend.writer(WriterOptions(timeout, memory_limit, durable)) as opened:
        writer = cast("SyncWriter", opened)
        state = SyncState(writer.sync_state(), reading, split)
        tasks: deque[_Task] = deque()
        gone: list[tuple[str, str]] = []
        for root in roots:
            _compare(root, index.location, state, report, tasks, gone)
        run = _Run(writer, state, tasks, report, set(index.fields))
        while tasks or gone:
            while tasks:
                run.add(options, {**reading, "on_guess": on_guess})
            if gone:  # after the new files, so that the articles of a renamed file are never absent
                run.remove(gone)
                gone = []
        if report.new or report.changed:
            _remark_shared_ids(state, report.articles)
        if state.touched:
            writer.keep_sync_state(state.encoded)
            writer.commit()
    report.articles.took = time.perf_counter() - start
    return report


def _remark_shared_ids(state: SyncState, report: AddReport) -> None:
    """Count the ids that several files have, such as the same name in two folders: each leaves one article."""
    for id, files in state.owners().items():
        if len(files) > 1 and len(paths := list(dict.fromkeys(map(_path_of, files)))) > 1:
            report.remark(paths[-1], "same_id", f"{id}: also in {paths[0]}")


def _path_of(file: tuple[str, str]) -> str:
    """Return the path of a file, given the synced path and its name below it. A synced file has its own name."""
    root, name = file
    folder = root.removesuffix(os.sep + name) if os.path.isfile(root) else root  # noqa: PTH113 (a path as text)
    return os.path.join(folder, name)  # noqa: PTH118


def check_paths(paths: Iterable[str | os.PathLike[str]]) -> None:
    """Raise `InputError` for a path that `sync` refuses: a missing one, standard input, a location."""
    for path in paths:
        first = next(sources_of(os.fsdecode(path)), None)
        if first is not None and first.folder is None and not (first.path and first.path.is_file()):
            raise InputError(
                f"{first.name} cannot be synced: only folders and files have a state; index it without --sync"
            )


def _compare(
    path: str,
    location: str,
    state: SyncState,
    report: SyncReport,
    tasks: deque[_Task],
    gone: list[tuple[str, str]],
) -> None:
    """Compare a path with its state: count its files, and collect those to read and those that have gone."""
    root = os.path.abspath(path)  # noqa: PTH100 (Path.absolute keeps "..")
    index_folder = os.path.abspath(location) + os.sep  # noqa: PTH100
    known = state.files(root)
    alike, split = state.is_read_alike(root), state.split_of(root)
    seen: set[str] = set()
    unreadable: list[str] = []
    now = time.time_ns()
    for source in sources_of(path):
        assert source.path is not None
        if source.problem:  # an unreadable folder, a pipe, a link to nothing: no file to count, but reported
            if os.path.isdir(source.path):  # noqa: PTH112 (`Path.is_dir` raises errors until Python 3.13)
                unreadable.append(source.id)
            seen.add(source.id)
            tasks.append(_Task(root, source, 0, _UNCERTAIN, "", [], split))
            continue
        if os.path.abspath(source.path).startswith(index_folder):  # noqa: PTH100
            continue
        seen.add(source.id)
        old = known.get(source.id)
        try:
            status = source.path.stat()
        except OSError:
            status = None
        size, mtime = (status.st_size, status.st_mtime_ns) if status else (0, _UNCERTAIN)
        if old and alike and old.is_settled and (old.size, old.mtime) == (size, mtime):
            report.unchanged += 1
            continue
        digest = _digest(source.path)
        certain = mtime if now - mtime > _CLOCK_TICK else _UNCERTAIN
        if old and alike and digest and digest == old.digest and old.is_settled:
            report.unchanged += 1
            known[source.id] = old._replace(size=size, mtime=certain)
            state.touched |= known[source.id] != old
            continue
        if old is None:
            report.new += 1
        elif digest != old.digest or not alike:
            report.changed += 1
        else:  # a file that is not settled
            report.unchanged += 1
        tasks.append(_Task(root, source, size, certain, digest, state.ids(root, source.id), split))
    state.keep_options(root)
    for name in [name for name in known if name not in seen]:
        if not any(name.startswith(folder) for folder in unreadable):
            gone.append((root, name))
            report.removed += 1


def _digest(path: Path) -> str:
    """Return the BLAKE2b digest of a file; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return ""


class _Run:
    """The changes of one sync. Each call of `remove` and `add` makes one commit, with the state."""

    def __init__(
        self, writer: SyncWriter, state: SyncState, tasks: deque[_Task], report: SyncReport, fields: set[str]
    ) -> None:
        self._writer = writer
        self._state = state
        self._tasks = tasks
        self._report = report
        self._fields = fields
        self._done: set[tuple[str, str]] = set()

    def remove(self, gone: list[tuple[str, str]]) -> None:
        """Remove the articles of files that have gone."""
        ids: list[str] = []
        for root, name in gone:
            ids += self._state.ids(root, name)
            del self._state.files(root)[name]
        self._state.touched = True
        self._delete(ids)
        self._commit_state()
        self._writer.commit()

    def add(self, options: AddOptions, reading: Mapping[str, Any]) -> None:
        """Read files until enough articles for a commit have come, and commit them. All are cut alike."""
        report = AddReport()
        options = replace(options, split=self._tasks[0].split)
        names: set[str] = set()
        self._commit_state()
        self._writer.add(self._records(reading, names), options, report)
        report.undeclared = undeclared_fields(names, self._fields)
        self._report.articles.extend(report)

    def _commit_state(self) -> None:
        self._writer.keep_sync_state(self._state.encoded)
        self._state.touched = False

    def _records(self, reading: Mapping[str, Any], names: set[str]) -> Iterator[Record]:
        """Yield the records of the next files. After the last one, delete the ids that these files no longer have."""
        deadline = time.monotonic() + _COMMIT_SECONDS
        found: set[str] = set()
        vanished: list[str] = []
        ids: list[str] = []
        bad = False
        for record in read_sources(self._sources(found, deadline, self._tasks[0].split), **reading):
            if record is not None:
                if record.data is None:
                    bad = True
                else:
                    names.update(map(str, record.data))
                    if isinstance(id := record.data.get("id"), (str, int)):
                        ids.append(str(id))
                        found.add(str(id))
                yield record
                continue
            vanished += self._finish(self._current, ids, bad)
            ids, bad = [], False
        self._delete(id for id in vanished if id not in found)

    def _sources(self, found: set[str], deadline: float, split: str | None) -> Iterator[Source]:
        """Yield the sources of the tasks until a commit is due, or the next articles are cut otherwise."""
        while (
            self._tasks and self._tasks[0].split == split and len(found) < _COMMIT_EVERY and time.monotonic() < deadline
        ):
            self._current = self._tasks.popleft()
            yield self._current.source

    def _finish(self, task: _Task, ids: list[str], bad: bool) -> list[str]:
        """Put a file that was read into the state, and return the ids that it no longer has.

        If a part of the file could not be read, its earlier articles stay.
        """
        if task.source.problem:
            return []
        ids = list(dict.fromkeys(ids))
        failed = bad and not ids
        vanished = [id for id in task.old if id not in set(ids)] if task.old else []
        if bad:
            ids, vanished = [*ids, *vanished], []
        name = task.source.id
        kept = None if ids == [name] else ids
        self._done.add((task.root, name))
        self._state.files(task.root)[name] = SyncedFile(task.size, task.mtime, task.digest, kept, failed)
        return vanished

    def _delete(self, ids: Iterable[str]) -> None:
        """Delete articles. One that another file has too is read from that file instead."""
        ids = list(dict.fromkeys(ids))
        if not ids:
            return
        owners = self._state.owners()
        settled = {(task.root, task.source.id) for task in self._tasks} | self._done
        again: dict[tuple[str, str], None] = {}
        for id in ids:
            if others := owners.get(id):
                again[others[-1]] = None
        for root, name in again:
            if (root, name) not in settled and (task := self._task_again(root, name)):
                self._tasks.append(task)
        self._report.deleted += self._writer.delete(id for id in ids if id not in owners)

    def _task_again(self, root: str, name: str) -> _Task | None:
        file = self._state.files(root)[name]
        for source in sources_of(root):
            if source.id == name:
                ids = self._state.ids(root, name)
                return _Task(root, source, file.size, file.mtime, file.digest, ids, self._state.split_of(root))
        return None
