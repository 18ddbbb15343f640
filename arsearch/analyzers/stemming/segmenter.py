"""Cut a normalised word into proclitics, stem and endings.

`Segmenter.stem(normalised)` does the whole work of the default stemmer. It needs a lexicon, because only four in five
bare و ف ب ل ك س at the start of a word are clitics. The others are letters of the word (وزير, فيصل, بندر, كتاب), and
so are most ان ين ون at the end of names.

The rules, in order:

1. A function word is looked up with its clitics (لأنه, فيها). A word of the lexicon stays as it is.
2. The article comes off before any other clitic or ending, so a word and its definite form always agree. The rest is
   then treated as if it stood alone. أل إل آل at the start are never the article: such words (ألعاب, إلغاء, ألمانيا)
   are in the lexicon, whatever hamza was written.
3. A bare و ف ب ل ك س comes off when the rest is a word and the whole form is not. Where an ending makes both of them
   possible, the commoner lemma wins. The comparison favours the whole form, because a clitic is rarer than none.
4. An ending comes off when the lexicon has the base it leaves. Without its pronoun the form is the `word`. Without
   gender, number, nisba and tanween alef too it is the `stem`.
5. An unknown form loses و if four letters or more remain, and keeps ف ب ل ك س.

The stem is a function of the word alone, and the word is a function of the normalised form alone. The match levels are
therefore nested.

Source: measurements on 31,030 Arabic newspaper articles; the affixes are Tashaphyne's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from arsearch.analyzers.stemming.affixes import LONGEST, Ending
from arsearch.analyzers.stemming.lexicon import ABSENT, FUNCTION, VERB_SHARE, Entry, Lexicon
from arsearch.analyzers.stemming.stem import Stem

__all__ = ["RARITY", "Segmenter"]

RARITY = {"و": 2, "ف": 5, "ب": 3, "ل": 3, "ك": 7, "س": 3}
"""How much rarer a word is with a proclitic than without, in newspapers, as a binary logarithm."""

_SUBJECT_RARITY = {"ي": VERB_SHARE, "ت": VERB_SHARE, "ن": VERB_SHARE, "ا": 8}
"""The prefixes of the imperfect, each with the weight it costs the lemma. Newspapers say يقول, not أقول."""

_CLITIC_LETTERS = frozenset("اوفبكلس")
_BEFORE_ARTICLE = frozenset("وفبك")
_CONJUNCTIONS = frozenset("وف")
_IMPERFECT_PREFIXES = frozenset("يتن")  # without the rare first person

_DERIVED = ("مت", "مست", "است", "ابو", "عبدال")
"""Beginnings that are no coincidence after a proclitic letter. Unknown words with them lose a bare proclitic."""

_Keys = tuple[str, str]
"""A word and its stem. Creating a plain tuple takes half the time of a `Stem`."""

_Parse = tuple[str, str, int, bool]
"""A word, its stem, its weight, and whether it is a verb."""

_NO_VERB = ("", ABSENT)
_LONGEST_WORD = 40  # letters; a longer form is no word and stays whole
_STARTS = tuple(range(-1, 1 - letters, -1)[:LONGEST] for letters in range(_LONGEST_WORD + 1))
"""By the length of a form, where an ending may start, the shortest ending first. A base has two letters or more."""

_COMMON = 12  # the weight of a function word beside other readings


class Segmenter:
    """The rules over one lexicon; its only state is the tables."""

    __slots__ = ("_endings", "_entries", "_heads", "_imperfect", "_in_heh")

    def __init__(self, lexicon: Lexicon, endings: Mapping[str, Ending]) -> None:
        self._entries = lexicon.entries
        self._imperfect = lexicon.imperfect
        self._in_heh = lexicon.in_heh
        # Plain tuples are unpacked in half the time. Their types are those of `Ending`.
        self._endings: dict[str, Any] = {ending: tuple(rules) for ending, rules in endings.items()}
        self._heads = _heads(self._entries, endings)

    def stem(self, form: str) -> Stem:
        """Return the word and the stem of a normalised form; both are the form itself when nothing comes off."""
        return tuple.__new__(Stem, self._keys(form))  # takes half the time of `Stem._make`

    def stems(self, forms: Iterable[str]) -> list[str]:
        """Return the stems of normalised forms, in order."""
        entry_of, unlisted = self._entries.get, self._unlisted
        return [entry[0] or entry[2] if (entry := entry_of(form)) else unlisted(form)[1] for form in forms]

    def parse(self, form: str) -> _Parse | None:
        """Return the commonest reading of a form without proclitics, with or without an ending; None if unknown."""
        entry = self._entries.get(form)
        if entry is None:
            return self._inflected(form) if 2 < len(form) <= _LONGEST_WORD else None
        stem, weight, lemma, verb_weight = entry
        if weight == FUNCTION:
            return form, stem, _COMMON, False
        return (form, stem, weight, False) if weight != ABSENT else (form, lemma, verb_weight, True)

    def _keys(self, form: str) -> _Keys:
        return self._listed(form) or self._unlisted(form)

    def _listed(self, form: str) -> _Keys | None:
        """Return the keys of a function word or another entry of the lexicon; None for other forms."""
        entry = self._entries.get(form)
        if entry is None:
            return None
        return entry[0] if entry[1] == FUNCTION else form, entry[0] or entry[2]

    def _unlisted(self, form: str) -> _Keys:
        """Return the keys of a form that is no entry of the lexicon."""
        if not 2 < len(form) <= _LONGEST_WORD:
            return form, form
        first = form[0]
        if first in RARITY:
            return self._without_proclitic(form, first)
        if first == "ا" and form[1] == "ل" and len(form) > 3:
            return self._without_article(form)
        return self._parsed(form, self._inflected(form))

    def _parsed(self, form: str, parse: _Parse | None) -> _Keys:
        """Return the keys of a form without proclitics that is no entry, given its reading."""
        if parse is None:
            return form, form
        word, stem, _, _ = parse
        if word == form:
            return form, stem
        keys = self._listed(word)
        if keys is not None:
            return keys
        again = self._inflected(word)  # the stem must be a function of the word alone
        return word, again[1] if again else word

    def _without_article(self, form: str) -> _Keys:
        """Return the keys of a form that begins with ال."""
        rest = form[2:]
        keys = self._listed(rest)
        whole = self._inflected(form) if form[:5] in self._heads else None
        if keys is not None:  # no article stands before a function word with clitics: ألوانه, ألفهم
            clitics = whole is not None and self._weight(rest) == FUNCTION and keys[0] != rest
            return self._parsed(form, whole) if clitics else keys
        if whole is None or len(whole[1]) < 5 or (whole[3] and self.parse(rest)):
            return self._keys(rest)
        return self._parsed(form, whole)  # ال belongs to the word: ألعابهم, التقوا

    def _without_proclitic(self, form: str, first: str) -> _Keys:
        """Return the keys of a form that begins with a letter of `RARITY`."""
        rest = form[1:]
        if first == "ل" and rest[0] == "ل" and len(form) > 3:
            return self._without_lam(form, rest)
        # No entry begins as the form does unless its first letters are among the heads.
        whole = self._inflected(form) if form[:4] in self._heads else None
        if rest[:2] == "ال" and first in _BEFORE_ARTICLE and len(form) > 4:
            if whole is not None:  # والعين; but بالغين
                inner = self.parse(form[3:])
                if inner is None or inner[2] < whole[2]:
                    return self._parsed(form, whole)
            return self._keys(rest)
        if first in _CONJUNCTIONS:
            if whole is None:
                return self._listed(rest) or self._after_conjunction(form, first, rest)
            if self._weight(rest) == FUNCTION:
                return self._keys(rest)
        return self._without_letter(form, first, whole)

    def _without_lam(self, form: str, rest: str) -> _Keys:
        """Return the keys of a form that begins with لل, which hides the article or a ل of the word."""
        bare = form[2:]
        if self._weight(rest) >= max(self._weight(bare), 0):  # للجنة, للغة; but للبيت
            return self._keys(rest)
        if rest not in self._entries:  # للغته, للباسه: no article stands before a pronoun
            inner = self._inflected(rest)
            if inner is not None and not inner[3] and inner[0] != rest:
                return self._keys(rest)
        return self._keys(bare)

    def _after_conjunction(self, form: str, first: str, rest: str) -> _Keys:
        """Return the keys of و or ف before an unlisted rest, which may have proclitics itself."""
        if rest[0] in _CLITIC_LETTERS and len(rest) > 2:
            inner = self._keys(rest)
            if inner[0] != rest:
                return inner
        parse = self._inflected(rest) if len(rest) > 2 else None
        if parse is None and (first != "و" or len(rest) < 4):
            return form, form
        return self._parsed(rest, parse)

    def _without_letter(self, form: str, first: str, whole: _Parse | None) -> _Keys:
        """Return the keys of a form that is either one word, read as `whole`, or a bare proclitic and a word."""
        rest = form[1:]
        if first == "س" and rest[0] not in _IMPERFECT_PREFIXES:
            return self._parsed(form, whole)
        inner = self.parse(rest)
        if inner is None:
            return (rest, rest) if whole is None and rest.startswith(_DERIVED) else self._parsed(form, whole)
        if inner[3] and not _precedes_verb(first, rest, whole):
            return self._parsed(form, whole)
        if whole is None or inner[2] - RARITY[first] >= whole[2]:
            return self._listed(rest) or self._parsed(rest, inner)
        return self._parsed(form, whole)

    def _weight(self, form: str) -> int:
        """Return the weight of a nominal entry, `FUNCTION` for a function word, `ABSENT` for other forms."""
        entry = self._entries.get(form)
        return entry[1] if entry else ABSENT

    def _inflected(self, form: str) -> _Parse | None:
        """Return the commonest reading of a form that is no entry itself, of three letters or more; None if unknown."""
        entries, imperfect, endings = self._entries, self._imperfect, self._endings
        first = form[0]
        subject_rarity = _SUBJECT_RARITY.get(first, 0)
        best: _Parse | None = None
        best_weight = ABSENT
        if subject_rarity and form[:2] != "ال":
            lemma, weight = imperfect.get(form[1:], _NO_VERB)
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
                lemma, weight = imperfect.get(base[1:], _NO_VERB)
                if weight - subject_rarity - imperfect_rarity > best_weight:
                    best_weight = weight - subject_rarity - imperfect_rarity
                    best = form[:verb_end] + verb_restored, lemma, best_weight, True
            if best_weight >= certain:
                break
        return best

    def _nominal(self, base: str, entry: Entry | None, completions: Iterable[str], plain: bool) -> Entry | None:
        """Return the entry of the nominal that lost an ending after `base`, whose own entry is `entry`; None if unknown."""
        for completion in completions:
            completed = self._entries.get(base + completion)
            if completed and completed[1] >= 0:
                return completed
        if plain and (base[-1] != "ه" or base in self._in_heh):  # ة opens to ت before an ending
            return entry
        return None


def _precedes_verb(first: str, rest: str, whole: _Parse | None) -> bool:
    """Return whether a bare proclitic may stand before a verb: ب may in dialects (بيتكلم), ك never may."""
    if first == "ب":
        return whole is None and rest[0] in _IMPERFECT_PREFIXES and len(rest) > 3
    return first != "ك"


def _heads(entries: Mapping[str, Entry], endings: Iterable[str]) -> frozenset[str]:
    """Return the beginnings of inflected entries that might begin with a clitic: four letters, five after ال.

    A base is an entry, or an entry without its last letter when that letter is ه or ي. Where a base is shorter than
    four letters, the beginning of an ending completes them.
    """
    tails = {size: {ending[:size] for ending in endings} for size in (1, 2)}
    heads = set()
    for form, (_, weight, _, verb_weight) in entries.items():
        if form[0] in _CLITIC_LETTERS and (weight >= 0 or verb_weight != ABSENT):
            for base in (form, form[:-1]) if form[-1] in "هي" else (form,):
                if len(base) > 3:
                    heads.add(base[:5] if base.startswith("ال") else base[:4])
                elif len(base) > 1:
                    heads.update(base + tail for tail in tails[4 - len(base)])
    return frozenset(heads)
