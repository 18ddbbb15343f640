"""PDF files of each producer: text, numbers, brackets, pages, headers, metadata, and what cannot be read."""

from __future__ import annotations

import gzip
import importlib.util
import re
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fuzz_pdf import attempt_pdf

import arsearch
from arsearch.cli.hits import format_results
from arsearch.cli.style import Style
from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers import isolation, read_articles
from arsearch.readers.pdf import document, reader

pytest.importorskip("pypdfium2")

from bench.extraction_measures import quality

FOLDER = Path(__file__).parents[1] / "fixtures" / "pdf"
BY_PRODUCER = sorted(path.name for path in FOLDER.glob("*.*.pdf"))
HEADER = "تقرير شركة الزجاج السنوي"
BRACKETS = re.compile("[^()\\[\\]«»]")

# The least share of right characters in vocalised text, where it is not 0.96. Ghostscript loses marks that LibreOffice
# draws as a part of a letter.
VOCALISED = {"ghostscript": 0.88}


def expected(name: str) -> str:
    return (FOLDER / f"{name.partition('.')[0]}.txt").read_text(encoding="utf-8")


@cache
def read_once(name: str) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    """Return the records of a fixture, and the messages."""
    messages: list[str] = []
    records = tuple(read_articles(FOLDER / name, on_guess=messages.append))
    return records, tuple(messages)


def body(name: str) -> str:
    ((record,), _) = read_once(name)
    assert record.data is not None, record.problem
    return str(record.data["body"])


def test_there_are_fixtures_of_every_producer() -> None:
    assert {name.split(".")[1] for name in BY_PRODUCER} >= {
        "chromium", "fpdf2", "ghostscript", "libreoffice", "lualatex", "pango", "reportlab", "tesseract", "weasyprint",
        "xelatex",
    }  # fmt: skip


@pytest.mark.parametrize("name", BY_PRODUCER)
def test_the_text_of_each_producer(name: str) -> None:
    producer = name.split(".")[1]

    got = quality(expected(name), body(name))

    if name.startswith("vocalised"):
        assert got.characters >= VOCALISED.get(producer, 0.96)
    else:
        assert got.characters >= 0.98
        assert got.words >= 0.96
    assert got.numbers == 1.0


@pytest.mark.parametrize("name", [name for name in BY_PRODUCER if name.startswith(("news", "table"))])
def test_every_bracket_faces_its_word(name: str) -> None:
    assert BRACKETS.sub("", body(name)) == BRACKETS.sub("", expected(name))


@pytest.mark.parametrize("name", [name for name in BY_PRODUCER if name.startswith("table")])
def test_the_cells_of_a_row_stand_from_right_to_left(name: str) -> None:
    words = re.sub("[ \t]+", " ", body(name))
    assert "الصنف الوحدة السعر التغير" in words
    assert "ملفوف أحمر حبة 0.80 -5%" in words


@pytest.mark.parametrize("name", [name for name in BY_PRODUCER if name.startswith("running")])
def test_pages_begin_where_the_record_says_and_running_lines_are_left_out(name: str) -> None:
    ((record,), messages) = read_once(name)
    assert record.data is not None
    text, pages = record.data["body"], record.data["pages"]

    first_words = [paragraph.split()[:3] for paragraph in expected(name).split("\n\n")]
    assert [text[page["start"] :].split()[:3] for page in pages] == first_words
    assert [str(page["page"]) for page in pages] == ["1", "2", "3", "4", "5"]
    assert HEADER not in text
    assert "صفحة" not in text
    assert f"{FOLDER / name}: running headers and footers of 5 pages are left out, such as {HEADER!r}" in messages


def test_paragraphs_are_lines_of_the_body() -> None:
    assert body("news.xelatex.pdf") == expected("news").strip().replace("\n\n", "\n")


