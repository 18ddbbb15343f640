"""Which stretches of a text may hold a word that is looked for: a coarse test at the speed of bytes.

Analysing every word of every hit would cost more than the search. But a word matches only if one of its terms has a
wanted normalised form, and for nearly every word that can be ruled out without analysing it: coded in one byte a
character, with the spellings that folding joins made equal, it must equal a wanted form coded the same way. The test
errs on one side only: what it cannot judge (hashtags, compounds, tatweel, elongation, rare characters) it lets
through, to be analysed, and whatever a hamza on a seat may fold to counts as one letter. It relies on how
`arsearch.ArabicAnalyzer` reads plain Arabic words, whatever its options, and on no other analyzer.
Source: Windows code page 1256, which has all letters and marks of modern Arabic and its punctuation, a byte each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from arsearch.analyzers.letters import JOINED, LETTERS, TATWEEL

__all__ = ["Prefilter"]

_CODE = "cp1256"
_ODD = b"?"  # what the codec puts for characters that it lacks, too
_MARK = b"\x01"
_APART = b" "  # ends a word, not a stretch
_SPACE = b"\n"

_FOLDED = str.maketrans("أإآةى", "اااهي")
_SEATS = "ؤئ"
_SEATS_TO = "ءوي"  # which of these a seat folds to depends on the rest of the word
_PLAIN = re.compile("[ء-غف-ي]").match
_VOWEL = re.compile("[\u064b-\u0652]").match
_OF_A_WORD = re.compile(rf"[\w#@{LETTERS}{JOINED}{TATWEEL}]").match


@cache
def _table(*, latin: bool) -> bytes:
    """What each byte of the code page becomes; ASCII letters and digits are odd if `latin`, else they part words."""
    table = bytearray()
    for code in range(256):
        character = bytes([code]).decode(_CODE)
        if character.isspace():
            table += _SPACE
        elif character in _SEATS:
            table += _SEAT
        elif _PLAIN(character):
            table += character.translate(_FOLDED).encode(_CODE)
        elif _VOWEL(character):
            table += _MARK
        elif character == _ODD.decode() or (
            _OF_A_WORD(character) and (latin or not (character.isascii() and character.isalnum()))
        ):
            table += _ODD
        else:
            table += _APART
    return bytes(table)


_LETTERS = bytes(range(0x80, 0x100))
_SEAT = _SEATS[0].encode(_CODE)
_COARSE = bytes.maketrans(_SEATS_TO.encode(_CODE), _SEAT * len(_SEATS_TO))
"""Makes a seat and what it folds to one. Names are looked for before that: it would take كتابي for one with أبو."""


def _coded(text: str, table: bytes) -> bytes:
    return text.encode(_CODE, "replace").translate(table)


def _words(*words: str) -> frozenset[bytes]:
    return frozenset(_coded(word, _table(latin=False)) for word in words)


_COMPOUNDS = _words("عبدال", "ابو", "ذوال", "ذيال", "الله", "الدين")
"""Every name that is written as one word and read as several has one of these in it, folded."""

_STACKS = {
    word.translate(_COARSE)
    for word in _words("و", "ف", *map("".join, product(("", "و", "ف"), ("ال", "بال", "كال", "لل", "ب", "ك", "ل"))))
}
"""What is no word before a quote or a digit, where the tokenizer takes it for proclitics."""


class Prefilter:
    """Finds what has to be analysed, given every normalised form that is wanted.

    With `counting` also every word that may take any other number of positions than one.
    """

    def __init__(self, wanted: Iterable[str], *, counting: bool = False) -> None:
        coded = _coded("\n".join(wanted), _table(latin=False)).replace(_MARK, b"")
        latin = counting or coded.translate(None, _LETTERS + _SPACE) != b""
        self._table = _table(latin=latin)
        forms = coded.translate(_COARSE).split()
        self._wanted = {*forms, *[form + _SEAT for form in forms]}  # شيء folds to شي
        self._counting = counting
        if counting:
            self._wanted |= _STACKS

    def stretches(self, text: str, start: int, end: int) -> list[tuple[int, int, int]]:
        """The stretches `(start, end)` of `text[start:end]` to analyse, in order, each ending at white space.

        The third number says how many words, of one position each, were passed over since the stretch before; 0 if
        they are not counted. A last, empty stretch has those after the last one.
        """
        coded = _coded(text[start:end], self._table)
        kept: NDArray[np.intp] | None = None  # the place of each byte in the text, if some were left out
        if _MARK in coded:
            codes = np.frombuffer(coded, np.uint8)
            kept = np.flatnonzero(codes != _MARK[0])
            coded = codes[kept].tobytes()
        found: list[tuple[int, int, int]] = []
        done = passed = 0
        for place in self._places(coded):
            if place < done:
                continue
            first = coded.rfind(_SPACE, done, place) + 1 or done
            last = coded.find(_SPACE, place)
            last = len(coded) if last < 0 else last
            if self._counting:
                passed = len(coded[done:first].split())
            done = last
            if kept is not None:
                first = int(kept[first - 1]) + 1 if first else 0
                last = int(kept[last]) if last < len(kept) else end - start
            found.append((start + first, start + last, passed))
        if self._counting:
            found.append((end, end, len(coded[done:].split())))
        return found

    def _places(self, coded: bytes) -> list[int]:
        """A place in each word that may be wanted or has something odd about it, rising."""
        places = []
        coarse = coded.translate(_COARSE)
        at = 0
        for word in [word for word in coarse.split() if word in self._wanted]:
            at = _find_word(coarse, word, at)
            places.append(at)
            at += len(word)
        for sign in (_ODD, *_COMPOUNDS):
            at = coded.find(sign)
            while at >= 0:
                places.append(at)
                at = coded.find(sign, at + 1)
        codes = np.frombuffer(coarse, np.uint8)
        same = codes[1:] == codes[:-1]
        thrice = same[1:] & same[:-1]
        if thrice.any():  # an elongated word, or white space
            places += [at for at in np.flatnonzero(thrice).tolist() if coded[at] > 0x7F]
        places.sort()
        return places


def _find_word(coded: bytes, word: bytes, at: int) -> int:
    """Where `word` next stands from `at` on, nothing but white space or punctuation beside it; it does."""
    while True:
        at = coded.index(word, at)
        end = at + len(word)
        if (at == 0 or coded[at - 1] <= 0x20) and (end == len(coded) or coded[end] <= 0x20):
            return at
        at += 1
