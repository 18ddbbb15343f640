"""What a search finds, in which order, and what it tells: each row of a table is a promise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import arsearch
from contract.corpus import ARTICLES

ALL = [article["id"] for article in ARTICLES]

# A promise, the query, the options of the search, and the ids: a list in order, a set in any order.
FINDS: list[tuple[str, str, dict[str, Any], list[str] | set[str]]] = [
    ("a word in any of its forms", "مدرسة", {}, {"school", "village", "computer"}),
    ("a word with clitics", "وللمدرسة", {}, {"school", "village", "computer"}),
    ("a word in Persian letters", "فارسي", {}, {"persian"}),
    ("Persian letters meet Arabic ones", "كتاب", {"match": "stem"}, {"purity", "persian", "novelists"}),
    ("vowel marks rank, and exclude nothing", "كِتَابٌ", {}, ["purity", "persian", "novelists", "library"]),
    ("spellings of alef", "إحمد", {}, {"school", "village"}),
    ("a compound and its parts", "عبدالله", {}, ["school", "village"]),
    ("digits of any script", "٢٥٥", {}, ["numbers"]),
    ("a hashtag by its words", "يوم الصحة", {}, ["covid"]),
    ("a word of another script", "covid", {}, ["covid"]),
    ("an honorific by its words", "صلى الله عليه وسلم", {"mode": "all"}, ["biography"]),
    ("synonyms that come with arsearch", "كومبيوتر", {}, ["computer"]),
    ("auto wants all of a few words", "سيارة غرناطة", {"limit": 0}, []),
    ("auto goes on with some of them", "سيارة غرناطة", {}, ["blue-car", "red-car", "biography"]),
    ("all words", "سيارة غرناطة", {"mode": "all"}, ["blue-car"]),
    ("any word", "البصرة غرناطة", {"mode": "any"}, {"oil-visit", "blue-car"}),
    ("words near each other come first", "سيارة حمراء", {"match": "stem"}, ["red-car", "blue-car"]),
    ("stop words exclude nothing", "من البصرة", {}, ["oil-visit"]),
    ("a question wants any of its words", "متى سافر الرجل إلى دمشق؟", {}, ["trip", "untitled", "red-car"]),
    ("a phrase", '"سيارة حمراء"', {}, ["red-car"]),
    ("a phrase whose first word has clitics", '"حرس الثوري"', {}, {"guard"}),
    ("a phrase in another order", '"حمراء سيارة"', {}, []),
    ("a phrase with slop", '"النفط البصرة"~2', {}, ["oil-visit"]),
    ("a phrase with slop, in any order", '"البصرة النفط"~3', {}, ["oil-visit"]),
    ("a phrase by stems", '~"وزراء نفط"', {}, ["oil-visit"]),
    ("a phrase as it is written", '="الحرس الثوري"', {}, ["guard"]),
    ("a phrase as it is written, not so", '="حرس الثوري"', {}, []),
    ("a word as it is written", "=أحمد", {}, ["school"]),
    ("a word with its vowel marks", "=كِتَابٌ", {}, ["purity"]),
    ("a prefix", "كمبي*", {}, ["computer"]),
    ("a suffix", "*شق", {}, {"trip", "untitled"}),
    ("one letter left open", "دم?ق", {}, {"trip", "untitled"}),
    ("letters left open in the middle", "الب*رة", {}, ["oil-visit"]),
    ("a misspelling", "دمشص~1", {}, {"trip", "untitled"}),
    ("a misspelling of two letters", "دمصص~2", {}, {"trip", "untitled"}),
    ("a word of a root", "جذر:كتب", {}, {"purity", "library", "persian", "novelists"}),
    ("an excluded word", "محكمة -النقض", {}, ["appeal", "quote"]),
    ("NOT", "محكمة NOT النقض", {"match": "stem"}, ["appeal"]),
    ("exclusions are at the stem", "كتاب -مكتبة", {}, ["persian", "purity", "novelists"]),
    ("a required word", "+دمشق سافر", {"mode": "any"}, ["trip", "untitled"]),
    ("AND", "سيارة AND غرناطة", {}, ["blue-car"]),
    ("OR", "البصرة OR غرناطة", {}, {"oil-visit", "blue-car"}),
    ("brackets", "سيارة AND (غرناطة OR اشترى)", {}, {"blue-car", "red-car"}),
    ("everything", "*", {"limit": 100}, ALL),
    ("everything but", "* -النفط", {"limit": 100}, [id for id in ALL if not id.startswith("oil")]),
    ("a word in a field", "title:سيارة", {}, {"red-car", "blue-car"}),
    ("a word in a field named in Arabic", "عنوان:السفر", {}, ["trip"]),
    ("a word in a keyword field", "author:حنوش", {}, ["oil-visit"]),
    ("a word in a declared text field", "isnad:نافع", {}, ["purity"]),
    ("a declared text field is searched by default", "نافع", {}, ["purity"]),
    ("a field with a value", "author:*", {}, {"oil-visit", "oil-prices", "purity", "biography"}),
    ("a text field with words", "isnad:*", {}, ["purity"]),
    ("a month", "date:2015-07", {}, ["oil-visit", "oil-prices"]),
    ("a range of dates", "date:2015-07..2015-08", {}, ["oil-visit", "oil-prices", "guard"]),
    ("before a date", "date:<2013-02", {}, {"school", "long"}),
    ("a date with a time zone is taken to UTC", "date:2015-01-01", {}, ["border"]),
    ("a declared date", "heard:<2000", {}, ["cassation"]),
    ("a range of numbers", "volume:2..4", {}, {"oil-prices", "guard", "border"}),
    ("a negative number", "price:<0", {}, ["appeal"]),
    ("a number above", "volume:>6", {}, ["cassation"]),
    ("an Arabic date", "date:يوليو 2015", {}, ["oil-visit", "oil-prices"]),
    ("words of the root", "كاتب", {}, {"purity", "library", "persian", "novelists"}),
    ("words of the root come last", "مكتبة", {}, ["library", "persian", "purity", "novelists"]),
    ("all words, some by the root", "كاتب رواية", {"mode": "all"}, ["novelists"]),
    ("operators find roots", "كاتب AND (رواية OR مدن)", {}, {"novelists", "library"}),
    ("a required word by its root", "+كاتب القاهرة", {"mode": "any"}, ["novelists", "library", "persian", "purity"]),
    ("a named field has no roots", "title:كاتب", {}, []),
    ("a phrase has no roots", '"كاتب الرواية"', {}, []),
    ("but not at a level that is named", "كاتب", {"match": "stem"}, []),
    ("the level of roots", "كاتب", {"match": "root"}, {"purity", "library", "persian", "novelists"}),
    ("the level of words", "بالوزير", {"match": "word"}, ["oil-visit"]),
    ("the normalised level", "احمد", {"match": "normalised"}, {"school", "village"}),
    ("the surface level", "احمد", {"match": "surface"}, {"village"}),
    ("the level of vowel marks", "كِتَابٌ", {"match": "vocalised"}, {"purity"}),
    ("a text without words", "؟!", {}, []),
    ("an empty text", "", {}, []),
    ("an empty text with filters", "", {"filters": {"volume": 1}}, ["oil-visit", "purity"]),
    ("a foreign word that no article has", "hello", {}, []),
    # filters
    ("a keyword", "*", {"filters": {"source": "المرصد"}}, ["guard", "border", "harvest-copy"]),
    ("keywords are exact", "*", {"filters": {"source": "الافق"}}, ["village"]),
    (
        "one of several keywords",
        "*",
        {"filters": {"category": ["سياسة", "ثقافة"]}},
        ["guard", "border", "library", "novelists"],
    ),
    ("no keyword", "*", {"filters": {"source": []}}, []),
    ("one of several values of a field", "*", {"filters": {"tags": "أسواق"}}, ["oil-prices"]),
    ("a declared keyword", "*", {"filters": {"court": "الجنايات"}}, ["appeal"]),
    ("a filter by month", "*", {"filters": {"date": "2015-07"}}, ["oil-visit", "oil-prices"]),
    ("a pair of dates", "*", {"filters": {"date": ("2016-03", None)}}, ["novelists", "computer"]),
    ("a number", "*", {"filters": {"volume": 1}}, ["oil-visit", "purity"]),
    ("a list of numbers", "*", {"filters": {"volume": [0, 7]}}, ["cassation", "untitled"]),
    ("a pair of numbers", "*", {"filters": {"price": (2.5, 3)}}, ["oil-visit", "oil-prices"]),
    ("a pair open at its beginning", "*", {"filters": {"date": (None, "2013")}}, ["school", "village", "long"]),
    ("a range of dates that is open", "*", {"filters": {"date": "2016-03.."}}, ["novelists", "computer"]),
    ("an id", "*", {"filters": {"id": "guard"}}, ["guard"]),
    (
        "ids, among them one that is not there",
        "*",
        {"filters": {"id": ["guard", "border", "none"]}},
        ["guard", "border"],
    ),
    ("ids and words", "الحرس", {"filters": {"id": ["guard", "purity"]}}, ["guard"]),
    ("no id", "*", {"filters": {"id": []}}, []),
    ("all but a keyword", "*", {"filters": {"source": arsearch.Not("المرصد"), "volume": 3}}, []),
    ("all but two keywords", "*", {"filters": {"source": arsearch.Not(["المرصد", "الأفق"]), "volume": 1}}, ["purity"]),
    ("an article without the value", "*", {"filters": {"tags": arsearch.Not("نفط"), "volume": 1}}, ["purity"]),
    ("values and an exclusion", "*", {"filters": {"tags": ["نفط", arsearch.Not("أسواق")]}}, ["oil-visit"]),
    ("all but ids", "النفط", {"filters": {"id": arsearch.Not(["oil-prices"])}}, ["oil-visit"]),
    ("all but a month", "النفط", {"filters": {"date": arsearch.Not("2015-07")}}, []),
    ("a year but for a month", "*", {"filters": {"date": ["2015-07", arsearch.Not("2015-07-21")]}}, ["oil-prices"]),
    ("all but a range of numbers", "النفط", {"filters": {"volume": arsearch.Not((2, None))}}, ["oil-visit"]),
    ("several filters", "*", {"filters": {"source": "الأفق", "volume": (2, None)}}, ["oil-prices"]),
    ("filters restrict words", "النفط", {"filters": {"volume": 2}}, ["oil-prices"]),
    # order
    (
        "by date",
        "date:2015",
        {"sort": "date"},
        ["border", "harvest", "harvest-copy", "oil-visit", "oil-prices", "guard"],
    ),
    ("by date, newest first", "category:*", {"sort": "-date", "limit": 3}, ["novelists", "library", "guard"]),
    (
        "by a number, those without last",
        "محكمة OR سيارة",
        {"sort": "volume"},
        ["appeal", "cassation", "red-car", "blue-car"],
    ),
    (
        "backwards, those without last",
        "محكمة OR سيارة",
        {"sort": "-price"},
        ["cassation", "appeal", "red-car", "blue-car"],
    ),
    (
        "by a keyword, spellings together",
        "source:*",
        {"sort": "source", "limit": 5},
        ["oil-visit", "oil-prices", "novelists", "harvest", "village"],
    ),
    ("equal hits by order of adding", "*", {"limit": 3}, ALL[:3]),
    ("one hit for each keyword", "source:*", {"collapse": "source"}, ["oil-visit", "guard", "village"]),
    (
        "hits without a value are kept",
        "محكمة OR سيارة",
        {"collapse": "source", "sort": "volume"},
        ["appeal", "cassation", "red-car", "blue-car"],
    ),
    (
        "the best of each keyword",
        "سيارة OR حرس",
        {"collapse": "category", "sort": "volume"},
        ["guard", "red-car", "blue-car"],
    ),
]


@pytest.mark.parametrize(("promise", "text", "options", "ids"), FINDS, ids=[row[0] for row in FINDS])
def test_a_search_finds(
    library: arsearch.Index, promise: str, text: str, options: Mapping[str, Any], ids: list[str] | set[str]
) -> None:
    results = library.search(text, **options)

    found = [hit.id for hit in results]
    assert len(set(found)) == len(found)
    assert (set(found) if isinstance(ids, set) else found) == ids


def test_function_words_have_no_roots(index: arsearch.Index) -> None:
    index.add([{"id": "1", "body": "تحويل"}, {"id": "2", "body": "محاولة"}])

    assert [hit.id for hit in index.search("تحويلات")] == ["1", "2"]
    assert not index.search("حول")
