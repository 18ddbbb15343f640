"""The parser of PDF, which runs in a child process: pdfium's glyphs become lines of text, page by page.

pdfium is native code, and not safe for threads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from arsearch.errors import InputError
from arsearch.readers.brackets import brackets_of
from arsearch.readers.pdf.clusters import Cluster, clusters_of
from arsearch.readers.pdf.glyphs import Glyph, PageGlyphs, page_glyphs
from arsearch.readers.pdf.lines import Segment, lines_of, segments_of, typical_em
from arsearch.readers.pdf.reading_order import in_reading_order
from arsearch.readers.visual_order import logical_text

__all__ = ["parse"]

_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_ALEF_AFTER_LAM = re.compile("(ل[\u064b-\u0652\u0670]*)\u061d")
"""xdvipdfmx gives the alef of Noto's lam-alef the code point of a sign, ARABIC END OF TEXT MARK."""

_KEYS = ("Title", "Author", "Subject", "Keywords", "CreationDate", "ModDate")
_PASSWORD_ERROR = 4
_SECURITY_ERROR = 5
_DEEPEST = 30
_MOST_ENTRIES = 20_000
_LONGEST_TITLE = 500
_HEIGHTS = {1: 1, 3: 0, 7: 0}
"""Where the views of a destination have the height: XYZ, FitH and FitBH."""

_LONGEST = 1 << 20
"""The most characters of a page. A page of a newspaper has 30,000."""


def parse(path: str) -> Iterator[dict[str, Any]]:
    """Yield the metadata of a PDF, then one mapping for each page.

    The first mapping has `count`, the number of pages, `metadata`, and `outline`: lists of title, level from 1, number of the
    page from 1, and height in points or `None`. A page has its `number` from 1, its `label`,
    `height`, `images`, `unmapped` (the glyphs without Unicode that are no part of another glyph), `letters`, and
    `lines`: lists of text, offsets of brackets in right-to-left order, left, right, baseline and em in points. A page
    that cannot be read has `problem` instead of lines.

    Raises InputError for an encrypted file, and for one that is not a PDF.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise InputError(_refusal(error)) from None
    metadata = {}
    for key in _KEYS:
        if value := document.get_metadata_value(key):
            metadata[key] = value
    count = len(document)
    yield {"count": count, "metadata": metadata, "outline": _outline(document)}
    for position in range(count):
        yield {"number": position + 1, "label": document.get_page_label(position)} | _page(document, position)


def _outline(document: Any) -> list[list[Any]]:
    """Return the entries of the outline that lead to a page, up to its damage."""
    import pypdfium2

    entries: list[list[Any]] = []
    try:
        for bookmark in islice(document.get_toc(max_depth=_DEEPEST), _MOST_ENTRIES):
            place = bookmark.get_dest()
            page = place.get_index() if place else None
            if page is not None:
                mode, numbers = place.get_view()
                at = _HEIGHTS.get(mode)
                height = numbers[at] if at is not None and at < len(numbers) else 0
                entries.append(
                    [bookmark.get_title()[:_LONGEST_TITLE], bookmark.level + 1, page + 1, round(height, 1) or None]
                )
    except (pypdfium2.PdfiumError, ValueError):
        pass  # the headings before the damage are right
    return entries


def _refusal(error: Exception) -> str:
    code = getattr(error, "err_code", None)
    if code == _PASSWORD_ERROR:
        return "the PDF is encrypted and needs a password; save a copy without one"
    if code == _SECURITY_ERROR:
        return "the PDF is encrypted in a way that is not supported; save a copy without encryption"
    return f"not a PDF that can be read ({error}); is the file complete?"


def _page(document: Any, position: int) -> dict[str, Any]:
    import pypdfium2

    try:
        page = document[position]
    except pypdfium2.PdfiumError:
        return {"problem": "the page is damaged"}
    try:
        textpage = page.get_textpage()
        try:
            if textpage.count_chars() > _LONGEST:
                return {"problem": f"the page has more than {_LONGEST:,} characters"}
            glyphs = page_glyphs(page, textpage)
        finally:
            textpage.close()
        return {"height": page.get_height(), "images": glyphs.images} | _text(glyphs)
    except pypdfium2.PdfiumError:
        return {"problem": "the text of the page is damaged"}
    finally:
        page.close()


def _text(glyphs: PageGlyphs) -> dict[str, Any]:
    if glyphs.hidden_count > glyphs.visible_count:
        texts = [text for line in glyphs.hidden.split("\n") if (text := " ".join(line.split()))]
        layer = [[text, brackets_of(text), 0.0, 0.0, 0.0, 0.0] for text in texts]
        return {"lines": layer, "unmapped": 0, "letters": glyphs.hidden_count, "hidden": True}
    rows: list[list[Any]] = []
    unmapped = letters = 0
    for turn in sorted(glyphs.turned, key=lambda turn: -len(glyphs.turned[turn])):
        clusters = clusters_of(glyphs.turned[turn])
        em = typical_em(clusters)
        if not em:
            continue
        lines = lines_of(clusters)
        segments = segments_of(lines, em, glyphs.spaces if turn == 0 else ())
        right_to_left = _is_right_to_left(clusters)
        rows += [_row(cells, right_to_left) for cells in in_reading_order(segments, em)]
        unmapped += _alone(glyphs.turned[turn], em)
        letters += sum(bool(one.letters.strip()) for one in clusters)
    return {"lines": [row for row in rows if row[0]], "unmapped": unmapped, "letters": letters}


def _is_right_to_left(clusters: list[Cluster]) -> bool:
    letters = [one.letters for one in clusters if one.letters.isalpha()]
    return sum("\u0590" <= text < "\u0900" or text >= "\ufb1d" for text in letters) * 2 > len(letters)


def _row(cells: list[Segment], right_to_left: bool) -> list[Any]:
    """Return one line: the texts of its cells, with tabs between them."""
    text = ""
    turned: list[int] = []
    for cell in cells:
        pieces = _without_bars([one.text for one in cell.clusters])
        found = logical_text(pieces, right_to_left=right_to_left)
        if text and found.text:
            text += "\t"
        turned += [len(text) + offset for offset in found.turned]
        text += _ALEF_AFTER_LAM.sub(r"\1ا", found.text)
    left, right = min(cell.left for cell in cells), max(cell.right for cell in cells)
    return [text, turned, round(left, 1), round(right, 1), round(cells[0].y, 1), round(max(c.em for c in cells), 1)]


def _without_bars(pieces: list[str]) -> list[str]:
    """Return the pieces of a line without tatweel inside words: fonts and programs put it there to fill lines."""
    kept: list[str] = []
    for place, piece in enumerate(pieces):
        inside = 0 < place < len(pieces) - 1 and all(_LETTER.match(pieces[place + step]) for step in (-1, 1))
        if piece != "\u0640" or not inside:
            kept.append(piece)
    return kept


def _alone(glyphs: list[Glyph], em: float) -> int:
    """Count the glyphs without a Unicode value that are no dot, hamza or mark of another glyph."""
    known = [(one.left, one.right, one.y) for one in glyphs if one.text.strip()]
    count = 0
    for glyph in glyphs:
        if glyph.text or glyph.right - glyph.left < 0.1 * em:
            continue
        shared = max(
            (
                min(right, glyph.right) - max(left, glyph.left)
                for left, right, y in known
                if left < glyph.right and right > glyph.left and abs(y - glyph.y) < em
            ),
            default=0.0,
        )
        count += shared < 0.5 * (glyph.right - glyph.left)
    return count
