"""One page from the documents of all members.

Members come in the order of their indexes, and each gives its documents in the order of the page: the complete ones first. Of
equally good documents those of an earlier index come first, as if its articles had been added before the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from arsearch.federation.member import Candidate
from arsearch.minhash import SIGNATURE_SIZE, collapse_near_duplicates
from arsearch.model.schema import Schema, is_period
from arsearch.search.request import DUPLICATES, FACET_VALUES, PageRequest

__all__ = ["Group", "Page", "Placed", "merge", "merge_facets"]


_DIGITS = 6
"""The digits of a score that order documents: members round the others differently, and equal documents would change places."""


class Placed(NamedTuple):
    """A document and the place of its member among all members."""

    member: int
    candidate: Candidate


class Group(NamedTuple):
    """A hit: its document, the documents that it shows beside it, the number of all in its group, and of near-duplicates."""

    first: Placed
    inner: Sequence[Placed] = ()
    total: int = 1
    similar: int = 0


class Page(NamedTuple):
    """The hits of a page; if documents are collapsed by a field, also the number of groups and of complete ones."""

    groups: Sequence[Group]
    totals: tuple[int, int] | None = None


def merge(columns: Sequence[Sequence[Candidate]], page: PageRequest) -> Page:
    """Return a page from the documents of each member."""
    placed = [Placed(at, candidate) for at, column in enumerate(columns) for candidate in column]
    tiers = [
        _ordered([one for one in placed if one.candidate.complete is complete], page) for complete in (True, False)
    ]
    if page.collapse == DUPLICATES:
        return Page(_without_duplicates(tiers, page))
    documents = [*tiers[0], *tiers[1]]
    cut = slice(page.offset, page.end)
    if page.collapse is None:
        return Page([Group(one) for one in documents[cut]])
    groups: dict[object, list[Placed]] = {}
    for at, one in enumerate(documents):
        groups.setdefault(at if one.candidate.group is None else one.candidate.group, []).append(one)
    shown = [Group(own[0], own[1 : 1 + page.inner_hits], len(own)) for own in list(groups.values())[cut]]
    return Page(shown, (len(groups), sum(own[0].candidate.complete for own in groups.values())))


def _ordered(documents: list[Placed], page: PageRequest) -> list[Placed]:
    if page.by_score:
        return sorted(documents, key=lambda one: -float(f"{one.candidate.score:.{_DIGITS}g}"))
    having: list[Placed] = [one for one in documents if one.candidate.value is not None]
    key: Callable[[Placed], Any] = lambda one: one.candidate.value  # noqa: E731
    without = [one for one in documents if one.candidate.value is None]
    return sorted(having, key=key, reverse=str(page.sort).startswith("-")) + without


def _without_duplicates(tiers: Iterable[list[Placed]], page: PageRequest) -> Sequence[Group]:
    """Return the first documents of near-duplicates. A complete document stands for complete ones only."""
    groups: list[Group] = []
    for tier in tiers:
        if tier and len(groups) < page.end:
            rows = b"".join(one.candidate.signature or bytes(SIGNATURE_SIZE) for one in tier)
            signatures = np.frombuffer(rows, np.uint8).reshape(-1, SIGNATURE_SIZE)
            found = collapse_near_duplicates(signatures, page.end - len(groups))
            groups += [Group(tier[at], similar=similar) for at, similar in zip(*found, strict=True)]
    return groups[page.offset : page.end]


def merge_facets(counts: Iterable[Mapping[str, Mapping[str, int]]], schema: Schema) -> dict[str, dict[str, int]]:
    """Add up facets; the most frequent values of each field come first, then in order of value."""
    added: dict[str, Counter[str]] = {}
    for facets in counts:
        for name, own in facets.items():
            added.setdefault(name, Counter()).update(own)
    return {name: _most_frequent(own, _value_of(name, schema)) for name, own in added.items()}


def _most_frequent(counts: Mapping[str, int], value: Callable[[str], Any]) -> dict[str, int]:
    order = sorted(counts.items(), key=lambda item: (-item[1], value(item[0])))
    return dict(order[:FACET_VALUES])


def _value_of(name: str, schema: Schema) -> Callable[[str], Any]:
    """Return the function that makes the value of a facet comparable."""
    numeric = not is_period(schema, name) and schema.facet_field(name).kind in ("int", "float")
    return float if numeric else str