def test_the_record_of_a_pdf() -> None:
    (record,) = read_articles(FOLDER / "restricted.pdf")
    assert record.where == str(FOLDER / "restricted.pdf")
    assert record.data is not None
    assert {name: value for name, value in record.data.items() if name != "body"} == {
        "id": "restricted.pdf",
        "title": "تقرير المكتبة",
        "author": "قسم الأخبار",
        "date": "2015-07-21T09:30:00+03:00",
        "pages": [{"page": 1, "start": 0}],
    }


@pytest.mark.parametrize("producer", ["chromium", "libreoffice", "xelatex"])
def test_the_heading_is_the_title_if_the_metadata_has_none(producer: str) -> None:
    (record,) = read_articles(FOLDER / f"news.{producer}.pdf")
    assert record.data is not None
    assert record.data["title"] == expected("news").partition("\n")[0]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("encrypted.pdf", "the PDF is encrypted and needs a password"),
        ("scanned.pdf", "scanned: 2 of 2 pages are images without text; they need OCR"),
    ],
)
def test_a_pdf_without_readable_text_is_a_problem(name: str, reason: str) -> None:
    (record,) = read_articles(FOLDER / name)
    assert record.data is None
    assert str(record.problem).startswith(reason)


def test_scanned_pages_beside_others_are_reported() -> None:
    first, second = read_articles(FOLDER / "partly_scanned.pdf")
    assert first.data is not None
    assert "بلدية المرفأ" in first.data["body"]
    assert second.where.endswith("partly_scanned.pdf:page 2")
    assert second.problem == "2 of 3 pages are images without text; they need OCR"


def test_lost_letters_are_reported_and_only_they() -> None:
    def told(name: str) -> list[str]:
        return [message for message in read_once(name)[1] if "lost letters" in message]

    assert re.search(r"\d\d% of its words have lost letters", told("lost_letters.pdf")[0])
    assert [name for name in BY_PRODUCER if told(name)] == ["vocalised.ghostscript.pdf"]


