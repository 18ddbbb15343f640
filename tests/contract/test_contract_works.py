"""Adding, finding, counting, changing and deleting works made of parts."""

from __future__ import annotations

import pickle
import random
from typing import Any

import pytest

import arsearch
from arsearch.errors import AddError, ArticleError, QueryError
from arsearch.model import parts as model_parts
from arsearch.model.places import part_id

FIQH: dict[str, Any] = {
    "id": "fiqh",
    "title": "مختصر الفقه",
    "author": "مؤلف مجهول",
    "source": "مكتبة",
    "category": "فقه",
    "volume": 7,
    "body": "تمهيد قصير للكتاب.",
    "parts": [
        {"heading": "كتاب الطهارة", "level": 1},
        {"heading": "باب الوضوء", "level": 2, "page": 3, "volume": 1, "body": "الماء الطهور شرط في الوضوء."},
        {"heading": "باب الغسل", "level": 2, "page": 5, "volume": 1, "body": "يعم الماء البدن كله، والماء طهور."},
        {
            "heading": "كتاب الصلاة",
            "level": 1,
            "page": 9,
            "volume": 2,
            "body": "تجب الصلاة على كل بالغ.",
            "note": "ملحق",
        },
    ],
}
RIVERS = {
    "id": "rivers",
    "title": "الأنهار",
    "source": "مكتبة",
    "category": "جغرافيا",
    "body": "الماء في النهر عذب. الماء في البحر مالح.",
}


@pytest.fixture
def library(index: arsearch.Index) -> arsearch.Index:
    index.add([FIQH, RIVERS])
    return index


def ids(results: arsearch.SearchResults) -> list[str]:
    return [hit.id for hit in results]


def test_parts_are_hits_with_their_place(library: arsearch.Index) -> None:
    hit = library.search("الوضوء")[0]
    assert hit.id == part_id("fiqh", 2)
    assert hit.title == "باب الوضوء"
    place = hit.place
    assert place is not None
    assert place.work == "fiqh"
    assert place.title == "مختصر الفقه"
    assert place.author == "مؤلف مجهول"
    assert place.volume == "1"
    assert place.page == "3"
    assert place.heading == "كتاب الطهارة ‹ باب الوضوء"
    assert hit.page == "3"
    work = library.get("fiqh")
    assert work is not None
    assert work.text[place.start : place.end] == hit.article.body


def test_the_head_of_a_work_has_a_place_and_other_articles_have_none(library: arsearch.Index) -> None:
    head = library.search("مختصر")[0]
    assert head.id == "fiqh"
    assert head.place is not None
    assert head.place.heading == ""
    assert library.search("النهر")[0].place is None


def test_hits_are_grouped_by_work(library: arsearch.Index) -> None:
    results = library.search("الماء", collapse="work")
    assert sorted(hit.place.work if hit.place else hit.id for hit in results) == ["fiqh", "rivers"]
    of_work = next(hit for hit in results if hit.place)
    assert {of_work.id, *(inner.id for inner in of_work.inner_hits)} == {part_id("fiqh", 2), part_id("fiqh", 3)}
    assert of_work.inner_total == 2
    assert results.total == 2
    assert of_work.score >= of_work.inner_hits[0].score
    assert of_work.inner_hits[0].place is not None


def test_the_best_parts_are_shown_up_to_a_number(library: arsearch.Index) -> None:
    of_work = next(hit for hit in library.search("الماء", collapse="work", inner_hits=0) if hit.place)
    assert of_work.inner_hits == ()
    assert of_work.inner_total == 2


def test_other_fields_show_their_further_hits_too(library: arsearch.Index) -> None:
    (hit,) = library.search("الماء", collapse="source", inner_hits=5)
    assert hit.inner_total == 3
    assert len(hit.inner_hits) == 2


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"category": "فقه"}, [part_id("fiqh", 2), part_id("fiqh", 3)]),
        ({"volume": 7}, [part_id("fiqh", 2), part_id("fiqh", 3)]),
        ({"id": "fiqh"}, [part_id("fiqh", 2), part_id("fiqh", 3)]),
        ({"work": "fiqh"}, [part_id("fiqh", 2), part_id("fiqh", 3)]),
        ({"id": [part_id("fiqh", 3)]}, [part_id("fiqh", 3)]),
        ({"id": arsearch.Not("fiqh")}, ["rivers"]),
        ({"category": "جغرافيا"}, ["rivers"]),
    ],
)
def test_filters_of_a_work_hold_for_its_parts(
    library: arsearch.Index, filters: dict[str, Any], found: list[str]
) -> None:
    assert sorted(ids(library.search("الماء", filters=filters))) == found


