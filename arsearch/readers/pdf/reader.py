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
    return 1.0 if content.stream.head.lstrip().startswith(b"%PDF-") else 0.0


PDF = Reader(name="pdf", label="PDF", suffixes=(".pdf",), binary=True, sniff=_sniff, read=_read)
