"""The vectorised search against the reference search: equal hits, totals, scores and order for every kind of query."""

from __future__ import annotations

import json
import lzma
import math
import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest
from embedded import both_forms, view_of
from hypothesis import given
from hypothesis import strategies as st
from long_runs import LONG, examples
from reference.search import Answer, reference_search
from reference.stock import stock_matches
from whoosh.query import And, Or, Phrase, Term

import arsearch
from arsearch.index.docsets import scored
from arsearch.index.execution import boolean, scorers, top_docs
from arsearch.index.view import EmbeddedView
from arsearch.index.whoosh.segments import whoosh_searcher
from arsearch.index.whoosh.weighting import Weighting
from arsearch.search.request import read_level
from arsearch.search.signals import read_recency

CLOSE = 1e-5
EXAMPLES = Path(__file__).parent.parent.parent / "examples"
ODD_WORDS = [
    "في",
    "من",
    "عبدالله",
    "عبد",
    "ﷺ",
    "#يوم_الكتاب",
    "1 500 000",
    "1500000",
    "COVID-19",
    "455هـ",
    "3.5",
    "كِتَابٌ",
    "وبالكتاب",
    "لاشيءكهذا",
]
SPELLINGS = ["كتابٌ", "كَتب", "كِتاب", "كـتاب", "مدرسه", "مَدرسة", "أحمد", "احمد", "أَحمد", "إحمد", "عَبدالله"]
JOINED = ["و", "قلم", "وقلم", "ابن", "بن", "عمر", "أبو", "أبي", "بكر", "جاتوزو", "غاتوزو", "لابد", "لا", "بد", "الصلوٰة"]
CONDITIONS = [
    *("date:2015..2016", "date:<2014", "date:>=2015-07", "volume:2..4", "volume:>3", "volume:7", "source:الافق"),
    *("source:*", "author:*", "volume:*", 'source:="الأفق"', "tags:نفط", "category:*"),
    *("source:كتاب", "tags:مدرسة", 'author:"وزير علي"', "source:=افق", "source:(كتاب OR الأفق)", "category:(كتاب على)"),
]
LARGE_INDEX_LIMITS = [
    *(
        (boolean, "_MIN_PRUNED_POSTINGS", 0),
        (boolean, "_SAMPLE", 8),
        (boolean, "_SPARSE_SHARE", 1 << 30),
        (boolean, "_DENSE_SHARE", 1),
        (top_docs, "_MANY", 4),
        (scored, "_GROUPS", 4),
    ),
    *((scorers, "_BITS_SHARE", 1 << 30), (scorers, "_MIN_BITS_DOCS", 0)),
]
FILTERS: list[dict[str, Any]] = [
    {},
    {"source": "الأفق"},
    {"volume": (2, 4)},
    {"volume": [1, 6]},
    {"date": ("2014", "2016")},
    {"category": ["سياسة", "اقتصاد"], "volume": (None, 5)},
    {"source": arsearch.Not("الأفق"), "date": arsearch.Not("2015")},
    {"volume": [1, 2, 3, arsearch.Not((2, None))]},
    {"id": arsearch.Not(["guard", "harvest"])},
]


def three_segments(rows: Sequence[dict[str, Any]]) -> arsearch.Index:
    """Return an index of three segments with replaced and deleted articles, most of them numbered by `volume`."""
    rows = [row | {"volume": n % 8} if n % 5 else row for n, row in enumerate(rows)]
    index = arsearch.open(":memory:", create=True, fields={"volume": "int"})
    third = len(rows) // 3
    for part in (rows[: third + 5], rows[third : 2 * third + 5], rows[2 * third :]):
        index.add(part)
    for row in rows[::11]:
        index.delete(row["id"])
    return index


def words_of(rows: Sequence[dict[str, Any]], seed: int) -> list[list[str]]:
    """Return stretches of up to five words from the articles."""
    chosen = random.Random(seed)
    found = []
    for row in rows:
        words = [word for word in f"{row.get('title', '')} {row.get('body', '')}".split() if word.isalnum()]
        for _ in range(3):
            start = chosen.randrange(max(1, len(words)))
            found.append(words[start : start + 5])
    return [stretch for stretch in found if stretch]


