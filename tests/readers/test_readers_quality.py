"""The quality of texts at reading: HTML, reversed order, presentation forms, spaced and lost letters."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch.readers import read_articles
from arsearch.readers.quality.checks import repaired_text
from arsearch.readers.quality.lost_letters import share_of_lost
from arsearch.readers.quality.markup import has_markup, without_markup

PLAIN = (
    "في المدينة القديمة سوق كبيرة تباع فيها الفاكهة والخضار، وعند المدخل مكتبة صغيرة يجلس صاحبها على كرسي قديم أمام الباب "
    "ويقرأ في الجريدة اليومية أخبار المنطقة، ثم يمضي إلى المقهى القريبة من الجامعة حيث يلتقي الطلبة كل مساء في الحديقة العامة."
)


def lines(*bodies: str, **fields: Any) -> bytes:
    articles = [{"id": str(n), "title": "خبر", "body": body, **fields} for n, body in enumerate(bodies)]
    return "\n".join(json.dumps(article, ensure_ascii=False) for article in articles).encode()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("وزير&nbsp;الخارجية", "وزير الخارجية"),
        ("<b>الق</b>مح", "القمح"),
        ("القمح<br>غال", "القمح\nغال"),
        ("القمح<BR />غال", "القمح\nغال"),
        ("&#1575;&#1604;&#1602;&#1605;&#1581;", "القمح"),
        ("&#x627;&#x644;", "ال"),
        ("<p class='x'>سطر</p>\n<p>آخر</p>", "سطر\n\nآخر"),
        ("<strong>خبر</strong>\n\nفقرة", "خبر\n\nفقرة"),
        ("&lt;p&gt;نص&lt;/p&gt;&lt;p&gt;آخر&lt;/p&gt;", "نص\n\nآخر"),
        ("نص&amp;nbsp;آخر", "نص آخر"),
        ("&laquo;نص&raquo;", "«نص»"),
        ("نص<script>var القمح = 1;</script>", "نص"),
        ('<a href="https://example.org/القمح">رابط</a>', "رابط"),
    ],
)
def test_html_in_bodies_becomes_text(read: Callable[..., Any], html: str, text: str) -> None:
    result = read({"a.jsonl": lines(html)})

    assert [data["body"] for data in result.data] == [text]
    assert result.records[0].remarks == (("html", f"body: {html[:40]}"),)
    assert sum("HTML" in message for message in result.messages) == 1


@pytest.mark.parametrize("text", ["أ < ب و ج > د", "س<ص", "قال & أضاف", "البريد <someone@example.org>", "&c", "R&D;"])
def test_signs_are_no_html(read: Callable[..., Any], text: str) -> None:
    assert read({"a.jsonl": lines(text)}).data[0]["body"] == text
    assert not has_markup(text)


def test_html_is_decided_for_a_source(read: Callable[..., Any]) -> None:
    few = read({"a.jsonl": lines(*["نص"] * 30, "يكتب <b> في الصفحات", *["نص"] * 30)})
    many = read({"a.jsonl": lines(*["نص", "<p>نص</p>"] * 30)})

    assert few.data[30]["body"] == "يكتب <b> في الصفحات"
    assert any("--html" in message for message in few.messages)
    assert {data["body"] for data in many.data} == {"نص"}
    assert [data["id"] for data in many.data] == [str(n) for n in range(60)]


def test_a_source_that_turns_to_html_is_seen_later(read: Callable[..., Any]) -> None:
    result = read({"a.jsonl": lines("<b>", *["نص"] * 200, *["<p>نص</p>"] * 50)})

    assert result.data[0]["body"] == "<b>"
    assert {data["body"] for data in result.data[1:]} == {"نص"}


def test_a_text_file_needs_several_tags(read: Callable[..., Any]) -> None:
    few = read({"a.txt": "العنصر <b> يجعل الخط عريضا".encode()})
    many = read({"b.txt": "<b>خبر</b> من<br>القاهرة".encode()}, "b.txt")

    assert [data["body"] for data in few.data + many.data] == ["العنصر <b> يجعل الخط عريضا", "خبر من\nالقاهرة"]


@pytest.mark.parametrize(("html", "body"), [(True, "نص"), (False, "<p>نص</p>"), (None, "<p>نص</p>")])
def test_the_caller_decides_about_html(read: Callable[..., Any], html: bool | None, body: str) -> None:
    bodies = ["نص آخر"] * 30 + ["<p>نص</p>"]

    assert read({"a.jsonl": lines(*bodies)}, html=html).data[30]["body"] == body


def test_titles_and_tables_are_read_too(read: Callable[..., Any]) -> None:
    [data] = read({"a.csv": "العنوان,المحتوى\n<b>خبر</b> &quot;عاجل&quot;<br>اليوم,نص&nbsp;الخبر\n".encode()}).data

    assert (data["title"], data["body"]) == ('خبر "عاجل" اليوم', "نص الخبر")


def test_the_words_of_html_are_found_in_the_stored_text(read: Callable[..., Any]) -> None:
    records = read({"a.jsonl": lines("وزير&nbsp;الخارجية", "<b>الق</b>مح", "القمح<br>غال")}).records
    with arsearch.open(":memory:", create=True) as index:
        report = index.add(records)

        assert [hit.id for hit in index.search('"وزير الخارجية"')] == ["0"]
        assert {hit.id for hit in index.search("القمح")} == {"1", "2"}
        assert [hit.id for hit in index.search('"القمح غال"')] == ["2"]
        assert index.search("nbsp").total == index.search("strong").total == 0
        assert report.remarks["html"].count == 3
        assert report.remarks["html"].places[0] == ("a.jsonl:1", "body: وزير&nbsp;الخارجية")


@pytest.mark.parametrize(
    ("text", "repaired", "kinds"),
    [
        (PLAIN, PLAIN, ()),
        (PLAIN[::-1], PLAIN, ("reversed",)),
        ("ﻣﺪرﺳﺔ ﷺ ﴿آية﴾ ﷲ", "مدرسة ﷺ ﴿آية﴾ ﷲ", ("presentation_forms",)),
        ("ﻻ ﻳﻮﺟﺪ", "لا يوجد", ("presentation_forms",)),
        ("ﺍ ﻟ ﺤ ﻤ ﺪ", "الحمد", ("spaced_letters", "presentation_forms")),
        ("ﻓ ﻲ  ﺍ ﻟ ﺪ ﺍ ﺭ  ﺍ ﻟ ﻜ ﺒ ﻴ ﺮ ﺓ", "في الدار الكبيرة", ("spaced_letters", "presentation_forms")),
        ("ﻓ ﻲ ﺍ ﻟ ﻤ ﺪ ﺭ ﺳ ﺔ ﺍ ﻟ ﻜ ﺒ ﻴ ﺮ ﺓ", "في المدرسة الكبيرة", ("spaced_letters", "presentation_forms")),
        ("ا ل ح م د", "الحمد", ("spaced_letters",)),
        ("ف ي  ا ل د ا ر  ا ل ك ب ي ر ة  ع ن د  ا ل ن ه ر", "في الدار الكبيرة عند النهر", ("spaced_letters",)),
        ("ا ل ق م ح   غ ا ل", "القمح غال", ("spaced_letters",)),
        ("ا ل ق م ح غ ا ل ي ا", "ا ل ق م ح غ ا ل ي ا", ("spaced_letters_left",)),
        ("أ ب ت ث ج ح خ د ذ ر ز س", "أ ب ت ث ج ح خ د ذ ر ز س", ()),
        ("ةريبكلا ةنيدملا يف لاغ حمقلا", "القمح غال في المدينة الكبيرة", ("reversed",)),
        ("مدرس ة كبير ة وقال مثالا وسؤالا", "مدرس ة كبير ة وقال مثالا وسؤالا", ()),
        ("???? ??? ?? ????", "???? ??? ?? ????", ("lost_letters",)),
        ("القمح \ufffd\ufffd السوق", "القمح \ufffd\ufffd السوق", ("lost_letters",)),
        ("هل قال هذا?? ولماذا??", "هل قال هذا?? ولماذا??", ()),
        (PLAIN.replace("ال", "ا%"), None, ("lost_letters",)),
        ("أ ب ج د هـ", "أ ب ج د هـ", ()),
        ("ا ل م", "ا ل م", ()),
        ("السؤال 1: أ ب ج د", "السؤال 1: أ ب ج د", ()),
        ("ﷺ", "ﷺ", ()),
        ("", "", ()),
        ("plain English text", "plain English text", ()),
        (PLAIN.replace("خ", "+").replace("ق", "%").replace("ج", "&"), None, ("lost_letters",)),
    ],
)
def test_texts_are_repaired_where_that_is_certain(text: str, repaired: str | None, kinds: tuple[str, ...]) -> None:
    assert repaired_text(text) == (text if repaired is None else repaired, kinds)


@pytest.mark.parametrize("text", [PLAIN, "تغريدة @user عن #وسم و https://example.org/a " * 10, "كلمة C++ وأخرى " * 10])
def test_right_texts_have_lost_no_letters(text: str) -> None:
    assert share_of_lost(text) <= 0.05


@given(st.text(alphabet="الحمدةىبيﺍﻟﺤﻤﺪﷺﻻ <>&;nbsp/\n\u064e", max_size=200))
def test_repairs_are_final(text: str) -> None:
    once, _ = repaired_text(text)

    assert repaired_text(repaired_text(once)[0])[0] == repaired_text(once)[0]
    assert isinstance(without_markup(text), str)


@pytest.mark.parametrize(
    "text",
    ["x" * 300_000 + "ا", "ا ل " * 100_000 + "x", "<p " * 100_000, "&lt;p " * 100_000, "ة" * 300_000, "ﻟ " * 100_000],
)
def test_long_texts_take_linear_time(text: str) -> None:
    start = time.process_time()
    repaired_text(text)
    without_markup(text)

    assert time.process_time() - start < 5


def test_repairs_are_counted_with_places(read: Callable[..., Any]) -> None:
    result = read({"a.jsonl": lines(PLAIN, PLAIN[::-1]), "b.txt": PLAIN[::-1].encode()})

    assert [(record.where, [kind for kind, _ in record.remarks]) for record in result.records] == [
        ("a.jsonl:1", []),
        ("a.jsonl:2", ["reversed"]),
        ("b.txt", ["reversed"]),
    ]


def test_reading_stays_lazy_for_clean_texts(read: Callable[..., Any], tmp_path: Any) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(*["نص"] * 3) + b"\nnot json")
    records = read_articles(tmp_path / "a.jsonl")

    assert next(records).data is not None
    records.close()


def test_the_title_of_a_reversed_body_is_turned_with_it(read: Callable[..., Any]) -> None:
    title = "أسعار القمح في المدينة"
    [record] = read({"a.txt": f"{title[::-1]}\n\n{PLAIN[::-1]}".encode()}).records
    assert (record.data["title"], record.data["body"]) == (title, PLAIN)
    assert [kind for kind, _ in record.remarks] == ["reversed"]
