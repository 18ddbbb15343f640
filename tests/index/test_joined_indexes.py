"""Several indexes opened as one: the answers are those of one index with all their articles."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from contract.corpus import ARTICLES, FIELDS
from contract.test_contract_equality import OPTIONS, PAGES, queries
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.errors import (
    AnalyzerMismatchError,
    IndexNotFoundError,
    IndexReadOnlyError,
    QueryError,
    UnsupportedError,
)

Articles = Sequence[Mapping[str, Any]]

OLD = {"id": "1", "title": "كتاب قديم", "source": "الأفق", "category": "سياسة"}
NEW = {"id": "1", "title": "مدرسة جديدة", "source": "البلاد"}
OTHER = {"id": "2", "title": "كتاب المدرسة", "body": "قرأ الولد كتابا.", "category": "سياسة"}
WORK = {
    "id": "book",
    "title": "رحلة",
    "parts": [{"heading": "الأول", "body": "قمر"}, {"heading": "الثاني", "body": "شمس"}],
}


def made(folder: Path, articles: Articles, **options: Any) -> str:
    """Return the location of a new index of some articles."""
    with arsearch.open(folder, create=True, **options) as index:
        index.add(articles)
    return str(folder)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[arsearch.Index, arsearch.Index]]:
    """One index of the corpus, and three that share it, opened as one."""
    folder = tmp_path_factory.mktemp("joined")
    thirds = [ARTICLES[:7], ARTICLES[7:16], ARTICLES[16:]]
    names = [made(folder / str(number), part, fields=FIELDS) for number, part in enumerate(thirds)]
    with (
        arsearch.open(made(folder / "one", ARTICLES, fields=FIELDS)) as one,
        arsearch.open(names) as joined,
    ):
        yield one, joined


@settings(max_examples=150)
@given(text=st.deferred(queries), page=PAGES, options=OPTIONS)
def test_the_answers_are_those_of_one_index(
    pair: tuple[arsearch.Index, arsearch.Index], text: str, page: tuple[int, int], options: dict[str, Any]
) -> None:
    limit, offset = page
    one, joined = (index.search(text, limit=limit, offset=offset, **options) for index in pair)

    assert (joined.total, joined.total_complete, joined.notes) == (one.total, one.total_complete, one.notes)
    assert {name: list(counts.items()) for name, counts in joined.facets.items()} == {
        name: list(counts.items()) for name, counts in one.facets.items()
    }
    assert [(hit.id, hit.complete, hit.similar, hit.inner_total) for hit in joined] == [
        (hit.id, hit.complete, hit.similar, hit.inner_total) for hit in one
    ]
    assert all(math.isclose(a.score, b.score, rel_tol=1e-5, abs_tol=1e-6) for a, b in zip(joined, one, strict=True))
    for hit, same in zip(joined.hits[:1], one.hits[:1], strict=True):
        assert hit.snippet == same.snippet
        assert math.isclose(hit.explain().score, same.explain().score, rel_tol=1e-5, abs_tol=1e-6)


def test_other_methods_answer_as_one_index(pair: tuple[arsearch.Index, arsearch.Index]) -> None:
    one, joined = pair

    assert [article.to_dict() for article in joined] == [article.to_dict() for article in one]
    assert len(joined) == len(one)
    assert joined.suggest("ال") == one.suggest("ال")
    assert joined.correct("النقط") == one.correct("النقط")
    assert [hit.id for hit in joined.more_like("oil-visit")] == [hit.id for hit in one.more_like("oil-visit")]
    assert list(joined.concordance("كتاب")) == list(one.concordance("كتاب"))
    assert joined.frequencies("كتاب") == one.frequencies("كتاب")
    assert joined.passages("النفط") == one.passages("النفط")
    assert joined.stats().terms == one.stats().terms
    assert (joined.check(), joined.fields) == ([], one.fields)
    assert [hit.id for hit in joined.search_many(["نفط"], processes=1)[0]] == [hit.id for hit in one.search("نفط")]


def test_a_hit_names_its_index(tmp_path: Path) -> None:
    names = [made(tmp_path / "a", [OLD]), made(tmp_path / "b", [OTHER])]
    with arsearch.open(names) as joined:
        found = {hit.id: hit.location for hit in joined.search("كتاب")}
        (group,) = joined.search("كتاب", collapse="category", sort="category")
        kept = pickle.loads(pickle.dumps(joined.search("قديم").hits[0]))

    assert found == {"1": names[0], "2": names[1]}
    assert {hit.location for hit in (group, *group.inner_hits)} == {*names}
    assert kept.location == names[0]
    with arsearch.open(tmp_path / "a") as alone:
        assert alone.search("كتاب")[0].location == names[0]


def test_of_the_same_id_the_article_of_the_last_index_counts(tmp_path: Path) -> None:
    names = [made(tmp_path / "a", [OLD, OTHER]), made(tmp_path / "b", [NEW])]
    together = made(tmp_path / "one", [OLD, OTHER])
    with arsearch.open(together) as one:
        one.add([NEW])
        with arsearch.open(names) as joined:
            assert [article.id for article in joined] == ["2", "1"]
            assert (len(joined), joined.get("1")) == (2, arsearch.Article.from_dict(NEW))
            assert joined.search("قديم").total == 0
            assert joined.stats().deleted == 1
            for text in ("كتاب", "مدرسة", "جديدة كتاب"):
                assert [(hit.id, hit.score) for hit in joined.search(text)] == [
                    (hit.id, hit.score) for hit in one.search(text)
                ]
        with arsearch.open(names[::-1]) as reversed_order:
            assert reversed_order.get("1") == arsearch.Article.from_dict(OLD)


@pytest.mark.parametrize(
    ("first", "last", "total"),
    [
        pytest.param(WORK, {"id": "book", "title": "قمر جديد"}, {"قمر": 1, "شمس": 0}, id="work_by_article"),
        pytest.param({"id": "book", "title": "شمس"}, WORK, {"قمر": 1, "شمس": 1}, id="article_by_work"),
        pytest.param(
            WORK, {**WORK, "parts": [{"heading": "وحيد", "body": "نجم"}]}, {"قمر": 0, "نجم": 1}, id="work_by_work"
        ),
        pytest.param(WORK, WORK, {"قمر": 1, "شمس": 1}, id="same_work"),
    ],
)
def test_a_work_is_replaced_with_its_parts(
    tmp_path: Path, first: dict[str, Any], last: dict[str, Any], total: dict[str, int]
) -> None:
    names = [made(tmp_path / "a", [first]), made(tmp_path / "b", [last])]
    with arsearch.open(names) as joined, arsearch.open(names[1]) as alone:
        assert {word: joined.search(word).total for word in total} == total
        assert len(joined) == 1
        assert list(joined) == list(alone)


def test_a_field_that_one_index_lacks_is_empty_there(tmp_path: Path) -> None:
    fields = {"volume": "int", "price": "float", "court": "keyword", "isnad": "text", "heard": "date"}
    values = {"volume": 3, "price": 2.5, "court": "العليا", "isnad": "حدثنا مالك", "heard": "2015-07-21"}
    names = [made(tmp_path / "a", [{**OLD, **values}], fields=fields), made(tmp_path / "b", [OTHER, WORK])]
    together = made(tmp_path / "one", [{**OLD, **values}, OTHER, WORK], fields=fields)
    with arsearch.open(names) as joined, arsearch.open(names[::-1]) as turned, arsearch.open(together) as one:
        for index in (joined, turned):
            assert index.fields == one.fields
            assert index.search("مالك").total == index.search("isnad:حدثنا").total == 1
            for filters in ({"volume": 3}, {"price": (None, 3)}, {"court": "العليا"}, {"heard": "2015"}):
                assert [hit.id for hit in index.search("كتاب", filters=filters)] == ["1"]
            for sort in ("volume", "-price", "court", "heard"):
                assert [hit.id for hit in index.search("كتاب", sort=sort)] == ["1", "2"]
            assert index.search("كتاب", facets=["court", "volume"]).facets == {
                "court": {"العليا": 1},
                "volume": {"3": 1},
            }
            assert {hit.id: hit.score for hit in index.search("كتاب مدرسة مالك")} == pytest.approx(
                {hit.id: hit.score for hit in one.search("كتاب مدرسة مالك")}
            )


def test_a_commit_of_one_index_is_seen_and_a_snapshot_keeps_its_own(tmp_path: Path) -> None:
    names = [made(tmp_path / "a", [OLD]), made(tmp_path / "b", [OTHER])]
    with arsearch.open(names) as joined, arsearch.open(names[0]) as first, joined.snapshot() as snapshot:
        before = snapshot.generation
        first.add([{"id": "3", "title": "كتاب ثالث"}])

        assert joined.search("كتاب").total == 3
        assert joined.snapshot().generation > before
        assert snapshot.search("كتاب").total == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda index: index.add([OTHER]),
        lambda index: index.update("1", category="سياسة"),
        lambda index: index.delete("1"),
        lambda index: index.delete(query="كتاب"),
    ],
    ids=["add", "update", "delete", "delete_query"],
)
def test_it_cannot_be_changed(tmp_path: Path, change: Any) -> None:
    names = [made(tmp_path / "a", [OLD]), made(tmp_path / "b", [OTHER])]
    with arsearch.open(names) as joined, pytest.raises(IndexReadOnlyError, match=r"open it alone: arsearch.open\("):
        change(joined)
    with arsearch.open(names) as joined:
        assert (len(joined), joined.search("كتاب").total) == (2, 2)


def test_what_cannot_be_joined_is_an_error(tmp_path: Path) -> None:
    one = made(tmp_path / "a", [OLD], fields={"volume": "int"})
    light = made(
        tmp_path / "b", [OTHER], analyzer=arsearch.ArabicAnalyzer.from_config({"stemmer": {"name": "light10"}})
    )
    other = made(tmp_path / "c", [OTHER], fields={"volume": "keyword"})

    with pytest.raises(AnalyzerMismatchError, match="different analyzers"):
        arsearch.open([one, light])
    with pytest.raises(QueryError, match=r"'volume' is declared as 'int' by one index and as 'keyword'"):
        arsearch.open([one, other])
    with pytest.raises(QueryError, match="named twice"):
        arsearch.open([one, tmp_path / "c" / ".." / "a"])
    with pytest.raises(QueryError, match="list of locations is empty"):
        arsearch.open([])
    with pytest.raises(QueryError, match="opened for reading"):
        arsearch.open([one, str(tmp_path / "new")], create=True)
    with pytest.raises(IndexNotFoundError):
        arsearch.open([one, str(tmp_path / "new")])
    with pytest.raises(UnsupportedError, match="last intact commit"):
        arsearch.open([one, light], recover=True)


def test_a_list_of_one_location_is_that_index(tmp_path: Path) -> None:
    with arsearch.open([tmp_path / "a"], create=True) as index:
        assert index.add([OLD]).added == 1
        assert index.location == str(tmp_path / "a")
