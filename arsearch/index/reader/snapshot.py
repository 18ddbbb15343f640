"""Read one commit as if it were one segment.

Documents are numbered through all segments, in order of adding. The reader never changes. It derives further values from
the segments on first use, and keeps them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from arsearch.concurrency import cached_property
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.doc_values import NO_NUMBER
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.commits.manifest import Manifest
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.cache import ClockCache, Memo
from arsearch.index.reader.root_families import Family, FamilyPostings, family_postings, family_stems, find_family
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.segment_postings import only_live, union_occurrences, union_postings
from arsearch.index.store.directory import Directory
from arsearch.minhash import SIGNATURE_SIZE
from arsearch.model import Article
from arsearch.model.schema import EDITION, WORK, Field, Schema
from arsearch.search.statistics import CollectionStatistics

if TYPE_CHECKING:
    from arsearch.index.reader.keywords import KeywordValues

__all__ = ["FieldAlignments", "IndexReader", "concatenated"]

_SPELLINGS_BYTES = 8 << 20
_STEM_BYTES = 400
_FORM_BYTES = 120
"""The memory of the cache of spellings; the approximate memory of a stem in it, and of each of the stem's forms."""

_ALIGNMENTS_BYTES = 32 << 20
"""The memory of the cache of field alignments."""

_SLOW_POSTINGS_BYTES = 32 << 20
"""The memory of the cache of the postings of patterns, misspelt words and phrases."""

_MAX_COUNTS = 50_000
"""The maximum number of cached document counts."""

FieldAlignments = Sequence[tuple[Array, Array]]
"""For each field of a term except its largest: the places of its documents in the largest, and a mask of those there."""

Choose = Callable[[SegmentReader], "Sequence[int] | Array"]
"""Returns the ordinals of the chosen terms of a segment, in ascending order."""


