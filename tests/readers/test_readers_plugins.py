"""Readers of other distributions: found by entry points, only where no built-in reader fits, and harmless if broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import arsearch
from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers import FORMATS, Reader
from arsearch.readers.content import Content
from arsearch.readers.sources import Source, sources_of

BUILT_IN_FORMATS = ", ".join(FORMATS)
MODULE = """
from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers import Reader

def read_zst(content):
    data = b"".join(content.stream)
    if b"encrypted" in data:
        raise InputError("the file is encrypted")
    yield Record(content.name, {"id": content.source.id, "title": data[5:].decode()})

def read_sgml(content):
    for line in content.lines:
        text = content.decoder.decode(line)
        yield Record(f"{content.name}:{content.lines.number}", content.columns.rename({"docno": "1", "text": text[5:]}))

def read_database(content):
    table = content.source.location.partition("#")[2]
    yield Record(f"{content.name} (row 1)", {"id": "1", "title": table})

ZST = Reader(name="zst", label="ZST", suffixes=(".zst",), binary=True, read=read_zst,
             sniff=lambda content: 1.0 if content.stream.head.startswith(b"(\\xb5/\\xfd") else 0.0)
SGML = Reader(name="sgml", label="SGML", suffixes=(".sgml", ".csv"), read=read_sgml,
              sniff=lambda content: 0.8 if content.head.startswith("<DOC>") else 0.0)
DATABASE = Reader(name="database", label="a database", schemes=("mongodb", "mongodb2"), read=read_database)
OTHER_SGML = Reader(name="a-sgml", label="another SGML", suffixes=(".sgml",), read=read_sgml)
NOT_A_READER = 7
"""
READERS = {
    "zst": "their_readers:ZST",
    "sgml": "their_readers:SGML",
    "database": "their_readers:DATABASE",
}

CHILD = """
import json, sys
import arsearch
from arsearch.errors import ArsearchError
messages, records = [], []
try:
    for record in arsearch.read_articles(json.loads(sys.argv[1]), on_guess=messages.append, **json.loads(sys.argv[2])):
        records.append([record.where, record.data, record.problem])
except ArsearchError as error:
    records.append(["raised", None, f"{type(error).__name__}: {error}"])
