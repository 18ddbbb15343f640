"""Numbered headings of plain text: `١ - القمح`, `1.2 الري`, `أولاً: المقدمة`, `(أ) الحصاد`.

Texts number much else: lists, paragraphs of statutes, verses, answers. So lines are headings only together: they count from the
first number upwards without a gap, none of them is a sentence, and prose stands below each of them. A kind of number that begins
below a heading of another kind is one level deeper. Where one line of a kind breaks these rules, no line of it is a heading: a
wrong heading is worse than a missed one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

__all__ = ["Item", "list_items", "may_be_numbered", "numbered_headings", "numbered_lines"]

_ORDINALS = "اولا ثانيا ثالثا رابعا خامسا سادسا سابعا ثامنا تاسعا عاشرا".split()
_TENS = "حادي ثاني ثالث رابع خامس".split()
_ORDERS = ("ابجدهوزحطيكلمن", "ابتثجحخدذرزسش", "ابپتثجچحخدذرزژسش")
"""The orders in which letters number: of the old alphabet, of today's, and of Persian."""

_MARKS = "\u0610-\u061a\u064b-\u065f\u0670"
_INVISIBLE = "\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_SPACE = rf"[ \t\u00a0{_INVISIBLE}]*"
_DIGITS = "0-9٠-٩۰-۹"
_LETTERS = "اأإبپتثجچحخدذرزژسشهوطيىیكکلمن"
_SIGNS = r".:/ـ_–—−\-"
_ANY_MARKS = f"[{_MARKS}]*"


def _loose(word: str) -> str:
    """Return a pattern of a word with any marks and any form of its hamza."""
    forms = {"ا": "[اأإ]", "ي": "[يى]", " ": r"[ \t\u00a0]+"}
    return "".join(forms.get(letter, letter) + _ANY_MARKS for letter in word)


_BEGIN = re.compile(
    rf"\n{_SPACE}[(\[]?{_SPACE}(?:[{_DIGITS}]|(?:[{_LETTERS}]{_ANY_MARKS}|هـ|[اأ]لف){_SPACE}[)\]{_SIGNS}]"
    rf"|(?:{'|'.join(map(_loose, [*_ORDINALS, *_TENS]))})[ )\]{_SIGNS}\u00a0\t])"
)
"""The beginning of a line that may have a number, after the end of the one before."""

