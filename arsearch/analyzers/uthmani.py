"""The Uthmani spelling of the printed Quran, rewritten as modern spelling.

`modern_spelling` is the first step of the normalizer. The Uthmani spelling omits the alef of ٱلْكِتَٰب, writes و instead of
it in ٱلصَّلَوٰة, and writes the vocative يا and the word after it as one word. Dropping the dagger alef is right for هٰذا,
but would leave كتب and صلوة of those two. The signs of this spelling switch the step on, word by word; 47 of nine million
words of news have one.

Source: the conventions of the Madina edition, by Unicode's names of the signs. The words of `_WITHOUT_ALEF` are written
without their alef to this day. `python -m bench.uthmani` compares two texts of the Quran.
Limits: رَحْمَت with an open ta stays رحمت; the alef of يَدْعُوا۟ stays, because only the sentence tells يدعو from a plural.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

__all__ = ["SIGNS", "is_uthmani", "modern_spelling"]

SIGNS = "\u0670\u06df\u06e0\u06e5\u06e6\u06e7ٱ"
"""The signs that only this spelling has: dagger alef, signs of silent letters, small letters, alef wasla."""

LONGEST = 256
"""Code points of the longest word that is read in this spelling: the work of its rules grows with the square."""

_M = "[\u064b-\u0653\u0656-\u065f\u06d6-\u06e4\u06e8-\u06ed]*"  # marks
_LETTER = "[ء-غف-يٱـ\u0670]"
_HAMZA = rf"ـ{_M}\u0654{_M}"  # a hamza on tatweel
_CLITICS = rf"(?:[وفأ]{_M})?(?:[بلك]{_M})?"
_DAGGER = rf"ـ?\u0670{_M}"

_SIGN = "|".join(
    (
        rf"ٱ|{_LETTER}{_M}[{SIGNS}]",
        rf"ـ{_M}\u0654",
        rf"^{_CLITICS}(?:ال{_M})?ء{_M}ا",  # ءَادَم, ٱلْءَاخِرَة without its wasla
        rf"^(?:أ{_M}ء|ء{_M}[أإ])",  # أَءِذَا, ءَأَنتُم
        rf"ق{_M}ر{_M}ء{_M}ان|^(?:[وفأ]\u064e?)?ر\u064e?ء\u064e?ا",  # رَءَا
        "\u064eء\u064eي|\u0650ء[\u064f\u0650\u0652]|\u064f\u0651?ء\u0652",  # أَرَءَيْت, يَسْتَهْزِءُون, رُءْيَا
        rf"(?<=.)(?:آ|ا\u0653){_M}[ءئؤ]",  # جَآء; `.{_M}` before it takes quadratic time
    )
)
_IN_SIGN = frozenset(f"{SIGNS}ءآ\u0653\u0654")
"""The characters that every match of `_SIGN` has one of."""


def is_uthmani(word: str) -> bool:
    """Tell whether a word has a sign of this spelling; a text of more than `LONGEST` code points is no word."""
    return len(word) <= LONGEST and not _IN_SIGN.isdisjoint(word) and re.search(_SIGN, word) is not None


# Few words need the patterns below; `re` compiles each when it is first used.
_VOCATIVE = rf"((?:[وفأ]{_M})?)ي{_M}{_DAGGER}(?!س(?:{_M}ين)?{_M}$)(?={_LETTER})"  # not يٰس
_HERE = rf"((?:[وفأ]{_M})?)ه{_M}{_DAGGER}(?=أ{_M}نت)"  # هَٰٓأَنتُم
_WITHOUT_ALEF = (
    "[وفأ]?[بلك]?(?:ه(?:ذا|ذه|ذان|ذين|كذا|ؤلاء)|ذل(?:ك|كم|كما|كن)|أول[ئا]ك(?:م)?|لكن.{0,4}|ا?ل?إله.{0,4}|ا?لله|اللهم"
    "|(?:عبد)?ا?لرحمن|طه|يس)"
)
_WAW_FOR_ALEF = (
    "[وفأ]?[بلك]?(?:ال|لل)?(?:(?:صلو|زكو|حيو|نجو|غدو|مشكو|منو)(?:ة|ت(?:ي|ك|ه|ها|نا|كم|هم|كما|هما|كن|هن))|ربوا?)"
)
"""The words that write و for their long vowel, by their letters. صلوت alone is the plural صلوات."""

_RULES = (
    (rf"^({_CLITICS})ٱل{_M}{_DAGGER}(?=(?:ت|{_HAMZA}){_M}[ىي]{_M}$)", r"\1اللا"),  # ٱلَّٰتِى
    # Hamza. Where it stands on tatweel or alone, the vowels around it choose the modern seat.
    (rf"(?<=ي)({_M}){_HAMZA}(?=ـ?[ا\u0670ة])", r"\1ئ"),  # سَيِّـَٔات
    (rf"{_HAMZA}ـ?[ا\u0670]", "آ"),  # بِـَٔايَٰت
    (r"(?<=[\u064e\u0652\u06e1])ـ(?:[\u064e\u0652\u06e1]\u0654|\u0654[\u064e\u0652\u06e1])", "أ"),  # يَسْـَٔلُون
    (_HAMZA, "ئ"),  # شَيْـًٔا
    (rf"^({_CLITICS}(?:[اٱ]ل{_M})?)ء{_M}[ا\u0670]", r"\1آ"),  # ءَادَم
    (rf"^({_CLITICS})ء{_M}(?=[أإء])", r"\1أ"),  # ءَأَنتُم
    (rf"^أ({_M})ء(?=\u0650)", r"أ\1إ"),  # أَءِذَا
    (rf"^أ({_M})ء", r"أ\1أ"),
    (rf"أ{_M}{_DAGGER}", "آ"),  # ءَأَٰلِهَتُنَا
    (rf"(?<!ا)(?<!ا\u0653)ء{_M}ـ?[ا\u0670](?!$)", "آ"),  # ٱلْقُرْءَان; not ٱلْقِرَاءَات
    ("(?<=\u064e)ء\u064e(?=ي)", "أ"),  # أَرَءَيْت
    (rf"ء(?=\u0650{_M}{_LETTER})|(?<=\u0650)ء(?=[\u064f\u0652])|(?<=[ا\u0670])ء(?=[يى])", "ئ"),  # إِسْرَٰٓءِيل
    ("(\u064f\u0651?)ء(?=\u0652)", r"\1ؤ"),  # رُءْيَا
    (rf"(?<=.)(?:آ|ا\u0653)(?={_M}[ءئؤ])", "ا"),  # جَآء
    ("(?<=[ا\u0670])(\u0653?)ؤ\u064f?ا\u06df", "ء"),  # جَزَٰٓؤُا۟
    ("ؤ\u064f?ا\u06df$", "أ"),  # ٱلْمَلَؤُا۟
    (rf"^([وف]?{_M}[جبف]{_M}ا{_M}ء{_M}و){_M}$", r"\1ا"),  # جَآءُو
    # Letters that are written and silent; the alef after a plural's و stays.
    ("إ(?=\u0650ي\u06dfه)", "ئ"),  # مَلَإِي۟هِم
    ("[يى]\u06df", ""),
    (rf"([ء-غف-نهىيٱ\u0670]{_M})ا\u06df(?!ئ)", r"\1"),  # ثَمُودَا۟
    # Letters that are read and not written.
    (rf"ى{_M}\u0670(?={_M}{_LETTER})", "ا"),  # هَدَىٰكُمْ
    ("ى\u0670", "ى"),
    (rf"[\u06e6\u06e7](?={_M}{_LETTER})|(?<=[ىي]\u0650)\u06e6", "ي"),  # إِۦلَٰفِهِمْ, يُحْىِۦ
    (rf"\u06e5(?={_M}{_LETTER})", "و"),  # دَاوُۥد
    (rf"ا{_M}\u0670|\u0670{_M}ا", "ا"),
)
"""The patterns of Uthmani spelling and their replacements, in order."""

_WORDS = "([وفبكلأ]?)(اليل|(?<![بكل])رءا|داوود|أولوا|أ[إأ]لاه)"
_MODERN = {"اليل": "الليل", "رءا": "رأى", "داوود": "داود", "أولوا": "أولو", "أإلاه": "أإله", "أألاه": "أإله"}

_OTHER_SIGNS = {0x6CC: "ي", 0x6A9: "ك", 0x6E4: "\u0653"}
"""Letters and marks of fonts, each with the one of the patterns: Persian ی and ک, and a small high madda."""
_HAMZA_BELOW = re.compile(f"[ىي]({_M})\u0655")

_MARKS = re.compile("[\u064b-\u0653\u0656-\u065f\u06d6-\u06e4\u06e8-\u06edـ]")
_DROPPED = {**dict.fromkeys(map(ord, "\u06e5\u06e6\u06e7")), ord("ٱ"): "ا"}


def modern_spelling(word: str) -> str:
    """Return the modern spelling of a word, without marks; return a word without signs of Uthmani spelling unchanged.

    يَٰٓأَيُّهَا gives two words with a space between them. The function is idempotent. `""` gives `""`.
    """
    composed = unicodedata.normalize("NFC", word)  # the patterns have composed letters
    if not is_uthmani(composed):
        return word
    composed = unicodedata.normalize("NFC", _HAMZA_BELOW.sub("ئ\\1", composed.translate(_OTHER_SIGNS)))
    # Words take one round. Other strings may take several: each makes them shorter, or removes a sign.
    while is_uthmani(composed):
        changed = unicodedata.normalize("NFC", _rewritten(composed))
        if changed == composed:
            break
        composed = changed
    return composed


@cache
def _compiled_rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in _RULES)


def _rewritten(word: str) -> str:
    """Return a word after one round of all rules."""
    for beginning, particle in ((_VOCATIVE, "يا "), (_HERE, "ها ")):
        if match := re.match(beginning, word):
            return _plain(match[1]) + particle + _rewritten(word[match.end() :])
    letters = _plain(word.replace("\u0670", ""))
    letters = letters[:1] + letters[1:].replace("آ", "ا")  # هَٰٓؤُلَآء
    if re.fullmatch(_WITHOUT_ALEF, letters):
        return letters
    if "و\u0670" in word:  # in أَزْوَٰج the waw has a vowel of its own
        word = re.sub("و\u0670(?:ا\u06df?)?", "ا" if re.fullmatch(_WAW_FOR_ALEF, letters) else "وا", word)
    for pattern, replacement in _compiled_rules():
        word = pattern.sub(replacement, word)
    word = _plain(word.replace("\u0670", "ا"))
    listed = re.fullmatch(_WORDS, word)
    return listed[1] + _MODERN[listed[2]] if listed else word


def _plain(word: str) -> str:
    """Return a word without marks and small letters, and with alef for alef wasla."""
    return _MARKS.sub("", word).translate(_DROPPED)
