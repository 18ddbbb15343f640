"""The single sources that paths name: files, the files of folders, standard input and locations with a scheme."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from arsearch.errors import InputError
from arsearch.readers.streams import STDIN
from arsearch.readers.tables.locations import without_secrets

__all__ = ["Source", "base_name", "printable", "sources_of"]

_MANIFEST = re.compile(r"manifest-\d+\.json")
_SEGMENT = re.compile(r"write\.lock|s[0-9a-f]{16}\.seg")
"""Names of files in the folder of an index; it has both kinds."""
_OF_INDEX = re.compile(
    rf"{_MANIFEST.pattern}|{_SEGMENT.pattern}|_MAIN_\d+\.toc|write\.queue|sync-[0-9a-f]{{16}}\.json|\..*", re.DOTALL
)
"""All names of such files, and hidden files."""

_LOCATION = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_COMPRESSED = (".gz", ".gzip", ".xz", ".bz2")


@dataclass(frozen=True, slots=True)
class Source:
    """One file, standard input, or a location with a scheme."""

    name: str
    """The printable name that records and messages use."""

    path: Path | None
    """The file; `None` for standard input and locations."""

    id: str
    """The printable path below `folder`, or the file's name: the id of a plain text."""

    folder: str | None = None
    """The printable folder that the file was found in; `None` for a source that the caller named."""

    problem: str | None = None
    """The reason why the source cannot be opened."""

    location: str | None = None
    """The location as the caller wrote it, such as `sqlite:///news.db`; `None` for files and standard input."""

    @property
    def suffix(self) -> str:
        """The lower-case suffix of the name, that of compression aside; empty if there is none."""
        return PurePath(base_name(self.id)).suffix.lower() if self.location is None else ""

    @property
    def scheme(self) -> str | None:
        """The lower-case scheme of the location; `None` for files and standard input."""
        return None if self.location is None else self.location.partition(":")[0].lower()

    @property
    def size(self) -> int | None:
        """The size of the stored file in bytes, read anew each time; `None` for pipes, standard input and locations."""
        if self.problem is not None:
            return 0
        if self.path is None:
            return None
        try:
            status = self.path.stat()
        except OSError:  # deleted since it was listed
            return 0
        return status.st_size if stat.S_ISREG(status.st_mode) else None


def sources_of(path: str) -> Iterator[Source]:
    """Yield the sources that `path` names: `-`, a location, a file, or all files below a folder.

    A location is `scheme://...`, unless a file has that name. Files of folders are sorted by name; hidden files and the
    folders of indexes are left out. Links to files are followed, links to folders are not. Raises `InputError` if the path
    is missing or unreadable, or the folder of an index without other files.
    """
    if path == STDIN:
        yield Source("stdin", None, "stdin")
        return
    if _LOCATION.match(path) and not os.path.lexists(path):
        name = printable(without_secrets(path))
        yield Source(name, None, name, location=path)
        return
    file = Path(path)
    try:
        file.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{printable(without_secrets(path))}: {reason}; check the path") from error
    if not os.access(file, os.R_OK):
        raise InputError(f"{printable(path)}: no permission to read it; check its permissions")
    if file.is_dir():
        yield from _files_below(file, "", printable(path))
    else:
        yield Source(printable(path), file, printable(file.name))


def printable(name: str) -> str:
    r"""Return `name` with undecodable bytes, line ends and other controls as escapes such as `\n`."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def base_name(name: str) -> str:
    """Return a file's name without the suffix of its compression."""
    for suffix in _COMPRESSED:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def _files_below(folder: Path, prefix: str, root: str) -> Iterator[Source]:
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError as error:
        name = printable(f"{root.rstrip('/')}/{prefix}")
        problem = f"cannot be read: {error.strerror}; check its permissions"
        yield Source(name, folder, printable(prefix), root, problem)
        return
    if all(any(kind.fullmatch(name) for name, _ in names) for kind in (_MANIFEST, _SEGMENT)):
        if prefix:
            return
        names = [(name, is_folder) for name, is_folder in names if not _OF_INDEX.fullmatch(name)]
        if not names:
            raise InputError(
                f"{root}: the folder of an index, not of articles; `arsearch export` writes its articles, and "
                "`arsearch copy` copies it"
            )
    for name, is_folder in names:
        if name.startswith("."):
            continue
        path = folder / name
        if is_folder:
            yield from _files_below(path, f"{prefix}{name}/", root)
            continue
        mode, refusal = _look_at(path)
        if not stat.S_ISDIR(mode):
            shown = printable(f"{root.rstrip('/')}/{prefix}{name}")
            yield Source(shown, path, printable(prefix + name), root, refusal)


def _look_at(path: Path) -> tuple[int, str | None]:
    """Return the mode of what a path leads to, and why that cannot be read as a file.

    `Path.is_file` of one version of Python raises errors that another one swallows.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = 0
    except OSError as error:
        advice = "its permissions" if isinstance(error, PermissionError) else "what it links to"
        return 0, f"cannot be read: {error.strerror}; check {advice}"
    return mode, None if stat.S_ISREG(mode) else "not a regular file, or a link to nothing"
