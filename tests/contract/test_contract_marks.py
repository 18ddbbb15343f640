"""Levels, marks and explanations of hits, and similar articles."""

from __future__ import annotations

import json

import pytest

import arsearch
from arsearch import Level
from contract.corpus import ARTICLES

CLOSE = 1e-5


# Levels, marks and explanations

LEVELS = [
    ("كِتَابٌ", "purity", Level.VOCALISED),
    ("كتاب", "purity", Level.SURFACE),
    ("احمد", "school", Level.NORMALISED),
    ("للحرس", "guard", Level.WORD),
    ("وزير", "oil-prices", Level.STEM),
    ("كومبيوتر", "computer", Level.SYNONYM),
    ("جذر:كتب", "purity", Level.ROOT),
    ("كاتب", "purity", Level.ROOT),
    ("كتاب", "library", Level.ROOT),
    ("كاتب القاهرة", "novelists", Level.SURFACE),
    ("category:*", "guard", None),
]


@pytest.mark.parametrize(("text", "id", "level"), LEVELS, ids=[row[0] for row in LEVELS])
def test_a_hit_has_its_strictest_level(library: arsearch.Index, text: str, id: str, level: Level | None) -> None:
    assert {hit.id: hit.level for hit in library.search(text)}[id] == level


@pytest.mark.parametrize(
    "text", ["الحرس الثوري", "كتاب", "عبدالله", "دجلة", "COVID-19", '"أسعار النفط"', "محمد ﷺ", "مدر*"]
)
def test_marks_are_offsets_into_the_stored_text(library: arsearch.Index, text: str) -> None:
    results = library.search(text)

    assert len(results)
    for hit in results:
        assert hit.spans
        for span in hit.spans:
            stored = getattr(hit.article, span.field)
            word = stored[span.start : span.end]
            assert word == word.strip() != ""
            snippet = hit.title_snippet if span.field == "title" else hit.snippet
            assert f"<mark>{word}</mark>" in snippet.html
            assert word in snippet.text
        for snippet in (hit.snippet, hit.title_snippet):
            assert snippet.source == getattr(hit.article, snippet.field)


def test_a_snippet_shows_the_passage_that_matches(library: arsearch.Index) -> None:
    (hit,) = library.search("دجلة")

    assert "نهر <mark>دجلة</mark> مرة واحدة" in hit.snippet.html
    assert len(hit.snippet.text) < len(hit.article.body) / 3


def test_html_is_escaped(library: arsearch.Index) -> None:
    (hit,) = library.search("العلم", match="surface")

    assert "&lt;b&gt;<mark>العلم</mark> نور&lt;/b&gt; &amp; الجهل" in hit.snippet.html
    assert "\x1b[1mالعلم\x1b[22m" in hit.snippet.ansi


EXPLAINED = [
    *("وزير النفط", "سيارة غرناطة", "من البصرة", '"أسعار النفط"', "مدر*", "دمشص~1", "جذر:كتب", "كِتَابٌ", "كومبيوتر"),
    *("محكمة -النقض", "سيارة AND (غرناطة OR اشترى)", "متى سافر الرجل إلى دمشق؟", "date:2015-07", "*", "author:حنوش"),
]


@pytest.mark.parametrize("text", EXPLAINED)
def test_an_explanation_adds_up_to_the_score(library: arsearch.Index, text: str) -> None:
    results = library.search(text)

    assert len(results)
    for hit in results:
        for explanation in (hit.explain(), library.explain(text, hit.id)):
            assert explanation.score == pytest.approx(hit.score, rel=CLOSE, abs=1e-9)
            assert (explanation.matched, explanation.complete, explanation.id) == (True, hit.complete, hit.id)
            assert json.loads(json.dumps(explanation.to_dict()))["title"] == hit.title


@pytest.mark.parametrize("recency", [None, "30d"])
@pytest.mark.parametrize("sort", ["date", "-date", "source"])
def test_a_hit_in_another_order_has_the_same_score(library: arsearch.Index, sort: str, recency: str | None) -> None:
    by_score = {hit.id: hit.score for hit in library.search("وزير النفط", recency=recency)}

    assert {hit.id: hit.score for hit in library.search("وزير النفط", sort=sort, recency=recency)} == pytest.approx(
        by_score, rel=CLOSE
    )


