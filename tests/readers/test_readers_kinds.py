"""Which reader takes a file: the first bytes decide, whatever its name is. What is refused says what to do."""

from __future__ import annotations

import gzip
import io
import lzma
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from document_samples import SAMPLES, book, compound, docx, odt, package, pptx, slide

from arsearch.errors import InputError
from arsearch.readers import FORMATS

ZIPPED = ("docx", "odt", "pptx", "epub")
TITLES = {"docx": "عنوان", "odt": "عنوان", "pptx": "باب", "epub": "كتاب", "rtf": "عنوان", "eml": "خبر", "mbox": "خبر"}


def label(read: Callable[..., Any], name: str, data: bytes, *paths: str) -> str:
    """Return the label of the reader, without its encoding, that read the file without a problem."""
    got = read({name: data}, *paths)
    assert got.data
    assert not got.problems
    return str(got.messages[0]).split(": ")[1].split(",")[0].partition(" (said once")[0]


@pytest.mark.parametrize("format", SAMPLES)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_every_format_is_read_from_files_folders_and_standard_input(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, format: str, pack: Callable[[bytes], bytes]
) -> None:
    name, data = SAMPLES[format]
    expected = FORMATS[format]
    assert label(read, name, pack(data)) == expected
    assert label(read, f"d/{name}", pack(data), "d") == expected
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pack(data))))
    got = read({}, "-")
    assert got.messages[0].startswith(f"stdin: {expected}")
    assert got.records[0].where.partition(":")[0] == "stdin"


@pytest.mark.parametrize("format", [*ZIPPED, "rtf"])
@pytest.mark.parametrize("suffix", [".docx", ".odt", ".epub", ".pptx", ".rtf", ".doc", ".txt", ".csv", ".bin", ""])
def test_the_first_bytes_decide_whatever_the_suffix_is(read: Callable[..., Any], format: str, suffix: str) -> None:
    name = f"misnamed{suffix}"
    assert label(read, name, SAMPLES[format][1]) == FORMATS[format]
    assert label(read, f"d/{name}", SAMPLES[format][1], "d") == FORMATS[format]


@pytest.mark.parametrize("suffix", [".docx", ".epub", ".rtf", ".eml", ".mbox", ".fodt", ".doc"])
def test_a_text_with_the_suffix_of_a_document_is_read_as_text(read: Callable[..., Any], suffix: str) -> None:
    assert label(read, f"a{suffix}", "خبر، ونص\n".encode()) == "text"


@pytest.mark.parametrize("format", ZIPPED)
def test_the_directory_decides_where_the_first_members_are_large(read: Callable[..., Any], format: str) -> None:
    import random

    picture = random.Random(1).randbytes(200_000)
    with zipfile.ZipFile(io.BytesIO(SAMPLES[format][1])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    data = package({"Pictures/large.jpg": picture, **members})
    assert label(read, "noname", data) == FORMATS[format]


def test_a_named_format_reads_a_file_with_any_suffix(read: Callable[..., Any]) -> None:
    assert len(read({"a.pdf": SAMPLES["docx"][1]}, format="docx").data) == 1
    assert len(read({"a.pdf": SAMPLES["mbox"][1]}, format="mbox").data) == 2


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.doc", compound("WordDocument"), "a Word 97-2003 document is not read; save it as .docx"),
        ("a.ppt", compound("PowerPoint Document"), "save it as .pptx"),
        ("a.docx", compound("EncryptedPackage", "EncryptionInfo"), "encrypted with a password"),
        ("a.pptx", compound("EncryptedPackage"), "encrypted with a password"),
        ("noname", compound("__properties_version1.0", "WordDocument"), "Outlook message"),
        ("noname", compound("Workbook"), "save each sheet as CSV"),
        ("noname", compound(), "compound file"),
        ("noname.xlsx", b"", "a spreadsheet or drawing is not read"),
        (
            "noname",
            package({"xl/workbook.xml": "<x/>"}),
            "a spreadsheet is not read as a document; save each sheet as CSV",
        ),
        ("a.docx", package({"xl/workbook.xml": "<x/>"}), "save each sheet as CSV"),
        ("noname", package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "save each sheet as CSV"),
        ("noname", package({"a.txt": "x"}), "a zip archive is not read"),
        ("a.docx", package({}), "an empty zip archive is not read"),
        ("a.docx", package({"a.txt": "x"}), "a zip archive is not read"),
        ("a.docx", b"\x00\x01\x02", "not text"),
        ("a.rtf", b"\x89PNG\r\n", "an image is not read"),
    ],
)
def test_other_kinds_are_refused_with_the_next_step(
    read: Callable[..., Any], name: str, data: bytes, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        read({name: data})
    got = read({"good.srt": SAMPLES["srt"][1], name: data})
    assert len(got.data) == 1
    assert [where for where, _ in got.problems] == [name]


def test_a_large_compound_file_is_told_by_its_directory(read: Callable[..., Any]) -> None:
    data = compound()[:512] + bytes(3 << 20) + compound("EncryptedPackage")[512:]
    with pytest.raises(InputError, match="encrypted with a password"):
        read({"a.docx": data})


MAIN = {"docx": "word/document.xml", "odt": "content.xml", "pptx": "ppt/slides/slide1.xml", "epub": "OPS/book.opf"}
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


def with_part(format: str, name: str, data: str | bytes) -> bytes:
    """Return the sample of a format with a changed member."""
    with zipfile.ZipFile(io.BytesIO(SAMPLES[format][1])) as archive:
        members: dict[str, str | bytes] = {one: archive.read(one) for one in archive.namelist()}
    return package({**members, name: data})


@pytest.mark.parametrize("format", MAIN)
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (LAUGHS, "DOCTYPE"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "DOCTYPE"),
        ("<x>&undefined;</x>", "undefined entity"),
        ("<x>" * 1000, "elements inside each other"),
        ("", "the file is empty"),
        ("<x><y>", "cut short"),
        (b"<x>\xff</x>", "not well-formed"),
    ],
)
def test_bad_xml_is_reported_with_its_member(
    read: Callable[..., Any], format: str, data: str | bytes, reason: str
) -> None:
    got = read({f"a.{format}": with_part(format, MAIN[format], data)})
    assert any(MAIN[format] in f"{where} {problem}" and reason in problem for where, problem in got.problems), got


