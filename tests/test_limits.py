"""Bounded work: every query and input has limits, and a note or problem reports omissions."""

from __future__ import annotations

import gzip
import json
import lzma
import random
import time
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.errors import QueryError
from arsearch.index.codec import stored_fields as stored
from arsearch.index.reader import segment_postings
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.view import EmbeddedView
from arsearch.readers import lines, read_articles, streams
from arsearch.suggest.candidates import Candidate, CandidateGenerator

LETTERS = "ابتثجحدرسعفقكلمنهوي"
SLOW = 20.0
"""Seconds. No test takes as long, even on a machine that is ten times as busy; a hang takes longer."""


def words(count: int, seed: int = 1) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices(LETTERS, k=chance.randint(3, 7))) for _ in range(count)]


@pytest.fixture(scope="module")
def library() -> Iterator[arsearch.Index]:
    """An index of 5,000 different words, some of them in many articles."""
    vocabulary = words(5000)
    with arsearch.open(":memory:", create=True) as index:
        index.add(
            {"id": str(n), "body": " ".join(["كتاب وزير", *vocabulary[n::200], *vocabulary[: n % 40]])}
            for n in range(200)
        )
        yield index


# Queries

HUGE = {
    "words": " ".join(words(170_000)),
    "one_word": "".join(random.Random(2).choices(LETTERS, k=1_000_000)),
    "quotes": '"' * 1_000_000,
    "open": "(" * 1_000_000,
    "stars": "*" * 1_000_000,
    "prefixes": "ا* " * 300_000,
    "all_prefixes": " ".join(f"{a}{b}*" for a in LETTERS for b in LETTERS),
    "infixes": " ".join(f"*{a}*{b}*" for a in LETTERS for b in LETTERS),
    "questions": "?*?*?*",
    "long_prefix": "".join(random.Random(3).choices(LETTERS, k=90_000)) + "*",
    "many_stars": "*".join(random.Random(4).choices(LETTERS, k=50_000)),
    "a_star_too_many": "*" + "ا*" * 127,
    "long_fuzzy": "".join(random.Random(5).choices(LETTERS, k=90_000)) + "~2",
    "fuzzies": " ".join(f"{word}~2" for word in words(1000)),
    "or": "كتاب OR " * 120_000,
    "not": "NOT " * 250_000,
    "fields": "title:" * 160_000,
    "phrase": '"' + "كتاب " * 190_000 + '"',
    "nested": "(" * 10_000 + "كتاب" + ")" * 10_000,
    "nested_not": "(NOT " * 10_000 + "كتاب" + ")" * 10_000,
    "controls": "ك\u200f\u202e " * 250_000,
}


@pytest.mark.parametrize("kind", HUGE)
def test_a_query_of_a_megabyte_is_answered(kind: str, library: arsearch.Index) -> None:
    start = time.process_time()

    results = library.search(HUGE[kind], timeout=2.0)

    json.dumps(results.to_dict())
    assert time.process_time() - start < SLOW
    assert results.notes or kind in ("questions", "infixes", "all_prefixes", "a_star_too_many", "fuzzies")


