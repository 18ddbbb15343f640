"""Takes the clitics and the inflection off a normalised word.

What: `Segmenter.stem(normalised)`, the default stemmer's whole work. Why a lexicon: about one bare و ف ب ل ك س in five
that looks like a clitic is a letter of the word (وزير, فيصل, بندر, كتاب), and so are most ان ين ون of names.

The order of the rules:

1. A function word is looked up with its clitics (لأنه, فيها), a word of the lexicon stands as it is.
2. The article comes off before anything else is asked, so that a word and its definite form always agree; what is
   under it is then treated as if it stood alone. أل إل آل at the start are never the article: such words (ألعاب,
   إلغاء, ألمانيا) are in the lexicon, whatever hamza was written.
3. A bare و ف ب ل ك س comes off when the rest is a word and the whole is not. Where both can be, by taking an ending
   off, the one whose lemma is commoner wins; the whole needs less, a clitic is rarer than none.
4. An ending comes off when the lexicon has what it leaves; a pronoun belongs to the `word`, gender, number, nisba and
   tanween alef to the `stem`.
5. What remains unknown loses و from four letters on, and keeps ف ب ل ك س.

The stem is a function of the word alone, the word of the normalised form alone: levels are nested by construction.
Source: the measurements behind these rules are of 31,030 Arabic newspaper articles; the affixes are Tashaphyne's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from arsearch.analyzers.stemming.affixes import ENDING_LETTERS, LONGEST, Ending
from arsearch.analyzers.stemming.lexicon import ABSENT, FUNCTION, OWN_WEIGHT, VERB_SHARE, Entry, Lexicon
from arsearch.analyzers.stemming.stem import Stem

__all__ = ["RARITY", "Segmenter"]

RARITY = {"و": 2, "ف": 5, "ب": 3, "ل": 3, "ك": 7, "س": 3}
"""How much rarer a word is with the proclitic than without, as a binary logarithm, in newspapers."""

_FIRST = frozenset("اوفبكلس")
_SUBJECTS = frozenset("يتنا")
_FUTURE = frozenset("يتن")
_FIRST_PERSON_SHARE = 8  # newspapers say يقول, not أقول

_DERIVED = ("مت", "مست", "است", "ابو", "عبدال")
"""Beginnings that no proclitic letter and name give by chance: unknown words that have them lose a bare proclitic."""

_Keys = tuple[str, str]
"""The word and the stem: a plain tuple, made in half the time."""

_Parse = tuple[str, str, int, bool]
"""The word, its stem, its weight, and whether it is a verb."""

_LONGEST_WORD = 40  # letters; what is longer is no word, and is kept
_COMMON = 12  # the weight of a function word beside other readings
_CERTAIN = 8  # a nominal so common needs no comparison with a longer ending


class Segmenter:
    """The rules over one lexicon. Holds no state but its tables."""

    __slots__ = ("_endings", "_entries", "_heads", "_imperfect", "_in_heh")

    def __init__(
        self, lexicon: Lexicon, endings: Mapping[str, Ending | None], protected: frozenset[str] = frozenset()
    ) -> None:
        self._entries = lexicon.entries
        if protected:
            kept: dict[str, Entry] = {word: (word, 2 * OWN_WEIGHT, "", ABSENT) for word in protected}
            self._entries = {**lexicon.entries, **kept}
        self._imperfect = lexicon.imperfect
        self._in_heh = lexicon.in_heh | protected
        # Plain tuples: they are unpacked in half the time.
        self._endings: dict[str, Any] = {end: ending and tuple(ending) for end, ending in endings.items()}
        self._heads = _heads(self._entries, endings)

    def stem(self, form: str) -> Stem:
        """The word and the stem of a normalised form; the form itself where nothing comes off."""
        return Stem._make(self._stem(form))

    def stems(self, forms: Iterable[str]) -> list[str]:
        """The stems of normalised forms, in order."""
        entry_of, unlisted = self._entries.get, self._unlisted
        return [entry[0] or entry[2] if (entry := entry_of(form)) else unlisted(form)[1] for form in forms]

    def _stem(self, form: str) -> _Keys:
        return self._direct(form) or self._unlisted(form)

    def _unlisted(self, form: str) -> _Keys:
        """As `stem`, for a form that is no entry of the lexicon."""
        if not 2 < len(form) <= _LONGEST_WORD:
            return form, form
        first = form[0]
        if first in RARITY:
            return self._without_proclitic(form, first)
        if first == "ا" and form[1] == "ل" and len(form) > 3:
            return self._without_article(form)
        return self._leave(form, self._inflected(form))

    def _direct(self, form: str) -> _Keys | None:
        """The result for a function word or an entry of the lexicon; None for other forms."""
        entry = self._entries.get(form)
        if entry is None:
            return None
        return entry[0] if entry[1] == FUNCTION else form, entry[0] or entry[2]

    def _leave(self, form: str, parse: _Parse | None) -> _Keys:
        """The result for a form without proclitics that `_direct` does not have, given what the lexicon says of it."""
        if parse is None:
            return form, form
        word, stem, _, _ = parse
        if word == form:
            return form, stem
        found = self._direct(word)
        if found is not None:
            return found
        again = self._inflected(word)  # a stem is a function of the word alone
        return word, again[1] if again else word

    def _without_article(self, form: str) -> _Keys:
        rest = form[2:]
        found = self._direct(rest)
        whole = self._inflected(form) if form[:5] in self._heads else None
        if found is not None:  # no article stands before a function word with clitics: ألوانه, ألفهم
            function = whole is not None and self._weight(rest) == FUNCTION and found[0] != rest
            return self._leave(form, whole) if function else found
        if whole is None or len(whole[1]) < 5 or (whole[3] and self.known(rest)):
            return self._stem(rest)
        return self._leave(form, whole)  # the ال is of the word: ألعابهم, التقوا

    def _without_proclitic(self, form: str, first: str) -> _Keys:
        rest = form[1:]
        # None at once when no entry begins as the form does.
        whole = self._inflected(form) if form[:4] in self._heads else None
        if form[1] == "ا" and form[2] == "ل" and first in "وفبك" and len(form) > 4:
            if whole is None:
                return self._stem(rest)
            inner = self.known(form[3:])
            return self._stem(rest) if inner and inner[2] >= whole[2] else self._leave(form, whole)  # والعين; بالغين
        if first == "ل" and rest[0] == "ل" and len(form) > 3:
            bare = form[2:]
            keep = self._weight(rest) >= max(self._weight(bare), 0)  # للجنة, للغة; but للبيت
            if not keep and rest not in self._entries:  # للغته, للباسه: no article stands before a pronoun
                inner = self._inflected(rest)
                keep = inner is not None and not inner[3] and inner[0] != rest
            return self._stem(rest if keep else bare)
        if first in "وف":
            if whole is None:
                return self._direct(rest) or self._after_conjunction(form, first, rest)
            if self._weight(rest) == FUNCTION:
                return self._stem(rest)
        elif first == "س" and rest[0] not in _FUTURE:
            return self._leave(form, whole)
        parse = self.known(rest)
        if parse is None:
            return (rest, rest) if whole is None and rest.startswith(_DERIVED) else self._leave(form, whole)
        if parse[3] and (first == "ك" or (first == "ب" and (whole or rest[0] not in _FUTURE or len(rest) < 4))):
            return self._leave(form, whole)  # dialects say بيتكلم, no one كيتكلم
        if whole is None or parse[2] - RARITY[first] >= whole[2]:
            return self._direct(rest) or self._leave(rest, parse)
        return self._leave(form, whole)

    def _weight(self, form: str) -> int:
        """The weight of a nominal entry, `FUNCTION` for a function word, `ABSENT` for other forms."""
        entry = self._entries.get(form)
        return entry[1] if entry else ABSENT

    def _after_conjunction(self, form: str, first: str, rest: str) -> _Keys:
        """The result for و or ف before a rest that may have proclitics itself, when the whole is no word."""
        if rest[0] in _FIRST and len(rest) > 2:
            inner = self._stem(rest)
            if inner[0] != rest:
                return inner
        parse = self._inflected(rest) if len(rest) > 2 else None  # it is no entry
        if parse is None and (first != "و" or len(rest) < 4):
            return form, form
        return self._leave(rest, parse)

    def known(self, form: str) -> _Parse | None:
        """What the lexicon says of a form without proclitics: itself, or itself with an ending; else None."""
        entry = self._entries.get(form)
        if entry is None:
            return self._inflected(form) if len(form) > 2 else None
        stem, weight, lemma, verb_weight = entry
        if weight == FUNCTION:
            return form, stem, _COMMON, False
        return (form, stem, weight, False) if weight != ABSENT else (form, lemma, verb_weight, True)

    def _inflected(self, form: str) -> _Parse | None:
        """As `known`, for a form of three letters or more that is no entry itself."""
        entries, imperfect = self._entries, self._imperfect
        first = form[0]
        table = self._endings
        best: _Parse | None = None
        most = ABSENT
        share = 0
        if first in _SUBJECTS:
            share = _FIRST_PERSON_SHARE if first == "ا" else VERB_SHARE
            found = imperfect.get(form[1:])
            if found is not None and form[:2] != "ال":
                most = found[1] - share
                best = form, found[0], most, True
        if form[-1] not in ENDING_LETTERS:
            return best
        for size in _SIZES[: len(form) - 2]:
            ending = table.get(form[-size:], _NO_END)
            if not ending:
                if ending is None:
                    continue
                break
            cut, put, completions, plain, noun_rarity, verb_cut, verb_put, past, subjects, rarity = ending
            base = form[:-size]
            entry = entries.get(base)
            if entry is not None or completions:
                nominal = entry if plain else None
                for completion in completions:
                    longer = entries.get(base + completion)
                    if longer is not None and longer[1] >= 0:
                        nominal = longer
                        break
                if (
                    nominal is not None
                    and nominal[1] - noun_rarity > most
                    and (base[-1] != "ه" or nominal is not entry or base in self._in_heh)  # ة opens to ت
                ):
                    most = nominal[1] - noun_rarity
                    if cut == 1 and size == 1 and base[-1] == "ي" and form[-1] == "ه":  # الألمانية: ة, no pronoun
                        cut = 0
                    best = form[:-cut] + put if cut else form, nominal[0], most, False
                if past and entry is not None and entry[3] - rarity > most:
                    most = entry[3] - rarity
                    best = form[:-verb_cut] + verb_put if verb_cut else form, entry[2], most, True
            if share and first in subjects:
                found = imperfect.get(base[1:])
                if found is not None and found[1] - share - rarity > most:
                    most = found[1] - share - rarity
                    best = form[:-verb_cut] + verb_put if verb_cut else form, found[0], most, True
            if most >= _CERTAIN:
                break
        return best


_NO_END = ()
"""What is found for a tail that ends no ending."""

_SIZES = tuple(range(1, LONGEST + 1))


def _heads(entries: Mapping[str, Entry], endings: Iterable[str]) -> frozenset[str]:
    """How a form begins that is an entry with an ending and might begin with a clitic: four letters, five after ال.

    A base is an entry, or one without its last letter when that is ه or ي; what a short base lacks of the four
    letters is the beginning of an ending.
    """
    tails = {size: {ending[:size] for ending in endings} for size in (1, 2)}
    heads = set()
    for form, (_, weight, _, verb_weight) in entries.items():
        if form[0] in _FIRST and (weight >= 0 or verb_weight != ABSENT):
            for base in (form, form[:-1]) if form[-1] in "هي" else (form,):
                if len(base) > 3:
                    heads.add(base[:5] if base.startswith("ال") else base[:4])
                elif len(base) > 1:
                    heads.update(base + tail for tail in tails[4 - len(base)])
    return frozenset(heads)
