"""`arsearch.copy`: an index moves between back-ends with everything stored, and goes on after an interruption."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.errors import (
    AddError,
    AnalyzerMismatchError,
    IndexExistsError,
    IndexNotFoundError,
    IndexWriteError,
    QueryError,
)
from arsearch.search.backend import Capability, WriterOptions
from contract.corpus import ARTICLES, FIELDS
from contract.test_contract_works import FIQH, RIVERS

ODD: list[dict[str, Any]] = [
    {"id": "@commit", "title": "كِتَابٌ قَدِيم", "date": dt.datetime(2015, 7, 21, 2, 51, tzinfo=dt.UTC), "tags": ["أ", "ب"]},
    {"id": "م" * 1024, "body": "نص\n\nفقرة 😀", "date": "1436-10-05", "note": {"deep": [1, 2.5, None, True]}},
    {"id": "hijri", "title": "خبر", "date": "رمضان 1436", "volume": "لا رقم", "isnad": "حدثنا مالك"},
    {"id": "paged", "body": "صفحة أولى وصفحة ثانية", "pages": [{"page": "1", "start": 0}, {"page": "2", "start": 10}]},
]
QUERIES = ["نفط", "كتاب الطهارة", '"أسعار النفط"', "كتا*", "حدثنا مالك", "الماء الطهور", "نكزار"]


class StoppedError(Exception):
    """What stops a copy in these tests."""


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A folder with articles and works, some of them added again and deleted, and a dictionary."""
    dictionary = tmp_path / "words.txt"
    dictionary.write_text("نكزار\n", encoding="utf-8")
    analyzer = arsearch.ArabicAnalyzer(dictionary=arsearch.Dictionary.read(dictionary))
    location = str(tmp_path / "source")
    with arsearch.open(location, create=True, fields=FIELDS, analyzer=analyzer) as index:
        index.add([*ARTICLES[:5], FIQH, {"id": "gone", "title": "نكزار"}, {"id": "kept", "title": "ونكزار"}])
        index.add([*ODD, *ARTICLES, RIVERS])
        index.add([{"id": "chapters", "title": "كتاب", "body": "باب أول\n\nنص.\n\n" * 40}], split="size:200")
        index.delete("gone")
        index.optimize()
    return location


def contents(index: arsearch.Index) -> list[dict[str, Any]]:
    return [article.to_dict() for article in index]


def answers(index: arsearch.Index) -> list[Any]:
    return [
        [
            (hit.id, pytest.approx(hit.score, rel=1e-5), hit.snippet, hit.place)
            for hit in index.search(text, limit=50, facets=["source"], correct=False)
        ]
        for text in QUERIES
    ]


def stopping(at: int) -> Any:
    """Return a progress callback that stops the copy when so many articles were added."""

    def progress(report: arsearch.CopyReport) -> None:
        if report.added >= at and not report.verified:
            raise StoppedError

    return progress


def test_everything_moves_there_and_back(source: str, shared_location: str, tmp_path: Path) -> None:
    there = arsearch.copy(source, shared_location, commit_every=7, workers=2)
    back = arsearch.copy(shared_location, tmp_path / "back")

    with (
        arsearch.open(source) as first,
        arsearch.open(shared_location) as second,
        arsearch.open(tmp_path / "back") as third,
    ):
        assert len(first) > 30
        assert contents(first) == contents(second) == contents(third)
        assert first.fields == second.fields == third.fields
        assert first.analyzer.fingerprint == second.analyzer.fingerprint == third.analyzer.fingerprint
        assert first.analyzer.config()["dictionary"]
        assert answers(first) == answers(second) == answers(third)
        counts = (there.articles, there.kept, there.added, there.committed, there.removed, there.verified)
        assert counts == (len(first), 0, len(first), len(first), 0, len(first))
        assert (there.digest, len(there.digest)) == (back.digest, 32)
        assert first.stats().parts == second.stats().parts == third.stats().parts


