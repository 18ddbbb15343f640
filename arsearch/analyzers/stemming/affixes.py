"""The endings of Arabic words, as look-ups.

What: for every ending a noun or verb may have, how much of it is a pronoun, what completes the word without it, and
what the lexicon must hold for the ending to be one. Why: two dictionary look-ups a candidate instead of a search
through prefix and suffix tries. Source: Tashaphyne's tables of legal affix pairs, compiled by tools/build_affixes.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from arsearch.analyzers.shipped import shipped

__all__ = ["ENDING_LETTERS", "LONGEST", "Ending", "endings", "read_table"]

ENDING_LETTERS = frozenset("ايهتنمكو")
"""The letters in which an ending can end; a word in any other letter has none."""

LONGEST = 6
"""The letters of the longest ending that is looked up."""


class Ending(NamedTuple):
    """What an ending may be.

    `noun_cut` and `verb_cut` are the letters that are off the word (its pronoun), `noun_put` and `verb_put` what is
    put in their place; `completions` what follows the base in the lexicon of nouns, best first, and `plain` whether
    the base itself may be one (neither when no noun ends so); `perfect` whether a verb of the past, `imperfect` after
    which letters a verb of the present may. `noun_rarity` and `rarity`, of verbs, are how much rarer a word is with
    the ending than without, as a binary logarithm, in newspapers; never 0.
    """

    noun_cut: int
    noun_put: str
    completions: tuple[str, ...]
    plain: bool
    noun_rarity: int
    verb_cut: int
    verb_put: str
    perfect: bool
    imperfect: str
    rarity: int


_RARE = ("ك", "كم", "كما", "كن", "نا", "ني", "هما", "هن", "تم", "تما", "تن", "يا")
_CLASS_LETTER = {"Y": "ي", "T": "ت", "N": "ن", "A": "ا"}


@cache
def endings() -> Mapping[str, Ending | None]:
    """Every ending, folded as normalised words are; None for what only ends longer ones (م of هم)."""
    nouns: dict[str, tuple[int, str, tuple[str, ...]]] = {}
    verbs: dict[str, tuple[int, str, str]] = {}
    for kind, *row in read_table("affixes.txt"):
        if kind == "noun":
            nouns[row[0]] = int(row[1]), _shown(row[2]), tuple(map(_shown, row[3].split(",")))
        elif kind == "verb":
            verbs[row[0]] = int(row[1]), _shown(row[2]), row[3]
    table: dict[str, Ending | None] = {}
    for ending in {**nouns, **verbs}:
        for start in range(1, len(ending)):
            table.setdefault(ending[start:], None)
        noun_cut, noun_put, completions = nouns.get(ending, (0, "", ()))
        plain = "" in completions
        cut, put, classes = verbs.get(ending, (0, "", ""))
        letters = "".join(_CLASS_LETTER[c] for c in classes if c != "P")
        rarity = _rarity(ending)
        noun_rarity = 8 if ending[0] == "و" and ending != "ون" else rarity  # علموه is rather علم the verb
        longer = tuple(filter(None, completions))
        table[ending] = Ending(
            noun_cut, noun_put, longer, plain, noun_rarity, cut, put, "P" in classes, letters, rarity
        )
    return table


def _rarity(ending: str) -> int:
    """How much rarer a word is with the ending, as a binary logarithm, in newspapers."""
    if ending in ("ن", "و") or ending.endswith(_RARE):
        return 6
    return 4 if ending in ("ا", "ي") or ending.endswith("ان") else 3


def read_table(name: str) -> list[list[str]]:
    """The rows of a tab-separated data file of this package, comments and empty lines left out."""
    text = shipped(name)
    return [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]


def _shown(cell: str) -> str:
    return "" if cell == "-" else cell
