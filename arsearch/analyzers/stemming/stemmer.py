"""The stemmers, by name.

`ArabicStemmer` is the default. `Light10Stemmer` and `TashaphyneStemmer` serve comparisons, and users who rely on their
stems. `NoStemmer` keeps the normalised form. Stemmers are immutable and equal by their options; equal stemmers give
equal results on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, ClassVar

from arsearch.analyzers.dictionary import Dictionary, DictionaryEntry
from arsearch.analyzers.shipped import shipped_digest
from arsearch.analyzers.stemming.affixes import endings
from arsearch.analyzers.stemming.heads import shipped_heads
from arsearch.analyzers.stemming.lexicon import FILES, lexicon
from arsearch.analyzers.stemming.segmenter import Segmenter
from arsearch.analyzers.stemming.stem import Stem, Stemmer
from arsearch.concurrency import cached_property
from arsearch.errors import AnalyzerError

__all__ = [
    "ArabicStemmer",
    "NoStemmer",
    "Stem",
    "Stemmer",
    "with_dictionary",
]


_VERSION = 5
"""The version of the default stemmer's rules, a part of its digest."""


@dataclass(frozen=True)
class ArabicStemmer:
    """The default stemmer, which removes clitics and inflection where the lexicon allows it.

    The words, stems and names of `dictionary` come before those of the lexicon; its stop words are left to the analyzer.
    `protected` is short for a dictionary of words that stay whole: the words of both are joined, and `protected` then
    lists the whole words of the dictionary in normalised form. In place of a dictionary, its `config()` may be given.

    Raises `AnalyzerError` if `protected` is not a collection of strings, or if an entry is no single word.
    """

    name: ClassVar[str] = "arabic"

    protected: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    dictionary: Dictionary = field(default_factory=Dictionary)

    def __post_init__(self) -> None:
        given: Any = self.dictionary  # in a configuration, a mapping or any other JSON value
        dictionary = given if isinstance(given, Dictionary) else Dictionary.from_config(given)
        words: Any = self.protected
        if isinstance(words, str) or not all(isinstance(word, str) for word in words):
            raise AnalyzerError(f"the protected words are {words!r}; give a list of strings")
        if words:
            whole = tuple(DictionaryEntry("word", word) for word in sorted(words))
            dictionary = Dictionary((*dictionary.entries, *whole), dictionary.name)
        object.__setattr__(self, "dictionary", dictionary)
        object.__setattr__(self, "protected", dictionary.words)

    def stem(self, surface: str, normalised: str) -> Stem:  # noqa: ARG002
        """Return the word and the stem of a normalised form."""
        return self._segmenter.stem(normalised)

    def stems(self, normalised: Sequence[str]) -> list[str]:
        """Return the stems of normalised forms, in order; this takes less time than `stem` for each."""
        segmenter = self._segmenter if self.dictionary.has_forms else _shipped_segmenter(whole=True)
        return segmenter.stems(normalised)

    def config(self) -> dict[str, Any]:
        """Return the options as JSON values."""
        return {"dictionary": self.dictionary.config()}

    @cached_property
    def digest(self) -> str:
        """16 hex digits that digest the rules' version, the data files and the dictionary."""
        facts = (_VERSION, shipped_digest(*FILES), self.dictionary.config())
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]

    @cached_property
    def _segmenter(self) -> Segmenter:
        shipped = _shipped_segmenter(whole=False)
        if not self.dictionary.has_forms:
            return shipped
        from arsearch.analyzers.stemming.overlay import overlay  # few users have a dictionary

        return Segmenter(overlay(lexicon(), self.dictionary, shipped.stem), endings())

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the dictionary; the process that unpickles a stemmer reads the tables at first use."""
        return type(self), ((), self.dictionary)


@cache
def _shipped_segmenter(*, whole: bool) -> Segmenter:
    """Return the segmenter of the shipped lexicon, which all stemmers of a process share.

    With `whole`, the lexicon is read at once: this takes longer than a search, and makes thousands of look-ups faster.
    """
    words, heads = lexicon(), shipped_heads()
    return Segmenter(words.whole(), endings(), heads.whole()) if whole else Segmenter(words, endings(), heads)


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


def with_dictionary(stemmer: Stemmer, dictionary: Dictionary) -> tuple[Stemmer, Dictionary]:
    """Return the stemmer with the dictionary, and the dictionary; an empty one gives way to that of the stemmer."""
    if not isinstance(dictionary, Dictionary):
        raise AnalyzerError(f"the dictionary is {dictionary!r}; give Dictionary.read(FILE) or Dictionary.parse(TEXT)")
    if not isinstance(stemmer, ArabicStemmer):
        if dictionary.has_forms:
            raise AnalyzerError(
                f"the stemmer {stemmer.name!r} takes no words, stems and names of a dictionary; "
                "use the stemmer 'arabic', or leave only stop words in the dictionary"
            )
        return stemmer, dictionary
    if stemmer.dictionary == dictionary or not dictionary:
        return stemmer, stemmer.dictionary
    if stemmer.dictionary:
        raise AnalyzerError(
            "the stemmer already has protected words or a dictionary; give all words in the analyzer's dictionary"
        )
    return replace(stemmer, dictionary=dictionary), dictionary
