"""The foldings of the normalizer: pure functions, each of which removes one difference of spelling from a word.

These are the steps that a table of code points cannot express. `normalizer` defines their order and switches. Every
function takes any string and never raises.

Source: The Unicode Standard 15, chapter 9.2 and annex 15; Lucene's ArabicNormalizer for alef, ya and teh marbuta; our
counts on 31,030 news articles for hamza seats and elongation.
"""

from __future__ import annotations

import re
import unicodedata

from arsearch.analyzers.letters import DIGITS, HAMZA_SIGNS, HONORIFICS, ISOLATED_MARKS, LATIN_BASE, Table
from arsearch.analyzers.numbers import join_groups

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
    "fold_letters",
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
_NUMBER = re.compile(r"[0-9]+(?:[.,،][0-9]+)+")
_ACCENTED = re.compile(r"[\u00c0-\u03ff\u1ab0-\u1aff\u1e00-\u1fff]")
_ACCENTS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff]+")
_PRESENTATION: Table = {**ISOLATED_MARKS, **{ord(c): words for c, words in HONORIFICS.items()}}
_JOINER = re.compile(r"(?<=.)[-_'’‘ʼ‐‑@]|(?<![0-9])\.|\.(?![0-9])", re.DOTALL)
_PRONOUN = "(?=(?:ه|ها|هم|هن|هما|كم|كما)$)"
# After an alef (أبنائه), and in nouns like ضوء, جزء, لجوء and مبدأ: two letters, also with م before or و after, and a
# proclitic. فئه, مئه and رئه are a careless ة.
_SEAT_BEFORE_PRONOUN = re.compile(
    rf"(?<=.ا)[ئؤ]{_PRONOUN}|(?<=...ا)[ئؤ](?=نا$)"
    rf"|^(?![وفبلكس]{{,3}}(?:ست)?[فمر]ئه$)((?:[وف]?[بلكس]?)م?[^ايئؤء]{{2}}و?)[ئؤ]{_PRONOUN}",
    re.DOTALL,
)
_HAMZA_BEFORE_WAW = re.compile("(?<=ا)[ؤئ]و")
_LONE_HAMZA_BEFORE_WAW = re.compile("(?<=[^اء])ءو")
_NOT_A_PRONOUN = re.compile(
    r"(?:[وفبلك]|[وف]?[بك]?ال|[وف]?لل|[وف][بلك])?"
    r"(?:تائها?|شائها?|(?:ثلاث|ثلث|[أا]ربع|خمس|ست|سبع|ثمان|ثماني|تسع)?مائه)"
)
_HUNDRED = re.compile(
    r"((?:[وف]?[بلك]?(?:ال)?|[وف]?لل)(?:ثلاث|ثلث|[أا]ربع|خمس|ست|سبع|ثمان|ثماني|تسع)?)مئ(?=(?:ه|تا|تي|تان|تين)$)"
)
_SEATS = str.maketrans("ؤئ", "وي")
# The ئ of شاطئ, مخطئ written يء, and شيء; without their proclitics, بريء and يضيء have two letters before it.
_SEATED_AS_YEH = re.compile("(?:.*ا.|(?>[وف]?(?:[بك]?ال|لل|[بلكس])?)(?:.{3,}|ش))يء", re.DOTALL).fullmatch

_ARTICLES = ("ال", "وال", "فال", "بال", "كال", "لل", "ولل", "وبال")
_PRONOUNS = ("ه", "ها", "هم", "هما", "هن", "ك", "كم", "كما", "كن", "نا")
_CLASSES = {
    form: form
    for base, endings in (("فئات", ("", *_PRONOUNS)), ("فئت", ("ين", "ان", "ي", *_PRONOUNS)))
    for form in (base + ending for ending in endings)
}
_WITH_HAMZA = {
    surface: key
    for word, key, before_pronoun in (
        ("آلام", "آلام", "آلام"),
        ("ألغاز", "ألغاز", ""),
        ("ألسنة", "ألسنه", "ألسنت"),
        ("مرآة", "مرآه", "مرآت"),
    )
    for surface, key in (
        (word, key),
        (key, key),
        *((before_pronoun + ending, before_pronoun + ending) for ending in (*_PRONOUNS, "ي") if before_pronoun),
    )
}
"""Words whose hamza tells them from another word: الأم, الغاز, السنة, المرأة."""

