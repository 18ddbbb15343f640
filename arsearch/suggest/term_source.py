"""The protocol by which corrections and completions ask one commit for its terms and texts.

Methods take many questions at once, because a question to a cluster takes milliseconds. Each may raise an error of its back-end
when time runs out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from arsearch.model.schema import Schema
from arsearch.search.clauses import PhraseClause

__all__ = ["CloseTerm", "TermSource", "Words"]


class CloseTerm(NamedTuple):
    """A term near a word, the number of articles that have it, and the cost of the edits between the two."""

    term: str
    articles: int
    cost: float


class Words(NamedTuple):
    """Articles with any of some normalised terms in any of some fields."""

    terms: tuple[str, ...]
    fields: tuple[str, ...]


class TermSource(Protocol):
    """One commit. The default fields are those that a query without a field searches."""

    @property
    def schema(self) -> Schema:
        """The fields of the index."""
        ...

    @property
    def documents(self) -> int:
        """The number of documents."""
        ...

    def frequencies(self, level: str, terms: Sequence[str]) -> list[int]:
        """Return the number of articles with each term of a level, in the default field where most have it."""
        ...

    def close_terms(self, word: str, max_cost: int, cost_weight: float, limit: int) -> list[CloseTerm]:
        """Return the terms of default fields within `max_cost` of a word, without order.

        They are at most `limit` of each field or segment, the best by `log(articles + 1) - cost_weight * cost`.
        """
        ...

    def phrase_frequencies(self, phrases: Sequence[PhraseClause], fields: Sequence[str]) -> list[int]:
        """Return the number of articles with each phrase, in the field where most have it."""
        ...

    def stem_counts(self, stems: Sequence[str], groups: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
        """Return the number of articles with each stem in any default field, and with all stems of each group."""
        ...

    def prefixed_terms(self, prefix: str, field: str, limit: int) -> Mapping[str, int]:
        """Return at most `limit` of the most common normalised terms with a prefix, and the number of their articles."""
        ...

    def counts(self, needed: Sequence[Words], choices: Sequence[Words]) -> list[int]:
        """Return the number of articles with everything in `needed` and each of the `choices`."""
        ...

    def newest_titles(self, needed: Sequence[Sequence[Words]], limit: int) -> Iterator[str]:
        """Yield the titles of the newest articles with everything in any item of `needed`, at most `limit` for each item.

        They are in order of adding, each once.
        """
        ...

    def texts(self, term: str, field: str, limit: int) -> Iterator[str]:
        """Yield the field of the first articles that have a normalised term there, at most `limit`."""
        ...
