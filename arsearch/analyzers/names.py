"""Compound names, which are written as one word or as two, and the cases of أبو and ابن.

`split_compound` splits عبدالله, أبوظبي, نصرالله, نورالدين, ذوالفقار and إنشاءالله where a space may be written; proclitics
stay with the first part. The news has 5,005 عبد الله in two words and 19,428 in one. `NAME_AS` joins أبو with its cases
أبي and أبا, and ابن with بن, its spelling within a name.

Source: lists written for this library from the names of 31,030 news articles.
Limits: a name after أبو that is not in the list stays whole (أبوشخيدم), because أبوه, أبولو and أبواب are no names. بن also
means coffee beans.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["NAME_AS", "follows_abu", "split_compound"]

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
"""The folding of the lists and of the words looked up in them, which ignores hamza seats and dots."""

_ARTICLE_AND_NAME = r"ال\w"
# Beginnings that make a compound without a list; the match is the first part.
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
_PROCLITICS = re.compile("[وفبلك]{,2}").match
_AND_WILLED = re.compile("(.*(?:[أإا]ن|ما))(شاء)", re.DOTALL).fullmatch


def split_compound(surface: str) -> tuple[str, ...]:
    """Return the parts of a compound name as surface forms, which joined give `surface`; `()` for another word."""
    if surface.find("ال", 2) < 0 and "بو" not in surface:  # rejects nearly every word at a tenth of the cost
        return ()
    cut = _first_part(surface)
    if not cut:
        return ()
    head, tail = surface[:cut], surface[cut:]
    willed = _AND_WILLED(head)
    return (*(willed.groups() if willed else (head,)), *(split_compound(tail) or (tail,)))


def follows_abu(surface: str) -> bool:
    """Return whether a surface form is in the list of names after أبو: بكر, علي."""
    return _listed(_AFTER_ABU, surface)


def _first_part(surface: str) -> int:
    """Return the length of the first part of a compound; 0 for another word."""
    if certain := _CERTAIN(surface):
        return certain.end()
    abu = _ABU(surface)
    if abu and _listed(_AFTER_ABU, surface[abu.end() :]):
        return abu.end()
    for ending, names in (("الله", _BEFORE_ALLAH), ("اللة", _BEFORE_ALLAH), ("الدين", _BEFORE_ADDIN)):
        cut = len(surface) - len(ending)
        if surface.endswith(ending) and _listed_with_clitics(surface[:cut], names, article=names is _BEFORE_ALLAH):
            return cut
    return 0


def _listed_with_clitics(head: str, names: str, *, article: bool) -> bool:
    """Return whether a word is one of the names after up to two proclitics and, with `article`, after the article."""
    proclitics = _PROCLITICS(head)
    rests = [head[cut:] for cut in range(proclitics.end() + 1 if proclitics else 1)]
    if article:
        rests += [rest[2:] for rest in rests if rest.startswith("ال")]
    return any(_listed(names, rest) for rest in rests)


def _listed(names: str, word: str) -> bool:
    return word.translate(_SPELLINGS) in _folded(names)


@cache
def _folded(names: str) -> frozenset[str]:
    return frozenset(names.translate(_SPELLINGS).split())


def _with_proclitics(proclitics: str, word: str) -> list[str]:
    return [stack.replace("-", "") + word for stack in proclitics.split()]


NAME_AS: dict[str, str] = {
    **dict.fromkeys(_with_proclitics("- و", "بن"), "ابن"),
    **dict.fromkeys(_with_proclitics("- و ف ل ب ك ول وب فل", "ابن"), "ابن"),
    **dict.fromkeys(_with_proclitics("- و ف ل ب ول وب فل", "ابو"), "ابو"),
    **dict.fromkeys(_with_proclitics("- و ف ل ول وب فل", "ابي"), "ابو"),
    **dict.fromkeys(_with_proclitics("- و ف", "ابا"), "ابو"),
}
"""Normalised forms of a name, each with the form whose word and stem it shares: أبو for أبي and أبا, ابن for بن.

بابا (the pope) and بابي are left out: they are not ب with أبا and أبي.
"""
