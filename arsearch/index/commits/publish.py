"""Publish a commit: write the manifest, tell the listeners, remove unreferenced files. In this order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from arsearch.index.commits.manifest import Manifest, delete_unreferenced, write_manifest
from arsearch.index.store.directory import Directory

__all__ = ["CommitListener", "publish"]

CommitListener = Callable[[Directory, Manifest], None]
"""Called under the write lock with each new commit, once its manifest is written (and durable, if the commit is)."""

_log = logging.getLogger("arsearch")


def publish(
    directory: Directory,
    manifest: Manifest,
    *,
    flushed: bool,
    listeners: Sequence[CommitListener] = (),
    tidy: bool = True,
) -> None:
    """Make `manifest` the newest commit; the caller holds the write lock.

    `flushed` is for `write_manifest`. The `listeners` are called next, and then `tidy` removes the files that no kept
    commit uses. The commit is complete by then: an error in these two steps is logged as a warning, never raised. It skips
    the steps that are left, and the next commit removes the files instead.
    """
    write_manifest(directory, manifest, flushed=flushed)
    try:
        for listener in listeners:
            listener(directory, manifest)
        if tidy:
            delete_unreferenced(directory, manifest)
    except Exception:
        _log.warning(
            "commit %d of %s is complete, but not the work after it",
            manifest.generation,
            directory.location,
            exc_info=True,
        )
