"""The arrays of surface forms (see `surface_forms`), for a new segment and for a merged segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, narrowest

__all__ = ["OccurrenceExceptions", "SurfaceFormsWriter", "form_arrays"]


class SurfaceFormsWriter:
    """Finds the surface forms of the terms of a field, and numbers them, for a segment that is built.

    The vocabulary's term `used[i]` is written `written[used[i]]`. It belongs to the segment's normalised term `ranks[i]`
    and occurs `counts[i]` times; `as_form[i]` says whether it is written as the normalised term itself. Several terms of
    the vocabulary may have the same rank and be written alike.
    """

    def __init__(self, ranks: Array, used: Array, written: Sequence[str], as_form: Array, counts: Array) -> None:
        self._used = used
        self._form_ids = np.zeros(len(ranks), np.uint32)
        alone = (np.bincount(ranks) == 1)[ranks]
        single = np.flatnonzero(alone & ~as_form)
        self._texts = dict(zip(ranks[single].tolist(), (written[term] for term in used[single].tolist()), strict=True))
        shared = np.flatnonzero(~alone)
        shared = shared[np.lexsort((-counts[shared], ranks[shared]))]
        starts = np.flatnonzero(np.diff(ranks[shared].astype(np.int64), prepend=-1))
        sizes = np.diff(starts, append=len(shared))
        self._form_ids[shared] = np.arange(len(shared)) - np.repeat(starts, sizes)
        words = [written[term] for term in used[shared].tolist()]
        word_is_term = as_form[shared].tolist()
        for rank, low, size in zip(ranks[shared[starts]].tolist(), starts.tolist(), sizes.tolist(), strict=True):
            forms = words[low : low + size]
            distinct = dict.fromkeys(forms)
            if len(distinct) < size:
                form_ids = {form: form_id for form_id, form in enumerate(distinct)}
                self._form_ids[shared[low : low + size]] = [form_ids[form] for form in forms]
            if len(distinct) > 1 or not word_is_term[low]:
                self._texts[rank] = "\n".join(distinct)

    def form_ids(self, count: int) -> Array:
        """Return the form id of each of the `count` terms of the vocabulary; 0 for a term that is not used."""
        table = np.zeros(count, narrowest(self._form_ids).dtype)
        table[self._used] = self._form_ids
        return table

    def arrays(self, key: str) -> Iterator[tuple[str, Array | ArrayStream]]:
        """Yield the arrays of the forms, except the arrays of the exceptions."""
        terms, texts = np.fromiter(self._texts, np.int64, len(self._texts)), list(self._texts.values())
        order = np.argsort(terms)
        return form_arrays(key, [(terms[order], [texts[at] for at in order.tolist()])])


class OccurrenceExceptions:
    """Collects the occurrences that are not in the commonest form of their term."""

    def __init__(self) -> None:
        self._size = 0
        self._exceptions: list[Array] = []
        self._form_ids: list[Array] = []

    def add(self, form_ids: Array) -> None:
        """Take the form ids of the next occurrences, in the order of positions."""
        exceptions = np.flatnonzero(form_ids)
        self._form_ids.append(narrowest(form_ids[exceptions]))
        self._exceptions.append(exceptions + self._size)
        self._size += len(form_ids)

    def arrays(self, key: str) -> dict[str, Array]:
        """Return the arrays of the exceptions."""
        exceptions = np.concatenate(self._exceptions) if self._exceptions else np.empty(0, np.int64)
        form_ids = np.concatenate(self._form_ids) if self._form_ids else np.empty(0, np.uint8)
        return {
            names.part(key, names.FORM_EXCEPTIONS): narrowest(exceptions),
            names.part(key, names.FORM_IDS): narrowest(form_ids),
        }


def form_arrays(key: str, runs: Iterable[tuple[Array, list[str]]]) -> Iterator[tuple[str, Array | ArrayStream]]:
    """Yield the arrays of terms and the texts of their forms, which arrive in runs; the terms rise."""
    terms: list[Array] = []
    sizes: list[Array] = []

    def blobs() -> Iterator[Array]:
        for numbers, texts in runs:
            raw = np.frombuffer("".join([f"{text}\0" for text in texts]).encode(errors="replace"), np.uint8)
            terms.append(numbers)
            sizes.append(np.diff(np.flatnonzero(raw == 0), prepend=-1) - 1)
            yield raw[raw != 0]

    yield names.part(key, names.BLOB), ArrayStream(np.uint8, blobs())
    ends = np.cumsum(np.concatenate(sizes)) if sizes else np.empty(0, np.int64)
    yield names.part(key, names.ENDS), narrowest(ends)
    yield names.part(key, names.FORM_TERMS), narrowest(np.concatenate(terms) if terms else np.empty(0, np.int64))
