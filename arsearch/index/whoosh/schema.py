"""The Whoosh schema of an index.

A text or keyword field becomes two Whoosh fields: `body` holds the terms of the normalised level, `body_stem` the stems.
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
from arsearch.model.schema import NORMALISED, STEM, STEM_SUFFIX, Schema

__all__ = [
    "NormalisedWords",
    "PackedPositions",
    "analysed_names",
    "split_field_name",
    "whoosh_field_name",
    "whoosh_schema",
]


class PackedPositions(Positions):  # type: ignore[misc]
    """A posting format of positions as little-endian uint32; Whoosh's own would pickle them."""

    def encode(self, positions: Iterable[int]) -> bytes:
        return np.fromiter(positions, "<u4").tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        positions: list[int] = np.frombuffer(value, "<u4").tolist()
        return positions

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4


@dataclass(frozen=True, slots=True)
class NormalisedWords:
    """A Whoosh analyzer whose tokens are the normalised terms of an `ArabicAnalyzer`."""

    analyzer: ArabicAnalyzer

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        return self.analyzer(value, **{**options, "no_morph": True})

    def has_morph(self) -> bool:
        """Tell Whoosh that the tokens are not stems."""
        return False


def whoosh_schema(declared: Schema, analyzer: ArabicAnalyzer) -> whoosh_fields.Schema:
    """Return the Whoosh schema of an index with the `declared` fields, whose words `analyzer` analyses."""
    schema = whoosh_fields.Schema(id=whoosh_fields.ID(stored=True, unique=True))
    for field in declared:
        if field.indexed:
            for name, words in ((field.name, NormalisedWords(analyzer)), (field.name + STEM_SUFFIX, analyzer)):
                text = whoosh_fields.TEXT(analyzer=words, stored=name == field.name)
                text.format = PackedPositions()
                schema.add(name, text)
        else:
            schema.add(field.name, whoosh_fields.STORED())
    schema.add("url", whoosh_fields.STORED())
    return schema


def analysed_names(schema: Schema) -> list[str]:
    """Return the names of all Whoosh fields that have terms, except `id`."""
    return [name for field in schema if field.indexed for name in (field.name, field.name + STEM_SUFFIX)]


def split_field_name(name: str) -> tuple[str, str]:
    """Return the field and the level of a Whoosh field name; the inverse of `whoosh_field_name`."""
    if name.endswith(STEM_SUFFIX):
        return name[: -len(STEM_SUFFIX)], STEM
    return name, NORMALISED


def whoosh_field_name(field: str, level: str) -> str:
    """Return the Whoosh field name of a field at a level."""
    return field + STEM_SUFFIX if level == STEM else field