def tiny() -> list[dict[str, Any]]:
    """Return many short articles of few words, in which words meet in every order and counts reach every limit."""
    chosen = random.Random(5)
    words = ["كتاب", "وزير", "الوزير", "مدرسة", "مدارس", "علي", "على", "في", "من", "يوم", "محمد", "عبدالله", "الله"]

    def text(most: int) -> str:
        return " ".join(chosen.choices([*words, *ODD_WORDS[:10], *SPELLINGS, *JOINED], k=chosen.randrange(most)))

    return [
        {"id": str(n), "title": text(4), "body": text(24), "source": chosen.choice(["الأفق", "المرصد"])}
        for n in range(80)
    ]


def queries(stretches: Sequence[Sequence[str]]) -> st.SearchStrategy[str]:
    """Return a strategy of queries of every kind, with words from the articles."""
    stretch = st.integers(0, len(stretches) - 1).map(lambda n: stretches[n])
    word = st.one_of(
        stretch.map(lambda words: words[0]), st.sampled_from(ODD_WORDS), st.sampled_from([*SPELLINGS, *JOINED])
    )
    misspelt = st.builds(
        lambda text, n: text[:n] + text[n + 1 : n + 2] + text[n:][:1] + text[n + 2 :], word, st.integers(1, 3)
    )
    word = st.one_of(word, word, word, misspelt)
    run = st.builds(lambda words, n: " ".join(words[:n]), stretch, st.integers(2, 5))
    asked = st.builds("{} {}؟".format, st.sampled_from(["كم يبلغ عدد", "ما معنى", "ماذا نقصد ب", "في أي عام"]), run)
    mixed = st.lists(word, min_size=2, max_size=7).map(" ".join)
    few = st.one_of(
        st.builds(lambda words, n: " ".join(words[:n]), stretch, st.integers(1, 4)),
        st.builds(lambda words, n: " ".join(words[n::-1]), stretch, st.integers(1, 3)),
        st.lists(word, min_size=2, max_size=3).map(" ".join),
    )
    leaf = st.one_of(
        word,
        run,
        asked,
        mixed,
        st.builds("{}{}".format, st.sampled_from(["=", "جذر:", "body:", "title:", "body:="]), word),
        st.builds('{}"{}"'.format, st.sampled_from(["", "=", "~", "title:", "body:"]), few),
        st.builds('{} {}"{}"'.format, word, st.sampled_from(["", "", "~", "+"]), few),
        # ﷺ shares its positions with other words; the vectorised search counts those only for pairs of words.
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


options = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["auto", "all", "any"]),
        "match": st.sampled_from([None, None, None, "word", "normalised", "surface", "vocalised", "root"]),
        "filters": st.sampled_from(FILTERS),
        "recency": st.sampled_from([None, None, "12h", "30d", "1y"]),
        "correct": st.booleans(),
    }
)
pages = st.one_of(
    st.sampled_from([(10_000, 0), (10, 0), (1, 0), (3, 4)]), st.tuples(st.integers(0, 100), st.integers(0, 100))
)


def reference_answers(index: arsearch.Index, text: str, limit: int, chosen: dict[str, Any]) -> list[Answer]:
    """Return all answers of the reference search, where pages have `limit` hits."""
    searcher = view_of(index)
    return reference_search(
        searcher.reader,
        searcher.analyzer,
        searcher.ranking,
        text,
        mode=chosen["mode"],
        match=chosen["match"] and read_level(chosen["match"]),
        filters=chosen["filters"],
        recency=read_recency(chosen.get("recency")),
        respell=searcher.respell if chosen.get("correct") else None,
        enough=max(10, limit),
    )


def assert_same_page(index: arsearch.Index, text: str, page: tuple[int, int], chosen: dict[str, Any]) -> None:
    """Assert that a page of the vectorised search equals the page of the reference search."""
    assert_page_of(reference_answers(index, text, page[0], chosen), index, text, page, chosen)