def test_filters_alone_select_works(library: arsearch.Index) -> None:
    for sort in (None, "category"):
        results = library.search("", filters={"source": "مكتبة"}, sort=sort)
        assert sorted(ids(results)) == ["fiqh", "rivers"]
        assert (results.total, results.total_complete) == (2, 2)
    assert [hit.id for hit in library.select(filters={"category": "فقه"})] == ["fiqh"]


def test_facets_and_lengths_count_works(library: arsearch.Index) -> None:
    assert library.search("الماء", facets=["source", "category"]).facets == {
        "source": {"مكتبة": 2},
        "category": {"جغرافيا": 1, "فقه": 1},
    }
    assert len(library) == 2
    assert (library.stats().articles, library.stats().parts) == (2, 4)
    assert library.add([FIQH, RIVERS]).parts == 4


def test_a_work_comes_back_whole(library: arsearch.Index) -> None:
    work = library.get("fiqh")
    assert work is not None
    assert work.body == FIQH["body"]
    parts = work.extra["parts"]
    assert [part.get("body", "") for part in parts] == [part.get("body", "") for part in FIQH["parts"]]
    assert parts[3] == FIQH["parts"][3]
    assert [part.body for part in work.parts] == [work.text[part.start : part.end] for part in work.parts]
    assert [article.id for article in library] == ["fiqh", "rivers"]
    assert next(iter(library)) == work


def test_what_comes_back_can_be_added_again(library: arsearch.Index) -> None:
    before = list(library)
    report = library.add(before)
    assert (report.added, report.updated, report.failures) == (0, 2, 0)
    assert {article.id: article for article in library} == {article.id: article for article in before}
    assert library.stats().parts == 4


@pytest.mark.parametrize(
    "newer",
    [
        {**FIQH, "parts": FIQH["parts"][:1]},
        {**FIQH, "parts": [*FIQH["parts"], {"heading": "كتاب الزكاة", "body": "في المال."}]},
        {name: value for name, value in FIQH.items() if name != "parts"},
        {**FIQH, "parts": []},
    ],
    ids=["fewer parts", "more parts", "no parts", "an empty list"],
)
def test_replacing_a_work_takes_its_parts_along(library: arsearch.Index, newer: dict[str, Any]) -> None:
    report = library.add([newer])
    assert (report.added, report.updated) == (0, 1)
    assert len(library) == 2
    assert library.stats().parts == len(newer.get("parts", ()))
    assert len(list(library.search("*", limit=50))) == 2 + len(newer.get("parts", ()))


@pytest.mark.parametrize(
    "how",
    [
        {"ids": "fiqh"},
        {"ids": [part_id("fiqh", 3)]},
        {"query": "الوضوء"},
        {"filters": {"category": "فقه"}},
        {"filters": {"id": [part_id("fiqh", 1)]}},
        {"query": "الماء", "filters": {"category": "فقه"}},
    ],
    ids=str,
)
def test_deleting_a_work_takes_its_parts_along(library: arsearch.Index, how: dict[str, Any]) -> None:
    assert library.delete(**how) == 1
    assert len(library) == 1
    assert library.stats().parts == 0
    assert ids(library.search("الماء")) == ["rivers"]
    assert library.get("fiqh") is None
    assert part_id("fiqh", 1) not in library


def test_updating_a_work_keeps_its_parts(library: arsearch.Index) -> None:
    library.update("fiqh", category="أصول")
    assert sorted(ids(library.search("الماء", filters={"category": "أصول"}))) == [
        part_id("fiqh", 2),
        part_id("fiqh", 3),
    ]


def test_more_like_a_work_leaves_out_its_parts(library: arsearch.Index) -> None:
    assert ids(library.more_like("fiqh")) == ["rivers"]
    assert ids(library.more_like(part_id("fiqh", 3))) == ["rivers"]


def test_the_id_of_a_part_cannot_be_an_article(library: arsearch.Index) -> None:
    report = library.add([{"id": part_id("fiqh", 1), "title": "دخيل"}, {"id": "2", "title": "نص"}])
    assert report.added == 1
    assert "¶" in report.failed[0].reason
    assert library.add([{"id": "a¶b", "title": "نص"}]).added == 1


@pytest.mark.parametrize(
    ("split", "count"),
    [("headings", 3), ("chapters", 3), ("size:200", 3), (None, 0)],
)
def test_bodies_are_cut_when_they_are_added(index: arsearch.Index, split: str | None, count: int) -> None:
    sentence = "هذه جملة من نص طويل عن التاريخ والناس. "
    body = "\n".join(f"باب {name}\n{sentence * 5}" for name in ("الأول", "الثاني", "الثالث"))
    index.add([{"id": "b", "title": "كتاب", "body": body}], split=split)
    assert len(index) == 1
    assert index.stats().parts == count
    found = index.get("b")
    assert found is not None
    assert found.body == body
    for hit in index.search("التاريخ", limit=20):
        if hit.place:
            assert body[hit.place.start : hit.place.end] == hit.article.body


