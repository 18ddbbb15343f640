"""The index agrees with its definition: a dict of articles that is read anew for each query."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.proclitics import proclitic_variants
from arsearch.analyzers.tokens import Term

ANALYZER = ArabicAnalyzer()
WORDS = [
    *("كتاب", "الكتاب", "وبالكتاب", "كِتَابٌ", "وزير", "والوزراء", "مدرسة", "المدرسه", "علي", "على", "عليه", "ابن"),
    *("عبدالله", "عبد", "الله", "محمد", "ﷺ", "#يوم_الكتاب", "يوم", "COVID-19", "covid", "19", "3.5", "455هـ"),
]
PLAIN = ["كتاب", "وزير", "مدرسة", "محمد", "يوم", "علي"]
Row = Mapping[str, Any]
Rows = Mapping[str, Row]

texts = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
articles = st.fixed_dictionaries(
    {"id": st.integers(0, 9).map(str), "body": texts.map("نص {}".format)},
    optional={
        "title": texts,
        "source": st.sampled_from("أبج"),
        "tags": st.lists(st.sampled_from(["س", "ص", "س ع"]), max_size=3),
        "date": st.sampled_from(["2014-01-31", "2014-02-01", "2015-02-01"]),
        "volume": st.sampled_from([-1, 0, 2**60, 2**60 + 1]),
    },
)
steps = st.one_of(
    st.tuples(st.just("add"), st.lists(articles, min_size=1, max_size=6), st.sampled_from([0, 10**9])),
    st.tuples(st.just("delete"), st.integers(0, 9).map(str), st.none()),
    st.tuples(st.just("optimize"), st.none(), st.none()),
)
sessions = st.lists(steps, min_size=1, max_size=6)


def replay(session: Iterable[tuple[str, Any, Any]]) -> tuple[arsearch.Index, dict[str, Row]]:
    """Return an index after a session of changes, and the articles that it should have, in order."""
    index = arsearch.open(":memory:", create=True, analyzer=ANALYZER, fields={"volume": "int"})
    rows: dict[str, Row] = {}
    for kind, argument, memory_limit in session:
        if kind == "add":
            index.add(argument, memory_limit=memory_limit)
            for row in argument:
                rows.pop(row["id"], None)
                rows[row["id"]] = row
        elif kind == "delete":
            assert index.delete(argument) == (rows.pop(argument, None) is not None)
        else:
            index.optimize()
    return index, rows


def terms_by_position(row: Row, field: str) -> dict[int, list[Term]]:
    """Return the terms at each position of a field."""
    found = defaultdict(list)
    for token in ANALYZER.analyze(row.get(field, "")):
        found[token.position].append(token.term)
    return found


def parts(words: Iterable[str]) -> list[tuple[int, Term]]:
    """Return the terms of the words with their positions in the phrase."""
    found: dict[int, Term] = {}
    place = 0
    for form in map(ANALYZER.form, words):
        found.update({place + term.offset: term for term in form.terms})
        place += form.width
    return sorted(found.items())


def holds(row: Row, words: Iterable[str], key: str = "stem") -> bool:
    """Return whether title or body has the words in a row, equal by `key`."""
    wanted = parts(words)
    return any(
        all(
            any(getattr(term, key) == getattr(other, key) for term in terms.get(start + place, ()))
            for place, other in wanted
        )
        for terms in (terms_by_position(row, "title"), terms_by_position(row, "body"))
        for start in terms
    )


def near(row: Row, words: Iterable[str], slop: int) -> bool:
    """Return whether title or body has all words at different positions of a window, in order if `slop` is 1."""
    wanted = parts(words)
    width = wanted[-1][0] - wanted[0][0] + slop
    for terms in (terms_by_position(row, "title"), terms_by_position(row, "body")):
        columns = [
            [p for p in terms if any(term.normalised in proclitic_variants(other.normalised) for term in terms[p])]
            for _, other in wanted
        ]
        for chosen in product(*columns):
            ordered = slop > 1 or list(chosen) == sorted(chosen)
            if ordered and len(set(chosen)) == len(chosen) and max(chosen) - min(chosen) <= width:
                return True
    return False


def ids_with(rows: Rows, word: str) -> set[str]:
    return {id for id, row in rows.items() if holds(row, [word])}


def found(index: arsearch.Index, text: str, **options: Any) -> set[str]:
    """Return the ids of all hits, which must have spans."""
    results = index.search(text, limit=100, **options)
    assert results.total == len(results)
    assert all(hit.spans for hit in results)
    return {hit.id for hit in results}


@settings(max_examples=30)
@given(sessions)
def test_an_index_has_the_articles_that_were_added_last(session: Any) -> None:
    index, rows = replay(session)

    assert [article.id for article in index] == list(rows)
    assert [article.body for article in index] == [row["body"] for row in rows.values()]
    assert len(index) == len(rows)
    assert [id for id in map(str, range(10)) if index.get(id)] == sorted(rows)
    assert index.check() == []


@settings(max_examples=30)
@given(
    sessions, st.sampled_from(WORDS), st.lists(st.sampled_from(PLAIN[:3]), min_size=2, max_size=3), st.integers(1, 3)
)
def test_words_and_phrases_are_found_where_they_occur(session: Any, word: str, words: list[str], slop: int) -> None:
    index, rows = replay(session)
    phrase = " ".join(words)

    assert found(index, word, mode="all") == ids_with(rows, word)
    for key in ("normalised", "stem"):
        assert found(index, f'{"~" if key == "stem" else "="}"{phrase} {word}"', mode="all") == {
            id for id, row in rows.items() if holds(row, [*words, word], key)
        }
    assert found(index, f'"{phrase}"~{slop}', mode="all") == {id for id, row in rows.items() if near(row, words, slop)}


@settings(max_examples=30)
@given(sessions, *[st.sampled_from(PLAIN)] * 3)
def test_operators_are_set_operations(session: Any, one: str, two: str, three: str) -> None:
    index, rows = replay(session)
    a, b, c, everything = ids_with(rows, one), ids_with(rows, two), ids_with(rows, three), set(rows)

    for text, expected in {
        f"{one} AND {two}": a & b,
        f"{one} | {two}": a | b,
        f"+{one} NOT {two}": a - b,
        f"({one} | {two}) AND {three}": (a | b) & c,
        f"{one} AND NOT ({two} AND {three})": a - (b & c),
        f"{one} OR NOT {two}": a | (everything - b),
        f"{one} OR (NOT {two} AND NOT {three})": a | (everything - b - c),
        f"* AND NOT {one}": everything - a,
        f"* -{one}": everything - a,
    }.items():
        results = index.search(text, limit=100, mode="all")
        assert ({hit.id for hit in results}, results.total) == (expected, len(expected)), text


@settings(max_examples=30)
@given(
    sessions, st.lists(st.sampled_from(PLAIN), min_size=1, max_size=4), st.sampled_from([{}, {"source": ["أ", "ب"]}])
)
def test_pages_totals_facets_and_orders_are_correct(session: Any, words: list[str], filters: Any) -> None:
    index, rows = replay(session)
    allowed = {id: row for id, row in rows.items() if not filters or row.get("source") in filters["source"]}
    each = [ids_with(allowed, word) for word in words]
    complete = set.intersection(*each)
    expected = complete if len(complete) >= 10 else set.union(*each)  # up to four words: one of them is enough
    counted = [allowed[id] for id in allowed if id in (complete or expected)]
    order = list(rows)

    results = index.search(" ".join(words), limit=100, filters=filters, facets=["source", "tags", "month", "volume"])

    assert {hit.id for hit in results} == expected
    assert {hit.id for hit in results if hit.complete} == complete
    assert (results.total_complete, results.total) == (len(complete), len(expected))
    ranks = [(not hit.complete, -hit.score, order.index(hit.id)) for hit in results]
    assert ranks == sorted(ranks)
    assert results.facets == {
        "source": Counter(row["source"] for row in counted if "source" in row),
        "tags": Counter(tag for row in counted for tag in set(row.get("tags", ()))),
        "month": Counter(row["date"][:7] for row in counted if "date" in row),
        "volume": Counter(str(row["volume"]) for row in counted if "volume" in row),
    }
    for sort in ("date", "-date", "volume", "-volume"):
        name = sort.removeprefix("-")
        with_value = sorted((row for row in counted if name in row), key=lambda row: order.index(row["id"]))
        with_value.sort(key=lambda row: row[name], reverse=sort != name)
        without = sorted((row["id"] for row in counted if name not in row), key=order.index)
        pages = [
            index.search(" ".join(words), limit=3, offset=at, filters=filters, sort=sort) for at in range(0, 12, 3)
        ]
        assert [hit.id for page in pages for hit in page] == [row["id"] for row in with_value] + without
    best: dict[object, str] = {}
    for hit in results:
        best.setdefault(hit.article.source or hit.id, hit.id)
    collapsed = index.search(" ".join(words), limit=100, filters=filters, collapse="source")
    assert [hit.id for hit in collapsed] == list(best.values())
