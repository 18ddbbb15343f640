"""The spans found by positions are those of reading the whole body."""

from __future__ import annotations

import os
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.index.matching import body_positions
from arsearch.model import Span
from arsearch.search.occurrences import spans
from arsearch.search.request import SearchRequest
from arsearch.snippets import Highlighter
from arsearch.snippets.occurrences import spans_of

WORDS = [
    *(
        "كتاب",
        "الكتاب",
        "وكتابه",
        "كتب",
        "كِتَابًا",
        "كـتاب",
        "كتابي",
        "مكتبة",
        "قرأ",
        "قرأت",
        "يقرؤه",
        "سؤال",
        "سوال",
        "أسئلة",
    ),
    *(
        "شيء",
        "شي",
        "مئة",
        "مائة",
        "عبدالله",
        "عبد",
        "الله",
        "لله",
        "#كتاب_الله",
        "ﷺ",
        "COVID-19",
        "كتاب،",
        "«كتاب»",
        "كتاب.كتاب",
    ),
    *(
        "5",
        "1 500 000",
        "١٢",
        "😀",
        "کتاب",
        "ﻛﺘﺎﺏ",
        "كتااااب",
        "إلى",
        "الى",
        "مدرسة",
        "مدرسه",
        "هدى",
        "هدي",
        "ماء",
        "x",
    ),
]
QUERIES = [
    *(
        "كتاب",
        "=كتاب",
        "كِتاب",
        "كتب",
        "سؤال",
        "شيء",
        "مئة",
        "الله",
        "عبدالله",
        "عبد الله",
        '"عبد الله"',
        '"كتاب الله"',
        "كتا*",
    ),
    *('"كتاب كتب"~3', "مدرسة هدى", "5", "covid", "ماء -كتاب", "قرأ OR سؤال", "~كتاب", "كتاب~1", "جذر:كتب", "إلى"),
]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).flatmap(
    lambda words: st.lists(
        st.sampled_from([" ", "\n", "  ", "، ", "\n\n", "\t"]), min_size=len(words), max_size=len(words)
    ).map(lambda spaces: "".join(word + space for word, space in zip(words, spaces, strict=True)))
)


def both(text: str, query: str, match: str | None) -> tuple[list[Span] | None, list[Span]]:
    """Return the spans in a body by positions, and those of a highlighter that reads it."""
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "other", "title": "شيء آخر"}, {"id": "a", "title": "", "body": text}])
        view, planner, _ = index._session()
        plan = planner.plan(SearchRequest.read(query, match=match))
        targets = plan.highlight_targets(view.related_stems, roots=match == "root")
        known = view.known_occurrences("a", Highlighter(targets, view.analyzer))  # type: ignore[attr-defined]
        read = Highlighter(targets, view.analyzer).find_spans(text, "body")
        if known is None:
            return None, read
        spans = known.spans("body")
        assert spans_of(known.occurrences(), "body") == spans
        with mock.patch.dict(os.environ, ARSEARCH_KERNEL="numpy"):
            assert known.spans("body") == spans
        return spans, read


@settings(max_examples=100)
@given(text=TEXTS, query=st.sampled_from(QUERIES), match=st.sampled_from([None, None, "word", "normalised", "root"]))
def test_positions_find_what_reading_finds(text: str, query: str, match: str | None) -> None:
    known, read = both(text, query, match)
    assert known is None or known == read


@pytest.mark.parametrize(
    ("text", "query"),
    [
        pytest.param("قرأ كتابا ثم الكتاب. وكتابه هنا", "كتاب", id="a word in its forms"),
        pytest.param("كِتَابٌ قَدِيمٌ وكِتـاب جَدِيدٌ", "كتاب", id="marks and tatweel"),
        pytest.param("سُؤال وسؤالٌ وسؤاله", "سؤال", id="a hamza on a seat"),
        pytest.param("ذهب عبدالله مع عبد الله", "الله", id="a compound"),
        pytest.param("😀 نص 😀 كتاب الله 😀 كتاب", '"كتاب الله"', id="a phrase, after characters of four bytes"),
        pytest.param("«كتاب»، (كتاب) #كتاب", "كتاب", id="punctuation"),
        pytest.param("لا شيء هنا", "كتاب", id="no occurrence"),
    ],
)
def test_ordinary_text_is_not_read_as_a_whole(text: str, query: str) -> None:
    known, read = both(text, query, None)
    assert known == read
    assert known is not None


