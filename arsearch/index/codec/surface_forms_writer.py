"""The arrays that say how each occurrence is written, made for a segment that is being built or merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, narrowest

__all__ = ["OccurrenceExceptions", "SurfaceFormsWriter", "form_arrays"]


class SurfaceFormsWriter:
    """How the terms of a field of a segment being built are written.

    Normalised term `ranks[i]` of the segment is written `written[used[i]]`, `counts[i]` times; `as_form[i]` tells whether
    that is the normalised form itself. The pairs need not be distinct.
    """

    def __init__(self, ranks: Array, used: Array, written: Sequence[str], as_form: Array, counts: Array) -> None:
        self._used = used
        self._ordinals = np.zeros(len(ranks), np.uint32)
        alone = (np.bincount(ranks) == 1)[ranks]
        odd = np.flatnonzero(alone & ~as_form)
        self._texts = dict(zip(ranks[odd].tolist(), (written[term] for term in used[odd].tolist()), strict=True))
        rest = np.flatnonzero(~alone)
        rest = rest[np.lexsort((-counts[rest], ranks[rest]))]
        starts = np.flatnonzero(np.diff(ranks[rest].astype(np.int64), prepend=-1))
        sizes = np.diff(starts, append=len(rest))
        self._ordinals[rest] = np.arange(len(rest)) - np.repeat(starts, sizes)
        words = [written[term] for term in used[rest].tolist()]
        lone = as_form[rest].tolist()
        for rank, low, size in zip(ranks[rest[starts]].tolist(), starts.tolist(), sizes.tolist(), strict=True):
            ways = words[low : low + size]
            distinct = dict.fromkeys(ways)
            if len(distinct) < size:
                places = {way: place for place, way in enumerate(distinct)}
                self._ordinals[rest[low : low + size]] = [places[way] for way in ways]
            if len(distinct) > 1 or not lone[low]:
                self._texts[rank] = "\n".join(distinct)

    def ordinals(self, count: int) -> Array:
        """Which of its ways each of the `count` terms of the vocabulary is; 0 for those not used."""
        table = np.zeros(count, narrowest(self._ordinals).dtype)
        table[self._used] = self._ordinals
        return table

    def arrays(self, key: str) -> Iterator[tuple[str, Array | ArrayStream]]:
        """The arrays of the texts."""
        terms, texts = np.fromiter(self._texts, np.int64, len(self._texts)), list(self._texts.values())
        order = np.argsort(terms)
        return form_arrays(key, [(terms[order], [texts[at] for at in order.tolist()])])


class OccurrenceExceptions:
    """Collects the occurrences that are not written in the commonest way, as they come by."""

    def __init__(self) -> None:
        self._size = 0
        self._at: list[Array] = []
        self._which: list[Array] = []

    def add(self, which: Array) -> None:
        """Take the ways of the next occurrences."""
        at = np.flatnonzero(which)
        self._which.append(narrowest(which[at]))
        self._at.append(at + self._size)
        self._size += len(which)

    def arrays(self, key: str) -> dict[str, Array]:
        """The arrays of those collected."""
        at = np.concatenate(self._at) if self._at else np.empty(0, np.int64)
        which = np.concatenate(self._which) if self._which else np.empty(0, np.uint8)
        return {
            names.part(key, names.FORM_EXCEPTIONS): narrowest(at),
            names.part(key, names.FORM_IDS): narrowest(which),
        }


def form_arrays(key: str, runs: Iterable[tuple[Array, list[str]]]) -> Iterator[tuple[str, Array | ArrayStream]]:
    """The arrays of terms and their texts, both in runs."""
    numbers: list[Array] = []
    sizes: list[Array] = []

    def pieces() -> Iterator[Array]:
        for terms, texts in runs:
            raw = np.frombuffer("".join([f"{text}\0" for text in texts]).encode(errors="replace"), np.uint8)
            numbers.append(terms)
            sizes.append(np.diff(np.flatnonzero(raw == 0), prepend=-1) - 1)
            yield raw[raw != 0]

    yield names.part(key, names.BLOB), ArrayStream(np.uint8, pieces())
    ends = np.cumsum(np.concatenate(sizes)) if sizes else np.empty(0, np.int64)
    yield names.part(key, names.ENDS), narrowest(ends)
    yield names.part(key, names.FORM_TERMS), narrowest(np.concatenate(numbers) if numbers else np.empty(0, np.int64))
