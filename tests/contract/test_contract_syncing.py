"""An index with the ability is kept like a folder, whatever its back-end: the state is part of each commit."""

from __future__ import annotations

from pathlib import Path

import pytest

import arsearch
from arsearch.search.backend import Capability, SyncWriter, WriterOptions


@pytest.fixture
def synced(index: arsearch.Index) -> arsearch.Index:
    """An empty index that can be synced."""
    if Capability.SYNC not in index.capabilities:
        pytest.skip("this kind of index cannot be synced")
    return index


def test_new_changed_and_removed_files_are_followed(synced: arsearch.Index, tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.txt").write_text(f"نص {name} الأول", encoding="utf-8")
    first = arsearch.sync(synced, tmp_path)
    (tmp_path / "one.txt").write_text("نص آخر للملف كله", encoding="utf-8")
    (tmp_path / "two.txt").unlink()
    (tmp_path / "four.txt").write_text("ملف جديد", encoding="utf-8")
    second = arsearch.sync(synced, tmp_path)
    third = arsearch.sync(synced, tmp_path)

    assert (first.new, first.changed, first.removed) == (3, 0, 0)
    assert (second.new, second.changed, second.removed, second.unchanged) == (1, 1, 1, 1)
    assert (third.new, third.changed, third.removed, third.unchanged) == (0, 0, 0, 3)
    assert sorted(article.id for article in synced) == ["four.txt", "one.txt", "three.txt"]


def test_the_state_stays_with_later_commits(synced: arsearch.Index, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("نص الملف", encoding="utf-8")
    arsearch.sync(synced, tmp_path)
    synced.add([{"id": "other", "title": "مقال آخر"}])
    synced.delete("other")
    again = arsearch.sync(synced, tmp_path)

    assert (again.new, again.unchanged) == (0, 1)


def test_a_state_is_committed_alone_and_forgotten_with_a_failed_commit(synced: arsearch.Index) -> None:
    with synced.backend.writer(WriterOptions()) as opened:
        writer: SyncWriter = opened  # type: ignore[assignment]
        assert writer.sync_state() is None
        writer.keep_sync_state(lambda: b'{"a":1}')
        writer.commit()
        assert writer.sync_state() == b'{"a":1}'
        writer.keep_sync_state(lambda: b'{"a":2}')  # not committed
    with synced.backend.writer(WriterOptions()) as opened:
        writer = opened  # type: ignore[assignment]
        assert writer.sync_state() == b'{"a":1}'
