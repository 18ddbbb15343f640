"""The Whoosh table of contents: Whoosh opens every commit, and writing it neither imports Whoosh nor fails a commit."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import whoosh.index
from whoosh.query import Every

import arsearch
from arsearch.analyzers import Light10Stemmer
from arsearch.errors import AnalyzerMismatchError
from arsearch.index.commits.manifest import Manifest, read_latest, toc_name
from arsearch.index.commits.publish import publish
from arsearch.index.store.directory import Directory, FSDirectory
from arsearch.index.whoosh.toc import load_schema, write_toc

ARTICLES = [{"id": str(n), "body": f"كتاب رقم {n}", "volume": n} for n in range(6)]


def ids(path: Path) -> list[str]:
    with whoosh.index.open_dir(str(path)).searcher() as searcher:
        return sorted(hit["id"] for hit in searcher.search(Every(), limit=None))


def test_whoosh_sees_each_commit(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "index", create=True, fields={"volume": "int"}) as index:
        assert ids(tmp_path / "index") == []
        index.add(ARTICLES[:3])
        assert ids(tmp_path / "index") == ["0", "1", "2"]
        index.add(ARTICLES[3:])
        index.delete("1")
        assert ids(tmp_path / "index") == ["0", "2", "3", "4", "5"]
        index.backup(tmp_path / "backup")
    arsearch.reindex(tmp_path / "index", fields={})
    assert ids(tmp_path / "index") == ids(tmp_path / "backup")
    arsearch.restore(tmp_path / "backup", tmp_path / "restored")
    assert ids(tmp_path / "restored") == ids(tmp_path / "backup")


def test_whoosh_sees_a_recovered_commit(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        index.add(ARTICLES[:3])
        index.add(ARTICLES[3:])
    (tmp_path / "manifest-2.json").write_bytes(b"")

    arsearch.open(tmp_path, recover=True).close()

    assert ids(tmp_path) == ["0", "1", "2"]


@pytest.mark.parametrize("generation", [0, 1, 127, 128, 1 << 20])
def test_whoosh_reads_every_field_of_the_file(tmp_path: Path, generation: int) -> None:
    with arsearch.open(tmp_path, create=True, fields={f"field{n}": "text" for n in range(40)}) as index:
        index.add([{"id": "1", "body": "كتاب"}])
    directory = FSDirectory(tmp_path)
    newest = read_latest(directory)
    manifest = Manifest(generation, newest.analyzer, newest.fingerprint, newest.fields, newest.segments)

    write_toc(directory, manifest)

    toc = whoosh.index.TOC.read(whoosh.filedb.filestore.FileStorage(str(tmp_path)), "MAIN", generation)
    assert (toc.generation, toc.version) == (generation, whoosh.index._CURRENT_TOC_VERSION)
    assert [segment.info for segment in toc.segments] == list(newest.segments)
    assert {"id", "body", "body_stem", "field39", "field39_stem"} <= set(toc.schema.names())


def test_whoosh_gets_the_analyzer_of_the_index(tmp_path: Path) -> None:
    analyzer = arsearch.ArabicAnalyzer(stemmer=Light10Stemmer())
    arsearch.open(tmp_path, create=True, analyzer=analyzer).close()

    schema = whoosh.index.open_dir(str(tmp_path)).schema

    assert schema["body_stem"].analyzer.fingerprint == analyzer.fingerprint
    assert schema["body"].analyzer.analyzer.fingerprint == analyzer.fingerprint


def test_an_index_of_another_version_of_the_analyzer_is_refused() -> None:
    config = arsearch.ArabicAnalyzer().config()

    with pytest.raises(AnalyzerMismatchError, match=r"another version of the analyzer \(0123456789ab, now .*reindex"):
        load_schema({}, config, "0123456789abcdef")


def test_the_pickles_name_two_functions_which_must_stay(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        index.add(ARTICLES)

    (toc,) = tmp_path.glob("_MAIN_1.toc")

    named = re.findall(rb"(arsearch[.\w]*)\x94\x8c.(\w+)\x94\x93", toc.read_bytes())
    assert named == [(b"arsearch.index.whoosh.toc", b"load_schema"), (b"arsearch.index.whoosh.toc", b"load_segment")]


def test_indexing_imports_nothing_of_whoosh(tmp_path: Path) -> None:
    code = (
        "import sys, arsearch\n"
        f"with arsearch.open({str(tmp_path)!r}, create=True) as index:\n"
        "    index.add([{'id': '1', 'body': 'نص'}])\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'whoosh'])\n"
    )

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout == "[]\n"
    assert ids(tmp_path) == ["1"]


@pytest.mark.parametrize("error", [OSError("no space"), ValueError("impossible")], ids=["disk", "defect"])
def test_a_failing_listener_leaves_the_commit(tmp_path: Path, caplog: Any, error: Exception) -> None:
    arsearch.open(tmp_path, create=True).close()
    directory = FSDirectory(tmp_path)
    newest = read_latest(directory)
    called: list[int] = []

    def fail(directory: Directory, manifest: Manifest) -> None:
        called.append(read_latest(directory).generation)
        raise error

    with caplog.at_level(logging.WARNING, logger="arsearch"):
        manifest = Manifest(1, newest.analyzer, newest.fingerprint, {}, ())
        publish(directory, manifest, flushed=True, listeners=(fail, write_toc))

    assert called == [1]  # the manifest is there when the listener is called
    assert read_latest(directory).generation == 1
    assert toc_name(1) not in directory.names()
    assert [record.getMessage() for record in caplog.records] == [
        f"commit 1 of {tmp_path} is complete, but not the work after it"
    ]
    assert caplog.records[0].exc_info[1] is error  # for the traceback
    with arsearch.open(tmp_path) as index:
        index.add([{"id": "1", "body": "كتاب"}])
    assert ids(tmp_path) == ["1"]
