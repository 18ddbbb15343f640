"""All spellings of a quoted phrase: those of its numbers, and those of its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from arsearch.analyzers import Form
from arsearch.analyzers.phrase_spellings import MOST_SPELLINGS, phrase_spellings
from arsearch.query.numbers import number_spellings

__all__ = ["spellings_of_phrase"]


def spellings_of_phrase(words: Sequence[str], form_of: Callable[[str], Form], *, exact: bool) -> list[tuple[str, ...]]:
    """Return the written words of a phrase, then its other spellings, at most `MOST_SPELLINGS` in all.

    `form_of` gives the form of a written word. If `exact`, only numbers have other spellings.
    """
    spellings = [tuple(words), *number_spellings(words)]
    if not exact:
        spellings = [other for spelling in spellings for other in phrase_spellings(spelling, form_of)]
    return list(dict.fromkeys(spellings))[:MOST_SPELLINGS]
