"""Boilerplate: the menus, link lists and copyright lines that scraping leaves around an article.

Such lines repeat the words that people search for, but a snippet made of them says nothing about the article. Two
signs give them away: how they begin (`_LINK_LIST`, `_BUTTON`), and that they are short, end no sentence and follow the
last line of prose. A heading is short too, but prose follows it. The extension has the same rules about lines, without the
patterns, in `kernel/lines.c`.
The phrases were collected from the ends of Arabic news pages. They are matched against the text as written, with any
spelling of alef.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

from arsearch.concurrency import cached_property
from arsearch.model.snippets import CLOSERS, SENTENCE_ENDS

__all__ = ["Boilerplate", "patterns"]

TAIL = 8_192
"""Characters at the end of a text that are searched for trailing boilerplate."""

REACH = 600
"""Characters on either side of an offset that may belong to its line."""

LINES = 12
"""Short lines that may stand between the heading of a link list and one of its items."""

_A = "[اأإآ]"
_LINK_LIST = rf"""
    {_A}قر{_A}\s+(?:{_A}يض|المزيد|كذلك) | (?:شاهد|طالع|تابع|انظر)\s+{_A}يض | المزيد\s+(?:من|في|عن)\b
  | (?:مقالات|مواضيع|موضوعات|{_A}خبار|روابط|قصص|المقالات|المواضيع|الموضوعات|ال{_A}خبار)
        \s+(?:ذات\s+(?:الصلة|صلة)|{_A}خرى|ال{_A}خرى|مشابهة|المشابهة|متعلقة|مرتبطة|المرتبطة|مقترحة)
  | ذات\s+صلة\b | قد\s+(?:يعجبك|يهمك)
  | ال{_A}كثر\s+(?:قراءة|مشاهدة|تعليقا|شعبية|تداولا) | {_A}هم\s+ال{_A}خبار | {_A}خر\s+ال{_A}خبار
  | (?:جميع|كافة|كل)\s+الحقوق\s+محفوظ | حقوق\s+(?:النشر|الطبع|الملكية)\b | © | Copyright\b | All\s+rights\s+reserved
  | {_A}ترك\s+(?:تعليق|رد) | {_A}ضف\s+تعليق | (?:{_A}ضافة|كتابة|{_A}كتب)\s+تعليق | {_A}لغاء\s+الرد
  | لن\s+يتم\s+نشر\s+عنوان | الحقول\s+ال{_A}لزامية | عدد\s+(?:المشاهدات|القراءات|التعليقات)
  | (?:ال)?وسوم\b | (?:ال)?كلمات\s+(?:ال)?(?:دلالية|مفتاحية) | تاجات\b | Tags?\b | Keywords?\b
  | (?:ال)?رابط\s+(?:الخبر|المقال|الموضوع|المختصر|المصدر|مختصر)
  | للتواصل\s+مع
  | تابعنا\b | تابعونا\b | {_A}شترك\s+(?:في|الآن|ب) | للاشتراك\b | زر\s+الذهاب | العودة\s+{_A}لى\s+ال{_A}على
  | Read\s+(?:more|also) | Related\b | Share\s+this | Follow\s+us
"""
_BUTTON = rf"""
    شارك\w* | مشارك\w* | المشارك\w* | انشر\w* | نشر\b | طباع\w* | {_A}طبع\w* | {_A}رس[لا]\w* | حفظ\b | تابع\b
  | التعليقات\b | تعليقات\b | المصدر\b | التصنيف\w*\b | القسم\b | الكاتب\b
  | المزيد\b | الرئيسية\b | السابق\b | التالي\b
  | في?س\s?بوك\b | تويتر\b | وات?س\s?[اآ]ب\b | تي?ل[ي]?[غجق]را[مف]\b | ماسنجر\b | لينك\w*\b | نسخ\s+الرابط
  | Share\b | Tweet\b | Facebook\b | Twitter\b | WhatsApp\b | Telegram\b | Print\b
  | E-?mail\b | Copy\b | Next\b | Previous\b
