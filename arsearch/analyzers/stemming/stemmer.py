"""The stemmers, by name.

`ArabicStemmer` is the default; `Light10Stemmer` and `TashaphyneStemmer` are there to compare with and to serve those
who rely on them; `NoStemmer` keeps the normalised form. Each is an immutable value: equal options make equal stemmers,
with equal results on every machine.
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


_VERSION = 2
"""Counts the changes of the default stemmer's rules; part of its digest, so that indexes notice."""


@dataclass(frozen=True)
class ArabicStemmer:
    """The default stemmer: clitics and inflection come off where the shipped lexicon allows it.

    `protected` holds words that keep their own stem, in any spelling; clitics still come off them.
    Raises `AnalyzerError` when it is not a collection of strings.
    """

    name: ClassVar[str] = "arabic"

    protected: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        given: Any = self.protected  # from a configuration it is a list, or anything
        if isinstance(given, str) or not all(isinstance(word, str) for word in given):
            raise AnalyzerError(f"protected words are {given!r}; give a list of strings")
        object.__setattr__(self, "protected", frozenset(given))

    def stem(self, surface: str, normalised: str) -> Stem:  # noqa: ARG002
        """The looser keys of a word: both are functions of its normalised form."""
        return self._segmenter.stem(normalised)

    def stems(self, normalised: Sequence[str]) -> list[str]:
        """The stems of many words at once, in order: the same ones, sooner."""
        return self._segmenter.stems(normalised)

    def config(self) -> dict[str, Any]:
        """The options, as JSON values."""
        return {"protected": sorted(self.protected)}

    @cached_property
    def digest(self) -> str:
        """A hex digest of lexicon, affixes and protected words."""
        return hashlib.sha256(repr((_VERSION, data_digest(), sorted(self.protected))).encode()).hexdigest()[:16]

    @cached_property
    def _segmenter(self) -> Segmenter:
        normalise = Normalizer().normalise
        return Segmenter(lexicon(), endings(), frozenset(filter(None, map(normalise, self.protected))))

    def __reduce__(self) -> tuple[type[ArabicStemmer], tuple[frozenset[str]]]:
        """Pickle the options; the tables are read again where the stemmer is used."""
        return type(self), (self.protected,)


@dataclass(frozen=True, slots=True)
class NoStemmer:
    """Keeps the normalised form as word and stem."""

    name: ClassVar[str] = "none"
    digest: ClassVar[str] = "none-1"

    def stem(self, surface: str, normalised: str) -> Stem:  # noqa: ARG002
        """The normalised form, twice."""
        return Stem(normalised, normalised)

    def config(self) -> dict[str, Any]:
        """No options."""
        return {}


STEMMERS: dict[str, type[ArabicStemmer] | type[Light10Stemmer] | type[TashaphyneStemmer] | type[NoStemmer]] = {
    stemmer.name: stemmer for stemmer in (ArabicStemmer, Light10Stemmer, TashaphyneStemmer, NoStemmer)
}
"""The stemmers an analyzer can be given, by name."""
