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
from arsearch.index.reader.opening import LOCK_TIMEOUT, analyzer_of, open_storage
from arsearch.index.reader.snapshot import SnapshotReader
from arsearch.index.store.directory import Storage
from arsearch.model import Recovery

__all__ = ["last_sound", "recover"]

_log = logging.getLogger("arsearch")


def recover(storage: Storage, timeout: float = LOCK_TIMEOUT) -> Recovery | None:
    """Make the last sound commit the newest one again, if the newest is damaged; `None` if it is sound, or none is there.

    Sound is what was read whole, every checksum right. Nothing is removed: the files of damaged commits go with the
    next commit. Raises CorruptIndexError when no commit is sound, and IndexLockedError after `timeout` seconds.
    """
    if not generations(storage) or _damage(storage, latest_generation(storage)) is None:
        return None
    with storage.lock(timeout):
        good, damaged = _last_sound(storage)
        if not damaged:  # another process was faster
            return None
        newest, lost = damaged[0][0], None
        with contextlib.suppress(CorruptIndexError):
            lost = _articles(read_generation(storage, newest)) - _articles(good)
        # Whether its files were flushed after a commit that was not durable is not known: flush them.
        publish(
            storage,
            replace(good, generation=newest + 1, durable=True),
            _known(storage, good),
            flushed=False,
            tidy=False,
        )
    recovery = Recovery(good.generation, _articles(good), lost, tuple(damaged))
    _log.warning("%s %s", storage.location, recovery)
    return recovery


def last_sound(location: str | os.PathLike[str]) -> tuple[int, int | None]:
    """The newest commit of an index, and the one that `recover` would make the newest; `None` if none is sound."""
    storage = open_storage(location)
    try:
        sound = _last_sound(storage)[0].generation
    except CorruptIndexError:
        sound = None
    return latest_generation(storage), sound


def _last_sound(storage: Storage) -> tuple[Manifest, list[tuple[int, str]]]:
    """The newest sound commit, and the damaged ones that are newer, newest first."""
    damaged: list[tuple[int, str]] = []
    for generation in reversed(generations(storage)):
        reason = _damage(storage, generation)
        if reason is None:
            return read_generation(storage, generation), damaged
        damaged.append((generation, reason))
    raise CorruptIndexError(
        f"no commit of the index at {storage.location!r} is sound ({damaged[0][1] if damaged else 'there is none'}); "
        "restore a backup with `arsearch restore`, or index the articles again"
    )


def _damage(storage: Storage, generation: int) -> str | None:
    """What is wrong with a commit, or `None`."""
    try:
        manifest = read_generation(storage, generation)
    except (CorruptIndexError, FileNotFoundError) as error:
        return _reason(error)
    try:
        for segment in SnapshotReader(storage, manifest).segments:
            segment.file.verify()
    except (CorruptIndexError, IndexVersionError) as error:  # a commit of this version has no files of others
        return _reason(error)
    return None


def _reason(error: Exception) -> str:
    """What is wrong, without what could be done."""
    return str(error).partition("; ")[0]


def _articles(manifest: Manifest) -> int:
    return sum(info.live for info in manifest.segments)


def _known(storage: Storage, manifest: Manifest) -> ArabicAnalyzer | None:
    try:
        return analyzer_of(storage, manifest)
    except AnalyzerMismatchError:
        return None
