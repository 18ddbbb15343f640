"""Passages are exact parts of the articles, on every back-end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.errors import IndexClosedError, QueryError, UnknownFieldError
from contract.corpus import ARTICLES

FILLER = "وهذه جملة عن أمور أخرى لا صلة لها بالموضوع. "
NAMES = "أحمد خالد سعيد محمود كريم يوسف جابر نادر طارق وليد عادل فريد".split()
SENTENCES = [f"باع {name} القمح في سوق {name} القديم." for name in NAMES]


def add(index: arsearch.Index, *bodies: str, **fields: Any) -> None:
    index.add([{"id": f"long-{number}", "title": "نص", "body": body, **fields} for number, body in enumerate(bodies)])


def checked(index: arsearch.Index, query: str, **options: Any) -> tuple[arsearch.Passage, ...]:
    """Return the passages of a query, after a look at their texts, order and places."""
    found = index.passages(query, **options)
    for one in found:
        article = index.get(one.article_id)
        assert article is not None
        assert article.body[one.start : one.end] == one.text == one.text.strip() != ""
        assert one.title == article.title
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len(found) <= options.get("limit", 8)
    return found


def test_every_query_gives_exact_passages(index: arsearch.Index) -> None:
    index.add(ARTICLES)
    for article in ARTICLES:
        for query in (str(article.get("title", "")), str(article.get("body", ""))[:30]):
            checked(index, query, size=60)


def test_the_sentence_with_the_words_is_found_in_a_long_article(index: arsearch.Index) -> None:
    add(
        index,
        FILLER * 60 + "زار الوزير مصنع السكر في المدينة. " + FILLER * 60,
        FILLER * 50 + "ارتفع سعر السكر." + FILLER,
    )

    best, *_ = checked(index, "زيارة مصنع السكر", size=200)

    assert best.article_id == "long-0"
    assert "زار الوزير مصنع السكر في المدينة." in best.text
    assert len(best.text) <= 200
    assert best.text.endswith(".")


def test_an_article_may_have_several_passages(index: arsearch.Index) -> None:
    add(
        index,
        "ارتفع سعر القمح. " + FILLER * 20 + "ثم انخفض بعد عام سعر القمح كثيرا في سوق المدينة القديمة. " + FILLER * 20,
    )

    found = checked(index, "سعر القمح", size=120)

    assert {one.article_id for one in found} == {"long-0"}
    assert len(found) == 2
    first, second = sorted(found, key=lambda one: one.start)
    assert first.end <= second.start


def test_neighbours_are_merged_and_long_ones_stay_apart(index: arsearch.Index) -> None:
    add(index, "\n\n".join(SENTENCES[:3]), " ".join(SENTENCES[3:]))

    found = checked(index, "القمح", size=90, limit=20)

    assert [one.text for one in found if one.article_id == "long-0"] == ["\n\n".join(SENTENCES[:3])]
    long = [one for one in found if one.article_id == "long-1"]
    assert len(long) > 2
    assert all(len(one.text) <= 135 for one in long)


def test_a_near_duplicate_comes_once(index: arsearch.Index) -> None:
    text = "أعلنت الوزارة أن موسم حصاد القمح يبدأ هذا الأسبوع في جميع المناطق الشمالية والجنوبية من البلاد."
    add(index, text, text.replace("الأسبوع", "الشهر"), "لا قمح في المخازن.")

    found = [one.article_id for one in checked(index, "حصاد القمح", mode="any")]

    assert len(found) == 2
    assert set(found) in ({"long-0", "long-2"}, {"long-1", "long-2"})


def test_menus_are_left_out(index: arsearch.Index) -> None:
    prose = "بدأ موسم حصاد القمح في الشمال هذا الأسبوع، كما أعلنت الوزارة في بيان لها صدر صباح اليوم عن مكتبها."
    add(index, f"{prose}\nاقرأ أيضا: سعر القمح | القمح والشعير | أخبار القمح\nالقمح | الشعير | الذرة | القطن")

    assert [one.text for one in checked(index, "القمح")] == [prose]


@pytest.mark.parametrize(
    "body",
    [
        "كلمة " * 400 + "القمح " + "كلمة " * 400,
        "كلمة طويلة، " * 200 + "القمح، " + "كلمة طويلة، " * 200,
        "ك" * 1500 + "القمح " + "ك" * 1500,
        "القمح" + "\u064b" * 2000,
    ],
    ids=["no sentences", "clauses", "long words", "marks"],
)
def test_a_sentence_longer_than_the_size_is_cut(index: arsearch.Index, body: str) -> None:
    add(index, body)

    for one in checked(index, "القمح", size=100):
        assert len(one.text) <= 100
        assert one.start == 0 or body[one.start - 1].isspace() or len(body.split()) < 4
    if "،" in body:
        assert all(one.text.endswith("،") for one in checked(index, "القمح", size=100))


def test_overlap_repeats_whole_sentences(index: arsearch.Index) -> None:
    add(index, " ".join(SENTENCES))

    plain = sorted(checked(index, "القمح", size=90, limit=20), key=lambda one: one.start)
    overlapping = sorted(checked(index, "القمح", size=90, limit=20, overlap=40), key=lambda one: one.end)

    assert [one.end for one in overlapping] == [one.end for one in plain]
    for before, one, wider in zip(plain, plain[1:], overlapping[1:], strict=False):
        assert one.start - 40 <= wider.start < before.end
        assert wider.text.startswith("باع")


def test_a_title_alone_gives_the_beginning_and_no_body_nothing(index: arsearch.Index) -> None:
    index.add([{"id": "1", "title": "القمح", "body": "أول جملة. " + FILLER * 30}, {"id": "2", "title": "القمح"}])

    (only,) = checked(index, "القمح", size=100)

    assert (only.article_id, only.start) == ("1", 0)


def test_filters_select_articles(index: arsearch.Index) -> None:
    index.add([{"id": str(n), "body": f"القمح رقم {n}.", "source": "واحد" if n < 3 else "اثنان"} for n in range(6)])

    assert {one.article_id for one in checked(index, "القمح", filters={"source": ["واحد"]})} == {"0", "1", "2"}
    assert len(checked(index, "", filters={"source": "اثنان"})) == 3
    assert checked(index, "") == ()
    assert checked(index, "القمح", limit=0) == ()
    with pytest.raises(UnknownFieldError):
        index.passages("القمح", filters={"colour": "أحمر"})


def test_a_passage_has_the_page_on_which_it_begins(index: arsearch.Index) -> None:
    body = FILLER * 10 + "بدأ حصاد القمح. " + FILLER * 10
    add(index, body, pages=[{"page": "7", "start": 0}, {"page": "8", "start": len(FILLER) * 9}])

    (only,) = checked(index, "القمح", size=60)

    assert (only.page, only.heading) == ("8", "")


@pytest.mark.parametrize(
    "options",
    [{"size": 10}, {"size": 600.0}, {"overlap": -1}, {"overlap": 600}, {"limit": -1}, {"mode": "some"}, {"match": "x"}],
)
def test_wrong_parameters(index: arsearch.Index, options: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        index.passages("القمح", **options)


def test_a_snapshot_and_coroutines_give_the_same(index: arsearch.Index) -> None:
    index.add(ARTICLES)
    query = "النفط"

    async def both() -> tuple[object, ...]:
        passages, results = await asyncio.gather(index.apassages(query, limit=3), index.asearch(query, limit=3))
        return passages, [hit.id for hit in results]

    expected = index.passages(query, limit=3), [hit.id for hit in index.search(query, limit=3)]
    assert index.snapshot().passages(query, limit=3) == expected[0]
    assert asyncio.run(both()) == expected
    assert asyncio.run(both()) == expected  # in a second event loop


def test_a_cancelled_coroutine_leaves_the_index_usable(index: arsearch.Index) -> None:
    index.add(ARTICLES)

    async def cancelled() -> int:
        tasks = [asyncio.create_task(index.asearch("النفط")) for _ in range(50)]
        await asyncio.sleep(0)
        for task in tasks[1:]:
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) or hasattr(one, "hits") for one in done)
        return len(await index.asearch("النفط"))

    assert asyncio.run(cancelled()) == len(index.search("النفط"))


def test_a_coroutine_of_a_closed_index_is_an_error(index: arsearch.Index) -> None:
    index.close()
    with pytest.raises(IndexClosedError):
        asyncio.run(index.asearch("النفط"))


_WORDS = st.sampled_from(
    ["القمح", "سعر", "في", ".", "،", "؟", "\n", "\n\n", "©", "|", "ك" * 70, "a.b", "3.5", "\u064b", "«", "»"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_WORDS, st.sampled_from([" ", ""])), max_size=120), st.integers(40, 120), st.integers(0, 39))
def test_any_text_gives_exact_passages(pieces: list[tuple[str, str]], size: int, overlap: int) -> None:
    body = "".join(word + space for word, space in pieces)
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "title": "ن", "body": body}, {"id": "2", "body": "القمح"}])

        for one in checked(index, "سعر القمح", size=size, overlap=overlap):
            assert one.end - one.start <= size * 1.5 + overlap


def test_a_part_of_a_work_tells_its_headings_and_page(index: arsearch.Index) -> None:
    parts = [
        {"heading": "كتاب الزرع", "level": 1, "page": "3", "body": "مقدمة قصيرة."},
        {"heading": "باب القمح", "level": 2, "page": "5", "body": FILLER * 5 + "يزرع القمح في الشتاء. " + FILLER * 5},
    ]
    index.add([{"id": "book", "title": "الزراعة", "body": "", "parts": parts}])

    best, *_ = index.passages("زراعة القمح شتاء", size=100)

    assert "يزرع القمح في الشتاء." in best.text
    assert (best.heading, best.page) == ("كتاب الزرع ‹ باب القمح", "5")
    part = index.get(best.article_id)
    assert part is not None
    assert part.body[best.start : best.end] == best.text
