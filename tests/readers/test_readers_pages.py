"""The pages of documents: every format tells where its pages begin, and the text is the same without them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from document_samples import STYLES, book, docx, odt, pptx, slide
from hypothesis import given
from hypothesis import strategies as st

from arsearch.readers.documents.flow import Flow, joined
from arsearch.readers.documents.pages import BrokenText, pages_of

HARD, SOFT = '<w:br w:type="page"/>', "<w:lastRenderedPageBreak/>"
ROW = "<table:table-row><table:table-cell><text:p>ب</text:p></table:table-cell></table:table-row>"


def p(*content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r>{''.join(content)}</w:r></w:p>"


def t(text: str) -> str:
    return f'<w:t xml:space="preserve">{text}</w:t>'


def words(pages: list[tuple[Any, str]]) -> Callable[[dict[str, Any]], bool]:
    return lambda article: (
        [(page["page"], article["body"][page["start"] :].split()[0]) for page in article["pages"]] == pages
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(p(t("أ"), HARD, t("ب")) + p(t("ج")), [(1, "أ"), (2, "ب")], id="hard"),
        pytest.param(p(t("أول "), SOFT, t("ثان")), [(1, "أول"), (2, "ثان")], id="soft_inside_a_sentence"),
        pytest.param(p(t("أ"), HARD) + p(SOFT, t("ب")) + p(t("ج"), SOFT, t(" د")), [(1, "أ"), (2, "ب"), (3, "د")], id="both"),
        pytest.param(p(t("أ"), HARD) + p(SOFT, HARD) + p(SOFT, t("ب")), [(1, "أ"), (3, "ب")], id="an_empty_page"),
        pytest.param(p(HARD) + p(SOFT, t("أ")), [(2, "أ")], id="a_cover_without_text"),
        pytest.param(
            p(t("أ"), properties="<w:pageBreakBefore/>") + p(t("ب"), properties="<w:pageBreakBefore/>"),
            [(1, "أ"), (2, "ب")],
            id="before_a_paragraph",
        ),
        pytest.param(
            p(t("أ")) + p(t("ب"), properties='<w:pStyle w:val="Chapter"/>')
            + p(t("ج"), properties='<w:pStyle w:val="Chapter"/><w:pageBreakBefore w:val="0"/>'),
            [(1, "أ"), (2, "ب")],
            id="by_style",
        ),
        pytest.param(
            p(t("أ")) + "<w:tbl><w:tr>" + 2 * f"<w:tc>{p(SOFT, t('ب'))}</w:tc>" + "</w:tr><w:tr>"
            + 2 * f"<w:tc>{p(t('ج '), SOFT, t('د'))}</w:tc>" + "</w:tr></w:tbl>" + p(t("ه")),
            [(1, "أ"), (2, "ب"), (3, "ه")],
            id="rows_of_tables",
        ),
        pytest.param(
            p(t("أ"), HARD) + "<w:tbl><w:tr>" + 2 * f"<w:tc>{p(t('ب'))}</w:tc>" + "</w:tr></w:tbl>",
            [(1, "أ"), (2, "ب")],
            id="before_a_table",
        ),
        pytest.param(
            p(t("أ"), HARD, "<w:txbxContent>", p(SOFT, t("ب")), "</w:txbxContent>", t("ج")), [(1, "أ"), (2, "ج")], id="box"
        ),
        pytest.param(p(t("أ"), "<w:rPr><w:vanish/></w:rPr>", HARD) + p(t("ب")), None, id="hidden"),
        pytest.param(p(t("أ"), "<w:br/>", t("ب"), '<w:br w:type="column"/>', t("ج"), HARD), [(1, "أ")], id="other_breaks"),
        pytest.param(p(t("أ "), HARD, t("ب " * 2000)), None, id="never_laid_out"),
        pytest.param(p(t("أ "), SOFT, t("ب " * 2000)), [(1, "أ"), (2, "ب")], id="a_long_page_of_word"),
    ],
)  # fmt: skip
def test_the_pages_of_a_word_document(
    read: Callable[..., Any], body: str, expected: list[tuple[int, str]] | None
) -> None:
    chapter = '<w:style w:styleId="Chapter"><w:name w:val="Chapter"/><w:pPr><w:pageBreakBefore/></w:pPr></w:style>'
    styles = STYLES.replace("</w:styles>", f"{chapter}</w:styles>")
    [article] = read({"a.docx": docx(body, parts={"word/styles.xml": styles})}).data
    if expected is None:
        assert "pages" not in article
    else:
        assert words(expected)(article), article


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<text:p>أ<text:soft-page-break/> ب</text:p><text:soft-page-break/><text:p>ج</text:p>",
            [(1, "أ"), (2, "ب"), (3, "ج")],
        ),
        ('<text:p text:style-name="before">أ</text:p><text:p text:style-name="child">ب</text:p>', [(1, "أ"), (2, "ب")]),
        ('<text:p text:style-name="after">أ</text:p><text:p>ب</text:p>', [(1, "أ"), (2, "ب")]),
        ('<text:p>أ</text:p><text:h text:style-name="master">ب</text:h>', [(1, "أ"), (2, "ب")]),
        (
            f'<text:p>أ</text:p><table:table table:style-name="table">{ROW}</table:table>',
            [(1, "أ"), (2, "ب")],
        ),
    ],
)
def test_the_pages_of_an_opendocument_text(
    read: Callable[..., Any], body: str, expected: list[tuple[int, str]]
) -> None:
    def style(name: str, properties: str, attributes: str = "") -> str:
        return f'<style:style style:name="{name}" {attributes}>{properties}</style:style>'

    styles = (
        style("before", '<style:paragraph-properties fo:break-before="page"/>')
        + style("child", "", 'style:parent-style-name="before"')
        + style("after", '<style:paragraph-properties fo:break-after="page"/>')
        + style("master", "", 'style:master-page-name="Right"')
        + style("table", '<style:table-properties fo:break-before="page"/>')
    )
    [article] = read({"a.odt": odt(body, styles=styles)}).data
    assert words(expected)(article), article


def test_slides_are_pages_and_hidden_ones_count(read: Callable[..., Any]) -> None:
    slides = [slide("(title) أ"), slide("(title) مخفية", 'show="0"'), slide("(title) ب")]
    hidden = (
        '<style:style style:name="h"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    shown = "<draw:page{}><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></draw:page>"
    odp = shown.format("", "أ") + shown.format(' draw:style-name="h"', "مخفية") + shown.format("", "ب")
    got = read({"a.pptx": pptx(slides, order=[1, 2, 3]), "b.odp": odt(odp, styles=hidden, kind="presentation")})
    for article in got.data:
        assert words([(1, "أ"), (3, "ب")])(article), article


@pytest.mark.parametrize(
    ("element", "label"),
    [
        ('<span epub:type="pagebreak" title="٥"/>', "٥"),
        ('<span role="doc-pagebreak" aria-label=" 12. " id="x"></span>', "12"),
        ('<span epub:type="pagebreak" id="page_7">7</span>', "7"),
        ('<a epub:type="pagebreak" id="pxii" title="xii"></a>', "xii"),
    ],
)
def test_the_printed_pages_of_an_e_book(read: Callable[..., Any], element: str, label: str) -> None:
    [article] = read({"a.epub": book({"a.xhtml": f"<p>تمهيد</p><p>نص {element}الصفحة</p><p>تتمة</p>"})}).data
    assert article["body"] == "تمهيد\nنص الصفحة\nتتمة"
    assert article["pages"] == [{"page": label, "start": article["body"].index("الصفحة")}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"A\par\page B\par C", [(1, "A"), (2, "B")]),
        (r"A \page B", [(1, "A"), (2, "B")]),
        (r"A{\page }\par\pard B", [(1, "A"), (2, "B")]),
        (r"A\par\page\page B", [(1, "A"), (3, "B")]),
        (r"\page A", [(2, "A")]),
        (r"A\sect\sectd B\par", [(1, "A"), (2, "B")]),
        (r"A\par\sect\sectd\sbknone B\sect\sbkpage C\par", [(1, "A"), (2, "C")]),
        (r"A\sect\sectd\sbkcol B\par\sect\sectd\sbkodd C\par", [(1, "A"), (2, "C")]),
        (r"A\sect\sbknone B\sect C\sect\sectd D\par", [(1, "A"), (2, "D")]),
        (r"A\par\page\sect\sectd B", [(1, "A"), (3, "B")]),
        (r"\pard\pagebb A\par B\par\pard C\par\pagebb0 D", [(1, "A"), (2, "B")]),
        (r"A\par\pard\pagebb \par B", [(1, "A"), (2, "B")]),
        (
            r"A\par\page\pard\outlinelevel0 B\par\pard C\par\page\trowd\intbl D\cell E\cell\row",
            [(1, "A"), (2, "B"), (3, "D")],
        ),
        (r"A\softpage  B\par\page\softpage C", [(1, "A"), (2, "B"), (3, "C")]),
        (r"A{\v\page B}{\deleted\page}{\footer\page}{\*\x\page}\par C", None),
        (r"A{\footnote\pard B}\par\page C", [(1, "A"), (2, "C")]),
        (r"A\page " + "B " * 2000, None),
        (r"A\softpage  " + "B " * 2000, [(1, "A"), (2, "B")]),
        (r"\sectd\sbkpage A\par B", None),
        (r"\u1576?\'c7\'c8\par\page \u1580?", [(1, "باب"), (2, "ج")]),
    ],
)
def test_the_pages_of_rtf(read: Callable[..., Any], text: str, expected: list[tuple[int, str]] | None) -> None:
    [article] = read({"a.rtf": rf"{{\rtf1\ansi\ansicpg1256 {text}}}".encode()}).data
    if expected is None:
        assert "pages" not in article
    else:
        assert words(expected)(article), article


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("عنوان\n\nأ\f\fب\n\f", [(1, "أ"), (3, "ب")]),
        ("عنوان\f\n أول\fثان", [(2, "أول"), (3, "ثان")]),
        ("باب\n\nباب أ\nنص\f\nباب ب\nنص", [(1, "باب"), (2, "باب")]),
        ("\f\nأ", [(2, "أ")]),
        ("عنوان\n\nنص\f", None),
    ],
)
def test_form_feeds_end_the_pages_of_a_text(
    read: Callable[..., Any], text: str, pages: list[tuple[int, str]] | None
) -> None:
    [article] = read({"a.txt": text.encode()}).data
    assert "\f" not in article["title"] + article["body"]
    if pages is None:
        assert "pages" not in article
    else:
        assert words(pages)(article), article


PIECES = st.lists(st.text(" \n\tاب\x01", max_size=4), min_size=1, max_size=6)


@given(st.lists(PIECES, min_size=1, max_size=4), st.booleans())
def test_breaks_change_no_text(paragraphs: list[list[str]], heading: bool) -> None:
    """Invariant: breaks leave the text as it is, and each page begins with the word that followed its break."""
    plain, broken = Flow(), Flow()
    following: list[str] = []
    for pieces in paragraphs:
        for number, piece in enumerate(pieces):
            plain.text(piece)
            if number:
                broken.page_break(f"{len(following)}")
                rest = "".join(pieces[number:]) + "\n" + "\n".join("".join(more) for more in paragraphs)
                following.append(
                    "".join(pieces[number:]).replace("\x01", "").strip()[:1] and rest.replace("\x01", "").strip()[0]
                )
            broken.text(piece)
        for flow in (plain, broken):
            flow.end_paragraph(1 if heading else None)
    blocks = broken.finish()
    body = joined(blocks)[0]
    assert body == joined(plain.finish())[0]
    for page in pages_of(BrokenText(block.text, block.breaks) for block in blocks):
        assert 0 <= page["start"] < len(body)
        assert not body[page["start"]].isspace()
        assert following[int(page["page"])] in ("", body[page["start"]])
