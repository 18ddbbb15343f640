"""The terms of all members, for corrections and completions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from arsearch.federation.member import Member
from arsearch.model.schema import STEM, Schema
from arsearch.search.clauses import PhraseClause, TermClause, TermsClause
from arsearch.suggest.term_source import CloseTerm, TermSource, Words

__all__ = ["FederatedTerms"]


class FederatedTerms:
    """Asks all members until a deadline; see `arsearch.suggest.term_source.TermSource`. Counts are sums over the members.

    Methods raise TimeUpError after the deadline.
    """

    def __init__(self, members: Sequence[Member], schema: Schema, deadline: float | None) -> None:
        self.schema = schema
        self._members = members
        self._deadline = deadline
        self._sources: list[TermSource] = [member.term_source(deadline) for member in members]
        self._fields = [field.name for field in schema if field.default]

    @property
    def documents(self) -> int:
        """The number of documents."""
        return sum(source.documents for source in self._sources)

    def frequencies(self, level: str, terms: Sequence[str]) -> list[int]:
        """Return the number of articles with each term of a level, in the default field where most have it."""
        return self._most([TermsClause(level, (term,)) for term in terms], self._fields)

    def phrase_frequencies(self, phrases: Sequence[PhraseClause], fields: Sequence[str]) -> list[int]:
        """Return the number of articles with each phrase, in the field where most have it."""
        return self._most(phrases, fields)

    def _most(self, clauses: Sequence[TermClause], fields: Sequence[str]) -> list[int]:
        keys = [(clause, (field,)) for clause in clauses for field in fields]
        columns = [member.frequencies(keys, self._deadline) for member in self._members]
        counts = list(map(sum, zip(*columns, strict=True)))
        return [max(counts[at : at + len(fields)]) for at in range(0, len(counts), len(fields))]

    def close_terms(self, word: str, max_cost: int, cost_weight: float, limit: int) -> list[CloseTerm]:
        """Return the terms of default fields within `max_cost` of a word, at most `limit` of each field of a member."""
        return [close for one in self._sources for close in one.close_terms(word, max_cost, cost_weight, limit)]

    def stem_counts(self, stems: Sequence[str], groups: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
        """Return the number of articles with each stem in any default field, and with all stems of each group."""
        fields = tuple(self._fields)
        keys = [(TermsClause(STEM, (stem,)), fields) for stem in stems]
        single = [member.frequencies(keys, self._deadline) for member in self._members]
        together = [source.stem_counts(stems, groups)[1] for source in self._sources]
        return _added(single), _added(together)

    def prefixed_terms(self, prefix: str, field: str, limit: int) -> Mapping[str, int]:
        """Return the most common normalised terms with a prefix: at most `limit` of each member, with their articles."""
        found: Counter[str] = Counter()
        for source in self._sources:
            found.update(source.prefixed_terms(prefix, field, limit))
        return found

    def counts(self, needed: Sequence[Words], choices: Sequence[Words]) -> list[int]:
        """Return the number of articles with everything in `needed` and each of the `choices`."""
        return _added([source.counts(needed, choices) for source in self._sources])

    def newest_titles(self, needed: Sequence[Sequence[Words]], limit: int) -> Iterator[str]:
        """Yield the titles of the newest articles of each member with everything in any item of `needed`.

        They are at most `limit` for each member and item.
        """
        return chain.from_iterable(source.newest_titles(needed, limit) for source in self._sources)

    def texts(self, term: str, field: str, limit: int) -> Iterator[str]:
        """Yield the field of the first articles that have a normalised term there, at most `limit`."""
        return islice(chain.from_iterable(source.texts(term, field, limit) for source in self._sources), limit)


def _added(columns: Sequence[Sequence[int]]) -> list[int]:
    return list(map(sum, zip(*columns, strict=True)))
