"""E-books: the documents of the spine in reading order as one article, with the chapters as headings.

The navigation document and the cover are left out. Titles of the table of contents become headings where they lead.
Sources: EPUB 3.3, chapters 4 (container), 5 (package document) and 7 (navigation); OPF 2.0.1 (guide) and NCX of EPUB 2.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.archives import Archive
from arsearch.readers.content import Content
from arsearch.readers.documents.document import Document, document_records
from arsearch.readers.documents.kinds import has_zip_kind
from arsearch.readers.documents.members import attempt, member_events
from arsearch.readers.html.encoding import decode_html
from arsearch.readers.html.text import add_html
from arsearch.readers.html.tokens import html_events
from arsearch.readers.reader import Reader
from arsearch.readers.safe_xml import Start, XmlEvent

__all__ = ["EPUB", "read_epub"]

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_ENTITY = re.compile(r"<!DOCTYPE[^>\[]*\[[^\]]*<!ENTITY", re.IGNORECASE)
_HEAD = 1 << 14
_LONGEST_CHAPTER = 1 << 25
_MOST_ENTRIES = 50_000
_LEFT_OUT = ("cover", "toc")  # the kinds of references in a guide
_PROPERTIES = {
    "title": "title", "creator": "author", "date": "date", "language": "language", "publisher": "source", "subject": "tags",
    "description": "description", "identifier": "identifier",
}  # fmt: skip
_JOINED = {"author": ", ", "tags": ","}


@dataclass(slots=True)
class _Package:
    """The package document: its metadata and the members that it names."""

    metadata: list[tuple[str, str]] = field(default_factory=list)
    members: dict[str, str] = field(default_factory=dict)  # by id
    types: dict[str, str] = field(default_factory=dict)  # the media types, by member
    spine: list[str] = field(default_factory=list)  # ids
    ncx: str | None = None
    nav: str | None = None
    left_out: set[str] = field(default_factory=set)


def read_epub(content: Content) -> Iterator[Record]:
    """Yield the book as one record, then a problem for each part that is damaged, missing or encrypted."""
    yield from document_records(content, _read)


def _read(content: Content, document: Document) -> None:
    with Archive(content.spooled, content.max_bytes) as archive:
        document.problems.extend((name, "leads out of the archive; left out") for name in archive.left_out)
        package = _package(archive, document)
        for property, text in package.metadata:
            document.describe(_PROPERTIES[property], text, joined_by=_JOINED.get(_PROPERTIES[property], ""))
        encrypted: set[str] = set()
        attempt(document, lambda: encrypted.update(_encrypted(archive)))
        attempt(document, lambda: document.toc.extend(_toc(archive, package)))
        for id in package.spine:
            member = package.members.get(id)
            if document.flow.full:
                break
            if member is None:
                document.problems.append(("", f"the spine names {id[:60]!r}, which the manifest lacks"))
            elif member in encrypted:
                document.problems.append((member, "encrypted (DRM); not read"))
            elif member != package.nav and member not in package.left_out and _is_text(package.types[member]):
                _read_chapter(archive, member, document)


def _read_chapter(archive: Archive, member: str, document: Document) -> None:
    def read() -> None:
        text = decode_html(archive.read(member, _LONGEST_CHAPTER))
        if _ENTITY.search(text, 0, _HEAD):
            document.problems.append((member, "its DOCTYPE declares entities, which are not expanded"))
        document.flow.anchor(member)
        add_html(text, document.flow, member)

    attempt(document, read)


def _is_text(media_type: str) -> bool:
    return not media_type.startswith(("image/", "audio/", "video/"))


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _package(archive: Archive, document: Document) -> _Package:
    """Return what the package document says, up to its damage. Without a spine, the chapters in the archive's order."""
    package = _Package()
    root = _root(archive, document)
    if root is not None:
        attempt(document, lambda: _read_package(archive, root, package))
    if not package.spine:
        chapters = [name for name in archive.names if name.lower().endswith((".xhtml", ".html", ".htm"))]
        if not chapters:
            raise InputError("neither a package document (.opf) with a spine nor a chapter in it; it is no e-book")
        document.problems.append((root or "", "no spine, which orders the chapters; they are in the archive's order"))
        package.spine = chapters
        package.members = {name: name for name in chapters}
        package.types = dict.fromkeys(chapters, "")
    return package


def _root(archive: Archive, document: Document) -> str | None:
    """Return the package document that the container names first, else the first `.opf` member, else `None`."""
    paths: list[str] = []

    def read() -> None:
        for event in member_events(archive, _CONTAINER, _local, doctype=True):
            if isinstance(event, Start) and event.tag == "rootfile":
                paths.append(_unquoted(event.attributes.get("full-path", "")))

    if archive.find(_CONTAINER):
        attempt(document, read)
    paths += [name for name in archive.names if name.lower().endswith(".opf")]
    return next((name for path in paths if (name := archive.find(path))), None)


