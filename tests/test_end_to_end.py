"""Searches of real articles find the right ones: 2,000 news articles and a scraped web page.

All tests need the corpora of $ARSEARCH_DATA and are skipped without them; see CONTRIBUTING.md.
"""

from __future__ import annotations

import itertools
import json
import lzma
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import arsearch

ARTICLES = 2000
FIRST = 10
SEED = "seed"
BOILERPLATE = "مقالات ذات صلة"  # begins the related links, after the text of the scraped page

# Ids of articles, and words of their headlines as another person would type them: with or without the definite article
# and other proclitics, singular for plural, in other spellings.
KNOWN_ITEMS = {
    "2015-07-21-00138": "هجوم على الية الشرطة بكينيا",
    "2015-07-21-00322": "مبيعات السيارات الكهربائيه تسلا",
    "2015-07-21-00506": "أقفالٌ للحب بممشى جرف",
    "2015-07-21-00529": "التمثال لأمير شعر روسي باديس ابابا",
    "2015-07-21-00667": "للمصارف يونانية وأبوابها",
    "2015-07-21-00690": "ادالوم اسرائيلية بأمن معلومات",
    "2015-07-21-00736": "طائرات بوينج بطراز ٧٧٧",
    "2015-07-21-00828": "رسوم جمركيه لمنتج التقنيات",
    "2015-07-21-00920": "لظاهرة نينيو والارصاد الاسترالية",
    "2015-07-21-01656": "رسوم صخريه بحائل",
}