def assert_page_of(
    answers: Sequence[Answer], index: arsearch.Index, text: str, page: tuple[int, int], chosen: dict[str, Any]
) -> None:
    """Assert that a page of the vectorised search equals the page of the reference's `answers`."""
    limit, offset = page
    for form in both_forms(index):
        results = index.search(text, limit=limit, offset=offset, **{"correct": False, **chosen})
        assert (results.total_complete, results.total) == (sum(a.complete for a in answers), len(answers)), form
        assert len(results) == len(answers[offset : offset + limit])
        assert_same_hits(view_of(index), results, answers, offset)


def assert_same_hits(
    searcher: EmbeddedView, results: arsearch.SearchResults, answers: Sequence[Answer], offset: int
) -> None:
    """Assert that the hits of a page have the scores and the order of the reference's `answers` from `offset` on."""
    scores = {answer.doc: answer for answer in answers}
    docs = [searcher.reader.find(hit.id) for hit in results]
    assert len(set(docs)) == len(docs)
    for hit, doc, placed in zip(results, docs, answers[offset:], strict=False):
        own = scores[doc]
        assert math.isclose(hit.score, own.score, rel_tol=CLOSE, abs_tol=1e-9), (hit, own)
        # The rank is right if the score is that of the answer at the same rank of the reference search.
        assert math.isclose(hit.score, placed.score, rel_tol=CLOSE, abs_tol=1e-9), (hit, placed)
        assert hit.complete == own.complete == placed.complete
    for (one, doc), (other, after) in pairwise(zip(results, docs, strict=True)):
        assert (one.complete, one.score) != (other.complete, other.score) or doc < after, (
            "ties are in the order of adding"
        )


@pytest.fixture(scope="module")
def index(samples: list[dict[str, Any]]) -> Iterator[arsearch.Index]:
    with three_segments(samples) as made:
        yield made


@pytest.fixture(scope="module")
def tiny_index() -> Iterator[arsearch.Index]:
    with three_segments(tiny()) as made:
        yield made


@examples(200)
@given(text=st.deferred(lambda: queries(words_of(tiny(), 1))), page=pages, chosen=options)
def test_the_searches_agree_on_short_articles(
    tiny_index: arsearch.Index, text: str, page: tuple[int, int], chosen: dict[str, Any]
) -> None:
    assert_same_page(tiny_index, text, page, chosen)


def sample_queries() -> st.SearchStrategy[str]:
    lines = (EXAMPLES / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return queries(words_of([json.loads(line) for line in lines], 1))


@examples(40)
@given(text=st.deferred(sample_queries), page=pages, chosen=options)
def test_the_searches_agree_on_the_sample_articles(
    index: arsearch.Index, text: str, page: tuple[int, int], chosen: dict[str, Any]
) -> None:
    assert_same_page(index, text, page, chosen)


def test_the_searches_agree_on_the_sample_queries(index: arsearch.Index, examples: Path) -> None:
    lines = (examples / "queries.tsv").read_text(encoding="utf-8").splitlines()
    modes = ("auto", "all", "any")
    for number, text in enumerate(line.split("\t")[0] for line in lines if not line.startswith("#")):
        for mode in modes if LONG else (modes[number % 3],):
            assert_same_page(index, text, (10, 0), {"mode": mode, "match": None, "filters": {}})


@cache
def news() -> list[dict[str, Any]]:
    """Return a sample of the news articles."""
    with lzma.open(Path(os.environ["ARSEARCH_DATA"]) / "news" / "docs.jsonl.xz", "rt", encoding="utf-8") as lines:
        return random.Random(3).sample([json.loads(line) for line in islice(lines, 4000)], 300)


def news_queries() -> st.SearchStrategy[str]:
    topics = (Path(os.environ["ARSEARCH_DATA"]) / "news" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return st.one_of(st.sampled_from([json.loads(line)["text"] for line in topics]), queries(words_of(news(), 2)))


@pytest.fixture(scope="module")
def news_index(data: Path) -> Iterator[arsearch.Index]:
    with three_segments(news()) as made:
        yield made


@examples(15)
@given(text=st.deferred(news_queries), page=pages, chosen=options)
def test_the_searches_agree_on_news(
    news_index: arsearch.Index, text: str, page: tuple[int, int], chosen: dict[str, Any]
) -> None:
    assert_same_page(news_index, text, page, chosen)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (Term("body", "الحرس"), "body:=الحرس"),
        (Term("title", "الثوري"), "title:=الثوري"),
        (And([Term("body", "الحرس"), Term("body", "الثوري")]), "body:=الحرس AND body:=الثوري"),
        (Or([Term("body", "مياه"), Term("body", "السدود")]), "body:=مياه OR body:=السدود"),
        (Or([Term("body", "هذا"), Term("title", "من"), Term("body", "على")]), "body:=هذا OR title:=من OR body:=على"),
        (Term("body", "لاشيءكهذا"), "body:=لاشيءكهذا"),
    ],
    ids=str,
)
def test_stock_queries_score_like_queries_of_one_level(theirs: Any, ours: str, index: arsearch.Index) -> None:
    searcher = view_of(index)

    scores = stock_matches(searcher.reader, searcher.analyzer, searcher.ranking, theirs)

    expected = {searcher.reader.find(hit.id): hit.score for hit in index.search(ours, limit=10_000)}
    assert scores == pytest.approx(expected, rel=CLOSE)


