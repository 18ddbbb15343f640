"""Indexes of different back-ends opened as one: the answers are those of one index with all their articles."""

from __future__ import annotations

import math
import os
import pickle
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from contract.conftest import CLUSTER, remove, toy_scheme  # noqa: F401 - a fixture
from contract.corpus import ARTICLES, FIELDS
from contract.test_contract_equality import OPTIONS, PAGES, queries
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.errors import (
    AnalyzerMismatchError,
    IndexReadOnlyError,
    QueryError,
    UnsupportedError,
)
from arsearch.federation.joining import open_federated
from arsearch.index.backend import open_backend
from arsearch.search import Ranking
from arsearch.search.backend import Capability

Articles = Sequence[Mapping[str, Any]]

KINDS = ("folder folder folder", *(["folder cluster folder", "cluster cluster"] if CLUSTER else []))
"""The kinds of the indexes in a list; folders are opened as if they were of different back-ends."""

OLD: dict[str, Any] = {"id": "1", "title": "كتاب قديم", "source": "الأفق", "category": "سياسة", "date": "2015-07-01"}
NEW: dict[str, Any] = {"id": "1", "title": "مدرسة جديدة", "source": "البلاد"}
OTHER: dict[str, Any] = {
    "id": "2",
    "title": "كتاب المدرسة",
    "body": "قرأ الولد كتابا.",
    "category": "سياسة",
    "date": "2016-01-01",
}
WORK: dict[str, Any] = {
    "id": "book",
    "title": "رحلة",
    "parts": [{"heading": "الأول", "body": "قمر"}, {"heading": "الثاني", "body": "شمس"}],
}


class Makes:
    """Makes indexes of some kinds, and opens several as one."""

    def __init__(self, folder: Path, kinds: str) -> None:
        self.kinds = kinds.split()
        self._folder = folder
        self._made: list[str] = []

    def index(self, number: int, articles: Articles, **options: Any) -> str:
        """Return the location of a new index, of the kind at a place of the list."""
        name = f"joined-{os.getpid()}-{time.time_ns()}"
        location = str(self._folder / name)
        if self.kinds[number % len(self.kinds)] == "cluster":
            location = f"opensearch{CLUSTER.removeprefix('http')}/{name}"
        self._made.append(location)
        with arsearch.open(location, create=True, **options) as index:
            index.add(articles)
        return location

    def open(self, locations: Sequence[str]) -> arsearch.Index:
        """Open indexes as one, by the protocol of members even if all are in folders."""
        if any("://" in location for location in locations):
            return arsearch.open(locations)
        return arsearch.Index(open_federated([opened(location) for location in locations]))

    def close(self) -> None:
        """Delete the indexes on the cluster."""
        for location in self._made:
            remove(location)


def opened(location: str) -> Any:
    return open_backend(location, False, analyzer=None, fields=None, ranking=Ranking(), recover=False)


@pytest.fixture(params=KINDS)
def makes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Makes]:
    found = Makes(tmp_path, request.param)
    yield found
    found.close()


class Pair(NamedTuple):
    """The same articles in one index, and in several that are opened as one."""

    one: arsearch.Index
    several: arsearch.Index