_ORDINAL = "|".join([*_ORDINALS, *(f"{word} +عشر" for word in _TENS)])
_ITEM = re.compile(
    rf"(?P<open>[(\[]?) *(?:(?P<figures>[0-9]{{1,4}}(?:[.ـ–-][0-9]{{1,3}}){{0,4}})|(?P<ordinal>{_ORDINAL})"
    rf"|(?P<letter>الف|[{_LETTERS}](?:(?<=ه)ـ)?)) *(?P<close>[)\]]?) *(?P<sign>[{_SIGNS}]{{0,2}}) *(?P<title>.*)"
)
_UNWANTED = re.compile(f"[{_MARKS}{_INVISIBLE}\r]")
_ALIKE = str.maketrans("أإىیک\u00a0\t٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "ااييك  01234567890123456789")
_SENTENCE = re.compile(r"[.؟!?؛;،,…:]")
_ENDS = re.compile(r"[.؟!?…»”\"')\]]\s*\Z")
_LONGEST = 60
_WORDS = 9
_PROSE_WORDS = 8
_WINDOW = 2000
_LONGEST_LINE = 160  # with marks
_BEGINNING = 40
"""The characters of a longer line that are read: its number stands there."""

_TIMES = 2
"""How much longer than a heading the line directly below it is: a shorter one goes on from a wrapped line."""


class Item(NamedTuple):
    """A line that begins with a number."""

    start: int
    end: int
    kind: str
    number: tuple[int, ...]
    letter: str
    may_head: bool
    """Whether the line by itself may be a heading."""


def may_be_numbered(line: str) -> bool:
    """Tell whether a line by itself may be a numbered heading."""
    return any(item.may_head for item in numbered_lines(line))


def numbered_lines(text: str) -> list[Item]:
    """Return the lines of a text that begin with a number, in order."""
    return [item for found in _BEGIN.finditer(f"\n{text}") if (item := _item(text, found.start()))]


def list_items(items: Sequence[Item], divisions: Collection[int]) -> set[int]:
    """Return the offsets of lines directly below each other with one kind of number, if some of them are no `divisions`."""
    found: set[int] = set()
    group: list[Item] = []
    for item, following in zip(items, [*items[1:], None], strict=True):
        group.append(item)
        if following is None or following.start != item.end + 1 or following.kind != item.kind:
            if any(member.start not in divisions for member in group):
                found.update(member.start for member in group if len(group) > 1)
            group = []
    return found


def numbered_headings(
    text: str, items: Sequence[Item], begin: int, end: int, divisions: Collection[int]
) -> Iterator[tuple[Item, int]]:
    """Yield the headings among the numbered lines between two offsets of a text, each with its depth from 0, not in order.

    `divisions` are the offsets of the lines that are headings already.
    """
    own = items[bisect_left(items, begin, key=_start) : bisect_left(items, end, key=_start)]
    if len(own) > 1:
        ends = [item.start for item in own[1:]] + [end]
        prose = [_has_prose(text, item.end, until) for item, until in zip(own, ends, strict=True)]
        yield from _Runs(text, own, [0, *accumulate(prose)], divisions).found(range(len(own)), len(own), 0, None)


class _Runs:
    """Finds the headings among numbered lines; `prose` counts the lines before each that have prose below them."""

    def __init__(self, text: str, items: Sequence[Item], prose: Sequence[int], divisions: Collection[int]) -> None:
        self._text = text
        self._items = items
        self._prose = prose
        self._divisions = divisions

    def found(self, indexes: Sequence[int], end: int, depth: int, parent: Item | None) -> Iterator[tuple[Item, int]]:
        """Yield the headings among the items of `indexes`, which stand below `parent` and before the item `end`."""
        while len(indexes) > 1:
            kind = self._items[indexes[0]].kind
            run = self._without_contents([index for index in indexes if self._items[index].kind == kind])
            others = [index for index in indexes if self._items[index].kind != kind]
            if not self._is_run(run, end, parent):
                indexes = others
                continue
            for index, until in pairwise([*run, end]):
                yield self._items[index], depth
                inner = others[bisect_left(others, index) : bisect_left(others, until)]
                yield from self.found(inner, until, depth + 1, self._items[index])
            return

    def _without_contents(self, run: Sequence[int]) -> Sequence[int]:
        """Return items without a table of contents before them, whose lines begin as theirs."""
        half = len(run) // 2
        lines = [self._text[item.start : item.end].strip() for item in map(self._items.__getitem__, run)]
        is_twice = len(run) % 2 == 0 and all(
            above.startswith(line) for above, line in zip(lines[:half], lines[half:], strict=True)
        )
        return run[half:] if is_twice else run

    def _is_run(self, run: Sequence[int], end: int, parent: Item | None) -> bool:
        items = [self._items[index] for index in run]
        if len(items) < 2 or not all(item.may_head for item in items) or not _counts(items, parent):
            return False
        if any(self._prose[until] == self._prose[index] for index, until in pairwise([*run, end])):
            return False
        return not self._is_led_in(run[0]) and all(self._stands_apart(index) for index in run)

    def _is_led_in(self, index: int) -> bool:
        """Tell whether the last line before an item announces a list: `وهي:`."""
        start = self._items[index].start
        window = self._text[max(0, start - _WINDOW) : start].rstrip()
        return window.endswith(":") and not self._is_heading(
            index, start - min(start, _WINDOW) + window.rfind("\n") + 1
        )

    def _stands_apart(self, index: int) -> bool:
        """Tell whether a line neither goes on from the one before it nor goes on in the one after it."""
        text, item = self._text, self._items[index]
        start = text.rfind("\n", 0, max(0, item.start - 1)) + 1
        before = text[max(start, item.start - _WINDOW) : max(0, item.start - 1)]
        if before.strip() and not self._is_heading(index, start) and not _ENDS.search(before):
            return False
        after = text[item.end + 1 : _line_end(text, item.end + 1)][:_WINDOW].strip()
        precedes_item = index + 1 < len(self._items) and self._items[index + 1].start == item.end + 1
        return not after or precedes_item or after.endswith(":") or len(after) >= _TIMES * (item.end - item.start)

    def _is_heading(self, index: int, start: int) -> bool:
        """Tell whether the line at `start`, before an item, is another item or the heading of a division."""
        return start in self._divisions or (index > 0 and self._items[index - 1].start == start)


def _start(item: Item) -> int:
    return item.start


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _item(text: str, start: int) -> Item | None:
    end = _line_end(text, start)
    is_short = end - start <= _LONGEST_LINE
    line = text[start : end if is_short else start + _BEGINNING]
    bare = _UNWANTED.sub("", line).translate(_ALIKE)
    found = _ITEM.fullmatch(bare.strip())
    if found is None:
        return None
    figures, ordinal = found["figures"], found["ordinal"]
    letter = (found["letter"] or "").replace("الف", "ا").rstrip("ـ")
    number = tuple(map(int, re.split("[.ـ–-]", figures))) if figures else ()
    if not (found["close"] or found["sign"] or len(number) > 1):
        return None
    if ordinal:
        number = (1 + (_ORDINALS.index(ordinal) if ordinal in _ORDINALS else 10 + _TENS.index(ordinal.split()[0])),)
    sign = found["sign"][:1]
    style = found["open"] + found["close"] + ("-" if sign in "ـ_–—−-" and sign else sign)
    kind = f"{'ordinal' if ordinal else 'letter' if letter else len(number)}{style if len(number) < 2 else ''}"
    return Item(start, end, kind, number, letter, is_short and _may_head(found["title"], bare))


def _may_head(title: str, line: str) -> bool:
    title = title.rstrip(" :")
    return (
        len(line.strip()) <= _LONGEST
        and len(title.split()) <= _WORDS
        and sum(map(str.isalpha, title)) > 1
        and (title[0].isalpha() or title[0] in '«"“(')
        and not _SENTENCE.search(title)
    )


def _counts(items: Sequence[Item], parent: Item | None) -> bool:
    """Tell whether items count from the first number upwards, below the number of their parent if they repeat it."""
    if items[0].letter:
        letters = "".join(item.letter for item in items)
        return any(order.startswith(letters) for order in _ORDERS)
    prefix = items[0].number[:-1]
    if (
        prefix
        and parent is not None
        and len(parent.number) == len(prefix)
        and parent.kind[0].isdecimal()
        and parent.number != prefix
    ):
        return False
    return all(item.number == (*prefix, place) for place, item in enumerate(items, 1))


def _has_prose(text: str, start: int, end: int) -> bool:
    """Tell whether a line of prose, or a line that announces a list, stands between two offsets."""
    while start < end:
        until = text.find("\n", start, end)
        until = end if until < 0 else until
        line = text[start : min(until, start + _WINDOW)]
        if len(line.split()) >= _PROSE_WORDS or line.rstrip().endswith(":"):
            return True
        start = until + 1
    return False
