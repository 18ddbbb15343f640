"""Opening, adding, deleting, reading back and pinning: what an index keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import arsearch
from arsearch import ArabicAnalyzer, Article
from arsearch.errors import (
    AddError,
    AnalyzerMismatchError,
    ArticleError,
    IndexClosedError,
    IndexLockedError,
    IndexNotFoundError,
    QueryError,
)
from arsearch.model import Record
from contract.corpus import ARTICLES, FIELDS

ONE = {"id": "1", "title": "كتاب"}
TWO = {"id": "2", "title": "مدرسة", "volume": 2}
THREE = {"id": "3", "title": "قمر", "volume": 3}


def ids(index: arsearch.Index | arsearch.Snapshot) -> list[str]:
    return [article.id for article in index]


# Opening


def test_a_missing_index_is_made_only_with_create(shared_location: str) -> None:
    with pytest.raises(IndexNotFoundError):
        arsearch.open(shared_location)
    arsearch.open(shared_location, create=True).close()
    arsearch.open(shared_location).close()


def test_an_index_brings_its_own_analyzer_and_fields(shared_location: str) -> None:
    analyzer = ArabicAnalyzer(compounds=False)
    with arsearch.open(shared_location, create=True, analyzer=analyzer, fields=FIELDS) as index:
        assert index.location == shared_location
    with arsearch.open(shared_location, create=True) as index:
        assert index.analyzer == analyzer
        assert FIELDS.items() <= index.fields.items()
        assert index.recovery is None


def test_another_analyzer_is_an_error(shared_location: str) -> None:
    arsearch.open(shared_location, create=True).close()
    with pytest.raises(AnalyzerMismatchError):
        arsearch.open(shared_location, analyzer=ArabicAnalyzer(names=False))


def test_other_fields_are_an_error(shared_location: str) -> None:
    arsearch.open(shared_location, create=True, fields=FIELDS).close()
    with pytest.raises(QueryError, match="declares the fields"):
        arsearch.open(shared_location, fields={"pages": "int"})


@pytest.mark.parametrize("fields", [{"title": "text"}, {"volume": "number"}, {"1st": "int"}, {"body_stem": "text"}])
def test_fields_that_cannot_be_declared_are_an_error(location: str, fields: dict[str, str]) -> None:
    with pytest.raises(QueryError):
        arsearch.open(location, create=True, fields=fields)


def test_a_second_handle_sees_each_commit(shared_location: str) -> None:
    with arsearch.open(shared_location, create=True) as one, arsearch.open(shared_location) as other:
        one.add([ONE])
        assert "1" in other
        other.delete("1")
        assert len(one) == 0


# Adding


def test_adding_counts(index: arsearch.Index) -> None:
    report = index.add([ONE, TWO])

    assert (report.added, report.updated, report.failures, report.commits, report.committed) == (2, 0, 0, 1, 2)
    assert report.characters == len("كتابمدرسة")
    assert (len(index), ids(index)) == (2, ["1", "2"])


def test_articles_of_the_same_ids_are_replaced(index: arsearch.Index) -> None:
    index.add([ONE, TWO])

    report = index.add([{**ONE, "title": "قمر"}, {**TWO, "title": "بحر"}, {**TWO, "title": "نهر"}, THREE])

    assert (report.added, report.updated, len(index)) == (1, 3, 3)
    assert [hit.id for hit in index.search("كتاب OR مدرسة OR بحر")] == []
    assert [hit.id for hit in index.search("قمر OR نهر", sort="-volume")] == ["3", "2", "1"]


def test_bad_articles_are_reported_and_the_good_kept(index: arsearch.Index) -> None:
    bad: list[Any] = [
        {"title": "بلا رقم"},
        {"id": "x", "title": " "},
        {"id": "z", "title": "قمر", "body": 7},
        "نص",
        Record("ملف.csv:7", None, "two columns are missing"),
    ]

    report = index.add([ONE, *bad, TWO])

    assert (report.added, report.failures, ids(index)) == (2, 5, ["1", "2"])
    assert [(failure.where, failure.id) for failure in report.failed] == [
        ("article 2", None),
        ("article 3", "x"),
        ("article 4", "z"),
        ("article 5", None),
        ("ملف.csv:7", None),
    ]
    assert all(failure.reason for failure in report.failed)


def test_a_value_that_does_not_fit_its_field_is_kept_under_another_name(index: arsearch.Index) -> None:
    report = index.add([ONE, {"id": "y", "title": "قمر", "volume": "كثير"}])

    assert (report.added, report.failures) == (2, 0)
    assert report.remarks["misfit"].places == [("article 2", "volume: 'كثير'")]
    kept = index.get("y")
    assert kept is not None
    assert kept.extra == {"volume_text": "كثير"}
    with pytest.raises(AddError, match="article 1: field 'volume' is declared"):
        index.add([{"id": "y", "title": "قمر", "volume": "كثير"}], strict=True)


def test_strict_stops_at_a_bad_article(index: arsearch.Index) -> None:
    with pytest.raises(AddError) as caught:
        index.add([ONE, {"id": "x"}, TWO], strict=True)

    assert isinstance(caught.value.__cause__, ArticleError)
    assert (caught.value.report.committed, len(index)) == (0, 0)


def test_an_error_of_the_source_leaves_the_last_commit(index: arsearch.Index) -> None:
    def source() -> Iterator[dict[str, Any]]:
        yield ONE
        yield TWO
        yield THREE
        raise OSError("the line was cut")

    with pytest.raises(AddError, match="the line was cut") as caught:
        index.add(source(), commit_every=2)

    assert (caught.value.report.committed, ids(index)) == (2, ["1", "2"])


@pytest.mark.parametrize("options", [{"commit_every": 1}, {"commit_seconds": 0}], ids=str)
def test_articles_are_read_lazily_and_commits_seen_at_once(index: arsearch.Index, options: dict[str, Any]) -> None:
    seen: list[int] = []

    def source() -> Iterator[dict[str, Any]]:
        for article in (ONE, TWO, THREE):
            yield article
            seen.append(len(index))

    report = index.add(source(), **options)

    assert seen == [1, 2, 3]
    assert report.committed == 3


def test_without_commit_every_all_become_visible_at_the_end(index: arsearch.Index) -> None:
    seen: list[int] = []
    index.add([ONE, TWO], progress=lambda report: seen.append(len(index)))

    assert seen[:2] == [0, 0]
    assert len(index) == 2


@pytest.mark.parametrize("options", [{"commit_every": 0}, {"workers": 0}])
def test_impossible_options_of_adding_are_errors(index: arsearch.Index, options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be at least 1"):
        index.add([ONE], **options)  # type: ignore[arg-type]
    assert len(index) == 0


def test_one_writer_at_a_time(index: arsearch.Index) -> None:
    def source() -> Iterator[dict[str, Any]]:
        with pytest.raises(IndexLockedError):
            index.delete("1", timeout=0)
        yield ONE

    index.add(source())
    assert len(index) == 1


# Reading back


def test_an_article_comes_back_as_it_was_added(index: arsearch.Index) -> None:
    article = Article(
        id="a",
        title="كِتَابٌ",
        body="نصّ أول\nنص ثانٍ",
        author="س",
        source="ص",
        url="https://example.org/",
        date=dt.datetime(2015, 7, 21, 2, 51, tzinfo=dt.timezone(dt.timedelta(hours=3))),
        category="ق",
        tags=("و", "ز"),
        extra={"volume": 3, "price": 1.5, "court": ["أ", "ب"], "note": {"deep": [1, None]}},
    )
    index.add([article])

    assert index.get("a") == article
    assert index.search("كتاب")[0].article == article
    assert list(index) == [article]


def test_ids_are_strings(index: arsearch.Index) -> None:
    index.add([{"id": 7, "title": "كتاب"}])

    assert ("7" in index, "8" in index, 7 in index) == (True, False, False)
    assert index.get("8") is None


def test_articles_are_listed_in_the_order_of_adding(index: arsearch.Index) -> None:
    index.add(ARTICLES)
    index.add([ARTICLES[0]])

    assert ids(index) == [article["id"] for article in (*ARTICLES[1:], ARTICLES[0])]


def test_the_figures(index: arsearch.Index) -> None:
    before = index.stats()
    index.add([ONE, TWO])
    after = index.stats()

    assert (before.articles, after.articles) == (0, 2)
    assert after.generation > before.generation
    assert (after.fields, after.analyzer) == (index.fields, index.analyzer.fingerprint)
    assert after.terms["title"] == 2
    assert after.to_dict()["articles"] == 2


# Updating

FULL = {
    "id": "9",
    "title": "كتاب",
    "body": "نص",
    "source": "س",
    "tags": ["أ"],
    "date": "2015-07-21",
    "volume": 4,
    "note": {"a": 1},
}
UPDATES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("a field", {"source": "ص"}, {**FULL, "source": "ص"}),
    ("fields", {"title": "قمر", "volume": 5}, {**FULL, "title": "قمر", "volume": 5}),
    ("a field that it lacks", {"author": "ع"}, {**FULL, "author": "ع"}),
    ("a further field", {"note": "ن"}, {**FULL, "note": "ن"}),
    ("a date", {"date": dt.date(2016, 1, 2)}, {**FULL, "date": "2016-01-02"}),
    ("a list", {"tags": ["ب", "ج"]}, {**FULL, "tags": ["ب", "ج"]}),
    ("a field is removed", {"date": None}, {name: value for name, value in FULL.items() if name != "date"}),
    ("the same value", {"source": "س"}, FULL),
]


@pytest.mark.parametrize(("promise", "fields", "expected"), UPDATES, ids=[row[0] for row in UPDATES])
def test_updating_one_article(
    index: arsearch.Index, promise: str, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    index.add([ONE, FULL])
    report = index.update("9", **fields)

    article, other = index.get("9"), index.get("1")
    assert article == Article.from_dict(expected)
    assert other == Article.from_dict(ONE)
    assert (report.updated, report.added, report.failures, report.commits, len(index)) == (1, 0, 0, 1, 2)


def test_updates_are_searched(index: arsearch.Index) -> None:
    index.add([ONE, TWO])
    index.update("2", title="قمر", volume=7)

    found = [[hit.id for hit in index.search(text)] for text in ("مدرسة", "قمر", "كتاب")]
    assert found == [[], ["2"], ["1"]]
    assert [hit.id for hit in index.search("", filters={"volume": 7})] == ["2"]


MANY: list[tuple[str, Any]] = [
    ("a mapping", {"1": {"volume": 8}, "3": {"volume": 9}}),
    ("mappings", [{"id": "1", "volume": 8}, {"id": "3", "volume": 9}]),
    ("an iterator", lambda: iter([{"id": "1", "volume": 8}, {"id": "3", "volume": 9}])),
    ("records", [Record("a:1", {"id": "1", "volume": 8}), Record("a:2", {"id": "3", "volume": 9})]),
    ("several changes of one id", [{"id": "1", "volume": 1}, {"id": "3", "volume": 9}, {"id": "1", "volume": 8}]),
]


@pytest.mark.parametrize(("promise", "changes"), MANY, ids=[row[0] for row in MANY])
def test_updating_many_articles_is_one_commit(index: arsearch.Index, promise: str, changes: Any) -> None:
    index.add([ONE, TWO, THREE])
    before = index.stats().generation
    report = index.update(changes() if callable(changes) else changes)

    assert (report.updated, report.failures, index.stats().generation) == (2, 0, before + 1)
    assert {article.id: article.extra.get("volume") for article in index} == {"1": 8, "2": 2, "3": 9}
    assert {article.title for article in index} == {"كتاب", "مدرسة", "قمر"}


def test_changes_of_one_id_add_up(index: arsearch.Index) -> None:
    index.add([ONE])
    index.update([{"id": "1", "source": "س"}, {"id": "1", "author": "ع"}])

    article = index.get("1")
    assert article is not None
    assert (article.source, article.author) == ("س", "ع")


def test_a_changed_date_takes_the_place_of_the_text_of_the_earlier_one(index: arsearch.Index) -> None:
    index.add([{**ONE, "date": "منذ مدة"}])
    report = index.update([Record("a:1", {"id": "1", "date": "5 شوال 1436هـ"}, None, (("html", "body: <p>"),))])

    article = index.get("1")
    assert article is not None
    assert (str(article.date), article.extra["date_text"]) == ("2015-07-21", "5 شوال 1436هـ")
    assert {kind: remark.count for kind, remark in report.remarks.items()} == {"html": 1, "hijri": 1}


FAILURES: list[tuple[str, Any, str, str | None]] = [
    ("an id that no article has", {"9": {"volume": 1}}, "no article has the id '9'", "9"),
    ("a value that does not fit", {"2": {"volume": "كثير"}}, "volume", "2"),
    ("no text is left", {"2": {"title": ""}}, "both title and body are empty", "2"),
    (
        "another id",
        [Record("a:7", {"id": "2", "volume": 1}, None), {"id": "2", "x": float("nan"), "y": 1j}],
        "JSON",
        "2",
    ),
    ("no date", {"2": {"date": "منذ مدة"}}, "date 'منذ مدة' is not a date", "2"),
    ("no id", [{"volume": 1}], "no id", None),
    ("a bad record", [Record("a:7", None, "cut")], "cut", None),
    ("no mapping", {"2": 5}, "5 is not a mapping", "2"),
]


@pytest.mark.parametrize(("promise", "changes", "reason", "id"), FAILURES, ids=[row[0] for row in FAILURES])
def test_a_bad_change_is_reported_and_the_others_are_made(
    index: arsearch.Index, promise: str, changes: Any, reason: str, id: str | None
) -> None:
    index.add([ONE, TWO])
    good: Any = {"1": {"volume": 8}} if isinstance(changes, dict) else [{"id": "1", "volume": 8}]
    report = index.update({**changes, **good} if isinstance(changes, dict) else [*changes, *good])

    (failure,) = report.failed
    assert reason in failure.reason
    assert failure.id == id
    assert {article.id: article.extra.get("volume") for article in index} == {"1": 8, "2": 2}


@pytest.mark.parametrize(
    ("error", "changes", "fields"),
    [
        (QueryError, "9", {"volume": 1}),
        (QueryError, "1", {}),
        (QueryError, {"1": {"volume": 1}}, {"volume": 2}),
        (QueryError, 7, {}),
        (ArticleError, "1", {"volume": "كثير"}),
        (ArticleError, "1", {"id": "2"}),
        (ArticleError, "1", {"title": ""}),
    ],
)
def test_a_wrong_update_of_one_article_is_an_error(
    index: arsearch.Index, error: type[Exception], changes: Any, fields: dict[str, Any]
) -> None:
    index.add([ONE, TWO])
    before = index.stats().generation
    with pytest.raises(error):
        index.update(changes, **fields)

    assert [article.to_dict() for article in index] == [Article.from_dict(item).to_dict() for item in (ONE, TWO)]
    assert index.stats().generation == before


# Deleting

DELETIONS: list[tuple[str, dict[str, Any], int, list[str]]] = [
    ("by id", {"ids": "2"}, 1, ["1", "3"]),
    ("by an id that no article has", {"ids": "9"}, 0, ["1", "2", "3"]),
    ("by ids", {"ids": ("1", "3", "9")}, 2, ["2"]),
    ("by a filter", {"filters": {"volume": (2, None)}}, 2, ["1"]),
    ("by filters", {"filters": {"volume": (2, None), "source": "س"}}, 0, ["1", "2", "3"]),
    ("by an exclusion", {"filters": {"id": arsearch.Not(["1", "2"])}}, 1, ["1", "2"]),
    ("by a query", {"query": "كتاب"}, 1, ["2", "3"]),
    ("by a query with a word that is missing", {"query": "كتاب نهر"}, 0, ["1", "2", "3"]),
    ("by a query and a filter", {"query": "كتاب", "filters": {"volume": 9}}, 0, ["1", "2", "3"]),
]


@pytest.mark.parametrize(("promise", "arguments", "count", "left"), DELETIONS, ids=[row[0] for row in DELETIONS])
def test_deleting(index: arsearch.Index, promise: str, arguments: dict[str, Any], count: int, left: list[str]) -> None:
    index.add([ONE, TWO, THREE])

    assert index.delete(**arguments) == count
    assert ids(index) == left


@pytest.mark.parametrize(
    "arguments",
    [{}, {"ids": "1", "filters": {"volume": 1}}, {"filters": {}}, {"query": " "}, {"ids": "1", "query": "كتاب"}],
)
def test_deleting_wants_ids_or_filters(index: arsearch.Index, arguments: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        index.delete(**arguments)


def test_deleted_articles_are_gone_everywhere(index: arsearch.Index) -> None:
    index.add([ONE, TWO])
    index.delete("1")

    assert ("1" in index, index.get("1"), ids(index)) == (False, None, ["2"])
    assert index.search("كتاب").total == 0
    assert index.search("*", facets=["volume"]).facets == {"volume": {"2": 1}}


# Snapshots and closing


def test_a_snapshot_sees_nothing_newer(index: arsearch.Index) -> None:
    index.add([ONE, TWO])
    with index.snapshot() as snapshot:
        index.add([THREE, {**ONE, "title": "بحر"}])
        index.delete("2")

        assert ids(snapshot) == ["1", "2"]
        assert (len(snapshot), "3" in snapshot, snapshot.search("كتاب OR مدرسة").total) == (2, False, 2)
        assert (len(index), "3" in index, index.search("كتاب OR مدرسة").total) == (2, True, 0)
        assert index.snapshot().generation > snapshot.generation
        article = snapshot.get("1")
        assert article is not None
        assert article.title == "كتاب"


def test_a_closed_snapshot_is_an_error(index: arsearch.Index) -> None:
    snapshot = index.snapshot()
    snapshot.close()
    with pytest.raises(IndexClosedError):
        snapshot.search("كتاب")


USES: dict[str, Callable[[arsearch.Index], object]] = {
    "search": lambda index: index.search("كتاب"),
    "get": lambda index: index.get("1"),
    "len": len,
    "iter": iter,
    "add": lambda index: index.add([ONE]),
    "delete": lambda index: index.delete("1"),
    "explain": lambda index: index.explain("كتاب", "1"),
    "more_like": lambda index: index.more_like("1"),
    "snapshot": lambda index: index.snapshot(),
    "stats": lambda index: index.stats(),
}


@pytest.mark.parametrize("use", USES)
def test_a_closed_index_is_an_error(index: arsearch.Index, use: str) -> None:
    index.add([ONE])
    index.close()
    with pytest.raises(IndexClosedError):
        USES[use](index)


def test_hits_and_snapshots_outlive_the_index(index: arsearch.Index) -> None:
    index.add([ONE])
    hit, snapshot = index.search("كتاب")[0], index.snapshot()
    index.close()

    assert hit.snippet.spans
    assert snapshot.search("كتاب").total == 1
