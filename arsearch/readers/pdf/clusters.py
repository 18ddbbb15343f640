"""The glyphs of a page gathered to clusters: letters that share a place, with their marks.

A font's ligature is one glyph of several characters. Their order is that of the file or its reverse, as pdfium took the
line for right-to-left or not; lam comes before alef. Presentation forms become letters.
Source: Unicode 15.0, chapter 9.2 (Arabic), and the blocks FB50-FDFF and FE70-FEFF.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from arsearch.readers.pdf.glyphs import Glyph

__all__ = ["Cluster", "clusters_of"]

_MARK = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]")
_FORM = re.compile("[\ufb50-\ufdf9\ufdfc\ufe70-\ufefc]")
_FORM_OF_LIGATURES = re.compile("[\ufb50-\ufdff]")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_ALEF_FIRST = re.compile("[اأإآٱ]ل(?!ل)")
_USUAL = re.compile("[\u0000-\u05ff\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\u1e00-\u1fff\u2000-\u214f\ufb00-\ufeff]")
_LAM_ALEFS = [sorted("ل" + alef) for alef in "اأإآٱ"]
_SAME_INK = 0.75
_BAR = 0.15  # em
_LOW = 0.4  # em
_PLACES = 10  # to the point: glyphs with origins this close are one


@dataclass(slots=True)
class Cluster:
    """Letters of one glyph and their marks, at one place. A loose mark has no letters, a filler has neither."""

    letters: str
    marks: str
    x: float
    y: float
    left: float
    right: float
    bottom: float
    top: float
    em: float
    order: int

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def is_space(self) -> bool:
        return bool(self.letters) and not self.letters.strip()

    @property
    def text(self) -> str:
        """The letters with the marks behind the letter that carries them: of lam with a bare alef, lam.

        The marks of tanwin stand behind the alef.
        """
        if self.letters not in ("لا", "لآ", "لٱ"):
            return self.letters + self.marks
        tanwin = "".join(mark for mark in self.marks if "\u064b" <= mark <= "\u064d")
        others = "".join(mark for mark in self.marks if mark not in tanwin)
        return self.letters[0] + others + self.letters[1] + tanwin


def clusters_of(glyphs: Iterable[Glyph]) -> list[Cluster]:
    """Return the clusters of glyphs of one rotation, in the order of the file.

    A letter drawn twice is one cluster. A bar that lengthens a letter has no text, even if the font gives it that of
    the letter.
    """
    places: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        places.setdefault((round(glyph.x * _PLACES), round(glyph.y * _PLACES)), []).append(glyph)
    fold = _folds_ligature_forms(places)
    found = [_cluster(group, fold) for group in places.values()]
    clusters = _without_doubles([cluster for group in found for cluster in group])
    clusters.sort(key=lambda one: one.order)
    for place, cluster in enumerate(clusters):
        _correct(cluster, clusters[max(0, place - 2) : place + 3])
    return clusters


def _correct(one: Cluster, near: list[Cluster]) -> None:
    """Give the text of a bar or mark to the glyph of the letter, if that has none; take it from a bar in any case.

    A program that maps glyphs to text one by one gives the text of a letter of several glyphs to the first of them.
    """
    bar = _is_bar(one)
    if not bar and not (_ARABIC.match(one.letters) and one.top - one.bottom < _LOW * one.em):
        return
    for other in near:
        if other.text or abs(other.y - one.y) > one.em or other.top - other.bottom < 2 * _BAR * one.em:
            continue
        if bar or other.left < one.middle < other.right:
            other.letters, other.marks, other.em = one.letters, one.marks, one.em
            one.letters = one.marks = ""
            return
    if bar:
        one.letters = ""


def _is_bar(one: Cluster) -> bool:
    if not one.letters.isalpha() or one.letters == "\u0640" or one.marks:
        return False
    return one.top - one.bottom < _BAR * one.em and _ARABIC.match(one.letters) is not None


def _folds_ligature_forms(places: dict[tuple[int, int], list[Glyph]]) -> bool:
    """Tell whether FB50-FDFF are ligatures. Some fonts of the Quran use these code points as numbers of words."""
    letters = [glyph.text for group in places.values() for glyph in group if _ARABIC.match(glyph.text)]
    return 2 * sum(_FORM_OF_LIGATURES.match(text) is not None for text in letters) < len(letters)


def _cluster(group: list[Glyph], fold_ligatures: bool) -> list[Cluster]:
    """Return the cluster of glyphs at one place, and one cluster more for each space among them."""
    if len(group) == 1 and len(text := group[0].text) == 1 and not _FORM.match(text):
        if _MARK.match(text):
            return [_made("", text, group)]
        return [_made(" " if text.isspace() else text, "", group)]
    spaces = [glyph for glyph in group if glyph.text.isspace()]
    rest = [glyph for glyph in group if not glyph.text.isspace()]
    made = [_made(" ", "", [space]) for space in spaces]
    return made + _split(rest, fold_ligatures) if rest else made


def _split(group: list[Glyph], fold_ligatures: bool) -> list[Cluster]:
    """Return the clusters of glyphs with letters at one place: stacked letters may have nearly one origin."""
    texts = [_folded(glyph.text, fold_ligatures) for glyph in group]
    marks = "".join(dict.fromkeys(c for text in texts for c in text if _MARK.match(c)))
    boxes: dict[tuple[float, float], list[int]] = {}
    for number, glyph in enumerate(group):
        if any(not _MARK.match(c) for c in texts[number]):
            boxes.setdefault((glyph.bottom, glyph.top), []).append(number)
    if not boxes:
        return [_made("", marks, group)]
    made: list[Cluster] = []
    if sorted(texts[number] for numbers in boxes.values() for number in numbers) in _LAM_ALEFS:
        alef = max(texts[number] for numbers in boxes.values() for number in numbers if texts[number] != "ل")
        return [_made("ل" + alef, marks, [group[number] for numbers in boxes.values() for number in numbers])]
    for box, numbers in boxes.items():
        letters = "".join(c for number in numbers for c in texts[number] if not _MARK.match(c))
        parts = [glyph for glyph in group if (glyph.bottom, glyph.top) == box]
        half = letters[: len(letters) // 2]
        if half and half + half == letters:  # one ActualText, reported for two glyphs
            letters = half
        made.append(_made(_in_order(letters), "" if made else marks, parts))
    return made


def _made(letters: str, marks: str, group: list[Glyph]) -> Cluster:
    if len(group) == 1:
        one = group[0]
        return Cluster(letters, marks, one.x, one.y, one.left, one.right, one.bottom, one.top, one.em, one.order)
    return Cluster(
        letters,
        "".join(sorted(marks, key=lambda mark: mark != "\u0651")),  # shadda first, as it is typed
        group[0].x,
        group[0].y,
        min(glyph.left for glyph in group),
        max(glyph.right for glyph in group),
        min(glyph.bottom for glyph in group),
        max(glyph.top for glyph in group),
        max(glyph.em for glyph in group),
        min(glyph.order for glyph in group),
    )


def _folded(text: str, ligatures: bool) -> str:
    if not _FORM.match(text) or (_FORM_OF_LIGATURES.match(text) and not ligatures):
        return text
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _in_order(letters: str) -> str:
    if len(letters) > 1 and _ALEF_FIRST.match(letters) and all("\u0620" <= c <= "\u06ff" for c in letters):
        return letters[::-1]
    return letters


def _without_doubles(clusters: list[Cluster]) -> list[Cluster]:
    """Leave out a cluster whose text is also that of another one at its place.

    Fonts that draw hamza or dots as a glyph of its own map it to the whole letter; false bold draws a letter twice.
    """
    rows: dict[str, list[Cluster]] = {}
    for cluster in clusters:
        if cluster.letters.strip():
            rows.setdefault(cluster.letters, []).append(cluster)
    doubles = _parts_of_letters(clusters)
    for same in rows.values():
        same.sort(key=lambda cluster: cluster.left)
        for position, cluster in enumerate(same):
            for other in same[position + 1 :]:
                if other.left > cluster.right:
                    break
                if _same_place(cluster, other):
                    smaller = min(cluster, other, key=lambda one: (one.right - one.left) * (one.top - one.bottom))
                    doubles.add(id(smaller))
    return [cluster for cluster in clusters if id(cluster) not in doubles]


def _parts_of_letters(clusters: list[Cluster]) -> set[int]:
    """Return the clusters of other scripts over an Arabic letter: the number of a glyph in its font came out as text."""
    odd = [one for one in clusters if one.letters.strip() and not _USUAL.match(one.letters)]
    found: set[int] = set()
    for one in odd:
        for other in clusters:
            if _ARABIC.match(other.letters) and other.left < one.middle < other.right and abs(other.y - one.y) < one.em:
                found.add(id(one))
                break
    return found


def _same_place(a: Cluster, b: Cluster) -> bool:
    em = max(a.em, b.em)
    if abs(a.y - b.y) > 0.5 * em:
        return False
    if a.marks and a.marks == b.marks and abs(a.x - b.x) < 0.4 * em and (_is_off_line(a) or _is_off_line(b)):
        return True
    width = min(a.right - a.left, b.right - b.left)
    return min(a.right, b.right) - max(a.left, b.left) > _SAME_INK * width


def _is_off_line(one: Cluster) -> bool:
    """Tell whether the ink is above or under the letters of its line, as that of a mark."""
    return one.bottom > one.y + 0.45 * one.em or one.top < one.y