def _read_package(archive: Archive, root: str, package: _Package) -> None:
    starts: dict[str, str] = {}
    texts: list[str] = []
    for event in member_events(archive, root, _local, doctype=True):
        if isinstance(event, str):
            texts.append(event)
        elif isinstance(event, Start):
            texts.clear()
            starts = event.attributes
            _note(package, event, root)
        elif event.tag in _PROPERTIES and starts.get("event") not in ("modification", "creation"):
            package.metadata.append((event.tag, "".join(texts)))


def _note(package: _Package, start: Start, root: str) -> None:
    values = start.attributes
    if start.tag == "item":
        member = _resolved(root, values.get("href", ""))
        package.members.setdefault(values.get("id", ""), member)
        package.types[member] = values.get("media-type", "")
        if "nav" in values.get("properties", "").split():
            package.nav = member
    elif start.tag == "spine":
        package.ncx = values.get("toc")
    elif start.tag == "itemref" and len(package.spine) < _MOST_ENTRIES:
        package.spine.append(values.get("idref", ""))
    elif start.tag == "reference" and values.get("type") in _LEFT_OUT:
        package.left_out.add(_resolved(root, values.get("href", "")))


def _resolved(base: str, reference: str) -> str:
    """Return the member that a reference in the member `base` leads to, without its fragment."""
    path = _unquoted(reference.partition("#")[0].partition("?")[0])
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), path)).lstrip("/")


def _unquoted(reference: str) -> str:
    from urllib.parse import unquote

    return unquote(reference)


def _target(base: str, reference: str) -> str:
    """Return the anchor that a reference leads to: the member, with the fragment if there is one."""
    fragment = _unquoted(reference.partition("#")[2])
    return _resolved(base, reference) + (f"#{fragment}" if fragment else "")


def _encrypted(archive: Archive) -> Iterator[str]:
    """Yield the members that are encrypted, but for fonts that are only obfuscated."""
    if not archive.find(_ENCRYPTION):
        return
    algorithm = ""
    for event in member_events(archive, _ENCRYPTION, _local):
        if isinstance(event, Start) and event.tag == "EncryptionMethod":
            algorithm = event.attributes.get("Algorithm", "")
        elif isinstance(event, Start) and event.tag == "CipherReference" and algorithm not in _FONT_ALGORITHMS:
            yield _unquoted(event.attributes.get("URI", ""))


def _toc(archive: Archive, package: _Package) -> Iterator[tuple[str, str, int]]:
    """Yield the entries of the table of contents: the anchors, the titles and the levels from 1."""
    nav, ncx = package.nav, package.members.get(package.ncx or "")
    if nav and archive.find(nav):
        yield from _nav_entries(html_events(decode_html(archive.read(nav, _LONGEST_CHAPTER))), nav)
    elif ncx and archive.find(ncx):
        yield from _ncx_entries(member_events(archive, ncx, _local, doctype=True), ncx)


def _nav_entries(events: Iterator[XmlEvent], base: str) -> Iterator[tuple[str, str, int]]:
    depth = 0
    inside = False
    link: str | None = None
    title: list[str] = []
    for event in events:
        if isinstance(event, str):
            title.append(event)
        elif isinstance(event, Start):
            if event.tag == "nav":
                inside = "toc" in event.attributes.get("epub:type", event.attributes.get("role", "")).split()
            elif event.tag == "ol" and inside:
                depth += 1
            elif event.tag == "a" and inside:
                link = event.attributes.get("href")
                title.clear()
        elif event.tag == "nav":
            inside = False
        elif event.tag == "ol" and inside:
            depth -= 1
        elif event.tag == "a" and link is not None:
            if text := " ".join("".join(title).split()):
                yield _target(base, link), text, max(1, depth)
            link = None


def _ncx_entries(events: Iterator[XmlEvent], base: str) -> Iterator[tuple[str, str, int]]:
    depth = 0
    title: list[str] = []
    label = ""
    for event in events:
        if isinstance(event, str):
            title.append(event)
        elif isinstance(event, Start):
            if event.tag == "navPoint":
                depth += 1
            elif event.tag == "text":
                title.clear()
            elif event.tag == "content" and label:
                yield _target(base, event.attributes.get("src", "")), label, max(1, depth)
        elif event.tag == "text":
            label = " ".join("".join(title).split())
        elif event.tag == "navPoint":
            depth -= 1


EPUB = Reader(
    name="epub",
    label="EPUB",
    suffixes=(".epub",),
    binary=True,
    sniff=lambda content: has_zip_kind(content, "epub"),
    read=read_epub,
)
