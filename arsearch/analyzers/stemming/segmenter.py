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
5. An unknown form loses و if four letters or more remain, and keeps ف ب ل ك س. An unknown form of ح or ه and an imperfect
   verb loses the letter, which is the future of dialects (حيكتب, هيكتب).

The stem is a function of the word alone, and the word is a function of the normalised form alone. The match levels are
therefore nested.

Source: measurements on 31,030 Arabic newspaper articles; the affixes are Tashaphyne's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from arsearch.analyzers.stemming.affixes import Ending
from arsearch.analyzers.stemming.heads import CLITIC_LETTERS, Heads, heads_of
from arsearch.analyzers.stemming.lexicon import BASE, FUNCTION, Lexicon
from arsearch.analyzers.stemming.readings import COMMON, LONGEST_WORD, SUBJECT_RARITY, Keys, Reading, Readings
from arsearch.analyzers.stemming.stem import Stem

__all__ = ["RARITY", "Segmenter"]

RARITY = {"و": 2, "ف": 5, "ب": 3, "ل": 3, "ك": 7, "س": 3}
"""How much rarer a word is with a proclitic than without, in newspapers, as a binary logarithm."""

_MARGIN = 3  # how much commoner a noun after ال must be than a verb that begins with ال, and rarer than such a noun
_SHORT_MARGIN = 4  # how much commoner a word of two letters must be after a bare proclitic: بكت is of بكى
_SHORT_RARITY = 8  # a noun of two letters after ال is rather the end of a verb: ألقت, ألغت

_BEFORE_ARTICLE = frozenset("وفبك")
_CONJUNCTIONS = frozenset("وف")
_IMPERFECT_PREFIXES = frozenset("يتن")  # after ب, without the rare first person
_DIALECT_FUTURE = frozenset("حه")  # حيكتب, هيكتب
_COMMON_VERB = 10  # the weight of an imperfect after them: a rarer one is rather a part of a foreign name, as in هيرمان

_DERIVED = ("مت", "مست", "است", "ابو", "عبدال")
"""Beginnings that are no coincidence after a proclitic letter. Unknown words with them lose a bare proclitic."""


