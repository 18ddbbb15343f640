"""Combine replacements of words into proposals for a whole query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple

from arsearch.suggest.candidates import Candidate

__all__ = ["MAX_COMBINATIONS", "Correctable", "Replacements", "combinations", "replaced", "score_of"]

MAX_COMBINATIONS = 24
"""The maximum number of combinations of candidates for the missing words, and of candidates for one word."""


class Correctable(NamedTuple):
    """The span `[start, end)` of a query and its candidates, best first; `missing` if no article has the words there."""

    start: int
    end: int
    missing: bool
    candidates: tuple[Candidate, ...]


Replacements = tuple[tuple[Correctable, Candidate], ...]
"""Spans of a query, each with the candidate that replaces it."""


def combinations(correctables: Sequence[Correctable]) -> list[Replacements]:
    """Return the replacements of all missing words, without and with one of a word that articles have."""
    missing = [one for one in correctables if one.missing]
    width = max(1, int(MAX_COMBINATIONS ** (1 / max(1, len(missing)))))
    bases = [
        tuple(zip(missing, chosen, strict=True)) for chosen in product(*(one.candidates[:width] for one in missing))
    ]
    single = [(one, candidate) for one in correctables if not one.missing for candidate in one.candidates]
    return [*bases, *((*base, one) for base in bases for one in single)]


def score_of(replacements: Replacements) -> float:
    """Return the sum of the candidates' scores."""
    return sum(candidate.score for _, candidate in replacements)


def replaced(text: str, replacements: Replacements, write: Callable[[tuple[str, ...]], str]) -> str:
    """Return the text with its replacements; `write` writes the terms of a candidate."""
    for span, candidate in sorted(replacements, key=lambda one: -one[0].start):
        text = text[: span.start] + write(candidate.terms) + text[span.end :]
    return text
