"""Open an index: each wrong location has its own error with a next step, and no code from the disk runs."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from embedded import reader_of

import arsearch
from arsearch.analyzers import ArabicAnalyzer, Light10Stemmer
from arsearch.errors import (
    AnalyzerMismatchError,
    CorruptIndexError,
    IndexClosedError,
    IndexNotFoundError,
    IndexVersionError,
    NotAnIndexError,
    QueryError,
)
from arsearch.index.commits.manifest import Manifest, read_latest
from arsearch.index.reader import opening
from arsearch.index.store.directory import FSDirectory
from arsearch.index.whoosh.segments import whoosh_searcher


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index of nine articles in two segments, one with a deletion."""
    folder = tmp_path / "index"
    with arsearch.open(folder, create=True) as index:
        index.add([{"id": str(n), "title": "عنوان", "body": f"نص المقال {n}"} for n in range(9)])
        index.add([{"id": "9", "title": "آخر"}])
        index.delete("1")
    return folder


def newest_manifest(path: Path) -> Path:
    return max(path.glob("manifest-*.json"), key=lambda name: int(name.stem.split("-")[1]))


def newest_segment(path: Path) -> Path:
    """The largest segment of the newest commit."""
    body = json.loads(newest_manifest(path).read_bytes().rpartition(b"\n#")[0])
    return max((path / f"{entry['name']}.seg" for entry in body["segments"]), key=lambda name: name.stat().st_size)


def rewrite(manifest: Path, **changes: Any) -> None:
    body = json.loads(manifest.read_bytes().rpartition(b"\n#")[0]) | changes
    raw = json.dumps(body).encode()
    manifest.write_bytes(raw + b"\n#%08x" % zlib.crc32(raw))


def test_the_error_of_a_missing_index_tells_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match="arsearch index"):
        arsearch.open(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError):
        arsearch.open(tmp_path)


