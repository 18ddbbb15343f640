"""A byte-level test that rules out the words of a text that cannot match.

Analysing every word of every hit would cost more than the search. A word matches only if one of its terms has a
candidate normalised form, and nearly every other word can be ruled out without analysing it. The text is encoded in one
byte per character, with the spellings that folding joins made equal; a word that matches must equal a candidate encoded
in the same way. The test has false positives but no false negatives. A word that it cannot judge (hashtags, compounds,
tatweel, elongation, rare characters) passes and is analysed, and a hamza on a seat counts as the same letter as
everything it may fold to.

The test relies on how `arsearch.ArabicAnalyzer` reads plain Arabic words, with any options, and on no other analyzer.
Source: Windows code page 1256, which has all letters, marks and punctuation of modern Arabic in one byte each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arsearch.analyzers import foldings
from arsearch.analyzers.letters import JOINED, LETTERS, TATWEEL
from arsearch.analyzers.numbers import LONGEST_NUMBER, is_inside_number
from arsearch.analyzers.tokens import Form, Term
from arsearch.concurrency import cached_property
from arsearch.kernel import native

if TYPE_CHECKING:
    from arsearch.analyzers.stemming.stem import Stem

__all__ = ["PlainWords", "Prefilter", "block_end", "plain_words"]

_ENCODING = "cp1256"
_OPAQUE = b"?"  # a character that the test cannot judge; the codec also writes it for characters that it lacks
_MARK = b"\x01"
_DELIMITER = b" "  # ends a word, not a region
_SPACE = b"\n"
_VOWELS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_HIGH_BYTES = bytes(range(0x80, 0x100))

_FOLDED = str.maketrans("أإآةى", "اااهي")
_SEATS = "ؤئ"
_SEATED = "ءوي"  # a seat folds to one of these; the rest of the word decides which
_SEAT = _SEATS[0].encode(_ENCODING)
_COARSE = bytes.maketrans(_SEATED.encode(_ENCODING), _SEAT * len(_SEATED))
"""Merges a seat with everything it folds to. Compounds are looked for before this step, which makes كتابي contain ابو."""

_COMPOUND_PARTS = ("عبدال", "ابو", "ابا", "ذوال", "ذيال", "الله", "الدين")
"""Every name that is written as one word and read as several contains one of these, folded, or is a listed word."""

_UTHMANI_PARTS = ("ءا", "ءي", "اءو")
"""Words in the spelling of the printed Quran contain one of these, folded, or begin with `_INTERROGATIVE`.

