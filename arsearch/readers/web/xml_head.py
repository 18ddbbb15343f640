"""What the beginning of an XML file tells: its root element and the encoding of its bytes."""

from __future__ import annotations

import re

from arsearch.readers.content import Content
from arsearch.readers.web.xml_records import declared_encoding

__all__ = ["byte_encoding", "is_xml", "root_name"]

_BEFORE_ROOT = re.compile(
    r"\s+|<\?[^>]*\?>|<!--(?:[^-]|-(?!->))*-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE
)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")


def root_name(head: str) -> str | None:
    """Return the lower-case name of the root element without its prefix, or `None` if `head` is not markup."""
    at = len(head) - len(head.lstrip("\ufeff"))
    while match := _BEFORE_ROOT.match(head, at):
        at = match.end()
    root = _ROOT.match(head, at)
    return root[1].rpartition(":")[2].lower() if root else None


def is_xml(head: str) -> bool:
    """Return whether `head` begins with an XML declaration."""
    return head.lstrip("\ufeff \t\r\n").startswith("<?xml")


def byte_encoding(content: Content) -> str | None:
    """Return the encoding of `content.chunks` for an XML parser; `None` leaves it to the XML declaration.

    A declaration is right unless the caller named an encoding, or the bytes were UTF-16 or UTF-32, which arrive as UTF-8.
    """
    encoding = content.encoding
    if encoding.codec.startswith(("utf-16", "utf-32")):
        return "utf-8"
    if not encoding.given and declared_encoding(content.head):
        return None
    return encoding.codec.replace("cp125", "windows-125").replace("iso8859", "iso-8859").replace("8859_", "8859-")
