"""Page furniture: what scraping leaves around an article, so that a snippet is not taken from it.

Links to other articles, share buttons, tag lists, comment forms and copyright lines repeat the words that people
search for. Two signs give them away: how they begin (`_LIST`, `_BUTTON`), and that they are short lines that end no
sentence and stand after the last line of running text. A heading is a short line too, but text follows it.
The phrases were collected from the ends of Arabic news pages; they are matched on the written text, with any
spelling of alef.
"""

from __future__ import annotations

import re
from functools import cached_property

from arsearch.snippets.sentences import CLOSERS, ENDS

__all__ = ["Boilerplate"]

TAIL = 8_192
"""Characters at the end of a text in which its trailing furniture is looked for."""

REACH = 600
"""Characters on either side of an offset that may belong to its line."""

LINES = 12
"""Short lines that may stand between a list's heading and one of its items."""

_A = "[اأإآ]"
_LIST = rf"""
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
_FLAGS = re.VERBOSE | re.IGNORECASE
_BEGINS_LIST = re.compile(rf"[\W_]*(?:{_LIST})", _FLAGS)
_BEGINS_BUTTON = re.compile(rf"[\W_]*(?:{_BUTTON})", _FLAGS)
_SENTENCE_END = rf"[{re.escape(ENDS)}][{re.escape(CLOSERS)}]*\s+"
_LIST_AFTER_SENTENCE = re.compile(rf"{_SENTENCE_END}(?=(?i:{_LIST}))", re.VERBOSE)
_SEPARATORS = re.compile(r"[|»›•·/#]|\s[-–]\s")
_SIGNS_AT_END = tuple(ENDS)
_SIGNS = "|»›•·/#-–"
_PROSE = 120  # a line this long is text even if it ends no sentence
_SENTENCE = 30  # so is one this long that ends one
_LINK = 100  # the longest link or tag list taken for one although it ends a sentence
_LABEL = 60  # the longest button


class Boilerplate:
    """Tells the furniture of one text from its running text. An empty text has none.

    Offsets will be asked about up to `read` (`None`: all).
    """

    def __init__(self, text: str, read: int | None = None) -> None:
        self._text = text
        self._read = len(text) if read is None else read
        self._lines: dict[int, int] = {}  # where a line begins -> from where on it is furniture
        self.end = self._prose_end()

    end: int
    """Offset at which the trailing furniture begins; the length of the text if there is none."""

    def __contains__(self, offset: int) -> bool:
        """True if the word at `offset` stands in furniture."""
        if offset >= self.end:
            return True
        text = self._text
        low = offset - REACH if offset > REACH else 0
        start = text.rfind("\n", low, offset) + 1 or low
        begins = self._lines.get(start)
        if begins is None:
            begins = self._lines[start] = self._begins(start)
        return begins <= offset

    def _begins(self, start: int) -> int:
        """From where on the line at `start` is furniture; the length of the text if it is none."""
        text = self._text
        end = text.find("\n", start, start + 2 * REACH)
        end = end if end >= 0 else min(len(text), start + 2 * REACH)
        if self._is_furniture(start, end):
            return start
        inner = None
        if self._inner_lists and any(start <= before and at < end for before, at in self._inner_lists):
            inner = _inner_list(text, start, end)
        return len(text) if inner is None else inner

    def _is_furniture(self, start: int, end: int) -> bool:
        """Is a line before the trailing furniture a link, a list, or an item under a list's heading?"""
        line = self._text[start:end].strip()
        if _is_link(line):
            return True
        prose = _is_long(line)
        for _ in range(LINES):
            if prose or start == 0:
                return False
            end = start - 1
            start = self._text.rfind("\n", max(0, end - REACH), end) + 1 or max(0, end - REACH)
            line = self._text[start:end].strip()
            if _BEGINS_LIST.match(line):
                return _is_link(line)
            prose = _is_prose(line)
        return False

    @cached_property
    def _inner_lists(self) -> list[tuple[int, int]]:
        """Where a sentence ends and where after it a list may begin; few texts have any."""
        return [found.span() for found in _LIST_AFTER_SENTENCE.finditer(self._text, 0, self._read + 2 * REACH)]

    def _prose_end(self) -> int:
        text, end = self._text, len(self._text)
        floor = max(0, end - TAIL)
        at = end
        while at > floor:
            start = text.rfind("\n", floor, at) + 1 or floor
            line = text[start:at].strip()
            if line:
                inner = _inner_list(text, max(start, at - 2 * REACH), at)
                if inner is not None:
                    return inner
                if _is_prose(line):
                    return end
                end = start
            at = start - 1
        return len(text)  # no running text: a poem, a list, a title


def _inner_list(text: str, start: int, end: int) -> int | None:
    """Where, after a sentence of the line `text[start:end]`, a link or list begins that lasts to the line's end."""
    for found in _LIST_AFTER_SENTENCE.finditer(text, start, end):
        at = found.end()
        if _is_link(text[at:end].strip()):
            return at
    return None


def _is_link(line: str) -> bool:
    ends_sentence = _ends_sentence(line)
    if _BEGINS_LIST.match(line):
        return len(line) < _LINK or not ends_sentence
    if ends_sentence:
        return False
    if len(line) < _LABEL and _BEGINS_BUTTON.match(line):
        return True
    signs = sum(map(line.count, _SIGNS))  # at least as many; counting them right is slow
    if signs >= 3 and signs * 40 > len(line):
        signs = len(_SEPARATORS.findall(line))
    return signs >= 3 and signs * 40 > len(line)


def _is_prose(line: str) -> bool:
    return _is_long(line) and not _is_link(line)


def _is_long(line: str) -> bool:
    return len(line) >= _PROSE or (len(line) >= _SENTENCE and _ends_sentence(line))


def _ends_sentence(line: str) -> bool:
    return line.rstrip(CLOSERS).endswith(_SIGNS_AT_END)
