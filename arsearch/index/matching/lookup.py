"""Look up term clauses in one field: documents and frequencies, or positions.

`postings` and `positions` dispatch on the type of a clause, and raise TypeError for an unknown type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import count_runs, distinct
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model import Level
from arsearch.model.schema import NORMALISED, STEM
from arsearch.search.clauses import (
    FuzzyClause,
    PatternClause,
    PhraseClause,
    RootClause,
    SurfaceFormClause,
    TermClause,
    TermsClause,
    UnionClause,
    WordClause,
)
from arsearch.snippets.vocalisation import agrees, vowels

if TYPE_CHECKING:
    from arsearch.index.reader.surface_forms import Matches

__all__ = ["TermLookup"]

_KEPT_BYTES = 64 << 20
"""The memory of the results that one execution keeps: a query may repeat words in phrases, and explanations repeat look-ups."""

_CLAUSE_BYTES = 1_000
"""About the memory of a clause."""

_SHARED = (PatternClause, FuzzyClause, PhraseClause)
"""The clauses whose postings later executions on the same commit may need again."""

_NO_TERMS = np.empty(0, np.int64)
_NO_DOCS = np.empty(0, np.int64)


class TermLookup:
    """Looks up term clauses in one commit, within a budget."""

    __slots__ = ("_analysed", "_analyzer", "_kept_positions", "_kept_postings", "_room", "budget", "reader")

    def __init__(self, reader: IndexReader, analyzer: ArabicAnalyzer, budget: SearchBudget | None = None) -> None:
        self.reader = reader
        self.budget = budget or SearchBudget()
        self._analyzer = analyzer
        self._analysed: dict[str, Form] = {}  # fields share forms
        self._kept_postings: dict[tuple[TermClause, str], tuple[Array, Array]] = {}
        self._kept_positions: dict[tuple[TermClause, str], Array] = {}
        self._room = _KEPT_BYTES

    def postings(self, clause: TermClause, field: str) -> tuple[Array, Array]:
        """Return the live documents that match in `field`, in ascending order, and the frequency in each.

        Documents may be missing if time runs out.
        """
        look_up = self._POSTINGS.get(type(clause))
        if look_up is None:
            raise TypeError(f"{type(clause).__name__} is not a term clause that this index can look up")
        if type(clause) is TermsClause or type(clause) is RootClause:  # as fast as keeping them
            return look_up(self, clause, field)
        found = self._kept_postings.get((clause, field))
        if found is None:
            shared = isinstance(clause, _SHARED)
            found = self._shared_postings(look_up, clause, field) if shared else look_up(self, clause, field)
            if self._has_room(*found):
                self._kept_postings[clause, field] = found
        return found

    def _shared_postings(
        self, look_up: Callable[..., tuple[Array, Array]], clause: TermClause, field: str
    ) -> tuple[Array, Array]:
        """Return the postings of a clause that one search looks up several times: to count, to score, and to explain."""
        shared = self.reader.slow_postings
        known = shared.get((clause, field))
        if known is not None:
            docs, freqs, limit = known
            if limit is not None:
                self.budget.truncated[str(clause)] = limit
            return docs, freqs
        others, self.budget.truncated = self.budget.truncated, {}
        docs, freqs = look_up(self, clause, field)
        limit = self.budget.truncated.get(str(clause))
        self.budget.truncated = others | self.budget.truncated
        size = docs.nbytes + freqs.nbytes + _CLAUSE_BYTES
        if not self.budget.timed_out and shared.may_hold(size):
            shared.put((clause, field), (docs, freqs, limit), size)
        return docs, freqs

    def _has_room(self, *arrays: Array) -> bool:
        """Tell whether arrays may be kept; none after time ran out, because they may be incomplete."""
        if self.budget.timed_out:
            return False
        size = sum(array.nbytes for array in arrays)
        if size > self._room:
            return False
        self._room -= size
        return True

    def positions(self, clause: TermClause, field: str) -> Array:
        """Return where a word of a phrase occurs in live documents: `document << 32 | position`, ascending, distinct."""
        found = self._kept_positions.get((clause, field))
        if found is not None:
            return found
        look_up = self._POSITIONS.get(type(clause))
        if look_up is None:
            raise TypeError(f"{type(clause).__name__} cannot be a word of a phrase")
        found = look_up(self, clause, field)
        if self._has_room(found):
            self._kept_positions[clause, field] = found
        return found

    def _terms_postings(self, clause: TermsClause, field: str) -> tuple[Array, Array]:
        if len(clause.terms) == 1:
            return self.reader.term_postings(field, clause.level, clause.terms[0])
        return self.reader.postings(field, clause.level, self._ordinals(clause, field), self.budget)

    def _terms_positions(self, clause: TermsClause, field: str) -> Array:
        return self.reader.occurrences(field, clause.level, self._ordinals(clause, field), self.budget)

    @staticmethod
    def _ordinals(clause: TermsClause, field: str) -> Callable[[SegmentReader], Sequence[int]]:
        def choose(segment: SegmentReader) -> Sequence[int]:
            postings = segment.postings(field, clause.level)
            ordinals = {postings.terms.find(term) for term in clause.terms} if postings else set()
            return sorted(ordinals - {-1})

        return choose

    def _word_postings(self, clause: WordClause, field: str) -> tuple[Array, Array]:
        return self.reader.postings(field, NORMALISED, self._forms(clause, field), self.budget)

    def _word_positions(self, clause: WordClause, field: str) -> Array:
        return self.reader.occurrences(field, NORMALISED, self._forms(clause, field), self.budget)

    def _forms(self, clause: WordClause, field: str) -> Callable[[SegmentReader], Sequence[int]]:
        def choose(segment: SegmentReader) -> Sequence[int]:
            stems, postings = segment.postings(field, STEM), segment.postings(field, NORMALISED)
            stem = stems.terms.find(clause.stem) if stems else -1
            if stem < 0 or postings is None:
                return []
            group = np.flatnonzero(segment.stem_of(field) == stem).tolist()
            return [ordinal for ordinal in group if self._is_form(clause, postings.terms[ordinal])]

        return choose

    def _is_form(self, clause: WordClause, normalised: str) -> bool:
        return any(term.word == clause.word for term in self._analyzer.form(normalised).terms)

    def _root_postings(self, clause: RootClause, field: str) -> tuple[Array, Array]:
        docs, (freqs,) = self.reader.family_postings(clause.stem, (field,), self.budget)
        return docs, freqs

    def _surface_form_postings(self, clause: SurfaceFormClause, field: str) -> tuple[Array, Array]:
        from arsearch.index.reader.surface_forms import surface_form_postings  # few searches need it

        return surface_form_postings(self.reader, field, clause.matcher.normalised, self._is_written_as(clause))

    def _surface_form_positions(self, clause: SurfaceFormClause, field: str) -> Array:
        from arsearch.index.reader.surface_forms import surface_form_occurrences  # few searches need it

        return surface_form_occurrences(self.reader, field, clause.matcher.normalised, self._is_written_as(clause))

    def _is_written_as(self, clause: SurfaceFormClause) -> Matches:
        """Return the function that tells whether a surface form matches a clause."""
        marks = vowels(clause.matcher.text) if clause.matcher.floor is Level.VOCALISED else None

        def matches(form: str) -> bool:
            if marks is not None and not agrees(marks, form):  # most forms, and analysing one takes longer
                return False
            analysed = self._analysed.get(form)
            if analysed is None:
                analysed = self._analysed[form] = self._analyzer.form(form)
            return any(clause.matcher.level(term, form) is not None for term in analysed.terms)

        return matches

    def _expanded_postings(self, clause: PatternClause | FuzzyClause, field: str) -> tuple[Array, Array]:
        return self.reader.postings(field, clause.level, self._expansion(clause, field), self.budget)

    def _expansion(self, clause: PatternClause | FuzzyClause, field: str) -> Callable[[SegmentReader], Array]:
        """Return the function that chooses the most frequent of the terms that a clause expands to."""

        def choose(segment: SegmentReader) -> Array:
            postings = segment.postings(field, clause.level)
            if postings is None:
                return _NO_TERMS
            if isinstance(clause, PatternClause):
                from arsearch.index.matching.wildcard import matching_terms  # few searches need it

                terms = matching_terms(postings.terms, clause.pattern)
            else:
                from arsearch.index.matching.fuzzy import terms_within  # few searches need it

                terms = terms_within(postings.terms, clause.word, clause.distance)
            return self.budget.most_frequent(str(clause), terms, postings.posting_offsets, clause.max_expansions)

        return choose

    def starts(self, clause: TermClause, field: str) -> Array:
        """Return where the occurrences of a clause start in live documents, as `positions` does."""
        match clause:
            case PhraseClause():
                return self._phrase_starts(clause, field)
            case UnionClause(parts):
                return distinct(np.concatenate([self.starts(part, field) for part in parts]))
            case RootClause(stem):
                stems = tuple(sorted(self.reader.family_stems(stem)))
                return self.positions(TermsClause(STEM, stems), field)
            case PatternClause() | FuzzyClause():
                return self.reader.occurrences(field, clause.level, self._expansion(clause, field), self.budget)
        return self.positions(clause, field)

    def _phrase_postings(self, clause: PhraseClause, field: str) -> tuple[Array, Array]:
        return count_runs(self._phrase_starts(clause, field) >> 32)

    def _phrase_starts(self, clause: PhraseClause, field: str) -> Array:
        from arsearch.index.matching.phrases import phrase_starts  # few searches need it

        columns: list[tuple[int, Array]] = []
        for position, word in clause.parts:
            if not self.budget.in_time():
                return _NO_DOCS
            positions = self.positions(word, field)
            if not len(positions):
                return _NO_DOCS
            columns.append((position, positions))
        return phrase_starts(columns, clause.slop)

    def _union_postings(self, clause: UnionClause, field: str) -> tuple[Array, Array]:
        postings = [self.postings(part, field) for part in clause.clauses]
        docs, at = np.unique(np.concatenate([docs for docs, _ in postings]), return_inverse=True)
        counts = np.bincount(at, np.concatenate([freqs for _, freqs in postings]), len(docs))
        return docs, counts.astype(np.int64)

    _POSTINGS: ClassVar[Mapping[type, Callable[..., tuple[Array, Array]]]] = {
        TermsClause: _terms_postings,
        WordClause: _word_postings,
        RootClause: _root_postings,
        SurfaceFormClause: _surface_form_postings,
        PatternClause: _expanded_postings,
        FuzzyClause: _expanded_postings,
        PhraseClause: _phrase_postings,
        UnionClause: _union_postings,
    }
    _POSITIONS: ClassVar[Mapping[type, Callable[..., Array]]] = {
        TermsClause: _terms_positions,
        WordClause: _word_positions,
        SurfaceFormClause: _surface_form_positions,
    }
