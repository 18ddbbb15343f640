"""The reader of PDF files. What it needs is imported when it reads the first file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.reader import Reader

__all__ = ["PDF"]

_MISSING_EXTRA = 'PDF is read with the extra [pdf]: pip install "arsearch[pdf]"'


def _read(content: Content) -> Iterator[Record]:
    if find_spec("pypdfium2") is None:
        raise InputError(_MISSING_EXTRA)
    from arsearch.readers.pdf.document import read_pdf

    yield from read_pdf(content)


def _sniff(content: Content) -> float:
    """Return certainty for a file that begins as a PDF. ISO 32000-1, annex H.3: readers accept up to 1024 bytes before."""
    head = content.stream.head
    if head.lstrip().startswith(b"%PDF-"):
        return 1.0
    return 0.9 if b"%PDF-" in head[:1024] and b"\0" in head else 0.0


PDF = Reader(name="pdf", label="PDF", suffixes=(".pdf",), binary=True, sniff=_sniff, read=_read)
