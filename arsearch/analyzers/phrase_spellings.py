"""The spellings of a phrase: where a word may be written apart, and which cases of a name may stand in it.

    كتاب وقلم        كتاب و قلم, and the reverse
    إن شاء الله      إنشاء الله, and the reverse
    عبد الله بن عمر   ابن for بن and the reverse, before a name
    أبو بكر          أبي and أبا for أبو, before a name

Words that are always one word when joined (لا بد, فيسبوك) need nothing here: the analyzer splits them.

Source: rules written for this library; `data/names.txt` has the names.
Limits: أبي before a word that is no known name means my father, and بن means coffee; they stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from arsearch.analyzers.foldings import fold_letters
from arsearch.analyzers.letters import JOINED, TATWEEL
from arsearch.analyzers.names import NAME_AS, names_beside
from arsearch.analyzers.proclitics import proclitic_variants
from arsearch.analyzers.roots import roots_of
from arsearch.analyzers.tokens import Form, Term

__all__ = ["MOST_SPELLINGS", "phrase_spellings", "word_spellings"]

_AND = "و"

MOST_SPELLINGS = 16
"""The spellings of one phrase that are looked up; those of its last words are left out."""

_Words = tuple[str, ...]
_FormOf = Callable[[str], Form]

_WITH_AND = re.compile(f"{_AND}[{JOINED}{TATWEEL}]*(?=[ء-غف-ي].)").match
_CORE = re.compile("(.*?)(?:ا?بن|اب[ويا])", re.DOTALL).fullmatch
_BEGINNINGS = (_AND, "إن", "ان", "أن")
"""The beginnings of the words that may have other spellings."""

_ALWAYS_NAMES = ("و", "ا")  # the ends of أبو and أبا, which no other word has


def phrase_spellings(words: Sequence[str], form_of: _FormOf) -> list[_Words]:
    """Return the written words of a phrase, then its other spellings, at most `MOST_SPELLINGS` in all.

    `form_of` gives the form of a written word. `[()]` for no words.
    """
    keys = [form_of(word).terms[:1] for word in words]
    if not any(key and key[0].surface.startswith(_BEGINNINGS) for key in keys):  # nearly every phrase
        return [tuple(words)]
    spellings: list[_Words] = [()]
    at = 0
    while at < len(words):
        taken, others = _others(words, at, form_of)
        piece = tuple(words[at : at + taken])
        grown = [spelling + piece for spelling in spellings]
        for other in others:
            grown += [spelling + other for spelling in spellings][: MOST_SPELLINGS - len(grown)]
        spellings = grown
        at += taken
    return spellings


def _others(words: Sequence[str], at: int, form_of: _FormOf) -> tuple[int, list[_Words]]:
    """Return the number of words at a place that are spelled together, and their other spellings."""
    keys = [fold_letters(term.surface) for word in words[at : at + 3] for term in form_of(word).terms[:1]]
    if keys[:2] == ["انشاء", "الله"]:
        return 1, [("إن", "شاء")]
    if keys == ["ان", "شاء", "الله"]:
        return 2, [("إنشاء",)]
    word = words[at]
    if word == _AND and at + 1 < len(words):
        joined = _AND + words[at + 1]
        return (2, [(joined,)]) if _is_and(joined, words[at + 1], form_of) else (1, [])
    lead = _WITH_AND(word)
    if lead and _is_and(word, word[lead.end() :], form_of):
        return 1, [(_AND, word[lead.end() :])]
    return 1, []


def _is_and(joined: str, rest: str, form_of: _FormOf) -> bool:
    """Return whether a written word is و and the word `rest`, by the analyzer: وقلم is, وزير is not."""
    one, other = form_of(joined).terms, form_of(rest).terms
    return (
        bool(one and other)
        and one[0].normalised == _AND + other[0].normalised
        and [term.word for term in one] == [term.word for term in other]
    )


def word_spellings(term: Term, following: Term | None, *, proclitics: bool, names: bool) -> tuple[str, ...]:
    """Return the normalised form of a term of a phrase, then its other spellings before the `following` term.

    With `proclitics`, the word may have further proclitics, as the first word of a phrase may. With `names`, ابن and بن
    stand for each other before a name, and so do أبو, أبي and أبا. بن then takes no article, for البن is coffee.
    """
    normalised = term.normalised
    base = NAME_AS.get(normalised) if names else None
    if base and following and _stands_before(base, normalised, following):
        lead = _lead(normalised)
        cases = {case: _lead(case) for case, other in NAME_AS.items() if other == base}
        others = [case for case, own in cases.items() if own == lead or (proclitics and own.endswith(lead))]
        return tuple(dict.fromkeys((normalised, *others)))
    return proclitic_variants(normalised) if proclitics and normalised != _AND else (normalised,)


def _lead(form: str) -> str:
    """Return the proclitics of a form of ابن or أبو."""
    core = _CORE(form)
    return core[1] if core else ""


def _stands_before(base: str, normalised: str, following: Term) -> bool:
    """Return whether a case of أبو or a spelling of ابن stands before a name."""
    if following.stop:
        return False
    if base == "ابو" and normalised.endswith(_ALWAYS_NAMES):
        return True
    name = fold_letters(following.surface)
    if name == "عبد" or NAME_AS.get(name) == "ابو" or name in names_beside("أبو" if base == "ابو" else "ابن"):
        return True
    return following.word == following.stem and not roots_of(following.stem)  # names and foreign words have no root
