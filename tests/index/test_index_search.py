"""Search: the articles found, their order, and the counts."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch.errors import QueryError, QuerySyntaxError, UnknownFieldError
from arsearch.model import Level
from arsearch.search.hits import PageHighlighter


@pytest.fixture(scope="module")
def library() -> Iterator[arsearch.Index]:
    """Twelve short articles about books and ministers, in three segments, one of them deleted."""
    rows: list[dict[str, Any]] = [
        {
            "id": "book",
            "title": "كتاب",
            "body": "قرأت كتابا في المدرسة",
            "source": "أ",
            "date": "2015-01-05",
            "volume": 1,
        },
        {"id": "the-book", "body": "الكتاب على الطاولة", "source": "أ", "date": "2015-02-01", "volume": 2},
        {"id": "and-by-the-book", "body": "وبالكتاب نرتقي", "source": "ب", "date": "2015-02-20", "volume": 3},
        {
            "id": "minister",
            "title": "وزير الداخلية",
            "body": "وصل وزير الداخلية إلى الرياض",
            "source": "ب",
            "tags": ["سياسة", "أمن"],
        },
        {"id": "ministry", "body": "أعلنت وزارة الداخلية، وبوزارة الخارجية", "source": "ب", "date": "2016-03-01"},
        {"id": "near", "body": "الوزير زار مدينة ثم الداخلية", "source": "ج", "author": "لندن: رنيم حنوش"},
        {"id": "vocalised", "body": "قَرَأَ الوَلَدُ كِتَابًا مُفِيدًا", "source": "ج", "volume": 4.0},
        {"id": "abdullah", "body": "حضر عبدالله الحفل"},
        {"id": "abd-allah", "body": "حضر عبد الله الحفل"},
        {"id": "hashtag", "body": "تحت وسم #يوم_الكتاب كتب كثيرون", "score": 2.5},
        {"id": "gone", "body": "كتاب محذوف"},
        {"id": "numbers", "body": "بلغت ٣٫٥ مليون و4 مواقع و455هـ", "date": "2015-02-28 23:59:59"},
    ]
    fields = {"volume": "int", "score": "float"}
    with arsearch.open(":memory:", create=True, fields=fields) as index:
        index.add(rows[:5])
        index.add(rows[5:9])
        index.add(rows[9:])
        index.delete("gone")
        yield index


def found(index: arsearch.Index, text: str, **options: Any) -> set[str]:
    return {hit.id for hit in index.search(text, limit=100, **options)}


BOOKS = {"book", "the-book", "and-by-the-book", "vocalised", "hashtag"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("كتاب", BOOKS),
        ("الكتاب", BOOKS),
        ("وبالكتاب", BOOKS),
        ("كِتَابٌ", BOOKS),
        ("كـــتاب", BOOKS),
        ("کتاب", BOOKS),
        ("كتاب؟", BOOKS),
        ("«كتاب", BOOKS),
        ("=الكتاب", {"the-book", "hashtag"}),
        ('"وزير الداخلية"', {"minister"}),
        ("«وزارة الخارجية»", {"ministry"}),
        ('="وزارة الخارجية"', set()),
        ('="وبوزارة الخارجية"', {"ministry"}),
        ('~"الوزير الداخلية"', {"minister"}),
        ('"الوزير الداخلية"~2', set()),
        ('"الوزير الداخلية"~3', {"near"}),
        ("+وزير -الرياض", {"near", "ministry"}),
        ("وزير AND داخلية", {"minister", "near", "ministry"}),
        ("الطاولة | الحفل", {"the-book", "abdullah", "abd-allah"}),
        ("الحفل NOT عبدالله", set()),
        ("داخل*", set()),
        ("الداخل*", {"minister", "ministry", "near"}),
        ("ال?تاب", {"the-book", "hashtag"}),
        ("الداخلبة~1", {"minister", "ministry", "near"}),
        ("عبد الله", {"abdullah", "abd-allah"}),
        ("عبدالله", {"abdullah", "abd-allah"}),
        ('"عبد الله"', {"abdullah", "abd-allah"}),
        ("#يوم_الكتاب", {"hashtag"}),
        ("3.5", {"numbers"}),
        ("٣٫٥", {"numbers"}),
        ("4 مواقع", {"numbers"}),
        ("455", {"numbers"}),
        ("title:وزير", {"minister"}),
        ("عنوان:وزير", {"minister"}),
        ("author:حنوش", {"near"}),
        ("الكاتب:حنوش", {"near"}),
        ("وسم:أمن", {"minister"}),
        ("date:2015-02", {"the-book", "and-by-the-book", "numbers"}),
        ("date:2015-02..2015-03 كتاب", {"the-book", "and-by-the-book"}),
        ("تاريخ:2016", {"ministry"}),
        ("volume:2..3", {"the-book", "and-by-the-book"}),
        ("volume:>2", {"and-by-the-book", "vocalised"}),
        ("score:2.5", {"hashtag"}),
        ("volume:*", {"book", "the-book", "and-by-the-book", "vocalised"}),
        ("غرزتمكن", set()),
    ],
)
def test_a_query_finds(library: arsearch.Index, text: str, expected: set[str]) -> None:
    results = library.search(text, limit=100, mode="all")

    assert {hit.id for hit in results} == expected
    assert results.total == len(expected)


@pytest.mark.parametrize(
    ("match", "expected"),
    [("stem", BOOKS), ("word", BOOKS), ("normalised", {"book", "hashtag"}), (Level.NORMALISED, {"book", "hashtag"})],
)
def test_match_narrows_the_search(library: arsearch.Index, match: Any, expected: set[str]) -> None:
    assert found(library, "كتاب", match=match) - {"vocalised", "hashtag"} == expected - {"vocalised", "hashtag"}


def test_auto_adds_articles_with_some_words_marked_and_counted_separately(library: arsearch.Index) -> None:
    results = library.search("وزير الرياض")

    assert results[0].id == "minister"
    assert [hit.complete for hit in results] == [True] + [False] * (len(results) - 1)
    assert (results.total_complete, results.total) == (1, len(results))
    assert results.total > 1


def test_auto_stops_at_articles_with_all_words_if_they_are_enough(index: arsearch.Index) -> None:
    index.add([{"id": str(n), "body": "وزير الخارجية" if n < 12 else "وزير"} for n in range(20)])

    first = index.search("وزير الخارجية", limit=5, offset=5)
    further = index.search("وزير الخارجية", limit=100)

    assert (first.total_complete, first.total, len(first)) == (12, 12, 5)
    # With a higher limit the same articles come first, then those with some of the words.
    assert (further.total_complete, further.total, len(further)) == (12, 20, 20)
    assert [hit.id for hit in further][5:10] == [hit.id for hit in first]
    assert [hit.complete for hit in further] == [True] * 12 + [False] * 8
    assert index.search("وزير الخارجية", mode="any").total == 20


def test_a_question_needs_any_of_its_words(library: arsearch.Index) -> None:
    results = library.search("من هو وزير الداخلية الجديد في الرياض؟")

    assert {hit.id: hit.complete for hit in results} == {"minister": True, "ministry": True, "near": True}
    assert results[0].id == "minister"
    assert (results.total_complete, results.total) == (3, 3)


def test_a_query_of_stop_words_is_searched(library: arsearch.Index) -> None:
    assert found(library, "على") == {"the-book"}
    assert found(library, "على الطاولة", mode="all") == {"the-book"}
    assert found(library, "في الطاولة", mode="all") == {"the-book"}  # the stop word is not needed


def test_the_title_weighs_more_and_a_stricter_form_ranks_first(index: arsearch.Index) -> None:
    index.add(
        [
            {"id": "stem", "title": "خبر", "body": "وصلت المهندسون أمس"},
            {"id": "exact", "title": "خبر", "body": "وصلت المهندسين أمس"},
            {"id": "title", "title": "المهندسين", "body": "وصلت أمس خبر"},
        ]
    )

    assert [hit.id for hit in index.search("المهندسين")] == ["title", "exact", "stem"]


def test_ties_are_in_the_order_of_adding(index: arsearch.Index) -> None:
    index.add([{"id": str(n), "body": "نص واحد"} for n in range(30)], commit_every=7)

    assert [hit.id for hit in index.search("نص", limit=30)] == [str(n) for n in range(30)]
    assert [hit.id for hit in index.search("نص", limit=5, offset=10)] == [str(n) for n in range(10, 15)]
    assert [hit.rank for hit in index.search("نص", limit=2, offset=10)] == [11, 12]


def test_words_of_which_one_is_only_in_a_small_first_segment_are_found(index: arsearch.Index) -> None:
    """The document numbers of a segment of fewer than 257 articles have 8 bits; those of later segments need more."""
    for start in range(0, 600, 200):
        text = "وزير الداخلية" if start == 0 else "الداخلية"
        index.add([{"id": str(n), "body": text} for n in range(start, start + 200)])

    assert index.stats().segments == 3
    assert [hit.id for hit in index.search("وزير الداخلية", limit=3)] == ["0", "1", "2"]


def test_bm25f_as_documented(index: arsearch.Index) -> None:
    index.add([{"id": "a", "body": "قلم قلم حبر"}, {"id": "b", "body": "حبر على ورق"}, {"id": "c", "body": "ورق"}])
    ranking = arsearch.Ranking()
    average = (3 + 3 + 1) / 3
    tf = 2 / (1 - ranking.b + ranking.b * 3 / average)
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    weights = ranking.root_weight + ranking.stem_weight + ranking.normalised_weight

    expected = weights * idf * tf * (ranking.k1 + 1) / (ranking.k1 + tf)

    assert index.search("قلم")[0].score == pytest.approx(expected, rel=1e-6)


def test_pages_follow_without_gap_or_overlap(sample_index: arsearch.Index) -> None:
    whole = [hit.id for hit in sample_index.search("وزارة الصحة", limit=100, mode="any")]
    pages = [
        hit.id
        for start in range(0, 100, 7)
        for hit in sample_index.search("وزارة الصحة", limit=7, offset=start, mode="any")
    ]

    assert pages == whole
    assert len(set(whole)) == len(whole) > 14
    assert len(sample_index.search("وزارة", limit=0)) == 0
    assert sample_index.search("وزارة", limit=0).total == sample_index.search("وزارة").total


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"source": "أ"}, {"book", "the-book"}),
        ({"source": ["أ", "ج"]}, {"book", "the-book", "vocalised"}),
        ({"date": ("2015-02", "2015-02")}, {"the-book", "and-by-the-book"}),
        ({"date": "2015-02"}, {"the-book", "and-by-the-book"}),
        ({"date": ("2015-02-20", None)}, {"and-by-the-book"}),
        ({"volume": 2}, {"the-book"}),
        ({"volume": (2, 3)}, {"the-book", "and-by-the-book"}),
        ({"volume": [1, 4]}, {"book", "vocalised"}),
        ({"source": "أ", "volume": 1}, {"book"}),
        ({"source": "لا أحد"}, set()),
    ],
)
def test_filters(library: arsearch.Index, filters: dict[str, Any], expected: set[str]) -> None:
    assert found(library, "كتاب", filters=filters) == expected
    assert found(library, "", filters=filters) >= expected  # an empty query lists all that the filters allow


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"filters": {"nothing": 1}},
            UnknownFieldError,
            "no field 'nothing' to filter by; known: author, category, date",
        ),
        ({"filters": {"body": "x"}}, UnknownFieldError, "no field 'body'"),
        ({"filters": {"date": "غدا"}}, QueryError, "غدا"),
        ({"filters": {"volume": "x"}}, QueryError, "not a number"),
        ({"sort": "nothing"}, UnknownFieldError, "to sort by"),
        ({"facets": ["nothing"]}, UnknownFieldError, "to count by"),
        ({"collapse": "date"}, UnknownFieldError, "to collapse by"),
        ({"mode": "some"}, QueryError, "auto, all, any"),
        ({"match": "lemma"}, QueryError, "normalised, word, stem"),
        ({"limit": -1}, QueryError, "negative"),
        ({"limit": "10"}, QueryError, "limit '10' is not a whole number"),
        ({"limit": None}, QueryError, "limit None is not a whole number"),
        ({"offset": 2.5}, QueryError, "offset 2.5 is not a whole number"),
        ({"timeout": "1"}, QueryError, "not a number of seconds"),
        ({"facets": "source"}, QueryError, "not a collection"),
        ({"facets": None}, QueryError, "not a collection"),
        ({"collapse": ["source"]}, UnknownFieldError, "to collapse by"),
        ({"filters": ["source"]}, QueryError, "not a mapping"),
        ({"filters": {"source": None}}, QueryError, "a value or a list of values"),
        ({"filters": {"source": 1.5}}, QueryError, "a value or a list of values"),
    ],
)
def test_a_wrong_parameter_is_named(
    library: arsearch.Index, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        library.search("كتاب", **options)


def test_sorting_by_date_number_and_keyword(library: arsearch.Index) -> None:
    def order(sort: str) -> list[str]:
        return [hit.id for hit in library.search("كتاب", sort=sort)]

    assert order("date")[:3] == ["book", "the-book", "and-by-the-book"]
    assert order("-date")[:3] == ["and-by-the-book", "the-book", "book"]
    assert set(order("date")[3:]) == set(order("-date")[3:]) == {"vocalised", "hashtag"}  # without a date: last
    assert order("-volume")[:4] == ["vocalised", "and-by-the-book", "the-book", "book"]
    assert order("source")[-1] == "hashtag"
    assert order("score") != order("-date")


def test_facets_count_the_articles_with_all_words(library: arsearch.Index) -> None:
    results = library.search("كتاب", facets=("source", "month", "year", "tags", "volume"), limit=1)

    assert results.facets["source"] == {"أ": 2, "ب": 1, "ج": 1}
    assert list(results.facets["source"]) == ["أ", "ب", "ج"]
    assert results.facets["month"] == {"2015-02": 2, "2015-01": 1}
    assert results.facets["year"] == {"2015": 3}
    assert results.facets["tags"] == {}
    assert results.facets["volume"] == {"1": 1, "2": 1, "3": 1, "4": 1}
    assert library.search("وزير الرياض", facets=("source",)).facets["source"] == {"ب": 1}


def test_collapse_keeps_the_best_article_of_each_value(library: arsearch.Index) -> None:
    whole = library.search("كتاب", limit=100)
    results = library.search("كتاب", collapse="source")

    sources = [hit.article.source for hit in results]
    assert sorted(sources) == ["", "أ", "ب", "ج"]
    best: dict[str, str] = {}
    for hit in whole:
        best.setdefault(hit.article.source, hit.id)
    assert [hit.id for hit in results] == [hit.id for hit in whole if hit.id in best.values()]
    assert results.total == len(results) == 4


@pytest.mark.parametrize("text", ["", "   ", "؟", "«»", "...", "\u0640\u064b", "()", "\0"])
def test_a_query_without_words_finds_nothing_and_has_a_note(library: arsearch.Index, text: str) -> None:
    results = library.search(text)

    assert (len(results), results.total_complete, results.total) == (0, 0, 0)
    assert results.notes


def test_a_huge_query_is_answered(library: arsearch.Index) -> None:
    for text in ("كتاب " * 20_000, "(" * 100_000, '"' * 100_000, "ا" * 100_000, "كتاب* " * 2000):
        assert isinstance(library.search(text[:100_000]).total, int)


def test_strict_raises_a_syntax_error_with_the_column(library: arsearch.Index) -> None:
    with pytest.raises(QuerySyntaxError, match="column"):
        library.search('كتاب "بلا نهاية', strict=True)


def test_a_timeout_has_a_note(library: arsearch.Index) -> None:
    results = library.search("كتاب وزير", timeout=0.0)

    assert any("time ran out" in note for note in results.notes)


@given(st.text(alphabet=st.sampled_from('كتابالوزير ؟،؛«»"()+-|*?~=:.3٣ۓ\u064b\u0640ab'), max_size=40))
def test_no_query_raises_and_totals_are_consistent(library: arsearch.Index, text: str) -> None:
    results = library.search(text, limit=100, facets=("source",))

    assert len(results) == results.total >= results.total_complete
    assert [hit.complete for hit in results] == sorted((hit.complete for hit in results), reverse=True)
    for hit in results:
        assert hit.id != "gone"
        assert isinstance(hit.snippet.html, str)


@given(st.sampled_from(["book", "minister", "vocalised", "ministry"]), st.data())
def test_a_word_of_an_article_finds_it(library: arsearch.Index, id: str, data: st.DataObject) -> None:
    article = library.get(id)
    assert article is not None
    words = [article.body[s:e] for s, e in library.analyzer.tokenizer.spans(article.body)]
    word = data.draw(st.sampled_from(words))

    assert id in found(library, word)
    assert id in found(library, f'="{word}"')


def test_every_sample_query_finds_its_articles_among_the_first_five(
    sample_index: arsearch.Index, examples: Path
) -> None:
    missed = []
    for line in (examples / "queries.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            text, ids, *_ = line.split("\t")
            hits = [hit.id for hit in sample_index.search(text, limit=5)]
            missed += [(text, id, hits) for id in ids.split(",") if id not in hits]
    assert missed == []


def test_the_words_of_a_ligature_share_positions_with_the_words_after_it(index: arsearch.Index) -> None:
    texts = {"1": "قال ﷺ صلى الله عليه وسلم ثم", "2": "النبي ﷺ", "3": "رسول الله ﷺ قال", "4": "صلى ثم قال"}
    index.add([{"id": id, "body": body} for id, body in texts.items()])

    assert found(index, '"صلى الله عليه وسلم"') == {"1", "2", "3"}
    assert found(index, "ﷺ") == {"1", "2", "3"}
    assert found(index, '"رسول الله قال"') == {"3"}
    assert found(index, '"صلى ثم قال"') == {"4"}
    assert index.check() == []


def test_a_hit_has_rank_level_marks_and_json(sample_index: arsearch.Index) -> None:
    results = sample_index.search("الحرس الثوري")
    hit = results[0]

    assert hit.rank == 1
    assert hit.level == Level.SURFACE
    assert "<mark>" in hit.title_snippet.html + hit.snippet.html
    for span in hit.snippet.spans:
        assert hit.article.body[span.start : span.end] in ("الحرس", "الثوري", "والحرس", "للحرس", "بالحرس", "حرس")
    data = results.to_dict()
    assert list(data) == ["query", "total", "total_complete", "partial", "took", "notes", "facets", "hits"]
    assert {"rank", "id", "score", "level", "title", "title_html", "snippet", "article"} <= set(data["hits"][0])
    assert list(data["hits"][0]["snippet"]) == ["text", "html", "spans"]


def test_facets_count_a_repeated_value_once(index: arsearch.Index) -> None:
    index.add([{"id": "1", "body": "كتاب", "tags": ["أ", "أ", "ب"]}])

    assert index.search("كتاب", facets=["tags"]).facets == {"tags": {"أ": 1, "ب": 1}}


def test_facets_count_a_declared_date_by_its_days() -> None:
    with arsearch.open(":memory:", create=True, fields={"issued": "date"}) as index:
        index.add([{"id": "1", "body": "كتاب", "date": "2015-07-01", "issued": "2014-03-04"}])

        assert index.search("كتاب", facets=["issued"]).facets == {"issued": {"2014-03-04": 1}}


def test_each_word_of_a_loose_phrase_needs_a_position(index: arsearch.Index) -> None:
    index.add([{"id": "twice", "body": "كتاب زيد كتاب"}, {"id": "once", "body": "زيد كتاب"}])
    index.add([{"id": "definite", "body": "زيد الكتاب"}])

    assert found(index, '"زيد كتاب كتاب"~3') == {"twice"}
    assert found(index, '"كتاب الكتاب زيد"~3') == set()


def test_a_pattern_of_many_stars_is_fast(index: arsearch.Index) -> None:
    index.add([{"id": "1", "body": "ab" * 300 + " " + "ab" * 300 + "c"}])

    results = index.search("*a*b*a*a*b*b*c")  # with backtracking: years

    assert (results.total, results.took < 5) == (1, True)


@pytest.mark.parametrize(
    ("query", "match", "noted"),
    [
        ("hgpvs", None, True),
        ("Москва", None, True),
        ("xyz*", "word", True),
        ("title:hgpvs -covid", None, True),
        ("covid", None, False),
        ("covid hgpvs", None, False),
        ("4077", None, False),
        ("٤٠٧٧", None, False),
        ("hgpvs ظظظظ", None, False),
        ("ﻇﻇﻇﻇ", None, False),
        ("؟!", None, False),
        ("source:*", None, False),
    ],
)
def test_a_query_without_arabic_letters_that_finds_nothing_has_a_note(
    index: arsearch.Index, query: str, match: str | None, noted: bool
) -> None:
    index.add([{"id": "1", "body": "وصل لقاح covid أمس"}])

    notes = index.search(query, match=match).notes

    assert ("the query has no Arabic letter, and nothing was found" in notes) is noted


@pytest.mark.parametrize("options", [{}, {"collapse": "work"}, {"facets": ["source"]}], ids=str)
def test_results_need_no_garbage_collector(index: arsearch.Index, options: dict[str, Any]) -> None:
    """Results hold the files of their index, which must close as soon as nothing uses the results."""
    index.add([{"id": "1", "title": "كتاب", "parts": [{"body": "وصل كتاب"}, {"body": "كتاب آخر"}]}])
    gc.collect()
    gc.disable()
    try:
        for hit in index.search("كتاب", **options):
            hit.to_dict()
            hit.explain()
        del hit
        assert not [kept for kept in gc.get_objects() if isinstance(kept, (PageHighlighter, arsearch.Hit))]
    finally:
        gc.enable()
