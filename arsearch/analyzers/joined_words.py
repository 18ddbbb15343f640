"""Words that are written together or apart: لا بد and لابد, رأس مال and رأسمال, فيس بوك and فيسبوك.

`split_joined` splits the joined spelling, so that both have the same terms at the same positions. The joined word is
looked up as a whole, with the proclitics that it may take. No rule guesses: لاتيني begins with no لا.

Source: `data/joined_words.txt`, written for this library from pairs that 31,030 news articles have both ways.
Limits: a joined word that is another word as well stays whole (فيما, كلما, لاسلكي); إنشاء for إن شاء is a synonym.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from arsearch.analyzers.foldings import fold_hamza_seats, fold_letters
from arsearch.analyzers.names import split_compound
from arsearch.analyzers.shipped import shipped
from arsearch.analyzers.stemming.affixes import noun_proclitics

__all__ = ["FILE", "joined_candidates", "joined_words", "pairs", "split_joined"]

FILE = "joined_words.txt"

_PARTICLES = ("", "و", "ف")
_ARTICLES = ("ال", "لل")
_WRITTEN = "="  # before a second word whose hamza must be written


def split_joined(surface: str) -> tuple[str, ...]:
    """Return the parts of a joined word or compound name as surface forms, which joined give `surface`; `()` for another."""
    listed = joined_words().get(fold_letters(surface))
    if listed is None:
        return split_compound(surface)
    joined, cut, exact = listed
    added = any(letter in "أإآ" and letter != one == "ا" for letter, one in zip(surface, joined, strict=True))
    if added or (exact and surface[cut:] != joined[cut:]):  # لأنزال is ل and إنزال
        return ()
    return surface[:cut], surface[cut:]


@cache
def joined_candidates() -> frozenset[str]:
    """Return the joined words, folded by `fold_letters`, and with their hamza seats folded too."""
    return frozenset(joined_words()) | frozenset(map(fold_hamza_seats, joined_words()))


@cache
def joined_words() -> Mapping[str, tuple[str, int, bool]]:
    """Return the joined words, folded by `fold_letters`, each with its spelling, the length of its first part, and a mark.

    Where the mark is true, the second part must be written so. A writer may leave out a hamza but adds none.
    """
    table: dict[str, tuple[str, int, bool]] = {}
    for kind, first, second in pairs():
        written = second.removeprefix(_WRITTEN)
        joined, cut, exact = first + written, len(first), written != second
        folded = fold_letters(joined)
        for stack in _stacks(kind):  # folding changes no proclitic
            table[stack + folded] = stack + joined, len(stack) + cut, exact
    return table


def pairs() -> Iterator[tuple[str, str, str]]:
    """Yield the kind, the first and the second word of each pair of the data file, in its order."""
    for line in shipped(FILE).split("\n"):
        if line and line[0] != "#":
            kind, first, seconds = line.split("\t")
            for second in seconds.split(" "):
                yield kind, first, second


@cache
def _stacks(kind: str) -> tuple[str, ...]:
    """Return the proclitics that the joined words of a kind take, with none first."""
    if kind == "particle":
        return _PARTICLES
    nouns = noun_proclitics()
    return ("", *(stack for stack in nouns if kind == "noun" or not stack.endswith(_ARTICLES)))
