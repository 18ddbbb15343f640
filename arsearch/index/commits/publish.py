"""Making a commit: the manifest, what goes with it, and what may go because of it. In this order."""

from __future__ import annotations

import logging

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.commits.manifest import Manifest, delete_unreferenced, write_manifest
from arsearch.index.store.directory import Directory

__all__ = ["publish"]

_log = logging.getLogger("arsearch")


def publish(
    directory: Directory,
    manifest: Manifest,
    analyzer: ArabicAnalyzer | None,
    *,
    flushed: bool = True,
    tidy: bool = True,
) -> None:
    """Make `manifest` the newest commit, as `write_manifest` does; the caller holds the lock.

    Once the manifest stands, nothing that goes wrong undoes it: Whoosh's table of contents, left out without an
    `analyzer`, and with `tidy` the removal of what no kept commit uses come after.
    """
    write_manifest(directory, manifest, flushed=flushed)
    try:
        if analyzer is not None:
            from arsearch.index.whoosh.toc import write_toc  # Whoosh takes longer to import than a search to answer

            write_toc(directory, manifest, analyzer)
        if tidy:
            delete_unreferenced(directory, manifest)
    except Exception:  # what is left over goes with the next commit
        _log.warning(
            "commit %d of %s is complete, its tidying is not", manifest.generation, directory.location, exc_info=True
        )
