"""Buffer the tokens of one field of a new segment, and turn them into the arrays of its terms and postings."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, narrowest, raw_bytes
from arsearch.index.codec.surface_forms_writer import OccurrenceExceptions, SurfaceFormsWriter
from arsearch.index.codec.term_dictionary import term_arrays
from arsearch.index.writing.inverter import Occurrences, invert
from arsearch.index.writing.token_groups import GAP
from arsearch.index.writing.vocabulary import Vocabulary
from arsearch.minhash import SIGNATURE_FIELD, minhash_signatures
from arsearch.model.schema import NORMALISED, STEM

__all__ = ["FieldTokenBuffer", "InvertedStems", "SortedStrings"]

_UNUSED = 0xFFFFFFFF

_CHUNK = 1 << 18
"""The tokens expanded into terms at a time; a document with more tokens makes a larger chunk."""


class SortedStrings:
    """The strings of a vocabulary, sorted once for all fields of a segment."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = np.array(strings, object)
        self._order = np.array(sorted(range(len(strings)), key=strings.__getitem__), np.uint32)

    def of(self, used: Array) -> tuple[list[str], Array]:
        """Return the strings with the numbers `used`, sorted, and the ordinal of each string of the vocabulary among them.

        The ordinal of a string that is not used is meaningless.
        """
        is_used = np.zeros(len(self._strings), bool)
        is_used[used] = True
        order = self._order[is_used[self._order]]
        ordinals = np.full(len(self._strings), _UNUSED, np.uint32)
        ordinals[order] = np.arange(len(order), dtype=np.uint32)
        return self._strings.take(order).tolist(), ordinals


class InvertedStems(NamedTuple):
    """The stems of a field, sorted, and the arrays of their postings (see `codec.postings`)."""

    strings: list[str]
    posting_offsets: Array
    docs: Array
    freqs: Array


class FieldTokenBuffer:
    """Buffers the tokens of a field's texts in batches. Document numbers never decrease."""

    def __init__(self) -> None:
        # Arrays that grow in place: many arrays of medium size would fragment the memory when they are freed.
        self._docs = array("I")
        self._counts = array("I")
        self._tokens = array("I")

    @property
    def count(self) -> int:
        """The number of tokens."""
        return len(self._tokens)

    def add(self, docs: Sequence[int], tokens: Array, counts: Array) -> None:
        """Add texts with `counts` tokens each; `docs` has the document of each text. A document may have several texts."""
        owners = np.array(docs, np.uint32)
        follows = np.flatnonzero(owners[1:] == owners[:-1]) + 1
        if len(follows):  # a gap before each further text of a document
            tokens = np.insert(tokens, (np.cumsum(counts) - counts)[follows], np.uint32(GAP))
            counts = counts.copy()
            counts[follows] += 1
            first = np.flatnonzero(np.diff(owners.astype(np.int64), prepend=-1))
            owners, counts = owners[first], np.add.reduceat(counts, first)
        self._docs.frombytes(raw_bytes(owners))
        self._counts.frombytes(raw_bytes(counts.astype(np.uint32)))
        self._tokens.frombytes(raw_bytes(np.ascontiguousarray(tokens)))

    def arrays(
        self, name: str, docs: int, vocabulary: Vocabulary, normalised: SortedStrings, stems: SortedStrings
    ) -> Generator[tuple[str, Array | ArrayStream], None, InvertedStems]:
        """Yield the arrays of the field `name` and empty the buffer. Use each array up before asking for the next.

        `normalised` and `stems` are the sorted strings of the `vocabulary`; `docs` is the number of documents. Return the
        stems of the field with their postings.
        """
        lengths, term_count = self._lengths(docs, vocabulary)
        narrow_lengths = narrowest(lengths)
        yield names.field_array(name, names.LENGTHS), narrow_lengths
        occurrences = self._occurrences(docs, vocabulary, int(lengths.max(initial=0)), term_count)
        levels = yield from _dictionaries(name, occurrences, vocabulary, normalised, stems)
        exceptions = OccurrenceExceptions()
        for part, values in invert(
            occurrences, levels.normalised, levels.normalised_count, narrow_lengths, levels.form_ids, exceptions
        ):
            yield names.part(names.field_array(name, NORMALISED), part), values
        yield from exceptions.arrays(names.field_array(name, names.SURFACE_FORMS)).items()
        postings: dict[str, Array] = {}
        for part, values in invert(occurrences, levels.stems, len(levels.stem_strings), narrow_lengths):
            if not isinstance(values, ArrayStream):
                postings[part] = values
            yield names.part(names.field_array(name, STEM), part), values
        if name == SIGNATURE_FIELD:
            offsets = occurrences.doc_offsets(docs)
            signatures = minhash_signatures(occurrences.terms, offsets, levels.stems, levels.stem_strings)
            yield names.field_array(name, names.SIGNATURES), signatures.ravel()
        kept = (postings[part] for part in (names.POSTING_OFFSETS, names.DOCS, names.FREQS))
        return InvertedStems(levels.stem_strings, *kept)

    def _chunks(self) -> Iterator[tuple[Array, Array, Array]]:
        """Yield the documents of a run of texts, the number of tokens of each, and the tokens."""
        docs, counts = np.frombuffer(self._docs, np.uint32), np.frombuffer(self._counts, np.uint32).astype(np.int64)
        tokens, ends = np.frombuffer(self._tokens, np.uint32), np.cumsum(counts)
        low = start = 0
        while low < len(docs):
            high = max(low + 1, int(np.searchsorted(ends, start + _CHUNK, "right")))
            end = int(ends[high - 1])
            yield docs[low:high], counts[low:high], tokens[start:end]
            low, start = high, end

    def _lengths(self, docs: int, vocabulary: Vocabulary) -> tuple[Array, int]:
        """Return the length of each document in positions, and the number of terms in all documents."""
        lengths = np.zeros(docs, np.int64)
        term_count = 0
        for owners, counts, tokens in self._chunks():
            positions, terms = vocabulary.groups.widths(tokens, np.cumsum(counts))
            lengths[owners] = np.diff(positions, prepend=0)
            term_count += int(terms[-1])
        return lengths, term_count

    def _occurrences(self, docs: int, vocabulary: Vocabulary, max_length: int, term_count: int) -> Occurrences:
        """Return the terms at their places, and empty the buffer."""
        shift = max(8, (max_length + vocabulary.groups.max_offset).bit_length())
        terms = np.empty(term_count, np.uint32)
        places = np.empty(term_count, np.uint32 if docs << shift <= 1 << 32 else np.uint64)
        counts = np.zeros(len(vocabulary), np.int64)
        at = 0
        for owners, token_counts, tokens in self._chunks():
            chunk_terms, positions = vocabulary.groups.expand(tokens)
            start, first = vocabulary.groups.widths(tokens, np.concatenate(([0], np.cumsum(token_counts))))
            # The unsigned difference may wrap below 0; adding the positions wraps it back.
            base = (owners.astype(places.dtype) << places.dtype.type(shift)) - start[:-1].astype(places.dtype)
            chunk_places = np.repeat(base, np.diff(first)) + positions
            if (chunk_places[1:] < chunk_places[:-1]).any():  # the words of ﷺ share positions with the words after it
                order = np.argsort(chunk_places, kind="stable")
                chunk_terms, chunk_places = chunk_terms[order], chunk_places[order]
            span = slice(at, at + len(chunk_terms))
            terms[span], places[span] = chunk_terms, chunk_places
            counts += np.bincount(chunk_terms, minlength=len(counts))
            at = span.stop
        self._docs, self._counts, self._tokens = array("I"), array("I"), array("I")
        vocabulary.count(counts)
        return Occurrences(terms, places, shift, counts)


