"""Recency as a signal of the score: a bounded bonus by the age of an article, for searches that ask for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import arsearch
from arsearch import Ranking
from arsearch.errors import QueryError

CLOSE = 1e-5
WEIGHT = Ranking().recency_weight
AGES: dict[str, int | None] = {"new": 0, "month": 30, "two": 60, "year": 365, "undated": None}
NEWEST = dt.date(2015, 8, 31)


@pytest.fixture
def news(index: arsearch.Index) -> arsearch.Index:
    """Return an index of equal articles, apart from their dates; the oldest was added first."""
    index.add(dated(AGES, NEWEST))
    return index


def dated(ages: dict[str, int | None], newest: dt.date) -> list[dict[str, Any]]:
    return [
        {"id": id, "title": "أسعار النفط", "body": "ارتفعت الأسعار"}
        | ({} if age is None else {"date": str(newest - dt.timedelta(days=age))})
        for id, age in reversed(ages.items())
    ]


def bonuses(index: arsearch.Index, text: str = "أسعار النفط", **options: Any) -> dict[str, float]:
    plain = {hit.id: hit.score for hit in index.search(text, **options | {"recency": None})}
    return {hit.id: hit.score - plain[hit.id] for hit in index.search(text, **options)}


def test_the_bonus_halves_in_each_half_life(news: arsearch.Index) -> None:
    added = bonuses(news, recency="30d")

    assert list(added) == ["new", "month", "two", "year", "undated"]
    assert added == pytest.approx(
        {"new": WEIGHT, "month": WEIGHT / 2, "two": WEIGHT / 4, "year": WEIGHT * 0.5 ** (365 / 30), "undated": 0.0},
        abs=1e-4,
    )


def test_recency_is_off_by_default(news: arsearch.Index) -> None:
    results = news.search("أسعار النفط")

    assert len({hit.score for hit in results}) == 1
    assert [hit.id for hit in results] == ["undated", "year", "two", "month", "new"]
    assert results[0].explain().recency is None


PERIODS = [
    ("720h", 30.0),
    ("30d", 30.0),
    ("2w", 14.0),
    ("1y", 365.25),
    ("1.5d", 1.5),
    (" 7 d ", 7.0),
    ("٣٠d", 30.0),
    (dt.timedelta(days=3), 3.0),
    (dt.timedelta(hours=6), 0.25),
    ("99999y", 99999 * 365.25),
]


@pytest.mark.parametrize(("recency", "days"), PERIODS, ids=str)
def test_a_period_is_a_half_life(news: arsearch.Index, recency: str | dt.timedelta, days: float) -> None:
    bonus = news.explain("أسعار النفط", "month", recency=recency).recency

    assert bonus is not None
    assert (bonus.age, bonus.weight) == (30.0, WEIGHT)
    assert bonus.half_life == pytest.approx(days)
    assert bonus.score == pytest.approx(WEIGHT * 0.5 ** (30 / days))
    assert bonus.date == "2015-08-01T00:00:00"


@pytest.mark.parametrize(
    "recency", ["", "30", "d", "30m", "-3d", "0d", "1e3d", "30 days", 30, True, dt.timedelta(0), [], "9" * 400 + "y"]
)
def test_another_value_is_an_error(news: arsearch.Index, recency: Any) -> None:
    with pytest.raises(QueryError, match="is not a period above 0; write a number and h, d, w or y, such as '30d'"):
        news.search("النفط", recency=recency)


def test_the_age_counts_from_the_newest_article_that_is_not_in_the_future(index: arsearch.Index) -> None:
    future = str(dt.date.today() + dt.timedelta(days=4000))
    index.add([*dated(AGES, NEWEST), {"id": "future", "title": "أسعار النفط", "body": "ارتفعت", "date": future}])

    added = bonuses(index, recency="30d")

    assert [added[id] for id in ("new", "future", "month")] == pytest.approx([WEIGHT, WEIGHT, WEIGHT / 2], abs=1e-4)


def test_the_newest_article_may_be_deleted(news: arsearch.Index) -> None:
    news.delete("new")

    assert bonuses(news, recency="30d")["two"] == pytest.approx(WEIGHT / 2, abs=1e-4)


def test_articles_of_the_future_alone_are_new(index: arsearch.Index) -> None:
    index.add(dated({"first": 0, "second": 90}, dt.date.today() + dt.timedelta(days=4000)))

    assert bonuses(index, recency="30d") == pytest.approx({"first": WEIGHT, "second": WEIGHT}, abs=1e-4)


def test_an_index_without_dates_is_searched_as_ever(index: arsearch.Index) -> None:
    index.add([{"id": "1", "body": "النفط"}])

    assert bonuses(index, "النفط", recency="1d") == {"1": 0.0}


def test_recency_orders_articles_that_score_alike_and_only_those_with_all_words_come_first(
    index: arsearch.Index,
) -> None:
    index.add([{"id": "both", "body": "النفط والذهب", "date": "2001-01-01"}])
    index.add([{"id": "one", "title": "النفط", "body": "النفط النفط", "date": "2015-08-01"}])

    assert [hit.id for hit in index.search("النفط الذهب", recency="1d")] == ["both", "one"]


def test_filters_alone_are_ordered_by_age(news: arsearch.Index) -> None:
    results = news.search("", filters={"date": ("2014", "2016")}, recency="30d")

    assert [hit.id for hit in results] == ["new", "month", "two", "year"]


@pytest.mark.parametrize(
    "options", [{"limit": 2}, {"limit": 2, "offset": 2}, {"collapse": "source"}, {"facets": ["year"]}]
)
def test_pages_agree(news: arsearch.Index, options: dict[str, Any]) -> None:
    ids = [hit.id for hit in news.search("أسعار النفط", recency="30d")]
    limit, offset = options.get("limit", 10), options.get("offset", 0)

    assert [hit.id for hit in news.search("أسعار النفط", recency="30d", **options)] == ids[offset : offset + limit]


def test_an_explanation_has_the_bonus_and_adds_up(news: arsearch.Index) -> None:
    for hit in news.search("أسعار النفط", recency="30d"):
        for explanation in (hit.explain(), news.explain("أسعار النفط", hit.id, recency="30d")):
            assert explanation.score == pytest.approx(hit.score, rel=CLOSE)
            found = explanation.to_dict()["recency"]
            age = AGES[hit.id]
            if age is None:
                assert found is None
            else:
                assert found == {
                    "date": f"{NEWEST - dt.timedelta(days=age)}T00:00:00",
                    "age": age,
                    "half_life": 30.0,
                    "weight": WEIGHT,
                    "score": pytest.approx(WEIGHT * 0.5 ** (age / 30)),
                }


def test_the_weight_is_a_constant_of_the_ranking(location: str) -> None:
    with arsearch.open(location, create=True, ranking=Ranking(recency_weight=5.0)) as index:
        index.add(dated(AGES, NEWEST))
        assert bonuses(index, recency="30d")["new"] == pytest.approx(5.0, abs=1e-4)
