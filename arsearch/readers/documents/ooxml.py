"""The common parts of Office Open XML packages: names, relationships and properties.

Sources: ECMA-376 part 1 (transitional) and ISO/IEC 29500 (strict), whose namespaces differ; part 2 for relationships.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from arsearch.errors import InputError
from arsearch.readers.archives import Archive
from arsearch.readers.documents.document import Document
from arsearch.readers.documents.members import attempt, member_events, texts
from arsearch.readers.safe_xml import Start, XmlEvent

__all__ = ["Relation", "first_of", "main_part", "part_events", "read_properties", "relations", "short"]

_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_PREFIXES = {
    "w": ("wordprocessingml/2006/main", "wordprocessingml/main"),
    "m": ("officeDocument/2006/math", "officeDocument/math"),
    "r": ("officeDocument/2006/relationships", "officeDocument/relationships"),
    "a": ("drawingml/2006/main", "drawingml/main"),
    "p": ("presentationml/2006/main", "presentationml/main"),
    "c": ("drawingml/2006/chart", "drawingml/chart"),
}
_NAMES = {
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    **{_TRANSITIONAL + transitional: prefix for prefix, (transitional, _) in _PREFIXES.items()},
    **{_STRICT + strict: prefix for prefix, (_, strict) in _PREFIXES.items()},
}
_PROPERTIES = {
    "title": "title", "creator": "author", "created": "date", "modified": "modified", "language": "language", "keywords": "tags",
    "description": "description", "category": "category",
}  # fmt: skip


class Relation(NamedTuple):
    """A relationship of a part to another one."""

    kind: str
    """The last part of the type's URI, such as `footnotes`."""

    target: str
    """The name of the member."""


def short(name: str) -> str:
    """Return a name with the usual prefix of its namespace, such as `w:p`; the local name for other namespaces."""
    uri, _, local = name.rpartition("}")
    prefix = _NAMES.get(uri[1:])
    return f"{prefix}:{local}" if prefix else local


def part_events(archive: Archive, name: str) -> Iterator[XmlEvent]:
    """Yield the events of a part with short names. Raises `InputError` that names the part."""
    return member_events(archive, name, short)


def relations(archive: Archive, part: str, document: Document) -> dict[str, Relation]:
    """Return the relationships of a part by id; those of the package for the part "". Without any, an empty mapping.

    Targets outside of the package are left out. Damage is noted as a problem, and what came before it is returned.
    """
    folder, base = posixpath.split(part)
    name = archive.find(posixpath.join(folder, "_rels", f"{base}.rels"))
    found: dict[str, Relation] = {}

    def read(name: str) -> None:
        for event in part_events(archive, name):
            if not isinstance(event, Start) or event.tag != "Relationship":
                continue
            values = event.attributes
            if values.get("TargetMode") == "External" or not values.get("Target"):
                continue
            target = posixpath.normpath(posixpath.join("/", folder, values["Target"])).lstrip("/")
            found[values.get("Id", "")] = Relation(values.get("Type", "").rpartition("/")[2], target)

    if name is not None:
        attempt(document, partial(read, name))
    return found


def main_part(archive: Archive, document: Document, default: str, label: str) -> tuple[list[Relation], str]:
    """Return the relationships of the package and the name of its main part; `default` is the usual name.

    Members that lead out of the archive become problems. Raises `InputError` for a package without a main part, which
    is then no `label`.
    """
    document.problems.extend((name, "leads out of the archive; left out") for name in archive.left_out)
    package = list(relations(archive, "", document).values())
    main = first_of("officeDocument", package, archive, default)
    if main is None:
        raise InputError(f"no {default} in it; it is no {label}, or a damaged one")
    return package, main


def first_of(kind: str, found: Iterable[Relation], archive: Archive, default: str) -> str | None:
    """Return the member of the first relationship of a kind, else the member `default`, else `None`."""
    targets = [relation.target for relation in found if relation.kind == kind]
    return next((name for target in [*targets, default] if (name := archive.find(target))), None)


def read_properties(archive: Archive, package: Iterable[Relation], document: Document) -> None:
    """Keep the core properties of a package: title, creator, date, language, keywords, description."""
    name = first_of("core-properties", package, archive, "docProps/core.xml")
    if name is None:
        return
    for tag, text in texts(part_events(archive, name)):
        if field := _PROPERTIES.get(tag):
            document.describe(field, text)