class IndexReader:
    """A read-only view of one commit; threads may share it."""

    def __init__(
        self,
        manifest: Manifest,
        segments: Iterable[SegmentReader],
        collection: CollectionStatistics | None = None,
    ) -> None:
        """Read the segments of a commit; `collection` has the figures of scores if other indexes are searched too."""
        self.manifest = manifest
        self.collection = collection
        self.schema = Schema(manifest.fields)
        self.segments = tuple(segments)
        self.bases: list[int] = [0, *np.cumsum([segment.docs for segment in self.segments], dtype=np.int64).tolist()]
        """The number of the first document of each segment, and last the number of all documents."""
        self.docs: int = self.bases[-1]
        """The number of documents, deleted ones included."""
        self.count = sum(info.live for info in manifest.segments)
        """The number of live documents."""
        self.alignments: ClockCache[FieldAlignments] = ClockCache(_ALIGNMENTS_BYTES)
        """The field alignments of terms (see `execution.bm25f`)."""
        self.slow_postings: ClockCache[tuple[Array, Array, int | None]] = ClockCache(_SLOW_POSTINGS_BYTES)
        """The postings of clauses that are slow to look up, and the limit that truncated an expansion (see `matching.lookup`)."""
        self._memo = Memo()
        self._spellings: ClockCache[frozenset[str]] = ClockCache(_SPELLINGS_BYTES)
        self._counts: dict[Hashable, int] = {}
        self._families: dict[str, Family] = {}

    @classmethod
    def open(
        cls,
        directory: Directory,
        manifest: Manifest,
        open_segments: Mapping[SegmentInfo, SegmentReader] | None = None,
    ) -> IndexReader:
        """Open the segments of a commit, except for the `open_segments` that it has in common with an earlier reader."""
        known = open_segments or {}
        return cls(manifest, (known.get(info) or SegmentReader(directory, info) for info in manifest.segments))

    def cached_count(self, key: Hashable, count: Callable[[], int]) -> int:
        """Return the count of `key`; the first call computes it."""
        cached = self._counts.get(key)
        return self._keep_count(key, count()) if cached is None else cached

    def _keep_count(self, key: Hashable, count: int) -> int:
        if len(self._counts) >= _MAX_COUNTS:
            self._counts.clear()
        self._counts[key] = count
        return count

    @cached_property
    def live(self) -> Array | None:
        """A mask of the live documents; `None` if no document is deleted."""
        if all(segment.live is None for segment in self.segments):
            return None
        masks = [np.ones(s.docs, bool) if s.live is None else s.live for s in self.segments]
        return np.concatenate(masks)

    def all_docs(self) -> Array:
        """Return all live documents, in ascending order."""
        return np.arange(self.docs) if self.live is None else np.flatnonzero(self.live)

    def resolve(self, doc: int) -> tuple[SegmentReader, int]:
        """Return the segment of a document, and its number there."""
        at = bisect_right(self.bases, doc) - 1
        return self.segments[at], doc - self.bases[at]

    def article(self, doc: int) -> Article:
        """Return the stored article of a document."""
        segment, local = self.resolve(doc)
        return segment.stored.article(local)

    def id(self, doc: int) -> str:
        """Return the id of a document."""
        segment, local = self.resolve(doc)
        return segment.id(local)

    def title(self, doc: int) -> str:
        """Return the title of a document."""
        segment, local = self.resolve(doc)
        return segment.title(local)

    def find(self, id: str) -> int:
        """Return the live document with an id, or -1."""
        for segment, base in zip(self.segments, self.bases, strict=False):
            doc = segment.find(id)
            if doc >= 0:
                return base + doc
        return -1

    def articles(self) -> Iterator[Article]:
        """Yield every live article, in order of adding."""
        for segment in self.segments:
            for doc in segment.live_docs().tolist():
                yield segment.stored.article(doc)

    def lengths(self, field: str) -> Array:
        """Return the length of a field in positions, by document, as 32-bit floats."""

        def build() -> Array:
            return concatenated([segment.lengths(field) for segment in self.segments]).astype(np.float32)

        return self._memo.get(("lengths", field), build)

    def norms(self, field: str, b: float, weight: float) -> Array:
        """Return `weight / (1 - b + b * length / average length)` of a field, by document, as 32-bit floats."""

        def build() -> Array:
            norms: Array = weight / ((1 - b) + (b / self.average_length(field)) * self.lengths(field))
            return norms.astype(np.float32)

        return self._memo.get(("norms", field, b, weight), build)

    @property
    def collection_size(self) -> int:
        """The number of live documents that are scored together."""
        return self.count if self.collection is None else self.collection.documents

    def average_length(self, field: str) -> float:
        """Return the mean length of a field over the documents scored together that have it; 1 if none has."""

        def build() -> float:
            if self.collection is not None:
                return self.collection.average_length(field)
            total, count = self.total_length(field)
            return total / count if count else 1.0

        return self._memo.get(("average length", field), build)

    def forget_postings(self) -> None:
        """Empty the cache of slow postings."""
        self.slow_postings = ClockCache(_SLOW_POSTINGS_BYTES)

    def total_length(self, field: str) -> tuple[float, int]:
        """Return the sum of the lengths of a field in live documents, and the number of live documents with the field."""
        lengths = self.lengths(field) if self.live is None else self.lengths(field)[self.live]
        return float(lengths.sum(dtype=np.float64)), int(np.count_nonzero(lengths))

    def postings(self, field: str, level: str, choose: Choose, budget: SearchBudget) -> tuple[Array, Array]:
        """Return the live documents with any of the chosen terms, in ascending order, and the terms' frequency in each.

        Some are missing if time runs out.
        """
        docs, freqs = [], []
        for segment, base in zip(self.segments, self.bases, strict=False):
            postings = segment.postings(field, level)
            terms = choose(segment) if postings is not None else ()
            if postings is None or not len(terms):
                continue
            found, counts = union_postings(segment, postings, terms, budget)
            docs.append(found.astype(np.int64) + base)
            freqs.append(counts)
        return concatenated(docs), concatenated(freqs)

    def term_in_segments(self, field: str, level: str, term: str) -> list[tuple[SegmentReader, int, Postings, int]]:
        """Return each segment with a term, its first document, its postings, and the ordinal of the term."""
        found = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            postings = segment.postings(field, level)
            ordinal = postings.terms.find(term) if postings is not None else -1
            if postings is not None and ordinal >= 0:
                found.append((segment, base, postings, ordinal))
        return found

    def term_postings(self, field: str, level: str, term: str) -> tuple[Array, Array]:
        """Return the live documents with a term, in ascending order, and its frequency in each."""
        parts = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            found = segment.term_postings(field, level, term)
            if found is not None:
                live, counts = only_live(segment, found.docs, found.freqs)
                parts.append((live + np.int64(base) if base else live, counts))
        if len(parts) == 1:
            return parts[0]
        return concatenated([docs for docs, _ in parts]), concatenated([freqs for _, freqs in parts])

    def term_bound(self, field: str, level: str, term: str, b: float, weight: float) -> float:
        """Return a bound of `weight * frequency / (1 - b + b * length / average length)` of a term in any document."""
        slope = b / self.average_length(field)
        bound = 0.0
        for _, _, postings, ordinal in self.term_in_segments(field, level, term):
            freqs, lengths = postings.block_bounds(ordinal)
            bound = max(bound, float((freqs / ((1 - b) + slope * lengths)).max()))
        return weight * bound

    def doc_frequency(self, field: str, level: str, term: str) -> int:
        """Return the number of documents with a term, deleted ones included."""
        key = field, level, term
        cached = self._counts.get(key)  # every search asks for the terms of its pairs
        return self._keep_count(key, self._count_postings(*key)) if cached is None else cached

    def doc_frequencies(self, field: str, level: str, terms: Sequence[str]) -> list[int]:
        """Return the number of documents with each of some terms, deleted ones included."""
        counts = [0] * len(terms)
        for segment in self.segments:
            postings = segment.postings(field, level)
            for at, ordinal in enumerate(postings.terms.find_many(terms) if postings is not None else ()):
                if postings is not None and ordinal >= 0:
                    low, high = postings.posting_offsets.bounds(ordinal)
                    counts[at] += high - low
        return counts

    def _count_postings(self, field: str, level: str, term: str) -> int:
        total = 0
        for _, _, postings, ordinal in self.term_in_segments(field, level, term):
            low, high = postings.posting_offsets.bounds(ordinal)
            total += high - low
        return total

    def occurrences(self, field: str, level: str, choose: Choose, budget: SearchBudget) -> Array:
        """Return where any of the chosen terms occur in live documents: `document << 32 | position`, ascending, distinct.

        Some are missing if time runs out.
        """
        keys = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            postings = segment.postings(field, level)
            terms = choose(segment) if postings is not None else ()
            if postings is not None and len(terms):
                keys.append(union_occurrences(segment, postings, terms, budget) + (base << 32))
        return concatenated(keys)

    def spellings(self, stems: Collection[str], fields: Sequence[str]) -> set[str]:
        """Return the normalised terms of some stems, in any of the fields."""
        spellings: set[str] = set()
        missing = []
        for stem in stems:
            forms = self._spellings.get((stem, *fields))
            if forms is None:
                missing.append(stem)
            else:
                spellings |= forms
        if missing:
            columns = [segment.spellings(missing, field) for segment in self.segments for field in fields]
            for stem, *listed in zip(missing, *columns, strict=True):
                forms = frozenset[str]().union(*listed)
                self._spellings.put((stem, *fields), forms, _STEM_BYTES + _FORM_BYTES * len(forms))
                spellings |= forms
        return spellings

    def family(self, stem: str) -> Family:
        """Return the root family of a stem."""
        family = self._families.get(stem)
        if family is None:
            if len(self._families) >= _MAX_COUNTS:
                self._families.clear()
            family = self._families[stem] = find_family(self.segments, stem)
        return family

    def family_stems(self, stem: str) -> set[str]:
        """Return at least the stems of the family of a stem that default fields have, and the stem itself."""
        ordinals = zip(self.segments, self.family(stem).ordinals, strict=True)
        return {stem}.union(*(family_stems(segment, stem, ordinal) for segment, ordinal in ordinals))

    def family_postings(self, stem: str, fields: Sequence[str], budget: SearchBudget) -> FamilyPostings:
        """Return the live documents with a word of the family of a stem, and its frequency there in each field."""
        family = self.family(stem)
        parts = [
            family_postings(segment, stem, family, ordinal, fields, budget)
            for segment, ordinal in zip(self.segments, family.ordinals, strict=True)
        ]
        if len(parts) == 1:
            return parts[0]
        docs = [part.docs.astype(np.int64) + base for part, base in zip(parts, self.bases, strict=False)]
        columns = zip(*(part.freqs for part in parts), strict=True) if parts else ([] for _ in fields)
        return FamilyPostings(concatenated(docs), [concatenated(list(column)) for column in columns])

    def signatures(self) -> Array:
        """Return the MinHash signatures that identify near-duplicates: a row of bytes for each document."""
        empty = np.zeros((0, SIGNATURE_SIZE), np.uint8)
        return self._memo.get("signatures", lambda: concatenated([s.signatures() for s in self.segments], empty))

    def keywords(self, field: Field) -> KeywordValues:
        """Return the values of a keyword field."""
        from arsearch.index.reader.keywords import join_keywords  # few searches need it

        def build() -> KeywordValues:
            return join_keywords([segment.doc_values(field) for segment in self.segments], self.bases)

        return self._memo.get(("keywords", field.name), build)

    @cached_property
    def has_works(self) -> bool:
        """Whether any document belongs to a work."""
        return any(segment.has_works for segment in self.segments)

    @cached_property
    def article_count(self) -> int:
        """The number of live articles: a work counts once, whatever its parts."""
        if not self.has_works:
            return self.count
        parts = (self.numbers(EDITION) < 0) & (self.numbers(EDITION) != NO_NUMBER)
        return self.count - int(np.count_nonzero(parts if self.live is None else parts & self.live))

    def works(self) -> Array:
        """Return the ordinal of the work of each document, -1 for a document without a work."""
        return self._memo.get("works", lambda: self.keywords(WORK).first_ordinals(self.docs))

    def with_parts(self, docs: Array) -> Array:
        """Return live documents, and the live parts of the works whose heads are among them, in ascending order."""
        heads = docs[self.numbers(EDITION)[docs] > 0]
        chosen = np.zeros(self.docs, bool)
        chosen[docs] = True
        if len(heads):
            works = self.works()
            chosen |= np.isin(works, works[heads]) & (works >= 0)
        return np.flatnonzero(chosen if self.live is None else chosen & self.live)

    def with_works(self, docs: Array) -> Array:
        """Return live documents, and all live documents of their works, in ascending order."""
        if not self.has_works:
            return docs
        works = self.works()
        chosen = np.isin(works, works[docs]) & (works >= 0)
        chosen[docs] = True
        return np.flatnonzero(chosen if self.live is None else chosen & self.live)

    def one_of_each_work(self, docs: Array) -> Array:
        """Return the documents of `docs` without those whose work has an earlier one in `docs`."""
        if not self.has_works:
            return docs
        works = self.works()[docs]
        kept = works < 0
        kept[np.unique(works, return_index=True)[1]] = True
        one: Array = docs[kept]
        return one

    def numbers(self, field: Field) -> Array:
        """Return the values of a date, int or float field, by document; see `codec.doc_values` for missing values."""

        def build() -> Array:
            empty = np.empty(0, np.float64 if field.kind == "float" else np.int64)
            return concatenated([np.asarray(segment.doc_values(field)) for segment in self.segments], empty)

        return self._memo.get(("numbers", field.name), build)

    def largest(self, field: Field, limit: int) -> int | None:
        """Return the largest value of a date or int field in a live document that is at most `limit`, or `None`."""

        def build() -> Array:
            numbers = self.numbers(field) if self.live is None else self.numbers(field)[self.live]
            return np.unique(numbers[numbers != NO_NUMBER])

        values = self._memo.get(("values", field.name), build)
        at = int(np.searchsorted(values, limit, "right"))
        return int(values[at - 1]) if at else None


def concatenated(parts: Sequence[Array], empty: Array | None = None) -> Array:
    """Return arrays one after another as one; without arrays `empty`, or no 64-bit integers."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return np.empty(0, np.int64) if empty is None else empty
    return np.concatenate(parts)
