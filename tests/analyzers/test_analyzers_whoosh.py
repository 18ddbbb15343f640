"""The analyzer in a Whoosh schema."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from whoosh import highlight
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import QueryParser

from arsearch.analyzers import ArabicAnalyzer

ANALYZER = ArabicAnalyzer()
ARTICLES = {
    "1": "قَرَأَ وَزِيرُ الدَّاخِلِيَّةِ الكِتابَ في مكتبةِ المدينة",
    "2": "زار عبدالله بن عمر أبوظبي، وقال: #وسم_مركب؟",
    "3": "قال النبي ﷺ لأصحابه",
}


def tokens(text: str, **options: Any) -> list[tuple[int, str]]:
    return [(token.pos, token.text) for token in ANALYZER(text, positions=True, **options)]


@pytest.fixture(scope="module")
def searcher() -> Iterator[Any]:
    schema = Schema(id=ID(stored=True), body=TEXT(analyzer=ArabicAnalyzer(), stored=True, chars=True))
    index = RamStorage().create_index(schema)
    with index.writer() as writer:
        for key, body in ARTICLES.items():
            writer.add_document(id=key, body=body)
    with index.searcher() as opened:
        yield opened


def found(searcher: Any, query: str) -> set[str]:
    parsed = QueryParser("body", searcher.schema).parse(query)
    return {hit["id"] for hit in searcher.search(parsed)}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("وزير", {"1"}),
        ("بالكتاب", {"1"}),
        ('"وزير الداخلية"', {"1"}),
        ('"وزير الكتاب"', set()),
        ('"الكتاب في مكتبة"', {"1"}),
        ("عبدالله", {"2"}),
        ('"عبد الله بن عمر"', {"2"}),
        ('"عبدالله ابن عمر"', {"2"}),
        ('"أبو ظبي"', {"2"}),
        ("وسم", {"2"}),
        ("#وسم_مركب", {"2"}),
        ('"صلى الله عليه وسلم"', {"3"}),
        ('"النبي لأصحابه"', {"3"}),
        ('"النبي ﷺ لأصحابه"', {"3"}),
        ("ﷺ", {"3"}),
        ("مكت*", {"1"}),
        ("مَكـت*", {"1"}),
        ("م?ينه", {"1"}),
    ],
)
def test_a_stock_whoosh_index_finds(searcher: Any, query: str, ids: set[str]) -> None:
    assert found(searcher, query) == ids


def test_highlights_cover_the_whole_written_word(searcher: Any) -> None:
    (hit,) = searcher.search(QueryParser("body", searcher.schema).parse("كتاب"))
    hit.results.formatter = highlight.HtmlFormatter(tagname="b", classname="", termclass="")

    assert ">الكِتابَ</b>" in hit.highlights("body")


def test_tokens_are_stems_with_positions_and_characters_of_the_original() -> None:
    text = "قرأ الكِتابَ"
    made = list(ANALYZER(text, positions=True, chars=True, keeporiginal=True, start_pos=5, start_char=10))

    assert [(t.pos, t.startchar, t.endchar, t.original) for t in made] == [(5, 10, 13, "قرأ"), (6, 14, 22, "الكِتابَ")]
    assert [t.text for t in made] == [ANALYZER.form(word).terms[0].stem for word in text.split()]


def test_each_token_is_a_new_object() -> None:
    assert len({id(token) for token in list(ANALYZER("كتاب قلم ورقة"))}) == 3


def test_positions_never_decrease() -> None:
    numbers = [number for number, _ in tokens("محمد ﷺ رسول الله ﷺ عبدالله")]

    assert numbers == sorted(numbers)


def test_stop_words_stay_and_keep_their_positions() -> None:
    assert [number for number, _ in tokens("كتاب في المدينة")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("#وسم_مركب", 2), ("عبدالله", 2), ("COVID-19", 2), ("محمد ﷺ رسول", 2), ("ﷺ", 4), ("Elle's", 1), ("كتاب", 1)],
)
def test_query_mode_gives_one_token_a_position(text: str, expected: int) -> None:
    assert [number for number, _ in tokens(text, mode="query")] == list(range(expected))


def test_patterns_are_normalised_and_never_tokenized_or_stemmed() -> None:
    assert tokens("وَالمَدَا*", tokenize=False, mode="query") == [(0, "والمدا*")]
    assert tokens("كتاب قديم", tokenize=False) == [(0, "كتاب قديم")]


def test_the_speller_gets_words() -> None:
    assert tokens("والمدرسة", no_morph=True) == [(0, "والمدرسه")]
    assert ANALYZER.has_morph()


def test_a_schema_with_the_analyzer_survives_pickling() -> None:
    schema = Schema(body=TEXT(analyzer=ANALYZER))

    assert pickle.loads(pickle.dumps(schema))["body"].analyzer == ANALYZER


def test_bytes_are_refused() -> None:
    with pytest.raises(TypeError, match="string"):
        list(ANALYZER(b"abc"))  # type: ignore[arg-type]
