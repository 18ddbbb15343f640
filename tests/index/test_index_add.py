"""Add, replace and delete articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.errors import AddError, ArticleError, IndexClosedError, IndexLockedError, QueryError
from arsearch.index.backend import EmbeddedBackend
from arsearch.index.store.directory import FSDirectory
from arsearch.index.writing.index_writer import open_writer
from arsearch.model import Article, Record


def article(id: str, body: str = "نص", **more: Any) -> dict[str, Any]:
    return {"id": id, "title": "", "body": body, **more}


def ids(index: arsearch.Index, text: str) -> list[str]:
    return [hit.id for hit in index.search(text, limit=100)]


def test_an_added_article_is_returned_unchanged(index: arsearch.Index) -> None:
    given = Article.from_dict(
        article("1", "كِتَابٌ", title="عنوان", date="2015-07-21 02:51:32", tags=["أ", "ب"], volume=3, nested={"a": [1]})
    )

    index.add([given])

    assert index.get("1") == given
    assert list(index) == [given]
    assert "1" in index
    assert "2" not in index
    assert index.get("2") is None
    assert len(index) == 1


@pytest.mark.parametrize("separate", [False, True], ids=["in one batch", "in two commits"])
def test_an_article_replaces_the_one_with_the_same_id(index: arsearch.Index, separate: bool) -> None:
    if separate:
        index.add([article("1", "قديم"), article("2", "آخر")])
        report = index.add([article("1", "جديد")])
        assert (report.added, report.updated) == (0, 1)
    else:
        report = index.add([article("1", "قديم"), article("2", "آخر"), article("1", "جديد")])
        assert (report.added, report.updated) == (2, 1)

    assert len(index) == 2
    assert ids(index, "قديم") == []
    assert ids(index, "جديد") == ["1"]


def test_an_article_replaces_one_of_an_earlier_flush(index: arsearch.Index) -> None:
    report = index.add([article(str(n % 7), f"نسخة{n}") for n in range(21)], memory_limit=1)

    assert (report.added, report.updated, report.commits) == (7, 14, 1)
    assert len(index) == 7
    assert sorted(item.body for item in index) == sorted(f"نسخة{n}" for n in range(14, 21))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"title": "بلا معرف"}, "no id"),
        ({"id": "", "title": "x"}, "not a non-empty string"),
        ({"id": "x", "title": " ", "body": ""}, "both title and body are empty"),
        ({"id": "x", "title": 5}, "not a string"),
        ({"id": "x", "body": "a\0b"}, "NUL"),
        ({"id": "x", "body": "a\ud800b"}, "lone surrogate"),
        ({"id": "x", "body": ["نص"]}, "not a string"),
        ({"id": "x", "body": "نص", "extra": object()}, "not a JSON value"),
        (Record("file:7", None, "not JSON"), "not JSON"),
        (42, "not an article"),
    ],
)
def test_a_bad_article_is_reported_and_the_good_ones_are_added(bad: Any, reason: str) -> None:
    with arsearch.open(":memory:", create=True, fields={"volume": "int"}) as index:
        report = index.add([article("1"), bad, article("2")])

        assert (report.added, report.failures) == (2, 1)
        assert report.failed[0].where == ("file:7" if isinstance(bad, Record) else "article 2")
        assert reason in report.failed[0].reason
        assert len(index) == 2


def test_strict_adding_commits_nothing_and_names_the_bad_article(index: arsearch.Index) -> None:
    with pytest.raises(
        AddError, match=r"article 2: both title and body are empty.*0 articles had been committed"
    ) as info:
        index.add([article("1"), article("2", ""), article("3")], strict=True)

    assert len(index) == 0
    assert info.value.report.added == 0
    assert isinstance(info.value.__cause__, ArticleError)


def test_committed_articles_stay_when_the_source_fails(tmp_path: Path) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield from (article(str(n)) for n in range(25))
        raise OSError("the disk is gone")

    with arsearch.open(tmp_path, create=True) as index:
        with pytest.raises(AddError, match="the disk is gone; 20 articles had been committed") as info:
            index.add(broken(), commit_every=10)

        assert info.value.report.added == 20
        assert len(index) == 20
        assert index.add([article("new")]).added == 1  # the lock is free
    assert not [name for name in FSDirectory(tmp_path).names() if name.endswith(".partial")]


def test_ctrl_c_leaves_the_last_commit_and_no_lock(tmp_path: Path) -> None:
    def interrupted() -> Iterator[dict[str, Any]]:
        yield from (article(str(n)) for n in range(5))
        raise KeyboardInterrupt

    with arsearch.open(tmp_path, create=True) as index:
        index.add([article("kept")])
        files = set(FSDirectory(tmp_path).names())
        with pytest.raises(KeyboardInterrupt):
            index.add(interrupted(), memory_limit=1)

        assert [item.id for item in index] == ["kept"]
        assert set(FSDirectory(tmp_path).names()) == files
        index.add([article("after")])
        assert len(index) == 2


def test_articles_are_read_lazily(index: arsearch.Index) -> None:
    seen = []

    def source() -> Iterator[dict[str, Any]]:
        for n in range(5):
            yield article(str(n))

    index.add(source(), progress=lambda report: seen.append((report.added, report.committed)), commit_every=2)

    assert seen == [(1, 0), (2, 0), (2, 2), (3, 2), (4, 2), (4, 4), (5, 4), (5, 5)]


def test_a_second_writer_waits_and_then_raises(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index, FSDirectory(tmp_path).lock(0):
        with pytest.raises(IndexLockedError, match="another writer"):
            index.add([article("1")], timeout=0.05)
        assert len(index) == 0  # readers do not need the lock


def test_deleting_by_id_and_by_filter(index: arsearch.Index) -> None:
    index.add([article(str(n), source="أ" if n % 2 else "ب", date=f"2015-0{n + 1}-01") for n in range(6)])

    assert index.delete("0") == 1
    assert index.delete("0") == 0
    assert index.delete(["1", "nothing"]) == 1
    assert index.delete(filters={"source": "ب"}) == 2
    assert sorted(item.id for item in index) == ["3", "5"]
    assert index.delete(filters={"date": ("2015-06", None)}) == 1
    assert ids(index, "نص") == ["3"]


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("author", 7, {"author": "7"}),
        ("category", 3, {"category": "3"}),
        ("tags", [12, 3.5], {"tags": ["12", "3.5"]}),
        ("tags", [{"id": 1, "name": "قمح"}, {"slug": "wheat"}], {"tags": ["قمح", "wheat"]}),
        ("url", 2015, {"url": "2015"}),
        ("author", {"id": 1}, {"author_text": {"id": 1}}),
        ("source", [1, [2]], {"source_text": [1, [2]]}),
        ("url", False, {"url_text": False}),
        ("tags", [["قمح"]], {"tags_text": [["قمح"]]}),
    ],
)
def test_metadata_of_another_type_never_costs_the_article(
    index: arsearch.Index, field: str, value: object, kept: dict[str, object]
) -> None:
    report = index.add([{"id": "1", "body": "نص", field: value}])
    assert report.added == 1
    stored = next(iter(index)).to_dict()
    assert {name: stored.get(name) for name in kept} == kept
    assert ("misfit" in report.remarks) == (f"{field}_text" in kept)


KINDS = {"volume": "int", "price": "float", "isnad": "text", "court": "keyword"}
VALUES: list[tuple[str, object, dict[str, object]]] = [
    ("volume", "ثلاثة", {"volume_text": "ثلاثة"}),
    ("volume", "12 صفحة", {"volume_text": "12 صفحة"}),
    ("volume", 1.5, {"volume_text": 1.5}),
    ("volume", True, {"volume_text": True}),
    ("volume", 2**63, {"volume_text": 2**63}),
    ("volume", [1, 2], {"volume_text": [1, 2]}),
    ("price", "غال", {"price_text": "غال"}),
    ("price", {"amount": 5}, {"price_text": {"amount": 5}}),
    ("isnad", 5, {"isnad_text": 5}),
    ("court", 1.5, {"court_text": 1.5}),
    ("court", [1.5, "أ"], {"court_text": [1.5, "أ"]}),
    ("volume", "12", {"volume": "12"}),
    ("court", ["أ", "ب"], {"court": ["أ", "ب"]}),
]


@pytest.mark.parametrize(("field", "given", "kept"), VALUES)
def test_a_value_that_does_not_fit_a_declared_field_never_costs_the_article(
    tmp_path: Path, field: str, given: object, kept: dict[str, object]
) -> None:
    row = {"id": "x", "body": "نص", field: given}
    fits = field in kept
    with arsearch.open(tmp_path, create=True, fields=KINDS) as index:
        report = index.add([row, article("1")])
        assert (report.added, report.failures) == (2, 0)
        stored = index.get("x")
        assert stored is not None
        assert stored.extra == kept
        assert ("misfit" in report.remarks) == (not fits)
        if not fits:
            assert report.remarks["misfit"].places == [("article 1", f"{field}: {given!r}")]
            with pytest.raises(AddError, match=f"article 1: field '{field}'"):
                index.add([row], strict=True)
            assert index.update([{"id": "1", field: given}]).failures == 1
            changed = index.get("1")
            assert changed is not None
            assert not changed.extra


def test_workers_keep_values_that_do_not_fit(tmp_path: Path) -> None:
    rows = [{"id": str(n), "body": "نص", field: given} for n, (field, given, _) in enumerate(VALUES)]
    with arsearch.open(tmp_path, create=True, fields=KINDS) as index:
        report = index.add(rows, workers=2)
        assert (report.added, report.failures) == (len(VALUES), 0)
        assert [stored.extra for stored in index] == [kept for _, _, kept in VALUES]
        assert sorted(report.remarks["misfit"].places) == sorted(
            (f"article {n}", f"{field}: {given!r}")
            for n, (field, given, kept) in enumerate(VALUES, 1)
            if field not in kept
        )
        with pytest.raises(AddError, match="article 1: field 'volume'"):
            index.add(rows, strict=True, workers=2)


@pytest.mark.parametrize(
    ("row", "extra"),
    [
        ({"volume": "أ", "volume_text": "ب"}, {"volume_text": "ب", "volume_text_": "أ"}),
        ({"volume": "أ", "isnad": 1}, {"volume_text": "أ", "isnad_text_": 1}),
        ({"author": {"id": 1}, "author_text": "ب"}, {"author_text": "ب", "author_text_": {"id": 1}}),
    ],
)
def test_a_value_that_does_not_fit_replaces_no_other(row: dict[str, object], extra: dict[str, object]) -> None:
    fields = {"volume": "int", "isnad": "text", "isnad_text": "text"}
    with arsearch.open(":memory:", create=True, fields=fields) as index:
        assert index.add([{"id": "x", "body": "نص", **row}]).added == 1
        stored = index.get("x")
        assert stored is not None
        assert stored.extra == extra


@pytest.mark.parametrize(("given", "id"), [(17, "17"), (17.0, "17"), (1.5, "1.5")])
def test_a_number_is_an_id(index: arsearch.Index, given: object, id: str) -> None:
    assert index.add([{"id": given, "title": "خبر"}]).added == 1
    assert [item.id for item in index] == [id]


@pytest.mark.parametrize("arguments", [{}, {"ids": "1", "filters": {"source": "x"}}, {"filters": {}}])
def test_delete_takes_either_ids_or_filters(index: arsearch.Index, arguments: dict[str, Any]) -> None:
    with pytest.raises(QueryError, match="either ids, or a query or filters"):
        index.delete(**arguments)


def test_optimize_leaves_one_segment_and_the_same_hits(tmp_path: Path, samples: list[dict[str, Any]]) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        for start in range(0, len(samples), 30):
            index.add(samples[start : start + 30])
        index.add(samples[:10])
        index.delete([samples[20]["id"], samples[50]["id"]])
        before = {
            text: [(h.id, round(h.score, 6)) for h in index.search(text, limit=50)]
            for text in ("الحرس الثوري", "محكمة", "كتاب*")
        }

        index.optimize()

        stats = index.stats()
        assert (stats.segments, stats.deleted, stats.articles) == (1, 0, len(samples) - 2)
        assert index.check() == []
        assert before == {text: [(h.id, round(h.score, 6)) for h in index.search(text, limit=50)] for text in before}


def test_many_small_commits_leave_few_segments(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        for n in range(40):
            index.add([article(str(n), f"كلمة مشتركة رقم{n}")], durable=False)

        assert index.stats().segments <= 16
        assert index.search("مشتركة").total == 40
        assert [item.id for item in index] == [str(n) for n in range(40)]


def test_a_closed_index_raises(tmp_path: Path) -> None:
    index = arsearch.open(tmp_path, create=True)
    index.close()

    for use in (
        lambda: index.search("x"),
        lambda: index.add([article("1")]),
        lambda: index.delete("1"),
        index.optimize,
    ):
        with pytest.raises(IndexClosedError, match="closed"):
            use()


def test_a_snapshot_sees_one_commit(index: arsearch.Index) -> None:
    index.add([article("1", "أول")])
    with index.snapshot() as snapshot:
        index.add([article("2", "ثان")])
        index.delete("1")
        index.optimize()

        assert [hit.id for hit in snapshot.search("أول")] == ["1"]
        assert len(snapshot) == 1
        assert len(index) == 1
    with pytest.raises(IndexClosedError):
        len(snapshot)


def test_another_reader_sees_the_newest_commit(tmp_path: Path) -> None:
    writer = arsearch.open(tmp_path, create=True)
    reader = arsearch.open(tmp_path)
    for n in range(5):
        writer.add([article(str(n))])
        assert len(reader) == n + 1


def test_the_first_and_last_days_of_the_calendar_are_dates(index: arsearch.Index) -> None:
    index.add(
        [article("last", date="+009999-12-31T23:59:59-05:00"), article("first", date="+000001-01-01T00:00:00+05:00")]
    )

    assert [hit.id for hit in index.search("نص", sort="date")] == ["first", "last"]


def test_any_string_can_be_looked_up_as_an_id(index: arsearch.Index) -> None:
    index.add([article("1")])

    for id in ("\ud800", "", "a\nb"):
        assert index.get(id) is None
        assert id not in index
        assert index.delete(id) == 0


@pytest.mark.parametrize(
    "bad",
    [
        Article("2", body="نص", date="2015-01-01"),  # type: ignore[arg-type]
        Article(2, body="نص"),  # type: ignore[arg-type]
        Article("2", body="نص", tags="أب"),  # type: ignore[arg-type]
        Article("2", body="نص", tags=(1,)),  # type: ignore[arg-type]
        Article("2", body="نص", extra={"id": "3"}),
    ],
)
def test_an_article_with_values_of_wrong_types_is_reported(index: arsearch.Index, bad: Article) -> None:
    report = index.add([article("1"), bad])

    assert (report.added, report.failures, len(index)) == (1, 1, 1)


def test_deleting_a_buffered_article_deletes_the_one_it_replaces() -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([article("1", "قديم"), article("2")])
        backend = index._backend
        assert isinstance(backend, EmbeddedBackend)
        with open_writer(backend._directory, index.analyzer, timeout=1) as writer:
            writer.add(Article.from_dict(article("1", "جديد")))
            assert writer.delete("1")
            writer.commit()

        assert [item.id for item in index] == ["2"]


def test_articles_that_are_rejected_cause_no_commit(index: arsearch.Index) -> None:
    good, bad = {"id": "1", "body": "نص"}, {"id": "", "body": "نص"}
    commits = index.add([good], commit_seconds=0).commits

    assert index.add([bad, bad, bad, good], commit_seconds=0).commits == commits


def test_new_and_replaced_articles_are_committed(index: arsearch.Index) -> None:
    index.add([{"id": "1", "title": "خبر"}])

    report = index.add([{"id": str(n), "title": "خبر"} for n in range(1, 5)])

    assert (report.added, report.updated, report.committed) == (3, 1, 4)