def spans_of_work(work: dict[str, Any], query: str, match: str | None, **options: Any) -> tuple[list[Span], list[Span]]:
    """Return the spans of a work by positions, and those of reading it part by part."""
    with arsearch.open(":memory:", create=True, fields={"note": "text"}) as index:
        index.add([{"id": "other", "body": "شيء آخر"}, work, {"id": "last", "body": "كتاب الله"}], **options)
        once, found = (list(index.spans("w", query, match=match)) for _ in range(2))
        assert once == found  # the second call has the text prepared
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(spans, "is_fast", lambda _: False)
            return found, list(index.spans("w", query, match=match))


@settings(max_examples=30)
@given(
    bodies=st.lists(st.one_of(TEXTS, st.just(" ")), max_size=6),
    own=st.one_of(TEXTS, st.just("")),
    query=st.sampled_from(QUERIES),
    match=st.sampled_from([None, None, "normalised", "root"]),
    segments=st.booleans(),
)
def test_the_parts_of_a_work_are_one_text(
    bodies: list[str], own: str, query: str, match: str | None, segments: bool
) -> None:
    parts = [{"heading": f"باب الكتاب {number}", "body": body} for number, body in enumerate(bodies)]
    work = {"id": "w", "title": "كتاب", "body": own, "note": "كتابان", "parts": parts}
    known, read = spans_of_work(work, query, match, **({"memory_limit": 1} if segments else {}))
    assert known == read


@settings(max_examples=20)
@given(text=TEXTS, starts=st.sets(st.integers(0, 60), min_size=1), query=st.sampled_from(QUERIES))
def test_parts_cut_inside_words_are_one_text(text: str, starts: set[int], query: str) -> None:
    parts = [{"start": start, "heading": "باب"} for start in sorted(starts) if start <= len(text)]
    known, read = spans_of_work({"id": "w", "body": text, "parts": parts}, query, None)
    assert known == read


@pytest.mark.parametrize(("few", "together"), [(0, 1), (1, 1), (3, 2), (3, 5)])
@pytest.mark.parametrize("query", QUERIES)
def test_postings_are_read_alone_or_together(
    query: str, few: int, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_positions, "_FEW", few)
    monkeypatch.setattr(body_positions, "_TOGETHER", together)
    bodies = [" ".join(WORDS[:at] * 3) for at in (10, 20, 30, 15)]
    work = {"id": "w", "title": "كتاب", "parts": [{"heading": "باب", "body": body} for body in bodies]}

    known, read = spans_of_work(work, query, None)

    assert known == read


@pytest.mark.parametrize("word", [*WORDS, "عبدالله", "أبوبكر", "يَٰٓأَيُّهَا", "لابد", "كتاب5", "", "٣"])
def test_a_word_of_one_term_has_its_normalised_form_without_stemming(word: str) -> None:
    analyzer = arsearch.ArabicAnalyzer()
    terms, width = analyzer.form(word)
    normalised = analyzer.normalised(word)

    if normalised is not None:
        assert (width, [term.normalised for term in terms]) == (1, [normalised])
    elif word in ("كتاب", "قرأت", "كِتَابًا", "مئة"):
        pytest.fail("a plain word has one term")


def test_no_phrase_goes_from_one_part_into_the_next() -> None:
    work = {"id": "w", "title": "عمل", "parts": [{"body": "هذا كتاب"}, {"body": "الله أعلم، كتاب الله"}]}
    known, read = spans_of_work(work, '"كتاب الله"', None)
    assert known == read
    assert [(span.start, span.end) for span in known] == [(21, 25), (26, 30)]


def test_words_that_the_bytes_do_not_show_are_read() -> None:
    known, read = both("ﻛﺘﺎﺏ كتاب", "كتاب", None)
    assert known is None
    assert len(read) == 2
