"""A release opens the formats and features it reads, and says what to do about the others."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import arsearch
from arsearch.errors import CorruptIndexError, IndexVersionError
from arsearch.index.codec import array_file, features
from arsearch.index.codec.array_file import ArrayFile, write_arrays
from arsearch.index.commits import manifest
from arsearch.index.commits.manifest import latest_generation, read_latest
from arsearch.index.maintenance.recovery import recover
from arsearch.index.store.directory import FSDirectory

ARTICLES = [{"id": str(n), "title": f"عنوان {n}", "body": "نص المقال"} for n in range(5)]
Change = Callable[[dict[str, Any]], object]


def newest_manifest(folder: Path) -> Path:
    return folder / f"manifest-{read_latest(FSDirectory(folder)).generation}.json"


def rewrite(path: Path, change: Change) -> None:
    body = json.loads(path.read_bytes().rpartition(b"\n#")[0])
    change(body)
    raw = json.dumps(body, indent=1, sort_keys=True).encode()
    path.write_bytes(raw + b"\n#%08x" % zlib.crc32(raw))


def listed(folder: Path) -> dict[str, Any]:
    """Return what the newest manifest says, as a reader without arsearch sees it."""
    body: dict[str, Any] = json.loads(newest_manifest(folder).read_bytes().rpartition(b"\n#")[0])
    return body


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "index"
    with arsearch.open(place, create=True) as index:
        index.add(ARTICLES)
    return place


def test_a_manifest_lists_the_features_that_are_written(folder: Path) -> None:
    assert set(listed(folder)) == {
        "analyzer", "durable", "features", "fields", "fingerprint", "format", "generation", "segments",
    }  # fmt: skip
    assert listed(folder)["features"] == {"roots": "optional"}


def test_a_manifest_is_ascii_with_sorted_keys_and_a_checksum(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True, fields={"محكمة": "keyword", "year": "int"}):
        pass
    raw = newest_manifest(tmp_path).read_bytes()

    rewrite(newest_manifest(tmp_path), lambda body: None)

    assert raw.isascii()
    assert newest_manifest(tmp_path).read_bytes() == raw


def test_a_manifest_that_is_gone_before_it_is_read_leads_to_the_newest_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = latest_generation(FSDirectory(folder))
    listings = [newest + 2, newest + 1]
    monkeypatch.setattr(manifest, "latest_generation", lambda _: listings.pop() if listings else newest)

    assert read_latest(FSDirectory(folder)).generation == newest


def test_a_manifest_without_features_has_no_key_for_them(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "empty", create=True):
        pass

    assert "features" not in listed(tmp_path / "empty")


def test_an_unknown_required_feature_is_refused_by_name(folder: Path) -> None:
    features_of_it = {"delta_postings": "required", "faster_snippets": "optional"}
    rewrite(newest_manifest(folder), lambda body: body.update(features=features_of_it))
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    for operation in (arsearch.open, arsearch.reindex):
        with pytest.raises(IndexVersionError, match=r"feature 'delta_postings'.*: upgrade arsearch"):
            operation(folder)

    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_known_required_feature_is_accepted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "KNOWN_FEATURES", frozenset({"delta_postings"}))
    rewrite(newest_manifest(folder), lambda body: body.update(features={"delta_postings": "required"}))

    with arsearch.open(folder) as index:
        assert len(index) == 5


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        ["delta_postings"],
        "delta_postings",
        {"delta_postings": None},
        {"delta_postings": True},
        {"delta_postings": "perhaps"},
        {"delta_postings": ["required"]},
        {"": "optional"},
        {"Delta Postings": "optional"},
        {"x" * 65: "optional"},
        {"\ud800": "required"},
    ],
)
def test_malformed_features_are_damage(folder: Path, value: object) -> None:
    rewrite(newest_manifest(folder), lambda body: body.update(features=value))

    with pytest.raises(CorruptIndexError, match=r"damaged.*feature"):
        arsearch.open(folder)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda segments: segments.append(dict(segments[0])), "names a segment twice"),
        (lambda segments: segments[0].update(docs=2**32), "impossible segment"),
        (lambda segments: segments[0].update(docs=2**32 + 1), "impossible segment"),
        (lambda segments: segments[0].update(docs=-1), "impossible segment"),
        (lambda segments: segments[0].update(docs=True), "impossible segment"),
        (lambda segments: segments[0].update(bytes=1.5), "impossible segment"),
        (
            lambda segments: segments[0].update(deleted=-1, deletions=segments[0]["name"] + ".1.del"),
            "impossible segment",
        ),
        (
            lambda segments: segments[0].update(deleted=6, deletions=segments[0]["name"] + ".1.del"),
            "impossible segment",
        ),
        (lambda segments: segments[0].update(deleted=1), "impossible segment"),
        (lambda segments: segments[0].update(deletions=segments[0]["name"] + ".1.del"), "impossible segment"),
        (lambda segments: segments[0].update(name="../" + segments[0]["name"]), "impossible segment"),
        (lambda segments: segments[0].update(deleted=1, deletions="s0.1.del"), "impossible file name"),
    ],
)
def test_impossible_segments_are_damage(folder: Path, change: Callable[[Any], object], problem: str) -> None:
    rewrite(newest_manifest(folder), lambda body: change(body["segments"]))

    with pytest.raises(CorruptIndexError, match=problem):
        arsearch.open(folder)


@pytest.mark.parametrize(
    ("docs", "deleted"), [(0, 0), (1, 0), (2**32 - 1, 0), (2**32 - 1, 1), (1, 1), (1000, 1000), (2**32 - 1, 2**32 - 1)]
)
def test_a_segment_has_up_to_four_billion_documents_and_any_of_them_may_be_deleted(
    folder: Path, docs: int, deleted: int
) -> None:
    def change(body: dict[str, Any]) -> None:
        deletions = f"{body['segments'][0]['name']}.1.del" if deleted else None
        body["segments"][0].update(docs=docs, deleted=deleted, deletions=deletions)

    rewrite(newest_manifest(folder), change)

    (info,) = read_latest(FSDirectory(folder)).segments
    assert (info.docs, info.deleted, info.live) == (docs, deleted, docs - deleted)


@pytest.mark.parametrize(
    ("key", "value"),
    [("analyzer", None), ("analyzer", []), ("fingerprint", None), ("fingerprint", 5), ("fields", None), ("fields", [])],
)
def test_values_of_another_type_are_damage(folder: Path, key: str, value: object) -> None:
    rewrite(newest_manifest(folder), lambda body: body.update({key: value}))

    with pytest.raises(CorruptIndexError, match="analyzer, fingerprint or fields have the wrong type"):
        read_latest(FSDirectory(folder))


@pytest.mark.parametrize(
    "sync", [5, "", "sync-0.json", "../sync-0123456789abcdef.json", "sync-0123456789abcdef.json\n"]
)
def test_an_impossible_name_of_the_state_of_a_sync_is_damage(folder: Path, sync: object) -> None:
    rewrite(newest_manifest(folder), lambda body: body.update(sync=sync))

    with pytest.raises(CorruptIndexError, match="impossible file name"):
        read_latest(FSDirectory(folder))


@pytest.mark.parametrize("number", [0, 999, 1001])
def test_a_manifest_of_another_commit_is_damage(folder: Path, number: int) -> None:
    manifest = newest_manifest(folder).rename(folder / "manifest-1000.json")
    rewrite(manifest, lambda body: body.update(generation=number))

    with pytest.raises(CorruptIndexError, match="belongs to another generation"):
        read_latest(FSDirectory(folder))

    rewrite(manifest, lambda body: body.update(generation=1000))
    assert read_latest(FSDirectory(folder)).generation == 1000


def test_a_folder_without_a_manifest_has_no_commit(tmp_path: Path) -> None:
    assert latest_generation(FSDirectory(tmp_path)) == -1


def written_by_a_later_release(folder: Path) -> None:
    """Give the index's only segment an array, and its manifest an optional feature, that this release does not know."""
    directory = FSDirectory(folder)
    (info,) = read_latest(directory).segments
    file = ArrayFile(directory, info.file)
    arrays = {name: file.array(name).whole().copy() for name in file.names()}
    size = write_arrays(directory, info.file, arrays | {"body/later": np.arange(9)}, file.meta, durable=False)

    def change(body: dict[str, Any]) -> None:
        body["features"] = {"later": "optional", "signs": "optional"}
        body["segments"][0]["bytes"] = size

    rewrite(newest_manifest(folder), change)


