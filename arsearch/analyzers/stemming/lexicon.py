"""The words the stemmer knows.

What: nouns, verbs, names and function words, keyed by normalised form, each with its stem and a weight.
Why: only a lexicon tells that وزير begins with its own و. Source: `data/lexicon.txt`, derived from Arramooz and
Ayaspell by tools/build_lexicon.py, and the lists written for this library, `whole_words.txt`, `irregular.txt` and
`function_words.txt`; each file's header names its source and licence.
Limits: broken plurals that might be another word keep stems of their own; dialects and classical rarities are thin.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import repeat

from arsearch.analyzers.shipped import shipped
from arsearch.analyzers.stemming.affixes import read_table

__all__ = [
    "ABSENT",
    "FILES",
    "FUNCTION",
    "OWN_WEIGHT",
    "VERB_SHARE",
    "Entry",
    "Lexicon",
    "data_digest",
    "lexicon",
    "read_lexicon",
    "with_verbs",
]

FILES = ("affixes.txt", "function_words.txt", "irregular.txt", "lexicon.txt", "whole_words.txt")
"""The data files that decide a stem."""

VERB_SHARE = 3
"""A verb's lemma is counted over some eight times as many forms as a noun's, as a binary logarithm."""

OWN_WEIGHT = 8
"""The least weight of a word of our own lists; names stand alone more often than with an ending."""

_PRONOUNS = ("ه", "ها", "هم", "هما", "هن", "ك", "كم", "كما", "كن", "نا")

Entry = tuple[str, int, str, int]
"""The stem and weight of a nominal, then the lemma and weight of a verb of the past; `ABSENT` where it is neither.

A weight is the floor of the binary logarithm of how often the lemma was counted in a newswire corpus.
"""

ABSENT = -99
"""The weight of what a form is not."""

FUNCTION = -98
"""The weight of a function word's form; its stem is the word without clitics."""


_ALSO_NOUNS = {"علي", "حين", "غير", "مثل", "امام", "اذن", "ام", "خلف", "نعم"}
"""Function words that take a noun's endings as well, or are a name."""


@dataclass(frozen=True)
class Lexicon:
    """All tables, by normalised form.

    `entries` holds nominals, verbs as cited and before ت, and function words with any clitics; `imperfect` what
    follows ي, as `(lemma, weight)`; `in_heh` the nominals whose last ه is not a folded ة: وجه, فقه.
    """

    entries: Mapping[str, Entry]
    imperfect: Mapping[str, tuple[str, int]]
    in_heh: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon, read once a process."""
    words, perfect, imperfect, heh = read_lexicon(shipped("lexicon.txt"))
    for line in shipped("whole_words.txt").split("\n"):
        if line and line[0] != "#":
            for name in line.split():
                stem, weight, _, _ = words.get(name, (name, 0, "", ABSENT))
                words[name] = stem, max(weight, OWN_WEIGHT), "", ABSENT
    for form, stem in read_table("irregular.txt"):
        weight = words[stem][1] if stem in words else 0
        words[form] = stem, max(weight, OWN_WEIGHT), "", ABSENT
    entries = with_verbs(words, perfect)
    for form, base in _function_words().items():
        if form not in _ALSO_NOUNS:  # بعض takes no noun's endings: بعضو must not be عضو's rival
            _, _, lemma, weight = entries.get(form, ("", ABSENT, "", ABSENT))
            entries[form] = base, FUNCTION, lemma, weight
    return Lexicon(entries, imperfect, frozenset(heh))


Verbs = dict[str, tuple[str, int]]


def read_lexicon(text: str) -> tuple[dict[str, Entry], Verbs, Verbs, Verbs]:
    """The nominals, the verbs of the past, those of the present and the words in heh of a lexicon file's text."""
    words: dict[str, Entry] = {}
    others: dict[str, Verbs] = {"perfect": {}, "imperfect": {}, "heh": {}}
    for line in text.split("\n"):
        if line and line[0] != "#":
            section, weight, listed = line.split(" ", 2)
            name, mapped, _ = section.partition("=")
            forms = stems = listed.split(" ")
            if mapped:
                both = listed.replace("=", " ").split(" ")
                forms, stems = both[::2], both[1::2]
            heavy = repeat(int(weight))
            if name == "words":
                words.update(zip(forms, zip(stems, heavy, repeat(""), repeat(ABSENT), strict=False), strict=False))
            else:
                others[name].update(zip(forms, zip(stems, heavy, strict=False), strict=False))
    return words, others["perfect"], others["imperfect"], others["heh"]


def with_verbs(words: dict[str, Entry], perfect: Mapping[str, tuple[str, int]]) -> dict[str, Entry]:
    """The nominals with the verbs of the past among them; changes `words`."""
    for form, (lemma, heavy) in perfect.items():
        stem, weight, _, _ = words.get(form, ("", ABSENT, "", ABSENT))
        words[form] = stem, weight, lemma, heavy - VERB_SHARE
    return words


@cache
def data_digest() -> str:
    """A hex digest of every data file a stem depends on."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(name.encode() + b"\0" + shipped(name).encode())
    return digest.hexdigest()[:16]


def _function_words() -> dict[str, str]:
    """Expand the table: each word with its proclitics, and, where it takes them, with its pronouns."""
    forms: dict[str, str] = {}
    exact: dict[str, str] = {}
    for base, proclitics, opened, *others in read_table("function_words.txt"):
        leads = ["", *proclitics.replace("-", "").split()]
        for lead in leads:
            forms.setdefault(lead + base, base)
            if opened != "-":
                for pronoun in _PRONOUNS:
                    forms.setdefault(lead + opened + pronoun, base)
        for other in others[0].split() if others else ():
            exact[other] = base
    return forms | exact
