"""Names that are written both as one word and as two, and in several cases.

What: `split_compound` cuts عبدالله, أبوظبي, نصرالله, نورالدين, ذوالفقار and إنشاءالله where a space may stand,
proclitics staying with the first part; `NAME_AS` makes أبي and أبا أبو, and بن ابن.
Why: of عبد الله the news has 5,005 in two words and 19,428 in one; أبو is أبي and أبا by case, بن is ابن within a name.
Source: lists written for this library after the names of 31,030 news articles. Limits: what is not listed after أبو
stays whole (أبوشخيدم), since أبوه, أبولو and أبواب are no names; بن is also coffee beans.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["NAME_AS", "split_compound"]

_AFTER_ABU = """
    أحمد أيوب إياد بكر بلال تريكة تمام ثنين جبل جعفر جهاد جهل حدرية حذيفة حسان حسن حسين حفص حكمة حماد حمد حمزة حميد
    حنيفة حيد خالد خليل خيال داود داوود دبيل دجانة دهش دية ديس ذر راس راشد رتيه ردينة رضوان رقة ركبة ريحان ريدة ريشة
    زاهرة زهرة زهري زيد سالم ستة سعد سعيد سفيان سكينة سلمان سلمة سلمى سليم سليمان سمبل سمرا سمرة سنان سنة سياف سيف
    شامة شباب شقرا شقراء شقير شنب شهاب شوشة صالح صخر صفية صهيب ضيف طالب طير ظبي عاصم عاصي عامر عبيد عبيدة عرب عرقوب
    عريش عزام علاء علي عماد عمار عمر عمرة عمرو عودة عوض عوف عياش عياض عيسى عيطة غازي غالب غدة غريب غزالة غوش فارس
    فراس فهد قتادة قراط قير كرم كريم كمال لهب ماجد مازن ماضي مالك مجاهد محجن محمد مرزوق مروان مسلم مصعب معاذ معاوية
    مكة ملحة منصور موسى ناجي ناصر نصار نواس نور هاجر هاشم هريرة هلال وائل وردة ياسر يحيى يعقوب يوسف
"""
_BEFORE_ALLAH = """
    أمان أمر آية باسم بيت توفيق جاد جار حبيب حبل حزب حسب حفظ حمد خلف خير داد ذكر رحمة رزق رسول روح زين سعد سيف شاء
    شكر صنع ضيف عبيد عطا عطاء عناية عند عوض عون عين فتح فرج فضل فيض كرم لطف مال مد مشيئة نصر نعمة هبة هداية وصل ولي
    إنشاء ماشاء
"""
_BEFORE_ADDIN = """
    أسد أصيل أمين برهان بدر بهاء تاج تقي جلال جمال حسام حميد خير ركن رضي زكي زين سراج سعد سيف شجاع شرف شمس شهاب صدر
    صفي صفوة صلاح ضياء ظهير عز عصام عفيف علاء علم عماد غياث فخر قطب كمال لسان مجد مجير محب محيي محي مظفر معز معين
    موفق ناصر نجم نصر نصير نظام نور ولي
"""

_SPELLINGS = str.maketrans("أإآىة", "اااي" + "ه")
"""The lists are searched by words so folded, whatever seats and dots were written."""

_ARTICLE_AND_NAME = r"ال\w"
# What makes the cut certain by itself; the match is the first part.
_CERTAIN = re.compile(
    "|".join(
        (
            # Any عبد ال...; not the surnames عبدالي, عبدالية.
            rf"[وفبلك]?[وفبلك]?(?:ال)?عبد(?={_ARTICLE_AND_NAME}\w)(?!ال[يى](?:[نةه]|ون|ين)?$)",
            rf"[وف]?[بل]?[أا]بو(?={_ARTICLE_AND_NAME}{{3}}|عبدال)",
            rf"[وف]?[بل]?ذ[ويى](?={_ARTICLE_AND_NAME}{{3}})",
        )
    )
).match
_ABU = re.compile("[وف]?[بل]?[أا]بو").match
_LEADS = re.compile("[وفبلك]{,2}").match
_AND_WILLED = re.compile("(.*(?:[أإا]ن|ما))(شاء)", re.DOTALL).fullmatch


def split_compound(surface: str) -> tuple[str, ...]:
    """The parts of a name written as one word, or `()` when it is none.

    Takes and gives surface forms; the parts joined are the word.
    """
    if surface.find("ال", 2) < 0 and "بو" not in surface:  # what nearly every word fails, at a tenth of the price
        return ()
    cut = _first_part(surface)
    if not cut:
        return ()
    head, tail = surface[:cut], surface[cut:]
    willed = _AND_WILLED(head)
    return (*(willed.groups() if willed else (head,)), *(split_compound(tail) or (tail,)))


def _first_part(surface: str) -> int:
    """How long the first part of a compound is; 0 for a word that is none."""
    if certain := _CERTAIN(surface):
        return certain.end()
    abu = _ABU(surface)
    if abu and _listed(_AFTER_ABU, surface[abu.end() :]):
        return abu.end()
    for ending, names in (("الله", _BEFORE_ALLAH), ("اللة", _BEFORE_ALLAH), ("الدين", _BEFORE_ADDIN)):
        cut = len(surface) - len(ending)
        if surface.endswith(ending) and _led(surface[:cut], names, article=names is _BEFORE_ALLAH):
            return cut
    return 0


def _led(head: str, names: str, *, article: bool) -> bool:
    """Whether a word is one of the names behind up to two proclitics, and the article if it may have that."""
    leads = _LEADS(head)
    rests = [head[cut:] for cut in range(leads.end() + 1 if leads else 1)]
    if article:
        rests += [rest[2:] for rest in rests if rest.startswith("ال")]
    return any(_listed(names, rest) for rest in rests)


def _listed(names: str, word: str) -> bool:
    return word.translate(_SPELLINGS) in _folded(names)


@cache
def _folded(names: str) -> frozenset[str]:
    return frozenset(names.translate(_SPELLINGS).split())


def _leads(leads: str, word: str) -> list[str]:
    return [lead.replace("-", "") + word for lead in leads.split()]


NAME_AS: dict[str, str] = {
    **dict.fromkeys(_leads("- و", "بن"), "ابن"),
    **dict.fromkeys(_leads("- و ف ل ب ك ول وب فل", "ابن"), "ابن"),
    **dict.fromkeys(_leads("- و ف ل ب ول وب فل", "ابو"), "ابو"),
    **dict.fromkeys(_leads("- و ف ل ول وب فل", "ابي"), "ابو"),
    **dict.fromkeys(_leads("- و ف", "ابا"), "ابو"),
}
"""A normalised form to the one whose looser keys it shares: أبو أبي أبا and ابن بن are one name each.

بابا (the pope) and بابي are not ب with أبا and أبي.
"""