class _FieldOrdinals(NamedTuple):
    """The ordinals that the terms of a vocabulary have in a field of the segment, on both levels.

    `normalised` and `stems` run over the terms of the vocabulary, and so does `form_ids`, the number of each term's surface
    form. `stem_strings` has the stems of the field, sorted.
    """

    normalised: Array
    normalised_count: int
    stems: Array
    stem_strings: list[str]
    form_ids: Array


def _dictionaries(
    name: str, occurrences: Occurrences, vocabulary: Vocabulary, normalised: SortedStrings, stems: SortedStrings
) -> Generator[tuple[str, Array | ArrayStream], None, _FieldOrdinals]:
    """Yield the arrays of the terms of both levels, of their surface forms, and of the stem of each normalised form."""
    normalised_of = np.array(vocabulary.normalised_of, np.uint32)
    stem_of = np.array(vocabulary.stem_of, np.uint32)
    used = np.flatnonzero(occurrences.counts)
    normalised_strings, normalised_ordinals = normalised.of(normalised_of[used])
    stem_strings, stem_ordinals = stems.of(stem_of[used])
    ordinals = normalised_ordinals[normalised_of]
    yield from term_arrays(names.field_array(name, NORMALISED), normalised_strings).items()
    yield from term_arrays(names.field_array(name, STEM), stem_strings).items()
    forms = SurfaceFormsWriter(
        ordinals[used], used, vocabulary.surface_forms, vocabulary.is_normalised[used], occurrences.counts[used]
    )
    yield from forms.arrays(names.field_array(name, names.SURFACE_FORMS))
    stem_of_normalised = np.empty(len(normalised_strings), np.uint32)
    # Reversed: where a normalised form has several stems, its first term decides.
    stem_of_normalised[ordinals[used[::-1]]] = stem_ordinals[stem_of[used[::-1]]]
    yield names.field_array(name, names.STEM_ORDINALS), narrowest(stem_of_normalised)
    form_ids = forms.form_ids(len(vocabulary))
    return _FieldOrdinals(ordinals, len(normalised_strings), stem_ordinals[stem_of], stem_strings, form_ids)
