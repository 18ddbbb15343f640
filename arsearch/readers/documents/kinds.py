"""The kinds of zip archives and of compound files (OLE), told by their members, whatever the name of the file is.

Sources: ECMA-376 part 2 (OPC); OpenDocument 1.3 part 2, section 3.3 (mimetype); EPUB 3.3, section 4.3 (mimetype);
[MS-CFB] 2.6 (directory entries) and [MS-OFFCRYPTO] 1.3.3 (EncryptedPackage).
"""

from __future__ import annotations

from collections.abc import Sequence

from arsearch.errors import InputError
from arsearch.readers.archives import Archive, member_names
from arsearch.readers.content import Content

__all__ = ["compound_refusal", "has_zip_kind", "zip_kind", "zip_refusal"]

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOLDERS = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx", "META-INF/container.xml": "epub", "visio/": "vsdx"}
_TYPES = (
    ("application/epub+zip", "epub"), ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.presentation", "odt"), ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.sun.xml.writer", "sxw"),
)  # fmt: skip
_UNREAD_ZIPS = {
    "xlsx": "a spreadsheet is not read as a document; save each sheet as CSV",
    "ods": "a spreadsheet is not read as a document; save each sheet as CSV",
    "vsdx": "a drawing is not read; save it as PDF",
    "sxw": "a document of OpenOffice 1 is not read; open it in LibreOffice and save it as .odt",
}
_STREAMS = (  # in this order: a file may hold others
    ("EncryptedPackage", "an Office file encrypted with a password; open it, remove the password and save it anew"),
    ("__properties_version1.0", "an Outlook message (.msg) is not read; save it as .eml"),
    (
        "WordDocument",
        "a Word 97-2003 document is not read; save it as .docx (soffice --headless --convert-to docx FILE)",
    ),
    (
        "PowerPoint Document",
        "a PowerPoint 97-2003 presentation is not read; save it as .pptx (soffice --headless --convert-to pptx FILE)",
    ),
    ("Workbook", "an Excel 97-2003 workbook is not read; save each sheet as CSV"),
    ("Book", "an Excel 5 workbook is not read; save each sheet as CSV"),
)
_OTHER = "an Office 97-2003 file, or another compound file, is not read; save it in a format of today"


def zip_kind(content: Content) -> str | None:
    """Return the kind of a zip archive, such as `docx`; "" for an archive of another kind, `None` for what is no archive.

    The first members decide. Only if the first 64 KiB do not tell, the directory at the end is read.
    """
    head = content.stream.head
    if not head.startswith(_ZIP):
        return None
    if kind := _kind_of_type(head) or _kind_of_names(member_names(head)):
        return kind
    try:
        archive = Archive(content.spooled, content.max_bytes)
        kind = _kind_of_names(archive.names)
        if not kind and archive.find("mimetype"):
            kind = _kind_of_type(archive.read("mimetype", 1000))
        content.spooled.seek(0)
    except InputError:
        return ""
    return kind


def has_zip_kind(content: Content, kind: str) -> float:
    """Return 1.0 if the content is a zip archive of the kind, else 0.0."""
    return 1.0 if zip_kind(content) == kind else 0.0


def zip_refusal(content: Content) -> str | None:
    """Return the message that refuses a known kind of zip archives, or `None`."""
    return _UNREAD_ZIPS.get(zip_kind(content) or "")


def compound_refusal(content: Content) -> str | None:
    """Return the message that refuses a compound file by the streams in its directory, or `None` for other files."""
    if not content.stream.head.startswith(_COMPOUND):
        return None
    entries = [(name.encode("utf-16-le") + b"\0\0", message) for name, message in _STREAMS]
    longest = max(len(name) for name, _ in entries)
    found: set[str] = set()
    before = b""
    try:
        file = content.spooled
        while chunk := file.read(1 << 20):
            block = before + chunk
            found.update(message for name, message in entries if name in block)
            before = block[-longest:]
    except InputError as problem:
        return str(problem)
    return next((message for _, message in _STREAMS if message in found), _OTHER)


def _kind_of_type(head: bytes) -> str:
    """Return the kind that a stored member `mimetype` at the beginning tells, or ""."""
    start = head[:400]
    return next((kind for type, kind in reversed(_TYPES) if type.encode() in start), "")


def _kind_of_names(names: Sequence[str]) -> str:
    folded = [name.replace("\\", "/") for name in names]
    return next((kind for start, kind in _FOLDERS.items() if any(name.startswith(start) for name in folded)), "")