def test_a_file_is_not_an_index(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(NotAnIndexError, match="is a file"):
        arsearch.open(tmp_path / "file", create=True)


def test_a_folder_of_other_files_is_not_an_index(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")

    for create in (False, True):
        with pytest.raises(NotAnIndexError, match="choose another folder"):
            arsearch.open(tmp_path, create=create)
    assert [name.name for name in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read every folder")
def test_the_error_of_an_unreadable_folder_names_permissions(path: Path) -> None:
    path.chmod(0)
    try:
        with pytest.raises(NotAnIndexError, match="permissions"):
            arsearch.open(path)
    finally:
        path.chmod(0o700)


def test_an_index_of_a_newer_format_asks_for_an_upgrade(path: Path) -> None:
    rewrite(newest_manifest(path), format=99)

    with pytest.raises(IndexVersionError, match="format 99, this arsearch reads 1 to 2: upgrade"):
        arsearch.open(path)


def test_another_analyzer_asks_for_a_reindex(path: Path) -> None:
    other = ArabicAnalyzer(stemmer=Light10Stemmer())
    with pytest.raises(AnalyzerMismatchError, match="arsearch reindex"):
        arsearch.open(path, analyzer=other)

    rewrite(newest_manifest(path), fingerprint="0" * 64)
    with pytest.raises(AnalyzerMismatchError, match="arsearch reindex"):
        arsearch.open(path)

    rewrite(newest_manifest(path), analyzer={"name": "from the future"})
    with pytest.raises(AnalyzerMismatchError, match="arsearch reindex"):
        arsearch.open(path)


def test_reindex_makes_an_index_of_another_analyzer_open(path: Path) -> None:
    rewrite(newest_manifest(path), fingerprint="0" * 64)

    report = arsearch.reindex(path)

    assert report.added == 9
    with arsearch.open(path) as index:
        assert sorted(article.id for article in index) == ["0", *"23456789"]
        assert index.search("المقال").total == 8


def test_an_open_index_follows_a_reindex(path: Path) -> None:
    with arsearch.open(path) as index:
        arsearch.reindex(path, analyzer=ArabicAnalyzer(stemmer=Light10Stemmer()), fields={"volume": "int"})

        assert index.search("مقال").total == 8
        assert index.analyzer.stemmer == Light10Stemmer()
        assert index.fields["volume"] == "int"


def test_reindex_keeps_the_analyzer_of_the_index_unless_given_another(path: Path) -> None:
    arsearch.reindex(path, analyzer=ArabicAnalyzer(stemmer=Light10Stemmer()))
    arsearch.reindex(path)

    with arsearch.open(path) as index:
        assert index.analyzer == ArabicAnalyzer(stemmer=Light10Stemmer())


def test_an_open_index_can_be_written_after_a_reindex(path: Path) -> None:
    with arsearch.open(path) as index:
        arsearch.reindex(path, analyzer=ArabicAnalyzer(stemmer=Light10Stemmer()))

        assert index.add([{"id": "new", "title": "جديد"}]).added == 1
        assert index.delete("new") == 1


def test_other_fields_than_those_of_the_index_are_refused(path: Path) -> None:
    with pytest.raises(QueryError, match="reindex"):
        arsearch.open(path, fields={"volume": "int"})
    for wrong in ({"title": "text"}, {"a b": "int"}, {"x_stem": "text"}, {"x": "blob"}):
        with pytest.raises(QueryError, match="field"):
            arsearch.open(":memory:", create=True, fields=wrong)


@pytest.mark.parametrize("cut", [0, 1, 7, 20, 100, 1000, -1, -64])
def test_a_truncated_segment_is_detected_on_opening(path: Path, cut: int) -> None:
    segment = newest_segment(path)
    segment.write_bytes(segment.read_bytes()[:cut])

    with pytest.raises(CorruptIndexError, match=segment.name):
        arsearch.open(path)


def test_a_missing_segment_is_detected_on_opening(path: Path) -> None:
    segment = newest_segment(path)
    segment.unlink()

    with pytest.raises(CorruptIndexError, match=segment.name):
        arsearch.open(path)


@pytest.mark.parametrize("kind", ["manifest-*.json", "*.del"])
def test_a_changed_byte_in_a_small_file_is_detected_on_opening(path: Path, kind: str) -> None:
    file = newest_manifest(path) if kind.startswith("manifest") else next(path.glob(kind))
    good = file.read_bytes()
    for at in range(0, len(good), max(1, len(good) // 50)):
        file.write_bytes(good[:at] + bytes([good[at] ^ 0x5A]) + good[at + 1 :])
        try:
            arsearch.open(path).close()
        except (CorruptIndexError, IndexVersionError):
            continue
        # Only changes of padding go undetected.
        assert kind == "*.del"
        assert good[at] == 0


def test_check_detects_every_changed_array(path: Path) -> None:
    with arsearch.open(path) as index:
        assert index.check() == []
    segment = newest_segment(path)
    good = bytearray(segment.read_bytes())
    found = 0
    for at in range(0, len(good), 97):
        segment.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        try:
            with arsearch.open(path) as index:
                problems = index.check()
        except (CorruptIndexError, IndexVersionError) as error:  # the header
            problems = [str(error)]
        found += bool(problems)
        assert problems or good[at] == 0  # only changes of padding go undetected
    assert found > 50


def test_opening_runs_no_pickle(path: Path, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "owned"),)

    for toc in path.glob("_MAIN_*.toc"):
        toc.write_bytes(pickle.dumps(Evil()))

    with arsearch.open(path) as index:
        assert index.search("مقال").total == 8
        index.add([{"id": "new", "title": "جديد"}])
    assert not (tmp_path / "owned").exists()


def test_a_manifest_cannot_name_files_elsewhere(path: Path) -> None:
    manifest = newest_manifest(path)
    segments = json.loads(manifest.read_bytes().rpartition(b"\n#")[0])["segments"]
    for change in (
        {"name": "../secret"},
        {"deletions": "../x.1.del"},
        {"docs": -1},
        {"deleted": 10**9},
        {"docs": "many"},
        {"docs": 2**32},
    ):
        rewrite(manifest, segments=[segments[0] | change])
        with pytest.raises(CorruptIndexError):
            arsearch.open(path)


def test_stock_whoosh_opens_the_index_and_finds_the_same_articles(
    tmp_path: Path, samples: list[dict[str, Any]]
) -> None:
    import whoosh.index
    from whoosh.query import And, Phrase, Prefix, Term

    with arsearch.open(tmp_path, create=True) as index:
        index.add(samples[:80])
        index.add(samples[60:])
        index.delete(samples[3]["id"])
        stock = whoosh.index.open_dir(str(tmp_path)).searcher()
        adapted = whoosh_searcher(reader_of(index), index.analyzer)
        for searcher in (stock, adapted):
            pairs = [
                (Prefix("body", "محكم"), "body:محكم*"),
                (Term("source", "الافق"), 'source:="الأفق"'),
                (Phrase("body", ["الحرس", "الثوري"]), 'body:="الحرس الثوري"'),
                (And([Term("body", "الحرس"), Term("title", "الثوري")]), 'body:="الحرس" AND title:="الثوري"'),
            ]
            for query, text in pairs:
                found = {hit["id"] for hit in searcher.search(query, limit=None)}
                assert found == {hit.id for hit in index.search(text, limit=1000)}
                assert found


def test_import_arsearch_loads_no_heavy_library() -> None:
    heavy = ("whoosh", "numpy", "tashaphyne", "pyarabic", "rich", "click", "zstandard")
    code = f"import sys, arsearch; print([m for m in {heavy!r} if m in sys.modules])"

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"


def test_a_search_loads_neither_stemming_library_nor_rich(path: Path) -> None:
    code = (
        f"import sys, arsearch; arsearch.open({str(path)!r}).search('المقال')[0].snippet.html;"
        "print([m for m in ('tashaphyne', 'pyarabic', 'rich') if m in sys.modules])"
    )

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"


def test_an_index_opens_while_a_writer_commits_and_removes_files(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    races = [1]

    def read_then_commit(directory: FSDirectory) -> Manifest:
        manifest = read_latest(directory)
        if races:
            races.pop()
            with arsearch.open(path) as other:
                for n in range(2):
                    other.add([{"id": f"new{n}", "body": "نص"}])
                    other.optimize()
        return manifest

    monkeypatch.setattr(opening, "read_latest", read_then_commit)

    with arsearch.open(path) as index:
        assert "new1" in index


def test_an_index_closed_while_it_reloads_stays_closed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = arsearch.open(path)
    with arsearch.open(path) as other:
        other.add([{"id": "new", "body": "نص"}])

    def read_then_close(directory: FSDirectory) -> Manifest:
        index.close()
        return read_latest(directory)

    monkeypatch.setattr(opening, "read_latest", read_then_close)

    assert index.search("نص").total == 9
    with pytest.raises(IndexClosedError):
        index.search("نص")


def test_stock_whoosh_negates_after_deletions(tmp_path: Path) -> None:
    import whoosh.index
    from whoosh.query import Not, Term

    with arsearch.open(tmp_path, create=True) as index:
        index.add([{"id": str(n), "body": "كتاب" if n % 2 else "وزير"} for n in range(6)])
        index.delete("1")
        with whoosh.index.open_dir(str(tmp_path)).searcher() as searcher:
            assert {hit["id"] for hit in searcher.search(Not(Term("body", "وزير")))} == {"3", "5"}