The others have a character that the test cannot judge, or a hamza that counts as the same letter as what it becomes.
"""

_INTERROGATIVE = "اء"


@cache
def _translation(*, latin: bool) -> bytes:
    """Return the table that maps each byte of the code page to its class or its folded letter.

    ASCII letters and digits are opaque if `latin`, else they delimit words.
    """
    plain = re.compile("[ء-غف-ي]").match
    vowel = re.compile("[\u064b-\u0652]").match
    word_character = re.compile(rf"[\w#@{LETTERS}{JOINED}{TATWEEL}]").match
    table = bytearray()
    for code in range(256):
        character = bytes([code]).decode(_ENCODING)
        if character.isspace():
            table += _SPACE
        elif character in _SEATS:
            table += _SEAT
        elif plain(character):
            table += character.translate(_FOLDED).encode(_ENCODING)
        elif vowel(character):
            table += _MARK
        elif character == _OPAQUE.decode() or (
            word_character(character) and (latin or not (character.isascii() and character.isalnum()))
        ):
            table += _OPAQUE
        else:
            table += _DELIMITER
    return bytes(table)


@cache
def _character_bytes(*, latin: bool) -> bytes:
    """Return what `_encode` makes of each character up to U+FFFF."""
    table = bytearray(_OPAQUE * 0x10000)
    for code, byte in enumerate(_translation(latin=latin)):
        table[ord(bytes([code]).decode(_ENCODING))] = byte
    return bytes(table)


def _encode(text: str, table: bytes) -> bytes:
    return text.encode(_ENCODING, "replace").translate(table)


@cache
def _needles() -> tuple[bytes, ...]:
    """Return the encoded strings that mark a word for analysis."""
    return (_OPAQUE, *(_encode(part, _translation(latin=False)) for part in (*_COMPOUND_PARTS, *_UTHMANI_PARTS)))


@cache
def _joined_words() -> frozenset[bytes]:
    """Return the encoded words that are listed as two words written together."""
    from arsearch.analyzers.joined_words import joined_words  # few searches highlight

    words = "\n".join(joined_words())
    return frozenset(_encode(words, _translation(latin=False)).translate(_COARSE).split())


@cache
def _proclitic_stacks() -> frozenset[bytes]:
    """Return the encoded stacks of proclitics, which the tokenizer drops before a quote, a bracket or a digit."""
    from arsearch.analyzers.stemming.affixes import read_table  # loads the stemmer, which only phrases need here

    stacks = "\n".join(row[1] for row in read_table("affixes.txt") if row[0] == "stack")
    return frozenset(_encode(stacks, _translation(latin=False)).translate(_COARSE).split())


@cache
def _base_filter(extension: Any) -> Any:
    """Return the filter of the words that every text must have analysed; see `_native.Filter`."""
    prefix = _encode(_INTERROGATIVE, _translation(latin=False))
    return extension.Filter(b"\n".join(_joined_words()), (*_needles(), prefix), _COARSE)


class PlainWords(NamedTuple):
    """What the extension needs to make the forms of words of plain letters and vowel marks, in the order that it reads.

    It leaves to `ArabicAnalyzer.form` the `reserved` and `joined` words, compounds, and words with hamza seats or elongation.
    """

    looser: Callable[[str, str], Stem]
    reserved: Mapping[str, str]
    joined: frozenset[str]
    stops: frozenset[str]
    term: type[Term]
    form: type[Form]


def plain_words(analyzer: object) -> PlainWords | None:
    """Return what the extension needs; `None` for analyzers that read plain words in another way."""
    from arsearch.analyzers.analyzer import ArabicAnalyzer
    from arsearch.analyzers.joined_words import joined_candidates

    if type(analyzer) is not ArabicAnalyzer:
        return None
    normalizer = analyzer.normalizer
    if not normalizer.folds_all or not all(map(normalizer.removes, _VOWELS)):
        return None
    return PlainWords(analyzer.looser, foldings.RESERVED, joined_candidates(), analyzer.stop_forms, Term, Form)


class Prefilter:
    """Finds the regions of a text that must be analysed, given every candidate normalised form.

    If `counting`, it also reports every word that may take up more or fewer positions than one, so that the words
    between two regions can be counted as one position each. `compiled` is the same as a `_native.Filter`, or `None`.
    """

    def __init__(self, forms: Iterable[str], *, counting: bool = False) -> None:
        listed = "\n".join(forms)
        if "ماي" in listed:  # مئة folds to the older spelling
            listed += "\n" + listed.replace("ماي", "مي")
        extension = native()
        if extension is None:
            encoded = _encode(listed, _translation(latin=False)).replace(_MARK, b"")
            latin = encoded.translate(None, _HIGH_BYTES + _SPACE) != b""
            self._listed = encoded.translate(_COARSE)
        else:
            self._listed, latin = extension.encoded_words(listed, _character_bytes(latin=False), _COARSE)
        latin |= counting
        self._table = _translation(latin=latin)
        self.counting = counting
        if counting:
            self._listed = b"\n".join((self._listed, *_proclitic_stacks()))
        self.compiled = extension and extension.Filter(
            self._listed, _base_filter(extension), _character_bytes(latin=latin), listed
        )

    def regions(self, text: str, start: int, end: int) -> list[tuple[int, int, int]]:
        """Return the regions of `text[start:end]` to analyse as `(start, end, skipped)`, in order.

        Each region ends at white space outside numbers. `skipped` is the number of words between the previous region and
        this one if words are counted, else 0. If they are, an empty region at `end` has the number of words after the last.
        """
        if self.compiled is not None:
            found: list[tuple[int, int, int]] = self.compiled.regions(text, start, end, self.counting)
            return found
        encoded = _encode(text[start:end], self._table)
        kept: NDArray[np.intp] | None = None  # the offset of each byte in the text, if marks were removed
        if _MARK in encoded:
            codes = np.frombuffer(encoded, np.uint8)
            kept = np.flatnonzero(codes != _MARK[0])
            encoded = codes[kept].tobytes()
        regions: list[tuple[int, int, int]] = []
        done = skipped = 0
        for at in self._candidates(encoded):
            if at < done:
                continue
            first = encoded.rfind(_SPACE, done, at) + 1 or done
            if self.counting:
                skipped = len(encoded[done:first].split())
            if kept is not None:
                first = int(kept[first - 1]) + 1 if first else 0
            done = at - 1
            inside = True
            while inside and done < len(encoded):
                done = encoded.find(_SPACE, done + 1)
                done = len(encoded) if done < 0 else done
                last = done if kept is None else int(kept[done]) if done < len(kept) else end - start
                inside = is_inside_number(text, start + last)
            regions.append((start + first, start + last, skipped))
        if self.counting:
            regions.append((end, end, len(encoded[done:].split())))
        return regions

    @cached_property
    def _words(self) -> frozenset[bytes]:
        """The words that may match or that every text must have analysed, also without a hamza at the end (شيء folds to شي)."""
        return _joined_words().union(self._listed.split())

    def _candidates(self, encoded: bytes) -> list[int]:
        """Return an offset inside each word that may match or cannot be judged, increasing."""
        offsets = []
        coarse = encoded.translate(_COARSE)
        at = 0
        words = self._words
        for word in [word for word in coarse.split() if word in words or word.removesuffix(_SEAT) in words]:
            at = _find_word(coarse, word, at)
            offsets.append(at)
            at += len(word)
        for needle in _needles():
            at = encoded.find(needle)
            while at >= 0:
                offsets.append(at)
                at = encoded.find(needle, at + 1)
        interrogative = _encode(_INTERROGATIVE, self._table)
        at = encoded.find(interrogative)
        while at >= 0:
            if at == 0 or encoded[at - 1] <= 0x20:
                offsets.append(at)
            at = encoded.find(interrogative, at + 1)
        codes = np.frombuffer(coarse, np.uint8)
        repeated = codes[1:] == codes[:-1]
        tripled = repeated[1:] & repeated[:-1]
        if tripled.any():  # an elongated word, or white space
            offsets += [at for at in np.flatnonzero(tripled).tolist() if encoded[at] > 0x7F]
        offsets.sort()
        return offsets


def _find_word(encoded: bytes, word: bytes, at: int) -> int:
    """Return the next offset from `at` on at which `word` is between delimiters; it must occur."""
    while True:
        at = encoded.index(word, at)
        end = at + len(word)
        if (at == 0 or encoded[at - 1] <= 0x20) and (end == len(encoded) or encoded[end] <= 0x20):
            return at
        at += 1


def block_end(text: str, end: int) -> int:
    """Return the first offset from `end` on that cuts no word: white space outside numbers, or the end of the text."""
    furthest = end + LONGEST_NUMBER  # a row of numbers without an end is cut
    while end < len(text) and not (text[end].isspace() and (end > furthest or not is_inside_number(text, end))):
        end += 1
    return end
