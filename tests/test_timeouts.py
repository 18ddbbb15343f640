"""Every call that a web user can send ends soon: by default after two seconds, and what is missing is told."""

from __future__ import annotations

import inspect
import itertools
import pickle
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

import arsearch
from arsearch.cli import options
from arsearch.cli.selection import select
from arsearch.evaluation import Query
from arsearch.evaluation.run import make_run
from arsearch.evaluation.settings import Setting
from arsearch.search.request import TIMEOUT

BOUNDED = ("search", "explain", "correct", "suggest", "more_like", "passages", "spans")
SLOW = 20.0
"""Seconds of processor time. No test takes as long, even on a machine that is ten times as busy; a hang takes longer."""

LETTERS = "ابتثجحدرسعفقكلمنهوي"
STOPS = "في من على عن مع"


@pytest.fixture(scope="module")
def library() -> Iterator[arsearch.Index]:
    chance = random.Random(4)
    words = ["".join(chance.choices(LETTERS, k=chance.randint(3, 7))) for _ in range(800)]
    with arsearch.open(":memory:", create=True) as index:
        index.add(
            {
                "id": str(n),
                "title": f"وزير {words[n]}",
                "body": " ".join(chance.choices([*words, *STOPS.split() * 40, "كتاب", "مدرسة"], k=60)),
                "source": "الأفق" if n % 3 else "الجريدة",
            }
            for n in range(300)
        )
        yield index


class Clock:
    """A clock in place of `time.perf_counter`: the time stands still for some readings, then it is an hour later."""

    def __init__(self, readings: int = 0) -> None:
        self.left = readings

    def __call__(self) -> float:
        self.left -= 1
        return 0.0 if self.left >= 0 else 3600.0


# The defaults


@pytest.mark.parametrize("name", BOUNDED)
def test_two_seconds_are_the_default(name: str) -> None:
    for kind in (arsearch.Index, arsearch.Snapshot):
        assert inspect.signature(getattr(kind, name)).parameters["timeout"].default == TIMEOUT == 2.0


def test_the_command_line_has_the_same_default() -> None:
    assert options._TIMEOUT == TIMEOUT


@pytest.mark.parametrize("name", ["select", "concordance", "frequencies", "delete", "__iter__"])
def test_calls_that_must_be_whole_have_no_timeout_for_their_answer(name: str) -> None:
    parameters = inspect.signature(getattr(arsearch.Index, name)).parameters
    # A timeout of `delete` is the wait for the lock.
    assert "timeout" not in parameters or parameters["timeout"].default == (10.0 if name == "delete" else None)


# Answers at every reading of the clock

QUERIES = [
    "كتاب مدرسة", f'"{STOPS}"~1000', '"في من"~9 "من على"~9 "عن مع"~5', "*ا* *ب*", "كتاب~2 مدرسه~1", '* -"في من"~9', "جذر:كتب",
    "(كتاب OR (مدرسة AND NOT *ا*)) +وزير", "source:الأفق كتاب", "=كتاب ~\"كتاب مدرسة\"", "كتابب وزيير",
]  # fmt: skip

Call = Callable[[arsearch.Index, str, Any], Any]


class Outcome(NamedTuple):
    """The items of an answer, and whether it is partial."""

    items: list[Any]
    partial: bool


def _searched(index: arsearch.Index, text: str, timeout: Any) -> Outcome:
    results = index.search(text, limit=400, mode="any", timeout=timeout)
    assert results.partial == any("time ran out" in note for note in results.notes)
    return Outcome(sorted(hit.id for hit in results), results.partial)


def _explained(index: arsearch.Index, text: str, timeout: Any) -> Outcome:
    found = index.explain(text, "7", timeout=timeout)
    assert found.partial == any("time ran out" in note for note in found.notes)
    return Outcome([(word.text, word.lists) for word in found.words], found.partial)


def _corrected(index: arsearch.Index, text: str, timeout: Any) -> Outcome:
    found = index.correct(text, timeout=timeout)
    return Outcome([*found.missing, *found.queries, found.relaxed] if found else [], found.partial)


