"""Recover a damaged index: make the last intact commit the newest again. This happens only on request."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Sequence
from dataclasses import replace

from arsearch.errors import CorruptIndexError, IndexVersionError
from arsearch.index.commits.manifest import Manifest, generations, latest_generation, read_generation
from arsearch.index.commits.publish import CommitListener, publish
from arsearch.index.reader.opening import open_directory
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.store.directory import Directory
from arsearch.model import Recovery
from arsearch.search.request import LOCK_TIMEOUT

__all__ = ["last_intact", "recover"]

_log = logging.getLogger("arsearch")


def recover(
    directory: Directory, timeout: float = LOCK_TIMEOUT, *, listeners: Sequence[CommitListener] = ()
) -> Recovery | None:
    """Make the last intact commit the newest again; return `None` if the newest is intact, or if there is no commit.

    A commit is intact if all its files can be read and their checksums match. No file is removed; the next commit removes
    the files of damaged commits. Raises CorruptIndexError if no commit is intact, and IndexLockedError after `timeout`
    seconds.
    """
    if not generations(directory) or _damage(directory, latest_generation(directory)) is None:
        return None
    with directory.lock(timeout):
        intact, damaged = _last_intact(directory)
        if not damaged:  # another process has just recovered it
            return None
        newest, lost = damaged[0][0], None
        with contextlib.suppress(CorruptIndexError):
            lost = _articles(read_generation(directory, newest)) - _articles(intact)
        # After a commit that was not durable, its files may not be flushed.
        publish(
            directory,
            replace(intact, generation=newest + 1, durable=True),
            listeners=listeners,
            flushed=False,
            tidy=False,
        )
    recovery = Recovery(intact.generation, _articles(intact), lost, tuple(damaged))
    _log.warning("%s %s", directory.location, recovery)
    return recovery


def last_intact(location: str | os.PathLike[str]) -> tuple[int, int | None]:
    """Return the newest commit, and the commit that `recover` would make the newest; `None` if no commit is intact."""
    directory = open_directory(location)
    try:
        intact = _last_intact(directory)[0].generation
    except CorruptIndexError:
        intact = None
    return latest_generation(directory), intact


def _last_intact(directory: Directory) -> tuple[Manifest, list[tuple[int, str]]]:
    """Return the last intact commit, and the damaged ones after it, newest first: their generations and problems."""
    damaged: list[tuple[int, str]] = []
    for generation in reversed(generations(directory)):
        reason = _damage(directory, generation)
        if reason is None:
            return read_generation(directory, generation), damaged
        damaged.append((generation, reason))
    raise CorruptIndexError(
        f"no commit of the index at {directory.location!r} is intact ({damaged[0][1] if damaged else 'there is none'}); "
        "restore a backup with `arsearch restore`, or index the articles again"
    )


def _damage(directory: Directory, generation: int) -> str | None:
    """Return the problem of a commit, or `None`."""
    try:
        manifest = read_generation(directory, generation)
    except (CorruptIndexError, FileNotFoundError) as error:
        return _reason(error)
    try:
        for segment in IndexReader.open(directory, manifest).segments:
            segment.file.verify()
    except (
        CorruptIndexError,
        IndexVersionError,
    ) as error:  # a commit of this version with files of another one is damaged
        return _reason(error)
    return None


def _reason(error: Exception) -> str:
    """Return the problem that a message names, without its next step."""
    return str(error).partition("; ")[0]


def _articles(manifest: Manifest) -> int:
    return sum(info.live for info in manifest.segments)
