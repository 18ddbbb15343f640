"""Works in segments: several of them, made by workers, merged, deleted and rebuilt."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from embedded import reader_of

import arsearch
from arsearch.index.codec import names
from arsearch.model.schema import EDITION, WORK


def work(id: str, count: int, *, size: int = 20) -> dict[str, Any]:
    parts = [{"heading": f"باب {n}", "page": n, "body": f"كلمة{n % 7} نص {n} " * size} for n in range(1, count + 1)]
    return {"id": id, "title": f"عمل {id}", "category": "ب", "parts": parts}


def shape(index: arsearch.Index) -> dict[str, int]:
    return {article.id: len(article.parts) for article in index}


def test_an_index_without_works_has_no_trace_of_them(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "i", create=True) as index:
        index.add([{"id": "a", "title": "نص"}])
        assert "parts" not in reader_of(index).manifest.features
        assert not reader_of(index).segments[0].has_works
        index.add([work("w", 2)])
        assert reader_of(index).manifest.features["parts"] == "required"
        index.delete("w")
        index.optimize()
        assert "parts" not in reader_of(index).manifest.features
        assert names.field_array(WORK.name, names.KEYWORDS) + ".blob" not in reader_of(index).segments[0].file
        assert index.check() == []


def test_a_work_may_lie_in_several_segments(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "i", create=True) as index:
        index.add([work("w", 300, size=200), {"id": "a", "title": "نص"}], memory_limit=1 << 20)
        assert len(reader_of(index).segments) > 1
        assert shape(index) == {"w": 300, "a": 0}
        report = index.add([work("w", 250, size=200)], memory_limit=1 << 20)
        assert (report.added, report.updated, report.committed) == (0, 1, 1)
        assert shape(index) == {"w": 250, "a": 0}
        index.optimize()
        assert shape(index) == {"w": 250, "a": 0}
        assert index.search("كلمة3", collapse="work").total == 1
        assert index.check() == []


@pytest.mark.parametrize("seed", range(3))
def test_workers_replace_works_in_the_order_given(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    works = [(f"w{draw.randrange(8)}", draw.randrange(1, 30)) for _ in range(60)]
    items = [work(id, count, size=60) for id, count in works]
    with arsearch.open(tmp_path / "i", create=True) as index:
        report = index.add(items, workers=2, memory_limit=1 << 20)
        assert report.added + report.updated == 60
        assert report.added == len(dict(works))
        assert report.parts == sum(count for _, count in works)
        assert shape(index) == dict(works)
        parts = [int(number) for number in reader_of(index).numbers(EDITION)]
        assert index.stats().parts == sum(dict(works).values()) <= len(parts)
        assert index.check() == []


def test_works_survive_a_rebuild_a_backup_and_an_export(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "i", create=True) as index:
        index.add([work("w", 5), work("v", 3), {"id": "a", "title": "نص"}])
        before = list(index)
        index.backup(tmp_path / "b")
    report = arsearch.reindex(tmp_path / "i")
    assert (report.added, report.committed) == (3, 3)
    assert list(arsearch.read_index(tmp_path / "i")) == before
    for folder in ("i", "b"):
        with arsearch.open(tmp_path / folder) as index:
            assert reader_of(index).manifest.features["parts"] == "required"
            assert list(index) == before
            assert len(index.search("كلمة3", collapse="work").hits) == 2
    arsearch.write_articles(before, tmp_path / "x.jsonl")
    with arsearch.open(":memory:", create=True) as copy:
        copy.add(arsearch.read_articles([tmp_path / "x.jsonl"]))
        assert list(copy) == before


def test_a_field_that_is_named_work_stays_its_own(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "i", create=True, fields={"work": "keyword"}) as index:
        index.add([{**work("w", 2), "work": "طبعة"}, {"id": "a", "title": "باب", "work": "طبعة"}])
        assert index.search("باب", filters={"work": "طبعة"}).total == 3
        assert index.search("باب", collapse="work").total == 1
        assert shape(index) == {"w": 2, "a": 0}


def test_sync_replaces_and_removes_works(tmp_path: Path) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "a.txt").write_text("كتابي\n\nباب الأول\nنص.\n\nباب الثاني\nنص.\n", encoding="utf-8")
    (folder / "b.txt").write_text("كتابي\n\nباب الأول\nنص.\n", encoding="utf-8")
    with arsearch.open(tmp_path / "i", create=True) as index:
        arsearch.sync(index, folder, split="headings")
        assert sorted(shape(index).values()) == [1, 2]
        (folder / "a.txt").write_text("كتابي\n\nباب الثالث\nنص آخر.\n", encoding="utf-8")
        (folder / "b.txt").unlink()
        report = arsearch.sync(index, folder, split="headings")
        assert (report.changed, report.removed, report.deleted) == (1, 1, 1)
        assert list(shape(index).values()) == [1]
        assert index.stats().parts == 1
        assert arsearch.sync(index, folder, split="headings").unchanged == 1
        assert arsearch.sync(index, folder, split="size").changed == 1
        assert index.stats().parts == 0