imported = [name for name in ("importlib.metadata", "their_readers") if name in sys.modules]
print(json.dumps([records, messages, imported]))
"""


class Read(NamedTuple):
    """What a process of its own read: (where, data, problem) of the records, messages, and modules it imported."""

    records: list[list[Any]]
    messages: list[str]
    imported: list[str]

    @property
    def problems(self) -> list[str]:
        return [problem for _, _, problem in self.records if problem]


def install(folder: Path, entry_points: Mapping[str, str], name: str = "their-readers") -> None:
    """Make `folder`, once it is on the path, hold a distribution with these readers."""
    info = folder / f"{name.replace('-', '_')}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    lines = "".join(f"{key} = {value}\n" for key, value in entry_points.items())
    (info / "entry_points.txt").write_text(f"[arsearch.readers]\n{lines}")
    (folder / "their_readers.py").write_text(MODULE)


def environment(site: Path) -> dict[str, str]:
    path = os.pathsep.join([str(site), str(Path(arsearch.__file__).parents[1])])
    return os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1"}


def read(site: Path, files: Mapping[str, bytes], *paths: str, **options: Any) -> Read:
    """Write the files, and read them, or `paths`, in a process of its own that has `site` on its path."""
    work = site.parent / "work"
    work.mkdir(exist_ok=True)
    for name, data in files.items():
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_bytes(data)
    command = [sys.executable, "-c", CHILD, json.dumps(paths or list(files)), json.dumps(options)]
    done = subprocess.run(command, cwd=work, env=environment(site), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return Read(*json.loads(done.stdout))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    install(tmp_path / "site", READERS)
    return tmp_path / "site"


GOOD = '{"id": "1", "title": "خبر"}\n'.encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", GOOD),
        ("a.json", b"[" + GOOD + b"]"),
        ("a.csv", b"id,title\n1,x\n"),
        ("a.tsv.gz", b"id\ttitle\n1\tx\n"),
        ("a.txt", b"<DOC> x"),
        ("noname", GOOD * 2),
        ("d/0251", "حدثنا محمد قال حدثنا".encode()),
    ],
)
def test_no_entry_point_is_looked_up_where_a_built_in_reader_fits(site: Path, name: str, data: bytes) -> None:
    for options in ({}, {"format": "text"}):
        got = read(site, {name: data}, name.partition("/")[0], **options)
        assert got.imported == []
        assert not got.problems


def test_a_suffix_that_is_refused_otherwise_goes_to_its_plugin(site: Path) -> None:
    got = read(
        site, {"d/a.zst": b"(\xb5/\xfd-" + "نص".encode(), "d/b.zst": b"(\xb5/\xfd-encrypted", "d/c.jsonl": GOOD}, "d"
    )
    assert got.records == [
        ["d/a.zst", {"id": "a.zst", "title": "نص"}, None],
        ["d/b.zst", None, "the file is encrypted"],
        ["d/c.jsonl:1", {"id": "1", "title": "خبر"}, None],
    ]
    assert got.messages == [
        "d/a.zst: ZST (said once for all .zst files in d)",
        "d/c.jsonl: JSON lines, UTF-8 (said once for all .jsonl files in d)",
    ]


def test_an_unknown_suffix_goes_to_its_plugin_with_encodings_and_columns(site: Path) -> None:
    got = read(site, {"a.SGML": "<DOC>نص".encode("utf-16")})
    assert got.records == [["a.SGML:1", {"id": "1", "body": "نص"}, None]]
    assert got.messages == ["a.SGML: SGML, UTF-16", "a.SGML: 'docno' is read as id", "a.SGML: 'text' is read as body"]


def test_content_that_every_built_in_reader_refuses_goes_to_a_plugin_that_recognises_it(site: Path) -> None:
    assert read(site, {"noname": b"(\xb5/\xfd-x"}).records == [["noname", {"id": "noname", "title": "x"}, None]]
    assert "not a known type" in read(site, {"d/a.py": b"print()", "d/b.jsonl": GOOD}, "d").problems[0]


def test_a_plugin_competes_for_the_content_of_files_with_an_unknown_suffix(site: Path) -> None:
    got = read(site, {"a.dump": b"<DOC>x", "b.dump": b"plain text", "c.dump": GOOD * 2})
    assert [message.partition(": ")[2] for message in got.messages if "read as" not in message] == [
        "SGML, UTF-8",
        "text, UTF-8",
        "JSON lines, UTF-8",
    ]


def test_a_built_in_reader_comes_before_a_plugin_and_plugins_are_ordered_by_name(site: Path) -> None:
    assert read(site, {"a.csv": b"id,title\n1,x\n"}).messages[0] == "a.csv: CSV separated by commas, UTF-8"
    install(site, {"a-sgml": "their_readers:OTHER_SGML"}, name="zz-readers")
    assert read(site, {"a.sgml": b"<DOC>x"}).messages[0] == "a.sgml: another SGML, UTF-8"


def test_of_two_plugins_with_one_name_the_first_distribution_wins(site: Path) -> None:
    install(site, {"sgml": "missing_module:SGML"}, name="zz-readers")
    assert read(site, {"a.sgml": b"<DOC>x"}).messages[0] == "a.sgml: SGML, UTF-8"


def test_a_plugin_is_named_by_format(site: Path) -> None:
    got = read(site, {"a.csv": b"<DOC>x"}, format="sgml")
    assert got.records == [["a.csv:1", {"id": "1", "body": "x"}, None]]


def test_an_unknown_format_lists_the_built_in_ones_and_the_plugins(site: Path) -> None:
    [problem] = read(site, {"a.txt": b"x"}, format="xml").problems
    assert problem == f"InputError: unknown format 'xml'; known: {BUILT_IN_FORMATS}, database, sgml, zst"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("missing_module:READER", "ModuleNotFoundError: No module named 'missing_module'"),
        ("their_readers:MISSING", "AttributeError: module 'their_readers' has no attribute 'MISSING'"),
        (
            "their_readers:NOT_A_READER",
            "TypeError: their_readers:NOT_A_READER is a int, not an arsearch.readers.Reader",
        ),
        ("their_readers:ZST", "ValueError: its reader has another name, 'zst'"),
    ],
)
def test_a_plugin_that_fails_to_load_is_named_and_spares_the_rest(site: Path, value: str, reason: str) -> None:
    install(site, {"broken": value}, name="broken-readers")
    failure = f"the reader plug-in 'broken' of broken-readers 1.2 cannot be loaded ({reason}); update or uninstall"

    assert failure in read(site, {"a.txt": b"x"}, format="broken").problems[0]

    files = {"a.jsonl": GOOD, "b.zst": b"(\xb5/\xfd-x", "c.xlsx": b"PK", "d.log": b"x"}
    got = read(site, files)
    assert [where for where, data, _ in got.records if data] == ["a.jsonl:1", "b.zst", "d.log"]
    assert got.problems[0].startswith("a spreadsheet or drawing is not read")
    assert failure in got.problems[0]
    assert any(message.startswith("d.log: ") and failure in message for message in got.messages)


def test_a_location_goes_to_the_plugin_of_its_scheme(site: Path) -> None:
    got = read(site, {"a.jsonl": GOOD}, "MongoDB:///x.db#news", "a.jsonl", "https://x.org/a.jsonl")
    assert [(where, data) for where, data, _ in got.records] == [
        ("MongoDB:///x.db#news (row 1)", {"id": "1", "title": "news"}),
        ("a.jsonl:1", {"id": "1", "title": "خبر"}),
        ("https://x.org/a.jsonl", None),
    ]
    [problem] = got.problems
    assert problem.startswith(
        "no reader reads https:// locations; known schemes: cockroachdb, duckdb, mariadb, mongodb, "
    )
    assert got.messages[0] == "MongoDB:///x.db#news: a database"


@pytest.mark.parametrize("options", [{}, {"format": "csv"}, {"format": "sgml"}])
def test_an_unknown_scheme_is_an_error_at_once(site: Path, options: dict[str, str]) -> None:
    [problem] = read(site, {}, "https://x.org/a.jsonl", **options).problems
    assert problem.startswith("InputError: https://x.org/a.jsonl: no reader reads https:// locations")


def test_without_plugins_the_error_says_so() -> None:
    with pytest.raises(InputError, match="no reader reads nothing:// locations; known schemes: "):
        arsearch.read_articles("nothing://x")


@pytest.mark.parametrize("name", ["a:b.txt", "c:", "sqlite:", "http:/x.txt", "sqlite://a.txt"])
def test_names_with_a_colon_are_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("نص")
    [source] = sources_of(name)
    assert source.path == Path(name)
    assert [record.data["body"] for record in arsearch.read_articles(name) if record.data] == ["نص"]


def test_the_command_line_names_built_in_formats_and_takes_a_plugin(site: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "arsearch", "index", *arguments]
        return subprocess.run(
            command, cwd=site.parent, env=environment(site), capture_output=True, encoding="utf-8", check=False
        )

    (site.parent / "a.txt").write_text("<DOC>نص", encoding="utf-8")
    assert BUILT_IN_FORMATS in " ".join(run("--help").stdout.split())
    assert run("a.txt", "--format", "sgml").stdout.startswith("1 added")
    done = run("a.txt", "--format", "xml")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        f"Error: Invalid value for '--format': unknown format 'xml'; known: {BUILT_IN_FORMATS}, database, sgml, zst",
    )


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"suffixes": ("pdf",)}, "suffix 'pdf'"),
        ({"suffixes": (".PDF",)}, "such as .csv"),
        ({"schemes": ("a:",)}, "'a:'"),
    ],
)
def test_a_malformed_reader_is_refused_where_it_is_defined(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Reader(name="x", label="X", read=lambda content: [], **options)


def test_a_reader_can_be_tried_without_being_registered(tmp_path: Path) -> None:
    (tmp_path / "a.x").write_text("خبر\nنص\n", encoding="utf-8")
    content = Content(Source("a.x", tmp_path / "a.x", "a.x"))
    reader = Reader(name="x", label="X", read=lambda content: [Record(content.name, {"n": len([*content.lines])})])
    assert [record.data for record in reader.read(content)] == [{"n": 2}]
    assert reader.describe_content(content) == "X, UTF-8"
