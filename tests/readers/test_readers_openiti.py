"""Books of OpenITI: text without marks, pages and headings at their offsets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.readers.books.openiti_text import Book

HEADER = """######OpenITI#


#META# 000.BookURI\t:: #0255.Katib.Qamh
#META# 010.AuthorAKA\t:: NODATA
#META# 010.AuthorNAME\t:: كاتب القمح
#META# 011.AuthorDIED\t:: 255
#META# 020.BookTITLE\t:: كتاب القمح
#META# 021.BookSUBJ\t:: الأدب :: الزراعة
#META# 043.EdPUBLISHER\t:: NOTGIVEN
#META# 045.EdYEAR\t:: 1384 ه - 1964 م

#META#Header#End#

"""
TEXT = """### | الباب الأول
PageV01P107
### || فصل منه
# القمح نبات ms001 نافع للناس
~~في كل مكان. PageV01P108
~~ثم يحصد.
# له سنبل في الحقول %~% وحب في البيوت
### $ 1 - سعاد بنت علي
# قال @QB@ آية @QE@ وانتهى. PageV02P001
"""


@pytest.mark.parametrize(
    "name",
    ["0255Katib.Qamh.JK000001-ara1", "0255Katib.Qamh.JK000001-ara1.mARkdown", "a.txt", "a.md", "a.markdown", "b"],
)
def test_a_book_is_one_article(read: Callable[..., Any], name: str) -> None:
    got = read({name: (HEADER + TEXT).encode()})
    [book] = got.data
    body = (
        "الباب الأول\nفصل منه\nالقمح نبات نافع للناس في كل مكان. ثم يحصد.\n"
        "له سنبل في الحقول … وحب في البيوت\n1 - سعاد بنت علي\nقال آية وانتهى."
    )
    assert book["body"] == body
    assert (book["title"], book["author"], book["category"]) == ("كتاب القمح", "كاتب القمح", "الأدب")
    assert book["tags"] == ["الأدب", "الزراعة"]
    assert (book["author_died"], book["edition_year"], book["book_uri"]) == (
        "255",
        "1384 ه - 1964 م",
        "0255.Katib.Qamh",
    )
    assert "publisher" not in book
    assert book["date"] == book["edition_year"]
    assert book["id"] == name
    assert [(heading["heading"], heading["level"]) for heading in book["headings"]] == [
        ("الباب الأول", 1),
        ("فصل منه", 2),
    ]
    assert all(body.startswith(heading["heading"], heading["start"]) for heading in book["headings"])
    assert [(page["volume"], page["page"]) for page in book["pages"]] == [(1, 107), (1, 108), (2, 1)]
    assert [body[page["start"] :][:8] for page in book["pages"]] == ["الباب ال", "فصل منه\n", "ثم يحصد."]
    assert got.messages == [f"{name}: OpenITI book, UTF-8"]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["# أ", "~~ب"], "أ ب"),
        (["# أ", "PageV01P001", "~~ب"], "أ ب"),
        (["### |EDITOR|", "# أ"], "أ"),
        (["### |PARATEXT| مقدمة"], "مقدمة"),
        (["### @ RAW حدث", "### $$ فلانة", "### $BIO_MAN$ فلان"], "حدث\nفلانة\nفلان"),
        (["# $ متن", "# msA12 نص"], "متن\nنص"),
        (['# <span class="x">نص</span>'], "نص"),
        (["# @PER@ سعاد @YB0255 في user@host.org"], "سعاد في user@host.org"),
        (["نص بلا علامة", "", "وآخر"], "نص بلا علامة\nوآخر"),
        (["#", "~~", "### |"], ""),
        (["# شعر ... آخر"], "شعر ... آخر"),
        (["# أPageV01P001ب"], "أ ب"),
    ],
)
def test_marks_are_removed(lines: list[str], text: str) -> None:
    book = Book()
    for line in lines:
        book.add(line)
    assert book.text() == text


LINES = ["# أب", "~~ج PageV01P002 د", "PageV01P003", "### | هـ", "### || PageV02P001 و", "# ms12", "نص %~% شعر"]


@given(st.lists(st.sampled_from(LINES)))
def test_offsets_are_those_of_the_text(lines: list[str]) -> None:
    book = Book()
    for line in lines:
        book.add(line)
    text = book.text()
    starts = [page["start"] for page in book.pages]
    assert starts == sorted(starts)
    assert all(0 <= start <= len(text) for start in starts)
    assert all(text.startswith(heading["heading"], heading["start"]) for heading in book.headings)
    assert len(book.pages) == sum(line.count("PageV") for line in lines)
    assert "PageV" not in text


def test_a_file_name_gives_title_and_author_where_the_header_does_not(read: Callable[..., Any]) -> None:
    [book] = read({"0255Jahiz.Bukhala.JK007061-ara1": "######OpenITI#\n#META#Header#End#\n# نص".encode()}).data
    assert (book["title"], book["author"], book["author_died"]) == ("Bukhala", "Jahiz", "255")


def test_a_line_that_cannot_be_decoded_is_reported_and_the_rest_read(read: Callable[..., Any]) -> None:
    got = read({"a.txt": (HEADER + "# أول\n").encode() + b"# \xff\xfe\n" + "# ثالث".encode()})
    assert got.data[0]["body"] == "أول\nثالث"
    assert [where for where, _ in got.problems] == ["a.txt:16"]


def test_a_book_without_text_is_a_problem(read: Callable[..., Any]) -> None:
    got = read({"a.txt": HEADER.encode(), "b.txt": "نص".encode()})
    assert got.problems == [("a.txt:15", "the book has no text after its header")]


@pytest.mark.parametrize(
    ("marks", "pages"),
    [
        (("V00P001", "V00P002"), [{"page": 1, "start": 0}, {"page": 2, "start": 2}]),
        (("V01P000", "V01P001"), [{"volume": 1, "start": 0}, {"volume": 1, "page": 1, "start": 2}]),
        (("V00P000", "V00P12A"), [{"start": 0}, {"page": "12A", "start": 2}]),
        (("V00P000", "V00P000"), None),
    ],
)
def test_volume_and_page_zero_are_unknown(
    read: Callable[..., Any], marks: tuple[str, str], pages: list[dict[str, Any]] | None
) -> None:
    text = "".join(f"# {letter} Page{mark}\n" for letter, mark in zip("أب", marks, strict=True))
    [book] = read({"a.txt": (HEADER + text).encode()}).data
    assert book.get("pages") == pages
