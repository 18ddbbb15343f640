"""Is a commit what it should be? Every checksum, and everything that one array says of another.

What is found is told in sentences; an empty list means that nothing is wrong. Memory holds a bounded piece of a
segment at a time, beside its terms and ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from operator import lt
from typing import Any

import numpy as np

from arsearch.errors import ArticleError, CorruptIndexError
from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, differences
from arsearch.index.codec.block_max import BlockExtremes
from arsearch.index.codec.doc_values import NO_NUMBER, SortedSetDocValues, seconds
from arsearch.index.codec.minhash import SIGNATURE_FIELD
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.segment_info import id_lookup_arrays
from arsearch.index.codec.term_dictionary import term_arrays
from arsearch.index.reader.segment import NORMALISED, STEM, SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import Field, Schema

__all__ = ["check_index"]

_MOST = 20
"""Problems told of each segment: after so many, more say nothing new."""

_POSITIONS = 1 << 21
_ARTICLES = 1 << 13
"""Positions and articles looked at at a time."""


def check_index(reader: IndexReader) -> list[str]:
    """What is wrong with a commit, segment after segment; a file that cannot be read hides what else is wrong with it."""
    found: list[str] = []
    for segment in reader.segments:
        try:
            found += [
                f"segment {segment.name}: {problem}" for problem in islice(_segment(segment, reader.schema), _MOST)
            ]
        except (CorruptIndexError, ArticleError) as error:
            found.append(str(error))
        except (ValueError, IndexError, OverflowError) as error:  # numbers so wrong that they cannot be looked at
            found.append(f"segment {segment.name}: its arrays do not fit together ({error})")
    return found or list(_twice(reader))


def _segment(segment: SegmentReader, schema: Schema) -> Iterator[str]:
    segment.file.verify()
    yield from _ids(segment)
    yield from _articles(segment, schema)
    for field in schema:
        if field.indexed:
            yield from _text(segment, field.name)


def _twice(reader: IndexReader) -> Iterator[str]:
    """No two live articles have one id."""
    hashes = np.concatenate([s.hashes()[s.live_docs()] for s in reader.segments]) if reader.segments else np.empty(0)
    values, counts = np.unique(hashes, return_counts=True)
    for value in values[counts > 1]:
        docs = reader.all_docs()[np.flatnonzero(hashes == value)].tolist()
        if len({reader.id(doc) for doc in docs}) < len(docs):
            yield f"the articles {docs} have the same id {reader.id(docs[0])!r}"


def _ids(segment: SegmentReader) -> Iterator[str]:
    if len(segment.stored.ids) != segment.docs:
        yield f"it has {segment.docs} articles and {len(segment.stored.ids)} ids"
        return
    ids = list(segment.stored.ids)
    yield from _differing(segment, id_lookup_arrays(ids), "the ids")
    yield from (f"article {doc} has no id" for doc in segment.live_docs().tolist() if not ids[doc])


def _differing(segment: SegmentReader, expected: dict[str, Array], source: str) -> Iterator[str]:
    for key, values in expected.items():
        if not np.array_equal(segment.file.array(key).whole(), values):
            yield f"{key} is not what follows from {source}"


def _articles(segment: SegmentReader, schema: Schema) -> Iterator[str]:
    """Every stored article can be read, and the columns hold what it says."""
    columns = [(field, segment.doc_values(field)) for field in schema if field.has_doc_values]
    for field, column in columns:
        yield from _column(segment, field, column)
    for key, stored in ((names.STORED_FRAMES, segment.stored.frames), (names.STORED_TITLES, segment.stored.titles)):
        sizes = stored.lengths()
        if (
            len(sizes) != segment.docs
            or (sizes < 0).any()
            or sizes.sum() != len(segment.file.array(names.part(key, names.BLOB)))
        ):
            yield f"{key} does not hold {segment.docs} articles"
            return
    for low in range(0, segment.docs, _ARTICLES):
        some = range(low, min(low + _ARTICLES, segment.docs))
        articles = [dict(schema.values(segment.stored.article(doc))) for doc in some]
        for field, column in columns:
            for at in _differing_values([article.get(field, []) for article in articles], low, field, column):
                yield f"article {low + at} has another {field.name} than its column says"


def _column(segment: SegmentReader, field: Field, column: SortedSetDocValues | Array) -> Iterator[str]:
    if not isinstance(column, SortedSetDocValues):
        if len(column) != segment.docs:
            yield f"the column {field.name} has {len(column)} values for {segment.docs} articles"
        return
    counts = differences(column.first)
    if len(counts) != segment.docs or column.first[0] or (counts < 0).any() or column.first[-1] != len(column.ordinals):
        yield f"the column {field.name} does not fit {segment.docs} articles"
    if len(column.ordinals) and int(column.ordinals.max()) >= len(column.values):
        yield f"the column {field.name} names values it does not have"
    if not all(a < b for a, b in pairwise(column.values)):
        yield f"the values of the column {field.name} are not in order"


def _differing_values(rows: list[list[Any]], low: int, field: Field, column: SortedSetDocValues | Array) -> list[int]:
    """Which of the articles with these values, the first of them document `low`, say something else than a column."""
    if isinstance(column, SortedSetDocValues):
        ends = column.first[low : low + len(rows) + 1].tolist()
        names = [column.values[number] for number in column.ordinals[ends[0] : ends[-1]].tolist()]
        spans = [names[a - ends[0] : b - ends[0]] for a, b in pairwise(ends)]
        return [at for at, row in enumerate(rows) if list(dict.fromkeys(row)) != spans[at]]
    if field.kind == "float":
        numbers = np.array([row[0] if row else np.nan for row in rows], np.float64)
        same = (numbers == column[low : low + len(rows)]) | (
            np.isnan(numbers) & np.isnan(column[low : low + len(rows)])
        )
    else:
        read = seconds if field.kind == "date" else int
        same = np.array([read(row[0]) if row else NO_NUMBER for row in rows], np.int64) == column[low : low + len(rows)]
    return np.flatnonzero(~same).tolist()


def _text(segment: SegmentReader, field: str) -> Iterator[str]:
    """The terms and postings of both levels, and that these agree with each other."""
    if len(segment.lengths(field)) != segment.docs:
        yield f"{names.field_array(field, names.LENGTHS)} has {len(segment.lengths(field))} values for {segment.docs} articles"
        return
    having = []
    for level in (NORMALISED, STEM):
        key = names.field_array(field, level)
        lists = segment.postings(field, level)
        if lists is None:
            yield f"it lacks the posting lists of {key}"
            return
        yield from _terms(segment, key)
        held = np.zeros(segment.docs, bool)
        yield from (f"{key}: {problem}" for problem in _postings(segment, lists, segment.lengths(field), held))
        having.append(held)
    if field == SIGNATURE_FIELD:
        segment.signatures()
    words, stems = segment.postings(field, NORMALISED), segment.postings(field, STEM)
    assert words is not None
    assert stems is not None
    stem_of = segment.stem_of(field)
    if len(stem_of) != len(words.terms) or (len(stem_of) and int(stem_of.max()) >= len(stems.terms)):
        yield f"{names.field_array(field, names.STEM_ORDINALS)} does not lead from the words to the stems"
    written = segment.surface_forms(field)
    assert written is not None
    key = names.field_array(field, names.SURFACE_FORMS)
    yield from (f"{key}: {problem}" for problem in written.problems())
    if (having[0] != having[1]).any():
        yield f"{field}: the words and the stems are in different articles"


def _terms(segment: SegmentReader, key: str) -> Iterator[str]:
    blob = segment.file.array(names.part(key, names.BLOB)).whole().tobytes()
    terms = blob.decode().split("\n")
    if terms.pop() or "" in terms:
        yield f"{key}: a term is empty, or the last one cut short"
    elif not all(map(lt, terms, terms[1:])):  # by code point, as are the bytes of UTF-8
        yield f"{key}: the terms are not in order"
    else:
        yield from _differing(segment, term_arrays(key, terms), "the terms")


def _postings(segment: SegmentReader, lists: Postings, lengths: Array, held: Array) -> Iterator[str]:
    """What is wrong with the postings of a field and level; marks in `held` the documents they name."""
    first, places = lists.posting_offsets.whole().astype(np.int64), lists.position_offsets.whole().astype(np.int64)
    if len(first) != len(lists.terms) + 1 or len(places) != len(first):
        yield f"{len(lists.terms)} terms, and postings of {len(first) - 1}"
        return
    if first[0] or places[0] or (differences(first) < 1).any() or (differences(places) < differences(first)).any():
        yield "a term has no postings, or less positions than postings"
        return
    if first[-1] != len(lists.docs) or first[-1] != len(lists.freqs) or places[-1] != len(lists.positions):
        yield "the postings end elsewhere than the last term's"
        return
    most, least = BlockExtremes(np.maximum), BlockExtremes(np.minimum)
    low = 0
    while low < len(first) - 1:
        high = max(low + 1, int(np.searchsorted(places, places[low] + _POSITIONS, "right")) - 1)
        docs = lists.docs[int(first[low]) : int(first[high])].astype(np.int64)
        freqs = lists.freqs[int(first[low]) : int(first[high])]
        positions = lists.positions[int(places[low]) : int(places[high])].astype(np.int64)
        starts = first[low:high] - first[low]
        ends = np.cumsum(freqs, dtype=np.int64)
        if int(docs.max()) >= segment.docs:
            yield "a posting names an article that is not there"
            return
        if (
            not freqs.all()
            or (np.append(ends[starts[1:] - 1], ends[-1]) != places[low + 1 : high + 1] - places[low]).any()
        ):
            yield "frequencies and positions do not agree"
            return
        if not _rising(docs, starts):
            yield "the articles of a term are not in order"
        if not _rising(positions, ends - freqs):
            yield "the positions of a term in an article are not in order"
        held[docs] = True
        most.add(freqs)
        least.add(lengths[docs])
        low = high
    if not np.array_equal(most.array(), lists.block_max_freq.whole()) or not np.array_equal(
        least.array(), lists.block_min_length.whole()
    ):
        yield "the bounds of blocks are not those of the postings"


def _rising(numbers: Array, starts: Array) -> bool:
    """Whether numbers rise from each start to the next."""
    rising = np.diff(numbers) > 0
    rising[starts[1:] - 1] = True
    return bool(rising.all())