@pytest.mark.parametrize("format", ZIPPED)
def test_a_path_out_of_the_archive_is_reported_and_the_rest_is_read(read: Callable[..., Any], format: str) -> None:
    got = read({f"a.{format}": with_part(format, "../../etc/passwd", "x")})
    assert got.data[0]["title"] == TITLES[format]
    assert got.problems == [(f"a.{format}:../../etc/passwd", "leads out of the archive; left out")]


@pytest.mark.parametrize("format", ZIPPED)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_archive_is_a_problem(read: Callable[..., Any], format: str, share: float) -> None:
    data = SAMPLES[format][1]
    got = read({f"a.{format}": data[: int(share * len(data))], "good.srt": SAMPLES["srt"][1]})
    assert len(got.data) == 1
    [(where, problem)] = got.problems
    assert where == f"a.{format}"
    assert "cut short" in problem or "archive" in problem


@pytest.mark.parametrize("format", ZIPPED)
def test_an_encrypted_member_is_a_problem(read: Callable[..., Any], format: str) -> None:
    data = bytearray(SAMPLES[format][1])
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    got = read({f"a.{format}": bytes(data)})
    assert any("encrypted with a password" in problem for _, problem in got.problems)


@pytest.mark.parametrize("member", ["manifest", "encrypted-package"])
def test_an_encrypted_open_document_is_a_problem(read: Callable[..., Any], member: str) -> None:
    manifest = '<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>'
    parts = {"META-INF/manifest.xml": manifest} if member == "manifest" else {member: "x"}
    got = read({"a.odt": odt("<text:p>x</text:p>", parts=parts)})
    assert got.problems == [("a.odt", "encrypted with a password; open it, remove the password and save it anew")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", docx("")),
        ("a.odt", odt("")),
        ("a.pptx", pptx([slide("")])),
        ("a.epub", book({"a.xhtml": "<p><img/></p>"})),
        ("a.rtf", b"{\\rtf1 }"),
    ],
)
def test_a_document_without_text_is_a_problem(read: Callable[..., Any], name: str, data: bytes) -> None:
    assert read({name: data}).problems == [(name, "no text in it; if its pages are pictures, they need OCR")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", docx("".join(f"<w:p><w:r><w:t>{n} {'x' * 100}</w:t></w:r></w:p>" for n in range(50)))),
        ("a.odt", odt("".join(f"<text:p>{n} {'x' * 100}</text:p>" for n in range(50)))),
        ("a.pptx", pptx([slide(f"(body) {n} {'x' * 100}") for n in range(50)])),
        ("a.epub", book({f"{n}.xhtml": f"<p>{n} {'x' * 100}</p>" for n in range(50)})),
        ("a.rtf", b"{\\rtf1" + b"".join(b"\\par %d %s" % (n, b"x" * 100) for n in range(50)) + b"}"),
    ],
)
def test_a_document_of_too_much_text_is_read_up_to_the_limit_and_said_once(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, name: str, data: bytes
) -> None:
    monkeypatch.setattr("arsearch.readers.documents.flow.LONGEST", 2000)
    got = read({name: data})
    lines = got.data[0]["body"].split("\n")
    assert lines == [f"{n} {'x' * 100}" for n in range(len(lines))]
    assert 5 < len(lines) < 20
    [(where, problem)] = got.problems
    assert where == name
    assert problem.startswith("not read: the text of a document of more than")


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("a.docx", with_part("docx", "word/footnotes.xml", "<x"), "خلية"),
        ("a.docx", with_part("docx", "docProps/core.xml", LAUGHS), "خلية"),
        ("a.docx", with_part("docx", "word/styles.xml", "<x>"), "خلية"),
        ("a.docx", with_part("docx", "_rels/.rels", "<x>"), "خلية"),
        ("a.docx", with_part("docx", "word/_rels/document.xml.rels", LAUGHS), "خلية"),
        ("a.pptx", with_part("pptx", "ppt/presentation.xml", "<x>"), "آخر"),
        ("a.pptx", with_part("pptx", "ppt/_rels/presentation.xml.rels", "<x>"), "آخر"),
        ("a.epub", with_part("epub", "META-INF/container.xml", "<x>"), "آخر"),
        ("a.odt", with_part("odt", "meta.xml", "<x"), "خلية"),
        ("a.pptx", with_part("pptx", "ppt/notesSlides/notesSlide1.xml", "<x"), "آخر"),
        ("a.pptx", with_part("pptx", "ppt/slides/slide1.xml", "<x"), "آخر"),
    ],
)
def test_a_damaged_part_spares_the_others(read: Callable[..., Any], name: str, data: bytes, kept: str) -> None:
    got = read({name: data})
    assert kept in got.data[0]["body"]
    assert all(where.startswith(f"{name}:") for where, _ in got.problems)
    assert len(got.problems) == 1


