"""Random searches: the embedded index and the toy back-end give the same answers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.model.explanations import Listed
from contract.conftest import filled, new_location
from contract.corpus import ARTICLES

CLOSE = 1e-5
ODD = [
    *("في", "من", "عبدالله", "عبد", "ﷺ", "#يوم_الصحة", "COVID-19", "covid", "255", "كِتَابٌ", "وبالكتاب", "لاشيءكهذا"),
    *("1 500 000", "1500000", "1'500'000", "ريال", "500", "+966 50 123 4567", "00966501234567", "-5", "#الصحة"),
    *("كتاب", "کتاب", "كَتب", "كِتاب", "كـتاب", "مدرسه", "للمدرسة", "أحمد", "احمد", "أَحمد", "كومبيوتر", "الحرس", "حرس"),
    *("و", "بن", "ابن", "أبي", "وقال", "جاتوزو", "لابد", "الصلوٰة"),
]
CONDITIONS = [
    *(
        "date:2015..2016",
        "date:<2014",
        "date:>=2015-07",
        "volume:2..4",
        "volume:>3",
        "volume:7",
        "price:2.5",
        "price:<0",
    ),
    *("source:الافق", "source:*", "author:*", "volume:*", "price:*", 'source:="الأفق"', "tags:نفط", "court:*"),
    *("isnad:مالك", "isnad:*", "heard:*", "heard:<2000"),
    *("source:كتاب", "tags:مدرسة", 'author:"وزير علي"', "source:=افق", "source:(كتاب OR الأفق)", "court:(كتاب على)"),
]
FILTERS: list[dict[str, Any]] = [
    {},
    {},
    {"source": "الأفق"},
    {"volume": (2, 4)},
    {"volume": [1, 6]},
    {"price": (None, 3)},
    {"date": ("2014", "2015")},
    {"category": ["سياسة", "اقتصاد"], "volume": (None, 3)},
    {"tags": ["نفط", "قرآن"]},
    {"source": []},
    {"source": arsearch.Not("الأفق")},
    {"tags": ["نفط", "قرآن", arsearch.Not("أسواق")], "volume": arsearch.Not((None, 1))},
    {"date": arsearch.Not("2015"), "price": arsearch.Not([2.5])},
    {"id": ["oil-visit", "guard", "none"]},
    {"id": arsearch.Not(["oil-visit"]), "date": ("2015", None)},
]


class Pair(NamedTuple):
    """The same articles in two back-ends."""

    embedded: arsearch.Index
    toy: arsearch.Index


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, toy_scheme: str) -> Iterator[Pair]:
    nowhere = Path()
    with (
        filled(new_location("embedded-memory", nowhere, toy_scheme)) as embedded,
        filled(new_location("toy", nowhere, toy_scheme)) as toy,
    ):
        yield Pair(embedded, toy)


def stretches() -> list[list[str]]:
    """Return five words in a row from each place in the articles."""
    texts = [f"{article.get('title', '')} {article.get('body', '')[:400]}".split() for article in ARTICLES]
    return [words[at : at + 5] for words in texts for at in range(0, len(words), 3)]


def queries() -> st.SearchStrategy[str]:
    """Queries of every kind, mostly of words that stand in the articles."""
    rows = stretches()
    stretch = st.integers(0, len(rows) - 1).map(lambda n: rows[n])
    word = st.one_of(stretch.map(lambda words: words[0]), st.sampled_from(ODD))
    run = st.builds(lambda words, n: " ".join(words[:n]), stretch, st.integers(2, 5))
    mixed = st.lists(word, min_size=2, max_size=7).map(" ".join)
    few = st.one_of(
        st.builds(lambda words, n: " ".join(words[:n]), stretch, st.integers(1, 4)),
        st.builds(lambda words, n: " ".join(words[n::-1]), stretch, st.integers(1, 3)),
        st.lists(word, min_size=2, max_size=3).map(" ".join),
    ).map(lambda text: text.replace('"', ""))
    leaf = st.one_of(
        word,
        run,
        mixed,
        st.builds("{} {}؟".format, st.sampled_from(["هل", "كم يبلغ عدد", "ما معنى"]), run),
        st.builds("{}{}".format, st.sampled_from(["=", "جذر:", "body:", "title:", "body:="]), word),
        st.builds('{}"{}"'.format, st.sampled_from(["", "=", "~", "title:", "body:"]), few),
        st.builds('{} {}"{}"'.format, word, st.sampled_from(["", "", "~", "+"]), few),
        # Several words may stand where ﷺ does; the embedded index counts positions for pairs of words only.
        st.builds('"{}"~{}'.format, few.map(lambda text: text.replace("ﷺ", "من")), st.integers(1, 5)),
        st.builds("{}~{}".format, word, st.integers(1, 2)),
        st.builds(lambda text, n: f"{text[: n + 1]}*", word, st.integers(1, 3)),
        st.builds(lambda text, n: f"*{text[-n - 1 :]}", word, st.integers(1, 3)),
        st.builds(lambda text: f"{text[:1]}?{text[2:]}*", word),
        st.sampled_from([*CONDITIONS, "*"]),
    )
    marked = st.builds("{}{}".format, st.sampled_from(["", "", "", "+", "NOT "]), leaf)

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.lists(inner, min_size=2, max_size=4).map(" ".join),
            st.builds("({}) {} ({})".format, inner, st.sampled_from(["AND", "OR", "AND NOT", "OR NOT", "NOT"]), inner),
            st.builds("{}:({})".format, st.sampled_from(["title", "body"]), inner),
        )

    plain = st.lists(marked, max_size=4).map(" ".join)
    return st.one_of(run, mixed, leaf, plain, st.recursive(marked, grown, max_leaves=5))


OPTIONS = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["auto", "all", "any"]),
        "match": st.sampled_from([None, None, None, "word", "normalised", "surface", "vocalised", "root"]),
        "filters": st.sampled_from(FILTERS),
        "facets": st.sampled_from([(), (), ("source", "month", "volume"), ("tags", "year", "price", "date", "court")]),
        "sort": st.sampled_from([None, None, None, "date", "-date", "volume", "-price", "source", "-tags", "-heard"]),
        "collapse": st.sampled_from([None, None, None, "source", "tags", "court"]),
        "recency": st.sampled_from([None, None, "12h", "30d", "2w", "1y"]),
        "correct": st.just(False),  # the toy back-end proposes no corrections
    }
)
PAGES = st.sampled_from([(1_000, 0), (1_000, 0), (10, 0), (1, 0), (3, 4), (0, 0)])


@settings(max_examples=300)
@given(text=st.deferred(queries), page=PAGES, options=OPTIONS)
def test_back_ends_give_the_same_answers(pair: Pair, text: str, page: tuple[int, int], options: dict[str, Any]) -> None:
    limit, offset = page
    embedded, toy = (index.search(text, limit=limit, offset=offset, **options) for index in pair)

    assert (embedded.total_complete, embedded.total) == (toy.total_complete, toy.total)
    assert embedded.notes == toy.notes
    assert {name: list(counts.items()) for name, counts in embedded.facets.items()} == {
        name: list(counts.items()) for name, counts in toy.facets.items()
    }
    assert [hit.complete for hit in embedded] == [hit.complete for hit in toy]
    for one, other in zip(embedded, toy, strict=True):
        assert math.isclose(one.score, other.score, rel_tol=CLOSE, abs_tol=1e-9), (one, other)
    assert [hit.id for hit in embedded] == [hit.id for hit in toy]
    assert [told(hit.explain()) for hit in embedded.hits[:2]] == [told(hit.explain()) for hit in toy.hits[:2]]


def told(explanation: arsearch.Explanation) -> list[tuple[Any, ...]]:
    """Return what an explanation counts; its scores follow from it."""
    words = [(word.text, word.role, word.counted, word.forms, counted(word.lists)) for word in explanation.words]
    recency = explanation.recency and explanation.recency.to_dict()
    return [*words, *counted(explanation.pairs), *([tuple(recency.items())] if recency else [])]


def counted(lists: Iterable[Listed]) -> list[tuple[Any, ...]]:
    return [
        (
            one.kind,
            one.sought,
            one.articles,
            one.total,
            [(f.field, round(f.frequency, 9), f.length) for f in one.fields],
        )
        for one in lists
    ]


@pytest.mark.parametrize("id", [article["id"] for article in ARTICLES])
def test_back_ends_find_the_same_similar_articles(pair: Pair, id: str) -> None:
    embedded, toy = (index.more_like(id) for index in pair)

    assert (embedded.query, embedded.total) == (toy.query, toy.total)
    assert {hit.id: hit.score for hit in embedded} == pytest.approx({hit.id: hit.score for hit in toy}, rel=CLOSE)
