"""The members of a zip archive, within limits that crafted files cannot pass.

Nothing is written to disk. Unpacked bytes are counted as they come, because the sizes in an archive may lie. A member whose
name leads out of the archive is left out and named. Only stored and deflated members are read: office documents and
e-books have no others, and the dictionary of an LZMA member may take gigabytes.

Sources: PKWARE's APPNOTE 6.3.10; ECMA-376 part 2 (Open Packaging Conventions), annex C; EPUB 3.3, section 4.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from arsearch.errors import InputError

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

__all__ = ["MEMBER", "MOST_MEMBERS", "TOTAL", "Archive", "member_names"]

TOTAL = 1 << 30
"""The most unpacked bytes of all members that are read; the caller's `max_bytes` replaces it."""

MEMBER = 1 << 28
"""The most unpacked bytes of one member; the caller's `max_bytes` replaces it."""

MOST_MEMBERS = 20_000

_FREE = 1 << 26
_MOST_TIMES = 100
"""A member may unpack to the larger of `_FREE` bytes and `_MOST_TIMES` times its size: text unpacks to 5 to 20 times."""

_LONGEST_READ = 1 << 22
"""The most bytes of one read: the directory of `MOST_MEMBERS` members has about 3 MB, a crafted one gigabytes."""

_CHUNK = 1 << 16
_ENCRYPTED = 0x1
_METHODS = (0, 8)  # stored, deflated
_LOCAL_HEADER = b"PK\x03\x04"


class Archive:
    """A zip archive whose members are read one at a time. A context manager that closes the file.

    Args:
        file: A seekable binary file.
        max_bytes: The most unpacked bytes, of all members that are read; `None` sets the limits of this module.

    Raises:
        InputError: If the file is no zip archive, is damaged or cut, or has more than `MOST_MEMBERS` members.
    """

    def __init__(self, file: IO[bytes], max_bytes: int | None = None) -> None:
        import zipfile

        self._file = file
        self._total = TOTAL if max_bytes is None else max_bytes
        self._limited = max_bytes is not None
        self._read = 0
        try:
            self._zip: ZipFile = zipfile.ZipFile(_BoundedFile(file))
        except InputError:
            raise
        except Exception as error:  # zipfile raises errors of struct, codecs and arithmetic too
            raise InputError(
                f"not a zip archive, damaged or cut short ({_said(error)}); copy or save it anew"
            ) from None
        infos = self._zip.infolist()
        if len(infos) > MOST_MEMBERS:
            raise InputError(f"an archive of {len(infos):,} members; at most {MOST_MEMBERS:,} are read")
        self._members: dict[str, ZipInfo] = {}
        self.left_out: list[str] = []
        """The printable names of members that lead out of the archive. They are not read."""
        for info in infos:
            name = info.filename.replace("\\", "/")
            if _leads_out(name):
                self.left_out.append(ascii(info.filename)[1:-1])
            elif not name.endswith("/"):
                self._members[name] = info
        self._folded = {name.lower(): name for name in reversed(self._members)}

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the archive and its file."""
        self._zip.close()
        self._file.close()

    @property
    def names(self) -> Sequence[str]:
        """The names of the members in the order of the directory, with `/` between folders; folders are left out."""
        return tuple(self._members)

    def find(self, name: str) -> str | None:
        """Return the member with this name, else with this name in other case (as OPC compares), else `None`."""
        return name if name in self._members else self._folded.get(name.lower())

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the unpacked bytes of a member, which `find` finds.

        Raises `InputError` with the member's name: at once if there is none or it is encrypted; after the last good byte
        if it is damaged, cut, or beyond a limit.
        """
        found = self.find(name)
        if found is None:
            raise InputError(f"{name}: no such member in the archive")
        info = self._members[found]
        if info.flag_bits & _ENCRYPTED:
            raise InputError(f"{found}: encrypted with a password; save the file without a password")
        if info.compress_type not in _METHODS:
            raise InputError(
                f"{found}: packed by method {info.compress_type}; only stored and deflated members are read"
            )
        size = 0
        most = self._total if self._limited else min(MEMBER, max(_FREE, _MOST_TIMES * info.compress_size))
        for chunk in self._unpacked(info, found):
            size += len(chunk)
            self._read += len(chunk)
            if size > most:
                raise InputError(
                    f"{found}: {info.compress_size:,} bytes unpack to more than {most:,}; the rest was not read; "
                    "give max_bytes (--max-bytes) if the file is right"
                )
            if self._read > self._total:
                raise InputError(
                    f"{found}: the archive unpacks to more than {self._total:,} bytes; the rest was not read (max_bytes)"
                )
            yield chunk

    def read(self, name: str, most: int = 1 << 22) -> bytes:
        """Return a whole member of at most `most` bytes. Raises `InputError` as `chunks` does, and if it is longer."""
        parts: list[bytes] = []
        size = 0
        for chunk in self.chunks(name):
            parts.append(chunk)
            size += len(chunk)
            if size > most:
                raise InputError(f"{name}: more than {most:,} bytes; not read")
        return b"".join(parts)

    def _unpacked(self, info: ZipInfo, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(info) as member:
                while chunk := member.read(_CHUNK):
                    yield chunk
        except InputError:
            raise
        except Exception as error:  # zlib, zipfile, struct and end-of-file errors, by version of Python
            raise InputError(f"{name}: damaged or cut short ({_said(error)}); the part before was read") from None


def member_names(head: bytes) -> list[str]:
    """Return the names in the local headers of a zip archive's first bytes, in order; empty if `head` is no archive.

    A member whose size stands behind its data hides nothing: the next header is found by its signature.
    """
    names: list[str] = []
    at = 0 if head.startswith(_LOCAL_HEADER) else -1
    while at >= 0:
        length = int.from_bytes(head[at + 26 : at + 28], "little")
        names.append(head[at + 30 : at + 30 + length].decode("utf-8", "replace"))
        at = head.find(_LOCAL_HEADER, at + 30 + length)
    return names


class _BoundedFile:
    """A seekable file that refuses to read more than `_LONGEST_READ` bytes at once, as a forged directory demands."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek = file.seek
        self.tell = file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size) if 0 <= size <= _LONGEST_READ else self._file.read(_LONGEST_READ + 1)
        if len(data) > _LONGEST_READ or size > _LONGEST_READ:
            raise InputError("an archive whose directory is damaged or too long; copy or save it anew")
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _leads_out(name: str) -> bool:
    """Return whether a member's name is absolute, names a drive, or climbs by `..`."""
    return name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")


def _said(error: Exception) -> str:
    return str(error)[:100] or type(error).__name__
