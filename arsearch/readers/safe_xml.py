"""XML parsed as a stream of events or of elements, within limits that crafted files cannot pass.

A document type declaration is refused, and with it every entity that a file can declare: billion laughs, quadratic blowup
and external entities are impossible. Depth, tokens, distinct names and elements are limited, so memory is bounded however
long a file is. A damaged or cut file delivers its events up to the damage; then `InputError` is raised.

Sources: XML 1.0 (5th edition), section 2.8 (prolog) and 4.1 (references); Python's documentation of XML vulnerabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from arsearch.errors import InputError
from arsearch.readers.lines import LONGEST

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element, TreeBuilder
    from xml.parsers.expat import XMLParserType

__all__ = ["DEEPEST", "End", "Start", "XmlEvent", "without", "xml_elements", "xml_events"]

DEEPEST = 500
"""The most elements that may be nested."""

_LONGEST_TOKEN = 8 << 20
"""The most bytes of one tag with its attributes, comment or instruction: expat keeps an unfinished one in memory."""

_MOST_NAMES = 50_000
"""The most distinct names of elements and attributes: expat keeps each of them."""

_COST_OF_ELEMENT = 200
"""The bytes that an element takes beside its text, about."""


class Start(NamedTuple):
    """The start tag of an element."""

    tag: str
    """The name as ElementTree writes it: `{namespace}name`, or `name` outside a namespace."""

    attributes: dict[str, str]
    """The attributes by their names, written like `tag`."""


class End(NamedTuple):
    """The end tag of an element."""

    tag: str


XmlEvent = Start | End | str
"""A start tag, an end tag, or a piece of text. The text of an element may come in several pieces."""


def xml_events(chunks: Iterable[bytes], *, doctype: bool = False) -> Iterator[XmlEvent]:
    """Yield the events of an XML file in order. Comments and processing instructions are left out.

    Args:
        chunks: The bytes of the file, encoded as its declaration says.
        doctype: Accept a document type declaration without declarations of its own, as old XHTML and NCX files have one.
            The external file is never read; its entities become the characters of HTML, or U+FFFD if HTML lacks them.

    Raises:
        InputError: After the last good event, with line and column, if the file is damaged, cut, beyond a limit, or has a
            document type declaration.
    """
    from xml.parsers.expat import ExpatError

    events: list[XmlEvent] = []
    names: dict[str, str] = {}
    parser = _parser(events, names, doctype)
    fed = 0
    try:
        for chunk in chunks:
            fed += len(chunk)
            parser.Parse(chunk, False)
            if fed - max(0, parser.CurrentByteIndex) > _LONGEST_TOKEN + len(chunk):
                raise InputError(f"not read: a tag or comment of more than {_LONGEST_TOKEN:,} bytes")
            if len(names) > _MOST_NAMES:
                raise InputError(f"not read: more than {_MOST_NAMES:,} different names of elements and attributes")
            yield from events
            events.clear()
        parser.Parse(b"", True)
        yield from events
    except ExpatError as error:
        parser.buffer_text = False  # delivers the text before the damage
        yield from events
        raise InputError(_reason(error, fed)) from None
    except (InputError, UnicodeError, LookupError, ValueError) as error:
        parser.buffer_text = False
        yield from events
        reason = str(error) if isinstance(error, InputError) else f"its encoding is unknown or not read ({error})"
        if "was read" in reason or "was not read" in reason:  # of the source of the chunks
            raise InputError(reason) from None
        raise InputError(f"{reason} at line {parser.CurrentLineNumber}; the part before was read") from None


def xml_elements(
    chunks: Iterable[bytes], tags: Collection[str], *, doctype: bool = False
) -> Iterator[tuple[Element, str | None]]:
    """Yield each element whose tag is among `tags`, complete with its children, and the problem if it is not complete.

    Only one element is in memory at a time. An element inside another of `tags` is part of that one. An element with more
    than `LONGEST` bytes of text and children comes with the part that fits and a problem. Takes the arguments of
    `xml_events`, and raises `InputError` as it does.
    """
    from xml.etree.ElementTree import TreeBuilder

    builder: TreeBuilder | None = None
    depth = built = size = 0  # the open elements, and how many of them are in the tree
    for event in xml_events(chunks, doctype=doctype):
        if builder is None:
            if not isinstance(event, Start) or event.tag not in tags:
                continue
            builder, depth, built, size = TreeBuilder(), 0, 0, 0
        kept = size <= LONGEST
        if isinstance(event, str):
            size += len(event)
            if kept:
                builder.data(event)
        elif isinstance(event, Start):
            size += _COST_OF_ELEMENT + sum(map(len, event.attributes.values()))
            depth += 1
            if kept:
                built += 1
                builder.start(event.tag, event.attributes)
        elif depth > built:
            depth -= 1
        else:
            element = builder.end(event.tag)
            depth = built = depth - 1
            if depth == 0:
                yield element, None if size <= LONGEST else _too_large(event.tag)
                builder = None


def without(events: Iterable[XmlEvent], unwanted: Callable[[Start], bool]) -> Iterator[XmlEvent]:
    """Yield the events without the elements that `unwanted` names, and without all that is inside them."""
    depth = 0
    for event in events:
        if depth:
            depth += isinstance(event, Start) - isinstance(event, End)
        elif isinstance(event, Start) and unwanted(event):
            depth = 1
        else:
            yield event


def _too_large(tag: str) -> str:
    return f"not read to its end: an element {tag.rpartition('}')[2]} of more than {LONGEST:,} bytes; divide it"


def _parser(events: list[XmlEvent], names: dict[str, str], doctype: bool) -> XMLParserType:
    """Return a parser that appends to `events` and keeps the names it met in `names`."""
    from xml.parsers.expat import ParserCreate

    parser = ParserCreate(namespace_separator="}", intern=names)
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise InputError(f"not read: more than {DEEPEST} elements inside each other")
        if any("}" in name for name in attributes):
            attributes = {_clark(name): value for name, value in attributes.items()}
        events.append(Start(_clark(tag), attributes))

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        events.append(End(_clark(tag)))

    def declare_doctype(_name: str, _system: str | None, _public: str | None, has_declarations: bool) -> None:
        if has_declarations or not doctype:
            raise InputError("not read: XML with a DOCTYPE, which can declare entities; remove the declaration")

    def skip_entity(name: str, is_parameter: bool) -> None:
        from html.entities import html5

        if not is_parameter:
            events.append(html5.get(f"{name};", "\ufffd"))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = events.append
    parser.StartDoctypeDeclHandler = declare_doctype
    parser.SkippedEntityHandler = skip_entity
    return parser


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name


def _reason(error: Exception, fed: int) -> str:
    from xml.parsers.expat import ErrorString, errors

    code, line, column = (getattr(error, name, 0) for name in ("code", "lineno", "offset"))
    message = ErrorString(code)
    if not fed:
        return "not XML: the file is empty"
    if message in (errors.XML_ERROR_NO_ELEMENTS, errors.XML_ERROR_UNCLOSED_TOKEN, errors.XML_ERROR_PARTIAL_CHAR):
        return f"the XML is cut short at line {line}, column {column + 1}; the part before was read"
    return f"not well-formed XML: {message} at line {line}, column {column + 1}; the part before was read"
