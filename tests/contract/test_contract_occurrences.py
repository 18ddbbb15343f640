"""Concordances, frequencies and the spans of one article: the same on every back-end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.errors import QueryError, UnknownFieldError
from arsearch.model.places import part_id
from contract.conftest import filled, new_location
from contract.test_contract_equality import FILTERS, Pair, queries
from contract.test_contract_works import FIQH, RIVERS

POETS: list[dict[str, Any]] = [
    {"id": "a", "title": "بيت", "body": "هذا كتاب قديم.\nوقرأ الرجل كِتَابًا  آخر ثم أعاد الكتاب", "date": "2010-03-01",
     "category": "أدب", "tags": ["نثر", "قديم"]},
    {"id": "b", "title": "كتاب الأمثال", "body": "لا كتاب في الدار.", "date": "2013-12-31T23:30:00-05:00", "category": "أدب"},
    {"id": "c", "title": "نهر", "body": "ماء النهر عذب، وفي كتاب الأنهار ذكره", "date": "2014-05-05", "category": "جغرافيا"},
    {"id": "d", "title": "خبر", "body": "خبر بلا تاريخ عن كتاب."},
    {"id": "e", "title": "خبر", "body": "لا شيء هنا", "date": "2012-01-01", "category": "أدب"},
]  # fmt: skip


@pytest.fixture
def poets(index: arsearch.Index) -> arsearch.Index:
    index.add(POETS)
    return index


@pytest.fixture
def works(index: arsearch.Index) -> arsearch.Index:
    index.add([FIQH, RIVERS])
    return index


def shown(index: arsearch.Index, text: str, **options: Any) -> list[str]:
    return [f"{line.before}[{line.keyword}]{line.after}" for line in index.concordance(text, **options)]


def test_a_line_has_the_words_before_and_after_its_keyword(poets: arsearch.Index) -> None:
    assert shown(poets, "كتاب", filters={"id": "a"}) == [
        "هذا [كتاب] قديم. وقرأ الرجل كِتَابًا آخر ثم أعاد الكتاب",
        "هذا كتاب قديم. وقرأ الرجل [كِتَابًا] آخر ثم أعاد الكتاب",
        "هذا كتاب قديم. وقرأ الرجل كِتَابًا آخر ثم أعاد [الكتاب]",
    ]


@pytest.mark.parametrize(
    ("width", "line"),
    [
        pytest.param(0, "[كتاب]", id="no context"),
        pytest.param(4, "وفي [كتاب]", id="whole words only"),
        pytest.param(8, "عذب، وفي [كتاب] الأنهار", id="several words"),
        pytest.param(60, "ماء النهر عذب، وفي [كتاب] الأنهار ذكره", id="the whole text"),
    ],
)
def test_contexts_end_at_whole_words(poets: arsearch.Index, width: int, line: str) -> None:
    (only,) = shown(poets, "كتاب", width=width, filters={"id": "c"})
    assert only.replace(" [", "[").replace("] ", "]") == line.replace(" [", "[").replace("] ", "]")


def test_the_span_of_a_line_is_that_of_the_stored_text(poets: arsearch.Index) -> None:
    for line in poets.concordance('"الرجل كتابا"'):
        article = poets.get(line.id)
        assert article is not None
        assert getattr(article, line.field)[line.start : line.end] == "الرجل كِتَابًا"
        assert line.keyword == "الرجل كِتَابًا"
        assert line.level == arsearch.Level.SURFACE


@pytest.mark.parametrize(
    ("sort", "beside"),
    [
        # Folded, آخر begins with alef and comes before الأمثال.
        pytest.param("left", ["", "", "آخر", "الأمثال", "الأنهار", "في", "قديم."], id="left"),
        pytest.param("right", ["", "أعاد", "الرجل", "عن", "لا", "هذا", "وفي"], id="right"),
    ],
)
def test_lines_are_sorted_by_the_words_beside_the_keyword(poets: arsearch.Index, sort: str, beside: list[str]) -> None:
    lines = list(poets.concordance("كتاب", sort=sort))
    contexts = [line.after if sort == "left" else line.before for line in lines]
    words = [context.split() for context in contexts]
    assert [(one[0] if sort == "left" else one[-1]) if one and one != ["."] else "" for one in words] == beside
    assert sorted(lines) == sorted(poets.concordance("كتاب"))


def test_lines_sorted_by_work_are_together(works: arsearch.Index) -> None:
    lines = list(works.concordance("الماء", sort="work"))
    assert [line.title for line in lines] == ["الأنهار", "الأنهار", "مختصر الفقه", "مختصر الفقه", "مختصر الفقه"][
        : len(lines)
    ]


def test_a_line_has_its_place_in_the_work(works: arsearch.Index) -> None:
    first, *_ = works.concordance("الماء", filters={"id": "fiqh"})
    assert (first.id, first.title, first.page) == (part_id("fiqh", 2), "مختصر الفقه", "3")
    assert first.place is not None
    assert first.place.heading == "كتاب الطهارة ‹ باب الوضوء"
    whole = works.get("fiqh")
    assert whole is not None
    assert whole.text[first.place.start + first.start : first.place.start + first.end] == first.keyword


def test_the_page_of_a_line_is_that_of_its_keyword(index: arsearch.Index) -> None:
    pages = [{"page": "1", "start": 0}, {"page": "2", "start": 10}]
    index.add([{"id": "x", "title": "سفر", "body": "ماء قليل. ثم ماء كثير", "pages": pages}])
    assert [line.page for line in index.concordance("ماء")] == ["1", "2"]


@pytest.mark.parametrize(
    "text", ["", "   ", "category:أدب", "كلمةلاتوجد", '"كتاب رجل نهر"', "كتاب -كتاب"], ids=lambda text: text or "empty"
)
def test_a_query_without_occurrences_has_no_lines(poets: arsearch.Index, text: str) -> None:
    assert list(poets.concordance(text)) == []
    table = poets.frequencies(text, by="category")
    assert (list(table), table.total.occurrences) == ([], 0)


def test_a_stream_does_not_read_everything(poets: arsearch.Index) -> None:
    lines = poets.concordance("كتاب")
    assert next(lines).id == "a"
    poets.delete(["b", "c", "d"])  # the lines are those of one commit
    assert len(list(lines)) == 6


@pytest.mark.parametrize("width", [-1, 10_001, 2.5, "60", None, True], ids=repr)
def test_a_wrong_width_is_refused(poets: arsearch.Index, width: Any) -> None:
    with pytest.raises(QueryError, match="width"):
        poets.concordance("كتاب", width=width)


def test_a_wrong_order_is_refused_with_the_right_ones(poets: arsearch.Index) -> None:
    with pytest.raises(QueryError, match="left, right, work"):
        poets.concordance("كتاب", sort="up")


def test_frequencies_by_year_leave_no_year_out(poets: arsearch.Index) -> None:
    table = poets.frequencies("كتاب", by="year")
    assert [(row.value, row.occurrences, row.articles) for row in table] == [
        ("2010", 3, 1),
        ("2011", 0, 0),
        ("2012", 0, 0),
        ("2013", 0, 0),
        ("2014", 3, 2),  # 31 December 2013 in New York is 2014 in UTC
        (None, 1, 1),
    ]
    assert [row.words for row in table][:3] == [11, 0, 4]
    assert table.total == (None, 7, 4, sum(row.words for row in table), "")
    assert table[0].rate == pytest.approx(3 / 11 * 1_000_000)


def test_frequencies_by_month_count_on_over_the_new_year(poets: arsearch.Index) -> None:
    table = poets.frequencies("كتاب", by="month", filters={"date": ("2013", "2014-12")})
    assert [row.value for row in table] == ["2014-01", "2014-02", "2014-03", "2014-04", "2014-05"]


def test_other_frequencies_begin_with_the_most_frequent_value(poets: arsearch.Index) -> None:
    by_category = [(row.value, row.occurrences) for row in poets.frequencies("كتاب", by="category")]
    assert by_category == [("أدب", 5), ("جغرافيا", 1), (None, 1)]
    by_tag = poets.frequencies("كتاب", by="tags")
    assert [(row.value, row.occurrences) for row in by_tag] == [("قديم", 3), ("نثر", 3), (None, 4)]
    assert by_tag.total.occurrences == 7, "an occurrence counts once in the total"


def test_a_phrase_counts_as_a_phrase_and_words_each(poets: arsearch.Index) -> None:
    assert poets.frequencies('"كتاب قديم"').total.occurrences == 1
    assert poets.frequencies("كتاب قديم").total.occurrences == 4, "in the one article that has both words"
    assert poets.frequencies("كتاب OR قديم").total.occurrences == 8


def test_frequencies_by_work_count_a_work_once(works: arsearch.Index) -> None:
    table = works.frequencies("الماء", by="work")
    assert [(row.value, row.title, row.articles) for row in table] == [
        *[("fiqh", "مختصر الفقه", 1), ("rivers", "الأنهار", 1)],
    ]
    assert table.total.occurrences == sum(row.occurrences for row in table) == len(list(works.concordance("الماء")))


def test_a_field_without_exact_values_is_no_group(poets: arsearch.Index) -> None:
    with pytest.raises(UnknownFieldError, match="hijri_year"):
        poets.frequencies("كتاب", by="isnad")


def test_spans_mark_the_whole_article(poets: arsearch.Index) -> None:
    body = POETS[0]["body"]
    spans = poets.spans("a", "كتاب")
    assert [body[span.start : span.end] for span in spans] == ["كتاب", "كِتَابًا", "الكتاب"]
    assert [span.field for span in poets.spans("b", "كتاب")] == ["title", "body"]
    assert poets.spans("e", "كتاب") == ()


def test_spans_are_those_of_the_hit(poets: arsearch.Index) -> None:
    for text in ("كتاب", '"كتاب قديم"', "كتب", "مكتوب", "كتاب نهر"):
        for hit in poets.search(text):
            assert set(hit.spans) <= set(poets.spans(hit.id, text))


def test_spans_of_a_work_count_in_its_text(works: arsearch.Index) -> None:
    whole = works.get("fiqh")
    assert whole is not None
    spans = works.spans("fiqh", "الماء")
    assert [whole.text[span.start : span.end] for span in spans if span.field == "body"] == [
        "الماء",
        "الماء",
        "والماء",
    ][: len(spans)]
    assert list(spans) == sorted(spans, key=lambda span: (span.field != "title", span.start))
    part = works.spans(part_id("fiqh", 2), "الماء")
    assert [(span.start, span.end) for span in part] == [(0, 5)]


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\u00a0"])
def test_lines_are_sorted_by_words_between_any_white_space(space: str) -> None:
    filler = space.join(["حشو"] * 60)
    words = ["ياء", "باء", "سين", "ألف"]
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": word, "body": space.join([filler, word, "كتاب", word, filler])} for word in words])
        for sort in ("left", "right"):
            assert [line.id for line in index.concordance("كتاب", sort=sort)] == ["ألف", "باء", "سين", "ياء"]


def test_spans_are_in_the_order_of_the_fields() -> None:
    with arsearch.open(":memory:", create=True, fields={"summary": "text"}) as index:
        work = {
            "id": "w",
            "title": "الماء",
            "body": "ماء",
            "summary": "الماء",
            "parts": [{"body": "ماء"}, {"body": "ماء"}],
        }
        index.add([work])
        spans = index.spans("w", "ماء")
    assert [(span.field, span.start) for span in spans] == [
        ("title", 0),
        ("body", 0),
        ("body", 5),
        ("body", 10),
        ("summary", 0),
    ]


def test_spans_of_an_unknown_article_are_an_error(poets: arsearch.Index) -> None:
    with pytest.raises(QueryError, match="'zz'"):
        poets.spans("zz", "كتاب")


def test_a_snapshot_keeps_its_lines(poets: arsearch.Index) -> None:
    with poets.snapshot() as snapshot:
        poets.delete(["a"])
        assert len(list(snapshot.concordance("كتاب"))) == 7
        assert snapshot.frequencies("كتاب").total.occurrences == 7
        assert len(snapshot.spans("a", "كتاب")) == 3


def test_thousands_of_ids_select_articles(index: arsearch.Index) -> None:
    index.add([{"id": f"n{number}", "title": "", "body": "ماء"} for number in range(300)])
    ids = [f"n{number}" for number in range(0, 10_000, 2)]
    assert index.search("ماء", filters={"id": ids}).total == 150
    assert len(list(index.concordance("ماء", filters={"id": ids}))) == 150


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, toy_scheme: str) -> Iterator[Pair]:
    nowhere = Path()
    with (
        filled(new_location("embedded-memory", nowhere, toy_scheme)) as embedded,
        filled(new_location("toy", nowhere, toy_scheme)) as toy,
    ):
        for index in (embedded, toy):
            index.add([FIQH, RIVERS, *POETS])
        yield Pair(embedded, toy)


OPTIONS = st.fixed_dictionaries(
    {
        "match": st.sampled_from([None, None, None, "word", "normalised", "surface", "vocalised", "root"]),
        "filters": st.sampled_from([*FILTERS, {"id": "fiqh"}]),
    }
)
GROUPS = st.sampled_from(
    ["year", "month", "hijri_year", "work", "category", "tags", "court", "volume", "date", "heard", "price"]
)


@settings(max_examples=300)
@given(text=st.deferred(queries), options=OPTIONS, by=GROUPS)
def test_positions_count_what_the_articles_have(pair: Pair, text: str, options: dict[str, Any], by: str) -> None:
    embedded, toy = (index.frequencies(text, by=by, **options) for index in pair)
    assert embedded == toy


@settings(max_examples=200)
@given(text=st.deferred(queries), options=OPTIONS, sort=st.sampled_from([None, "left", "right", "work"]))
def test_back_ends_have_the_same_lines(pair: Pair, text: str, options: dict[str, Any], sort: str | None) -> None:
    embedded, toy = (list(index.concordance(text, sort=sort, **options)) for index in pair)
    assert embedded == toy


@settings(max_examples=200)
@given(text=st.deferred(queries), match=st.sampled_from([None, "word", "normalised", "root"]))
def test_back_ends_have_the_same_spans(pair: Pair, text: str, match: str | None) -> None:
    for id in ("fiqh", "a", "purity", "long"):
        embedded, toy = (index.spans(id, text, match=match) for index in pair)
        assert embedded == toy


def test_the_error_for_a_field_that_cannot_be_counted_by_names_the_works(poets: arsearch.Index) -> None:
    with pytest.raises(UnknownFieldError, match=r"known: .*work"):
        poets.frequencies("كتاب", by="body")


def test_a_timeout_of_nothing_leaves_lines_and_counts_out_and_says_so(poets: arsearch.Index) -> None:
    for sort in (None, "left"):
        lines = poets.concordance("كتاب", sort=sort, timeout=0)
        assert list(lines) == []
        assert lines.partial
        assert lines.notes == ("time ran out after 0 s: lines are missing",)
    table = poets.frequencies("كتاب", timeout=0)
    assert (table.partial, table.total.occurrences) == (True, 0)
    assert table.notes == ("time ran out after 0 s: counts may be too low",)


def test_a_stream_ends_early_once_time_runs_out(poets: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("arsearch.search.occurrences.deadline.perf_counter", lambda: 1e9 + now[0])
    lines = poets.concordance("كتاب", timeout=5)
    assert [next(lines).id, next(lines).id] == ["a", "a"]
    assert not lines.partial
    now[0] = 5.5
    assert list(lines) == []
    assert lines.partial
    assert lines.notes[-1].startswith("time ran out after 5 s")


def test_enough_time_changes_nothing(poets: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = poets.concordance("كتاب", timeout=1e6)
    assert len(list(lines)) == 7
    # The last line was read: time that passes after it leaves nothing out.
    monkeypatch.setattr("arsearch.search.occurrences.deadline.perf_counter", lambda: 1e12)
    assert list(lines) == []
    assert (lines.partial, lines.notes) == (False, ())
    assert poets.frequencies("كتاب", timeout=1e6) == poets.frequencies("كتاب")


@pytest.mark.parametrize("timeout", [-1, "5", float("nan")], ids=repr)
def test_a_wrong_timeout_is_refused(poets: arsearch.Index, timeout: Any) -> None:
    for call in (poets.concordance, poets.frequencies):
        with pytest.raises(QueryError, match="timeout"):
            call("كتاب", timeout=timeout)


@settings(max_examples=100)
@given(text=st.deferred(queries), timeout=st.floats(0, 2e-3))
def test_no_line_that_is_found_in_time_is_wrong(pair: Pair, text: str, timeout: float) -> None:
    for index in pair:
        lines = index.concordance(text, timeout=timeout)
        found, whole = list(lines), list(index.concordance(text))
        assert set(found) <= set(whole)
        assert lines.partial or found == whole
        table, full = index.frequencies(text, timeout=timeout), index.frequencies(text)
        assert table.total.occurrences <= full.total.occurrences
        assert table.partial or table == full
