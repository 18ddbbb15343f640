"""Headings of plain text: those of Markdown and wiki text, lines that name a division of a book or a law, and numbered ones.

The names and their order are those of Arabic books and statutes: الجزء › الكتاب › الباب › الفصل › المبحث › المطلب › المسألة,
and for laws القسم and المادة. A line of this kind is a heading only if it is short, ends no sentence, and does not go on from the
line before it; of a line such as `المادة 5: يجوز ...`, the name and number are the heading. Sources: the tables of contents of
classical books, and the guide of Arabic legal drafting of the Gulf Cooperation Council (أبواب, فصول, مواد); the list is ours.
CommonMark 0.31, sections 4.2 and 4.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from arsearch.works.inline import without_markdown, without_wiki_signs
from arsearch.works.numbering import list_items, may_be_numbered, numbered_headings, numbered_lines

__all__ = ["find_headings", "may_be_heading"]

_MARKS = "[\u0610-\u061a\u064b-\u065f\u0670\u0640]*"
"""Marks and tatweel that may follow each letter of a name in vocalised text."""

_ALIF = "[اٱ]"
"""Alif, and alif with wasla of vocalised text."""

_FORMS = {"ا": _ALIF, "ك": "[كک]", "ة": "[ةه]", "ي": "[يیى]"}
"""Letters with the forms that stand for them: of vocalised text, of Persian keyboards, and without dots."""


def _loose(name: str) -> str:
    return "".join(_FORMS.get(letter, letter) + _MARKS for letter in name)


_NAMES = (
    ("جزء مجلد", 1),
    ("كتاب قسم سفر", 2),
    ("باب مقدمة خاتمة تمهيد خطبة ملحق", 3),
    ("فصل", 4),
    ("مبحث", 5),
    ("مطلب", 6),
    ("مسألة مسالة مادة فرع", 7),
)
_ALONE = ("مقدمة", "خاتمة", "تمهيد", "خطبة", "فصل")
"""Names that are headings without the article when they stand alone on their line."""

_INTRODUCTION = re.compile(
    rf"^[\W\d]*(?:{_ALIF}{_MARKS}ل{_MARKS})?(?:{'|'.join(map(_loose, ('مقدمة', 'خاتمة', 'تمهيد', 'خطبة')))})\W*$"
)
"""Headings beside which numbered ones stand: `مقدمة`, `1. القمح`, `خاتمة`."""

_ARTICLE = 7
"""The level of the innermost divisions, below which no numbered line is a heading."""

_NUMBERED = 8
_STEP = 1 / 16
"""The level of numbered headings, and the share of a level by which an inner one is deeper."""

_LONGEST = 120
_WORDS = 14
_WRAPPED = 60
"""The length from which a line without a sentence end may go on in the next line, in a text with hard line breaks."""

_INVISIBLE = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
"""Marks of direction, which word processors set before lines."""

_OPENERS = rf"[\s{_INVISIBLE}\"'«“”‘’\[\](){{}}﴿*#=~_ـ•\-–—./0-9٠-٩۰-۹]*"
_LINE = re.compile(r"[^\n]+")
_WIKI = re.compile(
    rf"^[ \t{_INVISIBLE}]*(={{1,6}})[ \t{_INVISIBLE}]*([^=\s](?:.*[^=\s])?)[ \t{_INVISIBLE}]*\1[ \t\r{_INVISIBLE}]*$",
    re.MULTILINE,
)
_MARKDOWN = re.compile(rf"[{_INVISIBLE}]* {{0,3}}(#{{1,6}})[ \t]+(.*?)(?:[ \t]+#+)?[ \t\r]*")
_UNDERLINE = re.compile(r" {0,3}(?:(=)=+|--+)[ \t\r]*")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_SENTENCE_END = re.compile(r"[.؟!؛،…]\s*[\"'»”’)\]]*\s*\Z")
_ENDS_LINE = re.compile(r"[.؟!؛:…][\"'»”’)\]]*\s*\Z")
_NUMBER = re.compile(r"[\s(\[]*[0-9٠-٩۰-۹]{1,4}[\s)\]]*(?:مكرر[اً]*)?[\s.:]*")
"""The rest of a line such as `المادة 5.`, whose full stop ends no sentence."""

_ORDINAL = (
    "و?(?:ال)?(?:(?:حادي|[أا]ول[ىي]?|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|عشر)ة?"
    "|(?:عشر|ثلاث|[أا]ربع|خمس|ست|سبع|ثمان|تسع)[وي]ن"
    "|(?:ثلاث|[أا]ربع|خمس|ست|سبع|ثمان|تسع)?ما?ئة"
    "|ما?ئت(?:ين|ان)|[أا]لف)"
)
_RUN_IN = re.compile(
    rf"\s*[(\[]?\s*(?:[0-9٠-٩۰-۹]{{1,4}}|{_ORDINAL}(?:\s+(?:بعد\s+)?{_ORDINAL}){{0,5}})\s*[)\]]?(?:\s*مكرر[اً]*)?"
    r"(?=\s*[:ـ–—-]\s*\S|\s*\.\s+\S)"
)
"""The number of a division whose text follows on the same line; `_LONGEST_NUMBER` bounds it, with its marks."""

_LONGEST_NUMBER = 300
_ALL_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670]")

_OF_CONTENTS = re.compile(r"(?:[.·_]{3,}|…|\t)[\s.…·_]*[0-9٠-٩۰-۹]{1,4}\s*\Z")
"""The end of a line in a table of contents: dots or a tab, and a page."""

_RULES = " \t\r\v\f\u00a0*#=~_•-–—:\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Signs around headings that are no part of them."""

