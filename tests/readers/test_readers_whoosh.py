"""A native Whoosh index, read without Whoosh: every stored field is read, and nothing of the folder is run."""

from __future__ import annotations

import base64
import datetime as dt
import importlib.util
import json
import os
import pickle
import random
import shutil
import struct
import subprocess
import sys
import types
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import whoosh.columns
import whoosh.index
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.analysis import Filter, StandardAnalyzer
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.fields import BOOLEAN, DATETIME, ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

import arsearch
from arsearch.errors import (
    ArsearchError,
    CorruptIndexError,
    IndexNotFoundError,
    IndexVersionError,
    InputError,
    NotAnIndexError,
)
from arsearch.index.store.directory import FSDirectory
from arsearch.model import Record
from arsearch.readers.whoosh.pickle_values import json_value


def read(folder: Path | str, **options: Any) -> list[Record]:
    return list(arsearch.read_whoosh(folder, on_guess=lambda _: None, **options))


def data_of(records: Iterable[Record]) -> list[dict[str, Any]]:
    return [dict(record.data) for record in records if record.data is not None]


def problems_of(records: Iterable[Record]) -> list[tuple[str, str]]:
    return [(record.where, record.problem) for record in records if record.problem is not None]


def expected(value: Any) -> Any:
    """Return what a stored value becomes, by a second implementation."""
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: expected(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [expected(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(expected, value))
    return value


# Equal to what Whoosh reads

ZONES = st.none() | st.timedeltas(dt.timedelta(hours=-23), dt.timedelta(hours=23)).map(dt.timezone)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | st.binary(max_size=20).map(bytearray)
    | st.dates()
    | st.times(timezones=ZONES)
    | st.datetimes(timezones=ZONES)
    | st.decimals()
)
VALUES_STORED = st.recursive(
    SCALARS | st.sets(st.just(1)) | st.frozensets(st.just("كتاب")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3).map(OrderedDict)
    ),
    max_leaves=12,
)
DOCUMENTS = st.lists(
    st.fixed_dictionaries(
        {"title": st.text(st.characters(exclude_categories=["Cs"]), min_size=1)},
        optional={
            "body": st.text(max_size=200),
            "price": st.decimals(-1000, 1000, places=2),
            "count": st.integers(-1000, 1000),
            "date": st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)),
            "free": st.booleans(),
            "court": st.text(max_size=5),
            "more": VALUES_STORED,
        },
    ),
    max_size=8,
)
FIELDS = {
    "body": TEXT(stored=True, spelling=True),
    "price": NUMERIC(Decimal, decimal_places=2, stored=True),
    "count": NUMERIC(stored=True, sortable=True),
    "date": DATETIME(stored=True),
    "free": BOOLEAN(stored=True),
    "court": KEYWORD(stored=True, lowercase=True),
    "more": STORED(),
}


