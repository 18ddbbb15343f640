"""Which reader a file goes to: by the end of its name, else by its first characters.

A name decides unless it is one of a kind that is not read at all; `.json` is looked into, for many such files hold one
object a line. In folders only files that are surely articles are taken, so that a stray log or script is not indexed.
"""

from __future__ import annotations

import json
import re

from arsearch.errors import InputError
from arsearch.readers.columns import field_of

__all__ = ["FORMATS", "base_name", "guess_format", "refuse_by_name"]

FORMATS = {"jsonl": "JSON lines", "json": "JSON", "csv": "CSV", "tsv": "TSV", "text": "text"}
"""The formats `read_articles` knows, with the names shown to people."""

_SUFFIXES = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonlines": "jsonl", ".jl": "jsonl", ".json": "json",
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".txt": "text", ".text": "text", ".md": "text",
}  # fmt: skip
_PACKED = (".gz", ".gzip", ".xz")
_REFUSED = {
    "PDF": (".pdf",),
    "HTML": (".html", ".htm", ".xhtml"),
    "XML": (".xml", ".rss"),
    "an office document": (".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".epub"),
    "an archive": (".zip", ".tar", ".tgz", ".txz", ".7z", ".rar", ".bz2", ".tbz2", ".zst"),
    "an image": (".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".svg"),
    "sound or film": (".mp3", ".wav", ".mp4", ".mkv", ".avi", ".mov"),
    "a database": (".db", ".sqlite", ".sqlite3", ".parquet", ".feather", ".pkl"),
}
_MAGIC = (
    (b"%PDF", "PDF"), (b"PK\x03\x04", "a zip archive or an office document"), (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"), (b"GIF8", "an image"), (b"SQLite format 3\0", "a database"),
    (b"BZh", "bzip2 data"), (b"\x28\xb5\x2f\xfd", "Zstandard data"), (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "gzip data in itself compressed"), (b"\xfd7zXZ\0", "xz data in itself compressed"),
    (b"\xd0\xcf\x11\xe0", "an office document"), (b"\x7fELF", "a program"),
)  # fmt: skip
_HELP = "arsearch reads JSON lines, JSON, CSV, TSV and plain text, and .gz and .xz of them; convert it first"
_BINARY = re.compile("[\0-\x08\x0e-\x1a\x7f]")
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN_LETTER = re.compile("[A-Za-z]")


def base_name(name: str) -> str:
    """A file's name without the end that tells of compression."""
    for suffix in _PACKED:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def refuse_by_name(name: str) -> None:
    """Raise `InputError` if the name tells a kind that is not read."""
    suffix = _suffix(name)
    if suffix in (".toc", ".seg"):
        raise InputError(
            "a file of an index is not read; the folder of one of Whoosh's is, with --from-whoosh (read_whoosh)"
        )
    for kind, suffixes in _REFUSED.items():
        if suffix in suffixes:
            raise InputError(f"{kind} is not read; {_HELP}")


def guess_format(name: str, head: str, magic: bytes, *, in_folder: bool) -> str:
    """The format of the file `name`, which begins with the text `head` and the bytes `magic`: a key of `FORMATS`.

    Raises `InputError` if it is none of them, or, in a folder, if that is not sure.
    """
    refuse_by_name(name)
    for start, kind in _MAGIC:
        if magic.startswith(start):
            raise InputError(f"{kind} is not read; {_HELP}")
    known = _SUFFIXES.get(_suffix(name))
    if known in ("jsonl", "json"):
        return _json_kind(head, default=known) or known
    if known:
        return known
    sniffed = _json_kind(head, default=None) or _table_kind(head)
    if sniffed:
        return sniffed
    if _BINARY.search(head):
        raise InputError(f"not text; {_HELP}")
    if in_folder and len(_ARABIC_LETTER.findall(head)) <= len(_LATIN_LETTER.findall(head)):
        raise InputError("not a known type, nor Arabic text; name the format to read it all the same")
    return "text"


def _suffix(name: str) -> str:
    dot = base_name(name).rfind(".")
    return base_name(name)[dot:].lower() if dot > 0 else ""


def _json_kind(head: str, *, default: str | None) -> str | None:
    """`jsonl`, `json`, or `default` if the text does not tell."""
    text = head.lstrip("\ufeff \t\r\n")
    first, _, rest = text.partition("\n")
    following = rest.lstrip()[:1]
    if text.startswith("["):
        if default is None and not re.match(r"\[\s*(?:[{\]]|$)", text):
            return None
        return "jsonl" if following and _is_json(first) else "json"
    if not text.startswith("{"):
        return default
    if not rest:  # one line, perhaps longer than the head: in a .json file, the one value
        return default or "jsonl"
    if following == "{" or (_is_json(first) and (following or default != "json")):
        return "jsonl"
    return "jsonl" if default == "jsonl" and first.rstrip().endswith("}") else "json"


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _table_kind(head: str) -> str | None:
    first = head.lstrip("\ufeff\r\n").partition("\n")[0]
    for separator, kind in (("\t", "tsv"), (",", "csv"), (";", "csv"), ("|", "csv")):
        cells = [cell.strip().strip('"') for cell in first.split(separator)]
        fields = {field_of(cell) for cell in cells} - {None}
        if len(cells) > 1 and len(fields) > 1 and fields & {"title", "body"}:
            return kind
    return None
