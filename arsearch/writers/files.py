"""Files that appear when they are complete, compressed by their ending."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

__all__ = ["COMPRESSIONS", "open_atomically"]

COMPRESSIONS = (".gz", ".xz")
"""The endings of compressed files, in lower case."""


@contextlib.contextmanager
def open_atomically(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that gets its name when it is complete, and replaces a file of that name then.

    An error leaves the old file, or none. A link stays, and the file that it leads to is replaced. A device or a pipe is
    written to directly. Raises OSError also for a link that leads to itself.
    """
    target = _target_of(path)
    special = target.exists() and not target.is_file()
    partial = target if special else target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with _open(partial, target.suffix.lower()) as file:
            yield file
        if not special:
            partial.replace(target)
    except BaseException as error:
        if not special:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(partial):
            error.filename = str(path)  # the name that the user gave
        raise


def _target_of(path: Path) -> Path:
    """Return the file that a path leads to, or may lead to once it is written."""
    if not path.is_symlink():
        return path
    target = Path(os.path.realpath(path))  # `resolve` of Python 3.11 raises RuntimeError for a loop
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def _open(path: Path, suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        import gzip

        return cast("IO[bytes]", gzip.open(path, "wb"))
    if suffix == ".xz":
        import lzma

        return cast("IO[bytes]", lzma.open(path, "wb"))
    return path.open("wb")
