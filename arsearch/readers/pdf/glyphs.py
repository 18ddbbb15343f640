"""The characters of a PDF page with their places, as pdfium reports them.

pdfium joins characters in an order of its own and adds spaces; only the characters and their places are used here. They
are turned so that their lines run from left to right, whatever the rotation of the text.
Sources: ISO 32000-1:2008, 9.4.4 (text space), 14.9.4 (ActualText); pdfium's fpdf_text.h and fpdf_edit.h.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Glyph", "PageGlyphs", "page_glyphs"]

_INVISIBLE = 3
_TEXT_OBJECT = 1
_IMAGE_OBJECT = 3
_NO_CHARACTER = (0x0, 0xFFFD, 0xFFFE, 0xFFFF)
_CONTROLS = frozenset("\r\n\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Line ends, soft hyphens and direction controls, which mean nothing where glyphs have places."""

_NO_TEXT = ("Cc", "Cn", "Co", "Cs")
"""Categories of Unicode: numbers of a font's glyphs are often code points without a character."""


@dataclass(slots=True)
class Glyph:
    """One character at its place. Lengths are points of the page.

    `text` is empty for a glyph without a Unicode value. Characters of one glyph have one origin, and a box each: the
    parts of the box of the glyph.
    """

    text: str
    x: float
    y: float
    left: float
    right: float
    em: float
    order: int
    """The place in the file: the number of the glyph among those that its text objects draw, one after the other."""
    bottom: float = 0.0
    top: float = 0.0


@dataclass(slots=True)
class PageGlyphs:
    """The glyphs of a page, by the rotation of their text in quarter turns, and what else the page has."""

    turned: dict[int, list[Glyph]] = field(default_factory=dict)
    spaces: list[tuple[float, float]] = field(default_factory=list)
    """The origins of spaces that have no character: text objects without ink. Only of text that is not turned."""
    hidden: str = ""
    """The invisible text, a layer of OCR: the words of its text objects, which are written in logical order."""
    hidden_count: int = 0
    visible_count: int = 0
    images: int = 0


def page_glyphs(page: Any, textpage: Any) -> PageGlyphs:
    """Return the glyphs of a page of pypdfium2, whose text page is open."""
    import pypdfium2.raw as raw

    result = PageGlyphs()
    bases, drawn, numbers = _objects(raw, page, result)
    ruler = _Ruler(raw, textpage)
    written: dict[tuple[float, int], list[tuple[Glyph, int]]] = {}
    modes: dict[int, int] = {}
    keys: dict[int, tuple[float, int]] = {}
    last = -1.0
    hidden: dict[tuple[float, int], list[Any]] = {}
    for index, code, generated, unknown in _characters(raw, textpage):
        item = raw.FPDFText_GetTextObject(textpage, index)
        address = ctypes.addressof(item.contents) if item else 0
        if item and address not in modes:
            modes[address] = raw.FPDFTextObj_GetTextRenderMode(item)
            last = numbers.get(address, last)
            keys[address] = (last, 0) if address in numbers else (last + 0.5, index)  # inside a form
        drawn.pop(address, None)
        if modes.get(address) == _INVISIBLE:
            if code.isprintable():
                hidden.setdefault(keys[address], [item, ""])[1] += code
            result.hidden_count += not code.isspace()
            continue
        if generated or code in _CONTROLS:
            continue
        if unknown or unicodedata.category(code) in _NO_TEXT:
            code = ""
        measured = ruler.measured(index, code)
        if measured is None:
            continue
        glyph, turn = measured
        if code.isspace() and glyph.right - glyph.left < 0.01:
            continue  # pdfium's guess of a space
        if base := bases.get(address):
            _place_on_base(glyph, base)
        result.visible_count += not code.isspace()
        written.setdefault(keys.get(address, (last + 0.5, index)), []).append((glyph, turn))
    result.hidden = _hidden_text(raw, hidden)
    _number(result, written)
    _add_unmapped(result, drawn)
    return result


def _hidden_text(raw: Any, hidden: dict[tuple[float, int], list[Any]]) -> str:
    """Return the text of invisible text objects in the order of the file, with a line end where the baseline moves."""
    parts: list[str] = []
    last: _Box | None = None
    for key in sorted(hidden):
        item, text = hidden[key]
        box = _box(raw, item)
        if last is not None:
            height = max(box.top - box.bottom, last.top - last.bottom)
            if abs(box.y - last.y) > 0.5 * height:
                parts.append("\n")
            elif max(box.left - last.right, last.left - box.right) > 0.05 * height:
                parts.append(" ")
        parts.append(text)
        last = box
    return "".join(parts)


def _number(result: PageGlyphs, written: dict[tuple[float, int], list[tuple[Glyph, int]]]) -> None:
    """Number the glyphs in the order of the file. pdfium turns the characters of text objects from right to left."""
    count = 0
    for key in sorted(written):
        group = written[key]
        if any(unicodedata.bidirectional(glyph.text[:1] or " ") in ("R", "AL", "NSM") for glyph, _ in group):
            group.reverse()
        for glyph, turn in group:
            glyph.order = count = count + 1
            result.turned.setdefault(turn, []).append(glyph)


