"""What is remembered from search to search stays within its bound, and what is used stays longest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arsearch.index.reader.cache import ClockCache


def test_only_what_is_asked_for_again_is_wanted() -> None:
    known: ClockCache[str] = ClockCache(1600)

    assert not known.should_admit("كتاب", 10)
    assert known.should_admit("كتاب", 10)
    assert not known.should_admit("سفر", 101)
    assert not known.should_admit("سفر", 101)  # more than a sixteenth of all


def test_what_was_used_outlives_what_was_not() -> None:
    known: ClockCache[int] = ClockCache(30)
    for number in range(3):
        known.put(number, number, 10)
    assert known.get(0) == 0

    known.put(3, 3, 10)

    assert [known.get(number) for number in range(4)] == [0, None, 2, 3]


def test_where_there_is_no_room_few_are_let_in() -> None:
    known: ClockCache[int] = ClockCache(160)
    wanted = []
    for _ in range(2):
        for number in range(1000):
            if known.should_admit(number, 10):
                known.put(number, number, 10)
                wanted.append(number)

    assert wanted[:16] == list(range(16))
    assert len(wanted) <= 16 + 1000 // 16 + 1


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 60)), max_size=60))
def test_all_together_take_no_more_than_the_bound(puts: list[tuple[int, int]]) -> None:
    known: ClockCache[int] = ClockCache(100)
    sizes: dict[int, int] = {}
    for key, size in puts:
        known.put(key, size, size)
        sizes[key] = size
        kept = [number for number in sizes if known.get(number) is not None]

        assert key in kept
        assert sum(sizes[number] for number in kept) <= 100
        assert all(known.get(number) == sizes[number] for number in kept)
