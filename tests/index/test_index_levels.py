"""The levels stricter than normalised: exact in every segment, ranked first, and marked as they match."""

from __future__ import annotations

import itertools
import json
import lzma
import math
from itertools import islice
from pathlib import Path

import pytest
from embedded import reader_of
from hypothesis import given, settings
from hypothesis import strategies as st
from long_runs import LONG

import arsearch
from arsearch import Level

WRITTEN = {
    "hamza": "أحمد",
    "bare": "احمد",
    "fatha": "أَحمد",
    "damma": "أُحمد",
    "tatweel": "أحـــمد",
    "clitic": "وأحمد",
    "heh": "مدرسه",
    "teh": "مدرسة",
    "shadda": "مدرّسة",
    "joined": "عبدالله",
    "apart": "عبد الله",
    "marked": "عَبدالله",
}
ROWS = [
    ("أحمد", "surface", "hamza fatha damma tatweel"),
    ("احمد", "surface", "bare"),
    ("أَحمد", "surface", "hamza fatha damma tatweel"),
    ("أَحمد", "vocalised", "fatha"),
    ("أحمد", "vocalised", "hamza fatha damma tatweel"),
    ("أحمد", "normalised", "hamza bare fatha damma tatweel"),
    ("=أحمد", None, "hamza fatha damma tatweel"),
    ("=أَحمد", None, "fatha"),
    ("=أَحمد", "surface", "fatha"),
    ("=أِحمد", None, ""),
    ("=مدرسه", None, "heh"),
    ("=مدرسة", None, "teh shadda"),
    ("=مدرّسة", None, "shadda"),
    ("=عبدالله", None, "joined apart marked"),
    ("=عَبدالله", None, "marked"),
    ('="قال أحمد"', None, "hamza fatha damma tatweel"),
    ('="قال أَحمد"', None, "fatha"),
    ('="قال أحمد"~1', None, "hamza fatha damma tatweel"),
    ('"قال أحمد"', "surface", "hamza fatha damma tatweel"),
    ('"قال أحمد"', "normalised", "hamza bare fatha damma tatweel"),
    ('~"قال أحمد"', "surface", "hamza bare fatha damma tatweel clitic"),
    ("=أحمد OR =مدرسه", None, "hamza fatha damma tatweel heh"),
    ("قال -=أحمد", None, "bare clitic heh teh shadda joined apart marked"),
]


@pytest.fixture(scope="module", params=["one segment", "several", "merged"])
def names(request: pytest.FixtureRequest) -> arsearch.Index:
    """Each surface form in an article of its own, in some indexes next to deleted articles."""
    rows = [{"id": name, "body": f"قال {word} ذلك"} for name, word in WRITTEN.items()]
    index = arsearch.open(":memory:", create=True)
    if request.param == "one segment":
        index.add(rows)
        return index
    deleted = [{"id": f"deleted {n}", "body": f"قال {word} {word} أَحمد"} for n, word in enumerate(WRITTEN.values())]
    for at in range(0, len(rows), 4):  # each segment has another most frequent form
        index.add([*deleted[at : at + 4], *rows[at : at + 4]])
    index.delete([row["id"] for row in deleted])
    if request.param == "merged":
        index.optimize()
    return index


@pytest.mark.parametrize(("query", "match", "expected"), ROWS, ids=[f"{query}-{match}" for query, match, _ in ROWS])
def test_a_level_finds_and_marks_its_forms(query: str, match: str | None, expected: str, names: arsearch.Index) -> None:
    results = names.search(query, match=match, limit=100)

    assert {hit.id for hit in results} == set(expected.split())
    if "-" in query or query.startswith("~"):
        return
    for hit in results:
        floor = Level[match.upper()] if match else Level.SURFACE
        assert hit.level is not None
        assert hit.level >= min(floor, Level.SURFACE)


def test_every_segment_stores_surface_forms(names: arsearch.Index) -> None:
    assert names.check() == []
    (segment, *_) = reader_of(names).segments
    reader = segment.surface_forms("body")
    assert reader is not None
    assert reader.surface_forms(segment.postings("body", "normalised").terms.find("احمد"))  # type: ignore[union-attr]


def test_harakat_in_a_query_rank_compatible_readings_higher(names: arsearch.Index) -> None:
    plain = {hit.id: hit.score for hit in names.search("أحمد")}
    marked = {hit.id: hit.score for hit in names.search("أَحمد")}

    assert set(marked) == set(plain)
    assert max(marked, key=marked.__getitem__) == "fatha"
    assert {id for id in plain if marked[id] > plain[id]} == {"fatha"}
    ranking = arsearch.Ranking()
    (word,) = names.explain("أَحمد", "fatha").words
    bonus, idf = word.lists[0].score, word.lists[0].idf
    assert word.lists[0].kind == "vocalised"
    assert 0 < bonus < ranking.vocalised_weight * (ranking.k1 + 1) * idf
    assert math.isclose(marked["fatha"] - plain["fatha"], bonus, rel_tol=1e-4)


ROOTS = {"book": "كتاب", "library": "مكتبة", "writer": "الكاتب", "lesson": "درس", "school": "مدرسة", "name": "فيسبوك"}
"""Articles of one word; `name` is a word without a root."""


