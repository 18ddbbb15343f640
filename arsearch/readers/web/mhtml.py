"""Pages that a browser saved as one file (MHTML) to records: one article a page.

Source: RFC 2557 (MIME encapsulation of aggregate documents); the `Snapshot-Content-Location` header of Chromium.
"""

from __future__ import annotations

from collections.abc import Iterator

from arsearch.dates.timestamps import iso_date
from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.lines import whole
from arsearch.readers.reader import Reader
from arsearch.readers.web.html import WHOLE_PAGE, parsed_page

__all__ = ["MHTML"]

_SUFFIXES = (".mhtml", ".mht")
_MOST_PARTS = 10_000


def _read(content: Content) -> Iterator[Record]:
    """Yield the first HTML part, with its address as url. Raises `InputError` if there is none."""
    from email import message_from_bytes

    message = message_from_bytes(whole(content.stream, "a page"))
    for number, part in enumerate(message.walk()):
        if number > _MOST_PARTS:
            break
        if part.get_content_type() not in ("text/html", "application/xhtml+xml"):
            continue
        page = part.get_payload(decode=True)
        address = str(part.get("Content-Location") or message.get("Snapshot-Content-Location") or "").strip()
        told = {"charset": part.get_content_charset(), "url": address if address.startswith("http") else None}
        data, is_whole = parsed_page(content, told, page if isinstance(page, bytes) else b"")
        if is_whole:
            content.tell(WHOLE_PAGE)
        captured = iso_date(str(message.get("Date") or ""))
        yield Record(content.name, {"id": content.source.id} | data | ({"captured": captured} if captured else {}))
        return
    raise InputError("no part of the file is HTML; is it a page that a browser saved?")


def _sniff(content: Content) -> float:
    head = content.head[:4000].lower()
    if "multipart/related" in head and ("snapshot-content-location:" in head or "saved by" in head):
        return 0.95
    return 0.2 if content.is_named(*_SUFFIXES) else 0.0


MHTML = Reader(
    name="mhtml",
    label="page saved as one file (MHTML)",
    suffixes=_SUFFIXES,
    binary=True,
    sniff=_sniff,
    read=_read,
)
