"""The facets of a search: values with counts, and links that add or remove them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from arsearch.model import SearchResults
from arsearch.search.backend import Capability
from arsearch.web.pages.interface import Interface
from arsearch.web.pages.links import Links
from arsearch.web.searching import Answer
from arsearch.web.states import SearchState

__all__ = ["Chip", "Facet", "FacetValue", "chips", "facet_names", "make_facets"]

_FIRST = ("source", "category", "author", "tags")
_MOST_FIELDS = 8
_SHOWN = 6
"""The values of a facet that are shown before the reader asks for more."""

_LTR = "\u200e"
"""Keeps the order of a date such as 2015-07 after Arabic letters."""


class FacetValue(NamedTuple):
    """A value, the number of articles that have it, whether the search filters by it, and the link that changes this."""

    value: str
    articles: int
    selected: bool
    url: str


class Facet(NamedTuple):
    """A field with its values: those shown at once, then the others."""

    label: str
    values: tuple[FacetValue, ...]
    more: tuple[FacetValue, ...]


class Chip(NamedTuple):
    """A filter of the search in words, and the link that removes it."""

    text: str
    url: str


def facet_names(state: SearchState, kinds: Mapping[str, str]) -> tuple[str, ...]:
    """Return the fields to count: those of the state, else the first of the fields that hold exact texts."""
    declared = [name for name, kind in kinds.items() if kind == "keyword" and name not in _FIRST]
    return state.facets or (*_FIRST, *declared)[:_MOST_FIELDS]


def make_facets(answer: Answer, names: tuple[str, ...], ui: Interface, links: Links) -> list[Facet]:
    """Return the facets that let a reader choose: those with more than one value, or with a chosen one.

    The values of a field are counted without the filter of this field, so that a reader can add a second value.
    """
    facets = []
    for name in names:
        chosen = answer.state.filters.get(name, ())
        counts = _counts_without(answer, name) if chosen else answer.results.facets.get(name, {})
        if not chosen and len(counts) < 2:
            continue
        values = [FacetValue(value, counts.get(value, 0), True, links.removing(name, value)) for value in chosen]
        values += [
            FacetValue(value, count, False, links.adding(name, value))
            for value, count in counts.items()
            if value not in chosen
        ]
        shown = max(_SHOWN, len(chosen))
        facets.append(Facet(ui.field(name), tuple(values[:shown]), tuple(values[shown:])))
    return facets


def _counts_without(answer: Answer, name: str) -> Mapping[str, int]:
    others = MappingProxyType({field: values for field, values in answer.state.filters.items() if field != name})
    state = replace(answer.state, filters=others, facets=(name,), page=1, limit=0, offset=0)
    index = answer.served.index
    arguments = state.arguments(index.fields, near_duplicates=Capability.NEAR_DUPLICATES in index.capabilities)
    results: SearchResults = answer.commit.searchable.search(state.q, **arguments)
    return results.facets.get(name, {})


def chips(state: SearchState, ui: Interface, links: Links) -> list[Chip]:
    """Return the filters of a search, each with a link that removes it."""
    found = [
        Chip(f"{ui.field(name)}: {value}", links.removing(name, value))
        for name, values in state.filters.items()
        for value in values
    ]
    found += [
        Chip(f"{ui.field(name)}: {ui('not', value=value)}", links.removing(name, value))
        for name, values in state.excluded.items()
        for value in values
    ]
    if state.first and state.first == state.last:
        found.append(Chip(f"{ui('date')}: {_LTR}{state.first}", links.search(first="", last="")))
    else:
        if state.first:
            found.append(Chip(ui("from_date", date=_LTR + state.first), links.search(first="")))
        if state.last:
            found.append(Chip(ui("to_date", date=_LTR + state.last), links.search(last="")))
    if state.match:
        found.append(Chip(f"{ui('match')}: {_word(ui, 'match', state.match)}", links.search(match="")))
    if state.mode:
        found.append(Chip(f"{ui('mode')}: {_word(ui, 'mode', state.mode)}", links.search(mode="")))
    return found


def _word(ui: Interface, group: str, value: str) -> str:
    key = f"{group}_{value}"
    return ui(key) if ui.has(key) else value
