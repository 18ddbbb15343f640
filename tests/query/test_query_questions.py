"""The words of a question's frame, which say what kind of answer is wanted."""

from __future__ import annotations

import pytest

from arsearch.query.questions import is_frame_word

FRAME = [
    *(
        "ما",
        "ماهي",
        "ماهو",
        "متى",
        "متي",
        "أين",
        "اين",
        "كم",
        "كيف",
        "لماذا",
        "أي",
        "ليش",
        "what",
        "Who",
    ),  # interrogatives
    *(
        "تعريف",
        "معنى",
        "مفهوم",
        "المقصود",
        "اسم",
        "عدد",
        "وعدد",
        "تعداد",
        "نسبة",
        "مقدار",
        "سبب",
        "أسباب",
        "الفرق",
        "نوع",
    ),
    *("يبلغ", "تبلغ", "بَلَغَ", "يصل", "تصل", "تقدّر", "يعتبر", "تسمى", "سميت", "يطلق", "نقصد", "يقصد", "تعني", "يعرف"),
    *("يوجد", "توجد", "تقع", "وتقع", "يقع", "تم", "يتم", "حدث", "يمكن"),
    *("عام", "العام", "سنة", "تاريخ"),
]
CONTENT = [
    *(
        "الحرس",
        "سكان",
        "مساحة",
        "عاصمة",
        "رئيس",
        "مؤلف",
        "القدس",
        "تبليغ",
        "وصول",
        "عددي",
        "معنوي",
        "التعريفة",
        "تاريخي",
    ),
    *("الأسماء", "وقوع", "عاما", "Paris", "2015", "", "و", "ال"),
]


@pytest.mark.parametrize("word", FRAME)
def test_a_frame_word(word: str) -> None:
    assert is_frame_word(word)


@pytest.mark.parametrize("word", CONTENT)
def test_a_word_that_names_the_subject(word: str) -> None:
    assert not is_frame_word(word)
