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
    ("المادة (٧):", "المادة (٧)"),
    ("المادة (5)", "المادة (5)"),
    ("المادة [5] مكررا", "المادة [5] مكررا"),
    ("(المادة 5)", "المادة 5"),
    ("المادة 5.", "المادة 5"),
    ("«باب» الوضوء", "«باب» الوضوء"),
    ("باب الوضوء (تتمة)", "باب الوضوء (تتمة)"),
    ('باب "الوضوء"', 'باب "الوضوء"'),
    ('"باب الوضوء"', "باب الوضوء"),
    ("باب الوضوء)", "باب الوضوء"),
    ("(١) باب الوضوء", "(١) باب الوضوء"),
    ("*** باب الوضوء ***", "باب الوضوء"),
    ("1. باب الوضوء", "1. باب الوضوء"),
    ("١ - فصل", "١ - فصل"),
    ("ٱلْبَابُ ٱلْأَوَّلُ", "ٱلْبَابُ ٱلْأَوَّلُ"),
    ("ٱلْمُقَدِّمَة", "ٱلْمُقَدِّمَة"),
    ("باب الوضوء\r", "باب الوضوء"),
    ("\u200f\u202bباب الوضوء\u202c", "باب الوضوء"),
    ("مادة 12", "مادة 12"),
    ("مقدمة", "مقدمة"),
    ("المقدمة", "المقدمة"),
    ("خاتمة", "خاتمة"),
    ("القسم الأول", "القسم الأول"),
    ("بــاب الغسل", "بــاب الغسل"),
    ("١٢ ـ باب السواك", "١٢ ـ باب السواك"),
    ("۱۲/ باب السواک", "۱۲/ باب السواک"),
    ("کتاب گندم", "کتاب گندم"),
    ("المقدمه", "المقدمه"),
    ("خاتمه", "خاتمه"),
    ("الماده ۵", "الماده ۵"),
]


@pytest.mark.parametrize(("line", "heading"), HEADINGS)
def test_a_line_that_names_a_division_is_a_heading(line: str, heading: str) -> None:
    text = f"نص يسبق العنوان.\n\n{line}\nثم نص يتبعه، وهو أطول من العنوان بكثير."
    (found,) = find_headings(text)
    assert found["heading"] == heading
    assert text[found["start"] :].startswith(line)


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("المادة 5: يجوز للوزير أن يفوض غيره في بعض صلاحياته.", "المادة 5"),
        ("المادة (3) - تسري الأحكام على كل عقد، وإن طال.", "المادة (3)"),
        ("مادة ٤- لا يجوز.", "مادة ٤"),
        ("المادة 12. لا يجوز.", "المادة 12"),
        ("المادة [5] مكررا: لا يجوز.", "المادة [5] مكررا"),
        ("المادة الأولى: يسمى هذا النظام نظام العمل.", "المادة الأولى"),
        ("المادة الحادية عشرة – لا يجوز.", "المادة الحادية عشرة"),
        ("المادة السادسة والعشرون بعد المائة : " + "نص طويل جدا. " * 20, "المادة السادسة والعشرون بعد المائة"),
        ("«الفصل الثاني: هو أطول الفصول».", "الفصل الثاني"),
        ("ٱلْمَادَّةُ ٱلْأُولَى: يُسَمَّى هذا النظام نظام العمل.".replace("ٱلْأ", "الْأ"), "ٱلْمَادَّةُ الْأُولَى"),
        ("المَادَّةُ (٥): تسري الأحكام، وإن طال العقد.", "المَادَّةُ (٥)"),
        ("المادة ٥ ـ تسري الأحكام، وإن طال العقد.", "المادة ٥"),
    ],
)
def test_the_name_of_a_division_is_the_heading_before_its_text(line: str, heading: str) -> None:
    (found,) = find_headings(f"نص.\n{line}\nنص.")
    assert (found["heading"], found["start"]) == (heading, 4)