PATTERNS = ["ا*", "ا?*", "*تب*", "بتث~2"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_expands_to_the_most_frequent_words_with_a_note(pattern: str, library: arsearch.Index) -> None:
    whole = library.search(pattern, limit=500, max_expansions=None)
    cut = library.search(pattern, limit=500, max_expansions=3)

    assert not any("commonest" in note for note in whole.notes)
    assert any(f"{pattern!r} matches many words; the 3 most frequent were searched" in note for note in cut.notes)
    assert {hit.id for hit in cut} < {hit.id for hit in whole}
    assert cut.total >= whole.total / 40
    again = library.search(pattern, limit=500, max_expansions=3)
    assert (again.notes, again.total) == (cut.notes, cut.total)
    assert library.search(pattern, limit=500).total == whole.total


@pytest.mark.parametrize("query", ["* -ا*", "* NOT ا*", "كتاب AND NOT *ا*", "كتاب -(ا* | ب*)"])
def test_an_excluded_pattern_is_never_truncated(query: str, library: arsearch.Index) -> None:
    exact = library.search(query, limit=500, max_expansions=None)

    assert {hit.id for hit in library.search(query, limit=500, max_expansions=1)} == {hit.id for hit in exact}


SLOW_QUERIES = [
    "كتاب وزير", "+كتاب +وزير", "كتاب -وزير", "* -وزير", "كتاب AND NOT *ا*", "ا* ب* ت*", "(كتاب | وزير) AND (ا* | ب*)",
    "كتاب OR NOT ا*", '"كتاب وزير" -ا*', "كتاب~1 NOT (وزير NOT ا*)", "كتاب -(وزير -ا*)",
]  # fmt: skip


@pytest.mark.parametrize("mode", ["all", "any", "auto"])
@pytest.mark.parametrize("query", SLOW_QUERIES)
def test_when_time_runs_out_hits_are_missing_and_none_is_wrong(
    query: str, mode: Any, library: arsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment_postings, "_RUN_POSTINGS", 40)  # patterns are looked up in many runs
    exact = {hit.id for hit in library.search(query, limit=500, mode="any" if mode == "auto" else mode)}
    outcomes = []
    for checks in range(12):
        left = iter(range(checks))

        def in_time(self: SearchBudget, left: Iterator[int] = left) -> bool:
            self.timed_out = self.timed_out or next(left, None) is None
            return not self.timed_out

        monkeypatch.setattr(SearchBudget, "in_time", in_time)
        session = library._session()
        assert isinstance(session.view, EmbeddedView)
        view = EmbeddedView(session.view.reader, session.view.analyzer, session.view.ranking)  # with an empty cache
        view.forget_scores()
        results = arsearch.Snapshot(session._replace(view=view)).search(query, limit=500, mode=mode, timeout=1e9)
        noted = any("time ran out" in note for note in results.notes)
        outcomes.append(noted)
        assert {hit.id for hit in results} <= exact
        assert noted or mode == "auto" or {hit.id for hit in results} == exact
    assert outcomes[0]
    assert outcomes == sorted(outcomes, reverse=True)


@pytest.mark.parametrize(
    "options",
    [{"timeout": -1}, {"timeout": "5"}, {"max_expansions": 0}, {"max_expansions": 2.5}, {"max_expansions": True}],
)
def test_limits_are_checked(options: dict[str, Any], library: arsearch.Index) -> None:
    with pytest.raises(QueryError, match=next(iter(options))):
        library.search("كتاب", **options)


# Corrections and completions

LONG = 10_000
"""The characters of a text: more than are corrected, and few enough for a machine to survive quadratic work."""
UNKNOWN = words(2000, seed=7)


def repeated(text: str) -> str:
    return (text * (LONG // len(text) + 1))[:LONG]


LONG_TEXTS = {
    "arabic": "".join(random.Random(8).choices(LETTERS, k=LONG)),
    "latin": "x" * LONG,
    "capitals": "X" * LONG,
    "digits": "7" * LONG,
    "letters_and_digits": repeated("a1"),
    "scripts_mixed": repeated("كa1"),
    "astral": "\U00010400" * LONG,
    "marks_alone": "\u064e" * LONG,
    "marks_in_a_word": "كتا" + "\u064e" * LONG + "بب",
    "tatweel_alone": "ـ" * LONG,
    "tatweel_in_a_word": "كتا" + "ـ" * LONG + "بب",
    "dashes": repeated("ab-"),
    "hashtag": "#" + repeated("كتابب_"),
    "honorifics": "ﷺ" * LONG,
    "ideographs": "中" * LONG,
    "glued_words": "".join(words(LONG // 5)),
    "known_words": " ".join(words(LONG // 6)),
    "a_misspelling_before_known_words": "كتابب " + " ".join(words(LONG // 6)),
    "unknown_words": " ".join(UNKNOWN),
    "nearly_known_words": " ".join(f"{word}ا" for word in words(LONG // 6)),
    "quoted_words": '"' + " ".join(UNKNOWN) + '"',
    "a_long_word_in_quotes": '"كتاب ' + "".join(random.Random(9).choices(LETTERS, k=LONG)) + '"',
    "long_words": " ".join("".join(random.Random(n).choices(LETTERS, k=LONG // 20)) for n in range(20)),
    "a_long_word_before_a_misspelling": "x" * LONG + " كتابب",
    "a_long_word_after_a_misspelling": "كتابب " + "x" * LONG,
    "other_keyboard_in_latin": repeated("hgpvs hge,vd "),
    "other_keyboard_in_arabic": repeated("ؤخرهي "),
    "other_keyboard_in_one_word": repeated("hgpvs"),
    "spaces": "كتابب" + " " * LONG + "وزيرر",
    "operators": repeated("كتابب OR "),
    "brackets": repeated("(كتابب "),
    "a_field": "title:" + "x" * LONG,
}


@pytest.mark.parametrize("kind", LONG_TEXTS)
def test_the_work_of_a_correction_is_bounded(
    kind: str, library: arsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []
    analysed: list[int] = []
    look_up, affinity = CandidateGenerator.look_up, CandidateGenerator.pointwise_mutual_information

    def counted_look_up(self: CandidateGenerator, terms: Iterable[str], *level: str) -> None:
        wanted = list(terms)
        looked_up.extend(wanted)
        look_up(self, wanted, *level)

    def counted_affinity(self: CandidateGenerator, texts: Sequence[str]) -> list[float]:
        analysed.extend(map(len, texts))
        return affinity(self, texts)

    monkeypatch.setattr(CandidateGenerator, "look_up", counted_look_up)
    monkeypatch.setattr(CandidateGenerator, "pointwise_mutual_information", counted_affinity)

    found = library.correct(LONG_TEXTS[kind])

    assert len(looked_up) <= 4_000, "1,024 words of the query, and the lookalikes of 16"
    assert sum(analysed) <= 50_000, "some 40 proposals of 1,000 characters"
    assert all(query.endswith(LONG_TEXTS[kind][1_000:]) for query in found.queries)


@pytest.mark.parametrize("kind", LONG_TEXTS)
def test_a_search_corrects_a_few_words_at_most(
    kind: str, library: arsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected: list[str] = []
    candidates = CandidateGenerator.candidates

    def counted(self: CandidateGenerator, term: str, limit: int) -> list[Candidate]:
        corrected.append(term)
        return candidates(self, term, limit)

    monkeypatch.setattr(CandidateGenerator, "candidates", counted)

    library.search(LONG_TEXTS[kind])

    assert len(corrected) <= 16


@pytest.mark.parametrize("method", ["correct", "suggest"])
@pytest.mark.parametrize("kind", LONG_TEXTS)
def test_the_memory_of_corrections_and_completions_is_bounded(kind: str, method: str, library: arsearch.Index) -> None:
    getattr(library, method)("كتابب")
    tracemalloc.start()
    try:
        getattr(library, method)(LONG_TEXTS[kind])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 8 << 20


def test_a_term_of_more_than_64_letters_is_not_divided(index: arsearch.Index) -> None:
    chance = random.Random(10)
    first, second = ("".join(chance.choices("بتجدرسعم", k=length)) for length in (32, 33))
    shorter = second[:-1]
    index.add([{"id": "1", "body": f"{first} {shorter} {first} {second} الرياض"}])

    assert index.correct(first + shorter).queries == (f"{first} {shorter}",)
    assert index.correct(first + second) == arsearch.Correction(first + second, (first + second,))
    assert index.correct(f"{first}{second} الرياظ").queries == (f"{first}{second} الرياض",)
    assert index.correct("الريا" + "ـ" * 100 + "ظ").queries == ("الرياض",)


def test_only_the_beginning_of_a_long_query_is_corrected(index: arsearch.Index) -> None:
    index.add([{"id": "1", "body": "الحرس الرياض"}])
    rest = " الحرس" * 200

    assert index.correct("الرياظ" + rest).queries == ("الرياض" + rest,)
    assert index.correct("hgvdhq" + rest).queries == ("الرياض" + rest,)
    late = index.correct("الحرس" + " " * 1_000 + "الرياظ")
    assert (late.missing, late.queries) == (("الرياظ",), ())


def test_a_long_text_is_not_completed(index: arsearch.Index) -> None:
    index.add([{"id": "1", "title": "الرياض", "body": "الرياض " * 200}])

    assert index.suggest("الرياض " * 142 + "الري")
    assert index.suggest("الرياض " * 143 + "الري") == ()


# Articles

BODY = "قال وزير الخارجية اليوم إن المفاوضات سوف تستمر. "


def test_a_large_article_is_added_and_one_too_large_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "LARGEST", 8 << 20)
    large = BODY * ((6 << 20) // len(BODY.encode()))

    with arsearch.open(tmp_path, create=True) as index:
        report = index.add(
            [{"id": "1", "title": "قبل"}, {"id": "large", "title": "كبير", "body": large + "خاتمة"},
             {"id": "huge", "title": "أكبر", "body": large * 2}, {"id": "2", "title": "بعد"}],
            memory_limit=1 << 20,
        )  # fmt: skip

        assert (report.added, report.failures) == (3, 1)
        assert "at most 8,388,608 are allowed; divide it" in report.failed[0].reason
        assert sorted(article.id for article in index) == ["1", "2", "large"]
        [hit] = index.search("خاتمة")
        assert hit.snippet.html.endswith("<mark>خاتمة</mark>")


def test_a_word_of_a_hundred_thousand_letters_is_indexed_and_found(index: arsearch.Index) -> None:
    word = "".join(random.Random(6).choices(LETTERS, k=100_000))
    index.add([{"id": "1", "title": "كلمة", "body": f"{word} كتاب"}, {"id": "2", "title": "كتاب"}])

    assert {hit.id for hit in index.search("كتاب")} == {"1", "2"}
    for query in (word, f"={word}", f"{word[:50]}*", f"*{word[-50:]}", f"{word[:60]}~2", f'"{word} كتاب"'):
        results = index.search(query)
        assert isinstance(results[0].snippet.html if results.hits else results.notes, (str, tuple))
    assert index.search(f"{word[:50]}*").total == 1
    assert index.check() == []


def test_many_tiny_articles_make_few_segments(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        report = index.add(({"id": str(n), "title": "خبر"} for n in range(20_000)), memory_limit=1 << 20, durable=False)

        assert (report.added, index.search("خبر").total) == (20_000, 20_000)
        assert index.stats().segments < 30


# Files

GOOD = '{"id": "good", "title": "خبر"}\n'


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the limits a thousandfold."""
    for module in (
        lines,
        *(import_module(f"arsearch.readers.formats.{name}") for name in ("json", "json_scanner", "delimited_rows")),
    ):
        monkeypatch.setattr(module, "LONGEST", 64 << 10)
    monkeypatch.setattr(streams, "UNPACKED", 1 << 20)


def read(path: Path, **options: Any) -> tuple[list[Any], list[str]]:
    records = list(read_articles(path, **options))
    return [r.data["title"] for r in records if r.data], [r.problem for r in records if r.problem]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
@pytest.mark.usefixtures("short")
def test_a_decompression_bomb_is_read_up_to_the_limit(pack: Any, tmp_path: Path) -> None:
    (tmp_path / "bomb.jsonl").write_bytes(pack(GOOD.encode() + b"\0" * (50 << 20)))

    titles, problems = read(tmp_path / "bomb.jsonl")

    assert titles == ["خبر"]
    assert len(problems) == 1
    assert "unpack to more than 1,048,576" in problems[0]
    assert "--max-bytes" in problems[0]


@pytest.mark.usefixtures("short")
def test_max_bytes_allows_highly_compressed_files(tmp_path: Path) -> None:
    line = json.dumps({"id": "1", "title": "خبر"}) + "\n"
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(line.encode() * 100_000))

    assert len(read(tmp_path / "a.jsonl.gz")[0]) < 100_000
    assert read(tmp_path / "a.jsonl.gz", max_bytes=1 << 30) == (["خبر"] * 100_000, [])


@pytest.mark.usefixtures("short")
def test_only_the_line_that_is_too_long_is_skipped(tmp_path: Path) -> None:
    long = json.dumps({"id": "long", "title": "x" * 700_000}) + "\n"
    (tmp_path / "a.jsonl").write_text(GOOD + long + GOOD + long + GOOD, encoding="utf-8")

    titles, problems = read(tmp_path / "a.jsonl")

    assert titles == ["خبر"] * 3
    assert problems == ["not read: a line of more than 65,536 bytes; divide it"] * 2


@pytest.mark.usefixtures("short")
def test_only_the_row_with_a_cell_too_large_is_skipped(tmp_path: Path) -> None:
    rows = ["id,title", "1,خبر", f'2,"{"x" * 700_000}"', "3,خبر", '4,"' + "x\n" * 60_000 + '"', "5,خبر"]
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")

    titles, problems = read(tmp_path / "a.csv", format="csv")

    assert titles[:2] == ["خبر", "خبر"]
    assert titles[-1] == "خبر"
    assert "a line of more than" in problems[0]
    assert len(problems) < 5


@pytest.mark.parametrize("name", ["a.json", "a.txt"])
@pytest.mark.usefixtures("short")
def test_a_value_or_text_too_large_is_not_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(json.dumps([{"id": "1", "title": "x" * 700_000}]), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(GOOD, encoding="utf-8")

    titles, problems = read(tmp_path)

    assert titles == ["خبر"]
    assert len(problems) == 1
    assert "of more than 65,536 bytes" in problems[0]


def test_memory_is_bounded_by_the_longest_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 1000)
    endless = chain(repeat(b"x" * 500, 100_000), [b"\nshort\n"])

    assert [len(line) for line in lines.Lines(endless)] == [1001, 5]


NESTED = ["[" * 100_000, '{"a":' * 100_000, '{"id": "1", "title": "x", "more": ' + "[" * 100_000 + "]" * 100_000 + "}"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
@pytest.mark.parametrize("nested", NESTED)
def test_json_nested_too_deeply_is_reported(name: str, nested: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(nested + "\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(GOOD, encoding="utf-8")

    titles, problems = read(tmp_path)

    assert titles == ["خبر"]
    assert problems
