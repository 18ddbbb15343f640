"""Headings of plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.works.headings import find_headings

HEADINGS = [
    ("كتاب الصلاة", "كتاب الصلاة"),
    ("باب الوضوء", "باب الوضوء"),
    ("بَابُ مَا جَاءَ فِي الوُضُوءِ", "بَابُ مَا جَاءَ فِي الوُضُوءِ"),
    ("الباب الأول: في الطهارة", "الباب الأول: في الطهارة"),
    ("فصل في المياه", "فصل في المياه"),
    ("فصل", "فصل"),
    ("الفصل الثالث", "الفصل الثالث"),
    ("«الجزء الثاني»", "الجزء الثاني"),
    ("الجزء ٢", "الجزء ٢"),
    ("المجلد الأول", "المجلد الأول"),
    ("[كتاب الزكاة]", "كتاب الزكاة"),
    ("12 - باب السواك", "12 - باب السواك"),
    ("المبحث الأول: تعريف العقد", "المبحث الأول: تعريف العقد"),
    ("المطلب الثاني", "المطلب الثاني"),
    ("مسألة في المسح", "مسألة في المسح"),
    ("المادة 5", "المادة 5"),
    ("المادة (٧):", "المادة (٧"),
    ("مادة 12", "مادة 12"),
    ("مقدمة", "مقدمة"),
    ("المقدمة", "المقدمة"),
    ("خاتمة", "خاتمة"),
    ("القسم الأول", "القسم الأول"),
    ("بــاب الغسل", "بــاب الغسل"),
]


@pytest.mark.parametrize(("line", "heading"), HEADINGS)
def test_a_line_that_names_a_division_is_a_heading(line: str, heading: str) -> None:
    text = f"نص يسبق العنوان.\n\n{line}\nثم نص يتبعه، وهو أطول من العنوان بكثير."
    (found,) = find_headings(text)
    assert found["heading"].startswith(heading.rstrip(":("))
    assert text[found["start"] :].startswith(line)


TEXTS = [
    "كتاب الله بين أيدينا.",
    "كتاب",
    "باب البيت مفتوح، فادخل.",
    "بابا الفاتيكان يزور المدينة",
    "كتابة الرسائل فن",
    "الكتابان معا",
    "جزءان من الكتاب",
    "فصلت المحكمة في القضية",
    "قال إن باب التوبة مفتوح",
    "باب من أبواب الخير أن تعين جارك إذا احتاج إليك وأن تزوره إذا مرض وأن تشيعه إذا مات",
    "كتاب جديد صدر أمس. وقد لقي رواجا",
    "هل هذا باب الحارة؟",
    "مادة",
    "",
]


@pytest.mark.parametrize("line", TEXTS)
def test_other_lines_are_text(line: str) -> None:
    assert find_headings(f"نص يسبق.\n\n{line}\nونص يتبع.") == []


def test_a_line_that_goes_on_from_the_one_before_is_text() -> None:
    wrapped = "وقد ذكر المؤلف في أول هذا المصنف أنه قرأ على شيخه في تلك السنة\nكتاب الصلاة وما بعده"
    assert find_headings(wrapped) == []


def test_levels_count_from_the_outermost_division_of_the_text() -> None:
    text = "الجزء الأول\n\nكتاب الصلاة\n\nباب الوضوء\nنص.\n\nفصل\nنص.\n\nكتاب الزكاة\nنص."
    assert [(entry["heading"], entry["level"]) for entry in find_headings(text)] == [
        ("الجزء الأول", 1),
        ("كتاب الصلاة", 2),
        ("باب الوضوء", 3),
        ("فصل", 4),
        ("كتاب الزكاة", 2),
    ]
    assert [entry["level"] for entry in find_headings("باب أول الأبواب\nنص.\n\nباب آخر الأبواب\nنص.")] == [1, 1]


def test_headings_of_markdown_have_their_own_levels() -> None:
    text = "# كتاب الأمثال\n\nنص.\n\n### مثل أول ###\nباب السماء\n```\n# تعليق\n```\n## مثل ثان\n"
    assert [(entry["heading"], entry["level"]) for entry in find_headings(text)] == [
        ("كتاب الأمثال", 1),
        ("مثل أول", 3),
        ("مثل ثان", 2),
    ]


@given(st.text(alphabet="باب كتاب فصل\n#.:«»1 َ", max_size=200))
def test_headings_stand_where_they_say_and_in_order(text: str) -> None:
    found = find_headings(text)
    starts = [entry["start"] for entry in found]
    assert starts == sorted(set(starts))
    assert all(start == 0 or text[start - 1] == "\n" for start in starts)
    assert all(entry["level"] >= 1 and entry["heading"] for entry in found)
