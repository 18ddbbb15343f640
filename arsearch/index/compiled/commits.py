"""The postings of a commit as objects of the extension, which looks up the terms of a query in all segments at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from arsearch.index.codec.packed_array import Numbers, PackedArray
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.root_postings import RootPostings
from arsearch.index.codec.term_dictionary import TermDictionary
from arsearch.index.execution.bm25f import field_constants, field_norms
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import NORMALISED, STEM
from arsearch.search.ranking import Ranking

__all__ = ["CompiledCommits"]

_MAX_COMMITS = 100
"""The combinations of fields whose objects are kept."""


class CompiledCommits:
    """Makes an object of the extension `native` for each combination of fields that is searched. Threads may share it."""

    def __init__(self, native: Any, reader: IndexReader, ranking: Ranking) -> None:
        self._native = native
        self._reader = reader
        self._ranking = ranking
        self._commits: dict[tuple[str, ...], Any] = {}
        self._postings: dict[tuple[int, str, str], Any] = {}

    def of(self, fields: tuple[str, ...]) -> Any:
        """Return the `_native.Commit` of some fields; `None` if a document that has a word in them may score 0."""
        if fields not in self._commits:
            if len(self._commits) >= _MAX_COMMITS:
                self._commits.clear()
            self._commits[fields] = self._commit(fields)
        return self._commits[fields]

    def _commit(self, fields: tuple[str, ...]) -> Any:
        reader, ranking = self._reader, self._ranking
        weights = [field_constants(ranking, field)[1] for field in fields]
        if not ranking.k1 > 0 or min(weights, default=0) <= 0:
            return None
        segments = tuple(
            self._segment(number, segment, reader.bases[number], fields)
            for number, segment in enumerate(reader.segments)
        )
        norms = tuple(field_norms(reader, ranking, field) for field in fields)
        return self._native.Commit(segments, norms, ranking.k1, reader.count, reader.docs)

    def _segment(self, number: int, segment: SegmentReader, base: int, fields: Sequence[str]) -> tuple[Any, ...]:
        """Return a segment as `_native.Commit` takes it."""
        roots, root_arrays = segment.roots(), None
        if roots is not None and len(fields) >= len(roots.fields) and all(map(segment.covers_roots_of, fields)):
            root_arrays = self._terms(roots.roots), roots.posting_offsets, roots.docs
        columns = tuple(
            (
                self._postings_of(number, segment, field, NORMALISED),
                self._postings_of(number, segment, field, STEM),
                *((None, None) if roots is None or root_arrays is None else _roots_of(roots, field)),
            )
            for field in fields
        )
        return base, segment.live, root_arrays, columns

    def _postings_of(self, number: int, segment: SegmentReader, field: str, level: str) -> Any:
        key = number, field, level
        if key not in self._postings:
            found = segment.postings(field, level)
            self._postings[key] = None if found is None else self._compiled(found)
        return self._postings[key]

    def _compiled(self, found: Postings) -> Any:
        freqs, positions = _numbers(found.freqs), _numbers(found.positions)
        arrays = found.posting_offsets, found.docs, freqs, found.position_offsets, positions
        return self._native.Postings(self._terms(found.terms), *arrays)

    def _terms(self, terms: TermDictionary) -> Any:
        try:
            return self._native.Terms(*terms.arrays())
        except ValueError as error:
            raise terms.impossible() from error


def _roots_of(roots: RootPostings, field: str) -> tuple[Any, Any]:
    """Return the ordinals of the roots of a field's stems, and the frequencies, as the extension takes them."""
    ordinals, freqs = roots.arrays(field)
    return ordinals, None if freqs is None else _numbers(freqs)


def _numbers(array: Numbers) -> Any:
    return array.arrays() if isinstance(array, PackedArray) else array
