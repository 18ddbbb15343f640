"""Documents of word processors: what becomes text, in which order, and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from document_samples import docx, odt, package, pptx, relations, slide

SCHEMAS = "http://schemas.openxmlformats.org/"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def styled(text: str, style: str) -> str:
    return p(run(text), f'<w:pStyle w:val="{style}"/>')


def row(*cells: str, properties: str = "") -> str:
    filled = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{filled}</w:tr>"


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


CODE = "<w:r><w:instrText>PAGE</w:instrText></w:r>"
BOX = f"<w:r><w:txbxContent>{p(run('إطار'))}{p(run('ثان'))}</w:txbxContent></w:r>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(p(run("كتاب") + run("ان")), "كتابان", id="runs_are_one_word"),
        pytest.param(p(run("أ")) + p("") + p(run(" ")) + p(run("ب")), "أ\nب", id="empty_paragraphs"),
        pytest.param(p("<w:r><w:t>أ</w:t><w:tab/><w:t>ب</w:t><w:br/><w:t>ج</w:t></w:r>"), "أ\tب\nج", id="tab_and_break"),
        pytest.param(
            p(run("أ"), '<w:tabs><w:tab w:val="left"/></w:tabs><w:numPr><w:ilvl w:val="0"/></w:numPr>'), "أ", id="tab_stops"
        ),
        pytest.param(p("<w:r><w:t>covid</w:t><w:noBreakHyphen/><w:t>19</w:t></w:r>"), "covid-19", id="hyphen"),
        pytest.param(p("<w:hyperlink>" + run("رابط") + "</w:hyperlink>"), "رابط", id="link"),
        pytest.param(p("<w:ins>" + run("جديد") + "</w:ins>"), "جديد", id="insertion"),
        pytest.param(p("<w:del><w:r><w:delText>قديم</w:delText><w:t>x</w:t></w:r></w:del>" + run("نص")), "نص", id="deletion"),
        pytest.param(
            p("<w:moveFrom>" + run("هنا") + "</w:moveFrom>") + p("<w:moveTo>" + run("هنا") + "</w:moveTo>"), "هنا", id="move"
        ),
        pytest.param(
            p(run("أول "), "<w:rPr><w:del/></w:rPr>") + p(run("ثان")), "أول ثان", id="deleted_paragraph_mark"
        ),
        pytest.param(p(run("سر", "<w:vanish/>") + run("نص", '<w:vanish w:val="0"/>')), "نص", id="hidden"),
        pytest.param(p(run("سر", '<w:rStyle w:val="secret"/>') + run("نص")), "نص", id="hidden_by_style"),
        pytest.param(p(run("نص"), "<w:rPr><w:vanish/></w:rPr>"), "نص", id="hidden_paragraph_mark"),
        pytest.param(
            p(mark("begin") + CODE + mark("separate") + run("٣") + mark("end") + run(" نص")), "٣ نص", id="field"
        ),
        pytest.param(p(mark("begin") + CODE + mark("end") + run("نص")), "نص", id="field_without_result"),
        pytest.param(p(mark("begin") + CODE) + p(run("نص")), "نص", id="field_never_ended"),
        pytest.param(
            p(mark("begin") + mark("begin") + mark("separate") + run("x") + mark("end") + mark("separate") + run("ص") + mark("end")),  # noqa: E501
            "ص",
            id="field_in_the_code_of_a_field",
        ),
        pytest.param(p('<w:fldSimple w:instr="x">' + run("حقل") + "</w:fldSimple>"), "حقل", id="simple_field"),
        pytest.param(p(run("قبل") + BOX + run(" بعد")) + p(run("ثم")), "قبل بعد\nإطار\nثان\nثم", id="text_box"),
        pytest.param(
            p(f"<mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent>"),
            "إطار\nثان",
            id="text_box_once",
        ),
        pytest.param(
            p(run("أ") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("ب")) + p(run("ج")), "أب\nحاشية\nج", id="note"
        ),
        pytest.param(
            "<w:tbl>" + row(p(run("أ")), p(run("ب")) + p(run("ج"))) + row(p(""), p(run("د")), p(run("ه"))) + "</w:tbl>",
            "أ\tب ج\nد\tه",
            id="table",
        ),
        pytest.param("<w:tbl>" + row(p(run("أ")) + p(run("ب"))) + "</w:tbl>", "أ\nب", id="table_of_one_cell"),
        pytest.param(
            "<w:tbl>" + row(p(run("أ")), "<w:tbl>" + row(p(run("ب")), p(run("ج"))) + "</w:tbl>") + "</w:tbl>",
            "أ\tب ج",
            id="table_in_a_table",
        ),
        pytest.param(
            "<w:tbl>" + row(p(run("x")), properties="<w:del/>") + row(p(run("أ")), p(run("ب"))) + "</w:tbl>",
            "أ\tب",
            id="deleted_row",
        ),
        pytest.param(
            f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p(run('اكتب هنا'))}</w:sdtContent></w:sdt>"
            f"<w:sdt><w:sdtPr/><w:sdtContent>{p(run('مكتوب'))}</w:sdtContent></w:sdt>",
            "مكتوب",
            id="content_controls",
        ),
        pytest.param(p("<w:ruby><w:rt>" + run("x") + "</w:rt><w:rubyBase>" + run("漢") + "</w:rubyBase></w:ruby>"), "漢", id="ruby"),  # noqa: E501
        pytest.param(p('<w:r><w:commentReference w:id="1"/></w:r>' + run("نص")), "نص", id="comment"),
        pytest.param(p(run("أ\u200fب")), "أ\u200fب", id="direction_mark_stays"),
    ],
)  # fmt: skip
def test_the_text_of_a_word_document(read: Callable[..., Any], body: str, expected: str) -> None:
    notes = (
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>حاشية</w:t></w:r></w:p></w:footnote>'
    )
    got = read({"a.docx": docx(body, notes=notes)})
    assert [article["body"] for article in got.data] == [expected]
    assert not got.problems


def test_symbols_of_fonts_are_counted_and_said(read: Callable[..., Any]) -> None:
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>'
    got = read({"a.docx": docx(p(run("نص") + symbol * 2))})
    assert got.data[0]["body"] == "نص"
    assert got.messages[1] == "a.docx: symbols of fonts without Unicode (such as Wingdings) that are left out: 2"


def test_headings_of_a_word_document_are_paragraphs_with_levels(read: Callable[..., Any]) -> None:
    levels = {"1": 1, "a2": 2, "mine": 2, "lvl": 3, "loop": None, "t": None, "unknown": None}
    direct = p(run("مباشر"), '<w:outlineLvl w:val="3"/>') + p(
        run("نص"), '<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>'
    )
    got = read({"a.docx": docx("".join(styled(f"عنوان {style}", style) for style in levels) + direct)})
    [article] = got.data
    body = article["body"]
    expected = {f"عنوان {style}": level for style, level in levels.items() if level} | {"مباشر": 4}
    assert {heading["heading"]: heading["level"] for heading in article["headings"]} == expected
    for heading in article["headings"]:
        assert body[heading["start"] :].split("\n")[0] == heading["heading"]


@pytest.mark.parametrize(
    ("body", "metadata", "title"),
    [
        pytest.param(styled("باب", "1"), {"title": "عنوان"}, "عنوان", id="metadata"),
        pytest.param(styled("باب", "1") + styled("كتاب", "t"), {"title": "Document1"}, "كتاب", id="style_of_titles"),
        pytest.param(styled("باب", "1"), {"title": " "}, "باب", id="first_heading"),
        pytest.param(p(run("نص")), {"title": "Microsoft Word - a.doc"}, "تقرير العام", id="name_of_the_file"),
    ],
)
def test_the_title_of_a_document(read: Callable[..., Any], body: str, metadata: dict[str, str], title: str) -> None:
    assert read({"تقرير_العام.docx": docx(body, metadata=metadata)}).data[0]["title"] == title


def test_the_metadata_of_a_word_document(read: Callable[..., Any]) -> None:
    metadata = {"creator": "سلمى", "modified": "2016-01-01T00:00:00Z", "keywords": "قمح، سوق", "language": "ar-SA"}
    got = read({"d/a.docx": docx(p(run("نص")), metadata=metadata)}, "d")
    assert got.data == [
        {"id": "a.docx", "title": "a", "body": "نص", "author": "سلمى", "date": "2016-01-01T00:00:00Z", "tags": ["قمح", "سوق"],
         "language": "ar-SA"}
    ]  # fmt: skip
    created = docx(p(run("نص")), metadata={"created": "2015-07-21T02:51:32Z", **metadata})
    assert read({"a.docx": created}).data[0]["date"] == "2015-07-21T02:51:32Z"


@pytest.mark.parametrize(
    "created",
    ["2013-12-23T23:15:00Z", "2013-01-27T09:14:16Z", "1601-01-01T00:00:00Z", "0001-01-01T00:00:00", "0101-01-01"],
)
def test_the_date_of_a_template_is_no_date(read: Callable[..., Any], created: str) -> None:
    [article] = read({"a.docx": docx(p(run("نص")), metadata={"created": created, "modified": created})}).data
    assert "date" not in article
    modified = {"created": created, "modified": "2016-01-01T00:00:00Z"}
    assert read({"a.docx": docx(p(run("نص")), metadata=modified)}).data[0]["date"] == "2016-01-01T00:00:00Z"


def test_a_strict_document_and_other_names_of_parts_are_read(read: Callable[..., Any]) -> None:
    strict = "http://purl.oclc.org/ooxml/"
    document = f'<w:document xmlns:w="{strict}wordprocessingml/main"><w:body>{p(run("نص"))}</w:body></w:document>'
    kind = f"{strict}officeDocument/relationships/officeDocument"
    rels = f'<Relationships><Relationship Id="a" Type="{kind}" Target="/Word/Main.XML"/></Relationships>'
    got = read({"a.docx": package({"word/main.xml": document, "_rels/.rels": rels})})
    assert [article["body"] for article in got.data] == ["نص"]


def h(text: str, level: str = "1") -> str:
    return f'<text:h text:outline-level="{level}">{text}</text:h>'


def cells(*texts: str) -> str:
    filled = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)
    return f"<table:table-row>{filled}</table:table-row>"


HIDDEN = (
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="H2" style:parent-style-name="H"/><style:style style:name="L" style:parent-style-name="L"/>'
    '<style:style style:name="P1" style:parent-style-name="Title"/>'
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<text:p>كتاب<text:span>ان</text:span></text:p>", "كتابان", id="spans_are_one_word"),
        pytest.param("<text:p>أ\n   ب<text:s text:c='3'/>ج<text:tab/>د<text:line-break/>ه</text:p>", "أ ب   ج\tد\nه", id="spaces"),  # noqa: E501
        pytest.param("<text:list><text:list-item><text:p>أ</text:p></text:list-item></text:list>", "أ", id="list"),
        pytest.param(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>قديم</text:p></text:deletion></text:changed-region>"
            "</text:tracked-changes><text:p><text:change/>نص</text:p>",
            "نص",
            id="deletion",
        ),
        pytest.param("<text:p><office:annotation><text:p>تعليق</text:p></office:annotation>نص</text:p>", "نص", id="comment"),
        pytest.param(
            "<text:p>أ<text:note><text:note-citation>١</text:note-citation><text:note-body><text:p>حاشية</text:p></text:note-body>"
            "</text:note>ب</text:p><text:p>ج</text:p>",
            "أب\nحاشية\nج",
            id="note",
        ),
        pytest.param('<text:p><text:span text:style-name="H">سر</text:span>نص</text:p>', "نص", id="hidden"),
        pytest.param('<text:p text:style-name="H2">سر</text:p><text:p text:style-name="L">نص</text:p>', "نص", id="hidden_by_parent"),  # noqa: E501
        pytest.param('<text:section text:display="none"><text:p>سر</text:p></text:section><text:p>نص</text:p>', "نص", id="section"),  # noqa: E501
        pytest.param(
            "<text:p>أ<draw:frame><draw:text-box><text:p>إطار</text:p><table:table>" + cells("١", "٢") + "</table:table>"
            "</draw:text-box></draw:frame>ب</text:p>",
            "أب\nإطار\n١\t٢",
            id="text_box",
        ),
        pytest.param("<text:p>أ<draw:custom-shape><text:p>شكل</text:p></draw:custom-shape></text:p>", "أ\nشكل", id="shape"),
        pytest.param("<table:table>" + cells("أ", "ب") + cells("ج", "د") + "</table:table>", "أ\tب\nج\tد", id="table"),
        pytest.param("<text:p>أ<text:page-number>٣</text:page-number></text:p>", "أ٣", id="field"),
        pytest.param("<text:p>نص<draw:frame><draw:image><office:binary-data>QUJD</office:binary-data></draw:image></draw:frame></text:p>", "نص", id="image"),  # noqa: E501
        pytest.param(
            "<text:table-of-content><text:table-of-content-source><text:p>x</text:p></text:table-of-content-source>"
            "<text:index-body><text:p>الفهرس</text:p></text:index-body></text:table-of-content>",
            "الفهرس",
            id="table_of_contents",
        ),
        pytest.param("<text:p><text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>x</text:ruby-text></text:ruby></text:p>", "漢", id="ruby"),  # noqa: E501
    ],
)  # fmt: skip
def test_the_text_of_an_open_document(read: Callable[..., Any], body: str, expected: str) -> None:
    got = read({"a.odt": odt(body, styles=HIDDEN)})
    assert [article["body"] for article in got.data] == [expected]
    assert not got.problems


def test_the_headings_and_metadata_of_an_open_document(read: Callable[..., Any]) -> None:
    meta = (
        "<dc:creator>المدقق</dc:creator><meta:initial-creator>سلمى</meta:initial-creator><dc:date>2016-01-01T00:00:00</dc:date>"
        "<meta:creation-date>2015-07-21T02:51:32</meta:creation-date><meta:keyword>قمح</meta:keyword><meta:keyword>سوق</meta:keyword>"
    )
    body = h("باب") + '<text:p text:style-name="P1">كتاب</text:p>' + h("فصل", "2") + "<text:p>نص</text:p>" + h("x", "x")
    [article] = read({"a.odt": odt(body, styles=HIDDEN, meta=meta)}).data
    assert article == {
        "id": "a.odt", "title": "كتاب", "body": "باب\nكتاب\nفصل\nنص\nx", "author": "سلمى", "date": "2015-07-21T02:51:32",
        "tags": ["قمح", "سوق"],
        "headings": [
            {"heading": "باب", "level": 1, "start": 0}, {"heading": "فصل", "level": 2, "start": 9},
            {"heading": "x", "level": 1, "start": 16},
        ],
    }  # fmt: skip


def test_a_presentation_of_libreoffice(read: Callable[..., Any]) -> None:
    def frame(kind: str, text: str) -> str:
        return f'<draw:frame presentation:class="{kind}"><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>'

    pages = (
        f"<draw:page>{frame('title', 'خطة')}{frame('outline', 'بند')}{frame('footer', 'x')}"
        f"<presentation:notes>{frame('notes', 'ملاحظة')}</presentation:notes></draw:page>"
        f'<draw:page draw:style-name="dp1">{frame("title", "مخفية")}</draw:page>'
    )
    hidden = (
        '<style:style style:name="dp1"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    [article] = read({"a.odp": odt(pages, styles=hidden, kind="presentation")}).data
    assert (article["title"], article["body"]) == ("خطة", "خطة\nبند\nملاحظة")


def test_slides_come_in_the_order_of_the_show_with_notes_and_without_hidden_ones(read: Callable[..., Any]) -> None:
    table = "<a:tbl><a:tr><a:tc><a:p><a:r><a:t>أ</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>ب</a:t></a:r></a:p></a:tc></a:tr></a:tbl>"  # noqa: E501
    slides = [
        slide("(ctrTitle) الأولى\n(body) بند\n(sldNum) 1\n(dt) 2015\n(ftr) x"),
        slide("(title) مخفية", 'show="0"'),
        slide(f"{table}\n<p:sp><a:p><a:r><a:t>سطر</a:t></a:r><a:br/><a:fld><a:t>حقل</a:t></a:fld></a:p></p:sp>"),
    ]
    got = read({"a.pptx": pptx(slides, order=[3, 2, 1], notes=slide("(body) ملاحظة\n(sldNum) 1"))})
    [article] = got.data
    assert article["body"] == "أ\tب\nسطر\nحقل\nالأولى\nبند\nملاحظة"
    assert article["headings"] == [{"heading": "الأولى", "level": 1, "start": 12}]
    assert got.messages == ["a.pptx: PowerPoint presentation", "a.pptx: slides that are hidden and left out: 1"]


CHART = (
    f'<c:chartSpace xmlns:c="{SCHEMAS}drawingml/2006/chart" xmlns:a="{SCHEMAS}drawingml/2006/main"><c:title><a:p><a:r><a:t>الأسعار</a:t>'  # noqa: E501
    "</a:r></a:p></c:title>"
    + "<c:cat><c:strRef><c:f>A1</c:f><c:strCache><c:pt><c:v>دمشق</c:v></c:pt></c:strCache></c:strRef></c:cat>" * 2
    + "<c:val><c:numRef><c:numCache><c:pt><c:v>120</c:v></c:pt></c:numCache></c:numRef></c:val></c:chartSpace>"
)
DIAGRAM = (
    f'<dgm:dataModel xmlns:dgm="u:d" xmlns:a="{SCHEMAS}drawingml/2006/main"><dgm:pt><dgm:t><a:p><a:r><a:t>مرحلة</a:t></a:r></a:p></dgm:t>'  # noqa: E501
    "</dgm:pt></dgm:dataModel>"
)


def test_charts_and_diagrams_follow_the_text(read: Callable[..., Any]) -> None:
    links = relations(("chart", "charts/1.xml"), ("diagramData", "diagrams/1.xml"), ("image", "x.png"))
    word = {"word/_rels/document.xml.rels": links, "word/charts/1.xml": CHART, "word/diagrams/1.xml": DIAGRAM}
    show = {
        "ppt/slides/_rels/slide1.xml.rels": links,
        "ppt/slides/charts/1.xml": CHART,
        "ppt/slides/diagrams/1.xml": DIAGRAM,
    }
    got = read(
        {"a.docx": docx(p(run("نص")), parts=word), "a.pptx": pptx([slide("(body) نص"), slide("(body) ثم")], parts=show)}
    )
    assert [article["body"] for article in got.data] == ["نص\nالأسعار\nدمشق\nمرحلة", "نص\nالأسعار\nدمشق\nمرحلة\nثم"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(r"\'e4\'d5 \b\'e3\b0\'e5\'e3\par b", "نص مهم\nb", id="code_page"),
        pytest.param(r"\f1 \'e4\f0 \'e4", "äن", id="code_page_of_the_font"),
        pytest.param(r"\rtlch\af0 \ltrch\f1 \'e4{\rtlch\af0 \'e4}", "äن", id="font_of_complex_scripts"),
        pytest.param(r"\f1\rtlch \'e4\plain\rtlch \'e4", "äن", id="right_to_left_without_its_font"),
        pytest.param(r"\u1603?\u1578 ?\uc2\u1575??\uc0\u1576", "كتاب", id="unicode"),
        pytest.param(r"\u1603\'3f\u-10179?\u-8704?", "ك\U0001f600", id="unicode_with_bytes_and_surrogates"),
        pytest.param(r"a{\v x}{\deleted y}\v z\v0 b\plain c", "abc", id="hidden_and_deleted"),
        pytest.param(r"a{\footnote\pard x\par y}b\par c", "ab\nx\ny\nc", id="note"),
        pytest.param(r"a{{\super  \chftn{\*\footnote\ftnalt\chftn\pard x}}}{ b}", "a b\nx", id="note_of_libreoffice"),
        pytest.param(r"{\field{\*\fldinst PAGE}{\fldrslt 3}} a", "3 a", id="field"),
        pytest.param(r"{\header h}{\*\unknown u}{\pict 0a0b}{\annotation c}{\object{\*\objdata 00}{\result r}}a", "ra", id="destinations"),  # noqa: E501
        pytest.param(r"{\listtext\'b7\tab}a", "a", id="bullet"),
        pytest.param(r"a\emdash b\~c\-d\_e\{\}\\\line f", "a\u2014b\xa0cd-e{}\\\nf", id="symbols"),
        pytest.param(r"\trowd\pard\intbl a\par b\cell c\cell\row\trowd\pard\intbl d\cell\cell\row\pard e", "a b\tc\nd\ne", id="table"),  # noqa: E501
        pytest.param(r"a{\*\shpinst{\sp{\sn n}{\sv v}}{\shptxt\pard box\par}}b", "ab\nbox", id="text_box"),
        pytest.param(r"\pard\intbl a{\footnote\pard n}\cell b\cell\row", "a n\tb", id="note_in_a_table"),
        pytest.param("a{\\bin5 }{}{}}c", "ac", id="binary"),
        pytest.param("a\\\nb", "a\nb", id="escaped_line_end"),
        pytest.param("a\nb", "ab", id="line_end_is_no_space"),
    ],
)  # fmt: skip
def test_the_text_of_rtf(read: Callable[..., Any], text: str, expected: str) -> None:
    head = r"{\rtf1\ansi\ansicpg1256\deff0{\fonttbl{\f0\fcharset178 A;}{\f1\fcharset0\cpg1252 B;}}"
    got = read({"a.rtf": (head + text + "}").encode()})
    assert [article["body"] for article in got.data] == [expected]
    assert not got.problems


def test_the_headings_and_metadata_of_rtf(read: Callable[..., Any]) -> None:
    text = (
        r"{\rtf1\ansi{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 a;}{\s2 heading 2;}{\*\cs3 c;}{\s4 Title;}}"
        r"{\info{\upr{\title ??}{\*\ud{\title \u1603?\u1578?\u1576?}}}{\author A}{\creatim\yr2015\mo7\dy21\hr2\min51}{\revtim\yr2016}}"  # noqa: E501
        r"\s1 one\par\pard\s2 two\par\pard\outlinelevel2 three\par\pard text\par}"
    )
    [article] = read({"a.rtf": text.encode()}).data
    assert (article["title"], article["author"], article["date"]) == ("كتب", "A", "2015-07-21 02:51:00")
    assert [(heading["heading"], heading["level"]) for heading in article["headings"]] == [
        ("one", 1),
        ("two", 2),
        ("three", 3),
    ]


@pytest.mark.parametrize("size", [1, 7, 64, 65, 100])
def test_rtf_is_read_alike_however_it_is_cut_into_blocks(read: Callable[..., Any], size: int) -> None:
    from document_samples import SAMPLES

    from arsearch.readers.documents.document import Document
    from arsearch.readers.documents.flow import joined
    from arsearch.readers.documents.rtf import _Parser

    data = SAMPLES["rtf"][1] + b"{\\bin100 " + bytes(100) + b"}"
    document = Document()
    parser = _Parser(document)
    rest = b""
    for at in range(0, len(data), size):
        rest = parser.feed(rest + data[at : at + size])
    parser.feed(rest, final=True)
    assert joined(document.flow.finish())[0] == "باب\nنص\nت\na\tb\nc"
