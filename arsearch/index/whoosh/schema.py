"""The Whoosh schema of an index of articles.

A text field has two Whoosh fields: `body` is its normalised level, `body_stem` its stem level.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from whoosh import fields as whoosh_fields
from whoosh.analysis import Token
from whoosh.formats import Positions

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.reader.segment import NORMALISED, STEM
from arsearch.model.schema import STEM_SUFFIX, Schema

__all__ = [
    "NormalisedWords",
    "PackedPositions",
    "analysed_names",
    "split_field_name",
    "whoosh_field_name",
    "whoosh_schema",
]


class PackedPositions(Positions):  # type: ignore[misc]
    """Positions as little-endian uint32, so that reading a posting unpickles nothing."""

    def encode(self, positions: Iterable[int]) -> bytes:
        return np.fromiter(positions, "<u4").tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        found: list[int] = np.frombuffer(value, "<u4").tolist()
        return found

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4


@dataclass(frozen=True, slots=True)
class NormalisedWords:
    """A Whoosh analyzer whose tokens are the normalised terms of an `ArabicAnalyzer`."""

    analyzer: ArabicAnalyzer

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        return self.analyzer(value, **{**options, "no_morph": True})

    def has_morph(self) -> bool:
        """Whether the tokens are stems: never."""
        return False


def whoosh_schema(declared: Schema, analyzer: ArabicAnalyzer) -> whoosh_fields.Schema:
    """The Whoosh schema of an index with these fields."""
    schema = whoosh_fields.Schema(id=whoosh_fields.ID(stored=True, unique=True))
    for field in declared:
        if field.indexed:
            for name, level in ((field.name, NormalisedWords(analyzer)), (field.name + STEM_SUFFIX, analyzer)):
                text = whoosh_fields.TEXT(analyzer=level, stored=name == field.name)
                text.format = PackedPositions()
                schema.add(name, text)
        else:
            schema.add(field.name, whoosh_fields.STORED())
    schema.add("url", whoosh_fields.STORED())
    return schema


def analysed_names(schema: Schema) -> list[str]:
    """The Whoosh fields that have terms, but for `id`."""
    return [name for field in schema if field.indexed for name in (field.name, field.name + STEM_SUFFIX)]


def split_field_name(name: str) -> tuple[str, str]:
    """The field and level that a Whoosh field name stands for."""
    if name.endswith(STEM_SUFFIX):
        return name[: -len(STEM_SUFFIX)], STEM
    return name, NORMALISED


def whoosh_field_name(field: str, level: str) -> str:
    """The Whoosh field name of a field at a level: what `home` takes apart."""
    return field + STEM_SUFFIX if level == STEM else field