@pytest.mark.parametrize("text", ["النفط", '"وزير النفط"', "وزير النفط"])
def test_deleted_articles_do_not_count_in_scores(index: arsearch.Index, text: str) -> None:
    index.add(ARTICLES)
    before = {hit.id: hit.score for hit in index.search(text)}
    deleted = [{"id": f"x{number}", "title": "النفط", "body": "زار وزير النفط مدينة"} for number in range(5)]
    index.add([*deleted, *ARTICLES])  # so many stay that the embedded index does not merge the deleted ones away
    index.delete([str(article["id"]) for article in deleted])

    assert {hit.id: hit.score for hit in index.search(text)} == pytest.approx(before, rel=CLOSE)


def test_an_article_that_only_its_roots_find_is_explained_as_found(library: arsearch.Index) -> None:
    hit = library.search("كاتب")[0]

    assert hit.explain().score == pytest.approx(hit.score, rel=CLOSE)
    assert library.explain("كاتب", hit.id).matched


def test_words_are_marked_by_their_roots_where_nothing_else_is(library: arsearch.Index) -> None:
    index = library.search("محكمة الحكم")
    marks = {hit.id: {(hit.snippet.source[s.start : s.end], s.level) for s in hit.snippet.spans} for hit in index}

    # A complete article shows the words themselves, another one those of the root too.
    assert marks["appeal"] == {("محكمة", Level.SURFACE), ("الحكم", Level.SURFACE)}
    assert marks["quote"] == {("الحكيم", Level.ROOT)}


def test_an_explanation_shows_the_root(library: arsearch.Index) -> None:
    (alone,) = library.explain("كاتب", "library").words
    (beside,) = library.explain("مكتبة", "library").words

    assert alone.level is Level.ROOT
    assert {form.text for form in alone.forms} == {"مكتبة", "المكتبة", "للكتب"}
    assert [(one.kind, one.sought, one.articles) for one in alone.lists] == [
        ("normalised", "كاتب", 0),
        ("stem", "كاتب", 0),
        ("root", "كتب", 4),
    ]
    assert [bool(one.score) for one in alone.lists] == [False, False, True]
    assert {(form.text, form.level) for form in beside.forms} == {
        ("مكتبة", Level.SURFACE),
        ("المكتبة", Level.WORD),
        ("للكتب", Level.ROOT),
    }
    assert all(one.score for one in beside.lists)


def test_an_article_that_is_not_found_is_explained(library: arsearch.Index) -> None:
    explanation = library.explain("محكمة -النقض", "cassation")

    assert (explanation.matched, explanation.complete) == (False, False)
    assert [(word.text, word.role, word.counted) for word in explanation.words] == [
        ("محكمة", "wanted", True),
        ("النقض", "excluded", False),
    ]
    assert explanation.words[1].spans
    assert explanation.score > 0


def test_words_beside_an_unmatched_part_do_not_count(library: arsearch.Index) -> None:
    explanation = library.explain("سيارة OR (القمح AND غرناطة)", "blue-car")

    assert [(word.text, word.counted) for word in explanation.words] == [
        ("سيارة", True),
        ("القمح", False),
        ("غرناطة", False),
    ]


# Similar articles


def test_similar_articles_without_the_article_itself(library: arsearch.Index) -> None:
    results = library.more_like("harvest")

    assert results[0].id == "harvest-copy"
    assert "harvest" not in [hit.id for hit in results]
    assert "حصاد" in results.query
    assert results[0].spans


def test_articles_similar_to_a_text(library: arsearch.Index) -> None:
    results = library.more_like(text="سعر النفط في السوق العالمية", limit=1)

    assert [hit.id for hit in results] == ["oil-prices"]
    assert [hit.id for hit in library.more_like("harvest", filters={"source": "الأفق"})] == []
