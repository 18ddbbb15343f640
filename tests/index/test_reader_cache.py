"""Caches stay within their bounds, and the clock cache keeps the values in use longest."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from embedded import view_of
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch.analyzers import ArabicAnalyzer, Light10Stemmer
from arsearch.index.reader.cache import ClockCache
from arsearch.search import planner
from arsearch.suggest import completer


def test_a_value_is_admitted_when_its_key_comes_again() -> None:
    cache: ClockCache[str] = ClockCache(1600)

    assert not cache.should_admit("كتاب", 10)
    assert cache.should_admit("كتاب", 10)
    assert not cache.should_admit("سفر", 101)
    assert not cache.should_admit("سفر", 101)  # more than a sixteenth of the cache


def test_unused_values_are_evicted_first() -> None:
    cache: ClockCache[int] = ClockCache(30)
    for number in range(3):
        cache.put(number, number, 10)
    assert cache.get(0) == 0

    cache.put(3, 3, 10)

    assert [cache.get(number) for number in range(4)] == [0, None, 2, 3]


def test_a_full_cache_admits_few_values() -> None:
    cache: ClockCache[int] = ClockCache(160)
    admitted = []
    for _ in range(2):
        for number in range(1000):
            if cache.should_admit(number, 10):
                cache.put(number, number, 10)
                admitted.append(number)

    assert admitted[:16] == list(range(16))
    assert len(admitted) <= 16 + 1000 // 16 + 1


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 60)), max_size=60))
def test_the_values_take_no_more_than_the_bound(puts: list[tuple[int, int]]) -> None:
    cache: ClockCache[int] = ClockCache(100)
    sizes: dict[int, int] = {}
    for key, size in puts:
        cache.put(key, size, size)
        sizes[key] = size
        kept = [number for number in sizes if cache.get(number) is not None]

        assert key in kept
        assert sum(sizes[number] for number in kept) <= 100
        assert all(cache.get(number) == sizes[number] for number in kept)


def test_the_analysed_words_of_queries_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "_MAX_FORMS", 10)
    monkeypatch.setattr(completer, "_MAX_FORMS", 10)
    with arsearch.open(":memory:", create=True) as index:
        for word in map("".join, itertools.product("بتث", repeat=4)):
            index.search(word)
            index.suggest(f"{word} ")

        assert 0 < len(index._planner.forms) <= 10
        assert 0 < len(view_of(index).forms) <= 10


def test_the_analysed_words_of_suggestions_outlive_a_commit_but_not_the_analyzer(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        index.suggest("كتاب ")
        before = view_of(index).forms
        index.add([{"id": "1", "title": "كتاب"}])
        assert view_of(index).forms is before
        assert "كتاب" in before

        arsearch.reindex(tmp_path, analyzer=ArabicAnalyzer(stemmer=Light10Stemmer()))
        assert view_of(index).forms == {}
