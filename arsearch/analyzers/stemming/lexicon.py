"""The lexicon of the default stemmer.

It holds nouns, verbs, names and function words by their normalised form, each with its stem and a weight. Only a
lexicon can tell that the و of وزير belongs to the word.

Source: `data/lexicon.txt`, compiled from Arramooz and Ayaspell by tools/build_lexicon.py, and the lists written for
this library: `whole_words.txt`, `irregular.txt` and `function_words.txt`. The header of each file names its source and
licence. tools/build_lexicon_blocks.py joins them in `data/lexicon_blocks.txt`, which a process reads in blocks.
Limits: a broken plural that may also be another word keeps its own stem; dialects and rare classical words are few.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import repeat

from arsearch.analyzers.shipped import shipped, shipped_bytes
from arsearch.analyzers.stemming.affixes import read_table
from arsearch.analyzers.stemming.block_table import ROWS, BlockTable

__all__ = [
    "ABSENT",
    "BASE",
    "BLOCKS",
    "FILES",
    "FUNCTION",
    "OWN_WEIGHT",
    "VERB_SHARE",
    "Entry",
    "Lexicon",
    "blocks_of",
    "function_words",
    "irregular_words",
    "lexicon",
    "lexicon_of_sources",
    "read_lexicon",
    "whole_words",
    "with_verbs",
]

FILES = ("affixes.txt", "function_words.txt", "irregular.txt", "lexicon.txt", "whole_words.txt")
"""The data files of the stemmer."""

BLOCKS = "lexicon_blocks.txt"
"""The file of the whole lexicon, made from the others."""

VERB_SHARE = 3
"""The binary logarithm of 8: the count of a verb's lemma covers about eight times as many forms as a noun's."""

OWN_WEIGHT = 8
"""The minimum weight of a word of `whole_words.txt` and `irregular.txt`: names rarely take an ending."""

_PRONOUNS = ("ه", "ها", "هم", "هما", "هن", "ك", "كم", "كما", "كن", "نا")

Entry = tuple[str, int, str, int]
"""The stem and weight of a nominal, then the lemma and weight of a perfect verb; `ABSENT` is the weight of neither.

