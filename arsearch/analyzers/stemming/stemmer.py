"""The stemmers, by name.

`ArabicStemmer` is the default. `Light10Stemmer` and `TashaphyneStemmer` serve comparisons, and users who rely on their
stems. `NoStemmer` keeps the normalised form. Stemmers are immutable and equal by their options; equal stemmers give
equal results on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from arsearch.analyzers.normalizer import Normalizer
from arsearch.analyzers.stemming.affixes import endings
from arsearch.analyzers.stemming.lexicon import data_digest, lexicon
from arsearch.analyzers.stemming.light10 import Light10Stemmer
from arsearch.analyzers.stemming.segmenter import Segmenter
from arsearch.analyzers.stemming.stem import Stem, Stemmer
from arsearch.analyzers.stemming.tashaphyne_stemmer import TashaphyneStemmer
from arsearch.errors import AnalyzerError

__all__ = ["STEMMERS", "ArabicStemmer", "Light10Stemmer", "NoStemmer", "Stem", "Stemmer", "TashaphyneStemmer"]


_VERSION = 3
"""The version of the default stemmer's rules, a part of its digest."""


@dataclass(frozen=True)
class ArabicStemmer:
    """The default stemmer, which removes clitics and inflection where the lexicon allows it.

    The words of `protected`, in any spelling, are their own stems; their clitics still come off. Raises `AnalyzerError`
    if `protected` is not a collection of strings.
    """

    name: ClassVar[str] = "arabic"

    protected: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        given: Any = self.protected  # in a configuration, a list or any other JSON value
        if isinstance(given, str) or not all(isinstance(word, str) for word in given):
            raise AnalyzerError(f"the protected words are {given!r}; give a list of strings")
        object.__setattr__(self, "protected", frozenset(given))

    def stem(self, surface: str, normalised: str) -> Stem:  # noqa: ARG002
        """Return the word and the stem of a normalised form."""
        return self._segmenter.stem(normalised)

    def stems(self, normalised: Sequence[str]) -> list[str]:
        """Return the stems of normalised forms, in order; this takes less time than `stem` for each."""
        return self._segmenter.stems(normalised)

    def config(self) -> dict[str, Any]:
        """Return the options as JSON values."""
        return {"protected": sorted(self.protected)}

    @cached_property
    def digest(self) -> str:
        """16 hex digits that digest the rules' version, the data files and the protected words."""
        return hashlib.sha256(repr((_VERSION, data_digest(), sorted(self.protected))).encode()).hexdigest()[:16]

    @cached_property
    def _segmenter(self) -> Segmenter:
        normalise = Normalizer().normalise
        return Segmenter(lexicon(), endings(), frozenset(filter(None, map(normalise, self.protected))))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the options; the process that unpickles a stemmer reads the tables at first use."""
        return type(self), (sorted(self.protected),)


@dataclass(frozen=True, slots=True)
class NoStemmer:
    """The stemmer that keeps the normalised form as word and stem."""

    name: ClassVar[str] = "none"
    digest: ClassVar[str] = "none-1"

    def stem(self, surface: str, normalised: str) -> Stem:  # noqa: ARG002
        """Return the normalised form as word and stem."""
        return Stem(normalised, normalised)

    def config(self) -> dict[str, Any]:
        """Return no options."""
        return {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the class alone."""
        return type(self), ()


STEMMERS: dict[str, type[ArabicStemmer] | type[Light10Stemmer] | type[TashaphyneStemmer] | type[NoStemmer]] = {
    stemmer.name: stemmer for stemmer in (ArabicStemmer, Light10Stemmer, TashaphyneStemmer, NoStemmer)
}
"""The stemmers that a configuration can name."""