def test_the_top_ten_of_whoosh_are_the_first_ten_of_all(index: arsearch.Index) -> None:
    # Whoosh skips documents that cannot reach the top ten, by the quality bounds of our matchers.
    searcher = view_of(index)
    with whoosh_searcher(searcher.reader, searcher.analyzer, weighting=Weighting(searcher.ranking)) as stock:
        for query in (
            Or([Term("body", "في"), Term("title", "من")]),
            And([Term("body", "في"), Term("body", "من")]),
            Phrase("body", ["الحرس", "الثوري"]),
        ):
            every = list(stock.search(query, limit=None).items())
            assert list(stock.search(query, limit=10).items()) == every[:10]
            assert len(every) > 10 or isinstance(query, Phrase)


@contextmanager
def methods_for_large_indexes() -> Iterator[None]:
    """Search a small index by the methods that are for a million articles."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in LARGE_INDEX_LIMITS:
            patch.setattr(module, name, value)
        yield


@pytest.fixture(scope="module")
def large_index() -> Iterator[arsearch.Index]:
    """An index of its own: it keeps the scores of recent words, which depend on the method."""
    with three_segments(tiny()) as made:
        yield made


@examples(100)
@given(text=st.deferred(lambda: queries(words_of(tiny(), 1))), page=pages, chosen=options)
def test_the_searches_agree_on_the_methods_for_large_indexes(
    large_index: arsearch.Index, text: str, page: tuple[int, int], chosen: dict[str, Any]
) -> None:
    with methods_for_large_indexes():
        assert_same_page(large_index, text, page, chosen)


def test_articles_with_all_words_are_hits_however_low_they_score() -> None:
    rows = [{"id": str(n), "body": ("نفط ", "سفر ", "بحر سفر ")[n % 3] * 4} for n in range(60)]
    rows.append({"id": "all", "body": "نفط سفر بحر " + "كلام " * 900})
    ranking = arsearch.Ranking(pair_weight=0)
    with methods_for_large_indexes(), arsearch.open(":memory:", create=True, ranking=ranking) as index:
        index.add(rows)
        for text in ("نفط سفر", "بحر نفط سفر") * 3:  # read, then cached, then read from the cache
            for page in ((1, 0), (3, 0), (2, 1)):
                assert_same_page(index, text, page, {"mode": "auto", "match": "stem", "filters": {}})


@pytest.mark.parametrize("mode", ["all", "any", "auto"])
@pytest.mark.parametrize("text", ["في وزير", "في", "في من وزير كتاب", "+في كتاب", "وزير OR كتاب"])
def test_pages_of_any_length_are_complete(large_index: arsearch.Index, text: str, mode: str) -> None:
    # Thresholds come from samples of 8 scores: those of pages that are longer must leave nothing out.
    with methods_for_large_indexes():
        for limit in (1, 7, 8, 9, 20, 40, 63, 64, 65, 79, 80, 81, 10_000, 10**400):
            chosen = {"mode": mode, "match": "word", "filters": {}}
            answers = reference_answers(large_index, text, limit, chosen)
            for offset in (0, 1, 8, 70):
                assert_page_of(answers, large_index, text, (limit, offset), chosen)
