"""The logical order of the clusters of a segment that stand in visual order, from left to right.

The Unicode Bidirectional Algorithm gives the visual order of a text; this is its inverse, for a paragraph from right to
left with numbers and Latin words. Two texts may look the same: then the likelier one is returned.
Source: Unicode Standard Annex #9, rules W1-W7 and N1-N2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["LogicalText", "logical_text"]

_RIGHT = ("R", "AL")
_NUMBERS = ("EN", "AN")
_BRACKETS = frozenset("()[]{}<>«»‹›“”‘’")
_AFTER_NUMBER = "%٪‰"
_MOSTLY_LATIN = 4  # so many Latin letters for one Arabic letter make a left-to-right segment


class LogicalText(NamedTuple):
    """A text in logical order, and the offsets of its brackets that stand in right-to-left order."""

    text: str
    turned: tuple[int, ...]


def logical_text(items: Sequence[str], *, right_to_left: bool = True) -> LogicalText:
    """Return the logical text of pieces in visual order, from left to right: letters, each with its marks behind it.

    `right_to_left` is the direction of a text that has neither Arabic nor Latin letters, such as `+3%`.
    """
    kinds = [unicodedata.bidirectional(item[:1] or " ") for item in items]
    right, left = sum(kind in _RIGHT for kind in kinds), kinds.count("L")
    if (left and not right) or not (right or right_to_left):
        return LogicalText(" ".join(part for part in "".join(items).split(" ") if part), ())
    order = (
        _left_to_right(kinds, items) if left > _MOSTLY_LATIN * right else _right_to_left(kinds, items, 0, len(items))
    )
    upright = _upright(order)
    parts: list[str] = []
    turned: list[int] = []
    size = 0
    for place, number in enumerate(order):
        text = items[number]
        if text == " " and (not parts or parts[-1] == " "):
            continue
        if text in _BRACKETS and place not in upright:
            turned.append(size)
        parts.append(text)
        size += len(text)
    return LogicalText("".join(parts).rstrip(" "), tuple(turned))


def _upright(order: list[int]) -> set[int]:
    """Return the places of items that stand inside a run from left to right."""
    return {
        place
        for place, number in enumerate(order)
        if 0 < place < len(order) - 1 and order[place - 1] == number - 1 and order[place + 1] == number + 1
    }


def _right_to_left(kinds: Sequence[str], items: Sequence[str], low: int, high: int) -> list[int]:
    """Return the logical order of the items `[low, high)` of a right-to-left paragraph."""
    order: list[int] = []
    after_arabic = False
    place = high - 1
    while place >= low:
        kind = kinds[place]
        if kind != "L" and kind not in _NUMBERS:
            after_arabic = after_arabic or kind in _RIGHT
            order.append(place)
            place -= 1
            continue
        start = place
        while start > low and kinds[start - 1] not in _RIGHT:
            start -= 1
        while kinds[start] != "L" and kinds[start] not in _NUMBERS:
            start += 1
        for run in reversed(_runs(kinds, items, start, place + 1, after_arabic)):
            order.extend(run)
        after_arabic = False if "L" in kinds[start : place + 1] else after_arabic
        place = start - 1
    return _with_signs_after_numbers(order, items, kinds)


def _runs(kinds: Sequence[str], items: Sequence[str], low: int, high: int, after_arabic: bool) -> list[list[int]]:
    """Cut a stretch without right-to-left letters into runs from left to right and the signs between them."""
    runs: list[list[int]] = [[low]]
    latin = kinds[low] == "L"
    last = low
    for place in range(low + 1, high):
        kind = kinds[place]
        if kind != "L" and kind not in _NUMBERS:
            continue
        between = range(last + 1, place)
        if not between or _joined(kinds, items, last, place, latin, after_arabic):
            runs[-1].extend([*between, place])
        else:
            runs.extend([sign] for sign in between)
            runs.append([place])
            latin = False
        latin = latin or kind == "L"
        last = place
    return runs


def _joined(kinds: Sequence[str], items: Sequence[str], left: int, right: int, latin: bool, after_arabic: bool) -> bool:
    """Tell whether the signs between two numbers or Latin letters belong to one run."""
    if kinds[right] == "L":
        return latin or kinds[left] == "EN"
    if latin and kinds[right] == "EN":
        return True
    if right - left != 2 or kinds[left] != kinds[right]:
        return False
    kind = kinds[left + 1]
    return kind == "CS" or (kind == "ES" and kinds[left] == "EN" and not after_arabic) or items[left + 1] in "٫٬"


def _with_signs_after_numbers(order: list[int], items: Sequence[str], kinds: Sequence[str]) -> list[int]:
    """Put a percent sign after its number where the two stand the other way round."""
    place = 0
    while place < len(order) - 1:
        if items[order[place]] in _AFTER_NUMBER and kinds[order[place + 1]] in _NUMBERS:
            before = place > 0 and kinds[order[place - 1]] in _NUMBERS
            end = place + 1
            while end < len(order) and (kinds[order[end]] in _NUMBERS or kinds[order[end]] == "CS"):
                end += 1
            while kinds[order[end - 1]] == "CS":
                end -= 1
            if not before:
                order[place:end] = [*order[place + 1 : end], order[place]]
            place = end
        place += 1
    return order


def _left_to_right(kinds: Sequence[str], items: Sequence[str]) -> list[int]:
    """Return the logical order of a left-to-right paragraph: only its right-to-left stretches are turned."""
    order: list[int] = []
    place = 0
    while place < len(kinds):
        if kinds[place] not in _RIGHT:
            order.append(place)
            place += 1
            continue
        end = last = place
        while end < len(kinds) and kinds[end] != "L":
            last = end if kinds[end] in _RIGHT else last
            end += 1
        order.extend(_right_to_left(kinds, items, place, last + 1))
        place = last + 1
    return order
