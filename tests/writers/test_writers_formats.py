"""Each format of `write_articles`: what it writes, that it is read back, and what it does to unusual values."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import arsearch
from arsearch import Article
from arsearch.errors import InputError
from arsearch.writers import FORMATS
from arsearch.writers.registry import BUILT_IN, choose_writer

ONE = Article(
    "1",
    "خبر، أول",
    'سطر "أول"\n\nسطر | ثان',
    source="الرياض",
    date=dt.date(2015, 7, 21),
    tags=("نفط", "قمح"),
    extra={"volume": 3, "price": 2.5, "done": True, "note": {"أ": [1]}},
)
TWO = Article("2", "# عنوان", "", extra={"volume": 4})
SUFFIXES = {
    "jsonl": "jsonl",
    "json": "json",
    "csv": "csv",
    "tsv": "tsv",
    "markdown": "md",
    "parquet": "parquet",
    "bibtex": "bib",
    "ris": "ris",
}


@pytest.fixture(autouse=True)
def _empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run each test in an empty folder."""
    monkeypatch.chdir(tmp_path)


def written(items: Any, format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    arsearch.write_articles(items, stream, format=format, **options)
    return stream.getvalue()


HEADER = "id,title,body,source,date,tags,volume,price,done,note"
EXPECTED: list[tuple[str, list[Article], dict[str, Any], str]] = [
    ("jsonl", [TWO], {}, '{"id": "2", "title": "# عنوان", "body": "", "volume": 4}\n'),
    ("jsonl", [TWO], {"fields": ["title", "date"]}, '{"title": "# عنوان", "date": null}\n'),
    ("jsonl", [], {}, ""),
    ("json", [TWO], {"fields": ["id"]}, '[\n{"id": "2"}\n]\n'),
    ("json", [ONE, TWO], {"fields": ["id"]}, '[\n{"id": "1"},\n{"id": "2"}\n]\n'),
    ("json", [], {}, "[]\n"),
    (
        "csv",
        [ONE, TWO],
        {},
        f'{HEADER}\n1,"خبر، أول","سطر ""أول""\n\nسطر | ثان",الرياض,2015-07-21,نفط; قمح,3,2.5,true,"{{""أ"": [1]}}"\n'
        "2,# عنوان,,,,,4,,,\n".replace('"خبر، أول"', "خبر، أول"),
    ),
    ("csv", [ONE, TWO], {"fields": ["volume", "id"]}, "volume,id\n3,1\n4,2\n"),
    ("csv", [], {"fields": ["id", "title"]}, "id,title\n"),
    ("csv", [], {}, ""),
    ("tsv", [ONE, TWO], {"fields": ["id", "title", "tags"]}, "id\ttitle\ttags\n1\tخبر، أول\tنفط; قمح\n2\t# عنوان\t\n"),
    (
        "markdown",
        [ONE, TWO],
        {"fields": ["id", "title", "source", "tags", "body"]},
        '## خبر، أول\n\n- id: 1\n- source: الرياض\n- tags: نفط, قمح\n\nسطر "أول"\n\nسطر \\| ثان\n\n## \\# عنوان\n\n- id: 2\n',
    ),
    ("markdown", [], {}, ""),
]


@pytest.mark.parametrize(("format", "articles", "options", "expected"), EXPECTED)
def test_a_format(format: str, articles: list[Article], options: dict[str, Any], expected: str) -> None:
    assert written(articles, format, **options).decode() == expected


@pytest.mark.parametrize("format", ["jsonl", "json", "csv", "tsv"])
@pytest.mark.parametrize("compression", ["", ".gz", ".xz"])
def test_articles_are_read_back(format: str, compression: str) -> None:
    articles = [Article("1", "خبر", "نص، «أول»\nوثان", "ع", "س", "https://x", dt.date(2015, 1, 2), "ب", ("ج", "د"))]
    report = arsearch.write_articles(articles, f"x.{format}{compression}")

    assert report == (1, format, ())
    records = [record.data for record in arsearch.read_articles(f"x.{format}{compression}")]
    assert [Article.from_dict(data) for data in records if data] == articles


def test_parquet_is_read_back() -> None:
    pytest.importorskip("pyarrow")
    arsearch.write_articles([ONE, TWO], "x.parquet")

    records = [record.data for record in arsearch.read_articles("x.parquet")]
    first, second = (Article.from_dict(data) for data in records if data)
    assert (first.id, first.title, first.body, first.date, first.tags) == (
        ONE.id,
        ONE.title,
        ONE.body,
        ONE.date,
        ONE.tags,
    )
    assert (first.extra["volume"], second.extra["volume"], first.extra["price"]) == (3, 4, 2.5)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=4), format=st.sampled_from(["csv", "tsv"]), excel=st.booleans())
