"""`prefetch` yields the results of steps in order, and its threads end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from arsearch.index.store.background import BackgroundThread, prefetch


def test_results_are_in_order_and_at_most_four_steps_ahead() -> None:
    done: list[int] = []

    def step(number: int) -> int:
        done.append(number)
        return number

    results = prefetch(partial(step, number) for number in range(50))
    for number, result in enumerate(results):
        assert result == number
        assert len(done) <= number + 4
    assert sorted(done) == list(range(50))


@pytest.mark.parametrize(
    ("options", "threads", "waiting"),
    [
        ({"threads": 1}, 1, 0),
        ({"threads": 1, "waiting": 3}, 1, 3),
        ({}, 2, 0),
        ({"threads": 3, "waiting": 2}, 3, 2),
    ],
)
def test_threads_run_their_steps_beside_each_other_and_further_steps_wait(
    options: dict[str, int], threads: int, waiting: int
) -> None:
    together = threading.Barrier(threads)
    taken: list[int] = []

    def steps() -> Iterator[Callable[[], int]]:
        for number in range(threads * 10):
            taken.append(number)
            yield partial(together.wait, 20)

    results = prefetch(steps(), **options)

    assert next(results) in range(threads)  # the barrier breaks, and raises, unless all threads run a step at once
    assert len(taken) == threads + waiting + 1
    assert len(list(results)) == threads * 10 - 1


def test_an_error_is_raised_in_the_place_of_its_result_and_the_threads_end() -> None:
    def step(number: int) -> float:
        return 1 / (number - 3)

    threads = threading.active_count()
    results = prefetch(partial(step, number) for number in range(50))

    assert [next(results) for _ in range(3)] == [-1 / 3, -1 / 2, -1]
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert threading.active_count() == threads


def test_a_single_step_runs_in_the_thread_of_the_caller() -> None:
    assert list(prefetch([threading.get_ident])) == [threading.get_ident()]


def test_without_steps_there_are_no_results() -> None:
    assert list(prefetch([])) == []


def test_a_background_thread_ends_with_its_owner_even_if_the_last_step_was_a_method_of_the_owner() -> None:
    class Owner:
        def __init__(self) -> None:
            self.background = BackgroundThread()
            self.answer = self.background.begin(self.step)

        def step(self) -> int:
            return 42

    owner = Owner()
    thread = owner.background._thread
    assert owner.answer() == 42
    assert thread.daemon  # the interpreter does not wait for it
    del owner

    thread.join(timeout=30)
    assert not thread.is_alive()