@pytest.fixture(scope="module")
def news(data: Path) -> list[dict[str, Any]]:
    """The first articles of the news corpus."""
    with lzma.open(data / "news" / "docs.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in itertools.islice(lines, ARTICLES)]


@pytest.fixture(scope="module")
def seed(data: Path) -> dict[str, Any]:
    """The scraped page as an article; its first line is the title."""
    title, _, body = (data / "seed" / "article.txt").read_text(encoding="utf-8").partition("\n")
    return {"id": SEED, "title": title, "body": body}


@pytest.fixture(scope="module")
def index(
    news: list[dict[str, Any]], seed: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[arsearch.Index]:
    """An index on disk of the news and then the page, closed and opened again."""
    folder = tmp_path_factory.mktemp("end_to_end") / "news"
    with arsearch.open(folder, create=True) as writer:
        report = writer.add(news, commit_every=700)
        assert report.added + report.failures == ARTICLES
        assert all("empty" in failure.reason for failure in report.failed)  # some articles of the corpus have no text
        assert writer.add([seed]).added == 1
    with arsearch.open(folder) as reader:
        assert len(reader) == report.added + 1
        yield reader


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return all sequences of four consecutive words."""
    words = re.findall(r"\w+", text)
    return set(zip(*(words[start:] for start in range(4)), strict=False))


def same_story(article: arsearch.Article, expected: dict[str, Any]) -> bool:
    """Return whether an article is the expected one or a near-duplicate of it. The news has many near-duplicates."""
    expected_body = shingles(expected["body"])
    return (
        article.id == expected["id"]
        or (bool(article.title.strip()) and article.title.strip() == expected["title"].strip())
        or 2 * len(expected_body & shingles(article.body)) > len(expected_body) > 0
    )


@pytest.mark.parametrize(("id", "query"), KNOWN_ITEMS.items(), ids=list(KNOWN_ITEMS))
def test_a_known_item_is_found(id: str, query: str, index: arsearch.Index, news: list[dict[str, Any]]) -> None:
    expected = next(article for article in news if article["id"] == id)
    changed = set(query.split()) - set(re.findall(r"\w+", expected["title"]))

    results = index.search(query, limit=FIRST)

    assert len(changed) >= 2, "the query is too close to the headline"
    assert any(same_story(hit.article, expected) for hit in results)


@pytest.mark.parametrize(
    "query", ["الحرس الثوري", "الحرس الثورى", "للحرس الثوري؟", '"الحرس الثوري"', "«الحرس الثوري»؟"]
)
def test_the_page_is_a_top_hit_for_its_subject(query: str, index: arsearch.Index) -> None:
    assert SEED in [hit.id for hit in index.search(query, limit=3)]


MENTIONS = ["غير رسمي", "غیر رسمی", "علي خامنئي", "4 مواقع", "٤ مواقع"]
"""Words that the page only mentions, with a Persian ya and with a digit attached to و."""


@pytest.mark.parametrize("query", MENTIONS)
def test_the_page_is_among_the_articles_with_all_the_words(query: str, index: arsearch.Index) -> None:
    results = index.search(query, limit=ARTICLES)
    complete = {hit.id: hit.complete for hit in results}

    assert complete[SEED]
    assert results.total_complete == sum(complete.values()) < ARTICLES / 4


@pytest.mark.parametrize("words", ["غير رسمي", "علي خامنئي", "4 مواقع"])
@pytest.mark.parametrize("quotes", ['"{}"', "«{}»", "“{}”"])
def test_the_page_is_a_top_hit_for_a_phrase_in_it(words: str, quotes: str, index: arsearch.Index) -> None:
    hits = {hit.id: hit for hit in index.search(quotes.format(words), limit=FIRST)}

    snippet = hits[SEED].snippet
    marked = [snippet.source[span.start : span.end].replace("ی", "ي") for span in snippet.spans]
    assert marked == words.split()


# The root of رسمي has رسوم and رسم too: with roots the page comes after articles with several of these words.
@pytest.mark.parametrize(("query", "match"), [("غير رسمي", "stem"), ("4 مواقع", None)])
def test_the_page_is_a_top_hit_for_adjacent_words_in_it(query: str, match: str | None, index: arsearch.Index) -> None:
    assert SEED in [hit.id for hit in index.search(query, limit=2 * FIRST, match=match)]


@pytest.mark.parametrize("query", [*KNOWN_ITEMS.values(), *MENTIONS, '"الحرس الثوري"', "إيرا* نووي~1"])
def test_marks_are_whole_words_of_the_original(query: str, index: arsearch.Index) -> None:
    results = index.search(query, limit=FIRST)

    assert results.hits
    for hit in results:
        for snippet, text in ((hit.snippet, hit.article.body or hit.title), (hit.title_snippet, hit.title)):
            assert snippet.source == text
            words = set(index.analyzer.tokenizer.spans(text))
            assert all((span.start, span.end) in words for span in snippet.spans)
            assert all(any(p.start <= s.start < s.end <= p.end for p in snippet.passages) for s in snippet.spans)
            assert snippet.html.count("<mark>") == len(snippet.spans)
        assert hit.spans, f"{hit.id}: nothing marked for {query}"


@pytest.mark.parametrize("query", ["ميدل ايست نيوز", "الأسد نيوز", "ذات صلة بالحرس الثوري", "زيارة طهران اترك تعليقا"])
def test_snippets_prefer_the_text_to_boilerplate(query: str, index: arsearch.Index, seed: dict[str, Any]) -> None:
    end = seed["body"].rindex(BOILERPLATE)

    hit = next(hit for hit in index.search(query, mode="any", limit=ARTICLES) if hit.id == SEED)

    assert hit.snippet.spans
    assert all(passage.end <= end for passage in hit.snippet.passages)


def test_snippets_show_boilerplate_when_only_it_has_the_words(index: arsearch.Index, seed: dict[str, Any]) -> None:
    hit = next(hit for hit in index.search('"بريدك الإلكتروني"', limit=ARTICLES) if hit.id == SEED)

    assert len(hit.snippet.spans) == 2
    assert hit.snippet.spans[0].start > seed["body"].rindex(BOILERPLATE)


def test_filters_facets_and_pages_agree_on_real_articles(index: arsearch.Index) -> None:
    results = index.search("إيران", limit=ARTICLES, facets=("source", "month"))
    by_source = dict(results.facets["source"])

    assert sum(by_source.values()) <= results.total
    for source, count in by_source.items():
        only = index.search("إيران", limit=ARTICLES, filters={"source": source})
        assert only.total == count
        assert [hit.id for hit in only] == [hit.id for hit in results if hit.article.source == source]
    dates = [str(hit.article.date) for hit in index.search("إيران", limit=50, sort="-date") if hit.article.date]
    assert dates == sorted(dates, reverse=True)
    assert len(results.facets["month"]) >= 1
