"""The check of a dictionary: which lines contradict the tables, or one another."""

from __future__ import annotations

import pytest

from arsearch.analyzers import Contradiction, Dictionary, check_dictionary

NO_CONTRADICTION = [
    *"كامبياسو لودريان نينتندو جلاكسي باتريوتس هورايزونز روزجليتازون ميجابيكسل بوجمبورا دراكسلر".split(),
    *(f"[names]\n{name}" for name in "كامبياسو لودريان نينتندو جلاكسي باتريوتس بوجمبورا".split()),
    *(f"[stop words]\n{word}" for word in "وأضاف وأوضح مشيرا مؤكدا لافتا iPhone".split()),
    *(f"{word} => كتاب" for word in "نينتندو كامبياسو هورايزونز".split()),
]

CONTRADICTIONS = {
    "needless": [
        *"كتاب مدرسة وزير سيارة طبيب مستشفى قانون شيء امرأة فيصل".split(),
        *"وزراء => وزير|شوارع => شارع|أصدقاء => صديق|سنوات => سنة|مدارس => المدارس".split("|"),
    ],
    "and a name takes none": [
        f"[names]\n{name}" for name in "ياسين كريم سعيد حسن محمد فيصل سلمان بندر جميل ليلى".split()
    ],
    "without this line its stem is": [
        *"جمعيات انتخابات مباحثات شركات مهندسون كتابات توجيهات".split(),
        *"وزراء => وزارة|قطار => سكة|كتب => كتاب".split("|"),
        *(f"[names]\n{name}" for name in "درعا دشتي ماكين انتخابات".split()),
    ],
    "with a clitic (": [
        *"وكتاب بالمدرسة والوزير مدرستهم كالوقت للبيت فالكتاب سيارتنا وبالكتاب".split(),
        *(f"[names]\n{name}" for name in "وسعيد بالرياض لمحمد".split()),
    ],
    "in the lexicon, and": "معلمون => معلمة|كتب => الكتاب|هواتف => هاتفين|حواسب => وحاسوب|جمعية => جمعيات".split("|"),
    "is the function word": [*"من فيها عليه لكن كان منذ حتى وفي لأنه إليهم".split(), "[names]\nعند"],
    "without this line it also matches": "عبدالله عبدالرحمن أبوظبي نصرالله نورالدين عبدالعزيز فضلالله".split(),
    "without this line it matches": "بن أبا أبي وبن وأبي لأبي فأبا ولأبي وأبا فأبي".split(),
    "with a pronoun, and now reads as": "ريد رير لدان ثير صيل ندق ليد ويت رانس لوغ".split(),
    "is a stop word already": [f"[stop words]\n{word}" for word in "من في على إلى عن هذا التي كان قد لم".split()],
    "also a name, as in أبو": [
        f"[stop words]\n{word}" for word in "بكر علي حسن عمر أحمد خالد يوسف مسلم كريم هاشم".split()
    ],
    "as a name it is none": [f"[names]\n{word}" for word in "نحو عبر ضد دون تحت فوق حول بين أمام منذ".split()],
}


@pytest.mark.parametrize("text", NO_CONTRADICTION)
def test_a_line_that_contradicts_nothing_is_not_named(text: str) -> None:
    assert check_dictionary(Dictionary.parse(text)) == []


@pytest.mark.parametrize(
    ("message", "text"), [(message, text) for message, texts in CONTRADICTIONS.items() for text in texts]
)
def test_a_contradiction_has_line_form_and_reason(message: str, text: str) -> None:
    found = check_dictionary(Dictionary.parse(f"# own words\n{text}"))

    form = text.splitlines()[-1].partition(" =>")[0]
    assert {(line, written) for line, written, _ in found} == {(2 + text.count("\n"), form)}
    assert any(message in reason for _, _, reason in found), found
    assert all("\n" not in reason for _, _, reason in found)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("كامبياسو\nكامبياسو", 1, "line 2 says the same"),
        ("نينتندو => ألعاب\nنينتندُو", 1, "line 2 says otherwise and counts"),
        ("نينتندو => ألعاب\nنينتندو => شركة", 1, "line 2 says otherwise and counts"),
        ("كامبياسو\n[names]\nكامبياسو", 1, "line 3 says otherwise and counts"),
        ("[stop words]\nوأضاف\nوَأضاف", 2, "line 3 says the same"),
        ("نينتندو => سوني\nسوني => نينتندو", 1, "نينتندو and سوني name each other, so each stays whole"),
        ("[names]\nكامبياسو\n[stop words]\nكامبياسو", 4, "line 2 says that it is a name"),
        ("حواسب => أجهزة\nأجهزة => جهاز", 1, "اجهزه has the stem جهاز in the dictionary, and حواسب gets that stem"),
    ],
)
def test_lines_that_contradict_one_another(text: str, line: int, message: str) -> None:
    found = check_dictionary(Dictionary.parse(text))

    assert any(at == line and message in reason for at, _, reason in found), found


def test_the_contradictions_are_in_the_order_of_the_lines() -> None:
    found = check_dictionary(Dictionary.parse("كتاب\nنينتندو\nبالمدرسة\n[stop words]\nمن\nوأضاف\n[names]\nنحو"))

    assert [line for line, _, _ in found] == [1, 3, 5, 8, 8]
    assert found[0] == Contradiction(1, "كتاب", "the lexicon has the stem كتاب for it, so the line is needless")
    assert check_dictionary(Dictionary()) == []