CALLS: dict[str, Call] = {
    "search": _searched,
    "explain": _explained,
    "correct": _corrected,
    "suggest": lambda index, text, timeout: Outcome(list(found := index.suggest(text, timeout=timeout)), found.partial),
    "spans": lambda index, text, timeout: Outcome(
        list(found := index.spans("7", text, timeout=timeout)), found.partial
    ),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("query", QUERIES)
def test_whenever_time_runs_out_nothing_is_wrong_and_the_answer_says_so(
    name: str, query: str, library: arsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = CALLS[name](library, query, None)
    assert not whole.partial

    partial = 0
    for readings in range(60):
        library._session().view.forget_scores()  # type: ignore[attr-defined]
        monkeypatch.setattr(time, "perf_counter", Clock(readings + 1))  # the first is the beginning of the call
        found = CALLS[name](library, query, 5.0)
        monkeypatch.undo()
        partial += found.partial
        assert found.partial or found.items == whole.items
        if name not in ("explain", "correct"):
            assert all(item in whole.items for item in found.items)
        if name == "explain":
            assert found.items == whole.items[: len(found.items)]
        if not found.partial:
            break
    assert partial or name in ("suggest", "spans", "correct")
    assert not found.partial, "the clock is read a few times for each part of a query, and not for each article"


@pytest.mark.parametrize("name", ["more_like", "passages", "search_many", "hit.explain"])
def test_further_calls_tell_that_time_ran_out(
    name: str, library: arsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    hit = library.search("كتاب")[0]
    calls: dict[str, Callable[[], Any]] = {
        "more_like": lambda: library.more_like("7"),
        "passages": lambda: library.passages("كتاب مدرسة"),
        "search_many": lambda: library.search_many(["كتاب"])[0],
        "hit.explain": hit.explain,
    }
    assert not calls[name]().partial
    library._session().view.forget_scores()  # type: ignore[attr-defined]
    monkeypatch.setattr(time, "perf_counter", Clock(1))

    assert calls[name]().partial


def test_none_waits(library: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    library._session().view.forget_scores()  # type: ignore[attr-defined]
    monkeypatch.setattr(time, "perf_counter", itertools.count(0, 3600).__next__)

    assert not library.search("كتاب مدرسة", timeout=None).partial
    assert not library.explain("كتاب", "7", timeout=float("inf")).partial
    assert not library.passages("كتاب", timeout=None).partial
    assert not library.search_many(["كتاب"], timeout=None)[0].partial


def test_answers_are_tuples_that_are_pickled_with_their_flag(library: arsearch.Index) -> None:
    passages = library.passages("كتاب")

    assert passages == tuple(passages)
    assert isinstance(passages, arsearch.Answers)
    copy = pickle.loads(pickle.dumps(arsearch.Answers(passages, partial=True)))
    assert (copy, copy.partial) == (passages, True)


# Long articles

FEW = "كتاب كتب مدرسة قلم باب مكتبة مدارس درس دروس اقلام ابواب".split()
"""Each word has a letter of `EVERY_WORD`."""

EVERY_WORD = "*ب* OR *م* OR *د*"


@pytest.fixture
def long_article(monkeypatch: pytest.MonkeyPatch) -> Iterator[arsearch.Index]:
    monkeypatch.setattr("arsearch.snippets.highlighter.LOOK_EVERY", 4)
    monkeypatch.setattr("arsearch.snippets.highlighter.TIMED_BLOCK", 200)
    with arsearch.open(":memory:", create=True) as index:
        parts = [{"heading": "باب", "body": " ".join(FEW * 2)} for _ in range(5)]
        index.add([{"id": "7", "title": "كتاب", "body": " ".join(FEW * 10), "date": "2015"}])
        index.add([{"id": "w", "title": "كتاب", "parts": parts, "date": "2016"}])
        yield index


LONG_CALLS: dict[str, Call] = {
    "spans": CALLS["spans"],
    "concordance": lambda index, text, timeout: Outcome(
        list(lines := index.concordance(text, timeout=timeout)), lines.partial
    ),
    "spans of a work": lambda index, text, timeout: Outcome(
        list(found := index.spans("w", text, timeout=timeout)), found.partial
    ),
}


@pytest.mark.parametrize("name", LONG_CALLS)
@pytest.mark.parametrize("query", [EVERY_WORD, "كتاب OR قلم", f'{EVERY_WORD} OR "كتاب كتب"~3'])
def test_an_answer_about_a_long_article_is_partial_if_and_only_if_something_is_missing(
    name: str, query: str, long_article: arsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = LONG_CALLS[name]
    whole = call(long_article, query, None)
    assert not whole.partial
    some = False
    for readings in range(2000):
        long_article._session().view.forget_scores()  # type: ignore[attr-defined]
        clock = Clock(readings + 1)
        monkeypatch.setattr(time, "perf_counter", clock)
        monkeypatch.setattr("arsearch.search.occurrences.deadline.perf_counter", clock)
        found = call(long_article, query, 5.0)
        monkeypatch.setattr(time, "perf_counter", Clock(1 << 60))
        assert all(item in whole.items for item in found.items)
        assert found.partial == (len(found.items) < len(whole.items))
        some |= 0 < len(found.items) < len(whole.items)
        if not found.partial:
            break
    assert not found.partial
    assert some, "spans found in time are returned"


def test_counts_of_a_long_article_end_in_time(long_article: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = long_article.frequencies(EVERY_WORD, by="year")
    for readings in range(500):
        clock = Clock(readings + 1)
        monkeypatch.setattr(time, "perf_counter", clock)
        monkeypatch.setattr("arsearch.search.occurrences.deadline.perf_counter", clock)
        found = long_article.frequencies(EVERY_WORD, by="year", timeout=5.0)
        assert found.total.occurrences <= whole.total.occurrences
        assert found.partial or found.rows == whole.rows
        if not found.partial:
            break
    assert not found.partial
    assert readings > len(FEW), "the clock is read for each word that a pattern stands for"


def test_passages_of_what_was_read_in_time_are_returned(
    long_article: arsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_article.add(
        {"id": str(n), "title": "", "body": ". ".join([" ".join(FEW[n % 7 :])] * 30)} for n in range(20, 30)
    )
    whole = long_article.passages(EVERY_WORD, limit=20, timeout=None)
    passages = []
    for readings in range(1, 3000, 11):
        long_article._session().view.forget_scores()  # type: ignore[attr-defined]
        monkeypatch.setattr(time, "perf_counter", Steps(readings))
        found = long_article.passages(EVERY_WORD, limit=20, timeout=10.0)
        passages.append(len(found))
        assert found.partial or found == whole
        bodies = {article.id: article.body for article in long_article}
        assert all(bodies[one.article_id][one.start : one.end] == one.text for one in found)
        if not found.partial:
            break
    assert not found.partial
    assert passages[len(passages) * 3 // 4] > 0, "time is left to cut the articles that were read"


class Steps:
    """A clock in place of `time.perf_counter`: the time passes evenly, and a timeout of 10 takes some readings."""

    def __init__(self, readings: int) -> None:
        self.now = 0.0
        self.step = 10.0 / (readings + 1)

    def __call__(self) -> float:
        self.now += self.step
        return self.now


# Calls that must be whole


def _small() -> list[dict[str, str]]:
    return [{"id": str(n), "body": f"كتاب {n}" if n % 2 else f"مدرسة {n}"} for n in range(40)]


def test_a_partial_answer_never_deletes(monkeypatch: pytest.MonkeyPatch) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add(_small())
        monkeypatch.setattr(time, "perf_counter", itertools.count(0, 3600).__next__)  # an hour for each reading
        assert index.search("كتاب").partial

        assert index.delete(query="كتاب NOT 7") == 19
        assert sorted(article.id for article in index if "كتاب" in article.body) == ["7"]
        assert len(index) == 21


def test_exports_concordances_counts_and_evaluations_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add(_small())
        monkeypatch.setattr(time, "perf_counter", itertools.count(0, 3600).__next__)

        assert len(select(index, index.fields, "كتاب")[0]) == len(index.select("كتاب")) == 20
        assert len(list(index.concordance("كتاب"))) == 20
        assert index.frequencies("كتاب", by="work").total.occurrences == 20
        assert len(make_run(index, [Query("1", "كتاب")])["1"]) == 20
        assert len(list(Setting().searching(index).search("كتاب", limit=50, mode="all"))) == 20


# Hostile texts

LONG = 100_000
TEXTS = {
    "a word": "".join(random.Random(1).choices(LETTERS, k=LONG)),
    "a latin word": "x" * LONG,
    "digits": "7" * LONG,
    "marks": "كتا" + "\u064e" * LONG,
    "tatweel": "كتا" + "ـ" * LONG + "ب",
    "a hashtag": "#" + "كتاب_" * (LONG // 5),
    "words": " ".join("".join(random.Random(n).choices(LETTERS, k=5)) for n in range(LONG // 6)),
    "stop words": "في من على " * (LONG // 10),
    "brackets": "(" * (LONG // 2) + "كتاب" + ")" * (LONG // 2),
    "quotes": '"في من على"~1000 ' * (LONG // 17),
    "a phrase": '"' + "في من " * (LONG // 6) + '"~1000',
    "stars": "*ا* " * (LONG // 4),
    "distinct stars": " ".join(f"*{a}{b}*" for a in LETTERS for b in LETTERS),
    "fuzzy words": "كتاب~2 " * (LONG // 7),
    "exclusions": "كتاب " + '-"في من"~9 ' * (LONG // 11),
    "fields": "title:" * (LONG // 6),
    "ranges": "date:2000..2020 " * (LONG // 16),
    "operators": "كتاب OR " * (LONG // 8),
}


def _call_all(index: arsearch.Index, text: str) -> None:
    index.search(text, timeout=None)
    index.explain(text, "7", timeout=None)
    index.correct(text, timeout=None)
    index.suggest(text, timeout=None)
    index.more_like(text=text, timeout=None)
    index.passages(text, timeout=None)
    index.spans("7", text, timeout=None)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_time_of_a_hostile_text_is_bounded(text: str, library: arsearch.Index) -> None:
    start = time.process_time()

    _call_all(library, text)

    assert time.process_time() - start < SLOW


@pytest.mark.parametrize("name", ["a word", "marks", "quotes"])
def test_the_memory_of_a_hostile_text_is_bounded(name: str, library: arsearch.Index) -> None:
    library.correct("كتابب")
    tracemalloc.start()
    try:
        _call_all(library, TEXTS[name])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 128 << 20
