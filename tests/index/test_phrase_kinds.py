"""Each kind of phrase finds and marks the spellings that `docs/queries.md` promises for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import arsearch

BODIES = {
    "plain": "هذا كتاب جديد هنا",
    "proclitic": "هذا وكتاب جديد هنا",
    "marked": "هذا كِتَابٌ جديد هنا",
    "inflected": "هذان الكتابان الجديدان هنا",
    "apart": "هذا كتاب آخر جديد هنا",
    "turned": "هذا جديد كتاب هنا",
}


@pytest.fixture(scope="module")
def index() -> Iterator[arsearch.Index]:
    with arsearch.open(":memory:", create=True) as opened:
        opened.add([{"id": id, "body": body} for id, body in BODIES.items()])
        yield opened


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"كتاب جديد"', {"plain": "كتاب جديد", "proclitic": "وكتاب جديد", "marked": "كِتَابٌ جديد"}),
        ('="كتاب جديد"', {"plain": "كتاب جديد", "marked": "كِتَابٌ جديد"}),
        ('="كِتَابٌ جديد"', {"marked": "كِتَابٌ جديد"}),
        (
            '~"كتاب جديد"',
            {
                "plain": "كتاب جديد",
                "proclitic": "وكتاب جديد",
                "marked": "كِتَابٌ جديد",
                "inflected": "الكتابان الجديدان",
            },
        ),
        (
            '"كتاب جديد"~1',
            {
                "plain": "كتاب جديد",
                "proclitic": "وكتاب جديد",
                "marked": "كِتَابٌ جديد",
                "apart": "كتاب جديد",
            },
        ),
    ],
)
def test_a_phrase_finds_and_marks_its_spellings(index: arsearch.Index, query: str, expected: dict[str, str]) -> None:
    found = {hit.id: hit for hit in index.search(query, timeout=None)}
    marked = {
        id: " ".join(BODIES[id][span.start : span.end] for span in hit.spans if span.field == "body")
        for id, hit in found.items()
    }

    assert marked == expected
