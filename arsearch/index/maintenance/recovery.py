"""Going back to the last sound commit when the newest one is damaged. Only ever done when asked for."""

from __future__ import annotations

import contextlib
import logging
import os
from dataclasses import replace

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import AnalyzerMismatchError, CorruptIndexError, IndexVersionError
from arsearch.index.commits.manifest import Manifest, generations, latest_generation, read_generation
from arsearch.index.commits.publish import publish
from arsearch.index.reader.opening import load_analyzer, open_directory
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.store.directory import Directory
from arsearch.model import Recovery
from arsearch.search.request import LOCK_TIMEOUT

__all__ = ["last_intact", "recover"]

_log = logging.getLogger("arsearch")


def recover(directory: Directory, timeout: float = LOCK_TIMEOUT) -> Recovery | None:
    """Make the last sound commit the newest one again, if the newest is damaged; `None` if it is sound, or none is there.

    Sound is what was read whole, every checksum right. Nothing is removed: the files of damaged commits go with the
    next commit. Raises CorruptIndexError when no commit is sound, and IndexLockedError after `timeout` seconds.
    """
    if not generations(directory) or _damage(directory, latest_generation(directory)) is None:
        return None
    with directory.lock(timeout):
        good, damaged = _last_intact(directory)
        if not damaged:  # another process was faster
            return None
        newest, lost = damaged[0][0], None
        with contextlib.suppress(CorruptIndexError):
            lost = _articles(read_generation(directory, newest)) - _articles(good)
        # Whether its files were flushed after a commit that was not durable is not known: flush them.
        publish(
            directory,
            replace(good, generation=newest + 1, durable=True),
            _known(directory, good),
            flushed=False,
            tidy=False,
        )
    recovery = Recovery(good.generation, _articles(good), lost, tuple(damaged))
    _log.warning("%s %s", directory.location, recovery)
    return recovery


def last_intact(location: str | os.PathLike[str]) -> tuple[int, int | None]:
    """The newest commit of an index, and the one that `recover` would make the newest; `None` if none is sound."""
    directory = open_directory(location)
    try:
        sound = _last_intact(directory)[0].generation
    except CorruptIndexError:
        sound = None
    return latest_generation(directory), sound


def _last_intact(directory: Directory) -> tuple[Manifest, list[tuple[int, str]]]:
    """The newest sound commit, and the damaged ones that are newer, newest first."""
    damaged: list[tuple[int, str]] = []
    for generation in reversed(generations(directory)):
        reason = _damage(directory, generation)
        if reason is None:
            return read_generation(directory, generation), damaged
        damaged.append((generation, reason))
    raise CorruptIndexError(
        f"no commit of the index at {directory.location!r} is sound ({damaged[0][1] if damaged else 'there is none'}); "
        "restore a backup with `arsearch restore`, or index the articles again"
    )


def _damage(directory: Directory, generation: int) -> str | None:
    """What is wrong with a commit, or `None`."""
    try:
        manifest = read_generation(directory, generation)
    except (CorruptIndexError, FileNotFoundError) as error:
        return _reason(error)
    try:
        for segment in IndexReader(directory, manifest).segments:
            segment.file.verify()
    except (CorruptIndexError, IndexVersionError) as error:  # a commit of this version has no files of others
        return _reason(error)
    return None


def _reason(error: Exception) -> str:
    """What is wrong, without what could be done."""
    return str(error).partition("; ")[0]


def _articles(manifest: Manifest) -> int:
    return sum(info.live for info in manifest.segments)


def _known(directory: Directory, manifest: Manifest) -> ArabicAnalyzer | None:
    try:
        return load_analyzer(directory, manifest)
    except AnalyzerMismatchError:
        return None
