"""Paths and folders to the single files to read, with the name each is reported by."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from arsearch.errors import InputError
from arsearch.readers.streams import STDIN

__all__ = ["Source", "files_of", "shown"]


@dataclass(frozen=True, slots=True)
class Source:
    """One file, or standard input when `path` is `None`.

    `name` is printable and names the file in records; `id` is its path below `folder`, the folder it was found through,
    or its file name; `problem` says why it is not even opened.
    """

    name: str
    path: Path | None
    id: str
    folder: str | None = None
    problem: str | None = None


def files_of(path: str) -> Iterator[Source]:
    """What `path` names: standard input, the file, or all files below the folder, sorted, hidden ones left out.

    Links to files are followed, links to folders are not. Raises `InputError` if there is nothing there, or nothing
    that may be read.
    """
    if path == STDIN:
        yield Source("stdin", None, "stdin")
        return
    where = Path(path)
    try:
        where.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{shown(path)}: {reason}; check the path") from error
    if not os.access(where, os.R_OK):
        raise InputError(f"{shown(path)}: no permission to read it; check its permissions")
    if where.is_dir():
        yield from _below(where, "", shown(path))
    else:
        yield Source(shown(path), where, shown(where.name))


def shown(name: str) -> str:
    r"""`name` as it can be printed and encoded: undecodable bytes, line ends and other controls as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def _below(folder: Path, prefix: str, root: str) -> Iterator[Source]:
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError as error:
        name = shown(f"{root.rstrip('/')}/{prefix}")
        yield Source(name, folder, shown(prefix), root, f"cannot be read: {error.strerror}; check its permissions")
        return
    for name, is_folder in found:
        if name.startswith("."):
            continue
        path = folder / name
        if is_folder:
            yield from _below(path, f"{prefix}{name}/", root)
        elif path.is_dir():
            continue
        else:
            problem = None if path.is_file() else "not a regular file, or a link to nothing"
            yield Source(shown(f"{root.rstrip('/')}/{prefix}{name}"), path, shown(prefix + name), root, problem)
