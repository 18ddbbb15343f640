"""The terms of one field as a Whoosh cursor, and the postings of one term as a Whoosh matcher."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.fields import FieldType
from whoosh.formats import Existence, Format
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo

from arsearch.index.codec.array_file import Array

__all__ = ["PostingsMatcher", "TermCursor"]


class TermCursor(base.FieldCursor):  # type: ignore[misc]
    """A cursor over the terms of one field, in ascending order of their bytes."""

    def __init__(self, terms: Sequence[bytes], field: FieldType, term_info: Callable[[bytes], TermInfo]) -> None:
        self._terms = terms
        self._field = field
        self._term_info = term_info
        self._at = 0

    def is_valid(self) -> bool:
        return self._at < len(self._terms)

    def first(self) -> Any:
        self._at = 0
        return self.text()

    def find(self, term: Any) -> Any:
        self._at = bisect_left(self._terms, term if isinstance(term, bytes) else self._field.to_bytes(term))
        return self.text()

    def next(self) -> Any:
        self._at += 1
        return self.text()

    def text(self) -> Any:
        """Return the current term as the field decodes it, or `None` past the last term."""
        return self._field.from_bytes(self._terms[self._at]) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        return self._term_info(self._terms[self._at]) if self.is_valid() else None


class PostingsMatcher(LeafMatcher):  # type: ignore[misc]
    """The postings of one term as a single block, whose quality bounds are exact.

    `docs` are ascending document numbers and `freqs` their frequencies. `positions` are those of all documents, one
    document after another. `lengths` are the shortest and the longest field among the documents.
    """

    def __init__(
        self,
        term: tuple[str, bytes],
        docs: Array,
        freqs: Array,
        positions: Array,
        format_: Format,
        scorer: Any,
        lengths: tuple[int, int],
    ) -> None:
        self._term = term
        self._docs = docs.tolist()
        self._freqs = freqs.tolist()
        self._positions = positions
        self._starts = np.concatenate(([0], np.cumsum(freqs, dtype=np.int64))).tolist()
        self._lengths = lengths
        self.format = format_
        self.scorer = scorer
        self._at = 0

    def value(self) -> bytes:
        """Return the positions of the current posting as little-endian uint32; empty if the format has none."""
        if isinstance(self.format, Existence):
            return b""
        return np.asarray(self._positions[self._starts[self._at] : self._starts[self._at + 1]], "<u4").tobytes()

    def is_active(self) -> bool:
        return self._at < len(self._docs)

    def reset(self) -> None:
        self._at = 0

    def copy(self) -> PostingsMatcher:
        return copy(self)

    def id(self) -> int:
        self._check_active()
        doc: int = self._docs[self._at]
        return doc

    def next(self) -> bool:
        self._check_active()
        self._at += 1
        return False

    def skip_to(self, id: int) -> bool:
        self._check_active()
        self._at = bisect_left(self._docs, id, self._at)
        return False

    def skip_to_quality(self, minquality: float) -> int:
        if self.block_quality() > minquality:
            return 0
        self._at = len(self._docs)
        return 1

    def _check_active(self) -> None:
        if not self.is_active():
            raise ReadTooFar

    def all_ids(self) -> Iterator[int]:
        return iter(self._docs[self._at :])

    def weight(self) -> float:
        return float(self._freqs[self._at])

    def block_min_length(self) -> int:
        return self._lengths[0]

    def block_max_length(self) -> int:
        return self._lengths[1]

    def block_max_weight(self) -> float:
        return float(max(self._freqs))
