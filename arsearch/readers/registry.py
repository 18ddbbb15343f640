"""The registry of readers: which reader reads a source.

A named format decides, then first bytes that prove a binary format, then the suffix of the name, then the beginning of the
content. A built-in reader comes before a
plug-in, and plug-ins are ordered by name. Plug-ins are loaded only for a format, suffix or scheme that no built-in reader
has, and for content that all built-in readers refuse. A file in a folder is read only if it is certainly of articles, so
that a stray log or script is not indexed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from arsearch.errors import InputError
from arsearch.readers.books.openiti import OPENITI
from arsearch.readers.content import Content
from arsearch.readers.documents.docx import DOCX
from arsearch.readers.documents.epub import EPUB
from arsearch.readers.documents.kinds import compound_refusal, zip_refusal
from arsearch.readers.documents.odt import FODT, ODT
from arsearch.readers.documents.pptx import PPTX
from arsearch.readers.documents.rtf import RTF
from arsearch.readers.exports.whatsapp import WHATSAPP
from arsearch.readers.formats.delimited import CSV, TSV
from arsearch.readers.formats.json import JSON, JSON_LINES
from arsearch.readers.formats.plain_text import TEXT, is_binary
from arsearch.readers.messages.mail import EML, MBOX
from arsearch.readers.messages.subtitles import SRT, VTT
from arsearch.readers.pdf.reader import PDF
from arsearch.readers.plugins import Plugins, load_plugin, load_plugins, plugin_names
from arsearch.readers.reader import Reader
from arsearch.readers.refusals import ADVICE, refusal_of_bytes, refusal_of_suffix
from arsearch.readers.tables.parquet import PARQUET
from arsearch.readers.tables.sql import SQL
from arsearch.readers.tables.sqlite import SQLITE
from arsearch.readers.web.feeds import FEED
from arsearch.readers.web.html import HTML
from arsearch.readers.web.mediawiki import MEDIAWIKI
from arsearch.readers.web.mhtml import MHTML
from arsearch.readers.web.warc import WARC
from arsearch.readers.web.wordpress import WORDPRESS
from arsearch.readers.web.xml_head import is_xml, root_name

__all__ = ["BUILT_IN", "FORMATS", "choose_reader", "reader_named"]

_CERTAIN = 1.0

BUILT_IN = (
    *(JSON_LINES, JSON, CSV, TSV, TEXT),
    *(PDF, DOCX, ODT, FODT, PPTX, EPUB, RTF),
    *(EML, MBOX, SRT, VTT),
    *(HTML, MHTML, WARC, FEED, WORDPRESS, MEDIAWIKI),
    *(WHATSAPP, SQLITE, PARQUET, SQL, OPENITI),
)
"""The built-in readers. Of two equally confident ones, the first is chosen."""

FORMATS = {reader.name: reader.label for reader in BUILT_IN}
"""The names of the built-in formats and the labels that messages show."""


def reader_named(name: str) -> Reader:
    """Return the reader of the format `name`. Raises `InputError` if there is none or its plug-in fails to load."""
    reader = next((reader for reader in BUILT_IN if reader.name == name), None) or load_plugin(name)
    if reader is None:
        raise InputError(f"unknown format {name!r}; known: {', '.join([*FORMATS, *plugin_names()])}")
    return reader


def choose_reader(content: Content, named: Reader | None = None) -> Reader:
    """Return the reader of a source: `named`, unless the source is a location of another reader's scheme.

    A file with a refused suffix is not opened. Raises `InputError` if no reader reads the source.
    """
    scheme, suffix = content.source.scheme, content.source.suffix
    if scheme is not None:
        return named if named and scheme in named.schemes else _reader_of_scheme(scheme)
    if named is not None:
        return named
    if reader := _built_in_by_suffix().get(suffix):
        return _certain(content) or _of_suffix(reader, content)
    plugins = load_plugins() if suffix else Plugins((), ())
    for reader in plugins.readers:
        if suffix in reader.suffixes:
            return _refined(reader, content)
    if refusal := refusal_of_suffix(suffix):
        raise InputError("; ".join([refusal, *plugins.failures]))
    return _reader_of_content(content, plugins)


def _certain(content: Content) -> Reader | None:
    """Return the built-in reader whose format the first bytes prove, or `None`."""
    binary = (reader for reader in BUILT_IN if reader.binary and reader.sniff)
    return next((reader for reader in binary if reader.sniff and reader.sniff(content) >= _CERTAIN), None)


def _of_suffix(reader: Reader, content: Content) -> Reader:
    """Return the reader of a suffix for content that proves no format; for a file misnamed so, the reader of its content."""
    if refusal := _refusal(content):
        raise InputError(refusal)
    if reader.binary and reader.sniff and not reader.sniff(content):
        return _reader_of_content(content, Plugins((), ()))
    return _refined(reader, content)


def _refusal(content: Content) -> str | None:
    """Return the message that refuses the content by its first bytes, or `None`."""
    return compound_refusal(content) or zip_refusal(content) or refusal_of_bytes(content.stream.head)


def _refined(reader: Reader, content: Content) -> Reader:
    return reader_named(reader.refine(content)) if reader.refine else reader


def _reader_of_scheme(scheme: str) -> Reader:
    if reader := next((reader for reader in BUILT_IN if scheme in reader.schemes), None):
        return reader
    plugins = load_plugins()
    for reader in plugins.readers:
        if scheme in reader.schemes:
            return reader
    readers = (*BUILT_IN, *plugins.readers)
    schemes = ", ".join(sorted({known for reader in readers for known in reader.schemes if "+" not in known}))
    advice = f"known schemes: {schemes}; save the articles to a file, or install a reader for the scheme"
    raise InputError("; ".join([f"no reader reads {scheme}:// locations; {advice}", *plugins.failures]))


def _reader_of_content(content: Content, plugins: Plugins) -> Reader:
    """Return the most confident of the built-in readers and `plugins`, else of all plug-ins."""
    if reader := _certain(content):
        return reader
    refusal = _refusal(content)
    if refusal is None and (reader := _most_confident((*BUILT_IN, *plugins.readers), content)):
        for failure in plugins.failures:  # the reader of this suffix may be among them
            content.tell(failure)
        return reader
    plugins = load_plugins()
    if reader := _most_confident(plugins.readers, content):
        return reader
    refusal = refusal or _unknown(content)
    raise InputError("; ".join([refusal, *plugins.failures]))


def _unknown(content: Content) -> str:
    """Return the message that refuses content which no reader knows."""
    if not content.stream.head:
        return "the file is empty"
    if is_binary(content.head):
        return f"not text; {ADVICE}"
    if is_xml(content.head) or content.source.suffix == ".xml":
        return f"XML of an unknown kind, with the root <{root_name(content.head) or ''}>; {ADVICE}"
    return "not a known type, nor Arabic text; name the format to read it all the same"


def _most_confident(readers: Iterable[Reader], content: Content) -> Reader | None:
    best: Reader | None = None
    highest = 0.0
    for reader in readers:
        if reader.sniff and (confidence := reader.sniff(content)) > highest:
            best, highest = reader, confidence
    return best


@cache
def _built_in_by_suffix() -> dict[str, Reader]:
    return {suffix: reader for reader in BUILT_IN for suffix in reader.suffixes}