@pytest.mark.parametrize(
    "line",
    [
        "المادة 5 من النظام تجيز ذلك.",
        "المادة 5.2 تجيز ذلك.",
        "الباب الذي فتحه: باب الخير.",
        "الفصل الأول من الكتاب أطول: هكذا قال.",
        "باب: من قال ذلك، فليأت به.",
    ],
)
def test_a_sentence_with_a_number_or_colon_is_no_heading(line: str) -> None:
    assert find_headings(f"نص.\n{line}\nنص.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("كتاب القمح\n===\n\nالزراعة\n------\nنص", [("كتاب القمح", 1, 0), ("الزراعة", 2, 16)]),
        ("نص\n\nالزراعة  \n  --- \n\n### فصل\nنص", [("الزراعة", 1, 4), ("فصل", 2, 22)]),
        ("```\nالزراعة\n===\n```\n\n# باب\n", [("باب", 1, 21)]),
        ("نص\n\nهذه جملة تامة.\n---\nنص", []),
        ("نص\nالزراعة\n---\nنص", []),
        ("نص\n\n---\n\n===\nنص", []),
        ("| أ | ب |\n---\nنص", []),
    ],
)
def test_underlined_headings_of_markdown(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert [(one["heading"], one["level"], one["start"]) for one in find_headings(text)] == expected


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
    "الباب الأول: القمح ........ 5",
    "الباب الأول\t٥",
    "فصل في المياه …… ۱۲",
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


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("# لغة C#", "لغة C#"),
        ("\u200f# وسم", "وسم"),
        ("## *گندم* و **آب**", "گندم و آب"),
        ("# [باب `القمح`](قمح.md) {#wheat}", "باب القمح"),
        ("# ![](a.png)", "![](a.png)"),
        ("# س\\*ص\\*", "س*ص*"),
        ("# عنوان #\r", "عنوان"),
        ("## باب ##", "باب"),
        ("## ##", None),
        ("#", None),
        ("#وسم", None),
    ],
)
def test_the_closing_signs_of_markdown_are_no_part_of_a_heading(line: str, heading: str | None) -> None:
    assert [entry["heading"] for entry in find_headings(f"{line}\nنص.")] == ([heading] if heading else [])


@given(st.text(alphabet="باب كتاب فصل\n#=-.:«»1 َ", max_size=200))
def test_headings_stand_where_they_say_and_in_order(text: str) -> None:
    found = find_headings(text)
    starts = [entry["start"] for entry in found]
    assert starts == sorted(set(starts))
    assert all(start == 0 or text[start - 1] == "\n" for start in starts)
    assert all(entry["level"] >= 1 and entry["heading"] for entry in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("نص.\n== القمح ==\nنص.\n=== الري ===\n# بند\n==زرع==\nنص.", [("القمح", 1), ("الري", 2), ("زرع", 1)]),
        ("= كتاب =\nنص.\n\u200f== باب ==\u200f\nنص.\r\n====== فرع ======\r\n", [("كتاب", 1), ("باب", 2), ("فرع", 3)]),
        ("نص.\n== القمح ==\nنص.", [("القمح", 1)]),
        ("== باب الوضوء ==\nنص.\n\nباب الغسل\nنص.", [("باب الوضوء", 1), ("باب الغسل", 1)]),
        ("# القمح\nنص.\n\n== زينة ==\nنص.", [("القمح", 1)]),
        ("نص.\n= 5 =\nنص.\n== 5 ==\n====\n== ==\n= س =\nنص.", []),
        (
            "== '''القمح''' في [[مصر|أرض مصر]]<ref>م</ref> {{ق}} ==\nنص.\n=== [[الري]] ===\nنص.",
            [("القمح في أرض مصر", 1), ("الري", 2)],
        ),
        ("== القمح =\nس == ص ==\n== القمح\n", []),
    ],
)
def test_headings_of_wiki_text(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(entry["heading"], entry["level"]) for entry in find_headings(text)] == expected
