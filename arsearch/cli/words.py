"""The words under a hit, in English and Arabic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from arsearch.model.spans import LEVEL_WORDS, Language

if TYPE_CHECKING:
    from arsearch.model import Hit

__all__ = ["OTHERS", "Language", "language_option", "remarks"]

Command = TypeVar("Command", bound=Callable[..., Any])

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
