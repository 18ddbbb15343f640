"""The normalizer's foldings, one pure function each: a word in, the word with one difference less out.

What: the steps that need more than a table of code points; `normalizer.py` says in which order they run.
Why: each rule can be read, tested and switched off alone.
Source: The Unicode Standard 15, chapter 9.2 and annex 15; Lucene's ArabicNormalizer for alef, ya and teh marbuta; for
hamza seats and elongation our own counts on 31,030 news articles. Every function takes any string and never raises.
"""

from __future__ import annotations

import re
import unicodedata

from arsearch.analyzers.letters import DIGITS, HAMZA_SIGNS, HONORIFICS, ISOLATED_MARKS, LATIN_BASE, Table

__all__ = [
    "RESERVED",
    "RESERVED_AS",
    "collapse_elongation",
    "compose_hamza",
    "expand_presentation_forms",
    "fold_alef",
    "fold_case",
    "fold_digits",
    "fold_hamza_seats",
    "fold_latin_accents",
    "fold_maksura",
    "fold_teh_marbuta",
    "join_latin",
    "remove_tatweel",
    "shorten_runs",
]

_VOWELS = "[\u064b-\u0652\u0670]*"
_HAMZA_ON_TATWEEL = re.compile(f"\u0640+({_VOWELS})\u0654")
_HAMZA_ON_MAKSURA = re.compile(f"ى(?={_VOWELS}\u0654)")
_ELONGATED = re.compile(r"([ء-يٱ])\1{2,}")
_ARTICLE_LAM = re.compile(r"(?:[وف]?[بك]?ا?)")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,،][0-9]{3})+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[0-9]+(?:[.,،][0-9]+)+")
_ACCENTED = re.compile(r"[\u00c0-\u03ff\u1ab0-\u1aff\u1e00-\u1fff]")
_ACCENTS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff]+")
_PRESENTATION: Table = {**ISOLATED_MARKS, **{ord(c): words for c, words in HONORIFICS.items()}}
_JOINER = re.compile(r"(?<=.)[-_'’‘ʼ‐‑@]|(?<![0-9])\.|\.(?![0-9])", re.DOTALL)
_SEAT_BEFORE_PRONOUN = re.compile(r"(?<=.ا)[ئؤ](?=(?:ه|ها|هم|هن|هما|كم|كما)$)|(?<=...ا)[ئؤ](?=نا$)", re.DOTALL)
_NOT_A_PRONOUN = re.compile(
    r"(?:[وفبلك]|[وف]?[بك]?ال|[وف]?لل|[وف][بلك])?"
    r"(?:تائها?|شائها?|(?:ثلاث|ثلث|[أا]ربع|خمس|ست|سبع|ثمان|ثماني|تسع)?مائه)"
)
_SEATS = str.maketrans("ؤئ", "وي")

RESERVED: dict[str, str] = {
    lead + word: lead + key
    for leads, words in (
        (("", "و", "ف"), {"على": "على", "إلى": "الى", "الى": "الى", "إلي": "الى", "آن": "آن", "كأن": "كأن"}),
        (("", "و", "ف"), {"آلي": "آلي", "آلى": "آلي", "آلية": "آليه", "آليه": "آليه"}),
        (("", "و", "ف", "ل", "ب", "ول", "وب", "فل", "فب"), {"آل": "آل"}),
        (("",), {"الي": "الى"}),
    )
    for word, key in words.items()
    for lead in leads
}
"""Words that folding would turn into another, very frequent one, and the key each keeps.

على must not meet the name علي, nor إلى and إليه آلي and آلية, nor أن آن, كان كأن, ال آل. الي is taken for إلى, as it is
typed in Egypt. A key is a string that folding yields for no other word (ى, أ and آ are folded everywhere else), and
its own image.
"""

RESERVED_AS: dict[str, str] = {
    lead + bare: key
    for bare, key in (("الي", "آلي"), ("اليه", "آليه"))
    for lead in ("ال", "وال", "فال", "بال", "كال", "لل", "ولل", "وبال")
}
"""A normalised form to the reserved key whose looser keys it has: under the article آلي needs no madda."""


