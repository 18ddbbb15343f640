"""The XML members of a package as events with short names, and parts whose failure spares the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from arsearch.errors import InputError
from arsearch.readers.archives import Archive
from arsearch.readers.documents.document import Document
from arsearch.readers.safe_xml import End, Start, XmlEvent, xml_events

__all__ = ["attempt", "member_events", "shortened", "texts"]

_MOST_EVENTS = 20_000_000
"""The most events of one member, about half a minute: a long book has a million."""


def member_events(
    archive: Archive, name: str, shorten: Callable[[str], str], *, doctype: bool = False
) -> Iterator[XmlEvent]:
    """Yield the events of a member with shortened names. Raises `InputError` whose message begins with the member."""
    try:
        events = shortened(xml_events(archive.chunks(name), doctype=doctype), shorten)
        yield from islice(events, _MOST_EVENTS)
        if next(events, None) is not None:
            raise InputError(f"more than {_MOST_EVENTS:,} tags and texts; the part before was read")
    except InputError as error:
        reason = str(error)
        raise InputError(reason if reason.startswith(f"{name}: ") else f"{name}: {reason}") from None


def shortened(events: Iterable[XmlEvent], shorten: Callable[[str], str]) -> Iterator[XmlEvent]:
    """Yield the events with the names of elements and attributes that `shorten` returns for them."""
    known: dict[str, str] = {}

    def name(full: str) -> str:
        found = known.get(full)
        if found is None:
            found = known[full] = shorten(full)
        return found

    for event in events:
        if isinstance(event, Start):
            yield Start(name(event.tag), {name(key): value for key, value in event.attributes.items()})
        elif isinstance(event, End):
            yield End(name(event.tag))
        else:
            yield event


def texts(events: Iterable[XmlEvent]) -> Iterator[tuple[str, str]]:
    """Yield the tag and the text of each element, without the text of elements inside it that came before its end."""
    parts: list[str] = []
    for event in events:
        if isinstance(event, str):
            parts.append(event)
        elif isinstance(event, Start):
            parts.clear()
        else:
            yield event.tag, "".join(parts)
            parts.clear()


def attempt(document: Document, read: Callable[[], None]) -> None:
    """Read a part that the document can do without; note the problem if it is damaged."""
    try:
        read()
    except InputError as error:
        part, _, reason = str(error).partition(": ")
        whole = not reason or part == "not read"  # a limit of the text, not a failure of one member
        document.problems.append(("", str(error)) if whole else (part, reason))