@settings(max_examples=15)
@given(
    segments=st.lists(st.tuples(DOCUMENTS, st.booleans()), max_size=3),
    gone=st.sets(st.integers(0, 23)),
    names=st.sets(st.sampled_from(sorted(FIELDS))),
)
def test_every_document_that_whoosh_reads_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    segments: list[tuple[list[dict[str, Any]], bool]],
    gone: set[int],
    names: set[str],
) -> None:
    folder = tmp_path_factory.mktemp("whoosh")
    schema = Schema(id=ID(stored=True), title=TEXT(stored=True), **{name: FIELDS[name] for name in names})
    index = whoosh.index.create_in(str(folder), schema)
    count = 0
    for documents, compound in segments:
        writer = index.writer()
        writer.compound = compound
        for document in documents:
            writer.add_document(id=str(count), **{k: v for k, v in document.items() if k in names or k == "title"})
            count += 1
        writer.commit(merge=False)
    writer = index.writer()
    for number in gone:
        if number < count:
            writer.delete_document(number)
    writer.commit(merge=False)

    with index.reader() as reader:
        stored = {f"{folder} (document {number})": expected(fields) for number, fields in reader.iter_docs()}
    assert {record.where: record.data for record in read(folder)} == stored
    assert len(stored) == count - len(gone & set(range(count)))
    shutil.rmtree(folder)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a native Whoosh index: five documents in two segments, the second not compound, document 1 deleted."""
    folder = tmp_path / "old"
    folder.mkdir()
    schema = Schema(path=ID(stored=True, unique=True), content=TEXT(stored=True), tags=STORED, extra=STORED)
    index = whoosh.index.create_in(str(folder), schema)
    for numbers, compound in (((0, 1, 2), True), ((3, 4), False)):
        writer = index.writer()
        writer.compound = compound
        for number in numbers:
            writer.add_document(
                path=f"p{number}", content=f"نص المقال {number}", tags="أدب، لغة", extra=[number, b"\xff"]
            )
        writer.commit(merge=False)
    index.delete_by_term("path", "p1")
    assert {file.suffix for file in folder.iterdir()} >= {".toc", ".seg", ".col"}
    return folder


def test_columns_are_renamed_and_guesses_are_reported(old: Path) -> None:
    messages: list[str] = []
    records = list(arsearch.read_whoosh(old, mapping={"id": "path"}, on_guess=messages.append))

    assert data_of(records) == [
        {"id": f"p{n}", "body": f"نص المقال {n}", "tags": ["أدب", "لغة"], "extra": [n, "/w=="]} for n in (0, 2, 3, 4)
    ]
    assert [record.where for record in records] == [f"{old} (document {n})" for n in (0, 2, 3, 4)]
    assert messages[0].startswith(f"{old}: a native Whoosh index, whose files are pickles")
    assert messages[1:] == [
        f"{old}: Whoosh {'.'.join(map(str, whoosh.__version__[:3]))}, index 'MAIN', documents: 4",
        f"{old}: 'content' is read as body",
        f"{old}: bytes of 'extra' that are not UTF-8 become base64",
    ]


def test_without_on_guess_the_caller_gets_a_warning(old: Path) -> None:
    with pytest.warns(UserWarning, match="native Whoosh index") as caught:
        records = arsearch.read_whoosh(old, mapping={"id": "path"})
    assert caught[0].filename == __file__
    assert len(data_of(records)) == 4


def test_without_an_id_the_problem_names_the_fields_that_can_be_mapped(old: Path) -> None:
    problems = problems_of(read(old))

    assert len(problems) == 4
    assert all(
        "such as id=path; the stored fields are 'content', 'extra', 'path', 'tags'" in why for _, why in problems
    )


def test_its_records_are_added_like_any_others(old: Path, tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "new", create=True) as index:
        report = index.add(arsearch.read_whoosh(old, mapping={"id": "path"}, on_guess=lambda _: None))
        assert (report.added, report.failures) == (4, 0)
        assert sorted(hit.id for hit in index.search("المقال")) == ["p0", "p2", "p3", "p4"]
        article = index.get("p3")
        assert article is not None
        assert (article.tags, article.extra) == (("أدب", "لغة"), {"extra": [3, "/w=="]})


def test_offsets_after_the_lengths_are_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh.columns.VarBytesColumn.Writer.__init__, "__defaults__", (True, 2))  # else 32,768
    index = whoosh.index.create_in(str(tmp_path), Schema(id=ID(stored=True), title=TEXT(stored=True)))
    with index.writer() as writer:
        writer.compound = False
        for number in range(300):
            writer.add_document(id=str(number), title="عنوان " * number)
    (column,) = tmp_path.glob("*._stored.col")
    assert column.read_bytes().endswith(b"X")

    with index.reader() as reader:
        assert data_of(read(tmp_path)) == [fields for _, fields in reader.iter_docs()]


def test_classes_of_the_schema_need_not_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Theirs(Filter):  # type: ignore[misc]
        def __call__(self, tokens: Any) -> Any:
            return tokens

    module = types.ModuleType("their_module")
    Theirs.__module__, Theirs.__qualname__ = module.__name__, "Theirs"
    module.Theirs = Theirs  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "their_module", module)
    schema = Schema(id=ID(stored=True), title=TEXT(StandardAnalyzer() | Theirs(), stored=True))
    with whoosh.index.create_in(str(tmp_path), schema).writer() as writer:
        writer.add_document(id="1", title="عنوان")
    monkeypatch.delitem(sys.modules, "their_module")

    assert b"their_module" in (tmp_path / "_MAIN_1.toc").read_bytes()
    assert importlib.util.find_spec("their_module") is None
    assert data_of(read(tmp_path)) == [{"id": "1", "title": "عنوان"}]


def test_a_writer_at_work_does_not_disturb_reading(old: Path) -> None:
    index = whoosh.index.open_dir(str(old))
    writer = index.writer()
    writer.add_document(path="uncommitted", content="نص")

    assert len(data_of(read(old, mapping={"id": "path"}))) == 4

    records = arsearch.read_whoosh(old, mapping={"id": "path"}, on_guess=lambda _: None)
    writer.commit(optimize=True)  # deletes the files that `records` will read
    assert len(data_of(records)) == 4
    assert len(data_of(read(old, mapping={"id": "path"}))) == 5


@pytest.mark.parametrize("look", [1, 2])
def test_a_commit_while_files_are_opened_makes_opening_start_again(
    old: Path, monkeypatch: pytest.MonkeyPatch, look: int
) -> None:
    """The listed table of contents, or a segment that it names, is deleted before it is read."""
    index = whoosh.index.open_dir(str(old))
    real = FSDirectory.read
    looks = []

    def committed_before(storage: FSDirectory, name: str) -> memoryview:
        looks.append(name)
        if len(looks) == look:
            index.optimize()
        return real(storage, name)

    monkeypatch.setattr(FSDirectory, "read", committed_before)
    assert len(data_of(read(old, mapping={"id": "path"}))) == 4
    assert len(looks) > look


def test_whoosh_itself_is_not_imported(old: Path) -> None:
    code = (
        "import sys, arsearch\n"
        "print(len([r for r in arsearch.read_whoosh(sys.argv[1], on_guess=print) if r.where]))\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'whoosh']\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(old)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "4"), done.stderr


# Anything but a Whoosh index


def toc(segments: bytes, *, version: int = -111, schema: bytes = b"never looked at", generation: int = 1) -> bytes:
    head = b"\x04\x08\x04" + struct.pack(">ii", -12345, version) + b"\x02\x07\x04"
    return head + bytes([len(schema)]) + schema + struct.pack(">ii", generation, 0) + segments


def listing(docs: int, deleted: Iterable[int] = (), times: int = 1, **more: Any) -> bytes:
    segment = W3Segment(W3Codec(), "MAIN")
    segment.segid, segment._doccount, segment._deleted = "abc", docs, set(deleted)
    segment.__dict__.update(more)
    return pickle.dumps([segment] * times)


def column(packed: list[bytes]) -> bytes:
    return b"".join(packed) + struct.pack(f">{len(packed)}I", *map(len, packed)) + b"I"


def forged(folder: Path, *pickles: bytes) -> Path:
    """Return an index whose documents have these pickles as their stored fields."""
    folder.mkdir()
    (folder / "_MAIN_1.toc").write_bytes(toc(listing(len(pickles))))
    (folder / "MAIN_abc._stored.col").write_bytes(column([zlib.compress(each) for each in pickles]))
    return folder


GOOD = {"id": "1", "title": "عنوان"}


def test_a_forged_index_is_read(tmp_path: Path) -> None:
    folder = forged(tmp_path / "old", *(pickle.dumps(GOOD, protocol) for protocol in (2, 3, 4, 5)), b"")
    records = read(folder)

    assert data_of(records) == [GOOD] * 4
    assert problems_of(records) == [
        (
            f"{folder} (document 4)",
            "no id, or neither title nor body; map them, such as id=path; the stored fields are none",
        )
    ]
    (folder / "MAIN_abc._stored.col").write_bytes(column([zlib.compress(pickle.dumps(GOOD)), b""]))
    (folder / "_MAIN_1.toc").write_bytes(toc(listing(2, deleted=[1])))
    assert [record.data for record in read(folder)] == [GOOD]


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda folder: shutil.rmtree(folder), IndexNotFoundError, "there is no folder"),
        (lambda folder: [f.unlink() for f in folder.glob("*.toc")], NotAnIndexError, "no commit left a table of contents"),
        (lambda folder: (folder / "_OTHER_1.toc").touch(), NotAnIndexError, "the Whoosh indexes 'MAIN', 'OTHER'; give the name"),
        (lambda folder: write_toc(folder, toc(listing(1), version=-110)), IndexVersionError, "version -110.*optimize"),
        (lambda folder: write_toc(folder, toc(listing(1), generation=7)), CorruptIndexError, "another generation"),
        (lambda folder: write_toc(folder, b"\x04\x04\x04" + toc(listing(1))[3:]), CorruptIndexError, "another kind of machine"),
        (lambda folder: write_toc(folder, b""), CorruptIndexError, "cannot be read"),
        (lambda folder: write_toc(folder, toc(listing(1) * 2)[:-9]), None, ""),
        (lambda folder: write_toc(folder, toc(listing(1, segid="../abc"))), CorruptIndexError, "name of a segment: '../abc'"),
        (lambda folder: write_toc(folder, toc(listing(1, indexname="../MAIN"))), CorruptIndexError, "name of a segment"),
        (lambda folder: write_toc(folder, toc(listing(-1))), CorruptIndexError, "number of documents: -1"),
        (lambda folder: write_toc(folder, toc(listing(1, [1]))), CorruptIndexError, "a deleted document"),
        (lambda folder: write_toc(folder, toc(listing(1, times=2))), CorruptIndexError, "names a segment twice"),
        (lambda folder: write_toc(folder, toc(pickle.dumps({}))), CorruptIndexError, "does not list segments"),
        (lambda folder: write_toc(folder, toc(pickle.dumps(["x"]))), CorruptIndexError, "name of a segment"),
        (lambda folder: write_toc(folder, toc(listing(1).replace(b"oosh3", b"oosh2"))), CorruptIndexError, "oosh2.W3Segment"),
        (lambda folder: write_toc(folder, toc(b"\x80\x02]" + b"N0" * 600_000 + b".")), CorruptIndexError, "1,000,000 opcodes"),
        (lambda folder: write_toc(folder, bytes(17 << 20)), CorruptIndexError, "17,825,792 bytes"),
        (lambda folder: relink(folder, "_MAIN_1.toc"), CorruptIndexError, "symbolic link"),
        (lambda folder: repipe(folder, "_MAIN_1.toc"), CorruptIndexError, "not a regular file"),
    ],
)  # fmt: skip
def test_anything_but_a_whoosh_index_is_refused_at_once(
    tmp_path: Path, spoil: Callable[[Path], object], error: type[ArsearchError] | None, message: str
) -> None:
    folder = forged(tmp_path / "old", pickle.dumps(GOOD))
    spoil(folder)

    if error is None:
        assert data_of(read(folder)) == [GOOD]
        return
    with pytest.raises(error, match=message):
        arsearch.read_whoosh(folder, on_guess=lambda _: None)


def write_toc(folder: Path, data: bytes) -> None:
    (folder / "_MAIN_1.toc").write_bytes(data)


def relink(folder: Path, name: str) -> None:
    (folder / name).rename(folder.parent / "elsewhere")
    (folder / name).symlink_to(folder.parent / "elsewhere")


def repipe(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)


def test_wrong_names_files_and_mappings_are_refused(old: Path, tmp_path: Path) -> None:
    shutil.copy(next(old.glob("_MAIN_*.toc")), old / "_OTHER_1.toc")
    with pytest.raises(NotAnIndexError, match="no Whoosh index 'THIRD'; it has 'MAIN', 'OTHER'"):
        read(old, name="THIRD")
    assert len(read(old, name="MAIN")) == 4
    with pytest.raises(InputError, match="cannot map"):
        read(old, mapping={"id": ""})
    with pytest.raises(NotAnIndexError, match="is a file"):
        read(next(old.glob("*.toc")))
    with arsearch.open(tmp_path / "ours", create=True):
        pass
    with pytest.raises(NotAnIndexError, match="arsearch export"):
        read(tmp_path / "ours")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda file: file.unlink(), "is missing"),
        (lambda file: relink(file.parent, file.name), "symbolic link"),
        (lambda file: repipe(file.parent, file.name), "not a regular file"),
        (lambda file: file.write_bytes(b""), "damaged or cut short"),
        (lambda file: file.write_bytes(file.read_bytes()[:-1]), ""),
        (lambda file: file.write_bytes(b"x" + file.read_bytes()), ""),
    ],
)
@pytest.mark.parametrize("kind", ["*.seg", "*._stored.col"])
def test_a_segment_that_cannot_be_read_spares_the_others(
    old: Path, kind: str, spoil: Callable[[Path], object], reason: str
) -> None:
    (file,) = old.glob(kind)
    lost, kept = ("0 to 2", ["p3", "p4"]) if kind == "*.seg" else ("3 to 4", ["p0", "p2"])
    spoil(file)
    records = read(old, mapping={"id": "path"})

    assert [data["id"] for data in data_of(records)] == kept
    ((where, problem),) = problems_of(records)
    assert where == f"{old} (documents {lost})"
    assert reason in problem


# Hostile pickles


class Evil:
    def __init__(self, *command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, self.command


@pytest.mark.parametrize("protocol", range(6))
def test_nothing_in_the_folder_is_run(old: Path, tmp_path: Path, protocol: int) -> None:
    made = tmp_path / "made"
    evil = pickle.dumps(Evil(str(made)), protocol)
    with pytest.raises(FileExistsError):  # the pickle works
        pickle.loads(pickle.dumps([Evil(str(made)), Evil(str(made))]))
    made.rmdir()

    schema = forged(tmp_path / "schema", pickle.dumps(GOOD))
    write_toc(schema, toc(listing(1), schema=evil))
    assert data_of(read(schema)) == [GOOD]

    write_toc(schema, toc(evil))
    with pytest.raises(CorruptIndexError, match="nothing of it was run" if protocol > 1 else "cannot be read"):
        read(schema)

    (segment,) = old.glob("*.seg")
    data = segment.read_bytes()
    place, _ = struct.unpack_from(">qi", data)
    segment.write_bytes(struct.pack(">qi", place, len(evil)) + data[12:place] + evil)
    assert len(data_of(records := read(old, mapping={"id": "path"}))) == 2
    assert len(problems_of(records)) == 1

    fields = forged(
        tmp_path / "fields", evil, pickle.dumps(GOOD | {"x": Evil(str(made))}, protocol), pickle.dumps(GOOD)
    )
    records = read(fields)
    assert data_of(records) == [GOOD]
    assert [where for where, _ in problems_of(records)] == [f"{fields} (document {n})" for n in (0, 1)]
    if protocol > 1:
        assert all("'posix.mkdir' is named" in why for _, why in problems_of(records))
    assert not made.exists()


class Custom:
    pass


def test_an_unknown_class_is_named_and_costs_only_its_document(tmp_path: Path) -> None:
    documents = [
        GOOD,
        GOOD | {"x": [Custom()]},
        GOOD | {"x": 1j},
        GOOD | {"x": dt.timedelta(1)},
        GOOD | {"x": len},
        GOOD,
    ]
    records = read(forged(tmp_path / "old", *(pickle.dumps(each, 2) for each in documents)))

    assert data_of(records) == [GOOD, GOOD]
    (first, second, third, fourth) = problems_of(records)
    assert first[0].endswith("(document 1)")
    assert f"'{__name__}.Custom' is named in the pickle, which is not allowed" in first[1]
    assert "'builtins.complex'" in second[1]
    assert "timedelta" in third[1]
    assert "'builtins.len'" in fourth[1]


STRING = b"X" + struct.pack("<I", 4) + b"text"
DEEP = 100_000
LAUGHS = b"\x80\x02]q\x00" + b"".join(b"](" + bytes([104, n]) * 2 + b"eq" + bytes([n + 1]) for n in range(60)) + b"."
HARM = {
    "deep lists": b"\x80\x02" + b"]" * DEEP + b"a" * (DEEP - 1) + b".",
    "deep tuples": b"\x80\x02)" + b"\x85" * DEEP + b".",
    "deep dicts": b"\x80\x02" + (b"}" + STRING) * DEEP + b"N" + b"s" * DEEP + b".",
    "deep tuples as keys": b"\x80\x02})" + b"\x85" * DEEP + b"Ns.",
    "deep tuples in a set": b"\x80\x04\x8f()" + b"\x85" * DEEP + b"\x90.",
    "a list in itself": b"\x80\x02]q\x00h\x00a.",
    "a dict in itself": b"\x80\x02}q\x00" + STRING + b"h\x00s.",
    "a list of itself, often": b"\x80\x02]q\x00(" + b"h\x00" * 900 + b"e.",
    "laughs": LAUGHS,
    "one string, often": b"\x80\x02X" + struct.pack("<I", 1 << 20) + b"a" * (1 << 20) + b"q\x00](" + b"h\x00" * 1000 + b"e.",
    "a string, made bytes often": b"\x80\x02X" + struct.pack("<I", 1 << 20) + b"a" * (1 << 20) + b"q\x00](c_codecs\nencode\nq\x01"
    + b"h\x01h\x00\x85R" * 1000 + b"e.",
    "too many values": b"\x80\x02](" + b"N" * 1_000_000 + b"e.",
    "too long a string": b"\x80\x04\x8d" + struct.pack("<Q", 1 << 62) + b"abc.",
    "too long bytes": b"\x80\x05\x96" + struct.pack("<Q", 1 << 62) + b"abc.",
    "negative bytes": b"\x80\x02T" + struct.pack("<i", -1) + b".",
    "a number too long": b"\x80\x02\x8b" + struct.pack("<i", 1 << 20) + b"\x7f" * (1 << 20) + b".",
    "a number of a negative length": b"\x80\x02\x8b" + struct.pack("<i", -1) + b".",
    "a far memo": b"\x80\x02Nr" + struct.pack("<I", 2**32 - 1) + b"j" + struct.pack("<I", 2**32 - 2) + b".",
    "a huge frame": b"\x80\x04\x95" + struct.pack("<Q", 2**63) + b".",
    "nothing to pop": b"0.",
    "no mark": b"e.",
    "a mark below": b"]]((00e.",
    "no end": b"\x80\x02]",
    "nothing": b".",
    "half a pair": b"\x80\x02}(Nu.",
    "items of a tuple": b"\x80\x02)Na.",
    "pairs of a list": b"\x80\x02]NNs.",
    "a state of a list": b"\x80\x02]}b.",
    "a call of a string": b"\x80\x02" + STRING + b")R.",
    "a call with a list": b"\x80\x02c_codecs\nencode\n]R.",
    "a call with too much": b"\x80\x02cdecimal\nDecimal\n(NNNNtR.",
    "no Decimal": b"\x80\x02cdecimal\nDecimal\n" + STRING + b"\x85R.",
    "no date": b"\x80\x02cdatetime\ndate\nC\x04\x07\xd0\x0d\x01\x85R.",
    "half a date": b"\x80\x02cdatetime\ndate\nC\x03\x07\xd0\x01\x85R.",
    "no zone": b"\x80\x02cdatetime\ntime\nC\x06\0\0\0\0\0\0" + STRING + b"\x86R.",
    "a long span": b"\x80\x02cdatetime\ntimedelta\nJ\xff\xff\xff\x7f\x85R.",
    "bytes in a wild encoding": b"\x80\x02c_codecs\nencode\n" + STRING + STRING + b"\x86R.",
    "a name of no text": b"\x80\x04NN\x93.",
    "a name of bytes": b"\x80\x04C\x02osC\x06system\x93.",
    "a dotted name": b"\x80\x04\x8c\x08builtins\x8c\x11set.__class__.mro\x93.",
    "a name that is left": b"\x80\x02cbuiltins\nset\n.",
    "persistent": b"\x80\x02NQ.",
    "persistent, as text": b"Pid\n.",
    "an extension": b"\x80\x02\x82\x01.",
    "an instance": b"(ios\nsystem\n.",
    "an object": b"(cos\nsystem\no.",
    "out of band": b"\x80\x05\x97.",
    "a number as text": b"I" + b"1" * 100_000 + b"\n.",
    "no UTF-8": b"\x80\x02X" + struct.pack("<I", 1) + b"\xff.",
    "another value": b"\x80\x02K\x01.",
    "wrong keys": b"\x80\x02}))s.",
}  # fmt: skip


@pytest.mark.usefixtures("no_hang")
def test_crafted_pickles_cost_only_their_document(tmp_path: Path) -> None:
    """Read them in a process with one minute of CPU time and half a gigabyte beyond what its imports take."""
    good = pickle.dumps(GOOD)
    folder = forged(tmp_path / "old", *HARM.values(), good)
    code = (
        "import json, resource, sys, arsearch, arsearch.readers.whoosh\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * 4096 if sys.platform == 'linux' else 0\n"
        "used and resource.setrlimit(resource.RLIMIT_AS, (used + (512 << 20),) * 2)\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (60, 60))\n"
        "records = list(arsearch.read_whoosh(sys.argv[1], on_guess=lambda _: None))\n"
        "print(json.dumps([[r.data, r.problem] for r in records]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    assert found.pop() == [GOOD, None]
    passed = {name: data for name, (data, _) in zip(HARM, found, strict=True) if data is not None}
    assert passed == {}
    assert all(problem and len(problem) < 300 for _, problem in found)
    whole = [
        name
        for name, (_, problem) in zip(HARM, found, strict=True)
        if problem == "its stored value is not a dict of fields"
    ]
    assert whole == ["another value"]  # of the others the pickle itself is refused


def test_pickles_of_python_2(tmp_path: Path) -> None:
    """Its str is bytes, its set has another name, and its memo begins at 1."""
    fields = (
        b"\x80\x02}q\x01(U\x02idq\x02U\x011U\x05titleq\x03X\x0a\x00\x00\x00" + "عنوان".encode()
        + b"q\x04U\x01sq\x05c__builtin__\nset\nq\x06]q\x07(K\x01K\x02e\x85q\x08Rq\x09"
        b"U\x01dq\x0acdatetime\ndatetime\nq\x0bU\x0a\x07\xe4\x01\x02\x03\x04\x05\x00\x00\x06\x85Rq\x0cu."
    )  # fmt: skip
    records = read(forged(tmp_path / "old", fields))

    assert data_of(records) == [GOOD | {"s": [1, 2], "d": "2020-01-02T03:04:05.000006"}]


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_bytes_at_any_depth_become_text_or_base64_and_only_base64_is_reported(tmp_path: Path, protocol: int) -> None:
    fields = {
        "id": b"1",
        "title": "عنوان".encode(),
        "a": [{"b": b"\xff"}],
        "c": b"c",
        "d": float("inf"),
        "e": [float("nan")],
    }
    messages: list[str] = []
    folder = forged(tmp_path / "old", pickle.dumps(fields, protocol), pickle.dumps(GOOD | {"body": b"\xff"}, protocol))
    first, second = arsearch.read_whoosh(folder, on_guess=messages.append)

    assert first.data is not None
    assert repr(dict(first.data)) == repr(
        GOOD | {"a": [{"b": "/w=="}], "c": "c", "d": float("inf"), "e": [float("nan")]}
    )
    assert messages[2:] == [f"{folder}: bytes of 'a' that are not UTF-8 become base64"]
    with arsearch.open(":memory:", create=True) as index:  # of a field that is text nothing is made up
        (failure,) = index.add([second]).failed
        assert failure.reason.startswith("body is bytes, not a string")


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_shared_and_recursive_values(protocol: int) -> None:
    shared = ["text"] * 3
    assert json_value(pickle.dumps({"a": shared, "b": [shared, shared]}, protocol)) == {
        "a": shared,
        "b": [shared, shared],
    }
    recursive: list[Any] = []
    recursive.append((recursive, 1))
    with pytest.raises(InputError, match="nested deeper than 100, or within itself"):
        json_value(pickle.dumps(recursive, protocol))
    odd = {7: "a", None: "b", True: "c", 1.5: "d"}
    assert json_value(pickle.dumps(odd, protocol)) == json.loads(json.dumps(odd))


def test_disproportionate_expansion_ends_the_segment(tmp_path: Path) -> None:
    bomb = zlib.compress(bytes(65 << 20), 9)
    folder = forged(tmp_path / "old", pickle.dumps(GOOD))
    write_toc(folder, toc(listing(4)))
    (folder / "MAIN_abc._stored.col").write_bytes(column([zlib.compress(pickle.dumps(GOOD)), bomb, bomb, bomb]))
    records = read(folder)

    assert data_of(records) == [GOOD]
    (large, rest) = problems_of(records)
    assert large == (f"{folder} (document 1)", "not read: a document of more than 67,108,864 bytes; divide it")
    assert rest[0] == f"{folder} (documents 2 to 3)"
    assert "times their size; the rest was not read" in rest[1]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (column([b"x"]) + b"Q", "the type 'Q'"),
        (struct.pack(">i", -1) + b"i", "add up to -1 bytes"),
        (struct.pack(">I", 2**32 - 1) + b"I", "add up to 4,294,967,295 bytes, there are 0"),
        (b"I", "1 documents cannot be in 1 bytes"),
        (b"", "damaged or cut short"),
        (b"X", "the type 'X'"),
        (b"IIX", "1 documents cannot be in 3 bytes"),
        (b"\xff\xff\xffQIX", "the type 'Q'"),
    ],
)
def test_impossible_columns_are_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    folder = forged(tmp_path / "old", pickle.dumps(GOOD))
    (folder / "MAIN_abc._stored.col").write_bytes(data)

    ((where, problem),) = problems_of(read(folder))
    assert where.endswith("(documents 0 to 0)")
    assert reason in problem


def test_a_damaged_document_spares_the_others(tmp_path: Path) -> None:
    good = zlib.compress(pickle.dumps(GOOD))
    spoilt = bytearray(good)
    spoilt[len(good) // 2] ^= 1
    folder = forged(tmp_path / "old", *[pickle.dumps(GOOD)] * 4)
    (folder / "MAIN_abc._stored.col").write_bytes(column([good, bytes(spoilt), good[:-5], good + b"more"]))
    records = read(folder)

    assert data_of(records) == [GOOD, GOOD]
    assert [where[-2] for where, _ in problems_of(records)] == ["1", "2"]
    assert "damaged" in problems_of(records)[0][1]
    assert "cut short" in problems_of(records)[1][1]


@pytest.mark.usefixtures("no_hang")
@pytest.mark.parametrize("kind", ["*.toc", "*.seg", "*._stored.col"])
def test_mutated_files_yield_an_error_or_the_stored_documents(old: Path, kind: str) -> None:
    """200 mutations of each file (bytes changed, deleted, doubled): a document is as stored, or absent."""
    documents = [
        {"id": f"p{n}", "body": f"نص المقال {n}", "tags": ["أدب", "لغة"], "extra": [n, "/w=="]} for n in range(5)
    ]
    (file,) = old.glob(kind)
    good = file.read_bytes()
    outcomes = {"error": 0, "problem": 0, "as it was": 0}
    for seed in range(200):
        file.write_bytes(mutated(good, random.Random(f"{kind} {seed}")))
        try:
            records = read(old, mapping={"id": "path"})
        except ArsearchError:
            outcomes["error"] += 1
            continue
        assert all(data in documents for data in data_of(records)), seed
        outcomes["problem" if problems_of(records) else "as it was"] += 1
    assert outcomes["as it was"] < 150
    assert outcomes["error" if kind == "*.toc" else "problem"] > 25


def test_mutated_pickles_are_refused_or_yield_plain_values() -> None:
    """2,000 mutations of pickles with a value of every kind: only bytes cannot be written as JSON."""
    value = GOOD | {
        "numbers": [1, 300, 70_000, 2**40, -5, 2**70, 1.5, True, None, Decimal("1.50")],
        "times": (
            dt.datetime(2020, 1, 2, 3, 4, 5, 6, dt.timezone(dt.timedelta(hours=3))),
            dt.date(2020, 1, 1),
            dt.time(1),
        ),
        "bytes": [b"\xff", bytearray(b"q")],
        "sets": ({1, 2}, frozenset([3]), OrderedDict(a=1)),
        "shared": [[], []] * 2,
    }
    good = [pickle.dumps(value, protocol) for protocol in (2, 3, 4, 5)]
    plain = 0
    for seed in range(2000):
        chance = random.Random(seed)
        try:
            json.dumps(json_value(mutated(chance.choice(good), chance)), default=bytes.hex)
        except InputError:
            continue
        plain += 1
    assert 20 < plain < 1000


@settings(max_examples=40)
@given(value=VALUES_STORED, protocol=st.integers(2, 5))
def test_every_protocol_yields_the_same_value(value: Any, protocol: int) -> None:
    found = json_value(pickle.dumps(value, protocol))

    assert json.dumps(found, default=lambda data: base64.b64encode(data).decode()) == json.dumps(expected(value))


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5])):
        # the structure is at the beginning of .toc and .seg files, and at the end of each file
        at = chance.choice([chance.randrange(len(data)), len(data) - chance.randrange(1, 600), chance.randrange(12)])
        at = min(max(0, at), len(changed) - 1)
        how = chance.randrange(5)
        if how == 0:
            changed[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            changed[at] = chance.choice(b"\x00\xff.0(]}tRbceX\x8f\x90\x93\x94hq")
        elif how == 2:
            del changed[at : at + chance.randrange(1, 9)]
        elif how == 3:
            changed[at:at] = changed[at : at + chance.randrange(1, 9)]
        else:
            del changed[at:]
        changed = changed or bytearray(1)
    return bytes(changed)