def test_an_unknown_split_is_an_error(index: arsearch.Index) -> None:
    for split in ("lines", "size:5", "size:x", "headings:3"):
        with pytest.raises((QueryError, AddError), match="split"):
            index.add([RIVERS], split=split)


def test_bad_parts_are_reported_and_the_rest_is_kept(index: arsearch.Index) -> None:
    parts: list[Any] = [
        {"heading": "الأول", "level": 1, "page": 5, "body": "نص أول."},
        {"heading": "", "body": "  "},
        "ليس جزءا",
        {"heading": "الثاني", "level": "عميق", "page": 3, "body": "نص ثان."},
        {"heading": "الثالث", "level": 4, "body": None},
        {"body": 17},
        {"heading": "الرابع", "body": "نص\0رابع"},
    ]
    report = index.add([{"id": "w", "title": "عمل", "parts": parts}])
    assert (report.added, report.failures) == (1, 0)
    assert {kind: remark.count for kind, remark in report.remarks.items()} == {
        "bad_part": 4,
        "part_level": 2,
        "page_order": 1,
    }
    assert index.stats().parts == 3


def test_a_hit_in_a_work_survives_pickling(library: arsearch.Index) -> None:
    hit = next(hit for hit in library.search("الماء", collapse="work") if hit.place)
    again = pickle.loads(pickle.dumps(hit))
    assert again.place == hit.place
    assert again.inner_total == hit.inner_total
    assert [inner.place for inner in again.inner_hits] == [inner.place for inner in hit.inner_hits]
    assert again.to_dict() == hit.to_dict()


def test_parts_written_as_json_text_are_read(index: arsearch.Index) -> None:
    index.add([{"id": "w", "title": "عمل", "parts": '[{"heading": "باب", "body": "نص"}]'}, {"id": "x", "title": "[{"}])
    assert index.stats().parts == 1


def test_values_that_only_look_like_parts_stay_further_fields(index: arsearch.Index) -> None:
    for value in (3, "جزءان", "[{", '[{"a": 1}]', [1, 2], [{"name": "محرك"}], {"count": 2}):
        index.add([{"id": "car", "title": "سيارة", "parts": value}])
        article = index.get("car")
        assert article is not None
        assert article.extra["parts"] == value
        assert article.parts == ()
        assert index.stats().parts == 0


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_changes_leaves_whole_works(index: arsearch.Index, seed: int) -> None:
    draw = random.Random(seed)
    kept: dict[str, int] = {}
    for _ in range(12):
        name = f"w{draw.randrange(3)}"
        action = draw.random()
        if action < 0.25 and kept:
            index.delete(name)
            kept.pop(name, None)
        else:
            batch = [(f"w{draw.randrange(3)}", draw.randrange(4)) for _ in range(draw.randrange(1, 4))]
            index.add(
                (
                    {
                        "id": id,
                        "title": f"عمل {draw.randrange(3)}",
                        "parts": [{"heading": f"باب {n}", "body": "نص"} for n in range(count)],
                    }
                    for id, count in batch
                ),
                commit_every=draw.choice((None, 1, 2)),
            )
            kept |= dict(batch)
        assert {article.id: len(article.parts) for article in index} == kept
        assert (len(index), index.stats().parts) == (len(kept), sum(kept.values()))
        assert len(index.search("*", limit=200).hits) == len(kept) + sum(kept.values())


def _kinds(report: arsearch.AddReport) -> dict[str, int]:
    return {kind: remark.count for kind, remark in report.remarks.items()}


def test_a_part_that_cannot_be_stored_leaves_the_others(index: arsearch.Index) -> None:
    loop: list[Any] = []
    loop.append(loop)
    bad = [
        {"heading": "باب\ud800", "body": "نص"},
        {"body": "نص", "page": "\udfff"},
        {"body": "نص", "weight": float("inf")},
        {"body": "نص", "note": loop},
        {"body": "نص", "note": object()},
    ]
    report = index.add(
        [
            {"id": "w", "title": "عمل", "parts": [*bad, {"body": "نص سليم"}]},
            {"id": "c", "title": "قص", "body": "أول ثان", "parts": [{"start": 0, "heading": "\0"}, {"start": 4}]},
            arsearch.Article("d", "عمل", extra={"parts": [*bad, {"body": "نص سليم"}]}),
        ]
    )
    assert (report.added, report.failures, report.parts) == (3, 0, 3)
    assert _kinds(report) == {"bad_part": 11}
    whole = index.get("c")
    assert whole is not None
    assert whole.text == "أول ثان"