def test_an_unknown_optional_feature_is_ignored_and_kept(folder: Path, tmp_path: Path) -> None:
    written_by_a_later_release(folder)
    every = {"later": "optional", "signs": "optional", "roots": "optional"}

    with arsearch.open(folder) as index:
        assert len(index.search("نص")) == 5
        assert index.check() == []
        index.add([{"id": "new", "body": "نص"}])
        index.delete("1")
        assert listed(folder)["features"] == every
        index.backup(tmp_path / "copy")
        index.optimize()
        assert len(index.search("نص")) == 5
        assert index.check() == []
    assert listed(folder)["features"] == listed(tmp_path / "copy")["features"] == every


def test_recovery_keeps_the_features(folder: Path) -> None:
    written_by_a_later_release(folder)
    with arsearch.open(folder) as index:
        index.add([{"id": "new", "body": "نص"}])
    manifest = newest_manifest(folder)
    manifest.write_bytes(manifest.read_bytes()[:-1])

    assert recover(FSDirectory(folder)) is not None

    assert listed(folder)["features"] == {"later": "optional", "signs": "optional"}


def test_an_index_written_anew_has_no_features_of_a_later_release(folder: Path) -> None:
    written_by_a_later_release(folder)

    arsearch.reindex(folder)

    assert listed(folder)["features"] == {"roots": "optional"}


