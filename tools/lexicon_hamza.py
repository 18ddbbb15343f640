"""The spellings of a word that differ in the seat of its hamza, and cannot be joined without a lexicon.

Folding makes every seat a letter: ؤ is و, ئ is ي. A word therefore has other letters before an ending (مبدأ, مبدئه), and
in the spelling of old or Egyptian books (مسئلة, هيأة). This module lists such forms with the stem of the word. A form
that is a word itself, or an inflected form of a commoner one, is left out by the caller.

Source: the orthography of hamza in Wright, "A Grammar of the Arabic Language", vol. 1, §§ 15-18 and 131-133.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lexicon_sources import Sources, fold

__all__ = ["seat_variants"]

FEWEST = 100  # the minimum count of a word with a medial hamza
_MEDIAL = re.compile("(?<=[ء-ي])[أئ](?=[ء-ي])")
_OTHER_SEAT = {"أ": "ئ", "ئ": "أ"}


def seat_variants(source: Sources) -> Iterator[tuple[str, str, bool]]:
    """Yield `(form, word, old)`: the normalised forms of a nominal with another seat, and the word, sorted by word.

    `old` tells that the form is the word in old spelling, and not its base before an ending.
    """
    for word in sorted(source.classes):
        if len(word) < 3:
            continue
        for spelling in sorted(source.spellings[word]):
            yield from ((form, word, False) for form in _bases(spelling, word))
            if len(word) > 3 and source.count.get(word, 0) >= FEWEST:
                for form in _old_spellings(spelling):  # بدأة must not take بدءه from بدء
                    if form != word and not (form.endswith("ءه") and form[:-1] in source.classes):
                        yield form, word, True


def _bases(spelling: str, word: str) -> Iterator[str]:
    """Yield the forms of a nominal before endings."""
    if word.endswith("يء"):  # بريئة, بريئون; بريئين has one ي less than its letters
        yield from (word[:-1] + ending for ending in ("ي", "و", "ين", "وون"))
    elif spelling.endswith("أ"):  # خطئه, مبدئه, مبدؤه
        yield word[:-1] + "ء"
        if len(word) > 3:
            yield from (word[:-1] + "ي", word[:-1] + "و")
    elif word.endswith("ء") and word[-2] not in "اوي":  # جزأين, جزئين
        yield from (word[:-1] + "اين", word[:-1] + "يين")
    elif spelling.endswith("أة") and len(word) > 4:  # مفاجآت, منشئات; نشأت is rather a verb
        yield from (word[:-2] + "ات", word[:-2] + "يات")
    elif spelling.endswith("ؤ"):  # تواطئه
        yield word[:-1] + "ي"
    elif spelling.endswith("ئ"):  # مخطئها, لاجئون
        yield from (word[:-1] + "ء", word[:-1] + "وون")


def _old_spellings(spelling: str) -> Iterator[str]:
    """Yield the forms of a word with another seat inside: مسئلة of مسألة."""
    for match in _MEDIAL.finditer(spelling):
        yield fold(spelling[: match.start()] + _OTHER_SEAT[match[0]] + spelling[match.end() :])
