"""Brackets in right-to-left order, which face the right way or the wrong one, as the program mapped mirrored glyphs.

A program maps each kind of bracket in one way. So each kind is judged over the whole document, by the spaces beside its
signs; a sign that leaves its partner unmatched is judged again with it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

__all__ = ["brackets_of", "kinds_to_mirror", "mirrored"]

_KINDS = ("()", "[]", "{}", "<>", "«»", "‹›", "“”", "‘’")
_MIRROR = {kind[side]: kind[1 - side] for kind in _KINDS for side in (0, 1)}
_BEFORE = re.compile(r"\w|[.،؛؟!:%\"“”]")


def brackets_of(text: str) -> list[int]:
    """Return the offsets of all brackets of a text."""
    return [offset for offset, sign in enumerate(text) if sign in _MIRROR]


def kinds_to_mirror(lines: Iterable[tuple[str, Iterable[int]]]) -> frozenset[str]:
    """Return the brackets that face the wrong way in a document.

    `lines` are texts and the offsets of their brackets in right-to-left order.
    """
    votes = dict.fromkeys(_KINDS, 0)
    for text, offsets in lines:
        for offset in offsets:
            kind = next(kind for kind in _KINDS if text[offset] in kind)
            votes[kind] += _vote(text, offset, opens=text[offset] == kind[0])
    return frozenset(sign for kind, vote in votes.items() if vote < 0 for sign in kind)


def _vote(text: str, offset: int, *, opens: bool) -> int:
    """Return 1 if a bracket faces the word that touches it, -1 if it turns its back, 0 if it cannot be told."""
    before, after = text[offset - 1 : offset] if offset else " ", text[offset + 1 : offset + 2] or " "
    touches_next = before.isspace() and bool(_BEFORE.match(after))
    touches_last = bool(_BEFORE.match(before)) and not re.match(r"\w", after)
    if touches_next == touches_last:
        return 0
    return 1 if touches_next == opens else -1


def mirrored(text: str, offsets: Iterable[int], wrong: frozenset[str]) -> str:
    """Return a line whose brackets of `wrong` kinds are mirrored, and pairs that stand back to back are turned."""
    signs = list(text)
    places = list(offsets)
    for place in places:
        if signs[place] in wrong:
            signs[place] = _MIRROR[signs[place]]
    for first, second in itertools.pairwise(places):
        if any(signs[first] + signs[second] == kind[::-1] for kind in _KINDS):
            turned = signs[:]
            turned[first], turned[second] = signs[second], signs[first]
            now = _pair_vote("".join(signs), first, second)
            if now < 0 < _pair_vote("".join(turned), first, second):
                signs = turned
    return "".join(signs)


def _pair_vote(text: str, first: int, second: int) -> int:
    kind = next(kind for kind in _KINDS if text[first] in kind)
    return sum(_vote(text, place, opens=text[place] == kind[0]) for place in (first, second))
