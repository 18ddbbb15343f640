"""The words under a hit, in English and Arabic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

if TYPE_CHECKING:
    from arsearch.model import Hit

__all__ = ["LEVEL_WORDS", "OTHERS", "Language", "language_option", "remarks"]

Command = TypeVar("Command", bound=Callable[..., Any])
Language = Literal["en", "ar"]

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
"""What each level of a match (`arsearch.Level`) means to a reader."""

_SOME: Mapping[Language, str] = {"en": "some of the words", "ar": "بعض الكلمات"}
OTHERS: Mapping[Language, str] = {"en": "and {:,} more", "ar": "و{:,} غيرها"}
"""How many further hits of a work are not shown."""

_SIMILAR: Mapping[Language, str] = {"en": "+{:,} similar", "ar": "+{:,} مماثلة"}


def language_option(command: Command) -> Command:
    """Add --lang."""
    return click.option(
        "--lang",
        "language",
        type=click.Choice(["en", "ar"]),
        default="en",
        show_default=True,
        envvar="ARSEARCH_LANG",
        show_envvar=True,
        help="The language of the words under a hit.",
    )(command)


def remarks(hit: Hit, language: Language) -> list[str]:
    """Return the level of a hit in words, and whether it lacks words or stands for near-duplicates."""
    level = hit.level.label if hit.level else ""
    words = [LEVEL_WORDS[language][level]] if level else []
    if not hit.complete and level != "root":
        words.append(_SOME[language])
    if hit.similar:
        words.append(_SIMILAR[language].format(hit.similar))
    return words