_PAIRS = {"«": "»", "“": "”", "‘": "’", "(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}
_OPENING = {closing: opening for opening, closing in _PAIRS.items()}


def _bare(line: str) -> str:
    """Return a line without the rules, quotes and brackets around it; `المادة (5)` keeps its own."""
    while True:
        line = line.strip(_RULES)
        first, last = line[:1], line[-1:]
        if first in _PAIRS and line.find(_PAIRS[first], 1) in (len(line) - 1, -1):
            line = line[1:-1] if last == _PAIRS[first] and len(line) > 1 else line[1:]
        elif last in _OPENING and line.count(_OPENING[last]) == (last == _OPENING[last]):
            line = line[:-1]
        else:
            return line


def _name_pattern() -> re.Pattern[str]:
    groups = [
        rf"(?P<l{level}>(?:{_ALIF}{_MARKS}ل{_MARKS})?(?:{'|'.join(map(_loose, names.split()))}))"
        for names, level in _NAMES
    ]
    return re.compile(rf"{_OPENERS}(?:{'|'.join(groups)})(?!\w)")


def find_headings(text: str) -> list[dict[str, Any]]:
    """Return the headings of a text, in order: `heading`, `level` from 1, and `start`, the offset of its line.

    Markdown headings, also underlined ones, and those of wiki text have the level of their signs; if the text has any, no other
    line is a heading. Numbered headings stand below the division around them, and beside an introduction. Levels begin at 1 for
    the outermost division that the text has. An empty text has none.
    """
    found = _marked_up(text) or _with_numbered(text, list(_divisions(text)))
    ranks = {level: rank for rank, level in enumerate(sorted({entry["level"] for entry in found}), 1)}
    return [{**entry, "level": ranks[entry["level"]]} for entry in found]


def may_be_heading(line: str) -> bool:
    """Tell whether a line may be a heading; a numbered one is a heading only beside others."""
    return may_be_numbered(line) or bool(find_headings(line))


def _marked_up(text: str) -> list[dict[str, Any]]:
    """Return the headings of wiki text, else those of Markdown; none for a text without markup.

    A single line between signs of equality is a decoration if the text has other headings.
    """
    wiki = [
        {"heading": heading, "level": len(found[1]), "start": found.start()}
        for found in (_WIKI.finditer(text) if "=" in text else ())
        if any(map(str.isalpha, heading := without_wiki_signs(found[2])))
    ]
    if all(entry["level"] == 1 for entry in wiki):  # `= 5 =` alone is no markup
        wiki = []
    markdown = list(_markdown(text)) if len(wiki) < 2 else []
    if len(wiki) == 1 and not markdown and any(entry["start"] != wiki[0]["start"] for entry in _divisions(text)):
        return []
    return markdown or wiki


def _markdown(text: str) -> Iterator[dict[str, Any]]:
    fence = ""
    last = -1  # the start of the line before, if it begins a paragraph
    end = -2
    for line in _LINE.finditer(text):
        words = line.group()
        begins = line.start() != end + 1 and bool(words.strip())
        if mark := _FENCE.match(words):
            fence = "" if fence == mark[1] else fence or mark[1]
        elif not fence and (found := _MARKDOWN.fullmatch(words)) and found[2].strip("#"):
            yield {"heading": without_markdown(found[2]) or found[2], "level": len(found[1]), "start": line.start()}
        elif not fence and last >= 0 and not begins and (rule := _UNDERLINE.fullmatch(words)):
            if _is_title(title := text[last:end].strip()):
                yield {"heading": without_markdown(title), "level": 1 if rule[1] else 2, "start": last}
        elif not fence and begins:
            last, end = line.start(), line.end()
            continue
        last, end = -1, line.end()


def _is_title(line: str) -> bool:
    """Tell whether a line above a rule may be a heading, not the end of a text or a row of a table."""
    return len(line) <= _LONGEST and not _SENTENCE_END.search(line) and any(map(str.isalnum, line)) and "|" not in line


def _divisions(text: str) -> Iterator[dict[str, Any]]:
    pattern = _name_pattern()
    before, end = "", 0
    for line in _LINE.finditer(text):
        words = line.group()
        follows = line.start() == end + 1 and len(before) >= _WRAPPED and not _ENDS_LINE.search(before)
        found = None if follows else _division(words, pattern)
        if found is not None and not _OF_CONTENTS.search(words):
            yield {"heading": _bare(found[1]).rstrip(" ."), "level": found[0], "start": line.start()}
        before, end = words, line.end()


def _with_numbered(text: str, divisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the divisions and the numbered headings of a text, in order, without divisions that are items of a list.

    Below an innermost division, such as an article of a law, numbers are those of its paragraphs. A numbered introduction, as in
    `1. مقدمة`, is one of the numbered headings if these count from it or up to it; `1.1 مقدمة` is no heading otherwise.
    """
    items = numbered_lines(text)
    if len(items) < 2:
        return divisions
    numbered = {item.start: len(item.number) for item in items}
    listed = list_items(items, {entry["start"] for entry in divisions})
    divisions = [entry for entry in divisions if entry["start"] not in listed]
    own: list[dict[str, Any]] = []
    shared: list[dict[str, Any]] = []
    for entry in divisions:
        (shared if entry["start"] in numbered and _INTRODUCTION.search(entry["heading"]) else own).append(entry)
    taken = {entry["start"] for entry in own}
    items = [item for item in items if item.start not in taken]
    found: dict[int, dict[str, Any]] = {}
    begin, level, depth = 0, _NUMBERED, 1  # before the first division
    following: list[dict[str, Any] | None] = [*own, None]
    for division in following:
        end = division["start"] if division else len(text)
        if level != _ARTICLE:
            for item, inner in numbered_headings(text, items, begin, end, taken):
                heading = _bare(text[item.start : item.end]).rstrip(" .")
                found[item.start] = {"heading": heading, "level": level + _STEP * (depth + inner), "start": item.start}
        if division is not None:
            is_beside = _INTRODUCTION.search(division["heading"]) is not None
            begin, depth = division["start"], 0 if is_beside else 1
            level = division["level"] if is_beside or division["level"] == _ARTICLE else _NUMBERED
    divisions = own + [entry for entry in shared if entry["start"] not in found and numbered[entry["start"]] < 2]
    return sorted([*divisions, *found.values()], key=lambda entry: int(entry["start"]))


def _division(line: str, pattern: re.Pattern[str]) -> tuple[int, str] | None:
    """Return the level and the heading of the division that a line begins, or `None` for a line of text.

    The heading is the line, or its beginning if the text of the division follows on it: `المادة 5: يجوز ...`.
    """
    found = pattern.match(line)
    if found is None or found.lastgroup is None:
        return None
    level, rest = int(found.lastgroup[1:]), line[found.end() :]
    if len(line) <= _LONGEST and _is_heading(line, found[found.lastgroup], rest):
        return level, line
    beginning = rest[:_LONGEST_NUMBER]
    label = _RUN_IN.match(_ALL_MARKS.sub("", beginning))
    return (level, line[: found.end() + _with_marks(beginning, label.end())]) if label else None


def _with_marks(text: str, length: int) -> int:
    """Return the length of a beginning of a text that has `length` characters without its marks."""
    ends = (at for at, _ in enumerate(text, 1) if len(_ALL_MARKS.sub("", text[:at])) > length)
    return next(ends, len(text) + 1) - 1


def _is_heading(line: str, name: str, rest: str) -> bool:
    if _NUMBER.fullmatch(rest):
        return True
    if _SENTENCE_END.search(line) or len(line.split()) > _WORDS or ". " in rest.strip():
        return False
    if not _bare(rest):
        name = re.sub(_MARKS, "", name).replace("ٱ", "ا")
        name = f"{name[:-1]}ة" if name.endswith("ه") else name
        return name in _ALONE or name.removeprefix("ال") in _ALONE
    return True
