"""The result of a stemmer, and the protocol of all stemmers."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

__all__ = ["Stem", "Stemmer"]


class Stem(NamedTuple):
    """The looser keys of a form: `word` is the form without clitics, `stem` is the word without inflection."""

    word: str
    stem: str


class Stemmer(Protocol):
    """A function from a normalised form to its word and stem.

    Equal normalised forms have equal words, and equal words have equal stems, so the match levels are nested. A stemmer
    whose results also depend on the surface form has a false attribute `nested`. Stemmers never raise for a string.
    """

    @property
    def name(self) -> str:
        """The name that selects the stemmer in a configuration."""
        ...

    @property
    def digest(self) -> str:
        """A string that differs between stemmers whose tables, rules or options differ."""
        ...

    def stem(self, surface: str, normalised: str) -> Stem:
        """Return the word and the stem of a form, given as surface form and as normalised form."""
        ...

    def config(self) -> dict[str, Any]:
        """Return the options as JSON values."""
        ...
