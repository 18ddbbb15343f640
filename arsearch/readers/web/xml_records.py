"""The records of a large XML file, such as the pages of a dump, one after another in bounded memory.

A record that is not well-formed costs only itself: parsing resumes at the next start tag of a record. A DOCTYPE is
refused, because it can define entities that expand without limit. Names keep their prefixes (`content:encoded`).
Source: Extensible Markup Language (XML) 1.0, fifth edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from arsearch.errors import InputError
from arsearch.readers.lines import LONGEST, too_long

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

__all__ = ["Element", "XmlRecords", "declared_encoding"]

_DEEPEST = 64
_LONGEST_START = 256
_LONGEST_TOKEN = 8 << 20
_MOST_NAMES = 50_000
_MOST_PARTS = 200_000
_DECLARED = re.compile(r"""<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.:-]*)["']""")


def declared_encoding(head: str) -> str | None:
    """Return the encoding that the XML declaration names, or `None`."""
    match = _DECLARED.match(head.lstrip("\ufeff \t\r\n"))
    return match[1] if match else None


@dataclass(slots=True)
class Element:
    """An element with its own text and its children, or the problem of a record."""

    name: str
    line: int
    """The line of the start tag, from 1."""

    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)
    problem: str | None = None

    @property
    def text(self) -> str:
        """The text directly inside this element."""
        return "".join(self.parts)

    def find(self, name: str) -> Element | None:
        """Return the first child with this name, or `None`."""
        return next((child for child in self.children if child.name == name), None)

    def text_of(self, name: str) -> str:
        """Return the stripped text of the first child with this name; empty without one."""
        child = self.find(name)
        return child.text.strip() if child else ""


