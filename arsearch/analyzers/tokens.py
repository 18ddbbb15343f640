"""The results of analysis: terms, the form of a written word, and tokens in a text.

A `Form` depends on the written word alone, so an index analyses each distinct word of a collection once. A `Token` is
a term of a form at its place in a text.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["EMPTY_FORM", "Form", "Term", "Token"]


class Term(NamedTuple):
    """The keys of a written word, or of a part of it, one for each match level.

    `offset` is the position relative to the first position of the written word. It exceeds 0 only for parts of
    compounds, hashtags and the like (عبدالله: عبد at 0, الله at 1).

    The keys are nested: terms with an equal `surface` have an equal `normalised`, and so on for `word` and `stem`.
    `stop` is true if the analyzer's stop words have the surface form.
    """

    offset: int
    surface: str
    normalised: str
    word: str
    stem: str
    stop: bool


class Form(NamedTuple):
    """The terms of a written word, and the number of positions the word takes.

    A `width` of 0 means that phrases ignore the word. It has either no terms, because nothing is left of it, or it is
    ﷺ, whose terms have the offsets 0 to 3 and overlap the words that follow.
    """

    terms: tuple[Term, ...]
    width: int

    @property
    def tag(self) -> Term | None:
        """The term of a whole hashtag or mention, sign included; `None` for other words."""
        return self.terms[0] if self.terms and self.terms[0].surface.startswith(("#", "@")) else None


class Token(NamedTuple):
    """A term at its place in a text.

    `text == source[start:end]` is the whole written word, even if the term is only a part of it. `start` and `end`
    count code points, `position` counts words. Tokens are in the order of their written words, and those of one word
    share its span.
    """

    text: str
    start: int
    end: int
    position: int
    term: Term


EMPTY_FORM = Form((), 0)
"""The form of a string without a word."""
