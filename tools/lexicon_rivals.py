"""The entries of the lexicon that are more often another word with a clitic, an ending or a subject letter.

A dictionary lists every word that may exist: تعمل as a verbal noun, نفسه as a noun in ة, الحق as a verb. The newswire
counts of lemmas, and the usage that `usage_evidence.py` counts in texts, decide which of them stay entries.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import NamedTuple

from arsearch.analyzers.stemming.affixes import endings
from arsearch.analyzers.stemming.lexicon import (
    ABSENT,
    VERB_SHARE,
    Entry,
    Lexicon,
    function_words,
    whole_words,
    with_verbs,
)
from arsearch.analyzers.stemming.readings import SUBJECT_RARITY
from arsearch.analyzers.stemming.segmenter import RARITY, Segmenter

__all__ = [
    "GUESSED",
    "Table",
    "articles_and_words",
    "defined_words",
    "inflected_words",
    "may_have_proclitic",
    "proclitics_and_words",
    "read_usage",
    "segmenter_of",
]

SAFE = 14  # words of this weight stay, even if they may be a proclitic and another word
UNUSED_MARGIN = 2  # how much commoner than the verb a noun in ت may be that texts do not use as a noun
SHORT_MARGIN = 4  # how much commoner a noun of two letters must be: dictionaries count rare ones too high
COMMON = 12  # the weight of a common noun
GUESSED = 8  # the weight of a word that no newswire count knows, at most
_NUMBERS = ("ه", "ات", "ان", "ين", "تان", "تين")  # the endings of feminines, plurals and duals

Table = dict[str, tuple[str, int]]
"""The forms of a section of the lexicon, each with its stem and weight."""


class Usage(NamedTuple):
    """The lists of `usage_evidence.py`."""

    nouns: frozenset[str]
    with_pronoun: frozenset[str]
    defined: frozenset[str]


def read_usage() -> Usage:
    """Return the lists of `usage.txt`."""
    lines = Path(__file__).with_name("usage.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return Usage(*(frozenset(word for kind, word in rows if kind == name) for name in ("noun", "pronoun", "defined")))


def segmenter_of(tables: dict[str, Table]) -> Segmenter:
    words: dict[str, Entry] = {form: (stem, heavy, "", ABSENT) for form, (stem, heavy) in tables["words"].items()}
    verbs = with_verbs(words, tables["perfect"], tables["bases"])
    return Segmenter(Lexicon(verbs, tables["imperfect"], frozenset(tables["heh"])), endings())


def proclitics_and_words(tables: dict[str, Table]) -> Iterator[tuple[str, str]]:
    """Yield `(section, form)` for rare words that are more likely a proclitic and a common word: وحنان."""
    segmenter, whole = segmenter_of(tables), whole_words()
    for name in ("words", "perfect"):
        for form, (_, heavy) in sorted(tables[name].items()):
            if form[0] in RARITY and len(form) > 2 and (form[0] != "س" or form[1] in "يتن"):
                rest = segmenter.readings.parse(form[1:])
                own = heavy - (VERB_SHARE if name == "perfect" else 0)
                if (
                    form not in whole
                    and own < SAFE
                    and rest
                    and rest[2] - RARITY[form[0]] > own
                    and not (form[0] in "بك" and rest[3])
                ):
                    yield name, form


def may_have_proclitic(segmenter: Segmenter, form: str, weight: int) -> bool:
    """Return whether a form of some weight may be a proclitic and a word at least as common."""
    rest = segmenter.readings.parse(form[1:]) if form[0] in RARITY and len(form) > 2 else None
    return rest is not None and rest[2] - RARITY[form[0]] >= weight


def articles_and_words(tables: dict[str, Table]) -> Iterator[str]:
    """Yield the perfect verbs in ال that are more likely the article and a noun: الحق, الهم."""
    words = tables["words"]
    for form, (_, heavy) in sorted(tables["perfect"].items()):
        noun = words.get(form[2:], ("", ABSENT))[1]
        noun -= SHORT_MARGIN if len(form) == 4 else GUESSED if noun <= GUESSED else 0
        if form.startswith("ال") and form != "الهم" and noun > heavy - VERB_SHARE:
            yield form


def inflected_words(tables: dict[str, Table], usage: Usage, nouns: Container[str]) -> Iterator[tuple[str, str, int]]:
    """Yield `(form, stem, weight)` for words that are more likely an inflected form; the stem is `""` if a pronoun comes off.

    Verbs: تعمل is a form of عمل, unless texts use the word as a noun. Pronouns: نفسه is نفس with ه. Where no count knows the
    word, plurals (سيارات) and "my" after one of `nouns` (صديقي).
    """
    segmenter, words, function = segmenter_of(tables), tables["words"], function_words()
    verbs = {
        form: (lemma, heavy - VERB_SHARE) for form, (lemma, heavy) in (tables["bases"] | tables["perfect"]).items()
    }
    for form, (own, heavy) in sorted((verbs | words).items()):
        perfect, perfect_weight = verbs.get(form, ("", ABSENT))
        if (
            form[-1] == "ي"
            and own != form
            and heavy <= GUESSED
            and form in tables["perfect"]
            and perfect_weight > COMMON
        ):
            yield form, perfect, perfect_weight  # أجرى is hardly أجري, "my wage"
            continue
        heavy = max(heavy, perfect_weight)
        reading = segmenter.readings.inflected(form) if len(form) > 2 and form not in function else None
        if reading is None:
            continue
        word, stem, weight, verb = reading
        if form in usage.with_pronoun and form not in tables["heh"] and form.endswith("ه"):
            yield form, "" if word != form else stem, weight
            continue
        if verb and form in usage.nouns:
            continue
        if verb and form.endswith("اه") and word != form and own == form and heavy <= GUESSED < weight:
            yield form, "", weight  # أتاه is of أتى
            continue
        lemma, lemma_weight = _imperfect(tables, form)
        if (
            lemma
            and form not in usage.nouns
            and not (form not in words and may_have_proclitic(segmenter, form, weight))
        ):
            margin = UNUSED_MARGIN if form[0] == "ت" else 1 if form[0] == "ا" and form not in tables["perfect"] else 0
            if lemma_weight + margin > heavy:
                yield form, lemma, lemma_weight
        elif word != form or weight <= heavy or stem == own:
            continue
        elif verb:
            if form in words or not may_have_proclitic(segmenter, form, weight):
                yield form, stem, weight
        elif heavy <= GUESSED and _is_of_noun(form, stem, words, nouns):
            yield form, stem, heavy  # no base before endings: صلاته is rather صلاة than صلات


def _imperfect(tables: dict[str, Table], form: str) -> tuple[str, int]:
    """Return the lemma and weight of a form read as an imperfect verb without an ending; `""` for other forms."""
    if form[0] not in SUBJECT_RARITY or form[:2] == "ال":
        return "", ABSENT
    lemma, heavy = tables["imperfect"].get(form[1:], ("", ABSENT))
    return lemma, heavy - SUBJECT_RARITY[form[0]]


def _is_of_noun(form: str, stem: str, words: Table, nouns: Container[str]) -> bool:
    """Return whether a form is a plural in ات of a word, or a noun with the pronoun ي."""
    if form.endswith("ات"):
        return stem in (form[:-2], form[:-2] + "ه")
    return form[-1] == "ي" and stem == form[:-1] and stem in nouns and words[stem][1] >= COMMON


def defined_words(tables: dict[str, Table], usage: Usage) -> Iterator[tuple[str, str]]:
    """Yield `(form, stem)` for the words that texts use with the article, and that would lose a letter as a clitic.

    Only a feminine, a dual or a plural has the stem of another word: كباب and بوك are their own stems, وجبات is of وجبة.
    """
    segmenter = segmenter_of(tables)
    for form in sorted(usage.defined):
        reading, keys = segmenter.readings.parse(form), segmenter.stem(form)
        if keys.word != form and segmenter.stem("ال" + form) == keys:
            stem = reading[1] if reading is not None and reading[0] == form else form
            yield form, stem if form.removeprefix(stem.removesuffix("ه")) in _NUMBERS else form