@pytest.fixture(scope="module", params=KINDS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("several")
    makes = Makes(folder, request.param)
    count = len(makes.kinds)
    bounds = [len(ARTICLES) * number // count for number in range(count + 1)]
    parts = [ARTICLES[low:high] for low, high in pairwise(bounds)]
    # Articles that a later index has too are hidden by it.
    earlier = {
        "id": ARTICLES[-1]["id"],
        "title": "نص قديم",
        "body": "النفط والحرس في هذا النص القديم",
        "source": "الأفق",
    }
    names = [
        makes.index(number, [*part, earlier] if number == 0 else part, fields=FIELDS)
        for number, part in enumerate(parts)
    ]
    with (
        arsearch.open(Makes(folder, "folder").index(0, ARTICLES, fields=FIELDS)) as one,
        makes.open(names) as several,
    ):
        yield Pair(one, several)
    makes.close()


def compared(one: arsearch.SearchResults, several: arsearch.SearchResults) -> None:
    """Check that results are equal, and the order but for hits of nearly equal scores."""
    assert (several.total, several.total_complete, several.notes) == (one.total, one.total_complete, one.notes)
    assert {name: list(counts.items()) for name, counts in several.facets.items()} == {
        name: list(counts.items()) for name, counts in one.facets.items()
    }
    assert [(hit.complete, hit.similar, hit.inner_total) for hit in several] == [
        (hit.complete, hit.similar, hit.inner_total) for hit in one
    ]
    assert [hit.score for hit in several] == pytest.approx([hit.score for hit in one], rel=1e-5, abs=1e-6)
    near = {at for at in range(len(one)) if _near_tie(one, at)}
    assert [hit.id for at, hit in enumerate(several) if at not in near] == [
        hit.id for at, hit in enumerate(one) if at not in near
    ]
    for at, (hit, same) in enumerate(zip(several, one, strict=True)):
        if at not in near:
            assert {inner.id for inner in hit.inner_hits} == {inner.id for inner in same.inner_hits}


def _near_tie(results: arsearch.SearchResults, at: int) -> bool:
    """Tell whether a hit has nearly the score of a neighbour, without having just its score; rounding may swap these."""
    scores = [hit.score for hit in results]
    return any(
        0 <= other < len(scores)
        and scores[other] != scores[at]
        and math.isclose(scores[other], scores[at], rel_tol=1e-5, abs_tol=1e-9)
        for other in (at - 1, at + 1)
    )


@settings(max_examples=150, deadline=None)
@given(text=st.deferred(queries), page=PAGES, options=OPTIONS)
def test_the_answers_are_those_of_one_index(
    pair: Pair, text: str, page: tuple[int, int], options: dict[str, Any]
) -> None:
    limit, offset = page
    one, several = (index.search(text, limit=limit, offset=offset, timeout=None, **options) for index in pair)

    compared(one, several)
    for hit, same in zip(several.hits[:1], one.hits[:1], strict=True):
        assert hit.snippet == same.snippet
        explained = hit.explain()
        assert math.isclose(explained.score, hit.score, rel_tol=1e-5, abs_tol=1e-6)
        assert math.isclose(explained.score, same.explain().score, rel_tol=1e-5, abs_tol=1e-6)


@settings(max_examples=40, deadline=None)
@given(text=st.deferred(queries), options=OPTIONS, inner_hits=st.integers(0, 3))
def test_near_duplicates_and_groups_are_those_of_one_index(
    pair: Pair, text: str, options: dict[str, Any], inner_hits: int
) -> None:
    for collapse, page in (("duplicates", (10, 0)), ("duplicates", (2, 1)), ("source", (3, 1)), ("tags", (100, 0))):
        limit, offset = page
        more = {**options, "collapse": collapse, "inner_hits": inner_hits, "timeout": None}
        compared(*(index.search(text, limit=limit, offset=offset, **more) for index in pair))


def test_other_methods_answer_as_one_index(pair: Pair) -> None:
    one, several = pair
    ids = {article["id"] for article in ARTICLES}

    assert {article.id: article.to_dict() for article in several} == {article.id: article.to_dict() for article in one}
    assert (len(several), several.fields, several.has_works) == (len(one), one.fields, one.has_works)
    assert all(several.get(id) == one.get(id) and id in several for id in ids)
    assert several.get("none") is None
    assert several.stats().articles == len(one)
    for id in sorted(ids)[:6]:
        for collapse in (None, "duplicates"):
            compared(*(index.more_like(id, collapse=collapse, timeout=None) for index in pair))
    assert sorted(line.id for line in several.concordance("كتاب")) == sorted(
        line.id for line in one.concordance("كتاب")
    )
    assert several.frequencies("كتاب", by="source") == one.frequencies("كتاب", by="source")
    assert [(one.article_id, one.text) for one in several.passages("النفط", timeout=None)] == [
        (one.article_id, one.text) for one in pair.one.passages("النفط", timeout=None)
    ]
    assert several.spans("oil-visit", "النفط") == one.spans("oil-visit", "النفط")
    assert [hit.id for hit in several.select("النفط")] == [hit.id for hit in one.select("النفط")]
    assert [[hit.id for hit in found] for found in several.search_many(["نفط", "كتاب"])] == [
        [hit.id for hit in found] for found in one.search_many(["نفط", "كتاب"])
    ]


def test_corrections_and_completions_are_those_of_one_index(makes: Makes) -> None:
    names = [makes.index(0, ARTICLES[::2], fields=FIELDS), makes.index(1, ARTICLES[1::2], fields=FIELDS)]
    with (
        arsearch.open(Makes(makes._folder, "folder").index(0, [*ARTICLES[::2], *ARTICLES[1::2]], fields=FIELDS)) as one,
        makes.open(names) as several,
    ):
        for text in ("النقط", "قانون المرر", "كتاب", "hgpvs", ""):
            assert several.correct(text) == one.correct(text)
        for prefix in ("ال", "كت", "النفط ", "الحرس ال", "و"):
            assert several.suggest(prefix) == one.suggest(prefix)
        for text in ("النقط", "قانون المرر"):
            compared(one.search(text), several.search(text))


def test_all_pages_together_are_the_whole_list(pair: Pair) -> None:
    for sort in (None, "-date", "source"):
        whole = [hit.id for hit in pair.one.search("في من على", limit=1000, sort=sort, mode="any", timeout=None)]
        paged = [
            hit.id
            for offset in range(0, len(whole) + 7, 7)
            for hit in pair.several.search("في من على", limit=7, offset=offset, sort=sort, mode="any", timeout=None)
        ]
        assert (paged, len(paged) > 10) == (whole, True)


def test_a_hit_names_its_index(makes: Makes) -> None:
    names = [makes.index(0, [OLD]), makes.index(1, [OTHER])]
    with makes.open(names) as several:
        found = {hit.id: hit.location for hit in several.search("كتاب")}
        (group,) = several.search("كتاب", collapse="category", sort="category")
        kept = pickle.loads(pickle.dumps(several.search("قديم").hits[0]))

    assert found == {"1": names[0], "2": names[1]}
    assert {hit.location for hit in (group, *group.inner_hits)} == {*names}
    assert kept.location == names[0]


def test_of_the_same_id_the_article_of_the_last_index_counts(makes: Makes) -> None:
    names = [makes.index(0, [OLD, OTHER]), makes.index(1, [NEW])]
    with (
        arsearch.open(Makes(makes._folder, "folder").index(0, [OTHER, NEW])) as one,
        makes.open(names) as several,
    ):
        assert [article.id for article in several] == ["2", "1"]
        assert (len(several), several.get("1")) == (2, arsearch.Article.from_dict(NEW))
        assert several.search("قديم").total == 0
        for text in ("كتاب", "مدرسة", "جديدة كتاب"):
            compared(one.search(text), several.search(text))
    with makes.open(names[::-1]) as turned:
        assert turned.get("1") == arsearch.Article.from_dict(OLD)


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
    makes: Makes, first: dict[str, Any], last: dict[str, Any], total: dict[str, int]
) -> None:
    names = [makes.index(0, [first]), makes.index(1, [last])]
    with makes.open(names) as several, arsearch.open(names[1]) as alone:
        assert {word: several.search(word).total for word in total} == total
        assert len(several) == 1
        assert list(several) == list(alone)
        assert several.get("book") == alone.get("book")


def test_works_of_several_indexes_are_found_as_in_one(makes: Makes) -> None:
    other = {**WORK, "id": "other", "title": "سفر", "category": "رحلات", "date": "2015-07-21"}
    titled = {**WORK, "category": "رحلات", "date": "2016-07-21"}
    first, last = [titled, OLD], [OTHER, other]
    names = [makes.index(0, first), makes.index(1, last)]
    with (
        arsearch.open(Makes(makes._folder, "folder").index(0, first + last)) as one,
        makes.open(names) as several,
    ):
        for text in ("قمر شمس", "رحلة قمر", "كتاب", "سفر", "*", ""):
            for collapse in (None, "work", "category"):
                for sort in (None, "-date"):
                    options: dict[str, Any] = {"collapse": collapse, "sort": sort, "facets": ["category", "year"]}
                    compared(one.search(text, **options), several.search(text, **options))
        for filters in ({"category": "رحلات"}, {"category": arsearch.Not("سياسة")}, {"date": "2015"}):
            compared(one.search("", filters=filters), several.search("", filters=filters))
            assert [hit.id for hit in several.select(filters=filters)] == [
                hit.id for hit in one.select(filters=filters)
            ]
        assert list(several) == list(one)
        assert (len(several), several.stats().parts) == (len(one), one.stats().parts)
        (part,) = [hit.place for hit in several.search("شمس", filters={"category": "رحلات"}, limit=1)]
        assert part is not None
        assert [span.start for span in several.spans("other", "شمس")] == [
            span.start for span in one.spans("other", "شمس")
        ]


def test_a_field_that_one_index_lacks_is_empty_there(makes: Makes) -> None:
    fields = {"volume": "int", "price": "float", "court": "keyword", "isnad": "text", "heard": "date"}
    values = {"volume": 3, "price": 2.5, "court": "العليا", "isnad": "حدثنا مالك", "heard": "2015-07-21"}
    having, lacking = [{**OLD, **values}], [OTHER, WORK]
    with arsearch.open(Makes(makes._folder, "folder").index(0, having + lacking, fields=fields)) as one:
        for names in (
            [makes.index(0, having, fields=fields), makes.index(1, lacking)],
            [makes.index(0, lacking), makes.index(1, having, fields=fields)],
        ):
            with makes.open(names) as several:
                assert several.fields == one.fields
                assert several.search("مالك").total == several.search("isnad:حدثنا").total == 1
                for text in ('isnad:"حدثنا مالك"', 'isnad:"مالك حدثنا"~3', "isnad:حد*", "isnad:مالك~1", "isnad:=مالك"):
                    assert several.search(text).total == one.search(text).total
                for filters in ({"volume": 3}, {"price": (None, 3)}, {"court": "العليا"}, {"heard": "2015"}):
                    assert [hit.id for hit in several.search("كتاب", filters=filters)] == ["1"]
                    (name,) = filters
                    assert [hit.id for hit in several.search("كتاب", filters={name: arsearch.Not(filters[name])})] == [
                        "2"
                    ]
                for sort in ("volume", "-price", "court", "heard"):
                    assert [hit.id for hit in several.search("كتاب", sort=sort)] == ["1", "2"]
                assert several.search("كتاب", facets=["court", "volume"]).facets == {
                    "court": {"العليا": 1},
                    "volume": {"3": 1},
                }
                assert {hit.id for hit in several.search("كتاب", collapse="court")} == {"1", "2"}
                assert {hit.id: hit.score for hit in several.search("كتاب مدرسة مالك")} == pytest.approx(
                    {hit.id: hit.score for hit in one.search("كتاب مدرسة مالك")}, rel=1e-5
                )


def test_a_commit_of_one_index_is_seen_and_a_snapshot_keeps_its_own(makes: Makes) -> None:
    names = [makes.index(0, [OLD]), makes.index(1, [OTHER])]
    with makes.open(names) as several, several.snapshot() as snapshot:
        before = snapshot.generation
        for number, name in enumerate(names):
            with arsearch.open(name) as alone:
                alone.add([{"id": f"new-{number}", "title": "كتاب ثالث"}])
            assert several.search("كتاب").total == 3 + number
        assert several.snapshot().generation > before
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
def test_it_cannot_be_changed(makes: Makes, change: Callable[[arsearch.Index], object]) -> None:
    names = [makes.index(0, [OLD]), makes.index(1, [OTHER])]
    with makes.open(names) as several:
        with pytest.raises(IndexReadOnlyError, match=r"open it alone: arsearch.open\("):
            change(several)
        assert (len(several), several.search("كتاب").total) == (2, 2)


def test_what_cannot_be_joined_is_an_error(makes: Makes, toy_scheme: str) -> None:  # noqa: F811
    one = makes.index(0, [OLD], fields={"volume": "int"})
    light = makes.index(1, [OTHER], analyzer=arsearch.ArabicAnalyzer.from_config({"stemmer": {"name": "light10"}}))
    other = makes.index(1, [OTHER], fields={"volume": "keyword"})

    with pytest.raises(AnalyzerMismatchError, match="different analyzers"):
        makes.open([one, light])
    with pytest.raises(QueryError, match=r"'volume' is declared as 'int' by one index and as 'keyword'"):
        makes.open([one, other])
    with pytest.raises(QueryError, match="named twice"):
        arsearch.open([one, other, one])
    with pytest.raises(UnsupportedError, match="last intact commit"):
        arsearch.open([one, other], recover=True)
    toy = f"{toy_scheme}://joined"
    arsearch.open(toy, create=True).close()
    with pytest.raises(UnsupportedError, match="be searched together with other indexes"):
        arsearch.open([one, toy])


def test_too_many_articles_in_two_indexes_are_an_error(makes: Makes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arsearch.federation.joining._MOST_HIDDEN", 1)
    names = [makes.index(0, [OLD, OTHER]), makes.index(1, [OTHER, NEW])]
    with pytest.raises(QueryError, match=r"^2 articles of the index at .* delete them from one of the indexes$"):
        makes.open(names)


def test_abilities_are_those_that_all_have(makes: Makes) -> None:
    with makes.open([makes.index(0, [OLD]), makes.index(1, [OTHER])]) as several:
        assert several.capabilities == {
            Capability.CORRECT,
            Capability.NEAR_DUPLICATES,
            Capability.PROCESSES,
            Capability.SNAPSHOTS,
            Capability.SUGGEST,
            *([Capability.CHECK] if "cluster" not in makes.kinds[:2] else []),
        }
        with pickle.loads(pickle.dumps(several)) as copied:
            assert [hit.id for hit in copied.search("كتاب")] == [hit.id for hit in several.search("كتاب")]
        found = several.search_many(["كتاب"] * 4, processes=2)
        assert [[hit.id for hit in one] for one in found] == [[hit.id for hit in several.search("كتاب")]] * 4


def test_without_time_the_answer_is_partial_and_empty(makes: Makes) -> None:
    with makes.open([makes.index(0, [OLD]), makes.index(1, [OTHER])]) as several:
        for text in ("كتاب", "كتا*", '"كتاب المدرسة"', "كتاب -قديم"):
            found = several.search(text, timeout=0, facets=["source"])
            assert (found.partial, list(found), found.facets) == (True, [], {"source": {}})
            assert "time ran out" in " ".join(found.notes)
        assert several.suggest("كت", timeout=0).partial
        assert several.correct("كتلب", timeout=0).partial
        assert several.explain("كتاب", "1", timeout=0).partial
