"""One commit, opened for reading, as if it were one segment.

Documents are numbered across segments in order of adding. Everything here is read-only and may be
used by many threads; what is derived from the segments is made when first asked for and kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np

from arsearch.index.codec.array_file import Array, differences
from arsearch.index.codec.checked_array import VerifiedArray
from arsearch.index.codec.doc_values import SortedSetDocValues
from arsearch.index.codec.minhash import SIGNATURE_SIZE
from arsearch.index.codec.ranges import concat_ranges
from arsearch.index.commits.manifest import Manifest
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.cache import ClockCache
from arsearch.index.reader.segment import NORMALISED, SegmentReader
from arsearch.index.store.directory import Directory
from arsearch.model import Article
from arsearch.model.schema import Field, Schema

__all__ = ["FieldAlignments", "IndexReader", "Keywords"]

_T = TypeVar("_T")
_AT_ONCE = 1 << 20  # postings of many terms that are added up at a time
_SPELT_BYTES = 8 * 1024 * 1024  # what the spellings of the stems last asked for may take
_STEM_BYTES = 400  # about, of a stem without spellings
_FORM_BYTES = 120  # about, of a spelling
_JOINS_BYTES = 32 * 1024 * 1024
_COUNTS = 50_000  # counts of documents that are kept
FieldAlignments = Sequence[tuple[Array, Array]]
Choose = Callable[[SegmentReader], "Sequence[int] | Array"]


class Keywords(NamedTuple):
    """A keyword field of all segments: distinct values, sorted, and pairs of document and value ordinal."""

    values: list[str]
    docs: Array
    ordinals: Array

    def best(self, total: int) -> Array:
        """One ordinal a document, its first; -1 for documents without a value."""
        column = np.full(total, -1, np.int64)
        column[self.docs[::-1]] = self.ordinals[::-1]
        return column


class IndexReader:
    """The segments of one commit."""

    def __init__(
        self, directory: Directory, manifest: Manifest, known: dict[object, SegmentReader] | None = None
    ) -> None:
        self.manifest = manifest
        self.schema = Schema(manifest.fields)
        known = known or {}
        self.segments = tuple(known.get(info) or SegmentReader(directory, info) for info in manifest.segments)
        self.bases: list[int] = [0, *np.cumsum([segment.docs for segment in self.segments], dtype=np.int64).tolist()]
        self.docs: int = self.bases[-1]
        self.count = sum(info.live for info in manifest.segments)
        self._kept: dict[tuple[Hashable, str], object] = {}
        self._spelt: ClockCache[frozenset[str]] = ClockCache(_SPELT_BYTES)
        self._counts: dict[Hashable, int] = {}
        self.joins: ClockCache[FieldAlignments] = ClockCache(_JOINS_BYTES)
        """Where the documents of a word in shorter lists stand in its longest one."""

    def _keep(self, kind: Hashable, name: str, make: Callable[[], _T]) -> _T:
        # Two threads may both make it; either result will do.
        key = (kind, name)
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[return-value]

    def counted(self, key: Hashable, count: Callable[[], int]) -> int:
        """What `count` gives, which is asked once for each of many keys."""
        found = self._counts.get(key)
        if found is None:
            if len(self._counts) >= _COUNTS:
                self._counts.clear()
            found = self._counts[key] = count()
        return found

    @cached_property
    def live(self) -> Array | None:
        """Which documents are not deleted; `None` if none is."""
        if all(segment.live is None for segment in self.segments):
            return None
        masks = [np.ones(s.docs, bool) if s.live is None else s.live for s in self.segments]
        return np.concatenate(masks)

    def all_docs(self) -> Array:
        """Every live document, rising."""
        return np.arange(self.docs) if self.live is None else np.flatnonzero(self.live)

    def resolve(self, doc: int) -> tuple[SegmentReader, int]:
        """A document's segment, and its number there."""
        at = bisect_right(self.bases, doc) - 1
        return self.segments[at], doc - self.bases[at]

    def article(self, doc: int) -> Article:
        """The stored article."""
        segment, local = self.resolve(doc)
        return segment.stored.article(local)

    def id(self, doc: int) -> str:
        """The article's id."""
        segment, local = self.resolve(doc)
        return segment.id(local)

    def find(self, id: str) -> int:
        """The document with that id, or -1."""
        for segment, base in zip(self.segments, self.bases, strict=False):
            doc = segment.find(id)
            if doc >= 0:
                return base + doc
        return -1

    def articles(self) -> Iterator[Article]:
        """Every live article, in order of adding."""
        for segment in self.segments:
            for doc in segment.live_docs().tolist():
                yield segment.stored.article(doc)

    def lengths(self, field: str) -> Array:
        """The number of positions of a field, by document."""
        return self._keep(
            "length", field, lambda: _concatenate([s.lengths(field) for s in self.segments]).astype(np.float32)
        )

    def norms(self, field: str, b: float, weight: float) -> Array:
        """`weight / (1 - b + b * length / average length)` of a field, by document."""

        def make() -> Array:
            norms: Array = weight / ((1 - b) + (b / self.average_length(field)) * self.lengths(field))
            return norms.astype(np.float32)

        return self._keep(("norms", b, weight), field, make)

    def average_length(self, field: str) -> float:
        """The mean length of a field over the live documents that have it; 1 if none has."""

        def mean() -> float:
            lengths = self.lengths(field) if self.live is None else self.lengths(field)[self.live]
            having = np.count_nonzero(lengths)
            return float(lengths.sum(dtype=np.float64)) / having if having else 1.0

        return self._keep("average", field, mean)

    def postings(self, field: str, level: str, choose: Choose, budget: SearchBudget) -> tuple[Array, Array]:
        """The live documents that hold any of the chosen terms of each segment, rising, and how often.

        `choose` gets a segment and returns ordinals of its terms. Some are missing when time runs out.
        """
        docs, freqs = [], []
        for segment, base in zip(self.segments, self.bases, strict=False):
            lists = segment.postings(field, level)
            terms = choose(segment) if lists is not None else ()
            if lists is None or not len(terms):
                continue
            if len(terms) == 1:
                found, counts = lists.postings(int(terms[0]))
            else:
                sums = np.zeros(segment.docs)
                for some in _runs(lists.posting_offsets, np.asarray(terms)):
                    if not budget.in_time():
                        break
                    index = _ranges(lists.posting_offsets, some)
                    sums += np.bincount(lists.docs[index], weights=lists.freqs[index], minlength=segment.docs)
                found = np.flatnonzero(sums)
                counts = sums[found]
            if segment.live is not None:
                kept = segment.live[found]
                found, counts = found[kept], counts[kept]
            docs.append(found.astype(np.int64) + base)
            freqs.append(counts)
        return _concatenate(docs), _concatenate(freqs)

    def term_postings(self, field: str, level: str, term: str) -> tuple[Array, Array]:
        """As `postings`, of one term."""
        docs, freqs = [], []
        for segment, base in zip(self.segments, self.bases, strict=False):
            lists = segment.postings(field, level)
            ordinal = lists.terms.find(term) if lists is not None else -1
            if lists is None or ordinal < 0:
                continue
            found, counts = lists.postings(ordinal)
            if segment.live is not None:
                kept = segment.live[found]
                found, counts = found[kept], counts[kept]
            docs.append(found + np.int64(base) if base else found)
            freqs.append(counts)
        return _concatenate(docs), _concatenate(freqs)

    def term_bound(self, field: str, level: str, term: str, b: float, weight: float) -> float:
        """No document has more of `weight * frequency / (1 - b + b * length / average length)` for a term."""
        slope = b / self.average_length(field)
        most = 0.0
        for segment in self.segments:
            lists = segment.postings(field, level)
            ordinal = lists.terms.find(term) if lists is not None else -1
            if lists is not None and ordinal >= 0:
                freqs, lengths = lists.block_bounds(ordinal)
                most = max(most, float((freqs / ((1 - b) + slope * lengths)).max()))
        return weight * most

    def occurrences(self, field: str, level: str, choose: Choose) -> Array:
        """Where the chosen terms stand in live documents: `document << 32 | position`, rising and distinct."""
        keys = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            lists = segment.postings(field, level)
            terms = choose(segment) if lists is not None else ()
            if lists is None or not len(terms):
                continue
            parts = []
            for term in terms:
                docs, positions = lists.occurrences(int(term))
                if segment.live is not None:
                    kept = segment.live[docs]
                    docs, positions = docs[kept], positions[kept]
                parts.append((docs.astype(np.int64) + base) << 32 | positions)
            keys.append(parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts)))
        return _concatenate(keys)

    def surface_form_occurrences(self, field: str, term: str, wanted: Callable[[str], bool]) -> Array:
        """Where a normalised term stands in live documents, written in a wanted way: as `occurrences`."""
        keys = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            lists, written = segment.postings(field, NORMALISED), segment.surface_forms(field)
            ordinal = lists.terms.find(term) if lists is not None else -1
            if lists is None or written is None or ordinal < 0:
                continue
            ways = written.surface_forms(ordinal)
            chosen = [number for number, way in enumerate(ways) if wanted(way)]
            if not chosen:
                continue
            whole = len(chosen) == len(ways)
            docs, positions = lists.occurrences(ordinal) if whole else written.occurrences(ordinal, chosen)
            if segment.live is not None:
                kept = segment.live[docs]
                docs, positions = docs[kept], positions[kept]
            keys.append((docs.astype(np.int64) + base) << 32 | positions)
        return _concatenate(keys)

    def occurrences_in(self, field: str, level: str, term: str, docs: Array) -> Array:
        """Where one term stands in some live documents, which rise: as `occurrences`, and no more work than needed."""
        keys = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            lists = segment.postings(field, level)
            ordinal = lists.terms.find(term) if lists else -1
            if lists is None or ordinal < 0:
                continue
            low, high = np.searchsorted(docs, (base, base + segment.docs))
            keys.append(lists.occurrences_in(ordinal, docs[low:high] - base) + (base << 32))
        return _concatenate(keys)

    def doc_frequency(self, field: str, level: str, term: str) -> int:
        """How many documents, deleted ones among them, hold a term."""
        total = 0
        for segment in self.segments:
            lists = segment.postings(field, level)
            ordinal = lists.terms.find(term) if lists else -1
            if lists is not None and ordinal >= 0:
                total += int(lists.posting_offsets[ordinal + 1]) - int(lists.posting_offsets[ordinal])
        return total

    def spellings(self, stems: Collection[str], fields: Sequence[str]) -> set[str]:
        """The normalised terms of some stems, in any of the fields."""
        found: set[str] = set()
        for stem in stems:
            key = (stem, *fields)
            forms = self._spelt.get(key)
            if forms is None:
                forms = frozenset(
                    form for segment in self.segments for field in fields for form in segment.spellings(stem, field)
                )
                self._spelt.put(key, forms, _STEM_BYTES + _FORM_BYTES * len(forms))
            found |= forms
        return found

    def signatures(self) -> Array:
        """By which near-duplicates are told: a row of bytes a document."""
        empty = np.zeros((0, SIGNATURE_SIZE), np.uint8)
        return self._keep("sketches", "", lambda: _concatenate([s.signatures() for s in self.segments], empty))

    def keywords(self, field: Field) -> Keywords:
        """A keyword field's values across segments."""
        return self._keep("keywords", field.name, lambda: self._keywords(field))

    def _keywords(self, field: Field) -> Keywords:
        columns = [segment.doc_values(field) for segment in self.segments]
        names = [list(column.values) for column in columns if isinstance(column, SortedSetDocValues)]
        values = sorted({name for group in names for name in group})
        place = {name: i for i, name in enumerate(values)}
        docs, ordinals = [], []
        for column, group, base in zip(columns, names, self.bases, strict=False):
            assert isinstance(column, SortedSetDocValues)
            remap = np.array([place[name] for name in group], np.int64)
            docs.append(np.repeat(np.arange(len(column.first) - 1) + base, differences(column.first)))
            ordinals.append(remap[column.ordinals] if len(group) else np.empty(0, np.int64))
        return Keywords(values, _concatenate(docs), _concatenate(ordinals))

    def numbers(self, field: Field) -> Array:
        """A date, int or float field by document; see `columns` for what stands for none."""
        return self._keep(
            "numbers",
            field.name,
            lambda: _concatenate([np.asarray(segment.doc_values(field)) for segment in self.segments], _empty(field)),
        )


def _empty(field: Field) -> Array:
    return np.empty(0, np.float64 if field.kind == "float" else np.int64)


def _concatenate(parts: Sequence[Array], empty: Array | None = None) -> Array:
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return np.empty(0, np.int64) if empty is None else empty
    return np.concatenate(parts)


def _runs(first: VerifiedArray, terms: Array) -> Iterator[Array]:
    """`terms`, which rise, in runs of about `_AT_ONCE` postings at most."""
    ends = np.cumsum(first[terms + 1].astype(np.int64) - first[terms])
    low = 0
    while low < len(terms):
        before = int(ends[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(ends, before + _AT_ONCE, "right")))
        yield terms[low:high]
        low = high


def _ranges(first: VerifiedArray, terms: Array) -> Array | slice:
    """The indices of all postings of `terms`, which rise."""
    starts, ends = first[terms].astype(np.int64), first[terms + 1].astype(np.int64)
    if int(terms[-1]) - int(terms[0]) + 1 == len(terms):  # neighbours: one stretch
        return slice(int(starts[0]), int(ends[-1]))
    return concat_ranges(starts, ends - starts)
