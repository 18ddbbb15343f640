r"""Rich Text Format: paragraphs, headings, tables row by row, text boxes and notes, as they would be printed.

Tracked deletions, hidden text, comments, instructions of fields, bullets, headers and footers are left out.
The parser is our own because striprtf loses footnotes, keeps hidden and deleted text, and knows no headings.
Source: Rich Text Format Specification 1.9.1 (Microsoft, 2008).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.documents.document import Document, document_records
from arsearch.readers.documents.rtf_groups import Group
from arsearch.readers.documents.rtf_pages import PAGING, Paging
from arsearch.readers.documents.rtf_words import CHARACTERS, CODE_PAGES, KEPT, SKIPPED, codec_of_charset
from arsearch.readers.reader import Reader

__all__ = ["RTF", "read_rtf"]

_MAGIC = b"{\\rtf"
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\'?",
    re.DOTALL,
)
_LONGEST_TOKEN = 64
_DEEPEST = 5_000
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_FIELDS = {"title": "title", "author": "author", "keywords": "tags", "doccomm": "description"}
_TIME = ("yr", "mo", "dy", "hr", "min", "sec")


def read_rtf(content: Content) -> Iterator[Record]:
    """Yield the document as one record, then a problem if it is cut short."""
    yield from document_records(content, _read)


def _read(content: Content, document: Document) -> None:
    parser = _Parser(document)
    rest = b""
    try:
        for chunk in content.stream:
            rest = parser.feed(rest + chunk)
    finally:
        parser.feed(rest, final=True)
    if parser.depth:
        raise InputError("the document is cut short: it ends inside a group; the part before was read")


class _Parser:
    """The parser, which is fed blocks of bytes."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._flow = document.flow
        self._paging = Paging(document.flow)
        self._group = Group()
        self._groups: list[Group] = []
        self._codec = "cp1252"
        self._default_font = 0
        self._fonts: dict[int, str] = {}  # the encodings
        self._styles: dict[int, int | None] = {}  # the levels
        self._title_styles: set[int] = set()
        self._style = 0
        self._level: int | None = None
        self._in_table = False
        self._row = self._cell = False  # whether they are open
        self._rows_around: list[tuple[bool, bool]] = []  # the same for the text around each open box
        self._bytes = bytearray()  # not decoded yet
        self._to_skip = 0  # characters after \u
        self._binary = 0  # bytes of \bin
        self._starred = False
        self._surrogate = 0
        self._captured: list[str] = []
        self._title: list[str] = []
        self._time: dict[str, int] = {}

    @property
    def depth(self) -> int:
        """The number of open groups."""
        return len(self._groups)

    def feed(self, data: bytes, *, final: bool = False) -> bytes:
        """Parse a block and return its rest, which the next block must begin with."""
        at = 0
        end = len(data) if final else len(data) - _LONGEST_TOKEN
        while at < end:
            if self._binary:
                step = min(self._binary, len(data) - at)
                self._binary -= step
                at += step
                continue
            match = _TOKEN.match(data, at)
            if match is None:  # no byte is without a token
                break
            at = match.end()
            self._token(match)
        if final:
            self._decode()
        return data[at:]

    def _token(self, match: re.Match[bytes]) -> None:
        word, number, code, symbol, brace, text = match.groups()
        if text is not None:
            self._raw(text)
        elif code is not None:
            self._raw(bytes((int(code, 16),)))
        elif word is not None:
            self._word(word.decode("ascii"), None if number is None else int(number))
        elif brace == b"{":
            self._begin_group()
        elif brace == b"}":
            self._end_group()
        elif symbol is not None:
            self._symbol(symbol)

    def _begin_group(self) -> None:
        self._decode()
        if len(self._groups) >= _DEEPEST:
            raise InputError(f"not read to its end: more than {_DEEPEST:,} groups inside each other")
        self._groups.append(self._group)
        self._group = copy(self._group)
        self._group.begins_box = self._starred = False
        self._to_skip = 0

    def _end_group(self) -> None:
        self._decode()
        self._to_skip = 0
        if not self._groups:
            return
        group, self._group = self._group, self._groups.pop()
        if group.begins_box:
            self._close_row()
            self._flow.end_box()
            self._row, self._cell = self._rows_around.pop()
            self._in_table = self._row
        if group.destination and group.destination != self._group.destination:
            self._end_destination(group)
        elif group.destination in ("stylesheet", "fonttbl"):
            self._end_entry(group.destination)

    def _end_destination(self, group: Group) -> None:
        text = "".join(self._captured).strip().rstrip(";")
        self._captured.clear()
        if group.replaced:
            return
        if field := _FIELDS.get(group.destination):
            self._document.describe(field, text, joined_by="," if field == "tags" else "")
        elif group.destination == "creatim" and self._time.get("yr"):
            year, month, day, hour, minute, second = (self._time.get(name, 0) for name in _TIME)
            time = f" {hour:02}:{minute:02}:{second:02}" if "hr" in self._time else ""
            self._document.describe("date", f"{year:04}-{month or 1:02}-{day or 1:02}{time}")

    def _end_entry(self, table: str) -> None:
        """End an entry of the table of styles: its name may tell the level."""
        name = "".join(self._captured).strip().rstrip(";").strip()
        self._captured.clear()
        if table == "stylesheet":
            if match := _HEADING.fullmatch(name):
                self._styles[self._style] = int(match[1])
            elif name.lower() == "title":
                self._title_styles.add(self._style)

    def _symbol(self, symbol: bytes) -> None:
        if symbol in b"\\{}":
            self._raw(symbol)
            return
        self._decode()
        if symbol == b"*":
            self._starred = True
        elif symbol == b"~":
            self._emit("\xa0")
        elif symbol == b"_":
            self._emit("-")
        elif symbol in b"\r\n":
            self._end_paragraph()

    def _word(self, word: str, number: int | None) -> None:
        self._decode()
        group = self._group
        starred, self._starred = self._starred, False
        if word == "bin":
            self._binary = max(0, number or 0)
        elif word == "u" and number is not None:
            self._unicode(number & 0xFFFF)
        elif word in ("upr", "ud"):  # a text in the code page, and the same in Unicode
            group.replaced = word == "upr"
        elif word in SKIPPED or (starred and word not in KEPT and word != "footnote"):
            group.skipped, group.destination = True, word
        elif word in ("footnote", "shptxt") and not group.skipped:
            self._begin_box()
        elif word in KEPT:
            group.skipped = group.skipped and group.destination != "object"
            group.destination = word
        elif word in ("fonttbl", "stylesheet", *_FIELDS, "creatim", "revtim"):
            group.destination = word
            self._captured.clear()
            self._time.clear()
        elif group.destination in ("fonttbl", "stylesheet", "creatim", "revtim"):
            self._entry(word, number)
        elif not group.skipped:
            self._property(word, number)
        if word == "uc" and number is not None:
            group.fallback = min(max(number, 0), 10)

    def _begin_box(self) -> None:
        self._group.begins_box = True
        self._paging.begin_section()
        self._rows_around.append((self._row, self._cell))
        self._row = self._cell = self._in_table = False
        self._flow.begin_box()

    def _entry(self, word: str, number: int | None) -> None:
        """Note a property in the table of fonts or of styles, or a part of a time."""
        value = number or 0
        if self._group.destination in ("creatim", "revtim"):
            if word in _TIME:
                self._time[word] = min(max(value, 0), 9999)
        elif word == "f":
            self._group.font = value
        elif word == "fcharset" and len(self._fonts) < 10_000:
            self._fonts[self._group.font] = codec_of_charset(value) or ""
        elif word == "cpg" and len(self._fonts) < 10_000:
            self._fonts[self._group.font] = CODE_PAGES.get(value, "")
        elif word in ("s", "cs", "ds", "ts"):
            self._style = value if word == "s" else -1
        elif word == "outlinelevel" and len(self._styles) < 10_000:
            self._styles.setdefault(self._style, value + 1 if 0 <= value < 9 else None)

    def _property(self, word: str, number: int | None) -> None:
        match word:
            case "par":
                self._end_paragraph()
            case _ if word in PAGING:
                if word in ("page", "sect"):
                    self._end_paragraph()
                self._paging.take(word, number, shown=self._group.shown)
            case "cell":
                self._end_cell()
            case "row":
                self._end_row()
            case "nestcell":
                self._emit(" ")
            case "pard":
                self._style, self._level, self._in_table = 0, None, False
                self._paging.reset()
            case "s":
                self._style, self._level = number or 0, self._styles.get(number or 0)
            case "outlinelevel":
                self._level = (number or 0) + 1 if 0 <= (number or 0) < 9 else None
            case "intbl":
                self._in_table = True
            case _ if word in CHARACTERS:
                self._emit(CHARACTERS[word])
            case _:
                self._formatting(word, number)

    def _formatting(self, word: str, number: int | None) -> None:
        """Note what holds for the characters of the group."""
        group = self._group
        match word:
            case "v":
                group.hidden = number != 0
            case "deleted":
                group.deleted = number != 0
            case "super" | "nosupersub":
                group.superscript = word == "super" and number != 0
            case "f":
                group.font = number or 0
            case "af":
                group.complex_font = number or 0
            case "rtlch" | "ltrch":
                group.right_to_left = word == "rtlch"
            case "plain":
                group.hidden = group.deleted = group.superscript = False
                group.font, group.complex_font = self._default_font, None
            case "ansicpg":
                self._codec = CODE_PAGES.get(number or 0, self._codec)
            case "deff":
                self._default_font = group.font = number or 0
            case "mac" | "pc" | "pca":
                self._codec = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]

    def _raw(self, data: bytes) -> None:
        """Add encoded text, but for the characters that repeat the one of `\\u`."""
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        self._bytes += data

    def _unicode(self, code: int) -> None:
        self._to_skip = self._group.fallback
        if 0xD800 <= code < 0xDC00:
            self._surrogate = code
        elif 0xDC00 <= code < 0xE000:
            if self._surrogate:
                self._emit(chr(0x10000 + ((self._surrogate - 0xD800) << 10) + code - 0xDC00))
            self._surrogate = 0
        elif code:
            self._emit(chr(code))

    def _decode(self) -> None:
        """Emit the bytes so far by the encoding of the font."""
        if not self._bytes:
            return
        data = bytes(self._bytes)
        self._bytes.clear()
        if data.isascii():
            self._emit(data.decode("ascii"))
            return
        group = self._group
        codec = self._fonts.get(group.font) or self._codec
        if group.right_to_left and group.complex_font is not None:
            codec = self._fonts.get(group.complex_font) or codec
        self._emit(data.decode(codec, "replace"))

    def _emit(self, text: str) -> None:
        group = self._group
        if group.replaced:
            return
        if group.destination in ("fonttbl", "stylesheet", *_FIELDS):
            self._captured.append(text[:1000])
            if len(self._captured) > 1000:
                self._captured.clear()
            return
        if not group.shown or group.destination in ("creatim", "revtim"):
            return
        if group.superscript and text.isspace():  # before the mark of a note
            return
        if text.strip():
            self._paging.begin_text()
        if self._in_table and not self._cell:
            self._open_cell()
        elif self._row and not self._in_table and text.strip():
            self._close_row()
        self._flow.text(text)
        if self._style in self._title_styles and not self._document.title_in_text and len(self._title) < 1000:
            self._title.append(text)

    def _end_paragraph(self) -> None:
        if self._group.skipped:
            return
        if self._title:
            self._document.title_in_text = " ".join("".join(self._title).split())
            self._title.clear()
        self._flow.end_paragraph(self._level)
        self._paging.end_paragraph()

    def _open_cell(self) -> None:
        if not self._row:
            self._flow.begin_row()
        self._flow.begin_cell()
        self._row = self._cell = True

    def _end_cell(self) -> None:
        if not self._in_table and not self._row:
            self._emit("\t")  # of a writer that does not say where a table is
            return
        if not self._cell:
            self._open_cell()
        self._end_paragraph()
        self._flow.end_cell()
        self._cell = False

    def _end_row(self) -> None:
        if self._row:
            self._close_row()
        else:
            self._end_paragraph()

    def _close_row(self) -> None:
        if self._cell:
            self._end_paragraph()
            self._flow.end_cell()
        if self._row:
            self._flow.end_row()
        self._row = self._cell = False


RTF = Reader(
    name="rtf",
    label="RTF",
    suffixes=(".rtf",),
    binary=True,
    sniff=lambda content: 1.0 if content.stream.head.startswith(_MAGIC) else 0.0,
    read=read_rtf,
)
