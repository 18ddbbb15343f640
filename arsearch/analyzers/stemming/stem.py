"""The result of a stemmer, and what every stemmer offers."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

__all__ = ["Stem", "Stemmer"]


class Stem(NamedTuple):
    """The two looser keys of a word: `word`, without clitics, and `stem`, without inflection either."""

    word: str
    stem: str


class Stemmer(Protocol):
    """Maps a word to its looser keys; a pure function of the normalised form.

    Equal `normalised` gives an equal `word`, and an equal `word` an equal `stem`, so that the match levels are nested.
    No string makes it raise. One whose results depend on the surface as well says so by a false attribute `nested`.
    """

    @property
    def name(self) -> str:
        """The name under which the stemmer is chosen."""
        ...

    @property
    def digest(self) -> str:
        """A hex digest of the tables and options that decide its results."""
        ...

    def stem(self, surface: str, normalised: str) -> Stem:
        """The looser keys of a word, given as written (marks off) and folded."""
        ...

    def config(self) -> dict[str, Any]:
        """The options, as JSON values."""
        ...
