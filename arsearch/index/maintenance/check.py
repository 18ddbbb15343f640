"""Check a commit: every checksum, and whether its arrays agree with each other.

Problems are reported as sentences; an empty list means that nothing is wrong. Memory holds the terms and ids of one
segment, and a bounded part of everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from operator import lt
from typing import Any

import numpy as np

from arsearch.errors import ArticleError, CorruptIndexError
from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, differences
from arsearch.index.codec.block_max import BlockExtremes
from arsearch.index.codec.doc_values import NO_NUMBER, SortedSetDocValues, seconds
from arsearch.index.codec.packed_array import Numbers, PackedArray
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.root_postings_writer import StemPostings, root_arrays
from arsearch.index.codec.segment_info import id_lookup_arrays
from arsearch.index.codec.term_dictionary import term_arrays
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.minhash import SIGNATURE_FIELD
from arsearch.model.schema import NORMALISED, OF_WORKS, STEM, Field, Schema

__all__ = ["check_index"]

_MAX_PROBLEMS = 20
"""The number of problems reported for a segment; more of them say nothing new."""

_POSITIONS = 1 << 21
_ARTICLES = 1 << 13
"""The numbers of positions and of articles checked at a time."""


def check_index(reader: IndexReader) -> list[str]:
    """Return the problems of a commit, segment by segment.

    At most 20 are reported for each segment. Damage that makes a file unreadable hides its other problems.
    """
    problems: list[str] = []
    for segment in reader.segments:
        try:
            in_segment = islice(_segment(segment, reader.schema), _MAX_PROBLEMS)
            problems += [f"segment {segment.name}: {problem}" for problem in in_segment]
        except (CorruptIndexError, ArticleError) as error:
            problems.append(str(error))
        except (ValueError, IndexError, OverflowError) as error:  # the numbers are so wrong that NumPy raised
            problems.append(f"segment {segment.name}: its arrays do not fit together ({error})")
    return problems or list(_duplicate_ids(reader))


def _segment(segment: SegmentReader, schema: Schema) -> Iterator[str]:
    segment.file.verify()
    yield from _ids(segment)
    yield from _articles(segment, schema)
    for field in schema:
        if field.indexed:
            yield from _indexed_field(segment, field.name)
    yield from _roots(segment, [field.name for field in schema if field.default])


def _duplicate_ids(reader: IndexReader) -> Iterator[str]:
    """Check that no two live articles have the same id."""
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
    yield from _differing_arrays(segment, id_lookup_arrays(ids), "the ids")
    yield from (f"article {doc} has no id" for doc in segment.live_docs().tolist() if not ids[doc])


def _differing_arrays(segment: SegmentReader, expected: dict[str, Array], source: str) -> Iterator[str]:
    for name, values in expected.items():
        if not np.array_equal(segment.file.array(name).whole(), values):
            yield f"the array {name} differs from the one made from {source}"


def _articles(segment: SegmentReader, schema: Schema) -> Iterator[str]:
    """Check that every stored article can be read, and that doc values are those of the articles."""
    columns = [(field, segment.doc_values(field)) for field in (*schema, *OF_WORKS) if field.has_doc_values]
    for field, column in columns:
        yield from _column(segment, field, column)
    for key, strings in ((names.STORED_FRAMES, segment.stored.frames), (names.STORED_TITLES, segment.stored.titles)):
        sizes = strings.lengths()
        blob = segment.file.length(names.part(key, names.BLOB))
        if len(sizes) != segment.docs or (sizes < 0).any() or sizes.sum() != blob:
            yield f"{key} does not hold {segment.docs} articles"
            return
    for low in range(0, segment.docs, _ARTICLES):
        docs = range(low, min(low + _ARTICLES, segment.docs))
        articles = [dict(schema.values(segment.stored.article(doc))) for doc in docs]
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
        yield f"the column {field.name} refers to values it does not have"
    if not all(a < b for a, b in pairwise(column.values)):
        yield f"the values of the column {field.name} are not in order"


def _differing_values(rows: list[list[Any]], low: int, field: Field, column: SortedSetDocValues | Array) -> list[int]:
    """Return the indices of the rows that differ from the column; row 0 has the values of document `low`."""
    if isinstance(column, SortedSetDocValues):
        ends = column.first[low : low + len(rows) + 1].tolist()
        values = [column.values[ordinal] for ordinal in column.ordinals[ends[0] : ends[-1]].tolist()]
        in_column = [values[a - ends[0] : b - ends[0]] for a, b in pairwise(ends)]
        return [at for at, row in enumerate(rows) if list(dict.fromkeys(row)) != in_column[at]]
    stored = column[low : low + len(rows)]
    if field.kind == "float":
        numbers = np.array([row[0] if row else np.nan for row in rows], np.float64)
        same = (numbers == stored) | (np.isnan(numbers) & np.isnan(stored))
    else:
        to_number = seconds if field.kind == "date" else int
        same = np.array([to_number(row[0]) if row else NO_NUMBER for row in rows], np.int64) == stored
    return np.flatnonzero(~same).tolist()


def _indexed_field(segment: SegmentReader, field: str) -> Iterator[str]:
    """Check the terms and postings of both levels of a field, and that the levels agree."""
    lengths = segment.lengths(field)
    if len(lengths) != segment.docs:
        yield f"{names.field_array(field, names.LENGTHS)} has {len(lengths)} values for {segment.docs} articles"
        return
    postings: list[Postings] = []
    docs_with_terms: list[Array] = []
    for level in (NORMALISED, STEM):
        key = names.field_array(field, level)
        of_level = segment.postings(field, level)
        if of_level is None:
            yield f"it lacks the postings of {key}"
            return
        yield from _terms(segment, key)
        with_terms = np.zeros(segment.docs, bool)
        yield from (f"{key}: {problem}" for problem in _postings(segment, of_level, lengths, with_terms))
        packed = {names.part(key, names.FREQS): of_level.freqs, names.part(key, names.POSITIONS): of_level.positions}
        yield from _packed_arrays(packed)
        postings.append(of_level)
        docs_with_terms.append(with_terms)
    if field == SIGNATURE_FIELD:
        segment.signatures()
    words, stems = postings
    stem_of = segment.stem_of(field)
    if len(stem_of) != len(words.terms) or (len(stem_of) and int(stem_of.max()) >= len(stems.terms)):
        yield f"{names.field_array(field, names.STEM_ORDINALS)} does not lead from the words to the stems"
    forms = segment.surface_forms(field)
    assert forms is not None
    yield from (f"{names.field_array(field, names.SURFACE_FORMS)}: {problem}" for problem in forms.problems())
    if (docs_with_terms[0] != docs_with_terms[1]).any():
        yield f"{field}: the words and the stems are in different articles"


def _roots(segment: SegmentReader, fields: list[str]) -> Iterator[str]:
    """Check that the postings of roots are those of their stems. The roots of stems are not compared with the table."""
    roots = segment.roots()
    if roots is None:  # earlier releases write none
        return
    with_stems = [field for field in fields if segment.postings(field, STEM) is not None]
    if sorted(roots.fields) != sorted(with_stems):
        yield f"it has the postings of roots for {', '.join(sorted(roots.fields))}, not for {', '.join(sorted(with_stems))}"
        return
    yield from _terms(segment, names.ROOT_POSTINGS)
    postings = {}
    for field in fields:
        stems = segment.postings(field, STEM)
        if stems is not None:
            ordinals = roots.ordinals(field)
            if len(ordinals) != len(stems.terms):
                yield f"{names.field_array(field, names.ROOT_ORDINALS)} does not lead from the stems to the roots"
                return
            postings[field] = [StemPostings(ordinals, stems.posting_offsets.whole(), stems.docs, stems.freqs)]
    freqs = {names.field_array(field, names.ROOT_FREQS): roots.arrays(field)[1] for field in roots.fields}
    yield from _packed_arrays(freqs)
    for name, values in root_arrays(list(roots.roots), postings, segment.docs):
        packed, at = freqs.get(name), 0
        array = segment.file.array(name) if packed is None else packed
        for part in values.parts if isinstance(values, ArrayStream) else (values,):
            same = np.array_equal(array[at : at + len(part)], part)
            at += len(part)
            if not same:
                break
        if at != len(array) or not same:
            yield f"the array {name} differs from the one made from the postings of stems"


def _packed_arrays(arrays: Mapping[str, Numbers | None]) -> Iterator[str]:
    """Check the packed ones of some arrays, which are given by name."""
    for name, array in arrays.items():
        if isinstance(array, PackedArray) and not array.is_sound():
            yield f"the array {name} is not packed as its numbers are"


def _terms(segment: SegmentReader, key: str) -> Iterator[str]:
    blob = segment.file.array(names.part(key, names.BLOB)).whole().tobytes()
    terms = blob.decode().split("\n")
    if terms.pop() or "" in terms:
        yield f"{key}: a term is empty, or the last one cut short"
    elif not all(map(lt, terms, terms[1:])):  # code point order is the byte order of UTF-8
        yield f"{key}: the terms are not in order"
    else:
        yield from _differing_arrays(segment, term_arrays(key, terms), "the terms")


def _postings(segment: SegmentReader, postings: Postings, lengths: Array, with_terms: Array) -> Iterator[str]:
    """Check the postings of a field and level, and mark the documents they contain in the mask `with_terms`."""
    starts = postings.posting_offsets.whole().astype(np.int64)
    places = postings.position_offsets.whole().astype(np.int64)
    if problem := _offsets_problem(postings, starts, places):
        yield problem
        return
    max_freq, min_length = BlockExtremes(np.maximum), BlockExtremes(np.minimum)
    low = 0
    while low < len(starts) - 1:
        high = max(low + 1, int(np.searchsorted(places, places[low] + _POSITIONS, "right")) - 1)
        docs = postings.docs[int(starts[low]) : int(starts[high])].astype(np.int64)
        freqs = postings.freqs[int(starts[low]) : int(starts[high])]
        positions = postings.positions[int(places[low]) : int(places[high])].astype(np.int64)
        if int(docs.max()) >= segment.docs:
            yield "a posting refers to an article that does not exist"
            return
        new_terms = starts[low:high] - starts[low]
        ends = np.cumsum(freqs, dtype=np.int64)
        positions_of_terms = np.append(ends[new_terms[1:] - 1], ends[-1])
        if not freqs.all() or (positions_of_terms != places[low + 1 : high + 1] - places[low]).any():
            yield "frequencies and positions do not agree"
            return
        if not _rises_between(docs, new_terms):
            yield "the articles of a term are not in order"
        if not _rises_between(positions, ends - freqs):
            yield "the positions of a term in an article are not in order"
        with_terms[docs] = True
        max_freq.add(freqs)
        min_length.add(lengths[docs])
        low = high
    same_freqs = np.array_equal(max_freq.array(), postings.block_max_freq.whole())
    if not (same_freqs and np.array_equal(min_length.array(), postings.block_min_length.whole())):
        yield "the block maxima are not those of the postings"


def _offsets_problem(postings: Postings, starts: Array, places: Array) -> str | None:
    """Return why the postings of terms cannot begin at `starts` and their positions at `places`, or `None`."""
    if len(starts) != len(postings.terms) + 1 or len(places) != len(starts):
        return f"{len(postings.terms)} terms, and postings of {len(starts) - 1}"
    if starts[0] or places[0] or (differences(starts) < 1).any() or (differences(places) < differences(starts)).any():
        return "a term has no postings, or fewer positions than postings"
    if not starts[-1] == len(postings.docs) == len(postings.freqs) or places[-1] != len(postings.positions):
        return "the postings do not end with those of the last term"
    return None


def _rises_between(numbers: Array, starts: Array) -> bool:
    """Tell whether numbers rise from each start to the next; the first start is 0."""
    rising = np.diff(numbers) > 0
    rising[starts[1:] - 1] = True
    return bool(rising.all())
