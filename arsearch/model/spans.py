"""Match levels, and spans of a text. Spans are half open: one covers `text[span.start:span.end]`."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Literal, NamedTuple

__all__ = ["LEVEL_WORDS", "Fragment", "Language", "Level", "Span"]

Language = Literal["ar", "en"]


class Level(enum.IntEnum):
    """How strictly a written word matches a query word; a greater level is a stricter match.

    At `SYNONYM` the word matches a synonym of the query word. At `CORRECTION` it matches a likelier spelling of a query
    word that no article has.
    """

    CORRECTION = 1
    SYNONYM = 2
    ROOT = 3
    STEM = 4
    WORD = 5
    NORMALISED = 6
    SURFACE = 7
    VOCALISED = 8

    @property
    def label(self) -> str:
        """The name of the level in lower case, as printed and as in JSON."""
        return self.name.lower()


LEVEL_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "vocalised": "same spelling and vowels",
        "surface": "same spelling",
        "normalised": "same letters",
        "word": "same word",
        "stem": "another form of the word",
        "root": "same root",
        "synonym": "a synonym",
        "correction": "a likelier spelling",
    },
    "ar": {
        "vocalised": "الرسم والتشكيل نفسهما",
        "surface": "الرسم نفسه",
        "normalised": "الحروف نفسها",
        "word": "الكلمة نفسها",
        "stem": "صيغة أخرى للكلمة",
        "root": "الجذر نفسه",
        "synonym": "مرادف",
        "correction": "إملاء أرجح",
    },
}
"""The meaning of each level of a match (`arsearch.Level`) by the language and the level's label."""


class Span(NamedTuple):
    """A highlighted span `[start, end)` of a field's original text, and the level at which it matches."""

    field: str
    start: int
    end: int
    level: Level


class Fragment(NamedTuple):
    """A passage `[start, end)` of a field's original text that a snippet shows."""

    start: int
    end: int
