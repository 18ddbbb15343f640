"""What analysis yields: terms, the form of a written word, and tokens in a text.

A `Form` belongs to the written word alone, so that each distinct word of a collection is analysed once; a `Token` is
a term of a form at its place in a text.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["EMPTY_FORM", "Form", "Term", "Token"]


class Term(NamedTuple):
    """A key of a written word at each level.

    `offset` is its position relative to the written word's first: 0, but for the parts of compounds, hashtags and the
    like (عبدالله: عبد at 0, الله at 1). The keys nest: equal `surface` gives equal `normalised`, that gives equal
    `word`, and that equal `stem`. `stop` says that the surface form is in the analyzer's stop word list.
    """

    offset: int
    surface: str
    normalised: str
    word: str
    stem: str
    stop: bool


class Form(NamedTuple):
    """The terms of a written word and how many positions it takes.

    `width` is 0 for what is transparent to phrases: a word that has nothing left (no terms), and ﷺ, whose terms still
    stand at offsets 0 to 3, over the words that follow.
    """

    terms: tuple[Term, ...]
    width: int


class Token(NamedTuple):
    """A term in a text: `text == source[start:end]` is the whole written word, whatever part of it the term is.

    `start` and `end` count code points, `position` words. Tokens come in the order of their written words; those of
    one word share its span.
    """

    text: str
    start: int
    end: int
    position: int
    term: Term


EMPTY_FORM = Form((), 0)
"""The form of what holds no word."""
