"""The words of a text as a string of terms, from which the cluster makes the postings.

The cluster has no field for analysed text. One string for each value holds the terms of all levels: terms at one position are
joined by |, positions are separated by spaces, and ! stands for a position without a term. The first letter of a term tells its
level:

    n  normalised        s  stem        w  the word without clitics, and its stem unless it is the word
    u  surface           r  root        f  the surface form and the word as written, if it has vowel marks

A term with a separator or white space, and a very long term, is replaced by its digest.

Arabic letters change places with Latin ones, one for one. An Arabic letter is one byte then instead of two, so that the cluster
reads, splits and hashes terms in less time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain
from operator import itemgetter
from typing import NamedTuple, cast

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.root_families import root_of_family
from arsearch.minhash import minhash_signature, stem_hash
from arsearch.model.schema import NORMALISED, STEM

__all__ = [
    "ALTERNATIVE",
    "HOLE",
    "JOINER",
    "VALUE_GAP",
    "AnalysedField",
    "FieldAnalyser",
    "positions_of",
    "token",
    "word_token",
]

ALTERNATIVE = "|"
HOLE = "!"
JOINER = "^"
"""Stands between the two parts of a term of the levels "w" and "f"."""

VALUE_GAP = 100
"""Positions between two values of one field."""

LONGEST = 1000
"""The longest term, in characters, that is kept as it is."""

_KEPT_WORDS = 400_000
_unfit = re.compile(r"[\s\x1c-\x1f|!^]").search
_LETTERS = "".join(map(chr, (*range(0x621, 0x63B), *range(0x641, 0x64B))))
_LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(_LETTERS)]
_SWAPPED = str.maketrans(_LETTERS + _LATIN, _LATIN + _LETTERS)
_SIGNS = {NORMALISED: "n", STEM: "s", "word": "w", "surface": "u", "root": "r", "form": "f"}


def token(level: str, *parts: str) -> str:
    """Return the indexed form of a term at a level."""
    text = JOINER.join(parts)
    if len(text) > LONGEST or any(map(_unfit, parts)):
        text = "%" + blake2b(text.encode(), digest_size=16).hexdigest()
    return _SIGNS[level] + text.translate(_SWAPPED)


def text_of(one: str) -> str:
    """Return the text of an indexed term, without the sign of its level."""
    return one[1:].translate(_SWAPPED)


def word_token(stem: str, word: str) -> str:
    """Return the indexed form of a word without clitics; three in four words are their stem, which is then left out."""
    return token("word", word) if word == stem else token("word", word, stem)


def positions_of(string: str) -> list[set[str]]:
    """Return the terms at each position of a string."""
    return [set() if here == HOLE else set(here.split(ALTERNATIVE)) for here in string.split(" ") if here]


class AnalysedField(NamedTuple):
    """The values of one field for the cluster: strings of terms, their length in positions, and their vocabulary.

    `terms` are the distinct normalised terms, and `forms` the distinct terms of level "form". `signature` is the MinHash
    signature of the values, if it was requested.
    """

    strings: list[str]
    length: int
    terms: list[str]
    forms: list[str]
    signature: bytes = b""


class _Word:
    """A written word: its width, for each of its offsets the terms there, and its terms for the vocabulary.

    `single` has the terms of a word with one offset and a width of 1, else `None`. `stems` has the hash of each of its stems,
    and `hash` that of a single one. Words are compared by identity.
    """

    __slots__ = ("at", "forms", "hash", "single", "stems", "terms", "width")

    def __init__(
        self,
        width: int,
        at: tuple[tuple[int, str], ...],
        terms: tuple[str, ...],
        forms: tuple[str, ...],
        stems: tuple[tuple[int, int], ...],
    ) -> None:
        self.width = width
        self.at = at
        self.terms = terms
        self.forms = forms
        self.stems = stems
        self.hash = stems[0][1] if stems else 0
        self.single = at[0][1] if width == 1 and len(stems) == 1 and stems[0][0] == 0 else None


class FieldAnalyser:
    """Analyses the values of fields; each distinct word is analysed once."""

    def __init__(self, analyzer: ArabicAnalyzer) -> None:
        self._analyzer = analyzer
        self._words: dict[str, _Word] = {}
        self._roots: dict[str, str] = {}

    def analyse(self, values: Sequence[str], *, signed: bool = False) -> AnalysedField:
        """Return the values of one field, analysed, with their signature if `signed`."""
        strings: list[str] = []
        hashes: list[int] = []
        distinct: dict[_Word, None] = {}
        length = -VALUE_GAP
        for value in values:
            words = [self._word(word) for word in self._analyzer.tokenizer.words(value)]
            distinct |= dict.fromkeys(words)
            string, width = _joined(words)
            strings.append(string)
            length += VALUE_GAP + width
            if signed:
                hashes += _stem_hashes(words)
        terms = dict.fromkeys(chain.from_iterable(word.terms for word in distinct))
        forms = dict.fromkeys(chain.from_iterable(word.forms for word in distinct))
        signature = minhash_signature(hashes) if signed else b""
        return AnalysedField(strings, length, list(terms), list(forms), signature)

    def _word(self, text: str) -> _Word:
        word = self._words.get(text)
        if word is None:
            if len(self._words) >= _KEPT_WORDS:
                self._words.clear()
            word = self._words[text] = self._analyse_word(text)
        return word

    def _analyse_word(self, text: str) -> _Word:
        form = self._analyzer.form(text)
        at: dict[int, dict[str, None]] = {}
        forms = []
        for term in form.terms:
            tokens = at.setdefault(term.offset, {})
            tokens[token(NORMALISED, term.normalised)] = None
            tokens[token(STEM, term.stem)] = None
            tokens[word_token(term.stem, term.word)] = None
            tokens[token("surface", term.surface)] = None
            if root := self._root(term.stem):
                tokens[token("root", root)] = None
            if text != term.surface:
                written = token("form", term.surface, text)
                tokens[written] = None
                forms.append(written)
        terms = tuple(dict.fromkeys(term.normalised for term in form.terms if len(term.normalised) <= LONGEST))
        joined = tuple((offset, ALTERNATIVE.join(tokens)) for offset, tokens in at.items())
        stems = tuple((term.offset, stem_hash(term.stem)) for term in form.terms)
        return _Word(form.width, joined, terms, tuple(one for one in forms if JOINER in one), stems)

    def _root(self, stem: str) -> str:
        root = self._roots.get(stem)
        if root is None:
            root = self._roots[stem] = root_of_family(stem)
        return root


def _stem_hashes(words: Sequence[_Word]) -> list[int]:
    """Return the hashes of the stems of words, in order of position."""
    if all(word.single is not None for word in words):
        return [word.hash for word in words]
    placed: list[tuple[int, int]] = []
    position = 0
    for word in words:
        placed += [(position + offset, hash) for offset, hash in word.stems]
        position += word.width
    placed.sort(key=itemgetter(0))  # stable: the words of ﷺ share positions with the words after it
    return [hash for _, hash in placed]


def _joined(words: Sequence[_Word]) -> tuple[str, int]:
    """Return the string of the words of a value, and the number of its positions."""
    singles = [word.single for word in words]
    if None not in singles:
        return " ".join(cast("list[str]", singles)), len(singles)
    pieces: list[str] = []
    position = 0
    for word in words:
        for offset, tokens in word.at:
            place = position + offset
            if place == len(pieces):
                pieces.append(tokens)
                continue
            while place >= len(pieces):
                pieces.append(HOLE)
            here = pieces[place]
            if here == HOLE:
                pieces[place] = tokens
            else:
                both = dict.fromkeys((*here.split(ALTERNATIVE), *tokens.split(ALTERNATIVE)))
                pieces[place] = ALTERNATIVE.join(both)
        position += word.width
    pieces += [HOLE] * (position - len(pieces))
    return " ".join(pieces), position
