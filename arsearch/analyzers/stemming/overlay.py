"""Lay the entries of a user's dictionary over the lexicon.

A word or a form with a stem becomes a nominal: it takes clitics and endings like every nominal of the lexicon. A name
becomes a word that takes clitics and no endings, as function words do. A perfect verb of the same letters keeps its
endings, and has the stem of the entry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from arsearch.analyzers.dictionary import Dictionary
from arsearch.analyzers.stemming.affixes import noun_proclitics
from arsearch.analyzers.stemming.lexicon import ABSENT, FUNCTION, OWN_WEIGHT, Entry, Lexicon
from arsearch.analyzers.stemming.stem import Stem

__all__ = ["overlay", "resolved_stems"]

_WEIGHT = 2 * OWN_WEIGHT
_NO_ENTRY: Entry = ("", ABSENT, "", ABSENT)


def overlay(lexicon: Lexicon, dictionary: Dictionary, stem: Callable[[str], Stem]) -> Lexicon:
    """Return the lexicon with the entries of a dictionary in place of its own.

    `stem` is the stemmer of the lexicon alone, for normalised forms.
    """
    stems = resolved_stems(dictionary, stem)
    # A stem that nothing else is known of takes clitics and endings too.
    stems |= {own: own for own in stems.values() if own not in lexicon.entries and own not in dictionary}
    entries = dict(lexicon.entries)
    for form in _function_words(lexicon, dictionary):
        entries.pop(form, None)
    for form in (*dictionary.words, *dictionary.names):
        after_lam = _after_lam(form)
        if after_lam and after_lam not in entries:
            entries[after_lam] = form, FUNCTION, "", ABSENT
    for form, own in stems.items():
        _, _, lemma, verb_weight = lexicon.entries.get(form, _NO_ENTRY)
        entries[form] = own, _WEIGHT, own if lemma else "", verb_weight
    for form in dictionary.names:
        _, _, lemma, verb_weight = lexicon.entries.get(form, _NO_ENTRY)
        entries[form] = form, FUNCTION, lemma, verb_weight
    return replace(lexicon, entries=entries, in_heh=lexicon.in_heh | stems.keys())


def resolved_stems(dictionary: Dictionary, stem: Callable[[str], Stem]) -> dict[str, str]:
    """Return the stem of each word of a dictionary, and of each form with a stem; names are left out.

    The stem of a form is the stem of the word after `=>`: its stem in the dictionary, else its stem by `stem`. Forms that
    name each other stay whole.
    """
    stems = {word: word for word in dictionary.words}
    for form in dictionary.stems:
        path: dict[str, None] = {}  # each form is passed once, however long the chains are
        last = form
        while last in dictionary.stems and last not in stems and last not in path:
            path[last] = None
            last = dictionary.stems[last]
        if last in path:
            circle = list(path)
            stems |= {own: own for own in circle[circle.index(last) :]}
        own = stems.get(last) or (last if last in dictionary.names else stem(last).stem)
        stems |= {passed: own for passed in path if passed not in stems}
    return stems


def _function_words(lexicon: Lexicon, dictionary: Dictionary) -> list[str]:
    """Return the function words that are a word of the dictionary with a proclitic: وفيها of فيها."""
    words = [*dictionary.words, *dictionary.stems, *dictionary.names]
    shipped = lexicon.entries
    return [
        stack + form
        for form in words
        if shipped.get(form, _NO_ENTRY)[1] == FUNCTION
        for stack in noun_proclitics()
        if shipped.get(stack + form, _NO_ENTRY)[:2] == shipped[form][:2]
    ]


def _after_lam(form: str) -> str:
    """Return the form after ل where that spelling hides a letter: للرياض of الرياض, للمار of لمار; `""` for other forms."""
    if form.startswith("ال") and len(form) > 3:
        return "لل" + form[2:]
    return "ل" + form if form.startswith("ل") else ""