A weight is the floor of the binary logarithm of the lemma's count in a newswire corpus.
"""

ABSENT = -99
"""The weight of a nominal or a verb that a form cannot be."""

FUNCTION = -98
"""The weight of a function word, with or without clitics; its stem is the word without them."""

BASE = -97
"""The weight of the base of a perfect verb that is no word without an ending: قض of قضت."""


_ALSO_NOUNS = {"علي", "حين", "غير", "مثل", "امام", "اذن", "ام", "خلف", "نعم"}
"""Function words that also take the endings of nouns, or are names."""


@dataclass(frozen=True)
class Lexicon:
    """The tables of the lexicon, by normalised form.

    `entries` holds nominals, perfect verbs with their bases before endings, and function words with their clitics.
    `imperfect` holds the part of an imperfect verb after ي, with its lemma and weight. `in_heh` holds the nominals that end
    in ه itself and not in a folded ة: وجه, فقه.
    """

    entries: Mapping[str, Entry]
    imperfect: Mapping[str, tuple[str, int]]
    in_heh: frozenset[str]

    def whole(self) -> Lexicon:
        """Return the lexicon with tables that are read at once, for thousands of look-ups."""
        return Lexicon(dict(self.entries.items()), dict(self.imperfect.items()), self.in_heh)


@cache
def lexicon() -> Lexicon:
    """Return the lexicon. Its mappings read a block of the file for each of the first look-ups, then all of it."""
    lines = shipped_bytes(BLOCKS).split(b"\n")
    first, second, third, _ = (at for at, line in enumerate(lines) if not line)  # the empty lines before the parts
    return Lexicon(
        BlockTable(lines[first + 1 : second], _read_entries),
        BlockTable(lines[second + 1 : third], _read_imperfect),
        frozenset(lines[third + 1].decode().split(" ")),
    )


def _read_entries(line: str) -> dict[str, Entry]:
    fields = line.split(" ")
    weights, verb_weights = map(int, fields[2::5]), map(int, fields[4::5])
    return dict(zip(fields[::5], zip(fields[1::5], weights, fields[3::5], verb_weights, strict=True), strict=True))


def _read_imperfect(line: str) -> dict[str, tuple[str, int]]:
    fields = line.split(" ")
    return dict(zip(fields[::3], zip(fields[1::3], map(int, fields[2::3]), strict=True), strict=True))


def blocks_of(lexicon: Lexicon) -> str:
    """Return the text of a file of blocks, without its header: entries, imperfect verbs and words in heh."""
    parts = [
        "\n".join(" ".join(rows[at : at + ROWS]) for at in range(0, len(rows), ROWS))
        for table in (lexicon.entries, lexicon.imperfect)
        for rows in [[" ".join(map(str, (form, *row))) for form, row in sorted(table.items())]]
    ]
    return "\n\n".join([*parts, " ".join(sorted(lexicon.in_heh))]) + "\n"


def lexicon_of_sources() -> Lexicon:
    """Return the lexicon, read from `FILES`."""
    words, perfect, bases, imperfect, heh = read_lexicon(shipped("lexicon.txt"))
    for name in whole_words():
        stem, weight, _, _ = words.get(name, (name, 0, "", ABSENT))
        words[name] = stem, max(weight, OWN_WEIGHT), "", ABSENT
    for form, stem in irregular_words():
        weight = words[stem][1] if stem in words else 0
        words[form] = stem, max(weight, OWN_WEIGHT), "", ABSENT
    entries = with_verbs(words, perfect, bases)
    for form, base in function_words().items():
        if form not in _ALSO_NOUNS:  # بعض takes no endings of nouns, so بعضو is read as ب and عضو
            _, _, lemma, weight = entries.get(form, ("", ABSENT, "", ABSENT))
            entries[form] = base, FUNCTION, lemma, weight
    return Lexicon(entries, imperfect, frozenset(heh))


_Section = dict[str, tuple[str, int]]


def read_lexicon(text: str) -> tuple[dict[str, Entry], _Section, _Section, _Section, _Section]:
    """Return the nominals, the perfect verbs and their bases, the imperfect verbs and the words in heh of a file's text."""
    words: dict[str, Entry] = {}
    others: dict[str, _Section] = {"perfect": {}, "bases": {}, "imperfect": {}, "heh": {}}
    for line in text.split("\n"):
        if line and line[0] != "#":
            section, weight, listed = line.split(" ", 2)
            name, mapped, _ = section.partition("=")
            forms = stems = listed.split(" ")
            if mapped:
                both = listed.replace("=", " ").split(" ")
                forms, stems = both[::2], both[1::2]
            weights = repeat(int(weight))
            if name == "words":
                words.update(zip(forms, zip(stems, weights, repeat(""), repeat(ABSENT), strict=False), strict=False))
            else:
                others[name].update(zip(forms, zip(stems, weights, strict=False), strict=False))
    return words, others["perfect"], others["bases"], others["imperfect"], others["heh"]


def with_verbs(
    words: dict[str, Entry], perfect: Mapping[str, tuple[str, int]], bases: Mapping[str, tuple[str, int]]
) -> dict[str, Entry]:
    """Add perfect verbs and their bases to the nominals in `words`, and return `words`."""
    for form, (lemma, verb_weight) in perfect.items():
        stem, weight, _, _ = words.get(form, ("", ABSENT, "", ABSENT))
        words[form] = stem, weight, lemma, verb_weight - VERB_SHARE
    for form, (lemma, verb_weight) in bases.items():
        stem, weight, own, _ = words.get(form, ("", BASE, "", ABSENT))
        words[form] = stem or own, weight, lemma, verb_weight - VERB_SHARE
    return words


def irregular_words() -> Iterator[tuple[str, str]]:
    """Yield the rows of `irregular.txt`, with a form before each pronoun in the place of a form in +."""
    for form, stem in read_table("irregular.txt"):
        base = form.removesuffix("+")
        yield from ((base + pronoun, stem) for pronoun in (_PRONOUNS if base != form else ("",)))


def whole_words() -> frozenset[str]:
    """Return the words of `whole_words.txt`."""
    lines = shipped("whole_words.txt").split("\n")
    return frozenset(word for line in lines if line and line[0] != "#" for word in line.split())


@cache
def function_words() -> dict[str, str]:
    """Return every function word with its proclitics and the pronouns it takes, each with the bare word."""
    forms: dict[str, str] = {}
    listed: dict[str, str] = {}
    for base, proclitics, before_pronoun, *others in read_table("function_words.txt"):
        for stack in ("", *proclitics.replace("-", "").split()):
            forms.setdefault(stack + base, base)
            if before_pronoun != "-":
                for pronoun in _PRONOUNS:
                    forms.setdefault(stack + before_pronoun + pronoun, base)
        for form in others[0].split() if others else ():
            listed[form] = base
    return forms | listed
