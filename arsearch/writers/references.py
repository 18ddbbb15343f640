"""BibTeX and RIS: a reference for each article, for programs that manage references.

Sources: BibTeXing (O. Patashnik, 1988), the manual of biblatex for UTF-8 text and addresses, and the RIS format
specifications of Research Information Systems. A part of a work is a chapter (`@inbook`, CHAP), a work with parts a
book (`@book`, BOOK), and another article an article of its source (`@article`, NEWS).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import chain, count
from typing import IO

from arsearch.model.rows import value_text
from arsearch.model.safety import safe
from arsearch.writers.rows import Row, Rows
from arsearch.writers.writer import Writer

__all__ = ["BIBTEX", "RIS"]

_FIELDS = ("id", "title", "author", "source", "date", "url", "work", "work_title", "volume", "page", "heading")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._/-]{0,60}")
_SPECIAL = re.compile(r"[&%$#_]")
# BibTeX counts braces whether a backslash stands before them or not, so those of a text have names.
_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_IN_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
_ISO = re.compile(r"(?:\+00)?(\d{4,})(?:-(\d\d)(?:-(\d\d))?)?")


def _text(row: Row, name: str) -> str:
    """Return a value on one line; an empty string if it is absent."""
    return " ".join(safe(value_text(row.get(name))).split()) if row.get(name) not in (None, "", [], ()) else ""


def _kind(row: Row) -> str:
    if row.get("part_of") or (row.get("work") and row.get("work") != row.get("id")):
        return "part"
    return "work" if row.get("work") or isinstance(row.get("parts"), list) else "article"


def _key(id: str, taken: set[str]) -> str:
    """Return a key that no other entry of the file has, and add it to `taken`: the id, or a digest of an unfit one.

    BibTeX takes keys that differ in case alone for the same key.
    """
    digest = "a" + hashlib.blake2b(id.encode("utf-8", "replace"), digest_size=6).hexdigest()
    candidates = chain([id] if _KEY.fullmatch(id) else [], [digest], (f"{digest}-{number}" for number in count(2)))
    key = next(key for key in candidates if key.lower() not in taken)
    taken.add(key.lower())
    return key


def _bibtex(row: Row, taken: set[str]) -> Iterator[str]:
    kind, id = _kind(row), _text(row, "id")
    key = _key(id, taken)
    yield f"@{ {'part': 'inbook', 'work': 'book', 'article': 'article'}[kind] }{{{key},"
    date = _ISO.match(_text(row, "date"))
    title = _text(row, "heading") or _text(row, "title") if kind == "part" else _text(row, "title")
    values = {
        "author": _text(row, "author"),
        "title": title or _text(row, "work_title") or id,
        "booktitle": _text(row, "work_title") if kind == "part" else "",
        "journal" if kind == "article" else "publisher": _text(row, "source"),
        "volume": _text(row, "volume"),
        "pages": _text(row, "page"),
        "year": date[1] if date else "",
        "date": "-".join(filter(None, date.groups())) if date else "",
        "url": _text(row, "url"),
    }
    for name, value in values.items():
        if value:
            # An address is read as it stands. Without the inner braces, a comma or "and" in a name would be read as syntax.
            text = value.translate(_IN_URL) if name == "url" else _escape(value)
            yield f"  {name} = {{{f'{{{text}}}' if name == 'author' else text}}},"
    yield "}"


def _escape(text: str) -> str:
    text = "".join(_SIGNS.get(sign, sign) for sign in text)
    return _SPECIAL.sub(r"\\\g<0>", text)


def _ris(row: Row) -> Iterator[str]:
    kind = _kind(row)
    date = _ISO.match(_text(row, "date"))
    heading = _text(row, "heading") or _text(row, "title")
    tags = [
        ("TY", {"part": "CHAP", "work": "BOOK", "article": "NEWS"}[kind]),
        ("ID", _text(row, "id")),
        ("AU", _text(row, "author")),
        ("TI", (heading if kind == "part" else _text(row, "title")) or _text(row, "work_title") or _text(row, "id")),
        ("T2", _text(row, "work_title") if kind == "part" else _text(row, "source") if kind == "article" else ""),
        ("PB", "" if kind == "article" else _text(row, "source")),
        ("VL", _text(row, "volume")),
        ("SP", _text(row, "page")),
        ("PY", date[1] if date else ""),
        (
            "DA",
            "/".join((*filter(None, date.groups()), *[""] * (3 - len([*filter(None, date.groups())])))) if date else "",
        ),
        ("UR", _text(row, "url")),
    ]
    yield from (f"{tag}  - {value}" for tag, value in tags if value)
    yield "ER  - "


def _write_bibtex(rows: Rows, stream: IO[bytes]) -> None:
    taken: set[str] = set()
    for row in rows:
        stream.write(("\n".join(_bibtex(row, taken)) + "\n\n").encode("utf-8", "backslashreplace"))


def _write_ris(rows: Rows, stream: IO[bytes]) -> None:
    for row in rows:
        stream.write(("\r\n".join(_ris(row)) + "\r\n\r\n").encode("utf-8", "backslashreplace"))


BIBTEX = Writer(name="bibtex", label="BibTeX", suffixes=(".bib",), write=_write_bibtex, hit_fields=_FIELDS)
RIS = Writer(name="ris", label="RIS", suffixes=(".ris",), write=_write_ris, hit_fields=_FIELDS)
