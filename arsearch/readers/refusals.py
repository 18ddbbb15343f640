"""The kinds of files that no built-in reader reads, by suffix and by first bytes, with the messages that refuse them.

A plug-in that reads one of them only registers its suffix: the registry asks plug-ins before it refuses a file.
"""

from __future__ import annotations

from functools import cache

__all__ = ["ADVICE", "refusal_of_bytes", "refusal_of_suffix"]

ADVICE = "the formats that arsearch reads are listed by `arsearch index --help`; convert it first, or install a reader for it"
_WHOOSH_ADVICE = "the folder of a native Whoosh index is read with --from-whoosh (read_whoosh)"

_ZSTANDARD = "Zstandard data (unpack it first: zstd -d FILE)"
_KINDS = {
    "a spreadsheet or drawing": ".xls .xlsx .xlsm .ods .odg .vsdx",
    "an archive": ".zip .tar .tgz .txz .7z .rar .tbz2",
    _ZSTANDARD: ".zst .zstd",
    "data compressed by a program other than gzip, xz and bzip2": ".lz4 .lzma .lz .br .z .sz .snappy",
    "an image": ".png .jpg .jpeg .gif .webp .tif .tiff .svg",
    "sound or film": ".mp3 .wav .mp4 .mkv .avi .mov",
    "a BSON dump (write it as JSON lines first: bsondump FILE.bson > FILE.jsonl, or mongoexport)": ".bson",
    "a database": ".feather .pkl",
}
_INDEX_FILES = (".toc", ".seg")
_MAGIC = (
    (b"%PDF", "PDF"), (b"PK\x03\x04", "a zip archive"), (b"PK\x05\x06", "an empty zip archive"), (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"), (b"GIF8", "an image"),
    (b"BZh", "damaged bzip2 data"), (b"\x28\xb5\x2f\xfd", _ZSTANDARD), (b"\x04\x22\x4d\x18", "LZ4 data"),
    (b"\x1f\x9d", "data of compress"), (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "gzip data in itself compressed"), (b"\xfd7zXZ\0", "xz data in itself compressed"),
    (b"\xd0\xcf\x11\xe0", "an office document"), (b"\x7fELF", "a program"),
)  # fmt: skip


def refusal_of_suffix(suffix: str) -> str | None:
    """Return the message that refuses files with a lower-case suffix, or `None`."""
    if suffix in _INDEX_FILES:
        return f"a file of an index is not read; {_WHOOSH_ADVICE}"
    kind = _kinds_by_suffix().get(suffix)
    return None if kind is None else f"{kind} is not read; {ADVICE}"


def refusal_of_bytes(head: bytes) -> str | None:
    """Return the message that refuses files with these first bytes, or `None`."""
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    return None if kind is None else f"{kind} is not read; {ADVICE}"


@cache
def _kinds_by_suffix() -> dict[str, str]:
    return {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}
