"""The decompressed bytes of a source as a seekable file, for formats whose directory is at the end."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from arsearch.readers.content import Content

__all__ = ["IN_MEMORY", "spooled"]

IN_MEMORY = 16 << 20
"""The most bytes that are kept in memory; a longer source goes to a temporary file."""


def spooled(content: Content) -> IO[bytes]:
    """Return the whole stream of `content` as a seekable binary file, at its beginning. The caller closes it.

    Standard input and compressed files are copied like any other. Raises `InputError` if the source cannot be read, is
    damaged, or is longer than the caller's `max_bytes`.
    """
    import tempfile

    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, prefix="arsearch-")  # noqa: SIM115
    try:
        for chunk in content.stream:
            file.write(chunk)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