def test_a_part_that_no_document_can_hold_is_left_out(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_parts, "LARGEST_PART", 40)
    long = "كلمة " * 9
    report = index.add(
        [
            {"id": "w", "title": "عمل", "parts": [{"body": "نص أول"}, {"body": long}, {"body": "نص أخير"}]},
            {"id": "c", "title": "قص", "body": f"نص {long}", "parts": [{"start": 0}, {"start": 3}]},
            {"id": "x", "title": "خبر"},
        ]
    )
    assert (report.added, report.failures, report.parts) == (2, 1, 2)
    assert _kinds(report) == {"bad_part": 1}
    assert report.failed[0].id == "c"
    assert "part 2" in report.failed[0].reason
    work = index.get("w")
    assert work is not None
    assert work.text == "نص أول\n\nنص أخير"


def test_numbers_of_parts_may_come_from_data_frames(index: arsearch.Index) -> None:
    parts = [
        {"heading": "كتاب", "level": 1.0, "page": 3.0, "volume": 2.0, "body": "نص"},
        {"heading": "باب", "level": "2", "page": float("nan"), "volume": None, "body": "نص"},
        {"heading": "فصل", "level": 10**30, "page": 10**30, "body": "نص", 7: {1: 2, "x": 3}},
    ]
    assert _kinds(index.add([{"id": "w", "title": "عمل", "parts": parts}])) == {"part_level": 1}
    article = index.get("w")
    assert article is not None
    assert [(part.level, part.volume, part.page) for part in article.parts] == [
        (1, 2, 3),
        (2, None, None),
        (100, None, 10**30),
    ]
    assert article.parts[2].extra.keys() == {"7"}


@pytest.mark.parametrize("parts", [["نص أول", "نص ثان"], [["نص"]], [{}], [{"body": 5}], [{"level": 1}]])
def test_a_list_without_a_part_is_kept_and_remarked_on(index: arsearch.Index, parts: list[Any]) -> None:
    report = index.add([{"id": "w", "title": "عمل", "parts": parts}])
    assert (report.added, _kinds(report)) == (1, {"no_parts": 1})
    article = index.get("w")
    assert article is not None
    assert article.extra["parts"] == parts


def test_the_head_of_a_work_added_without_its_parts_is_an_article(index: arsearch.Index) -> None:
    with arsearch.open(":memory:", create=True) as other:
        other.add([WORK_WITH_BODY])
        hits = [hit.article for hit in other.search("مقدمة") if hit.id == "w"]
    report = index.add(
        [*hits, {"id": "x", "title": "عمل", "parts": dict.fromkeys(("count", "edition", "length", "cut"))}]
    )
    assert (report.added, report.failures, _kinds(report)) == (2, 0, {"bad_part": 1})
    assert index.stats().parts == 0
    assert index.search("مقدمة")[0].place is None


WORK_WITH_BODY = {"id": "w", "title": "عمل", "body": "مقدمة", "parts": [{"body": "نص"}]}


def test_an_unknown_part_names_no_work_to_delete(index: arsearch.Index) -> None:
    index.add([WORK_WITH_BODY, {"id": "a", "title": "مقال"}])
    assert index.delete(["w¶2", "a¶1", "b¶1"]) == 0
    assert len(index) == 2
    assert index.delete("w¶1") == 1
    assert [article.id for article in index] == ["a"]


def test_another_body_of_a_cut_work_needs_other_parts(index: arsearch.Index) -> None:
    index.add([{"id": "w", "title": "عمل", "body": "باب أول\nنص\n\nباب ثان\nنص آخر"}], split="headings")
    before = index.get("w")
    with pytest.raises(ArticleError, match="split"):
        index.update("w", body="نص")
    assert index.get("w") == before
    assert index.update("w", body="نص جديد", parts=[{"start": 3}]).updated == 1
    after = index.get("w")
    assert after is not None
    assert [part.body for part in after.parts] == ["جديد"]


def test_places_that_begin_at_one_offset_leave_no_empty_part(index: arsearch.Index) -> None:
    report = index.add([{"id": "w", "title": "عمل", "body": "أول ثان", "parts": [{"start": 4}, {"start": 4}]}])
    assert (report.parts, _kinds(report)) == (1, {"bad_part": 1})


@pytest.mark.parametrize("language", ["fr", "AR", None, ""])
def test_a_citation_in_an_unknown_language_is_an_error(library: arsearch.Index, language: Any) -> None:
    hit = library.search("الماء")[0]
    with pytest.raises(QueryError, match="known: ar, en"):
        hit.citation(language)
