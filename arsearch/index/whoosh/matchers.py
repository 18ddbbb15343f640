"""One field's terms and one term's postings, as Whoosh walks them."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from typing import Any

from whoosh.codec import base
from whoosh.fields import FieldType
from whoosh.formats import Format
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo

__all__ = ["ArrayMatcher", "TermCursor"]


class TermCursor(base.FieldCursor):  # type: ignore[misc]
    """Walks a field's terms, which rise."""

    def __init__(self, terms: Sequence[bytes], field: FieldType, info: Callable[[bytes], TermInfo]) -> None:
        self._terms = terms
        self._field = field
        self._info = info
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
        """The term as the field writes it; `None` past the end."""
        return self._field.from_bytes(self._terms[self._at]) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        return self._info(self._terms[self._at]) if self.is_valid() else None


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """One term's postings: a single block with true bounds.

    `ids` rise, `weights` go with them; `lengths` are the shortest and the longest field among the documents.
    """

    def __init__(
        self,
        term: tuple[str, bytes] | None,
        ids: Iterable[Any],
        weights: Any,
        format_: Format,
        scorer: Any,
        lengths: tuple[int, int],
    ) -> None:
        self._term = term
        self._ids = list(ids)
        self._weights = weights.tolist()
        self._lengths = lengths
        self.format = format_
        self.scorer = scorer
        self._at = 0

    @abstractmethod
    def value(self) -> bytes:
        """The posting's value, as its format writes it."""

    def is_active(self) -> bool:
        return self._at < len(self._ids)

    def reset(self) -> None:
        self._at = 0

    def copy(self) -> ArrayMatcher:
        return copy(self)

    def id(self) -> Any:
        if not self.is_active():
            raise ReadTooFar
        return self._ids[self._at]

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return False

    def skip_to(self, id: Any) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._ids, id, self._at)
        return False

    def skip_to_quality(self, minquality: float) -> int:
        if self.block_quality() > minquality:
            return 0
        self._at = len(self._ids)
        return 1

    def all_ids(self) -> Iterator[Any]:
        return iter(self._ids[self._at :])

    def weight(self) -> float:
        return float(self._weights[self._at])

    def block_min_length(self) -> int:
        return self._lengths[0]

    def block_max_length(self) -> int:
        return self._lengths[1]

    def block_max_weight(self) -> float:
        return float(max(self._weights))
