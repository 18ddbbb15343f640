"""The other spellings of a foreign name: ج غ ق ك for g, long vowels written or not, double letters.

`foreign_spellings` makes candidates from a stem; a search looks for candidates in the articles. v and p need no rule,
because the normalizer folds ڤ to ف and پ to ب. The rule is for words that the Arabic dictionaries do not explain: a
stem with a root has no candidates and is none, and of two spellings at most one is in the lexicon. So قرار and غرار,
تشكيل and تشغيل, غينيا and كينيا stay apart. Pairs of lexicon words that are one name are in `data/variants.txt`.

Source: pairs of spellings in 31,030 news articles; of 1,330 pairs that the rule joins, few are different names.
Limits: vowels change in words of five letters or more, one at a time, and never at the ends; t, s and h have no rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice

from arsearch.analyzers.roots import roots_of
from arsearch.analyzers.shipped import shipped
from arsearch.analyzers.stemming.lexicon import FUNCTION, lexicon

__all__ = ["MOST_CANDIDATES", "foreign_spellings"]

MOST_CANDIDATES = 128
"""The candidates for one stem; each costs a look-up of a term."""

_G = "جغكق"
_VOWELS = "اوي"
_SOFT = frozenset("اوييءه")
_SHORTEST, _SHORTEST_FOR_VOWELS, _LONGEST = 4, 5, 20
_LETTERS = frozenset("ءابةتثجحخدذرزسشصضطظعغفقكلمنهوي")


def foreign_spellings(stem: str) -> tuple[str, ...]:
    """Return the stems that may be other spellings of a foreign name, likelier ones first; `()` for an Arabic word.

    Each pair of spellings is symmetric, unless `MOST_CANDIDATES` cuts one side.
    """
    entries = lexicon().entries
    listed = entries.get(stem)
    if listed is not None and (listed[1] == FUNCTION or stem not in _names()):  # nearly every word
        return ()
    if not _SHORTEST <= len(stem) <= _LONGEST or not _LETTERS.issuperset(stem) or roots_of(stem):
        return ()
    candidates = dict.fromkeys(_respelled(stem))
    candidates.pop(stem, None)

    def is_foreign(candidate: str) -> bool:
        entry = entries.get(candidate)
        return (entry is None or (listed is None and entry[1] != FUNCTION)) and not roots_of(candidate)

    return tuple(filter(is_foreign, islice(candidates, MOST_CANDIDATES)))


def _respelled(stem: str) -> Iterator[str]:
    """Yield other spellings of a stem, with few changes first; some are repeated."""
    others = list(dict.fromkeys(_with_other_g(stem)))
    yield from others
    if len(stem) < _SHORTEST_FOR_VOWELS:
        return
    yield from _with_other_length(stem)
    for other in others:
        yield from _with_other_length(other)


def _with_other_g(stem: str) -> Iterator[str]:
    """Yield the stem with another of ج غ ق ك for each of them, then for all of one kind, then for a single one."""
    found = [at for at, letter in enumerate(stem) if letter in _G]
    for letter in _G if found else "":
        yield "".join(letter if other in _G else other for other in stem)
    for one in dict.fromkeys(stem[at] for at in found):
        for letter in _G:
            yield stem.replace(one, letter)
    for at in found:
        for letter in _G:
            yield stem[:at] + letter + stem[at + 1 :]


def _with_other_length(stem: str) -> Iterator[str]:
    """Yield the stem with a vowel or a double letter more or less."""
    for at in range(1, len(stem) - 1):
        before, letter, after = stem[at - 1], stem[at], stem[at + 1]
        if letter in _VOWELS and not {before, after} & _SOFT and len(stem) > _SHORTEST_FOR_VOWELS:
            yield stem[:at] + stem[at + 1 :]
        if letter == after:
            yield stem[:at] + stem[at + 1 :]
    for at in range(1, len(stem)):
        if not {stem[at - 1], stem[at]} & _SOFT:
            for vowel in _VOWELS:
                yield stem[:at] + vowel + stem[at:]
    for at in range(1, len(stem) - 1):
        if stem[at] not in "اءه" and stem[at] not in (stem[at - 1], stem[at + 1]):
            yield stem[:at] + stem[at] + stem[at:]


@cache
def _names() -> frozenset[str]:
    """Return the words of the lexicon that no dictionary has: names, and words of newspapers."""
    _, heading, names = shipped("whole_words.txt").partition("# Personal names\n")  # nouns precede them
    return frozenset(name for line in names.split("\n") if heading and line[:1] != "#" for name in line.split())
