"""The live postings and occurrences of a normalised term in some of its surface forms, of all segments of a commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.surface_forms import SurfaceFormsReader
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.segment_postings import occurrence_keys, only_live
from arsearch.index.reader.snapshot import IndexReader, concatenated
from arsearch.model.schema import NORMALISED

__all__ = ["Matches", "surface_form_occurrences", "surface_form_postings"]

Matches = Callable[[str], bool]
"""Tells whether a surface form counts."""


class _Chosen(NamedTuple):
    """A term of a segment whose first document is `base`, and the ids of its forms that count."""

    segment: SegmentReader
    base: int
    forms: SurfaceFormsReader
    term: int
    form_ids: Sequence[int]


def surface_form_occurrences(reader: IndexReader, field: str, term: str, matches: Matches) -> Array:
    """Return where a normalised term occurs with a surface form that matches, as `IndexReader.occurrences` does."""
    return concatenated(
        [
            occurrence_keys(segment, *forms.occurrences(ordinal, form_ids)) + (base << 32)
            for segment, base, forms, ordinal, form_ids in _chosen(reader, field, term, matches)
        ]
    )


def surface_form_postings(reader: IndexReader, field: str, term: str, matches: Matches) -> tuple[Array, Array]:
    """Return the live documents where a normalised term has a matching form, in ascending order, and how often in each."""
    docs, freqs = [], []
    for segment, base, forms, ordinal, form_ids in _chosen(reader, field, term, matches):
        found, counts = only_live(segment, *forms.postings(ordinal, form_ids))
        docs.append(found.astype(np.int64) + base)
        freqs.append(counts)
    return concatenated(docs), concatenated(freqs)


def _chosen(reader: IndexReader, field: str, term: str, matches: Matches) -> Iterator[_Chosen]:
    for segment, base, _, ordinal in reader.term_in_segments(field, NORMALISED, term):
        forms = segment.surface_forms(field)
        if forms is None:
            continue
        form_ids = [number for number, form in enumerate(forms.surface_forms(ordinal)) if matches(form)]
        if form_ids:
            yield _Chosen(segment, base, forms, ordinal, form_ids)