def test_cells_of_any_text_are_read_back(rows: list[tuple[str, str]], format: str, excel: bool) -> None:
    items = [{"id": first, "note": second} for first, second in rows]
    text = written(items, format, fields=["id", "note"], excel=excel).decode("utf-8-sig")

    table = list(csv.reader(io.StringIO(text, newline=""), delimiter="," if format == "csv" else "\t"))
    assert table[0] == ["id", "note"]
    expected = [[f"'{cell}" if excel and cell.startswith(SIGNS) else cell for cell in row] for row in rows]
    assert table[1:] == expected


SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
FORMULAS: list[tuple[Any, str]] = [
    ("=1+1", "'=1+1"),
    ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
    ("+966 50", "'+966 50"),
    ("-5", "'-5"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"),
    ("\r=1", "'\r=1"),
    ("＝1+1", "'＝1+1"),
    (["=a", "b"], "'=a; b"),
    (-5, "-5"),
    (-2.5, "-2.5"),
    ("كتاب =1", "كتاب =1"),
    (" =1", " =1"),
    ("", ""),
    (None, ""),
]


@pytest.mark.parametrize(("value", "cell"), FORMULAS, ids=[repr(value) for value, _ in FORMULAS])
@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_no_cell_for_excel_is_a_formula(value: Any, cell: str, format: str) -> None:
    item = {"id": "1", "note": value}
    data = written([item], format, fields=["id", "note"], excel=True)
    plain = written([item], format, fields=["id", "note"])

    delimiter = "," if format == "csv" else "\t"
    assert data.startswith(b"\xef\xbb\xbfid")
    assert (
        next(
            line
            for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter)
            if line[0] == "1"
        )[1]
        == cell
    )
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert b"'" not in plain


def test_a_column_name_for_excel_is_no_formula() -> None:
    assert written([{"=x": "1"}], "csv", excel=True) == b"\xef\xbb\xbf'=x\r\n1\r\n"


def test_what_excel_changes_is_noted() -> None:
    items = [{"id": "1", "body": "=1"}, {"id": "2", "body": "ب" * 32_768, "note": "ب" * 40_000}]
    report = arsearch.write_articles(items, "x.csv", excel=True)

    assert report.notes == (
        "1 cell begins like a formula: an apostrophe stands in front",
        "2 cells are longer than 32,767 characters: Excel cuts the rest",
    )
    assert arsearch.write_articles(items, "x.csv").notes == ()


MARKDOWN: list[tuple[dict[str, Any], str]] = [
    ({"title": "*a* _b_ [c](d) <e>"}, r"## \*a\* \_b\_ \[c\](d) \<e\>"),
    ({"title": "1. أ"}, r"## 1\. أ"),
    ({"id": "x"}, "## x\n\n- id: x"),
    ({"id": "x", "note": {"أ": [1, None]}, "ok": True}, '## x\n\n- id: x\n- note: {"أ": \\[1, null\\]}\n- ok: true'),
    ({"rank": 3, "title": "ت", "score": 1.5, "snippet": "> ق"}, "## 3\\. ت\n\n- score: 1.5\n\n> \\> ق"),
    ({"title": "ت", "body": "- أ\n# ب\n\n\nج\x1b[2J"}, "## ت\n\n\\- أ\\\n\\# ب\n\nج\ufffd\\[2J"),
]


@pytest.mark.parametrize(("item", "expected"), MARKDOWN)
def test_no_text_is_markup(item: dict[str, Any], expected: str) -> None:
    assert written([item], "markdown").decode() == expected + "\n"


