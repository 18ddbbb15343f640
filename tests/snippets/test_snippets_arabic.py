"""Snippets with the real analyzer highlight what a reader of Arabic expects."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer
from arsearch.model import Level
from arsearch.snippets import HighlightTarget, TermMatcher, find_spans, make_snippet

ANALYZER = ArabicAnalyzer()

PAGE = """كشف مصدر إيراني غیر رسمي مقرب من الحرس الثوري -لموقع الجزيرة – عن زيارة الرئيس السوري إلى طهران، حسب د. أحمد.

واستقرت قوات في 3 نقاط، و4 مواقع أخرى في جنوب دمشق -وفق المصدر-، منذ عام 1436هـ. وقال علي خامنئي: «لا تعليق».

مقالات ذات صلة

الحرس الثوري: 4 مواقع جديدة

جميع الحقوق محفوظة
"""


def target(query: str, **options: Any) -> HighlightTarget:
    matchers = {}
    position = 0
    for word in ANALYZER.tokenizer.words(query):
        form = ANALYZER.form(word)
        for term in form.terms:  # of several at one position, such as a hashtag and its first part, the last
            matchers[position + term.offset] = TermMatcher.of(term, word)
        position += form.width
    return HighlightTarget(tuple(matchers.values()), **options)


def highlighted(text: str, *queries: str) -> list[str]:
    return [text[span.start : span.end] for span in find_spans(text, "body", map(target, queries), ANALYZER)]


@pytest.mark.parametrize(
    ("text", "queries", "expected"),
    [
        pytest.param("قرأ وبالكتاب عرف", ["كتاب"], ["وبالكتاب"], id="proclitics"),
        pytest.param("هذه مَدْرَسَتُهُمْ.", ["مدرسة"], ["مَدْرَسَتُهُمْ"], id="pronoun_and_marks"),
        pytest.param("الــكــتــاب", ["كتاب"], ["الــكــتــاب"], id="tatweel"),
        pytest.param("غیر رسمي", ["غير"], ["غیر"], id="persian_ya"),
        pytest.param("ﻛﺘﺎﺏ قديم", ["كتاب"], ["ﻛﺘﺎﺏ"], id="presentation_forms"),
        pytest.param("-وفق المصدر-", ["المصدر"], ["المصدر"], id="glued_dashes"),
        pytest.param("سنة 1436هـ و4 مواقع", ["4", "مواقع"], ["4", "مواقع"], id="glued_clitic"),
        pytest.param("جاء عبدالله وعبد الله", ["عبد الله"], ["عبدالله", "وعبد", "الله"], id="compound"),
        pytest.param("قال علي على الملأ", ["علي"], ["علي"], id="a_name_is_not_a_preposition"),
        pytest.param("٢٠١٥ و2015", ["2015"], ["٢٠١٥", "2015"], id="digits"),
        pytest.param("COVID-19 وكوفيد", ["covid-19"], ["COVID-19"], id="latin"),
        pytest.param("الحرس الوطني والحرس الثوري", ["الحرس الثوري"], ["والحرس", "الثوري"], id="phrase"),
        pytest.param("محمد ﷺ قال", ["محمد قال"], ["محمد", "قال"], id="honorific_is_transparent"),
    ],
)
def test_written_words_are_highlighted(text: str, queries: list[str], expected: list[str]) -> None:
    assert highlighted(text, *queries) == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("كِتاب", "كِتَابٌ", Level.VOCALISED),
        ("كِتاب", "كُتاب", Level.SURFACE),
        ("كتاب", "كِتَابٌ", Level.SURFACE),
        ("أحمد", "احمد", Level.NORMALISED),
        ("كتاب", "الكتاب", Level.WORD),
    ],
)
def test_levels(query: str, text: str, expected: Level) -> None:
    (span,) = find_spans(text, "body", [target(query)], ANALYZER)

    assert span.level is expected


@pytest.mark.parametrize(
    ("queries", "expected"),
    [
        (["الحرس الثوري"], ["الحرس", "الثوري"]),
        (["غير", "رسمي"], ["غیر", "رسمي"]),
        (["علي", "خامنئي"], ["علي", "خامنئي"]),
        (["4 مواقع"], ["4", "مواقع"]),
    ],
)
def test_the_snippet_of_a_scraped_page_comes_from_its_article(queries: list[str], expected: list[str]) -> None:
    snippet = make_snippet(PAGE, "body", map(target, queries), ANALYZER)

    assert [PAGE[span.start : span.end] for span in snippet.spans] == expected
    assert "صلة" not in snippet.text


_texts = st.text("ابتكعليةىأ دلوهم\u064e\u0651\u0640\u200c.،؟«»#_19\nab\ufdfa", max_size=80) | st.text(max_size=60)


@given(_texts, st.text("ابتكعلي ةا\u064e", max_size=12))
@settings(max_examples=150, deadline=None)
def test_spans_are_words_of_the_analyzer_and_a_word_matches_itself(text: str, query: str) -> None:
    words = [text[start:end] for start, end in ANALYZER.tokenizer.spans(text) if ANALYZER.form(text[start:end]).terms]
    targets = [target(part) for part in (query, *words[:2]) if any(map(_terms, ANALYZER.tokenizer.words(part)))]
    spans = find_spans(text, "body", targets, ANALYZER)

    assert {(span.start, span.end) for span in spans} <= set(ANALYZER.tokenizer.spans(text))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    if len(targets) > 1:
        assert spans


def _terms(word: str) -> bool:
    return bool(ANALYZER.form(word).terms)
