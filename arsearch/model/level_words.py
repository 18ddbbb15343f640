"""The levels of a match in words that a reader understands, in English and Arabic."""

from __future__ import annotations

from collections.abc import Mapping

from arsearch.model.citations import Language

__all__ = ["LEVEL_WORDS"]

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