def test_parquet_keeps_types() -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    other = {"id": "3", "volume": 2**70, "price": 1, "done": False, "note": "نص", "mixed": 1}
    arsearch.write_articles([ONE, TWO, {"id": "4", "mixed": "س"}], "x.parquet")
    arsearch.write_articles([ONE, other], "y.parquet", fields=["id", "price", "volume", "none"])

    table = pq.read_table("x.parquet")
    assert {field.name: str(field.type) for field in table.schema} == {
        "id": "string", "title": "string", "body": "string", "source": "string", "date": "string",
        "tags": "list<element: string>", "volume": "int64", "price": "double", "done": "bool", "note": "string",
        "mixed": "string",
    }  # fmt: skip
    row = table.to_pylist()[0]
    assert row["tags"] == ["نفط", "قمح"]
    assert (row["date"], row["volume"], row["price"], row["done"], row["note"]) == (
        "2015-07-21",
        3,
        2.5,
        True,
        '{"أ": [1]}',
    )
    assert pq.read_table("y.parquet").to_pylist() == [
        {"id": "1", "price": 2.5, "volume": "3", "none": None},
        {"id": "3", "price": 1.0, "volume": str(2**70), "none": None},
    ]


@pytest.mark.parametrize("format", ["jsonl", "json", "csv", "tsv", "markdown"])
def test_values_of_mappings_are_written_as_they_are_added(format: str) -> None:
    item = {
        "id": "1",
        "date": dt.date(2015, 7, 21),
        "seen": dt.datetime(2015, 7, 21, 9),
        "price": float("nan"),
        "of": {"b"},
    }
    plain = {"id": "1", "date": "2015-07-21", "seen": "2015-07-21T09:00:00", "price": None, "of": ["b"]}

    assert written([item], format) == written([plain], format)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.5, 2**53], [1.5, 2.0**53]),
        ([1.5, 2**53 + 1], ["1.5", "9007199254740993"]),
        ([-(10**18), 0.5], ["-1000000000000000000", "0.5"]),
        ([2**63 - 1, -(2**63), 3], [2**63 - 1, -(2**63), 3]),
        ([2**63, 1.5], ["9223372036854775808", "1.5"]),
        ([True, 1], ["true", "1"]),
        (["\ud800", "أ"], ["\\ud800", "أ"]),
        ([{"أ": 1}, [1]], ['{"أ": 1}', "[1]"]),
    ],
)
def test_parquet_changes_no_value_of_a_mixed_column(values: list[Any], expected: list[Any]) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    arsearch.write_articles([{"id": "1", "tags": [1, "أ", None], "x": value} for value in values], "x.parquet")

    table = pq.read_table("x.parquet")
    assert table["x"].to_pylist() == expected
    assert table["tags"][0].as_py() == ["1", "أ", "null"]


def test_parquet_of_many_rows_and_of_none() -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    arsearch.write_articles(({"id": str(n), "n": n} for n in range(2_500)), "x.parquet")
    arsearch.write_articles([], "y.parquet", fields=["id"])

    assert pq.read_table("x.parquet")["n"].to_pylist() == list(range(2_500))
    assert pq.read_table("y.parquet").num_rows == 0


def test_parquet_without_its_extra_names_it_and_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install \"arsearch\[parquet\]\""):
        arsearch.write_articles([ONE], "x.parquet")
    assert list(tmp_path.iterdir()) == []


def test_hits_have_fields_of_their_own() -> None:
    index = arsearch.open(":memory:", create=True)
    index.add([{"id": "1", "title": "كتاب", "body": "قرأ كتابا.", "source": "س", "date": "2015-07-21"}])
    results = index.search("كتاب")

    (default,) = (json.loads(line) for line in written(results, "jsonl").splitlines())
    assert list(default) == ["rank", "id", "title", "date", "source", "score", "level", "snippet"]
    assert (default["rank"], default["level"], default["snippet"]) == (1, "surface", "قرأ كتابا.")
    (chosen,) = (
        json.loads(x) for x in written(results, "jsonl", fields=["body", "snippet_html", "complete"]).splitlines()
    )
    assert chosen == {"body": "قرأ كتابا.", "snippet_html": "قرأ <mark>كتابا</mark>.", "complete": True}


def test_a_field_that_no_article_has_is_noted() -> None:
    assert arsearch.write_articles([ONE], "x.csv", fields=["id", "autor"]).notes == (
        "no article has the field 'autor'",
    )
    assert arsearch.write_articles([], "x.csv", fields=["id", "autor"]).notes == ()


CHOICES: list[tuple[str | None, str | None, str]] = [
    (None, None, "jsonl"),
    ("x", None, "jsonl"),
    ("x.gz", None, "jsonl"),
    ("X.CSV", None, "csv"),
    ("a.b/x.tsv.gz", None, "tsv"),
    ("x.markdown.xz", None, "markdown"),
    ("x.csv", "parquet", "parquet"),
    ("x.txt", "csv", "csv"),
]