def expand_presentation_forms(word: str) -> str:
    """Each character's NFKC, with a mark that stands alone as a mark (not on a space), and ﷺ and its like as words.

    Character by character, so that composing stays a step of its own.
    """
    if word.isascii() or unicodedata.is_normalized("NFKC", word):
        return word
    return "".join([unicodedata.normalize("NFKC", letter) for letter in word.translate(_PRESENTATION)])


def remove_tatweel(word: str) -> str:
    """Without tatweel; one that carries a hamza (ٱلۡأَفۡـِٔدَة in the printed Quran) becomes the seat it stands for.

    U+FE73, the tail of a letter in some presentation forms, is such a stroke too.
    """
    if "\u0654" in word:
        word = _HAMZA_ON_TATWEEL.sub("ئ\\1", word)
    return word.replace("\u0640", "").replace("\ufe73", "")


def compose_hamza(word: str) -> str:
    """NFC, with hamza on ى composed too (Unicode has it on ي only); hamza and madda signs left over are removed."""
    if word.isascii():
        return word
    word = unicodedata.normalize("NFC", _HAMZA_ON_MAKSURA.sub("ي", word))
    return unicodedata.normalize("NFC", word.translate(HAMZA_SIGNS))


def collapse_elongation(word: str) -> str:
    """Three or more of one Arabic letter become one: جميييل to جميل.

    Of a run of ل at the start, or after the article's ا and clitics, two stay: للللجنة is للجنة, اللللله is الله.
    """
    return _ELONGATED.sub(_one_letter, word)


def _one_letter(run: re.Match[str]) -> str:
    letter = run.group(1)
    if letter == "ل" and _ARTICLE_LAM.fullmatch(run.string, 0, run.start()):
        return "لل"
    return letter


def shorten_runs(word: str) -> str:
    """Three or more of one Arabic letter become two.

    For runs that folding made: بيئي to بييي; as one letter it would be بي, and as three `normalise` would read it as
    elongation the next time.
    """
    return _ELONGATED.sub(r"\1\1", word)


def fold_digits(word: str) -> str:
    """٠-٩ and ۰-۹ to 0-9; thousands separators out (1,000 to 1000), decimal ones to a point (٣٫٥ and 3,5 to 3.5)."""
    word = word.translate(DIGITS)
    if _GROUPED.fullmatch(word):
        return word.replace(",", "").replace("،", "")
    if _NUMBER.fullmatch(word):
        return word.replace(",", ".").replace("،", ".")
    return word


def fold_case(word: str) -> str:
    """Unicode case folding."""
    return word.casefold()


def fold_latin_accents(word: str) -> str:
    """Latin and Greek letters without accents, and ø ł æ and their like as Latin letters; Cyrillic keeps its й."""
    if word.isascii():
        return word
    word = _ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter.group()), word.translate(LATIN_BASE))
    return _ACCENTS.sub("", word)


def fold_alef(word: str) -> str:
    """أ إ آ ٱ to ا."""
    return word.replace("أ", "ا").replace("إ", "ا").replace("آ", "ا").replace("ٱ", "ا")


def fold_teh_marbuta(word: str) -> str:
    """ة to ه."""
    return word.replace("ة", "ه")


def fold_maksura(word: str) -> str:
    """ى to ي."""
    return word.replace("ى", "ي")


def fold_hamza_seats(word: str) -> str:
    """Spellings of one hamza meet: مسؤول مسئول, فائز فايز, شيء شئ شي, أبناءه أبناؤه أبنائه.

    After a final alef, ء ؤ ئ before a pronoun are ء, so that the word without the pronoun (أبناء) stays in sight; not
    in مائة and تائه, whose ه is no pronoun. Then ئو to ؤو, ؤ to و, ئ to ي, and final يء, يئ to ي.
    Expects ة and ى to be folded before.
    """
    if "ئ" in word or "ؤ" in word:
        if not _NOT_A_PRONOUN.fullmatch(word):
            word = _SEAT_BEFORE_PRONOUN.sub("ء", word)
        if word.endswith("يئ"):
            word = word[:-1]
        word = word.replace("ئو", "ؤو").translate(_SEATS)
    while word.endswith("يء"):
        word = word[:-1]
    return word


def join_latin(word: str) -> str:
    """Hyphens, underscores, apostrophes and points inside a word out: COVID-19 and COVID19 meet, U.S. and US.

    A point between digits stays (3.5), and so does a leading # or @.
    """
    return _JOINER.sub("", word)
