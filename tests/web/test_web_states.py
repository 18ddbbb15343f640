"""The parameters of a search: read from URLs, checked for size, and written into the links of changed searches."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.web.problems import ProblemError
from arsearch.web.settings import WebSettings
from arsearch.web.states import SearchState

SETTINGS = WebSettings()
KINDS = {"title": "text", "source": "keyword", "date": "date", "volume": "int"}


def read(query: str) -> SearchState:
    return SearchState.read(parse_qsl(query, keep_blank_values=True), SETTINGS)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"q": "", "page": 1, "limit": 10, "skip": 0, "empty": True}),
        ("q=%D9%83%D8%AA%D8%A7%D8%A8", {"q": "كتاب", "empty": False}),
        ("page=3", {"page": 3, "skip": 20}),
        ("page=0", {"page": 1, "skip": 0}),
        ("page=3&limit=5", {"skip": 10, "limit": 5}),
        ("offset=7", {"page": 0, "skip": 7}),
        ("offset=7&page=3", {"skip": 7}),
        ("limit=0", {"limit": 0}),
        ("limit=&page=&offset=", {"limit": 10, "page": 1}),
        ("f.source=a&f.source=b&f.source=a", {"filters": {"source": ("a", "b")}}),
        ("f.source=", {"filters": {}}),
        ("not.source=a", {"excluded": {"source": ("a",)}, "empty": False}),
        ("from=2015&to=2016", {"first": "2015", "last": "2016", "empty": False}),
        ("facets=source,month&facets=year،source", {"facets": ("source", "month", "year")}),
        ("ui=en", {"ui": "en"}),
        ("ui=<script>", {"ui": ""}),
        ("unknown=1&q=x&q=y", {"q": "y"}),
        ("q=%FF%00", {"q": "\ufffd\0"}),
    ],
)
def test_a_query_string_is_read(query: str, expected: dict[str, Any]) -> None:
    state = read(query)

    assert {name: getattr(state, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.5", "limit"),
        ("limit=ten", "limit"),
        ("limit=١٠", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("page=1002", "page"),
        ("offset=10001", "offset"),
        ("q=" + "a" * 1001, "q"),
        ("sort=" + "a" * 501, "sort"),
        ("f.source=" + "a" * 501, "f.source"),
        ("f." + "a" * 200 + "=1", "f." + "a" * 98),
        ("cursor=" + "a" * 2001, "cursor"),
        ("&".join(f"f.x={n}" for n in range(51)), "f"),
        ("&".join(f"unknown{n}=1" for n in range(500)), "q"),
    ],
)
def test_a_parameter_out_of_bounds_is_refused_by_name(query: str, parameter: str) -> None:
    with pytest.raises(ProblemError) as raised:
        read(query)

    assert (raised.value.status, raised.value.members["parameter"]) == (400, parameter)


def test_a_link_changes_the_state_and_begins_at_the_first_page() -> None:
    state = read("q=a&page=4&f.source=x&sort=-date&ui=en")

    assert read(state.url(sort="")[1:]) == read("q=a&f.source=x&ui=en")
    assert state.url("/search", page=5).startswith("/search?")
    assert read(state.url(page=5)[1:]) == read("q=a&page=5&f.source=x&sort=-date&ui=en")


def test_values_of_filters_are_added_and_removed() -> None:
    state = read("q=a&page=4&f.source=x&not.source=y")

    assert state.adding("source", "z").filters == {"source": ("x", "z")}
    assert state.adding("source", "z").page == 1
    assert state.removing("source", "x").filters == {}
    assert state.removing("source", "y").excluded == {}
    assert state.removing("source", "nothing").pairs() == state.changed().pairs()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=a", {"filters": None, "collapse": "duplicates", "sort": None, "mode": "auto", "offset": 0, "limit": 10}),
        ("f.source=a", {"filters": {"source": ["a"]}}),
        ("f.volume=3..7", {"filters": {"volume": ("3", "7")}}),
        ("f.volume=..7", {"filters": {"volume": (None, "7")}}),
        ("from=2015", {"filters": {"date": ("2015", None)}}),
        ("collapse=none", {"collapse": None}),
        ("collapse=source&match=word&mode=any&recency=30d", {"collapse": "source", "match": "word", "mode": "any"}),
    ],
)
def test_a_state_becomes_the_arguments_of_a_search(query: str, expected: dict[str, Any]) -> None:
    arguments = read(query).arguments(KINDS)

    assert {name: arguments[name] for name in expected} == expected


def test_an_index_that_folds_no_near_duplicates_is_not_told_to() -> None:
    assert read("q=a").arguments(KINDS, near_duplicates=False)["collapse"] is None


words = st.text(max_size=30)
values = st.dictionaries(
    st.text(min_size=1, max_size=10),
    st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=4, unique=True),
    max_size=3,
).map(lambda found: MappingProxyType({name: tuple(texts) for name, texts in found.items()}))


@given(
    q=words,
    page=st.integers(1, 100),
    limit=st.integers(1, 100),
    filters=values,
    excluded=values,
    first=words,
    sort=words,
)
def test_the_link_of_a_state_leads_to_the_state(**parts: Any) -> None:
    state = SearchState(**parts)

    assert SearchState.read(parse_qsl(state.url(page=state.page)[1:], keep_blank_values=True), SETTINGS) == state
