"""The values of a keyword field in all segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array, differences
from arsearch.index.codec.doc_values import SortedSetDocValues

__all__ = ["KeywordValues", "join_keywords"]


class KeywordValues(NamedTuple):
    """A keyword field of all segments: its distinct values, sorted, and pairs of a document and the ordinal of a value."""

    values: list[str]
    docs: Array
    ordinals: Array

    def first_ordinals(self, docs: int) -> Array:
        """Return the ordinal of the first value of each of the index's `docs` documents; -1 if it has none."""
        column = np.full(docs, -1, np.int64)
        column[self.docs[::-1]] = self.ordinals[::-1]
        return column


def join_keywords(columns: Sequence[Any], bases: Sequence[int]) -> KeywordValues:
    """Return the values of the segments with the given columns; `bases` are the numbers of their first documents."""
    segment_values = [list(column.values) for column in columns if isinstance(column, SortedSetDocValues)]
    values = sorted({value for group in segment_values for value in group})
    ordinal_of = {value: ordinal for ordinal, value in enumerate(values)}
    docs, ordinals = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for column, group, base in zip(columns, segment_values, bases, strict=False):
        assert isinstance(column, SortedSetDocValues)
        remap = np.array([ordinal_of[value] for value in group], np.int64)
        docs.append(np.repeat(np.arange(len(column.first) - 1) + base, differences(column.first)))
        ordinals.append(remap[column.ordinals] if len(group) else np.empty(0, np.int64))
    return KeywordValues(values, np.concatenate(docs), np.concatenate(ordinals))
