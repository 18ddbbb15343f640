"""A number is found in each of its spellings, by each of them, in phrases too, and is marked as it is written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import arsearch
from arsearch.model import Level

SPELLINGS = [
    "1500000",
    "1.500.000",
    "1 500 000",
    "1'500'000",
    "1,500,000",
    "١٬٥٠٠٬٠٠٠",
    "١ ٥٠٠ ٠٠٠",
    "1\u00a0500\u202f000",
]
PHONES = [
    "+966501234567",
    "+966 50 123 4567",
    "00966 50 123 4567",
    "00966501234567",
    "+966-50-123-4567",
    "+966 (50) 123 4567",
]
TABLE = "غرف الفندق 100 200 300 شاغرة"


@pytest.fixture(scope="module")
def numbers(shared_index: Callable[..., arsearch.Index]) -> arsearch.Index:
    return shared_index(
        [
            *({"id": f"price-{at}", "body": f"بلغ السعر {text} ريال فقط"} for at, text in enumerate(SPELLINGS)),
            *({"id": f"phone-{at}", "body": f"هاتف الشركة {text} مجانا"} for at, text in enumerate(PHONES)),
            {"id": "table", "body": TABLE},
            {"id": "list", "body": "غرفة 300 وغرفة 100 ثم 200"},
            {"id": "joined", "body": "رقم 100200300"},
            {"id": "parts", "body": "صفحة 1 من 500 لا 000"},
        ]
    )


def ids(index: arsearch.Index, text: str, **options: object) -> set[str]:
    return {hit.id for hit in index.search(text, limit=50, **options)}  # type: ignore[arg-type]


def named(kind: str, texts: list[str]) -> set[str]:
    return {f"{kind}-{at}" for at in range(len(texts))}


@pytest.mark.parametrize("query", SPELLINGS)
def test_every_spelling_of_a_number_finds_all(numbers: arsearch.Index, query: str) -> None:
    assert ids(numbers, query) == named("price", SPELLINGS)
    assert ids(numbers, f"السعر {query}", mode="all") == named("price", SPELLINGS)
    assert ids(numbers, f"بلغ NOT {query}") == set()


@pytest.mark.parametrize("query", SPELLINGS)
@pytest.mark.parametrize(
    "phrase", ['"{}"', '"{} ريال"', '"السعر {}"', '"السعر {} ريال"', '="السعر {} ريال"', '~"السعر {} ريال"']
)
def test_every_spelling_of_a_number_meets_in_phrases(numbers: arsearch.Index, query: str, phrase: str) -> None:
    assert ids(numbers, phrase.format(query)) == named("price", SPELLINGS)


@pytest.mark.parametrize("query", PHONES)
def test_every_spelling_of_a_telephone_number_finds_all(numbers: arsearch.Index, query: str) -> None:
    assert ids(numbers, query) == named("phone", PHONES)
    assert ids(numbers, f"هاتف {query}", mode="all") == named("phone", PHONES)
    assert ids(numbers, f'"الشركة {query}"') >= {"phone-0", f"phone-{PHONES.index(query)}"}
    assert f"phone-{PHONES.index(query)}" in ids(numbers, f'"الشركة {query} مجانا"')


@pytest.mark.parametrize("part", ["50", "123", "4567"])
def test_a_group_finds_its_numbers(numbers: arsearch.Index, part: str) -> None:
    assert ids(numbers, part) == {f"phone-{at}" for at, text in enumerate(PHONES) if part in text.split()} | {
        f"phone-{at}" for at in (4, 5)
    }


@pytest.mark.parametrize("part", ["100", "200", "300"])
def test_the_numbers_of_a_list_are_found_by_each_of_them(numbers: arsearch.Index, part: str) -> None:
    assert ids(numbers, part) == {"table", "list"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("100 200 300", {"table", "list", "joined"}),
        ("300 200 100", {"table", "list"}),
        ("100200300", {"table", "joined"}),
        ("غرفة 100 200 300", {"table", "list"}),
        ('"200 300"', {"table"}),
        ('"الفندق 100 200 300 شاغرة"', {"table"}),
        ('"300 شاغرة"', {"table"}),
        ('"رقم 100 200 300"', {"joined"}),
        ("1 500", {"parts", "price-2", "price-6", "price-7"}),
    ],
)
def test_a_list_of_numbers_stays_a_list(numbers: arsearch.Index, query: str, expected: set[str]) -> None:
    assert ids(numbers, query, mode="all") == expected


@pytest.mark.parametrize("query", ["1500000", '"السعر 1500000 ريال"', "=1500000"])
def test_the_written_number_is_marked(numbers: arsearch.Index, query: str) -> None:
    for hit in numbers.search(query, limit=50):
        number = SPELLINGS[int(hit.id.removeprefix("price-"))]
        marked = [hit.snippet.source[span.start : span.end] for span in hit.snippet.spans]

        assert number in marked
        assert hit.level is Level.SURFACE


def test_a_long_text_keeps_its_numbers(index: arsearch.Index) -> None:
    """The blocks in which a highlighter reads a text, and the windows of a writer, never end inside a number."""
    index.add([{"id": "long", "body": "1 500 000، " * 60_000}, {"id": "row", "body": "100 " * 200_000}])

    (hit,) = index.search('"1500000"', timeout=None)

    (form,) = index.explain('"1500000"', hit.id, timeout=None).words[0].forms
    assert (form.text, form.times) == ("1 500 000", 60_000)
    assert {hit.snippet.source[span.start : span.end] for span in hit.snippet.spans} == {"1 500 000"}