def test_an_interrupted_copy_goes_on(source: str, shared_location: str) -> None:
    with pytest.raises(AddError):
        arsearch.copy(source, shared_location, commit_every=5, progress=stopping(12))
    with arsearch.open(shared_location) as copied:
        assert len(copied) == 10

    seen: list[tuple[int, int, int]] = []
    report = arsearch.copy(
        source, shared_location, progress=lambda now: seen.append((now.kept, now.added, now.verified))
    )

    assert (report.kept, report.added, report.verified) == (10, report.articles - 10, report.articles)
    assert seen[:2] == [(1, 0, 0), (2, 0, 0)]
    assert (10, 1, 0) in seen
    assert seen[-1] == (10, report.added, report.articles)
    again = arsearch.copy(source, shared_location)
    assert (again.kept, again.added, again.digest) == (report.articles, 0, report.digest)


def test_a_target_with_other_articles_stays_as_it_was(source: str, shared_location: str) -> None:
    arsearch.copy(source, shared_location)
    with arsearch.open(shared_location) as copied:
        copied.add([{"id": "own", "title": "لا يضيع"}])
        before = contents(copied)
        with pytest.raises(IndexExistsError, match=r"an article 'own' that the source lacks.*--replace"):
            arsearch.copy(source, shared_location)
        assert contents(copied) == before

        copied.delete("own")
        copied.update("oil-visit", category="أخرى")
        with pytest.raises(IndexExistsError, match="'oil-visit' that the source has with other values"):
            arsearch.copy(source, shared_location)


def test_a_copy_becomes_like_its_changed_source(source: str, shared_location: str) -> None:
    arsearch.copy(source, shared_location)
    with arsearch.open(shared_location) as copied, arsearch.open(source) as original:
        copied.add([{"id": "own", "title": "زائد"}])
        original.delete(["oil-visit", "fiqh"])
        original.update("guard", category="أخرى")
        original.add([{"id": "new", "title": "جديد"}])

        report = arsearch.copy(source, shared_location, replace=True)

        assert contents(copied) == contents(original)
        assert report.removed == 3
        assert report.kept > 0
        assert copied.stats().parts == original.stats().parts


def test_the_order_of_the_source_is_restored(source: str, shared_location: str) -> None:
    arsearch.copy(source, shared_location)
    with arsearch.open(shared_location) as copied, arsearch.open(source) as original:
        first = next(iter(copied))
        copied.add([first])
        assert contents(copied) != contents(original)

        report = arsearch.copy(source, shared_location)

        assert contents(copied) == contents(original)
        assert report.removed == 0


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["add", "delete", "copy", "own"]), st.integers(0, 5)), max_size=9))
def test_any_history_ends_in_an_equal_copy(tmp_path: Path, steps: list[tuple[str, int]]) -> None:
    with (
        arsearch.open(tmp_path / str(len(list(tmp_path.iterdir()))), create=True) as source,
        arsearch.open(tmp_path / str(len(list(tmp_path.iterdir()))), create=True) as target,
    ):
        for number, (step, id) in enumerate(steps):
            if step == "copy":
                arsearch.copy(source.location, target.location, replace=True)
            elif step == "delete":
                source.delete(str(id))
            else:
                parts = [{"body": f"باب {number}"}] * (id % 3)
                (source if step == "add" else target).add([{"id": str(id), "title": f"خبر {number}", "parts": parts}])

        report = arsearch.copy(source.location, target.location, replace=True)

        assert contents(source) == contents(target)
        assert report.kept + report.added == report.articles == len(source)


def test_what_cannot_be_copied_is_an_error(source: str, shared_location: str, tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError):
        arsearch.copy(tmp_path / "missing", shared_location)
    with pytest.raises(QueryError, match="cannot be copied to itself"):
        arsearch.copy(source, Path(source) / ".." / "source")
    with pytest.raises(ValueError, match="commit_every is 0"):
        arsearch.copy(source, shared_location, commit_every=0)
    with pytest.raises(ValueError, match="workers is 0"):
        arsearch.copy(source, shared_location, workers=0)
    with arsearch.open(shared_location, create=True, fields={"volume": "keyword"}) as index:
        index.add([{"id": "1", "title": "باق"}])
    with pytest.raises((AnalyzerMismatchError, QueryError)):
        arsearch.copy(source, shared_location)
    with arsearch.open(shared_location) as index:
        assert len(index) == 1


