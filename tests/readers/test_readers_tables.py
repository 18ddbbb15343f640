"""CSV and TSV: every row is an article or a record with the reason; no row is swallowed and no word altered."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.readers import read_articles
from arsearch.readers.formats.delimited import table_layout


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("name", "separator"), [("a.csv", ","), ("a.csv", ";"), ("a.csv", "\t"), ("a.csv", "|"), ("a.tsv", "\t")]
)
def test_separators_line_ends_and_marks(
    read: Callable[..., Any], name: str, separator: str, end: str, bom: str
) -> None:
    rows = [["id", "title", "body"], ["1", "خبر", "نص أول، وثان"], ["", "", ""], ["2", '"قال ""نعم"""', "نص"]]
    got = read({name: (bom + end.join(separator.join(row) for row in rows) + end).encode()})
    assert got.data == [
        {"id": "1", "title": "خبر", "body": "نص أول، وثان"},
        {"id": "2", "title": 'قال "نعم"', "body": "نص"},
    ]
    assert not got.problems


def test_where_is_the_physical_line_at_which_a_row_begins(read: Callable[..., Any]) -> None:
    got = read({"a.csv": 'id,body\n1,"سطر\nثان\nثالث"\n\n2,نص\n'.encode()})
    assert [record.where for record in got.records] == ["a.csv:2", "a.csv:6"]
    assert got.data[0]["body"] == "سطر\nثان\nثالث"


def test_arabic_headers_are_read_by_default(read: Callable[..., Any]) -> None:
    header = "المعرف,العنوان,النص,الكاتب,المصدر,الرابط,التاريخ,القسم,الوسوم,الجزء"
    row = 'خ1,خبر,نص,سعاد,وكالة,http://x,2015-07-21,سياسة,"إيران، سوريا؛ حرب|سلام, نفط",3'
    assert read({"a.csv": f"{header}\n{row}\n".encode()}).data == [
        {
            "id": "خ1",
            "title": "خبر",
            "body": "نص",
            "author": "سعاد",
            "source": "وكالة",
            "url": "http://x",
            "date": "2015-07-21",
            "category": "سياسة",
            "tags": ["إيران", "سوريا", "حرب", "سلام", "نفط"],
            "الجزء": "3",
        }
    ]


def test_a_row_longer_than_the_header_is_reported(read: Callable[..., Any]) -> None:
    got = read({"a.csv": "id,title\n1,خبر,زائد\n2,خبر\n3\n".encode()})
    assert got.problems == [("a.csv:2", "the row has 3 cells, the header 2; is a cell with ',' not in quotes?")]
    assert got.data == [{"id": "2", "title": "خبر"}, {"id": "3"}]


@pytest.mark.parametrize(
    ("rows", "good", "places", "reason"),
    [
        pytest.param('1,"a" b,c\n2,x,y\n', ["2"], ["a.csv:2"], "text after the quote", id="text_after_quote"),
        pytest.param('1,"a,b\n2,x,y\n3,z,w\n', ["2", "3"], ["a.csv:2"], "never closed", id="quote_never_closed"),
        pytest.param('1,"a\nhe "b" c\nlast",d\n2,x,y\n', ["2"], ["a.csv:2", "a.csv:5"], "text after", id="lines_lost"),
        pytest.param('1,x,y\n2,"a\n', ["1"], ["a.csv:3"], "never closed", id="at_the_end"),
        pytest.param("1,a\0b,y\n2,x,y\n", ["2"], ["a.csv:2"], "NUL", id="nul"),
    ],
)
def test_a_broken_row_spares_the_rows_after_it(
    read: Callable[..., Any], rows: str, good: list[str], places: list[str], reason: str
) -> None:
    got = read({"a.csv": ("id,title,body\n" + rows).encode()})
    assert [article["id"] for article in got.data] == good
    assert [where for where, _ in got.problems] == places
    assert reason in got.problems[0][1]


def test_skipped_lines_after_a_broken_row_are_counted(read: Callable[..., Any]) -> None:
    got = read({"a.csv": b'id,title,body\n1,"a\nhe "b" c\nlast",d\n'})
    assert got.problems[-1] == ("a.csv:5", "2 rows or lines before this, after a damaged row, were skipped")


def test_a_row_that_cannot_be_decoded_costs_only_itself(read: Callable[..., Any]) -> None:
    got = read({"a.csv": "id,title\n1,خبر\n2,".encode() + b"\xd8,\xff" + "\n3,خبر\n".encode()})
    assert [article["id"] for article in got.data] == ["1", "3"]
    assert got.problems[0][0] == "a.csv:3"


def test_unclosed_quotes_take_linear_time(read: Callable[..., Any]) -> None:
    rows = "".join(f'{n},"x""\n' for n in range(20_000))
    got = read({"a.csv": f"id,title\n{rows}".encode()})
    assert got.problems


def test_megabyte_cells_are_read(read: Callable[..., Any]) -> None:
    body = "كلمة " * 500_000
    assert read({"a.csv": f"id,body\n1,{body}\n".encode()}).data[0]["body"] == body


