"""Names that are written both as one word and as two, and in several cases.

What: `split_compound` cuts عبدالله, أبوظبي, نصرالله, نورالدين, ذوالفقار and إنشاءالله where a space may stand,
proclitics staying with the first part; `NAME_AS` makes أبي and أبا أبو, and بن ابن.
Why: of عبد الله the news has 5,005 in two words and 19,428 in one; أبو is أبي and أبا by case, بن is ابن within a name.
Source: lists written for this library after the names of 31,030 news articles. Limits: what is not listed after أبو
stays whole (أبوشخيدم), since أبوه, أبولو and أبواب are no names; بن is also coffee beans.
"""

from __future__ import annotations

import re

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

_SPELLINGS = str.maketrans(
    {"أ": "[أإآا]", "إ": "[أإآا]", "آ": "[أإآا]", "ى": "[ىي]", "ي": "[ىي]", "ة": "[ةه]", "ه": "[ةه]", "ا": "[أإآا]"}
)


def _any_of(words: str) -> str:
    """An alternation of the words in each of their spellings, the longest first."""
    return "|".join(word.translate(_SPELLINGS) for word in sorted(words.split(), key=len, reverse=True))


_ARTICLE_AND_NAME = r"ال\w"
# The first group is the first part; every alternative demands what makes the cut certain.
_COMPOUND = re.compile(
    "|".join(
        (
            # Any عبد ال...; not the surnames عبدالي, عبدالية.
            rf"([وفبلك]?[وفبلك]?(?:ال)?عبد)(?={_ARTICLE_AND_NAME}\w)(?!ال[يى](?:[نةه]|ون|ين)?$)",
            rf"([وف]?[بل]?[أا]بو)(?={_ARTICLE_AND_NAME}{{3}}|عبدال|(?:{_any_of(_AFTER_ABU)})$)",
            rf"([وف]?[بل]?ذ[ويى])(?={_ARTICLE_AND_NAME}{{3}})",
            rf"([وفبلك]?[وفبلك]?(?:ال)?(?:{_any_of(_BEFORE_ALLAH)}))(?=الل[هة]$)",
            rf"([وفبلك]?[وفبلك]?(?:{_any_of(_BEFORE_ADDIN)}))(?=الدين$)",
        )
    )
).match
_AND_WILLED = re.compile("(.*(?:[أإا]ن|ما))(شاء)", re.DOTALL).fullmatch


def split_compound(surface: str) -> tuple[str, ...]:
    """The parts of a name written as one word, or `()` when it is none.

    Takes and gives surface forms; the parts joined are the word.
    """
    if surface.find("ال", 2) < 0 and "بو" not in surface:  # what nearly every word fails, at a tenth of the price
        return ()
    found = _COMPOUND(surface)
    if found is None:
        return ()
    head, tail = surface[: found.end()], surface[found.end() :]
    willed = _AND_WILLED(head)
    return (*(willed.groups() if willed else (head,)), *(split_compound(tail) or (tail,)))


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