def test_a_copy_that_differs_at_the_end_is_an_error(
    source: str, shared_location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = arsearch.Index.add

    def losing(self: arsearch.Index, articles: Any, **options: Any) -> arsearch.AddReport:
        kept: Iterator[arsearch.Article] = (article for article in articles if article.id != "oil-visit")
        return real(self, kept, **options)

    monkeypatch.setattr(arsearch.Index, "add", losing)
    with pytest.raises(IndexWriteError, match=r"has '.*' where the source has 'oil-visit'.*copy again"):
        arsearch.copy(source, shared_location)
    monkeypatch.undo()
    assert arsearch.copy(source, shared_location).verified > 30


def test_the_state_of_a_synced_folder_moves_with_the_index(shared_location: str, tmp_path: Path) -> None:
    folder, source = tmp_path / "files", str(tmp_path / "source")
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"خبر {name}\n\nنص", encoding="utf-8")
    with arsearch.open(source, create=True) as index:
        index.add([{"id": "own", "title": "خبر"}])
        assert arsearch.copy(source, shared_location).synced is None
        arsearch.sync(index, folder)
    report = arsearch.copy(source, shared_location)

    with arsearch.open(shared_location) as copied:
        assert report.synced is (Capability.SYNC in copied.capabilities)
        if report.synced:
            again = arsearch.sync(copied, folder)
            assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
            assert arsearch.copy(source, shared_location).kept == 3


def test_a_source_that_is_written_to_is_copied_without_that_state(tmp_path: Path) -> None:
    folder, target = tmp_path / "files", tmp_path / "target"
    folder.mkdir()
    (folder / "a.txt").write_text("خبر\n\nنص", encoding="utf-8")
    with arsearch.open(tmp_path / "source", create=True) as index:
        arsearch.sync(index, folder)
        with index.backend.writer(WriterOptions()):
            report = arsearch.copy(index.location, target, timeout=0.1)
    with arsearch.open(target) as copied:
        assert (report.added, report.synced) == (1, False)
        assert arsearch.sync(copied, folder).new == 1


def test_open_indexes_are_copied_and_stay_open(source: str, location: str) -> None:
    with arsearch.open(source) as first:
        with arsearch.open(location, create=True, fields=FIELDS, analyzer=first.analyzer) as second:
            assert arsearch.copy(first, second).added == len(first)
            assert contents(first) == contents(second)
            with arsearch.open(":memory:", create=True, fields=FIELDS, analyzer=first.analyzer) as third:
                assert arsearch.copy(second, third).added == len(first)
                with pytest.raises(QueryError, match="cannot be copied to itself"):
                    arsearch.copy(third, third)
        with arsearch.open(":memory:", create=True, fields=FIELDS) as other, pytest.raises(AnalyzerMismatchError):
            arsearch.copy(first, other)
        with arsearch.open(":memory:", create=True, analyzer=first.analyzer) as other, pytest.raises(QueryError):
            arsearch.copy(first, other)


def test_several_indexes_become_one(tmp_path: Path, shared_location: str) -> None:
    for name, article in (("a", {"id": "1", "title": "قديم"}), ("b", {"id": "1", "title": "جديد"})):
        with arsearch.open(tmp_path / name, create=True) as index:
            index.add([article, {"id": name, "title": "خبر"}])

    assert arsearch.copy([tmp_path / "a", tmp_path / "b"], shared_location).added == 3
    with arsearch.open(shared_location) as copied:
        assert [(article.id, article.title) for article in copied] == [("a", "خبر"), ("1", "جديد"), ("b", "خبر")]
