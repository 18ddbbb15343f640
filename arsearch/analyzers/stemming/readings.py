"""Read a form without proclitics: a word of the lexicon, or a word with an ending or a subject letter.

Of several readings the commonest lemma wins. A form with a rare ending needs a commoner lemma.

Source: the weights of `data/lexicon.txt`; the rarities were counted in 31,030 Arabic newspaper articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from arsearch.analyzers.stemming.affixes import LONGEST, Ending
from arsearch.analyzers.stemming.lexicon import ABSENT, BASE, FUNCTION, VERB_SHARE, Entry, Lexicon

__all__ = ["COMMON", "LONGEST_WORD", "NO_VERB", "SUBJECT_RARITY", "Keys", "Reading", "Readings"]

SUBJECT_RARITY = {"ي": VERB_SHARE, "ت": VERB_SHARE, "ن": 6, "ا": 7}
"""The prefixes of the imperfect, each with the weight it costs the lemma. Newspapers say يقول, not أقول."""

COMMON = 12
"""The weight of a function word beside other readings."""

LONGEST_WORD = 40
"""The letters of the longest word; a longer form stays whole."""

NO_VERB = ("", ABSENT)

Keys = tuple[str, str]
"""A word and its stem. Creating a plain tuple takes half the time of a `Stem`."""

Reading = tuple[str, str, int, bool]
"""A word, its stem, its weight, and whether it is a verb."""

_STARTS = tuple(range(-1, 1 - letters, -1)[:LONGEST] for letters in range(LONGEST_WORD + 1))
"""By the length of a form, where an ending may start, the shortest ending first. A base has two letters or more."""

_DEFINITE_ENDINGS = frozenset("ا ات ان تان تين ه ون ي يات يتان يتين يه ين".split())
"""The endings that a nominal may have after the article; ا ends words like الدنيا."""


class Readings:
    """The readings of forms by one lexicon; its only state is the tables."""

    __slots__ = ("_endings", "_in_heh", "entries", "imperfect")

    def __init__(self, lexicon: Lexicon, endings: Mapping[str, Ending]) -> None:
        self.entries = lexicon.entries
        self.imperfect = lexicon.imperfect
        self._in_heh = lexicon.in_heh
        # Plain tuples are unpacked in half the time. Their types are those of `Ending`.
        self._endings: dict[str, Any] = {ending: tuple(rules) for ending, rules in endings.items()}

    def listed(self, form: str) -> Keys | None:
        """Return the keys of a function word or another entry of the lexicon; None for other forms."""
        entry = self.entries.get(form)
        if entry is None or entry[1] == BASE:
            return None
        return entry[0] if entry[1] == FUNCTION else form, entry[0] or entry[2]

    def weight(self, form: str) -> int:
        """Return the weight of a nominal entry, `FUNCTION` for a function word, `ABSENT` for other forms."""
        entry = self.entries.get(form)
        return entry[1] if entry else ABSENT

    def whole(self, form: str) -> Keys:
        """Return the keys of a form that loses nothing."""
        entry = self.entries.get(form)
        return form, entry[0] or entry[2] if entry else form

    def parse(self, form: str) -> Reading | None:
        """Return the commonest reading of a form without proclitics, with or without an ending; None if unknown."""
        entry = self.entries.get(form)
        if entry is None or entry[1] == BASE:
            return self.inflected(form) if 2 < len(form) <= LONGEST_WORD else None
        stem, weight, lemma, verb_weight = entry
        if weight == FUNCTION:
            return form, stem, COMMON, False
        return (form, lemma, verb_weight, True) if weight == ABSENT else (form, stem, max(weight, verb_weight), False)

    def inflected(self, form: str) -> Reading | None:
        """Return the commonest reading of a form that is no entry itself, of three letters or more; None if unknown."""
        entries, imperfect, endings = self.entries, self.imperfect, self._endings
        first = form[0]
        subject_rarity = SUBJECT_RARITY.get(first, 0)
        best: Reading | None = None
        best_weight = ABSENT
        if subject_rarity and form[:2] != "ال":
            lemma, weight = imperfect.get(form[1:], NO_VERB)
            if lemma:
                best_weight = weight - subject_rarity
                best = form, lemma, best_weight, True
        for at in _STARTS[len(form)]:
            ending = endings.get(form[at:])
            if ending is None:
                break
            (
                certain, completions, plain, noun_rarity, noun_ends, noun_restored,
                perfect_rarity, subjects, imperfect_rarity, verb_end, verb_restored,
            ) = ending  # fmt: skip
            base = form[:at]
            entry = entries.get(base)
            if entry or completions:
                nominal = self._nominal(base, entry, completions, plain)
                if nominal and nominal[1] - noun_rarity > best_weight:
                    best_weight = nominal[1] - noun_rarity
                    best = form[: noun_ends[base[-1] == "ي"]] + noun_restored, nominal[0], best_weight, False
                if entry and entry[3] - perfect_rarity > best_weight:
                    best_weight = entry[3] - perfect_rarity
                    best = form[:verb_end] + verb_restored, entry[2], best_weight, True
            if first in subjects:
                lemma, weight = imperfect.get(base[1:], NO_VERB)
                if weight - subject_rarity - imperfect_rarity > best_weight:
                    best_weight = weight - subject_rarity - imperfect_rarity
                    best = form[:verb_end] + verb_restored, lemma, best_weight, True
            if best_weight >= certain:
                break
        return best

    def _nominal(self, base: str, entry: Entry | None, completions: Iterable[str], plain: bool) -> Entry | None:
        """Return the entry of the nominal that lost an ending after `base`, whose own entry is `entry`; None if unknown."""
        for completion in completions:
            completed = self.entries.get(base + completion)
            if completed and completed[1] >= 0:
                return completed
        if plain and (base[-1] != "ه" or base in self._in_heh):  # ة opens to ت before an ending
            return entry
        return None

    def definite_weight(self, form: str) -> int:
        """Return the weight of a form as a nominal without a pronoun, as it stands after the article; `ABSENT` if unknown."""
        best = self.weight(form)
        for start in _STARTS[len(form)]:
            if form[start:] in _DEFINITE_ENDINGS:
                _, completions, plain, rarity, *_ = self._endings[form[start:]]
                base = form[:start]
                nominal = self._nominal(base, self.entries.get(base), completions, plain)
                if nominal:
                    best = max(best, nominal[1] - rarity)
        return best