"""
_PROSE = 120  # a line of this length is prose even if it ends no sentence
_SENTENCE = 30  # a line of this length is prose if it ends a sentence
_LONGEST_LINK = 100  # a line of this length that ends a sentence is not a link or tag list
_LONGEST_BUTTON = 60
_SEPARATOR = re.compile(r"[|»›•·/#]|\s[-–]\s")  # between the entries of a menu or a tag list
_SEPARATOR_SIGNS = "|»›•·/#-–"
_AFTER_SENTENCE = (
    rf"[{re.escape(SENTENCE_ENDS)}][{re.escape(CLOSERS)}]*\s+(?=[^\W_]|©)"  # © alone begins a list and no word
)
_SENTENCE_ENDS = tuple(SENTENCE_ENDS)

_Match = Callable[..., re.Match[str] | None]


# The patterns take long to compile, which only callers that choose passages should pay.
@cache
def _begins_link_list() -> _Match:
    return re.compile(rf"[\W_]*(?:{_LINK_LIST})", re.VERBOSE | re.IGNORECASE).match


@cache
def _begins_button() -> _Match:
    return re.compile(rf"[\W_]*(?:{_BUTTON})", re.VERBOSE | re.IGNORECASE).match


@cache
def patterns() -> tuple[_Match, _Match, Callable[..., list[str]]]:
    """Return what finds the beginning of a link list, that of a button, and the separators, for the extension."""
    return _begins_link_list(), _begins_button(), _SEPARATOR.findall


class Boilerplate:
    """The boilerplate of one text: `offset in boilerplate` tells whether the word at an offset belongs to it.

    An empty text has no boilerplate. `limit` is an offset at or after every offset that will be tested (`None`: the
    end of the text). The compiled `extension` makes it faster.
    """

    end: int
    """Offset at which the trailing boilerplate begins; the length of the text if there is none."""

    def __init__(self, text: str, limit: int | None = None, extension: ModuleType | None = None) -> None:
        self._text = text
        self._extension = extension
        self._limit = len(text) if limit is None else limit
        self._line_starts: dict[int, int] = {}  # start of a line -> offset from which the line is boilerplate
        self.end = len(text) if extension is not None and extension.ends_in_prose(text) else self._prose_end()

    def __contains__(self, offset: int) -> bool:
        if offset >= self.end:
            return True
        line = _line_start(self._text, offset)
        start = self._line_starts.get(line)
        if start is None:
            start = self._line_starts[line] = self._start_in_line(line)
        return start <= offset

    def _start_in_line(self, start: int) -> int:
        """Return the offset from which the line at `start` is boilerplate; the length of the text if it is prose."""
        text = self._text
        end = text.find("\n", start, start + 2 * REACH)
        end = end if end >= 0 else min(len(text), start + 2 * REACH)
        return start if self._is_boilerplate(start, end) else self._glued_start(start, end)

    def _glued_start(self, start: int, end: int) -> int:
        """Return the offset of a link list that ends a line of prose; the length of the text if there is none."""
        glued = None
        if any(start <= before and at < end for before, at in self._glued_lists):
            glued = self._glued_list(start, end)
        return len(self._text) if glued is None else glued

    def compiled(self) -> tuple[Any, ...]:
        """Return all that the extension needs to tell whether an offset is in the boilerplate; see `kernel/lines.c`."""
        return self._text, self._limit, self.end, *patterns(), self._glued_start

    def _is_boilerplate(self, start: int, end: int) -> bool:
        """Tell whether a line before the trailing boilerplate is a link, a list, or an item under a list's heading."""
        line = self._text[start:end].strip()
        if _is_link(line):
            return True
        prose = _is_long(line)
        for _ in range(LINES):
            if prose or start == 0:
                return False
            end = start - 1
            start = _line_start(self._text, end)
            line = self._text[start:end].strip()
            if _begins_link_list()(line):
                return _is_link(line)
            prose = _is_prose(line)
        return False

    def _prose_end(self) -> int:
        """Return the offset after the last line of prose; the length of the text if it has none (a poem, a list, a title)."""
        text = self._text
        at = end = len(text)
        floor = max(0, end - TAIL)
        while at > floor:
            start = text.rfind("\n", floor, at) + 1 or floor
            line = text[start:at].strip()
            if line:
                glued = self._glued_list(max(start, at - 2 * REACH), at)
                if glued is not None:
                    return glued
                if _is_prose(line):
                    return end
                end = start
            at = start - 1
        return len(text)

    def _glued_list(self, start: int, end: int) -> int | None:
        """Return the offset of a link list that follows a sentence of the line `text[start:end]` and lasts to its end."""
        for _, at in self._lists_in(start, end):
            if _is_link(self._text[at:end].strip()):
                return at
        return None

    def _lists_in(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where a link list may follow a sentence: the offsets of the sentence's last sign and of the list."""
        if self._extension is not None:
            places = self._extension.list_places(self._text, start, end)
            after = [(sign, at) for sign, at in places if self._text[at].isalnum() or self._text[at] == "©"]
        else:
            after = [match.span() for match in re.compile(_AFTER_SENTENCE).finditer(self._text, start, end)]
        return [(before, at) for before, at in after if _begins_link_list()(self._text, at, end)]

    @cached_property
    def _glued_lists(self) -> list[tuple[int, int]]:
        """Where a link list may follow a sentence, up to the limit."""
        return self._lists_in(0, min(len(self._text), self._limit + 2 * REACH))


def _line_start(text: str, offset: int) -> int:
    """Return the offset at which the line of `offset` begins, at most `REACH` characters before it."""
    low = offset - REACH if offset > REACH else 0
    return text.rfind("\n", low, offset) + 1 or low


def _is_link(line: str) -> bool:
    """Tell whether a line is a link, a button, a menu or a tag list."""
    ends_sentence = _ends_sentence(line)
    if _begins_link_list()(line):
        return len(line) < _LONGEST_LINK or not ends_sentence
    if ends_sentence:
        return False
    if len(line) < _LONGEST_BUTTON and _begins_button()(line):
        return True
    count = sum(map(line.count, _SEPARATOR_SIGNS))  # an upper bound; the exact count is slow
    if count >= 3 and count * 40 > len(line):
        count = len(_SEPARATOR.findall(line))
    return count >= 3 and count * 40 > len(line)


def _is_prose(line: str) -> bool:
    return _is_long(line) and not _is_link(line)


def _is_long(line: str) -> bool:
    return len(line) >= _PROSE or (len(line) >= _SENTENCE and _ends_sentence(line))


def _ends_sentence(line: str) -> bool:
    return line.rstrip(CLOSERS).endswith(_SENTENCE_ENDS)