def test_a_book_without_a_spine_is_read_in_the_order_of_the_archive(read: Callable[..., Any]) -> None:
    got = read({"a.epub": with_part("epub", "OPS/book.opf", "<package>")})
    assert got.data[0]["body"].startswith("باب\nنص\nثان\nآخر")
    assert [where for where, _ in got.problems] == ["a.epub:OPS/book.opf"] * 2


def test_a_document_cut_in_its_text_is_read_up_to_the_cut(read: Callable[..., Any]) -> None:
    body = "".join(f"<w:p><w:r><w:t>فقرة {n}</w:t></w:r></w:p>" for n in range(100))
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>خلية</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>أخيرة"
    whole = docx(body + table)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        text = archive.read("word/document.xml").partition(b"</w:body>")[0]
    got = read({"a.docx": docx("", parts={"word/document.xml": text})})
    assert got.data[0]["body"].split("\n")[-3:] == ["فقرة 99", "خلية", "أخيرة"]
    assert "cut short" in got.problems[0][1]
    rtf = read({"a.rtf": b"{\\rtf1 one\\par {\\footnote two"})
    assert rtf.data[0]["body"] == "one\ntwo"
    assert "cut short" in rtf.problems[0][1]


def test_the_limit_of_bytes_holds_for_unpacked_members(read: Callable[..., Any]) -> None:
    data = docx("<w:p><w:r><w:t>" + "كلمة " * 20_000 + "</w:t></w:r></w:p>")
    assert len(data) < 5000
    got = read({"a.docx": data}, max_bytes=50_000)
    assert "unpack to more than 50,000" in got.problems[-1][1]
    assert not read({"a.docx": data}, max_bytes=500_000).problems


def test_a_full_temporary_folder_is_a_problem(read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile.write", fail)
    got = read({"a.docx": SAMPLES["docx"][1], "good.srt": SAMPLES["srt"][1]})
    assert len(got.data) == 1
    assert "No space left on device; free space there, or set TMPDIR" in got.problems[0][1]


BOMBS: dict[str, Callable[[], bytes]] = {
    "a.docx": lambda: docx("", parts={"word/document.xml": "<x>" + " " * (100 << 20)}),
    "b.docx": lambda: docx("<w:p><w:r><w:t>" + "x" * (66 << 20) + "</w:t></w:r></w:p>"),
    "c.docx": lambda: docx("<w:tbl><w:tr>" + "<w:tc/>" * 1_100_000 + "</w:tr></w:tbl>"),
    "d.odt": lambda: odt("<text:p>" + ("x" * 990 + "<text:s text:c='10'/>") * 70_000 + "<text:line-break/></text:p>"),
    "e.epub": lambda: book({"a.xhtml": "<table><tr>" + "<td>x" * 1_100_000}),
    "f.epub": lambda: book({"a.xhtml": "<p id='x'>" * 1_100_000}),
    "g.rtf": lambda: b"{\\rtf1 " + b"{" * 4000 + b"\\cell" * 1_000_000,
    "h.srt": lambda: b"1\n" + b"00:00:01,500 --> 00:00:02,000\nx\n" * 500_000,
    "i.eml": lambda: b"From: x\nSubject: x\n\n" + "\U0001f600\n".encode() * (5 << 20),
    "j.mbox": lambda: b"From a@b Tue Jul 21 02:51:32 2015\nFrom: x\n\n" + b" \n" * (40 << 20),
}


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is that of Linux")
@pytest.mark.parametrize("name", BOMBS)
def test_memory_stays_under_512_mb(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BOMBS[name]())
    code = (
        "import sys; from arsearch.readers import read_articles\n"
        "for record in read_articles(sys.argv[1]): print(record.problem or 'read')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20)),
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stdout
