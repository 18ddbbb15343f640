"""Near-duplicates: which articles are, that the way they were indexed does not matter, and which collapsing keeps."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from embedded import reader_of
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch.minhash import SIGNATURE_SIZE, collapse_near_duplicates, near_duplicates

REPORT = (
    "أعلنت المؤسسة العامة للسكك في الإقليم اليوم عودة الرحلات اليومية بين المدينتين بعد انتهاء أعمال الصيانة التي شملت "
    "جسرين ونفقا قديما، وقالت إن القطارات الجديدة ستقطع المسافة في ساعتين ونصف، ودعت المسافرين إلى حجز مقاعدهم قبل الموعد "
    "بيوم واحد على الأقل عبر مكاتبها أو موقعها، وأضافت أن الأطفال دون السادسة يسافرون مجانا مع أهلهم في كل الدرجات"
)
OTHER = (
    "فاز فريق الحي على ضيفه بهدفين بلا رد في مباراة مثيرة أقيمت مساء أمس وسط حضور كبير من الجمهور الذي ملأ المدرجات منذ "
    "العصر، وجاء الهدف الأول من ركلة حرة نفذها القائد بإتقان، ثم أضاف البديل الشاب الهدف الثاني قبل النهاية بدقائق قليلة"
)


def article(id: str, body: str) -> dict[str, Any]:
    return {"id": id, "title": f"عنوان {id}", "body": body}


def collapsed(index: arsearch.Index, text: str = "عنوان", **options: Any) -> list[tuple[str, int]]:
    return [(hit.id, hit.similar) for hit in index.search(text, collapse="duplicates", **options)]


@pytest.mark.parametrize(
    ("body", "near_duplicate"),
    [
        (REPORT, True),
        ("وكالة الأنباء: " + REPORT + " انتهى", True),
        (REPORT.replace("اليوم", "أمس"), True),
        (REPORT.replace("ال", "اَل").replace("ة", "ه"), True),  # vowel marks and spelling do not matter
        (" ".join(REPORT.split()[:-6]), True),
        (" ".join(REPORT.split()[:25]), False),
        (" ".join(reversed(REPORT.split())), False),
        (OTHER, False),
        ("", False),
    ],
)
def test_which_articles_are_near_duplicates(index: arsearch.Index, body: str, near_duplicate: bool) -> None:
    index.add([article("1", REPORT), article("2", body)])

    assert collapsed(index) == ([("1", 1)] if near_duplicate else [("1", 0), ("2", 0)])


def test_short_bodies_are_no_near_duplicates(index: arsearch.Index) -> None:
    index.add([article("1", "خبر عاجل من المدينة"), article("2", "خبر عاجل من المدينة"), {"id": "3", "title": "عنوان"}])

    assert sorted(collapsed(index)) == [("1", 0), ("2", 0), ("3", 0)]


def reports(seed: int) -> list[dict[str, Any]]:
    """Return articles of which every third is an altered copy of an earlier one."""
    chance = random.Random(seed)
    words = [*REPORT.split(), *OTHER.split()]
    bodies: list[str] = []
    for n in range(60):
        copied = chance.choice(bodies).split() if n % 3 == 2 else chance.choices(words, k=60)
        copied[chance.randrange(len(copied))] = "كلمة"
        bodies.append(" ".join(copied))
    return [article(str(n), body) for n, body in enumerate(bodies)]


def rows(index: arsearch.Index) -> dict[str, bytes]:
    reader = reader_of(index)
    return {reader.id(doc): reader.signatures()[doc].tobytes() for doc in reader.all_docs().tolist()}


def test_signatures_depend_on_the_body_alone(tmp_path: Path) -> None:
    given = reports(1)
    with arsearch.open(":memory:", create=True) as index:
        index.add(given)
        expected = rows(index)
    assert len(set(expected.values())) > 40

    with arsearch.open(":memory:", create=True) as index:
        index.add([article(row["id"], OTHER) for row in given[::2]])  # replaced
        index.add(reversed(given), commit_every=7)
        assert rows(index) == expected
        index.delete([row["id"] for row in given[::4]])
        index.optimize()
        assert rows(index) == {row["id"]: expected[row["id"]] for n, row in enumerate(given) if n % 4}
        assert index.check() == []
    with arsearch.open(tmp_path / "x", create=True) as index:
        index.add(given, workers=2)
        assert rows(index) == expected


def test_collapsing_works_across_segments_and_after_deletions(index: arsearch.Index) -> None:
    for id in "123":
        index.add([article(id, REPORT)])
    index.add([article("4", OTHER)])
    assert sorted(collapsed(index)) == [("1", 2), ("4", 0)]

    index.delete("1")
    index.add([article("3", OTHER)])  # no longer a near-duplicate

    assert sorted(collapsed(index)) == [("2", 0), ("4", 1)]


def test_totals_and_facets_count_near_duplicates_and_pages_do_not_overlap(index: arsearch.Index) -> None:
    index.add(row | {"source": "أب"[n % 2]} for n, row in enumerate(reports(2)))

    whole = index.search("عنوان", collapse="duplicates", limit=100, facets=("source",))
    pages = [
        hit.id
        for start in range(0, 60, 7)
        for hit in index.search("عنوان", collapse="duplicates", offset=start, limit=7)
    ]

    assert whole.total == whole.total_complete == 60
    assert whole.facets == {"source": {"أ": 30, "ب": 30}}
    assert sum(1 + hit.similar for hit in whole) == 60
    assert 30 < len(whole) < 50
    assert pages == [hit.id for hit in whole]
    assert [hit.similar for hit in index.search("عنوان", limit=100)] == [0] * 60


def test_the_first_of_each_group_in_the_sort_order_is_kept(index: arsearch.Index) -> None:
    index.add(article(str(n), REPORT) | {"date": f"2015-07-0{n}"} for n in range(1, 5))

    assert collapsed(index, sort="date") == [("1", 3)]
    assert collapsed(index, sort="-date") == [("4", 3)]
    assert collapsed(index, filters={"date": ("2015-07-02", "2015-07-03")}) == [("2", 1)]


signatures = st.lists(st.lists(st.integers(0, 1), min_size=SIGNATURE_SIZE, max_size=SIGNATURE_SIZE), max_size=12)


@given(signatures, st.integers(0, 13))
def test_collapsing_agrees_with_a_plain_loop(values: list[list[int]], count: int) -> None:
    array = np.array(values, np.uint8).reshape(-1, SIGNATURE_SIZE)
    kept: dict[int, int] = {}
    for at, row in enumerate(values):
        owner = next(
            (k for k in kept if sum(a == b for a, b in zip(values[k], row, strict=True)) >= 10 and any(values[k])), None
        )
        if owner is None:
            kept[at] = 0
        else:
            kept[owner] += 1

    assert collapse_near_duplicates(array, count) == (list(kept)[:count], list(kept.values())[:count])


def test_ten_equal_bytes_make_a_near_duplicate() -> None:
    row = np.arange(1, SIGNATURE_SIZE + 1, dtype=np.uint8)
    others = np.array([[*row[:n], *[0] * (SIGNATURE_SIZE - n)] for n in range(SIGNATURE_SIZE + 1)], np.uint8)

    assert near_duplicates(others, row).tolist() == [n >= 10 for n in range(SIGNATURE_SIZE + 1)]


@pytest.mark.parametrize("collapse", [None, "duplicates", "source"])
def test_a_page_of_no_hits_has_totals(collapse: str | None) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add(
            [{"id": "1", "body": "سعر النفط", "source": "الأفق"}, {"id": "2", "body": "سعر النفط", "source": "المرصد"}]
        )
        results = index.search("النفط", limit=0, collapse=collapse)

    assert not results.hits
    assert results.total == results.total_complete == 2
