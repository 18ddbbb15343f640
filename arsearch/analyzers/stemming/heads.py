"""The first letters of inflected words that might begin with a clitic.

They spare the stemmer most look-ups: a word with other first letters begins with a clitic, or has none.
Source: `data/heads.txt`, made from the lexicon by tools/build_heads.py. A dictionary has heads of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

from arsearch.analyzers.shipped import shipped
from arsearch.analyzers.stemming.lexicon import ABSENT, Entry

__all__ = ["CLITIC_LETTERS", "FILE", "Heads", "heads_of", "shipped_heads"]

FILE = "heads.txt"

CLITIC_LETTERS = frozenset("اوفبكلس")


class Heads(NamedTuple):
    """The heads of a lexicon: of all its entries that take endings, and of its verbs of three letters in ال."""

    words: frozenset[str]
    short_verbs: frozenset[str]


@cache
def shipped_heads() -> Heads:
    """Return the heads of the lexicon without a dictionary, read from the data file."""
    lines = (line.split() for line in shipped(FILE).split("\n") if line[:1] != "#")
    return Heads(frozenset(next(lines)), frozenset(next(lines)))


def heads_of(entries: Mapping[str, Entry], endings: Collection[str]) -> Heads:
    """Return the heads of the entries of a lexicon: four letters of each, five after ال.

    A base is an entry, or an entry without its last letter when that letter is ه or ي. Where a base is one or two letters
    shorter, the beginning of an ending completes it; after ال only one letter. The short verbs are those of three letters
    in ال, with the beginning of each ending: القت, الغوا.
    """
    tails = {size: {ending[:size] for ending in endings} for size in (1, 2)}
    words: set[str] = set()
    for form, (_, weight, _, verb_weight) in entries.items():
        if form[0] in CLITIC_LETTERS and (weight >= 0 or verb_weight != ABSENT):
            size = 5 if form.startswith("ال") else 4
            for base in (form, form[:-1]) if form[-1] in "هي" else (form,):
                if len(base) >= size:
                    words.add(base[:size])
                elif len(base) >= (4 if size == 5 else 2):
                    words.update(base + tail for tail in tails[size - len(base)])
    verbs = [form for form, (_, _, lemma, _) in entries.items() if len(form) == 3 and form.startswith("ال") and lemma]
    return Heads(frozenset(words), frozenset(verb + ending[:2] for verb in verbs for ending in endings))