class Segmenter:
    """The rules over one lexicon; its only state is the tables. Without the `heads` of the lexicon, it makes them."""

    __slots__ = ("_entries", "_heads", "_inflected", "_listed", "_parse", "_short_heads", "_whole", "readings")

    def __init__(self, lexicon: Lexicon, endings: Mapping[str, Ending], heads: Heads | None = None) -> None:
        self.readings = readings = Readings(lexicon, endings)
        self._inflected, self._listed, self._parse = readings.inflected, readings.listed, readings.parse
        self._whole = readings.whole
        self._entries = readings.entries
        self._heads, self._short_heads = heads or heads_of(self._entries, endings)

    def stem(self, form: str) -> Stem:
        """Return the word and the stem of a normalised form; both are the form itself when nothing comes off."""
        return tuple.__new__(Stem, self._keys(form))  # takes half the time of `Stem._make`

    def stems(self, forms: Iterable[str]) -> list[str]:
        """Return the stems of normalised forms, in order."""
        entry_of, unlisted = self._entries.get, self._unlisted
        return [
            entry[0] or entry[2] if (entry := entry_of(form)) and entry[1] != BASE else unlisted(form)[1]
            for form in forms
        ]

    def _keys(self, form: str) -> Keys:
        return self._listed(form) or self._unlisted(form)

    def _unlisted(self, form: str) -> Keys:
        """Return the keys of a form that is no entry of the lexicon."""
        if not 2 < len(form) <= LONGEST_WORD:
            return self._whole(form)
        first = form[0]
        if first in RARITY:
            return self._without_proclitic(form, first)
        if first == "ا" and form[1] == "ل" and len(form) > 3:
            return self._without_article(form)
        parse = self._inflected(form)
        if parse is None and first in _DIALECT_FUTURE and form[1] in _IMPERFECT_PREFIXES and len(form) > 4:
            inner = self._parse(form[1:])
            if inner is not None and inner[3] and inner[2] >= _COMMON_VERB:
                return self._listed(form[1:]) or self._parsed(form[1:], inner)
        return self._parsed(form, parse)

    def _parsed(self, form: str, parse: Reading | None) -> Keys:
        """Return the keys of a form without proclitics that is no entry, given its reading."""
        if parse is None:
            return self._whole(form)
        word = parse[0]
        keys = self._listed(word)
        if keys is not None:
            if parse[3] and parse[1] == word[:-1] + "ي" and self.readings.weight(word) == FUNCTION:
                return self._keys(parse[1])  # أنهاه is of أنهى, although أنها is of أن
            return keys
        if word in self._entries:  # the stem must be a function of the word alone: القا of ألقاه, and by itself
            return self._whole(word)
        again = parse if word == form else self._inflected(word)
        return word, again[1] if again else word

    def _without_article(self, form: str) -> Keys:
        """Return the keys of a form that begins with ال."""
        rest = form[2:]
        whole = self._inflected(form) if form[:5] in self._heads else self._short_verb(form)
        if whole is None:
            return self._keys(rest)
        entry = self._entries.get(rest)
        if entry and entry[1] == FUNCTION and entry[0] != rest:  # no article stands before clitics: ألوانه
            article = whole[3] or whole[0] == form
        else:
            article = self._takes_article(rest, whole)
        return self._keys(rest) if article else self._parsed(form, whole)

    def _short_verb(self, form: str) -> Reading | None:
        """Return the reading of a form as a verb of three letters with a subject ending: ألقت; None for other forms."""
        reading = self._inflected(form) if form[:5] in self._short_heads else None
        return reading if reading and reading[3] and reading[0] == form else None

    def _takes_article(self, rest: str, whole: Reading) -> bool:
        """Return whether ال before `rest` is the article, and not the beginning of `whole`: ألعابهم, التقوا."""
        margin = _MARGIN if whole[3] else -_MARGIN
        if len(rest) == 2:
            margin += _SHORT_RARITY
        return self.readings.definite_weight(rest) >= whole[2] + margin

    def _without_proclitic(self, form: str, first: str) -> Keys:
        """Return the keys of a form that begins with a letter of `RARITY`."""
        rest = form[1:]
        if first == "ل" and rest[0] == "ل" and len(form) > 3:
            return self._without_lam(form, rest)
        # No entry begins as the form does unless its first letters are among the heads.
        whole = self._inflected(form) if form[:4] in self._heads else None
        if rest[:2] == "ال" and first in _BEFORE_ARTICLE and len(form) > 4:
            if whole is not None:  # والعين; but بالغين
                inner = self._parse(form[3:])
                if inner is None or inner[2] < whole[2]:
                    return self._parsed(form, whole)
            return self._keys(rest)
        if first in _CONJUNCTIONS:
            if whole is None:
                return self._listed(rest) or self._after_conjunction(form, first, rest)
            if self.readings.weight(rest) == FUNCTION and COMMON - RARITY[first] >= whole[2]:  # وقدر; but فتحت
                return self._keys(rest)
        return self._without_letter(form, first, whole)

    def _without_lam(self, form: str, rest: str) -> Keys:
        """Return the keys of a form that begins with لل, which hides the article or a ل of the word."""
        bare = form[2:]
        if self.readings.weight(rest) >= max(self.readings.weight(bare), 0):  # للجنة, للغة; but للبيت
            return self._keys(rest)
        if rest not in self._entries:
            inner = self._inflected(rest)
            if inner is not None and not inner[3] and inner[0] != rest:  # للغته, للباسه: no article before a pronoun
                return self._keys(rest)
            definite_weight = self.readings.definite_weight
            if bare not in self._entries and definite_weight(rest) >= max(definite_weight(bare), 0):  # للاعبين
                return self._keys(rest)
        return self._keys(bare)

    def _after_conjunction(self, form: str, first: str, rest: str) -> Keys:
        """Return the keys of و or ف before an unlisted rest, which may have proclitics itself."""
        if rest[0] in CLITIC_LETTERS and len(rest) > 2:
            inner = self._keys(rest)
            if inner[0] != rest:
                return inner
        parse = self._inflected(rest) if len(rest) > 2 else None
        if parse is None and (first != "و" or len(rest) < 4):
            return self._whole(form)
        return self._parsed(rest, parse)

    def _without_letter(self, form: str, first: str, whole: Reading | None) -> Keys:
        """Return the keys of a form that is either one word, read as `whole`, or a bare proclitic and a word."""
        rest = form[1:]
        inner = self._parse(rest)
        if inner is None and whole is not None and first in _CONJUNCTIONS and rest[0] in RARITY and len(rest) > 3:
            inmost = self._parse(rest[1:])  # فسيتم
            if inmost and inmost[2] - RARITY[rest[0]] - RARITY[first] >= whole[2]:
                return self._keys(rest)
        if first == "س" and not self._may_be_future(rest, whole):
            return self._parsed(form, whole)
        if inner is None:
            return self._whole(rest) if whole is None and rest.startswith(_DERIVED) else self._parsed(form, whole)
        if inner[3] and not _precedes_verb(first, rest, whole):
            return self._parsed(form, whole)
        rarity = RARITY[first] + (_SHORT_MARGIN if len(rest) == 2 and inner[2] != COMMON else 0)
        if whole is None or inner[2] - rarity >= whole[2]:
            return self._listed(rest) or self._parsed(rest, inner)
        return self._parsed(form, whole)

    def _may_be_future(self, rest: str, whole: Reading | None) -> bool:
        """Return whether س may stand before `rest`, an imperfect; the rare first person (سأعمل) needs an unknown `whole`."""
        if rest[0] not in SUBJECT_RARITY or (rest[0] == "ا" and whole is not None):
            return False
        certain = rest[0] != "ا" and (whole is None or rest not in self._entries)  # سيكتب; but سيدي, سابق
        return certain or rest[1:] in self.readings.imperfect


def _precedes_verb(first: str, rest: str, whole: Reading | None) -> bool:
    """Return whether a bare proclitic may stand before a verb: ب may in dialects (بيتكلم), ك never may."""
    if first == "ب":
        return whole is None and rest[0] in _IMPERFECT_PREFIXES and len(rest) > 3
    return first != "ك"
