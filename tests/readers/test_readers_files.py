"""Paths, folders, compression, formats and standard input: which files are read, reported and refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import sqlite3
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import document_samples
import pytest

from arsearch.errors import InputError
from arsearch.readers import read_articles
from arsearch.readers.formats.titles import split_title
from arsearch.readers.streams import CHUNK, StoredChunks, Stream

GOOD = '{"id": "1", "title": "خبر", "body": "نص"}\n'.encode()
PDF = (Path(__file__).parents[1] / "fixtures" / "pdf" / "news.xelatex.pdf").read_bytes()
PACK: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress}


def _database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript("CREATE TABLE a (id, title); INSERT INTO a VALUES (1, 'x')")
        return connection.serialize()


SAMPLES = {
    "sqlite": _database(),
    "openiti": b"######OpenITI#\n#META#Header#End#\n# x",
    "jsonl": GOOD,
    "json": GOOD,
    "csv": b"id,title\n1,x\n",
    "tsv": b"id\ttitle\n1\tx\n",
    "text": b"x",
    "pdf": PDF,
    "html": b"<p>x</p>",
    "mhtml": b"Content-Type: text/html\n\n<p>x</p>",
    "warc": b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x/\r\nContent-Type: application/http\r\n"
    b"Content-Length: 45\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nx\r\n\r\n",
    "feed": b"<rss version='2.0'><channel><item><title>x</title></item></channel></rss>",
    "wordpress": b"<rss><channel><item><title>x</title></item></channel></rss>",
    "whatsapp": b"21/07/2015, 22:30 - x: y",
    "mediawiki": b"<mediawiki><page><title>x</title><id>1</id></page></mediawiki>",
    **{format: data for format, (_, data) in document_samples.SAMPLES.items()},
}
"""A file of each format."""

LIBRARIES = {
    "pdf": "pypdfium2",
    "html": "trafilatura",
    "mhtml": "trafilatura",
    "warc": "warcio",
    "feed": "feedparser",
    "mediawiki": "mwparserfromhell",
}
"""The formats that are read with an extra, and the library of each."""


def set_stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize("pack", PACK)
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", GOOD),
        ("a.json", b"[" + GOOD + b"]"),
        ("a.csv", "id,title,body\n1,خبر,نص\n".encode()),
        ("a.tsv", "id\ttitle\tbody\n1\tخبر\tنص\n".encode()),
    ],
)
def test_every_format_is_read_compressed_and_plain(read: Callable[..., Any], name: str, data: bytes, pack: str) -> None:
    got = read({name: data, name + pack: PACK[pack](data), "misnamed-" + name: PACK[pack](data)})
    assert got.data == [{"id": "1", "title": "خبر", "body": "نص"}] * 3
    assert not got.problems


@pytest.mark.parametrize("pack", PACK.values())
def test_concatenated_members_with_padding_are_one_file(
    read: Callable[..., Any], pack: Callable[[bytes], bytes]
) -> None:
    assert len(read({"a.jsonl.gz": pack(GOOD) + bytes(8) + pack(GOOD) + bytes(4)}).data) == 2


@pytest.mark.parametrize(
    ("pack", "lines"),
    [(gzip.compress, 3), (lzma.compress, 3), *((pack, 100_000) for pack in PACK.values())],  # bzip2 has large blocks
)
def test_a_truncated_compressed_file_yields_its_good_lines_then_a_problem(
    read: Callable[..., Any], pack: Callable[[bytes], bytes], lines: int
) -> None:
    data = b"".join(b'{"id": "%d", "title": "%d"}\n' % (n, n * n) for n in range(lines))
    packed = pack(data)
    got = read({"a.jsonl.gz": packed[: len(packed) - 20]})
    assert [article["id"] for article in got.data] == [str(n) for n in range(len(got.data))]
    assert len(got.data) > lines // 2 or lines == 3
    assert "cut short" in got.problems[0][1]
    assert len(got.problems) == 1
    if got.data:
        assert got.problems[0][0] == f"a.jsonl.gz:{len(got.data) + 1}"


@pytest.mark.parametrize("pack", PACK.values())
def test_a_damaged_compressed_file_is_a_problem(read: Callable[..., Any], pack: Callable[[bytes], bytes]) -> None:
    packed = bytearray(pack(GOOD * 1000))
    packed[-12:-4] = b"\xff" * 8
    got = read({"good.jsonl": GOOD, "a.jsonl.gz": bytes(packed)})
    assert got.problems


def test_garbage_after_a_compressed_file_is_a_problem_after_its_articles(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl.gz": gzip.compress(GOOD) + b"garbage"})
    assert len(got.data) == 1
    assert "damaged" in got.problems[0][1]


@pytest.mark.parametrize("pack", [bytes, *PACK.values()])
@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "a.json", "a.csv"])
def test_a_bomb_stops_at_max_bytes(read: Callable[..., Any], name: str, pack: Callable[[bytes], bytes]) -> None:
    start = {"a.jsonl": GOOD, "a.txt": b"", "a.json": b"[" + GOOD + b",", "a.csv": b"id,title\n1,x\n"}[name]
    bomb = pack(start + b" " * 3_000_000 + b"x")
    got = read({name: bomb}, max_bytes=100_000)
    assert len(got.data) == (name != "a.txt")
    assert "limit of 100,000 bytes" in got.problems[-1][1]


def test_a_bomb_is_decompressed_in_bounded_pieces() -> None:
    bomb = gzip.compress(bytes(50 * CHUNK))
    pieces = [len(piece) for piece in Stream(StoredChunks(chunk for chunk in [bomb]))]
    assert sum(pieces) == 50 * CHUNK
    assert max(pieces) <= CHUNK


def test_a_file_of_exactly_max_bytes_is_read(read: Callable[..., Any]) -> None:
    assert not read({"a.jsonl": GOOD}, max_bytes=len(GOOD)).problems
    assert read({"a.jsonl": GOOD}, max_bytes=len(GOOD) - 1).problems


def test_xz_that_requests_gigabytes_of_memory_is_refused(read: Callable[..., Any]) -> None:
    packed = bytearray(lzma.compress(GOOD, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 12}]))
    assert packed[14] == 0x21  # LZMA2 in the block header; the code of its dictionary size stands two bytes on
    packed[16] = 39  # 3 GiB
    packed[20:24] = zlib.crc32(bytes(packed[12:20])).to_bytes(4, "little")
    with pytest.raises(InputError, match="Memory usage limit"):
        read({"a.jsonl.xz": bytes(packed)})


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("news.jsonl.xz", lzma.compress(GOOD), "news.jsonl.xz: JSON lines, UTF-8"),
        ("a.ndjson", GOOD, "a.ndjson: JSON lines, UTF-8"),
        ("a.json", b"[" + GOOD + b"]", "a.json: JSON, UTF-8"),
        ("a.csv", b"id;title\n1;x\n", "a.csv: CSV separated by semicolons, UTF-8"),
        ("a.tsv", b"id\ttitle\n1\tx\n", "a.tsv: TSV separated by tabs, UTF-8"),
        ("a.txt", "نص".encode("utf-16"), "a.txt: text, UTF-16"),
        ("noname", GOOD * 2, "noname: JSON lines, UTF-8"),
        ("noname", b"[\n" + GOOD + b"]", "noname: JSON, UTF-8"),
        ("noname", b'{\n"id": "1",\n"title": "x"\n}', "noname: JSON, UTF-8"),
        ("noname", "العنوان,النص\nخبر,نص\n".encode(), "noname: CSV separated by commas, UTF-8"),
        ("noname", b"id\ttitle\n1\tx\n", "noname: TSV separated by tabs, UTF-8"),
        ("noname", "خبر، ونص\n".encode(), "noname: text, UTF-8"),
        ("noname", b"[note] not JSON", "noname: text, UTF-8"),
        ("a.log", b"title, that is all", "a.log: text, UTF-8"),
    ],
)
def test_the_guess_is_reported(read: Callable[..., Any], name: str, data: bytes, expected: str) -> None:
    got = read({name: data})
    assert got.messages[0] == expected
    assert got.data
    assert not got.problems


@pytest.mark.parametrize("format", SAMPLES)
def test_a_named_format_is_not_guessed(read: Callable[..., Any], format: str) -> None:
    if format in LIBRARIES:
        pytest.importorskip(LIBRARIES[format])
    got = read({"a.doc": SAMPLES[format]}, format=format)
    assert got.data
    assert not got.problems


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0", "an office document is not read"),
        ("a.xml", b"<tei>x</tei>", "XML of an unknown kind, with the root <tei>"),
        ("_MAIN_1.toc", b"\x04\x08\x04", "with --from-whoosh"),
        ("a.tar.gz", gzip.compress(b"x", mtime=0), "an archive is not read"),
        ("a.jsonl.zst", b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00", r"Zstandard data \(unpack it first: zstd -d FILE\)"),
        ("noname", b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00", "Zstandard data"),
        ("a.csv.lz4", b"\x04\x22\x4d\x18", "by a program other than gzip, xz and bzip2"),
        ("a.xml", b"<a><b>x</b></a>", "XML of an unknown kind, with the root <a>"),
        ("a.xml", b"<table><row>x</row></table>", "XML of an unknown kind, with the root <table>"),
        ("a.xml", b"", "the file is empty"),
        ("noname", b"PK\x03\x04", "zip archive"),
        ("noname", bytes(range(256)), "not text"),
        ("a.jsonl.gz.gz", gzip.compress(gzip.compress(GOOD, mtime=0), mtime=0), "in itself compressed"),
    ],
)
def test_unknown_kinds_are_refused_alone_and_reported_beside_others(
    read: Callable[..., Any], name: str, data: bytes, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        read({name: data})
    got = read({"good.jsonl": GOOD, name: data})
    assert len(got.data) == 1
    assert got.problems[0][0] == name
    assert re.search(reason, got.problems[0][1])


def test_an_empty_file_is_called_empty_whatever_its_name(read: Callable[..., Any]) -> None:
    empty = ("a", "a.docx", "a.eml", "a.epub", "a.gz", "a.txt", "a.xml")
    got = read({"d/good.jsonl": GOOD, **{f"d/{name}": b"" for name in empty}}, "d")
    assert got.problems == [(f"d/{name}", "the file is empty") for name in empty]


def test_a_folder_is_read_in_order_without_its_hidden_files(read: Callable[..., Any]) -> None:
    files = {
        "d/b.txt": "نص ب".encode(),
        "d/a/z.txt": "نص ز".encode(),
        "d/a/.hidden.txt": b"x",
        "d/.git/a.txt": b"x",
        "d/c.jsonl": GOOD,
        "d/photo.jpg": b"\xff\xd8\xff",
        "d/script.py": b"print('no article')",
        "d/0251.Masail-ara1": "حدثنا محمد قال حدثنا".encode(),
    }
    got = read(files, "d")
    assert [record.where for record in got.records] == [
        "d/0251.Masail-ara1", "d/a/z.txt", "d/b.txt", "d/c.jsonl:1", "d/photo.jpg", "d/script.py"
    ]  # fmt: skip
    assert [article["id"] for article in got.data] == ["0251.Masail-ara1", "a/z.txt", "b.txt", "1"]
    assert [where for where, _ in got.problems] == ["d/photo.jpg", "d/script.py"]


def test_the_same_guess_for_files_of_a_folder_is_reported_once(read: Callable[..., Any]) -> None:
    got = read({f"d/{n}.txt": "نص".encode() for n in range(50)}, "d/")
    assert got.messages == ["d/0.txt: text, UTF-8 (said once for all .txt files in d/)"]


def test_links_to_files_are_followed_and_loops_are_not(read: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "loop").symlink_to(tmp_path / "d")
    (tmp_path / "d" / "gone.txt").symlink_to(tmp_path / "nothing")
    (tmp_path / "outside.txt").write_text("نص")
    (tmp_path / "d" / "in.txt").symlink_to(tmp_path / "outside.txt")
    os.mkfifo(tmp_path / "d" / "pipe")
    got = read({}, "d")
    assert [article["id"] for article in got.data] == ["in.txt"]
    assert [where for where, _ in got.problems] == ["d/gone.txt", "d/pipe"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("x" * 300, "cannot be read: File name too long; check what it links to"),
        ("b.txt", "cannot be read: Too many levels of symbolic links; check what it links to"),
        ("a.txt/x", "cannot be read: Not a directory; check what it links to"),
        ("gone", "not a regular file, or a link to nothing"),
    ],
)
def test_a_link_that_leads_nowhere_is_a_problem_beside_the_others(
    read: Callable[..., Any], tmp_path: Path, target: str, reason: str
) -> None:
    files = {"d/a.txt": "نص".encode(), "d/c.txt": "نص".encode()}
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "b.txt").symlink_to(target)

    got = read(files, "d")

    assert [article["id"] for article in got.data] == ["a.txt", "c.txt"]
    assert got.problems == [("d/b.txt", reason)]


@pytest.mark.skipif(sys.platform == "darwin", reason="file names there are always UTF-8")
def test_odd_names_are_printable_in_where_and_id(read: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "مجلد الأخبار"
    folder.mkdir()
    for name in (b"a\nb.txt", b"caf\xe9.txt", "خبر ١.txt".encode(), b"\x1b[31m.txt"):
        Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_text("نص")  # noqa: PTH118
    got = read({}, "مجلد الأخبار")
    ids = [article["id"] for article in got.data]
    assert sorted(ids) == sorted(["a\\nb.txt", "caf\\udce9.txt", "خبر ١.txt", "\\x1b[31m.txt"])
    assert all(name.isprintable() and name.encode() for name in ids)


@pytest.mark.parametrize("path", ["nothing.jsonl", "no/such/folder", "a\0b", "x" * 5000])
def test_the_only_path_missing_is_an_error_at_once(path: str) -> None:
    with pytest.raises(InputError, match="check the path"):
        read_articles([path])


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "no file to read"),
        ({"d/.x": b""}, "no file to read"),
        ({"d/a.mp3": b"", "d/b.png": b""}, "a.mp3: sound or film is"),
    ],
)
def test_a_folder_with_nothing_to_read_is_an_error_at_once(
    read: Callable[..., Any], tmp_path: Path, files: dict[str, bytes], reason: str
) -> None:
    (tmp_path / "d").mkdir()
    with pytest.raises(InputError, match=reason):
        read(files, "d")


def test_one_of_several_paths_missing_is_a_record(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl": GOOD}, "nothing.txt", "a.jsonl")
    assert len(got.data) == 1
    assert got.problems == [("nothing.txt", "No such file or directory; check the path")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(read: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("نص")
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(InputError, match="no permission"):
        read({}, "a.txt")


def test_a_file_that_fails_to_open_is_an_error_alone_and_a_record_beside_others(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def fail(self: Path, *args: Any, **options: Any) -> Any:
        if self.name == "bad.jsonl":
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **options)

    read({"a.jsonl": GOOD, "bad.jsonl": GOOD})
    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(InputError, match=r"bad\.jsonl: cannot be read: Permission denied"):
        read({}, "bad.jsonl")
    got = read({}, "a.jsonl", "bad.jsonl")
    assert got.problems == [("bad.jsonl", "cannot be read: Permission denied; check the path and its permissions")]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"format": "xml"}, "unknown format 'xml'; known: jsonl"),
        ({"encoding": "klingon"}, "unknown encoding"),
        ({"mapping": {"body": ""}}, "cannot map 'body' to ''"),
        ({"max_bytes": 0}, "at least 1"),
    ],
)
def test_wrong_options_are_errors_at_once(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_articles(["-"], **options)


def test_no_path_is_an_error() -> None:
    with pytest.raises(InputError, match="nothing to read"):
        read_articles([])


@pytest.mark.parametrize(
    "data",
    [GOOD, gzip.compress(GOOD, mtime=0), lzma.compress(GOOD), b"[" + GOOD + b"]", "id,title,body\n1,خبر,نص\n".encode()],
    ids=["jsonl", "gz", "xz", "json", "csv"],
)
def test_the_first_bytes_tell_the_format_of_standard_input(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    set_stdin(monkeypatch, data)
    got = read({}, "-")
    assert got.data == [{"id": "1", "title": "خبر", "body": "نص"}]
    assert got.records[0].where.startswith("stdin:")
    assert not sys.stdin.closed


def test_empty_or_missing_standard_input_is_a_problem(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_stdin(monkeypatch, b"")
    assert read({}, "-").problems == [("stdin", "nothing came on standard input")]
    monkeypatch.setattr(sys, "stdin", None)
    assert "no standard input" in read({}, "-").problems[0][1]


def test_reading_is_lazy(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(GOOD * 200_000)
    records = read_articles(tmp_path / "a.jsonl")
    assert isinstance(records, Iterator)
    assert records.position == 0
    assert next(records).where.endswith(":1")
    assert 0 < records.position <= CHUNK < (tmp_path / "a.jsonl").stat().st_size
    records.close()
    assert list(records) == []


@pytest.mark.parametrize(
    ("data", "max_bytes"),
    [(GOOD * 20_000, None), (GOOD * 20_000, 10), (b"\x1f\x8b\x08" + bytes(1 << 20), None)],
    ids=["stopped", "failed", "failed at the first byte"],
)
def test_a_file_is_closed_when_reading_stops_and_when_it_fails(
    data: bytes, max_bytes: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_bytes(data)
    opened: list[IO[Any]] = []
    real_open = Path.open

    def remembered(path: Path, *args: Any, **options: Any) -> IO[Any]:
        opened.append(real_open(path, *args, **options))
        return opened[-1]

    monkeypatch.setattr(Path, "open", remembered)
    records = read_articles([tmp_path / "a.jsonl", tmp_path / "missing"], max_bytes=max_bytes)
    next(records)
    if data.startswith(GOOD) and max_bytes is None:
        records.close()
    else:
        assert [record.data for record in records] == [None]  # of the missing file

    assert opened
    assert all(file.closed for file in opened)


@pytest.mark.parametrize(
    ("name", "start", "row", "end"),
    [
        ("a.jsonl.gz", b"", b'{"id": "1", "title": "%s"}\n', b""),
        ("a.json.gz", b"[", b'{"id": "1", "title": "%s"},', b"]"),
        ("a.csv.xz", b"id,title\n", b'1,"%s"\n', b""),
    ],
)
def test_memory_does_not_grow_with_the_file(tmp_path: Path, name: str, start: bytes, row: bytes, end: bytes) -> None:
    path = tmp_path / name
    data = start + row % (b"x" * 2000) * 10_000 + end
    path.write_bytes(gzip.compress(data, 1) if name.endswith("gz") else lzma.compress(data, preset=0))
    tracemalloc.start()
    try:
        assert sum(record.data is not None for record in read_articles(path)) == 10_000
        assert tracemalloc.get_traced_memory()[1] < len(data) / 3
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        pytest.param("عنوان\n\nنص\nثان", "عنوان", "نص\nثان", id="blank_line"),
        pytest.param("عنوان\nنص", "عنوان", "نص", id="text_follows"),
        pytest.param("\n \n عنوان \n\n\n  نص\n\n", "عنوان", "  نص", id="blank_lines_around"),
        pytest.param("نص وحيد", "", "نص وحيد", id="one_line"),
        pytest.param("نص وحيد\n\n", "", "نص وحيد", id="one_line_and_blanks"),
        pytest.param("بدأ الكلام،\nثم استمر", "", "بدأ الكلام،\nثم استمر", id="goes_on"),
        pytest.param("كلمة " * 30 + "\nنص", "", "كلمة " * 30 + "\nنص", id="too_long_before_text"),
        pytest.param("كلمة " * 30 + "\n\nنص", "كلمة " * 29 + "كلمة", "نص", id="long_before_blank"),
        pytest.param("كلمة " * 60 + "\n\nنص", "", "كلمة " * 60 + "\n\nنص", id="too_long_before_blank"),
        pytest.param("باب البحر\nنص\n\nباب النهر\nنص", "", "باب البحر\nنص\n\nباب النهر\nنص", id="a_first_section"),
        pytest.param(
            "\n باب البحر\n\nنص\n\nكتاب النهر\nنص\n", "", " باب البحر\n\nنص\n\nكتاب النهر\nنص", id="a_section_of_less"
        ),
        pytest.param("كتاب البحر\n\nباب الموج\nنص", "كتاب البحر", "باب الموج\nنص", id="a_heading_above_all"),
        pytest.param("باب البحر\n\nنص", "باب البحر", "نص", id="a_single_heading"),
        pytest.param("باب البحر\n\n# نص\nنص\n# ثان\nنص", "باب البحر", "# نص\nنص\n# ثان\nنص", id="headings_of_markdown"),
        pytest.param("", "", "", id="empty"),
        pytest.param(" \n\n", "", "", id="blank"),
    ],
)
def test_the_title_of_a_text(text: str, title: str, body: str) -> None:
    assert split_title(text) == (title, body)


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "empty"), (b" \n", "empty"), ("\ufeff".encode(), "empty"), (b"a\0b", "NUL")]
)
def test_texts_without_text_are_problems(read: Callable[..., Any], data: bytes, reason: str) -> None:
    assert reason in read({"a.txt": data}).problems[0][1]


def test_the_path_of_a_text_is_its_id(read: Callable[..., Any]) -> None:
    assert read({"d/e/a.txt": "نص".encode()}, "d").data[0]["id"] == "e/a.txt"
    assert read({}, "d/e/a.txt").data[0]["id"] == "a.txt"


@pytest.mark.parametrize(
    ("line", "title"),
    [("# كتاب الماء", "كتاب الماء"), ("## كتاب ##", "كتاب"), ("#وسم", "#وسم"), ("# لغة C#", "لغة C#"), ("# #", "#")],
)
def test_the_signs_of_a_markdown_heading_are_no_part_of_the_title(tmp_path: Path, line: str, title: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(f"{line}\n\nنص الكتاب.\n", encoding="utf-8")
    (record,) = read_articles([file])
    assert record.data is not None
    assert record.data["title"] == title