@pytest.mark.parametrize(
    ("version", "readable", "step"),
    [
        (3, range(1, 3), "has index format 3, this arsearch reads 1 to 2: upgrade arsearch"),
        (0, range(1, 3), "has index format 0, this arsearch reads 1 to 2: export the articles"),
        ("1", range(1, 3), "has index format 1, this arsearch reads 1 to 2: export the articles"),
        (2, range(1, 2), "has index format 2, this arsearch reads 1: upgrade arsearch"),
        (1, range(1, 3), None),
        (2, range(1, 3), None),
    ],
)
def test_a_range_of_formats_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, version: object, readable: range, step: str | None
) -> None:
    rewrite(newest_manifest(folder), lambda body: body.update(format=version))
    monkeypatch.setattr(features, "MIN_FORMAT_VERSION", readable[0])
    monkeypatch.setattr(features, "FORMAT_VERSION", readable[-1])

    if step is not None:
        with pytest.raises(IndexVersionError, match=step):
            arsearch.open(folder)
        return
    with arsearch.open(folder) as index:
        assert index.stats().format == version


@pytest.mark.parametrize(
    ("readable", "step"),
    [
        ((2, 2), None),
        ((1, 3), None),
        ((1, 1), "has container version 2, this arsearch reads 1; upgrade arsearch"),
        ((3, 3), "has container version 2, this arsearch reads 3; index the articles again"),
        ((3, 4), "has container version 2, this arsearch reads 3 to 4; index the articles again"),
    ],
)
def test_a_range_of_containers_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, readable: tuple[int, int], step: str | None
) -> None:
    monkeypatch.setattr(array_file, "_MIN_VERSION", readable[0])
    monkeypatch.setattr(array_file, "_VERSION", readable[1])

    if step is not None:
        with pytest.raises(IndexVersionError, match=step):
            arsearch.open(folder)
        return
    with arsearch.open(folder) as index:
        assert len(index) == 5


@pytest.mark.parametrize(("size", "opens"), [(4 << 20, True), ((4 << 20) + 1, False)])
def test_a_manifest_has_at_most_four_megabytes(folder: Path, size: int, opens: bool) -> None:
    manifest = newest_manifest(folder)
    body = manifest.read_bytes().rpartition(b"\n#")[0]
    body += b" " * (size - len(body) - len(b"\n#12345678"))
    manifest.write_bytes(body + b"\n#%08x" % zlib.crc32(body))

    if opens:
        arsearch.open(folder).close()
    else:
        with pytest.raises(CorruptIndexError, match="more than any manifest has"):
            arsearch.open(folder)