@pytest.mark.parametrize(
    ("query", "match", "complete", "related"),
    [
        ("كتاب", None, "book", "library writer"),
        ("كتاب", "root", "book library writer", ""),
        ("كتاب", "stem", "book", ""),
        ("جذر:كتب", None, "book library writer", ""),
        ("جذر:مكتبة", None, "book library writer", ""),
        ("جذر:(كتب درس)", None, "", ""),
        ("جذر:كتب OR جذر:درس", None, "book library writer lesson school", ""),
        ("كتاب OR درس", None, "book lesson", "library writer school"),
        ("كتاب OR فيسبوك", None, "book name", "library writer"),
        ("فيسبوك", None, "name", ""),
        ("فيسبوك", "root", "name", ""),
        ("يكتب", None, "", "book library writer"),
        ("يكتب", "root", "book library writer", ""),
        ("يكتب", "stem", "", ""),
        ("=يكتب", None, "", ""),
        ("body:يكتب", None, "", ""),
        ("تويتر", None, "", ""),
        ("كتاب -جذر:درس", None, "book", "library writer"),
        ("كتاب -مكتبة", None, "book", "writer"),
        ("ذلك", None, "book library writer lesson school name", ""),
    ],
)
def test_words_of_the_root_come_last_and_are_not_complete(
    query: str, match: str | None, complete: str, related: str
) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": name, "body": f"قال {word} ذلك"} for name, word in ROOTS.items()])
        results = index.search(query, match=match, mode="all")

    assert {hit.id for hit in results if hit.complete} == set(complete.split())
    assert {hit.id for hit in results if not hit.complete} == set(related.split())
    assert [hit.complete for hit in results] == sorted([hit.complete for hit in results], reverse=True)
    assert (results.total_complete, results.total) == (len(complete.split()), len((complete + " " + related).split()))
    widened = "no article has these words; other words of the same roots were searched" in results.notes
    assert widened == (bool(related) and not complete)
    assert all(hit.level is Level.ROOT for hit in results if not hit.complete)
    assert all(hit.snippet.spans for hit in results)


def test_an_unknown_root_has_a_note() -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "body": "كتب في يوتيوب"}])

        results = index.search("جذر:يوتيوب")

    assert [hit.id for hit in results] == ["1"]
    assert results.notes == ("no root of 'يوتيوب' is known; it was looked up by its stem",)


# A query word, and the forms it matches, the strictest first.
CHAINS = [
    ("كِتاب", ["كِتاب", "كتاب", "كُتاب", "وكتاب", "كتابهم"]),
    ("أحمد", ["أَحمد", "أحمد", "احمد", "وأحمد", "لأحمد"]),
    ("مُهندسة", ["مُهندسة", "مهندسة", "مهندسه", "والمهندسة", "مهندسون"]),
    ("الوزير", ["الوزيرُ", "الوزير", "وزير", "وزيرهم"]),
]
SAME_ROOT = {"كِتاب": "مكتبة", "مُهندسة": "هندسة", "الوزير": "وزارة"}
fillers = st.lists(st.sampled_from(["قال", "كتاب", "في", "أحمد", "مهندس", "نص", "وزير", "كِتاب"]), max_size=6)


@settings(max_examples=60)
@given(
    chain=st.sampled_from(CHAINS),
    before=fillers,
    after=fillers,
    others=st.lists(fillers, max_size=4),
    title=st.booleans(),
    beside=st.sampled_from(["", " نص", " قال"]),
    match=st.sampled_from([None, "root"]),
)
def test_a_stricter_match_scores_no_less_in_an_otherwise_equal_article(
    chain: tuple[str, list[str]],
    before: list[str],
    after: list[str],
    others: list[list[str]],
    title: bool,
    beside: str,
    match: str | None,
) -> None:
    query, words = chain
    if query in SAME_ROOT:
        words = [*words, SAME_ROOT[query]]
    analyzer = arsearch.ArabicAnalyzer()
    field = "title" if title else "body"
    rows = [{"id": str(n), field: " ".join([*before, word, *after])} for n, word in enumerate(words)]
    rows += [{"id": f"other {n}", "body": " ".join(["خبر", *other])} for n, other in enumerate(others)]
    with arsearch.open(":memory:", create=True, analyzer=analyzer) as index:
        index.add(rows)
        scores = {hit.id: hit.score for hit in index.search(query + beside, mode="any", match=match, limit=100)}

    found = [scores[str(n)] for n in range(len(words))]
    assert all(one >= other * (1 - 1e-6) for one, other in itertools.pairwise(found)), (query, found)


def test_levels_are_nested_partitions_of_the_forms_of_the_news(data: Path) -> None:
    pieces: set[str] = set()
    with lzma.open(data / "news" / "docs.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, None if LONG else 5000):
            article = json.loads(line)
            pieces.update(article["title"].split(), article["body"].split())
    analyzer = arsearch.ArabicAnalyzer()
    forms = {word for piece in pieces for word in analyzer.tokenizer.words(piece)}
    assert len(forms) > (300_000 if LONG else 100_000)
    looser: list[dict[str, str]] = [{}, {}, {}]
    for form in forms:
        for term in analyzer.form(form).terms:
            keys = (term.surface, term.normalised, term.word, term.stem)
            for table, strict, loose in zip(looser, keys, keys[1:], strict=False):
                assert table.setdefault(strict, loose) == loose, (form, term)