RESERVED: dict[str, str] = {
    lead + word: lead + key
    for leads, words in (
        (("", "و", "ف"), {"على": "على", "إلى": "الى", "الى": "الى", "إلي": "الى", "آن": "آن", "كأن": "كأن"}),
        (("", "و", "ف"), {"آلي": "آلي", "آلى": "آلي", "آلية": "آليه", "آليه": "آليه"}),
        (("", "و", "ف", "ل", "ب", "ول", "وب", "فل", "فب"), {"آل": "آل", "آب": "آب"}),
        (("", "و", "ف", "ل", "ب", "ول", "وب", *_ARTICLES), {"فئة": "فئه", "فئه": "فئه", **_CLASSES}),
        (("", "و", "ف"), {"كأن" + ending: "كأن" + ending for ending in (*_PRONOUNS, "ي", "ني", "ما")}),
        (("", "و", "ف", "ل", "ب", "ول", "وب"), {"منى": "منى"}),
        (("", "و", "ف", "ل", "ب", "ول", "وب", *_ARTICLES), {"والدة": "والدة", **_WITH_HAMZA}),
        (("",), {"الي": "الى"}),
    )
    for word, key in words.items()
    for lead in leads
}
"""Words that folding would turn into another, very frequent word, each with the key it keeps instead.

They keep على apart from the name علي, إلى and إليه from آلي and آلية, أن from آن, كان and كانه from كأن and كأنه, ال from
آل, the month آب from أب, فئة from فيه, and فئات from فيأت. They also keep والدة from والده ("his father"), منى from مني ("of
me"), آلام from الأم, ألسنة from السنة, ألغاز from الغاز, and مرآة from مرأة. الي means إلى, because Egyptians type it so.
Folding gives no other word such a key, as it replaces ى, أ, آ, ة and ئ elsewhere. Each key is its own key.
"""

RESERVED_AS: dict[str, str] = {
    lead + bare: key for bare, key in (("الي", "آلي"), ("اليه", "آليه"), ("والده", "والدة")) for lead in _ARTICLES
}
"""Normalised forms that share the word and stem of a reserved key.

After the article, آلي needs no madda, and the ه of والده is no pronoun.
"""


def expand_presentation_forms(word: str) -> str:
    """Replace each character by its NFKC form, a mark on a space by the mark, and signs like ﷺ by their words.

    The characters are replaced one by one, because composition is a separate step.
    """
    if word.isascii() or unicodedata.is_normalized("NFKC", word):
        return word
    return "".join([unicodedata.normalize("NFKC", letter) for letter in word.translate(_PRESENTATION)])


def remove_tatweel(word: str) -> str:
    """Remove tatweel; replace a tatweel that carries a hamza (ٱلۡأَفۡـِٔدَة in the printed Quran) by ئ.

    U+FE73, the tail of a letter in some presentation forms, counts as tatweel.
    """
    if "\u0654" in word:
        word = _HAMZA_ON_TATWEEL.sub("ئ\\1", word)
    return word.replace("\u0640", "").replace("\ufe73", "")


def compose_hamza(word: str) -> str:
    """Compose to NFC, including hamza on ى (in Unicode only ي takes it); remove the remaining hamza and madda signs."""
    if word.isascii():
        return word
    word = unicodedata.normalize("NFC", _HAMZA_ON_MAKSURA.sub("ي", word))
    return unicodedata.normalize("NFC", word.translate(HAMZA_SIGNS))


def collapse_elongation(word: str) -> str:
    """Replace a run of three or more equal Arabic letters by one letter: جميييل becomes جميل.

    A run of ل at the start, or after the article's ا and clitics, keeps two: للللجنة is للجنة, اللللله is الله.
    """
    return _ELONGATED.sub(_one_letter, word)


