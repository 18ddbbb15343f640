"""The tokens of one field of a segment being built, and the posting arrays they become."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, narrowest, raw_bytes
from arsearch.index.codec.minhash import SIGNATURE_FIELD, minhash_signatures
from arsearch.index.codec.surface_forms_writer import OccurrenceExceptions, SurfaceFormsWriter
from arsearch.index.codec.term_dictionary import term_arrays
from arsearch.index.writing.inverter import Occurrences, invert
from arsearch.index.writing.vocabulary import GAP, Vocabulary
from arsearch.model.schema import NORMALISED, STEM

__all__ = ["FieldTokenBuffer", "SortedStrings"]

_UNUSED = 0xFFFFFFFF


class SortedStrings:
    """The strings of a vocabulary in order: made once for all fields of a segment."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = np.array(strings, object)
        # Unsigned 32-bit numbers as in every array of terms.
        self._order = np.array(sorted(range(len(strings)), key=strings.__getitem__), np.uint32)

    def of(self, used: Array) -> tuple[list[str], Array]:
        """The strings of which `used` has the numbers, sorted, and the place of each string among them."""
        marked = np.zeros(len(self._strings), bool)
        marked[used] = True
        order = self._order[marked[self._order]]
        rank = np.full(len(self._strings), _UNUSED, np.uint32)
        rank[order] = np.arange(len(order), dtype=np.uint32)
        return self._strings.take(order).tolist(), rank


_CHUNK = 1 << 18
"""Tokens whose terms are looked up at a time, more if one document has more."""


class FieldTokenBuffer:
    """Collects the tokens of a field's texts, batch after batch; document numbers rise."""

    def __init__(self) -> None:
        # Buffers that grow in place: many arrays of middling size would leave holes behind when they go.
        self._docs = array("I")
        self._counts = array("I")
        self._tokens = array("I")

    @property
    def count(self) -> int:
        """The number of tokens."""
        return len(self._tokens)

    def add(self, docs: Sequence[int], tokens: Array, counts: Array) -> None:
        """Take texts with `counts` tokens each; `docs` names the document of each, and again for its further texts."""
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
    ) -> Iterator[tuple[str, Array | ArrayStream]]:
        """The field's arrays, each to be used up before the next is asked for. Forgets the tokens."""
        lengths, size = self._lengths(docs, vocabulary)
        narrow = narrowest(lengths)
        yield names.field_array(name, names.LENGTHS), narrow
        found = self._occurrences(docs, vocabulary, int(lengths.max(initial=0)), size)
        levels = yield from _dictionaries(name, found, vocabulary, normalised, stems)
        exceptions = OccurrenceExceptions()
        for part, values in invert(found, levels.forms, levels.words, narrow, levels.ways, exceptions):
            yield names.part(names.field_array(name, NORMALISED), part), values
        yield from exceptions.arrays(names.field_array(name, names.SURFACE_FORMS)).items()
        for part, values in invert(found, levels.stems, len(levels.roots), narrow):
            yield names.part(names.field_array(name, STEM), part), values
        if name == SIGNATURE_FIELD:
            signatures = minhash_signatures(found.terms, found.doc_offsets(docs), levels.stems, levels.roots)
            yield names.field_array(name, names.SIGNATURES), signatures.ravel()

    def _chunks(self) -> Iterator[tuple[Array, Array, Array]]:
        """The documents of a run of texts, their numbers of tokens, and the tokens."""
        docs, counts = np.frombuffer(self._docs, np.uint32), np.frombuffer(self._counts, np.uint32).astype(np.int64)
        tokens, ends = np.frombuffer(self._tokens, np.uint32), np.cumsum(counts)
        low = start = 0
        while low < len(docs):
            high = max(low + 1, int(np.searchsorted(ends, start + _CHUNK, "right")))
            end = int(ends[high - 1])
            yield docs[low:high], counts[low:high], tokens[start:end]
            low, start = high, end

    def _lengths(self, docs: int, vocabulary: Vocabulary) -> tuple[Array, int]:
        """The positions of each document, and how many terms there are in all."""
        lengths = np.zeros(docs, np.int64)
        size = 0
        for owners, counts, tokens in self._chunks():
            positions, terms = vocabulary.reached(tokens, np.cumsum(counts))
            lengths[owners] = np.diff(positions, prepend=0)
            size += int(terms[-1])
        return lengths, size

    def _occurrences(self, docs: int, vocabulary: Vocabulary, longest: int, size: int) -> Occurrences:
        """Every term at its place; the tokens are forgotten."""
        shift = max(8, (longest + vocabulary.reach).bit_length())
        terms = np.empty(size, np.uint32)
        places = np.empty(size, np.uint32 if docs << shift <= 1 << 32 else np.uint64)
        counts = np.zeros(len(vocabulary), np.int64)
        at = 0
        for owners, numbers, tokens in self._chunks():
            found, position = vocabulary.expand(tokens)
            start, first = vocabulary.reached(tokens, np.concatenate(([0], np.cumsum(numbers))))
            # Unsigned numbers that fall below 0 here come back when the positions are added.
            base = (owners.astype(places.dtype) << places.dtype.type(shift)) - start[:-1].astype(places.dtype)
            place = np.repeat(base, np.diff(first)) + position
            if (place[1:] < place[:-1]).any():  # the words of ﷺ stand over those that follow it
                order = np.argsort(place, kind="stable")
                found, place = found[order], place[order]
            to = slice(at, at + len(found))
            terms[to], places[to] = found, place
            counts += np.bincount(found, minlength=len(counts))
            at = to.stop
        self._docs, self._counts, self._tokens = array("I"), array("I"), array("I")
        vocabulary.count(counts)
        return Occurrences(terms, places, shift, counts)


class _FieldOrdinals(NamedTuple):
    """The ranks of a vocabulary's terms in a segment: those of their `words` normalised forms, and those of their stems.

    `roots` are the stems; `ways` tells how each term is written.
    """

    forms: Array
    words: int
    stems: Array
    roots: list[str]
    ways: Array


def _dictionaries(
    name: str, found: Occurrences, vocabulary: Vocabulary, normalised: SortedStrings, stems: SortedStrings
) -> Generator[tuple[str, Array | ArrayStream], None, _FieldOrdinals]:
    """The arrays of both levels' terms, of how they are written and of which stem each has."""
    normalised_of = np.array(vocabulary.normalised_of, np.uint32)
    stem_of = np.array(vocabulary.stem_of, np.uint32)
    used = np.flatnonzero(found.counts)
    words, rank = normalised.of(normalised_of[used])
    roots, stem_rank = stems.of(stem_of[used])
    forms = rank[normalised_of]
    yield from term_arrays(names.field_array(name, NORMALISED), words).items()
    yield from term_arrays(names.field_array(name, STEM), roots).items()
    ways = SurfaceFormsWriter(forms[used], used, vocabulary.written, vocabulary.as_form[used], found.counts[used])
    yield from ways.arrays(names.field_array(name, names.SURFACE_FORMS))
    stem_of_word = np.empty(len(words), np.uint32)
    stem_of_word[forms[used[::-1]]] = stem_rank[stem_of[used[::-1]]]  # of several the first counts
    yield names.field_array(name, names.STEM_ORDINALS), narrowest(stem_of_word)
    return _FieldOrdinals(forms, len(words), stem_rank[stem_of], roots, ways.form_ids(len(vocabulary)))
