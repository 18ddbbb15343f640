"""The parts of the PDF reader that need no PDF: visual order, brackets, running lines, paragraphs, metadata."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.readers.brackets import kinds_to_mirror, mirrored
from arsearch.readers.pdf.body import Body
from arsearch.readers.pdf.metadata import fields_of, pdf_date
from arsearch.readers.pdf.outline import Entry, Paragraph, headings_by
from arsearch.readers.pdf.running import PageLine, running_lines
from arsearch.readers.visual_order import logical_text


def line(text: str, y: float, left: float = 50, right: float = 350, em: float = 12) -> PageLine:
    return PageLine(text, (), left, right, y, em)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("بلغت الكلفة 3.75 مليون", id="decimal"),
        pytest.param("يوم 21/07/2015 مساء", id="date"),
        pytest.param("ضمت 12,450 كتابا و٣٥ حاسوبا", id="digits_of_both_kinds"),
        pytest.param("من 2015-2016 حتى 2017", id="range_after_a_letter"),
        pytest.param("بنسبة 12% أو أكثر", id="percent"),
        pytest.param("الساعة 8:30 والساعة 14:00.", id="times"),
        pytest.param("حاسوب ThinkPad X1 Carbon جديد", id="latin_words_and_number"),
        pytest.param("لقاح Covid-19 متوفر", id="hyphen_in_latin"),
        pytest.param("شبكة 5G السريعة", id="digit_beside_a_letter"),
        pytest.param("نشرت New York Times, BBC الخبر", id="comma_between_latin_words"),
        pytest.param("راسلنا info@library.example اليوم", id="address"),
        pytest.param("الفصل ١٢ من ٤٠", id="two_numbers"),
    ],
)
def test_visual_order_is_turned_to_logical_order(text: str) -> None:
    get_display = pytest.importorskip("bidi.algorithm").get_display
    assert logical_text(list(get_display(text, base_dir="R"))).text == text


@pytest.mark.parametrize(
    ("visual", "logical"),
    [
        ("3%+", "+3%"),
        ("%12", "12%"),
        ("12%", "12%"),
        ("2015-2016", "2015-2016"),
        ("Hello world", "Hello world"),
        ("", ""),
    ],
)
def test_visual_order_without_arabic(visual: str, logical: str) -> None:
    assert logical_text(list(visual)).text == logical


@given(st.text("ابتثجحخدرسصطعفقكلمنهوي 0123456789abcXYZ.,:()-%،«»"))
def test_no_character_but_spaces_is_lost_or_added(text: str) -> None:
    got = logical_text(list(text))
    assert sorted(got.text.replace(" ", "")) == sorted(text.replace(" ", ""))
    assert all(got.text[offset] in "()«»" for offset in got.turned)


def test_each_kind_of_bracket_is_judged_by_itself() -> None:
    text = "قال: »نعم« (في النص) و»لا« ثم [كذا]"
    offsets = [place for place, c in enumerate(text) if c in "»«()[]"]
    wrong = kinds_to_mirror([(text, offsets)])
    assert wrong == {"«", "»"}
    assert mirrored(text, offsets, wrong) == "قال: «نعم» (في النص) و«لا» ثم [كذا]"


def test_a_pair_back_to_back_is_turned_alone() -> None:
    text = "قال (نعم) ثم )لا( وذهب (كذا)"
    offsets = [place for place, c in enumerate(text) if c in "()"]
    assert mirrored(text, offsets, kinds_to_mirror([(text, offsets)])) == "قال (نعم) ثم (لا) وذهب (كذا)"


def test_running_lines_are_those_of_most_pages_at_one_place() -> None:
    pages = [
        [line("كتاب الزجاج", 560), line(f"نص الصفحة {name}", 500), line(f"وآخر {name}", 300), line(f"- {number} -", 20)]
        for number, name in enumerate(("أولى", "ثانية", "ثالثة", "رابعة"), 1)
    ]
    assert running_lines(pages, ["1", "2", "3", "4"]) == [frozenset({0, 3})] * 4


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([[line("عنوان", 560), line("نص", 500)]] * 2, id="two_pages"),
        pytest.param([[line(text, 560), line("نص", 300)] for text in ("أ ب", "ج د", "ه و", "ز ح")], id="other_words"),
        pytest.param([[line("عنوان", 560 - 40 * n), line("نص", 100 + n)] for n in range(4)], id="other_places"),
    ],
)
def test_lines_that_are_not_running(pages: list[list[PageLine]]) -> None:
    assert [places & {0} for places in running_lines(pages, [""] * len(pages))] == [frozenset()] * len(pages)


def test_headers_of_left_and_right_pages_are_running() -> None:
    pages = [[line(("كتاب الزجاج", "باب الأفران")[n % 2], 560), line("نص " + "أبجدهوزح"[n] * 3, 400)] for n in range(8)]
    assert running_lines(pages, [""] * 8) == [frozenset({0})] * 8


def test_lines_that_fill_their_column_are_one_paragraph() -> None:
    body = Body()
    body.add("1", [line("عنوان الفصل", 560, 200, 350, 18), line("بدأ الكلام هنا", 500), line("ثم انتهى.", 480, 250)])
    body.add("2", [])
    body.add("3", [line("فقرة أخرى", 560), line("قصيرة\tخلية", 540)])

    assert body.text == "عنوان الفصل\nبدأ الكلام هنا ثم انتهى.\nفقرة أخرى\nقصيرة\tخلية"
    assert body.pages == [{"page": "1", "start": 0}, {"page": "3", "start": body.text.index("فقرة")}]


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("D:20150721093000+03'00'", "2015-07-21T09:30:00+03:00"),
        ("D:20150721093000+03'00", "2015-07-21T09:30:00+03:00"),
        ("D:20150721093000-05'30'", "2015-07-21T09:30:00-05:30"),
        ("D:20150721093000Z", "2015-07-21T09:30:00+00:00"),
        ("D:20150721093000Z00'00'", "2015-07-21T09:30:00+00:00"),
        ("D:20150721093000", "2015-07-21T09:30:00"),
        ("D:20150721", "2015-07-21"),
        ("D:201507", "2015-07-01"),
        ("20150721", "2015-07-21"),
        ("D:20150731250000", None),
        ("D:20151345", None),
        ("21 July 2015", None),
        ("D:00000000000000", None),
        ("D:19700101000000Z", None),
        ("", None),
    ],
)
def test_dates_of_pdf(value: str, date: str | None) -> None:
    assert pdf_date(value) == date


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - تقرير.doc", "untitled", "Untitled-3", "Document1", "PowerPoint Presentation", "a.indd", "تقرير.docx",
     "بدون عنوان", "مستند 2", "...", "12", "about:blank", "file:///C:/a.htm", "f4c2a9d06be14f0c"],
)  # fmt: skip
def test_junk_titles_count_as_absent(title: str) -> None:
    assert fields_of({"Title": title}) == {}


@pytest.mark.parametrize("title", ["تقرير المكتبة", "رواية 1984", "Word", "Documents of the city", "عنوان الحكمة"])
def test_titles_are_kept(title: str) -> None:
    assert fields_of({"Title": title}) == {"title": title}


def test_metadata_become_fields() -> None:
    metadata = {
        "Title": "ÊÞÑíÑ ÇáãßÊÈÉ",  # windows-1256, read as windows-1252
        "Author": "Administrator",
        "Subject": " أخبار \n المدينة ",
        "Keywords": "كتب; مكتبة، قراءة",
        "CreationDate": "D:0",
        "ModDate": "D:2015",
    }
    assert fields_of(metadata) == {
        "title": "تقرير المكتبة",
        "date": "2015-01-01",
        "tags": ["كتب", "مكتبة", "قراءة"],
        "subject": "أخبار المدينة",
    }


@pytest.mark.parametrize(
    ("entry", "start"),
    [
        pytest.param(Entry("باب القمح", 1, 1, 500), 10, id="words_below_the_height"),
        pytest.param(Entry("بابُ القَمْـح:", 1, 1, None), 10, id="marks_and_signs_do_not_matter"),
        pytest.param(Entry("باب القمح", 1, 1, 350), 50, id="the_same_words_twice"),
        pytest.param(Entry("باب القمح", 1, 1, 1), 10, id="words_above_the_height"),
        pytest.param(Entry("غيره", 1, 1, 410), 30, id="other_words"),
        pytest.param(Entry("غيره", 1, 1, None), 0, id="no_height"),
        pytest.param(Entry("غيره", 1, 2, 300), 90, id="a_page_without_text"),
        pytest.param(Entry("ﺑﺎﺏ", 1, 3, None), 90, id="presentation_forms"),
        pytest.param(Entry("غيره", 1, 4, None), None, id="no_further_page"),
        pytest.param(Entry("_Toc5312", 1, 1, None), None, id="bookmarks_of_programs"),
        pytest.param(Entry("صفحة 12", 1, 1, None), None, id="bookmarks_of_pages"),
    ],
)
def test_the_headings_of_an_outline_stand_in_the_text(entry: Entry, start: int | None) -> None:
    words = ("مقدمة", "باب القمح والشعير", "نص", "باب القمح")
    first = [Paragraph(text, 20 * n - (n > 0) * 10, 500 - 100 * n + 60) for n, text in enumerate(words)]
    found = headings_by([entry], {1: first, 3: [Paragraph("باب آخر", 90, 500)]})
    assert [heading["start"] for heading in found] == ([] if start is None else [start])
    assert all(heading["heading"] == ("باب" if start == 90 and entry.page == 3 else entry.title) for heading in found)


def test_the_headings_of_an_outline_are_in_the_order_of_the_text() -> None:
    pages = {1: [Paragraph("أ", 0, 500)], 2: [Paragraph("ب", 10, 500)]}
    entries = [Entry("ب", 1, 2, None), Entry("أ", 1, 1, None), Entry("فصل", 2, 1, None)]
    found = [(one["heading"], one["level"], one["start"]) for one in headings_by(entries, pages)]
    assert found == [("أ", 1, 0), ("فصل", 2, 0), ("ب", 1, 10)]
