"""Books of the OpenITI corpus (mARkdown) to records: one article a book, with its pages and headings.

Source: the header of OpenITI texts (`#META# 020.BookTITLE :: ...`), and the URI in the name of a file:
`0255Jahiz.Bukhala.JK007061-ara1` is the year of death, the author, the book and the version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.books.openiti_text import Book
from arsearch.readers.content import Content
from arsearch.readers.lines import LONGEST, too_long
from arsearch.readers.reader import Reader

__all__ = ["OPENITI", "is_openiti"]

_MAGIC = "######OpenITI#"
_END_OF_HEADER = "#META#Header#End#"
_META = re.compile(r"#META#\s*(?:\d+\.)?\s*([^:]+?)\s*::\s*(.*?)\s*")
_NO_DATA = frozenset(("", "NODATA", "NOTGIVEN", "NOCODE", "NONE"))
_URI = re.compile(r"(?:.*/)?(\d{4})([A-Za-z]+)\.([A-Za-z]+)(?:\.[^/]*)?")
_FIELDS = (
    ("title", "BookTITLE"),
    ("author", "AuthorAKA"),
    ("author", "AuthorNAME"),
    ("url", "LibURL"),
    ("url", "LibREADONLINE"),
    ("publisher", "EdPUBLISHER"),
    ("editor", "EdEDITOR"),
    ("edition_year", "EdYEAR"),
    ("date", "EdYEAR"),
    ("volumes", "BookVOLS"),
    ("author_died", "AuthorDIED"),
    ("book_uri", "BookURI"),
    ("library_id", "LibURI"),
)


def is_openiti(head: str) -> bool:
    """Return whether a text begins as the texts of OpenITI do."""
    return head.lstrip("\ufeff \t\r\n").startswith(_MAGIC)


def _read(content: Content) -> Iterator[Record]:
    """Yield a problem for each line that cannot be decoded, then the book without these lines.

    Raises `InputError` if there is no text after the header.
    """
    header: dict[str, str] = {}
    book = Book()
    in_header = True
    size = 0
    for data in content.lines:
        where = f"{content.name}:{content.lines.number}"
        size += len(data)
        if size > LONGEST:
            raise InputError(too_long("a book"))
        try:
            line = content.decoder.decode(data)
        except InputError as problem:
            yield Record(where, None, str(problem))
            continue
        if in_header and line.startswith(_END_OF_HEADER):
            in_header = False
        elif line.startswith("#META#"):
            if (found := _META.fullmatch(line)) and found[2] not in _NO_DATA:
                header.setdefault(found[1], found[2])
        elif not line.lstrip("\ufeff").startswith(_MAGIC):
            book.add(line)
    body = book.text()
    if not body:
        raise InputError("the book has no text after its header")
    yield Record(content.name, _article(content, header, book, body))


def _article(content: Content, header: dict[str, str], book: Book, body: str) -> dict[str, object]:
    data: dict[str, object] = {"id": content.source.id, "title": "", "author": "", "body": body, "source": "OpenITI"}
    for field, name in _FIELDS:
        if not data.get(field) and name in header:
            data[field] = header[name].lstrip("#") if field == "book_uri" else header[name]
    if uri := _URI.match(content.source.id):
        data["title"] = data["title"] or uri[3]
        data["author"] = data["author"] or uri[2]
        data.setdefault("author_died", str(int(uri[1])))
    subjects = [part.strip() for part in header.get("BookSUBJ", "").split("::") if part.strip()]
    if subjects:
        data["category"], data["tags"] = subjects[0], subjects
    is_paged = any(len(page) > 1 for page in book.pages)
    data["pages"], data["headings"] = book.pages if is_paged else [], book.headings
    return {name: value for name, value in data.items() if value}


OPENITI = Reader(
    name="openiti",
    label="OpenITI book",
    suffixes=(".markdown",),
    sniff=lambda content: 1.0 if is_openiti(content.head) else 0.0,
    refine=lambda content: "openiti" if is_openiti(content.head) else "text",
    read=_read,
)