class XmlRecords:
    """The elements called `record`, and the elements called one of `others` outside of records. Iterate once.

    Of several children called `last_of` in a record, only the last is kept. Iteration raises `InputError` for a DOCTYPE,
    and at the end for a file that is cut short.

    Args:
        chunks: The bytes of the file, in an encoding that extends ASCII.
        encoding: The encoding of the bytes; `None` leaves it to the XML declaration.
    """

    def __init__(
        self,
        chunks: Iterable[bytes],
        record: str,
        *,
        others: Iterable[str] = (),
        last_of: str | None = None,
        encoding: str | None = None,
    ) -> None:
        self._chunks = chunks
        self._record = record
        self._wanted = frozenset((record, *others))
        self._last_of = last_of
        self._encoding = encoding
        self._start_tag = re.compile(rb"<" + re.escape(record.encode()) + rb"[\s>]")
        self._ready: list[Element] = []
        self._open: list[Element] = []  # the wanted element and the open elements inside it
        self._outside: list[str] = []  # the names of the open elements around it
        self._size = self._parts = 0
        self._lines_before = 0  # lines that earlier parsers consumed
        self._parser = self._new_parser()

    def __iter__(self) -> Iterator[Element]:
        fed = 0  # bytes that the current parser has had
        fed_last = b""
        skipping = False
        tail = b""
        for chunk in self._chunks:
            rest: bytes | None = tail + chunk if skipping else chunk
            tail = b""
            while rest is not None:
                if skipping:
                    match = self._start_tag.search(rest)
                    if match is None:
                        self._lines_before += rest.count(b"\n", 0, max(0, len(rest) - 64))
                        tail = rest[-64:]
                        break
                    self._lines_before += rest.count(b"\n", 0, match.start())
                    rest = rest[match.start() :]
                    fed = self._restart()
                    fed_last = b""
                    skipping = False
                place = self._feed(rest)
                yield from self._taken()
                if place is None:
                    fed += len(rest)
                    fed_last = rest[-_LONGEST_START:]
                    rest = None
                else:  # the place may be in the bytes before, if a tag is divided
                    self._lines_before = self._line - 1
                    start = max(place - fed, -len(fed_last))
                    rest = fed_last[start:] + rest if start < 0 else rest[start:]
                    skipping = True
        if not skipping:
            self._finish()
            yield from self._taken()

    @property
    def _line(self) -> int:
        return self._lines_before + self._parser.CurrentLineNumber

    def _taken(self) -> Iterator[Element]:
        while self._ready:
            yield self._ready.pop(0)

    def _feed(self, data: bytes) -> int | None:
        """Parse `data`. Return where to look for the next record after an error, in the bytes that this parser has had.

        `None` means that there was no error.
        """
        from xml.parsers.expat import ExpatError

        try:
            self._parser.Parse(data, False)
            self._check_memory(len(data))
        except ExpatError as error:
            self._fail(f"not well-formed XML: {str(error).partition(':')[0]}")
            # skip a byte: the start tag of the record that failed must not be found again
            return self._parser.ErrorByteIndex + 1
        except _NestedError:
            self._fail(f"<{self._record}> is not closed before the next one begins")
            return self._parser.CurrentByteIndex
        except InputError:  # a DOCTYPE; an InputError is a ValueError
            raise
        except (LookupError, ValueError) as error:  # an unknown or a multi-byte encoding
            raise InputError(f"the encoding of the XML declaration cannot be read: {error}") from None
        return None

    def _check_memory(self, size: int) -> None:
        """Raise `InputError` if expat keeps an endless tag or comment, or very many names."""
        self._fed += size
        if self._fed - max(0, self._parser.CurrentByteIndex) > _LONGEST_TOKEN + size:
            raise InputError(f"not read: a tag or comment of more than {_LONGEST_TOKEN:,} bytes at line {self._line}")
        if len(self._parser.intern) > _MOST_NAMES:
            raise InputError(f"not read: more than {_MOST_NAMES:,} different names of elements and attributes")

    def _finish(self) -> None:
        from xml.parsers.expat import ExpatError

        try:
            self._parser.Parse(b"", True)
        except ExpatError as error:
            reason = str(error).partition(":")[0]
            self._fail(f"the file is cut short or not XML ({reason}); the part before was read")

    def _fail(self, problem: str) -> None:
        line = self._open[0].line if self._open else self._line
        self._ready.append(Element(self._record, line, problem=problem))
        self._open = []

    def _restart(self) -> int:
        """Replace the parser by one inside the same outer elements; return the number of bytes that it has had."""
        self._parser = self._new_parser()
        around, self._outside = self._outside, []
        prefix = "".join(f"<{name}>" for name in around or ["records"]).encode()
        self._parser.Parse(prefix, False)
        self._fed = len(prefix)
        return len(prefix)

    def _new_parser(self) -> XMLParserType:
        from xml.parsers.expat import ParserCreate

        parser = ParserCreate(self._encoding)
        self._fed = 0
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        return parser

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._outside) + len(self._open) >= _DEEPEST:
            raise InputError(f"elements nested deeper than {_DEEPEST}; is this a file of articles?")
        if not self._open and name not in self._wanted:
            self._outside.append(name)
            return
        if self._open and name == self._record == self._open[0].name:
            raise _NestedError
        element = Element(name, self._line, attributes)
        if not self._open:
            self._size = self._parts = 0
        elif self._open[0].problem is None:
            parent = self._open[-1]
            if name == self._last_of and len(self._open) == 1:
                parent.children = [child for child in parent.children if child.name != name]
                self._size = self._parts = 0
            self._count(64 + sum(map(len, attributes.values())))
            parent.children.append(element)
        self._open.append(element)

    def _end(self, _name: str) -> None:
        if not self._open:
            self._outside.pop()
            return
        element = self._open.pop()
        if not self._open:
            self._ready.append(element)

    def _text(self, text: str) -> None:
        if self._open and self._open[0].problem is None:
            self._open[-1].parts.append(text)
            self._count(len(text))

    def _count(self, size: int) -> None:
        self._size += size
        self._parts += 1
        if self._size > LONGEST or self._parts > _MOST_PARTS:
            self._open[0].problem = too_long(f"an element <{self._open[0].name}>")
            for element in self._open:
                element.children, element.parts = [], []


class _NestedError(Exception):
    """A record begins inside another."""


def _refuse_doctype(*_: object) -> None:
    raise InputError("the XML has a DOCTYPE, which can define entities without limit; remove it")
