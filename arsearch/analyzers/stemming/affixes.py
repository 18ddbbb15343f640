"""The affixes of Arabic words, as look-ups.

For every ending that a noun or a verb may have, `endings` gives the pronoun in it, the completion of the word without
it, and the entry that the lexicon must hold. The stemmer then makes two dictionary look-ups for an ending, instead of
a search through prefix and suffix tries.

Source: Tashaphyne's tables of legal affix pairs, compiled to `data/affixes.txt` by tools/build_affixes.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from arsearch.analyzers.shipped import shipped

__all__ = ["LONGEST", "Ending", "endings", "noun_proclitics", "read_table"]

LONGEST = 6
"""The letters of the longest ending that the stemmer looks up."""

_CERTAIN = 14
_NEVER = 1000  # exceeds every weight of the lexicon


class Ending(NamedTuple):
    """The rules of an ending, for nominals and for verbs.

    `certain` is the weight at which a reading needs no comparison with a longer ending.

    A nominal's base and the first of `completions` that fits make an entry of the lexicon. Where none fits and `plain`
    is true, the base itself is the entry. The word is the form without the pronoun, `form[:end] + noun_restored`. The
    first of `noun_ends` is that end, and the second one is the end after a base in ي: the ه of الألمانية is a folded ة.

    A verb is the perfect at the base, or the imperfect that begins with one of the letters `subjects`. The word is
    `form[:verb_end] + verb_restored`.

    The rarities tell how much rarer a word is with the ending than without, in newspapers, as a binary logarithm. They
    are positive. Where a rule does not apply, its rarity exceeds every weight of the lexicon.
    """

    certain: int = _NEVER
    completions: tuple[str, ...] = ()
    plain: bool = False
    noun_rarity: int = _NEVER
    noun_ends: tuple[int | None, int | None] = (None, None)
    noun_restored: str = ""
    perfect_rarity: int = _NEVER
    subjects: str = ""
    imperfect_rarity: int = _NEVER
    verb_end: int | None = None
    verb_restored: str = ""


_RARE = ("ك", "كم", "كما", "كن", "نا", "ني", "هما", "هن", "تم", "تما", "تن", "يا")
_CLASS_LETTERS = str.maketrans({"Y": "ي", "T": "ت", "N": "ن", "A": "ا", "P": None})


@cache
def endings() -> Mapping[str, Ending]:
    """Return the rules of every ending, folded as normalised words are.

    A tail that only ends longer endings (م of هم) has an `Ending` without rules.
    """
    table: dict[str, Ending] = {}
    for kind, ending, *row in read_table("affixes.txt"):
        if kind == "stack":
            continue
        end, restored, condition = -int(row[0]) or None, _text(row[1]), row[2]
        rarity = _rarity(ending)
        rules = table.get(ending, Ending(_CERTAIN))
        if kind == "noun":
            completions = tuple(map(_text, condition.split(",")))
            table[ending] = rules._replace(
                completions=tuple(filter(None, completions)),
                plain="" in completions,
                # علموه is rather علم the verb, and an open ت for ة is an old spelling
                noun_rarity=8 if ending == "ت" or (ending[0] == "و" and ending != "ون") else rarity,
                noun_ends=(end, None if ending == "ه" else end),
                noun_restored=restored,
            )
        else:
            table[ending] = rules._replace(
                perfect_rarity=rarity if "P" in condition else _NEVER,
                subjects=condition.translate(_CLASS_LETTERS),
                imperfect_rarity=rarity,
                verb_end=end,
                verb_restored=restored,
            )
    tails = {ending[start:]: Ending() for ending in table for start in range(1, len(ending))}
    return {**tails, **table}


@cache
def noun_proclitics() -> tuple[str, ...]:
    """Return the stacks of proclitics that a noun may carry, sorted."""
    return tuple(row[1] for row in read_table("affixes.txt") if row[0] == "stack")


def _rarity(ending: str) -> int:
    """Return how much rarer a word is with the ending than without, in newspapers, as a binary logarithm."""
    if ending in ("ن", "و", "اتي") or ending.endswith(_RARE):
        return 6
    return 4 if ending in ("ا", "ي") or ending.endswith("ان") else 3


def read_table(name: str) -> list[list[str]]:
    """Return the rows of a tab-separated data file of this package, without comments and empty lines."""
    text = shipped(name)
    return [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]


def _text(cell: str) -> str:
    return "" if cell == "-" else cell
