"""The Uthmani spelling of the printed Quran, rewritten as modern spelling.

`modern_spelling` is the normalizer's step for classical texts. The Uthmani spelling omits the alef of ٱلْكِتَٰب, and
writes و instead of it in ٱلصَّلَوٰة. Dropping the dagger alef is right for هٰذا, but would leave كتب and صلوة of those two.

Source: the conventions of the Madina edition, by Unicode's names of the signs. The words of `_WITHOUT_ALEF` are written
without their alef to this day.
Limits: يَٰٓأَيُّهَا stays one word; رَحْمَت with an open ta stays رحمت.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["SIGNS", "modern_spelling"]

SIGNS = "\u0670\u06e5\u06e6\u06e7\u06dfٱ"
"""The signs that only this spelling has. A word without them, without ءا and hamza on tatweel, does not change."""

_MARK = "[\u064b-\u0653\u06d6-\u06e4\u06e8-\u06ed]"
_LETTER = "[ء-غف-يٱ\u0670]"
_IS_UTHMANI = re.compile(f"[{SIGNS}]|ء\u064e?ا|ـ{_MARK}*\u0654|[^وفبلك]آ{_MARK}*ء|\u064eء\u064eي").search
_LONG = re.compile(f"(?<=.)آ(?={_MARK}*[ءئؤ])")  # جَآءَ
_WITHOUT_ALEF = re.compile(
    "[وفأ]?[بلك]?(?:ه(?:ذا|ذه|ذان|ذين|كذا|ؤلاء)|ذل(?:ك|كم|كما|كن)|أول[ئا]ك(?:م)?|لكن.{0,4}|ا?ل?إله.{0,4}|ا?لله|اللهم|ا?لرحمن|طه|يس)"
).fullmatch
_WORDS = {"اليل": "الليل", "رءا": "رأى", "داوود": "داود"}

_RULES = (
    ("(ل[\u0652\u06e1]?)ـ\u064e?\u0654\u064e?ـ?[ا\u0670]", r"\1آ"),  # ٱلْـَٔاخِرَة
    ("(?<=[\u0652\u06e1])ـ(?:\u064e\u0654|\u0654\u064e)", "أ"),  # يَسْـَٔلُونَ
    (f"ـ{_MARK}*\u0654", "ئ"),  # شَيْـًٔا
    ("ء\u064e?[ا\u0670](?!$)", "آ"),
    ("(?<=\u064e)ء\u064e(?=ي)", "أ"),  # أَرَءَيْتَ
    ("(?<=[ا\u0670])(\u0653?)ؤ\u064f?ا\u06df", "ء"),  # جَزَٰٓؤُا۟
    ("ؤ\u064f?ا\u06df$", "أ"),  # ٱلْمَلَؤُا۟
    ("و\u0670ا?", "ا"),  # ٱلصَّلَوٰة, ٱلرِّبَوٰا۟; not أَزْوَٰج, whose waw has a vowel
    (f"[ىي]\u0670(?={_MARK}*{_LETTER})", "ا"),  # هَدَىٰكُمْ
    ("ى\u0670", "ى"),
    (f"[\u06e6\u06e7](?={_MARK}*{_LETTER})", "ي"),  # إِۦلَٰفِهِمْ
    (f"(?<=[\u064f])\u06e5(?={_MARK}*{_LETTER})", "و"),
    (f"ا{_MARK}*\u0670|\u0670{_MARK}*ا", "ا"),
)
"""The patterns of Uthmani spelling and their replacements, in order."""

_MARKS = re.compile(f"{_MARK}|ـ")
_DROPPED = {**dict.fromkeys(map(ord, "\u06e5\u06e6\u06e7")), ord("ٱ"): "ا"}


def modern_spelling(word: str) -> str:
    """Return the modern spelling of a word, without marks; return a word in modern spelling unchanged.

    The function is idempotent. `""` gives `""`.
    """
    # Words take one round. Other strings may take several: each makes them shorter, or removes an آ.
    while _IS_UTHMANI(word):
        changed = _rewritten(word)
        if changed == word:
            break
        word = changed
    return word


@cache
def _compiled_rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in _RULES)


def _rewritten(word: str) -> str:
    """Return a word after one round of all rules."""
    word = _LONG.sub("ا", word)
    plain = _MARKS.sub("", word.replace("\u0670", "").translate(_DROPPED))
    if _WITHOUT_ALEF(plain):
        return plain
    for pattern, replacement in _compiled_rules():
        word = pattern.sub(replacement, word)
    word = _MARKS.sub("", word.replace("\u0670", "ا").translate(_DROPPED))
    return _WORDS.get(word, word)
