"""Numbered headings of plain text, and the many numbered lines that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.readers.formats.titles import split_title
from arsearch.works.headings import find_headings

PROSE = "قال الوزير إن القمح غال في هذا العام وإن الأسعار سترتفع في الأسواق المحلية خلال الأسابيع القادمة."


def headings(text: str) -> list[tuple[int, str]]:
    """Return the headings of a text in which + stands for a line of prose."""
    whole = text.replace("+", PROSE)
    found = find_headings(whole)
    assert all(entry["start"] == 0 or whole[entry["start"] - 1] == "\n" for entry in found)
    return [(entry["level"], entry["heading"]) for entry in found]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("١ - القمح", "٢ - الشعير"),
        ("1. مقدمة", "2. الزراعة"),
        ("1- القمح", "2- الشعير"),
        ("1) القمح", "2) الشعير"),
        ("(1) القمح", "(2) الشعير"),
        ("[١] القمح", "[٢] الشعير"),
        ("۱- گندم", "۲- پنبه و چای"),
        ("١ ـ القمــح", "٢ ـ الشعير"),
        ("١/ القمح", "٢/ الشعير"),
        ("1.1 القمح", "1.2 الشعير"),
        ("٢-١ القمح", "٢-٢ الشعير"),
        ("أولاً: القمح", "ثانياً: الشعير"),
        ("أولا - القمح", "ثانيا – الشعير"),
        ("أَوَّلًا: ٱلْقَمْحُ ٱلْجَدِيدُ", "ثَانِيًا: الشَّعِيرُ"),
        ("(أولاً) القمح", "(ثانياً) الشعير"),
        ("(أ) القمح", "(ب) الشعير"),
        ("أ - القمح", "ب - الشعير"),
        ("أ) القمح", "ب) الشعير"),
        ("الف) گندم", "ب) پنبه"),
        ("\u200f١ - القمح", "\u200f\u202b٢ - الشعير\u202c"),
        ("  1. القمح", "\t2. الشعير"),
        ("1. «القمح» في مصر", "2. (الشعير) في الشام"),
        ("1. القمح:", "2. الشعير:"),
    ],
)
def test_numbered_lines_with_prose_below_are_headings(first: str, second: str) -> None:
    expected = [(1, line.strip(" \t:\u200f\u202b\u202c")) for line in (first, second)]
    for text in (
        f"{first}\n+\n{second}\n+",
        f"+\n\n{first}\n\n+\n+\n\n{second}\n\n+",
        f"{first}\r\n+\r\n{second}\r\n+\r\n",
    ):
        assert headings(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أولاً: أ ب\n+\n١ - ج د\n+\n٢ - ه و\n+\nثانياً: ز ح\n١ - ط ي\n+\n٢ - ك ل\n+", [1, 2, 2, 1, 2, 2]),
        ("1. القمح\n+\n1.1 ريه\n+\n1.2 زرعه\n+\n2. الشعير\n+\n2.1 ريه\n+\n2.2 زرعه\n+", [1, 2, 2, 1, 2, 2]),
        ("1. القمح\n(أ) ريه\n+\n(ب) زرعه\n+\n2. الشعير\n+", [1, 2, 2, 1]),
        ("الفصل الأول: القمح\n+\nأولا: ريه\n+\nثانيا: زرعه\n+\nالفصل الثاني\n+", [1, 2, 2, 1]),
        ("الفصل الأول\n1. ريه\n+\n2. زرعه\n+\nالفصل الثاني\n1. ريه\n+\n2. زرعه\n+", [1, 2, 2, 1, 2, 2]),
        ("مقدمة\n+\n1. القمح\n+\n2. الشعير\n+\nخاتمة\n+", [1, 1, 1, 1]),
        ("1. مقدمة\n+\n2. القمح\n+\n3. خاتمة\n+", [1, 1, 1]),
        ("الفصل الأول: القمح\n1-1 أهدافه\nيهدف إلى:\n1- أ ب\n2- ج د\n1-2 حدوده\n+\nالفصل الثاني\n+", [1, 2, 2, 1]),
        ("الفصل الأول: القمح\n1-1 مقدمة\n+\n1-2 حدوده\n+\nالفصل الثاني\n2-1 تمهيد\n+", [1, 2, 2, 1]),
        ("المحتويات\n1. القمح ...... 5\n2. الشعير ..... 9\n\n1. القمح\n+\n2. الشعير\n+", [1, 1]),
        (
            "المحتويات\n1. القمح\n1.1 ريه\n1.2 زرعه\n2. الشعير\n\n1. القمح\n1.1 ريه\n+\n1.2 زرعه\n+\n2. الشعير\n+",
            [1, 2, 2, 1],
        ),
        ("12 - باب السواك\n+\n13 - باب الغسل\n+", [1, 1]),
    ],
)
def test_a_kind_of_number_inside_another_is_deeper(text: str, expected: list[int]) -> None:
    assert [level for level, _ in headings(text)] == expected


def test_letters_count_in_each_order() -> None:
    for order in ("أبجدهو", "أبتثجح", "اب پ ت ث ج چ".replace(" ", "")):
        text = "\n".join(f"{letter} - القمح\n+" for letter in order)
        assert len(headings(text)) == len(order)
    assert len(headings("\n".join(f"{word}: القمح\n+" for word in ("أولا", "ثانيا", "ثالثا", "رابعا")))) == 4
    assert headings("أ - القمح\n+\nج - الشعير\n+") == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("وهي:\n1. القمح\n2. الشعير\n3. الذرة\n+", id="list"),
        pytest.param("+\nوهي:\n\n1. القمح\n+\n2. الشعير\n+", id="list_that_is_announced"),
        pytest.param("1. القمح\n2. الشعير\n3. الذرة", id="nothing_else"),
        pytest.param("1. القمح\n+\n3. الشعير\n+", id="gap"),
        pytest.param("المراجع\n1. زراعة الذرة\n2. كتاب الذرة\n3. باب الغلة\n+", id="list_with_names_of_divisions"),
        pytest.param("1. القمح\n2. الشعير\n+\n1. الذرة\n+\n2. الأرز\n+", id="two_series"),
        pytest.param("2. القمح\n+\n3. الشعير\n+", id="not_from_the_first"),
        pytest.param("1. القمح\n+\n1. الشعير\n+", id="repeated"),
        pytest.param("10. القمح\n+\n9. الشعير\n+\n8. الذرة\n+", id="downwards"),
        pytest.param("1. القمح\n+", id="one"),
        pytest.param("1. القمح غال.\n+\n2. الشعير رخيص.\n+", id="sentences"),
        pytest.param("1. القمح\n+\n2. قال الوزير إن القمح غال، وإنه سيغلو.\n+", id="one_is_a_sentence"),
        pytest.param("1- ما رأيك في القمح؟\n+\n2- وما رأيك في الشعير؟\n+", id="questions"),
        pytest.param("1 - الوزير: وزير الزراعة\n+\n2 - القمح: الحنطة\n+", id="definitions"),
        pytest.param("المادة 5\n1- تسري الأحكام على العقود\n+\n2- لا تسري على غيرها\n+\nالمادة 6\n+", id="statute"),
        pytest.param("المادة 5: تسري الأحكام:\nأ - على العقود\n+\nب - على غيرها\n+", id="statute_with_letters"),
        pytest.param("21/7/2015\n+\n22/7/2015\n+\n1 يناير\n+\n2 يناير\n+", id="dates"),
        pytest.param("1.5 مليون طن\n+\n2.5 مليون طن\n+", id="decimals"),
        pytest.param("10:30 صباحا\n+\n11:30 صباحا\n+", id="times"),
        pytest.param("1 القمح\n+\n2 الشعير\n+", id="no_sign"),
        pytest.param("أولا القمح ثم الشعير\n+\nثانيا الذرة\n+", id="words"),
        pytest.param("أ. د. سعاد حسن\n+\nب. د. سلمى حسن\n+", id="names"),
        pytest.param("(1)\n+\n(2)\n+", id="bare_numbers"),
        pytest.param("1 - 3\n+\n2 - 4\n+", id="results"),
        pytest.param("1. القمح الذي زرعه الناس\nفي أرض مصر.\n+\n2. الشعير\n+", id="wrapped_item"),
        pytest.param("وقد قال الوزير في عام\n1. القمح\n+\n2. الشعير\n+", id="wrapped_before"),
        pytest.param("# القمح\n+\n\n1. ريه\n\n+\n\n2. زرعه\n\n+\n\n# الشعير", id="list_of_markdown"),
    ],
)
def test_other_numbered_lines_are_text(text: str) -> None:
    numbered = [heading for _, heading in headings(text) if not heading.startswith(("المادة", "القمح", "الشعير"))]
    assert numbered == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("1. مقدمة\n+\n2. القمح\n+", ""),
        ("تقرير القمح\n\n1. مقدمة\n+\n2. القمح\n+", "تقرير القمح"),
        ("1. القمح غال\n\n+", "1. القمح غال"),
        ("== القمح ==\n\n+", "القمح"),
        ("== القمح ==\n+\n== الشعير ==\n+", ""),
    ],
)
def test_the_first_of_numbered_headings_is_no_title(text: str, title: str) -> None:
    assert split_title(text.replace("+", PROSE))[0] == title


LINES = ["١ - القمح", "٢ - الشعير", "1. قمح", "2. شعير", "3. ذرة", "أولا: زرع", "ثانيا: ري", "(أ) زرع", "(ب) ري", "باب القمح",
         "المادة 5", "1.1 زرع", "1.2 ري", "مقدمة", "1. مقدمة", "وهي:", PROSE, PROSE, PROSE, "", "نص."]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_numbered_headings_count_from_the_first_and_have_prose(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = find_headings(text)
    starts = [entry["start"] for entry in found]
    assert starts == sorted(set(starts))
    assert {entry["level"] for entry in found} == set(range(1, len({entry["level"] for entry in found}) + 1))
    numbered = [entry["heading"] for entry in found if entry["heading"] in ("1. قمح", "2. شعير", "3. ذرة")]
    assert not numbered or numbered[0] == "1. قمح" or "1. مقدمة" in [entry["heading"] for entry in found]
    if "1. قمح" in numbered and lines.count("1. قمح") == 1:
        assert PROSE in text[text.index("1. قمح") :]