def _characters(raw: Any, textpage: Any) -> Iterator[tuple[int, str, bool, bool]]:
    """Yield the index, the character, whether pdfium made it up, and whether the font has no value for it."""
    high = 0
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if high and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        generated = raw.FPDFText_IsGenerated(textpage, index) == 1
        unknown = not generated and raw.FPDFText_HasUnicodeMapError(textpage, index) == 1
        yield index, chr(code), generated, unknown or code in _NO_CHARACTER


class _Ruler:
    """Measures characters of one text page. The variables that pdfium fills are allocated once: pages are long."""

    def __init__(self, raw: Any, textpage: Any) -> None:
        self._raw = raw
        self._page = textpage
        self._origin = ctypes.c_double(), ctypes.c_double()
        self._ink = tuple(ctypes.c_double() for _ in range(4))
        self._loose = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()

    def measured(self, index: int, text: str) -> tuple[Glyph, int] | None:
        """Return a glyph and the quarter turns of its text; `None` if its place is not finite."""
        raw, page, matrix, loose = self._raw, self._page, self._matrix, self._loose
        raw.FPDFText_GetCharOrigin(page, index, *self._origin)
        raw.FPDFText_GetCharBox(page, index, *self._ink)
        raw.FPDFText_GetLooseCharBox(page, index, loose)
        raw.FPDFText_GetMatrix(page, index, matrix)
        em = raw.FPDFText_GetFontSize(page, index) * max(math.hypot(matrix.c, matrix.d), 1e-6)
        x, y = self._origin[0].value, self._origin[1].value
        left, right, bottom, top = (side.value for side in self._ink)
        if not math.isfinite(em + x + y + left + right + bottom + top + matrix.a + matrix.b + loose.left + loose.right):
            return None
        turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4 if matrix.b or matrix.a < 0 else 0
        if not unicodedata.combining(text[:1] or " "):  # a letter takes its advance, a mark its ink
            whole = text.isspace() or not right > left
            if whole or turn % 2 == 0:
                left, right = min(loose.left, left), max(loose.right, right)
            if whole or turn % 2:
                bottom, top = min(loose.bottom, bottom), max(loose.top, top)
        if not turn:
            return Glyph(text, x, y, left, right, em, 0, bottom, top), 0
        (ax, ay), (bx, by) = _turned(left, bottom, turn), _turned(right, top, turn)
        glyph = Glyph(text, *_turned(x, y, turn), min(ax, bx), max(ax, bx), em, 0, min(ay, by), max(ay, by))
        return glyph, turn


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """Return the place of a point after turning text back to the horizontal."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.top - self.bottom)


def _objects(raw: Any, page: Any, result: PageGlyphs) -> tuple[dict[int, _Box], dict[int, _Box], dict[int, float]]:
    """Count the images of a page. Return the boxes of bases by text object, the boxes of the other text objects, and the
    numbers of all.

    A browser writes a letter with its marks as two or three text objects that share one ActualText; pdfium gives the
    characters of all to one of them, perhaps to a mark. The base of the group is its largest object.
    """
    groups: dict[int, list[int]] = {}
    boxes: dict[int, _Box] = {}
    numbers: dict[int, float] = {}
    for number in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, number)
        kind = raw.FPDFPageObj_GetType(item)
        result.images += kind == _IMAGE_OBJECT
        if kind != _TEXT_OBJECT:
            continue
        address = ctypes.addressof(item.contents)
        boxes[address] = _box(raw, item)
        numbers[address] = number
        for position in range(raw.FPDFPageObj_CountMarks(item)):
            mark = raw.FPDFPageObj_GetMark(item, position)
            size = ctypes.c_ulong()
            if raw.FPDFPageObjMark_GetParamStringValue(mark, b"ActualText", None, 0, size) and size.value > 2:
                groups.setdefault(ctypes.addressof(mark.contents), []).append(address)
    bases: dict[int, _Box] = {}
    for members in groups.values():
        if len(members) > 1:
            largest = max((boxes[address] for address in members), key=lambda box: box.area)
            bases.update(dict.fromkeys(members, largest))
    return bases, {address: box for address, box in boxes.items() if address not in bases}, numbers


def _box(raw: Any, item: Any) -> _Box:
    sides = [ctypes.c_float() for _ in range(4)]
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetBounds(item, *sides)
    raw.FPDFPageObj_GetMatrix(item, matrix)
    left, bottom, right, top = (side.value for side in sides)
    return _Box(left, bottom, right, top, matrix.e, matrix.f)


def _place_on_base(glyph: Glyph, base: _Box) -> None:
    glyph.x, glyph.y = base.x, base.y
    glyph.left, glyph.right, glyph.bottom, glyph.top = base.left, base.right, base.bottom, base.top


def _add_unmapped(result: PageGlyphs, drawn: dict[int, _Box]) -> None:
    """Add the text objects without characters: spaces, and glyphs that hold a word together."""
    upright = result.turned.get(0)
    if not upright:
        return
    for box in drawn.values():
        width = box.right - box.left
        if width < 0.01:
            result.spaces.append((box.x, box.y))
        elif width < 4 * upright[0].em:
            upright.append(Glyph("", box.x, box.y, box.left, box.right, 0.0, 0, box.bottom, box.top))
