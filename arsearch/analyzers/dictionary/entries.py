"""The entries of a dictionary, and the form in which they are compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from arsearch.analyzers.normalizer import Normalizer
from arsearch.analyzers.tokenizer import Tokenizer

__all__ = ["DictionaryEntry", "Kind", "normalised_entry", "shown"]

Kind = Literal["word", "stem", "name", "stop word"]

_LONGEST_WORD = 40  # letters; the stemmer takes no longer form for a word
_MAX_SHOWN = 60

_ARABIC = re.compile("[ء-غف-ي]+").fullmatch
_NORMALIZER = Normalizer()
_WORDS = Tokenizer().words


class DictionaryEntry(NamedTuple):
    """A line of a dictionary: its kind, its form, the word after `=>` of a stem, and its number, or 0 if it has none."""

    kind: Kind
    form: str
    stem: str = ""
    line: int = 0


def normalised_entry(entry: DictionaryEntry) -> DictionaryEntry:
    """Return an entry with its form and stem as they are compared; a form that is its own stem becomes a word.

    Raises `ValueError`, with the reason, if the form or the stem is no single word.
    """
    kind, form, stem, line = entry
    if kind == "stop word":
        return DictionaryEntry(kind, _single_word(form, _NORMALIZER.surface), "", line)
    form = _arabic_word(form)
    if kind != "stem":
        return DictionaryEntry(kind, form, "", line)
    stem = _arabic_word(stem)
    return DictionaryEntry("word", form, "", line) if form == stem else DictionaryEntry(kind, form, stem, line)


def _arabic_word(text: str) -> str:
    word = _single_word(text, _NORMALIZER.normalise)
    if not _ARABIC(word):
        raise ValueError(f"{shown(text)} is not of Arabic letters; the stemmer changes no other words")
    return word


def _single_word(text: str, compared: Callable[[str], str]) -> str:
    """Return a single word in the form in which it is compared, which is a single word too."""
    words = _WORDS(text)
    if len(words) > 1:
        raise ValueError(f"{shown(text)} is {len(words)} words; give each word a line of its own")
    if words != [text]:
        raise ValueError(f"{shown(text)} is not a word{f'; write {shown(words[0])} alone' if words else ''}")
    word = compared(text)
    if _WORDS(word) != [word]:
        raise ValueError(f"{shown(text)} is not a word; write it in letters")
    if len(word) > _LONGEST_WORD:
        raise ValueError(f"{shown(text)} has {len(word)} letters; a word has at most {_LONGEST_WORD}")
    return word


def shown(value: object) -> str:
    """Return the beginning of a value's text in quotes, for messages."""
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}..."
