"""Steps done ahead give what they give in turn."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from arsearch.index.store.background import BackgroundThread, prefetch


def test_results_come_in_order_and_are_made_no_further_ahead_than_a_few() -> None:
    done: list[int] = []

    def step(number: int) -> int:
        done.append(number)
        return number

    given = prefetch(partial(step, number) for number in range(50))
    for number, result in enumerate(given):
        assert result == number
        assert len(done) <= number + 4
    assert sorted(done) == list(range(50))


def test_an_error_comes_out_where_its_result_would_and_no_thread_stays() -> None:
    def step(number: int) -> float:
        return 1 / (number - 3)

    threads = threading.active_count()
    given = prefetch(partial(step, number) for number in range(50))

    assert [next(given) for _ in range(3)] == [-1 / 3, -1 / 2, -1]
    with pytest.raises(ZeroDivisionError):
        next(given)
    assert threading.active_count() == threads


def test_no_steps() -> None:
    assert list(prefetch([])) == []


def test_a_helper_ends_with_its_owner_even_if_the_last_step_was_a_method_of_that() -> None:
    class Owner:
        def __init__(self) -> None:
            self.helper = BackgroundThread()
            self.answer = self.helper.begin(self.step)

        def step(self) -> int:
            return 42

    owner = Owner()
    thread = owner.helper._thread
    assert owner.answer() == 42
    del owner

    thread.join(timeout=30)
    assert not thread.is_alive()