@pytest.mark.parametrize(("name", "format", "expected"), CHOICES)
def test_the_choice_of_a_format(name: str | None, format: str | None, expected: str) -> None:
    assert choose_writer(name, format).name == expected


@pytest.mark.parametrize(
    ("target", "options", "message"),
    [
        ("x.txt", {}, r"the ending of 'x.txt' is not that of a format; known: .jsonl, .*\.parquet"),
        ("x.csv", {"format": "xls"}, "unknown format 'xls'; known: jsonl, json, csv, tsv, markdown, parquet"),
        ("x.md", {"excel": True}, "excel is for CSV and TSV, not for Markdown"),
        ("x.csv", {"fields": []}, "not a list of names"),
        ("x.csv", {"fields": "id,title"}, "not a list of names"),
    ],
)
def test_wrong_options_are_errors_and_leave_no_file(
    target: str, options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        arsearch.write_articles([ONE], target, **options)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_off_file_leaves_the_old_one(tmp_path: Path) -> None:
    def broken() -> Any:
        yield ONE
        raise RuntimeError("stop")

    for format, suffix in SUFFIXES.items():
        if format == "parquet":
            pytest.importorskip("pyarrow")
        path = tmp_path / f"x.{suffix}"
        path.write_bytes(b"old")
        with pytest.raises(RuntimeError, match="stop"):
            arsearch.write_articles(broken(), path)
        assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == len(SUFFIXES)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    arsearch.write_articles([TWO], "link.csv", fields=["id"])

    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "id\n2\n"


def test_a_link_that_leads_to_itself_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "one.csv").symlink_to("two.csv")
    (tmp_path / "two.csv").symlink_to("one.csv")

    with pytest.raises(OSError, match=r"symbolic links: 'one\.csv'"):
        arsearch.write_articles([TWO], "one.csv", fields=["id"])
    assert {path.name for path in tmp_path.iterdir() if path.is_symlink()} == {"one.csv", "two.csv"}


def test_the_table_of_formats_is_complete() -> None:
    assert list(FORMATS) == list(SUFFIXES)
    page = Path(__file__).parents[2] / "docs" / "cli.md"
    if page.exists():
        for writer in BUILT_IN:
            row = next(
                line
                for line in page.read_text(encoding="utf-8").splitlines()
                if line.startswith(f"| `{writer.name}` |")
            )
            assert all(f"`{suffix}`" in row for suffix in writer.suffixes)


PLUGIN = """
from arsearch.writers import Writer

def write(rows, stream):
    for row in rows:
        stream.write(row["id"].encode() + b";")

IDS = Writer(name="ids", label="ids", suffixes=(".ids",), write=write)
BROKEN = 7
"""


def test_a_distribution_adds_a_format(tmp_path: Path) -> None:
    info = tmp_path / "theirs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[arsearch.writers]\nids = theirs:IDS\nbroken = theirs:BROKEN\n")
    (tmp_path / "theirs.py").write_text(PLUGIN)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import arsearch\n"
        "print(arsearch.write_articles([{'id': '1'}, {'id': '2'}], 'x.ids'))\n"
        "print(arsearch.write_articles([{'id': '3'}], 'y.txt', format='ids'))\n"
        "try: arsearch.write_articles([], 'z.txt', format='broken')\n"
        "except arsearch.ArsearchError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert (tmp_path / "x.ids").read_bytes() == b"1;2;"
    assert (tmp_path / "y.txt").read_bytes() == b"3;"
    assert done.stdout.splitlines()[2] == (
        "the writer plug-in 'broken' of theirs cannot be loaded (TypeError: theirs:BROKEN is a int, not an "
        "arsearch.writers.Writer); update or uninstall theirs"
    )


def test_the_example_of_the_docs_is_a_writer() -> None:
    page = Path(__file__).parents[2] / "docs" / "cli.md"
    if not page.exists():
        pytest.skip("the docs are not beside the tests")
    names: dict[str, Any] = {}
    exec(page.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0], names)
    stream = io.BytesIO()
    from arsearch.writers import Rows

    names["WRITER"].write(Rows([ONE]), stream)
    assert stream.getvalue().decode() == "1\tخبر، أول\n"


@pytest.mark.parametrize("suffix", ["csv", ".CSV", ".a/b", ""])
def test_a_malformed_suffix_is_an_error(suffix: str) -> None:
    from arsearch.writers import Writer

    with pytest.raises(ValueError, match="write it in lower case"):
        Writer(name="x", label="x", suffixes=(suffix,), write=lambda rows, stream: None)
