"""A new index from all objects, put in the place of the old one in one commit.

While `rebuild` reads the database, other processes go on to change the old index. They also note the ids of the changed objects
in a journal beside the index. After the swap `rebuild` reads these objects again, so no change is lost. A lock of the
journal's file keeps a note from being written between the last reading and the removal of the journal.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

import arsearch
from arsearch.errors import ArsearchError
from arsearch.integrations.django.indexing import (
    add_objects,
    articles_of,
    index_fields,
    index_location,
    remove_ids,
)
from arsearch.integrations.django.models import searchable_models

__all__ = ["RebuildError", "note_changes", "rebuild"]

_CHUNK = 1_000


class RebuildError(ArsearchError):
    """Another rebuild is at work, or was killed."""


def note_changes(ids: Iterable[str]) -> None:
    """Note the ids of changed objects in the journal, if a rebuild is at work."""
    with contextlib.suppress(FileNotFoundError), _locked(_journal(), "r+b") as file:
        if os.fstat(file.fileno()).st_nlink:  # the rebuild has not ended while we waited for the lock
            file.seek(0, os.SEEK_END)
            file.write("".join(f"{id}\n" for id in ids).encode())
            file.flush()


def rebuild(*, workers: int = 1, progress: Callable[[arsearch.AddReport], None] | None = None) -> arsearch.AddReport:
    """Index all objects of all searchable models anew, and put the new index in the place of the old one.

    Searches see the old index until the swap, and the new one after it. Anything that stops the call leaves the old index. Raises
    RebuildError if another rebuild is at work.
    """
    location = Path(index_location())
    location.parent.mkdir(parents=True, exist_ok=True)
    journal = _journal()
    try:
        journal.touch(exist_ok=False)
    except FileExistsError:
        raise RebuildError(
            f"another rebuild is at work; if it was killed, remove {str(journal)!r} and run rebuild_arsearch again"
        ) from None
    folder = Path(tempfile.mkdtemp(prefix=f"{location.name}.new-", dir=location.parent))
    try:
        with arsearch.open(folder / "index", create=True, fields=index_fields()) as index:
            objects = (one for model in searchable_models() for one in model.arsearch_objects().iterator(_CHUNK))
            report = index.add(articles_of(objects), workers=workers, progress=progress)
        arsearch.restore(folder / "index", location, replace=True)
        with _locked(journal, "r+b") as file:
            _index_again(file.read().decode().split("\n"))
            journal.unlink()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        journal.unlink(missing_ok=True)
    return report


def _index_again(ids: Iterable[str]) -> None:
    """Read objects by the ids of their articles again; objects that have gone are removed."""
    models = {model._meta.label_lower: model for model in searchable_models()}
    for id in dict.fromkeys(filter(None, ids)):
        label, _, key = id.partition(":")
        instance = models[label]._default_manager.filter(pk=key).first() if label in models else None
        if instance is None:
            remove_ids([id])
        else:
            add_objects([instance])


def _journal() -> Path:
    location = Path(index_location())
    return location.with_name(f"{location.name}.rebuilding")


@contextlib.contextmanager
def _locked(path: Path, mode: str) -> Iterator[IO[bytes]]:
    with path.open(mode) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