def test_text_of_a_program_without_arabic_is_turned() -> None:
    messages: list[str] = []
    (record,) = read_articles(FOLDER / "unordered.pdf", on_guess=messages.append)
    assert record.data is not None
    assert quality(expected("news"), record.data["body"]).characters > 0.98
    assert any("the text is reversed" in message for message in messages)


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress], ids=["plain", "gz"])
def test_standard_input_and_compressed_files(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    import io
    import sys

    data = pack((FOLDER / "news.xelatex.pdf").read_bytes())
    got = read({"a.pdf.gz": data, "misnamed.txt": data, "noname": data})
    assert [article["id"] for article in got.data] == ["a.pdf.gz", "misnamed.txt", "noname"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert read({}, "-").data[0]["body"] == got.data[0]["body"]


def test_a_cut_or_broken_file_is_a_problem_and_spares_the_rest(read: Callable[..., Any]) -> None:
    data = (FOLDER / "running.xelatex.pdf").read_bytes()
    files = {
        "a.pdf": b"%PDF-1.7\n" + bytes(5000),
        "b.pdf": b"",
        "c.pdf": data[: len(data) // 2],
        "d.pdf.gz": gzip.compress(data)[:-9],
        "e.pdf": data,
        "f.pdf": b"junk of a mail\n" + data,
    }
    got = read(files)
    assert [where for where, _ in got.problems] == ["a.pdf", "b.pdf", "c.pdf", "d.pdf.gz"]
    assert "not a PDF that can be read" in got.problems[0][1]
    assert "not a PDF that can be read" in got.problems[2][1]
    assert "cut short" in got.problems[3][1]
    assert [article["id"] for article in got.data] == ["d.pdf.gz", "e.pdf", "f.pdf"]


def test_pages_before_a_failure_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(*args: Any, **options: Any) -> Any:
        for number, message in enumerate(isolation_isolated(*args, **options)):
            if number == 3:
                raise InputError("the parser crashed (SIGSEGV)")
            yield message

    isolation_isolated = isolation.isolated
    monkeypatch.setattr(document, "isolated", dying)

    first, second = read_articles(FOLDER / "running.fpdf2.pdf")

    assert first.data is not None
    assert [page["page"] for page in first.data["pages"]] == [1, 2]
    assert second.problem == "the parser crashed (SIGSEGV)"


def test_a_page_that_unpacks_beyond_the_limit_of_memory_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "bomb.pdf").write_bytes(one_page(zlib.compress(b" " * (150 << 20), 1)))
    with pytest.raises(InputError, match=r"100 MB"):
        list(isolation.isolated("arsearch.readers.pdf.parser:parse", str(tmp_path / "bomb.pdf"), megabytes=100))


HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def one_page(stream: bytes, *, catalog: bytes = b"", further: tuple[bytes, ...] = ()) -> bytes:
    """Return a PDF with one page, whose content is a deflated stream, and further objects from number 5."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R /Resources << /Font << /F %s >> >> >>"
        % HELVETICA,
        b"<< /Length %d /Filter /FlateDecode >> stream\n%s\nendstream" % (len(stream), stream),
        *further,
    ]
    data = b"%PDF-1.7\n"
    for number, content in enumerate(objects, 1):
        data += b"%d 0 obj %s endobj\n" % (number, content)
    return data + b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF\n" % (len(objects) + 1)


@pytest.mark.parametrize("damage", [b"", b"/Next 6 0 R"])
def test_the_outline_has_the_headings(read: Callable[..., Any], damage: bytes) -> None:
    text = b"BT /F 12 Tf 50 350 Td (First) Tj 0 -60 Td (words.) Tj 0 -60 Td (Second) Tj 0 -60 Td (words.) Tj ET"
    title = "\ufeffفصل".encode("utf-16-be")
    outline = (
        b"<< /First 6 0 R /Last 6 0 R /Count 2 >>",
        b"<< /Title (First) /Parent 5 0 R /First 7 0 R /Last 7 0 R /Count 1 /Dest [3 0 R /XYZ 0 400 0] >>",
        b"<< /Title (%s) /Parent 6 0 R /Dest [3 0 R /FitH 245] %s >>" % (title, damage),
    )
    [article] = read({"a.pdf": one_page(zlib.compress(text), catalog=b"/Outlines 5 0 R", further=outline)}).data
    assert article["body"] == "First\nwords.\nSecond\nwords."
    assert article["headings"] == [
        {"heading": "First", "level": 1, "start": 0},
        {"heading": "فصل", "level": 2, "start": article["body"].index("Second")},
    ]


def test_the_limit_of_time() -> None:
    path = str(FOLDER / "news.xelatex.pdf")
    with pytest.raises(InputError, match=r"more than 0\.01 s"):
        list(isolation.isolated("arsearch.readers.pdf.parser:parse", path, seconds=0.01))


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_spec(name: str) -> object:
        return None if name == "pypdfium2" else importlib.util.find_spec(name)

    monkeypatch.setattr(reader, "find_spec", find_spec)

    (record,) = read_articles(FOLDER / "news.xelatex.pdf")

    assert record.problem == 'PDF is read with the extra [pdf]: pip install "arsearch[pdf]"'


def test_a_hit_says_its_page() -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add(read_articles([FOLDER / "running.xelatex.pdf", FOLDER / "news.xelatex.pdf"]))
        index.add([{"id": "plain", "body": "شاحنتين بلا صفحات", "pages": "12"}])

        pages = {(hit.id, hit.page) for word in ("الفرن", "شاحنتين", "أيار") for hit in index.search(word)}
        assert pages == {("plain", None)} | {("running.xelatex.pdf", page) for page in ("2", "4", "5")}
        assert index.search("أيار").to_dict()["hits"][0]["page"] == "5"
        assert "page 5" in format_results(index.search("أيار"), Style())


def test_damaged_files_are_read_or_refused() -> None:
    outcomes = {attempt_pdf(f"0:{number}") for number in range(25)}
    assert outcomes <= {"read", "refused"}