def _one_letter(run: re.Match[str]) -> str:
    """Return the replacement of an elongated letter."""
    letter = run.group(1)
    if letter == "ل" and _ARTICLE_LAM.fullmatch(run.string, 0, run.start()):
        return "لل"
    return letter


def shorten_runs(word: str) -> str:
    """Replace a run of three or more equal Arabic letters by two letters.

    Folding creates such runs: بيئي becomes بييي. One letter would make it بي, and three letters would be elongation if
    the result were normalised again.
    """
    return _ELONGATED.sub(r"\1\1", word)


def fold_digits(word: str) -> str:
    """Replace ٠-٩ and ۰-۹ by 0-9, join the groups of a number (1,000), make decimal separators points (٣٫٥ and 3,5)."""
    word = join_groups(word.translate(DIGITS))
    if _NUMBER.fullmatch(word):
        return word.replace(",", ".").replace("،", ".")
    return word


def fold_case(word: str) -> str:
    """Apply Unicode case folding."""
    return word.casefold()


def fold_latin_accents(word: str) -> str:
    """Remove accents from Latin and Greek letters, and replace letters like ø ł æ; й of Cyrillic stays."""
    if word.isascii():
        return word
    word = _ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter.group()), word.translate(LATIN_BASE))
    return _ACCENTS.sub("", word)


def fold_alef(word: str) -> str:
    """Replace أ إ آ ٱ by ا."""
    return word.replace("أ", "ا").replace("إ", "ا").replace("آ", "ا").replace("ٱ", "ا")


def fold_teh_marbuta(word: str) -> str:
    """Replace ة by ه."""
    return word.replace("ة", "ه")


def fold_maksura(word: str) -> str:
    """Replace ى by ي."""
    return word.replace("ى", "ي")


def fold_letters(text: str) -> str:
    """Apply `fold_alef`, `fold_teh_marbuta` and `fold_maksura` to a text of plain letters, which keeps its length."""
    text = text.replace("أ", "ا").replace("إ", "ا").replace("آ", "ا")
    return text.replace("ة", "ه").replace("ى", "ي")


def fold_hamza_seats(word: str) -> str:
    """Join the spellings of a hamza: مسؤول مسئول, رؤوس رءوس, فائز فايز, شيء شئ شي, شاطئ شاطىء, أبناءه أبنائه, مئة مائة.

    First, مئة is read as its older spelling مائة. Then ء ؤ ئ before a pronoun become ء in words like أبناء and ضوء, so the
    word without the pronoun stays visible. مائة and تائه are exceptions, because their ه is no pronoun. Then any hamza before
    و becomes ء after an alef, and ؤ elsewhere. ؤ becomes و, and ئ becomes ي. A final يء is either an ئ (شاطىء), which becomes
    ي too, or keeps its hamza: بريء is not بري, and مضيء is not مضى. A final يئ is such a يء. ة and ى must be folded before.
    """
    if "ئ" in word or "ؤ" in word:
        if "مئ" in word and (hundred := _HUNDRED.match(word)):
            word = hundred[1] + "ما" + word[hundred.end() - 1 :]
        if not _NOT_A_PRONOUN.fullmatch(word):
            word = _SEAT_BEFORE_PRONOUN.sub(r"\1ء", word)
        if word.endswith("يئ"):
            word = word[:-1] + "ء"
        word = _HAMZA_BEFORE_WAW.sub("ءو", word) if "ا" in word else word
        word = word.replace("ئو", "ؤو").translate(_SEATS)
    if "ءو" in word:
        word = _LONE_HAMZA_BEFORE_WAW.sub("وو", word)
    while word.endswith("يء") and _SEATED_AS_YEH(word):
        word = word[:-1]
    return word


def join_latin(word: str) -> str:
    """Remove hyphens, underscores, apostrophes, points and @ inside a word: COVID-19 meets COVID19, U.S. meets US.

    A point between digits (3.5) and a leading # or @ stay.
    """
    return _JOINER.sub("", word)