@pytest.mark.parametrize(
    ("files", "ids", "message"),
    [
        ({"a.csv": b"title\nx\ny\n"}, ["a-1", "a-2"], "ids are made from row numbers"),
        ({"f/a.b.csv": b"title\nx\n"}, ["a.b-1"], "ids are made from row numbers"),
        ({"a.csv": b"title,link\nx,http://1\ny,\n"}, ["http://1", "a-2"], "the url is the id"),
        ({"a.csv": b"ID,Title\nx,t\n"}, ["x"], "'ID' is read as id"),
    ],
)
def test_rows_without_an_id_get_one_and_its_origin_is_reported(
    read: Callable[..., Any], files: dict[str, bytes], ids: list[str], message: str
) -> None:
    got = read(files)
    assert [article["id"] for article in got.data] == ids
    assert any(message in told for told in got.messages)


def test_ids_made_from_rows_differ_between_files_of_a_folder(read: Callable[..., Any]) -> None:
    got = read({"d/x/a.csv": b"title\nt\n", "d/y/a.csv": b"title\nt\n"}, "d")
    assert [article["id"] for article in got.data] == ["x/a-1", "y/a-1"]


def test_a_mapping_takes_precedence_over_every_name(read: Callable[..., Any]) -> None:
    table = {"a.csv": b"id,body,content,nr\n1,short,long,7\n"}
    got = read(table, mapping={"body": "content", "volume": "nr"})
    assert got.data == [{"id": "1", "body": "long", "volume": "7"}]
    assert any("'body' is left out" in message for message in got.messages)


def test_one_column_may_fill_two_fields(read: Callable[..., Any]) -> None:
    got = read({"a.csv": b"title,url\nt,http://1\n"}, mapping={"id": "url"})
    assert got.data == [{"id": "http://1", "title": "t", "url": "http://1"}]


@pytest.mark.parametrize(
    ("table", "mapping", "reason"),
    [
        (b"id,title\n1,x\n2,y\n", {"body": "contnt"}, "no column 'contnt' (for body); the columns are 'id', 'title'"),
        (b"a,b\n1,x\n2,y\n", None, "no column for title or body"),
        (b"1,x\n", None, "no column for title or body"),
        (b'id,"title\n', None, "the header row cannot be read"),
        (b"\n", None, "the table is empty"),
        (b"", None, "the table is empty"),
    ],
)
def test_an_unusable_table_is_one_problem(
    read: Callable[..., Any], table: bytes, mapping: dict[str, str] | None, reason: str
) -> None:
    got = read({"a.csv": table}, mapping=mapping)
    assert len(got.records) == 1
    assert reason in got.problems[0][1]


def test_a_column_that_occurs_twice_is_read_once(read: Callable[..., Any]) -> None:
    got = read({"a.csv": b"id,title,title,\n1,x,y,z\n"})
    assert got.data == [{"id": "1", "title": "x", "column 4": "z"}]
    assert any("occurs twice" in message for message in got.messages)


@pytest.mark.parametrize(
    ("head", "format", "separator", "quotes"),
    [
        ("a,b\n", "csv", ",", True),
        ('"a;b;c",d\n', "csv", ",", True),
        ("sep=;\na;b\n", "csv", ";", True),
        ("title\n", "csv", ",", True),
        ("", "csv", ",", True),
        ('a\tb\n1\t"x\n', "tsv", "\t", True),
        ('a\tb\n1\t"x" y\n2\tz\n', "tsv", "\t", False),
    ],
)
def test_layouts(head: str, format: str, separator: str, quotes: bool) -> None:
    assert table_layout(head, format) == (separator, quotes)


def test_quotes_of_a_tsv_that_does_not_wrap_cells_stay_in_the_text(read: Callable[..., Any]) -> None:
    got = read({"a.tsv": 'id\ttitle\n1\t"نعم" قالها\n2\t"لا\n'.encode()})
    assert [article["title"] for article in got.data] == ['"نعم" قالها', '"لا']


def test_the_separator_hint_of_excel_is_not_the_header(read: Callable[..., Any]) -> None:
    assert read({"a.csv": b"sep=;\nid;title\n1;x\n"}).data == [{"id": "1", "title": "x"}]


cells = st.text(st.sampled_from("اب \"',;\n|x"), min_size=1, max_size=6).filter(lambda cell: cell.strip() != "")


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_tables_that_the_csv_module_writes_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any]
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("title", "body"), *rows])
    path = Path(tmp_path_factory.mktemp("csv"), "a.csv")
    path.write_bytes(out.getvalue().encode())
    data = [record.data for record in read_articles(path)]
    assert [(d["title"], d["body"]) for d in data if d] == rows


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("الرقم،العنوان،النص\n1،خبر،نص\n", {"id": "1", "title": "خبر", "body": "نص"}),
        ("العنوان؛النص\nخبر؛نص، طويل\n", {"id": "a-1", "title": "خبر", "body": "نص، طويل"}),
        ("النص\nنص، طويل\n", {"id": "a-1", "body": "نص، طويل"}),
    ],
)
def test_arabic_commas_may_separate_cells(read: Callable[..., Any], text: str, data: dict[str, str]) -> None:
    assert read({"a.csv": text.encode()}).data == [data]
