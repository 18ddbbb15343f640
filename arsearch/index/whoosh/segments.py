"""A read-only Whoosh codec for the segments of an index, and Whoosh's reader and searcher on a snapshot.

A stock `whoosh.searching.Searcher` runs on them, with Whoosh's queries, matchers, weightings and collectors. The fields
are those of `arsearch.index.whoosh.schema`; `id` has terms too. Articles are added through `arsearch.Index` only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from whoosh import reading as whoosh_reading
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage as WhooshFileStorage
from whoosh.reading import TermInfo, TermNotFound
from whoosh.searching import Searcher as WhooshSearcher

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.store.directory import FSDirectory
from arsearch.index.whoosh.matchers import PostingsMatcher, TermCursor
from arsearch.index.whoosh.schema import analysed_names, split_field_name, whoosh_schema

__all__ = ["ArsearchCodec", "WhooshSegment", "whoosh_reader", "whoosh_searcher"]


class WhooshSegment(base.Segment):  # type: ignore[misc]
    """A segment as an entry of a Whoosh table of contents."""

    def __init__(self, info: SegmentInfo, field_names: list[str]) -> None:
        self.indexname = "MAIN"
        self.segid = info.name
        self.compound = False
        self.info = info
        self.field_names = field_names

    def codec(self) -> ArsearchCodec:
        return ArsearchCodec()

    def segment_id(self) -> str:
        return self.info.name

    def should_assemble(self) -> bool:
        return False

    def doc_count_all(self) -> int:
        return self.info.docs

    def deleted_count(self) -> int:
        return self.info.deleted

    def open(self, storage: WhooshFileStorage) -> SegmentReader:
        """Open the segment in the folder of a Whoosh storage."""
        return SegmentReader(FSDirectory(storage.folder), self.info)


class ArsearchCodec(base.Codec):  # type: ignore[misc]
    """The codec of our segments; with an `opened` segment it reads that one, else it opens the segment at first use."""

    def __init__(self, opened: SegmentReader | None = None) -> None:
        self._opened = opened

    def _segment(self, storage: WhooshFileStorage, segment: WhooshSegment) -> SegmentReader:
        if self._opened is None:
            self._opened = segment.open(storage)
        return self._opened

    def terms_reader(self, storage: WhooshFileStorage, segment: WhooshSegment) -> TermsReader:
        return TermsReader(self._segment(storage, segment), segment.field_names)

    def per_document_reader(self, storage: WhooshFileStorage, segment: WhooshSegment) -> PerDocumentReader:
        return PerDocumentReader(self._segment(storage, segment), segment.field_names)


class PerDocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """The documents of a segment: counts, deletions, field lengths and stored fields."""

    def __init__(self, segment: SegmentReader, field_names: list[str]) -> None:
        self._segment = segment
        self._lengths = {
            name: segment.lengths(split_field_name(name)[0])
            for name in field_names
            if segment.postings(*split_field_name(name)) is not None
        }

    def doc_count(self) -> int:
        return self._segment.info.live

    def doc_count_all(self) -> int:
        return self._segment.docs

    def has_deletions(self) -> bool:
        return self._segment.info.deleted > 0

    def is_deleted(self, docnum: int) -> bool:
        live = self._segment.live
        return (
            live is not None and docnum < len(live) and not live[docnum]
        )  # Whoosh's Not reads one document past the end

    def deleted_docs(self) -> list[int]:
        deleted: list[int] = self._segment.deleted.tolist()
        return deleted

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self._lengths.get(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        return self._aggregate(fieldname, np.sum)

    def min_field_length(self, fieldname: str) -> int:
        return self._aggregate(fieldname, np.min)

    def max_field_length(self, fieldname: str) -> int:
        return self._aggregate(fieldname, np.max)

    def _aggregate(self, fieldname: str, function: Callable[[Array], Any]) -> int:
        lengths = self._lengths.get(fieldname)
        return 0 if lengths is None or not len(lengths) else int(function(lengths[:]))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return self._segment.stored.data(docnum)


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment, ordered by field and then by their bytes."""

    def __init__(self, segment: SegmentReader, field_names: list[str]) -> None:
        self._segment = segment
        postings = {name: segment.postings(*split_field_name(name)) for name in sorted(field_names)}
        self._postings = {name: found for name, found in postings.items() if found is not None}

    def _find(self, fieldname: str, text: bytes) -> tuple[Postings, int]:
        postings = self._postings.get(fieldname)
        ordinal = postings.terms.find(text.decode("utf-8", "replace")) if postings else -1
        if postings is None or ordinal < 0:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return postings, ordinal

    def _find_id(self, text: bytes) -> int:
        doc = self._segment.find(text.decode("utf-8", "replace"))
        if doc < 0:
            raise TermNotFound(f"id:{text!r}")
        return doc

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        try:
            self._find_id(term[1]) if term[0] == "id" else self._find(*term)
        except TermNotFound:
            return False
        return True

    def indexed_field_names(self) -> list[str]:
        return sorted([*self._postings, "id"])

    def _ids(self) -> list[bytes]:
        return sorted(self._segment.id(doc).encode() for doc in self._segment.live_docs().tolist())

    def _terms(self, fieldname: str, prefix: bytes) -> Iterator[bytes]:
        if fieldname == "id":
            ids = self._ids()
            yield from ids[bisect_left(ids, prefix) :]
        elif fieldname in self._postings:
            terms = self._postings[fieldname].terms
            yield from (term.encode() for term in terms.iterate_from(terms.lower_bound(prefix)))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            if name >= fieldname:
                for text in self._terms(name, prefix if name == fieldname else b""):
                    yield name, text

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return self.terms_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return self.items_from("", b"")

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        if fieldname == "id":
            doc = self._find_id(text)
            return TermInfo(1, 1, 1, 1, 1, doc, doc)
        postings, ordinal = self._find(fieldname, text)
        docs, freqs = postings.postings(ordinal)
        lengths = self._segment.lengths(split_field_name(fieldname)[0])[docs]
        return TermInfo(
            int(freqs.sum()),
            len(docs),
            int(lengths.min()),
            int(lengths.max()),
            int(freqs.max()),
            int(docs[0]),
            int(docs[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> int:
        return int(self.term_info(fieldname, text).weight()) if (fieldname, text) in self else 0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return int(self.term_info(fieldname, text).doc_frequency()) if (fieldname, text) in self else 0

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> PostingsMatcher:
        if fieldname == "id":
            doc = self._find_id(text)
            docs, freqs, positions = np.array([doc]), np.ones(1, int), np.zeros(1, int)
            return PostingsMatcher((fieldname, text), docs, freqs, positions, format_, scorer, (1, 1))
        postings, ordinal = self._find(fieldname, text)
        docs, freqs = postings.postings(ordinal)
        _, positions = postings.occurrences(ordinal)
        info = self.term_info(fieldname, text)
        bounds = (info.min_length(), info.max_length())
        return PostingsMatcher((fieldname, text), docs, freqs, positions, format_, scorer, bounds)

    def cursor(self, fieldname: str, fieldobj: Any) -> TermCursor:
        terms = self._ids() if fieldname == "id" else list(self._terms(fieldname, b""))
        return TermCursor(terms, fieldobj, lambda text: self.term_info(fieldname, text))


def whoosh_reader(reader: IndexReader, analyzer: ArabicAnalyzer) -> whoosh_reading.IndexReader:
    """Return a Whoosh reader on a snapshot."""
    schema = whoosh_schema(reader.schema, analyzer)
    names = analysed_names(reader.schema)
    parts = [
        whoosh_reading.SegmentReader(None, schema, WhooshSegment(segment.info, names), codec=ArsearchCodec(segment))
        for segment in reader.segments
    ]
    return whoosh_reading.MultiReader(parts) if parts else whoosh_reading.EmptyReader(schema)


def whoosh_searcher(reader: IndexReader, analyzer: ArabicAnalyzer, **options: Any) -> WhooshSearcher:
    """Return a stock Whoosh searcher on a snapshot; `options` are those of `whoosh.searching.Searcher`."""
    return WhooshSearcher(whoosh_reader(reader, analyzer), **options)
