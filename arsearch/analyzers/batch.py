"""The analysis of many words at once, for indexing: from written words to normalised forms, and from those to stems.

Nearly all words of a collection are plain Arabic words, and calling each step for each word costs more than the steps.
The functions of this module join the words and make a few passes over all of them. Their results are those of
`ArabicAnalyzer.form`, which remains in charge of every other word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from arsearch.analyzers import foldings
from arsearch.analyzers.joined_words import joined_candidates, split_joined
from arsearch.analyzers.stemming.stemmer import ArabicStemmer
from arsearch.analyzers.uthmani import is_uthmani

if TYPE_CHECKING:
    from arsearch.analyzers.analyzer import ArabicAnalyzer
    from arsearch.analyzers.normalizer import Normalizer

__all__ = ["normalised_words", "stems", "surfaces_and_normalised"]

_MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640"
_ODD = re.compile("[^ء-غف-ي\n]").search
_PLAIN = re.compile("[ء-غف-ي]*").fullmatch
_TRIPLED = re.compile(r"(.)\1\1")  # the dot matches no line feed, so a run never continues in the next word
_SEATED = re.compile("[ئؤ]|ءو|ء$", re.MULTILINE)
# One of these is in every word of plain letters and harakat that `is_uthmani` accepts. Together they would take much longer.
_INNER_HAMZA = (re.compile("ء."), re.compile("[آأ][ءئؤ]"))


def normalised_words(analyzer: ArabicAnalyzer, words: Sequence[str]) -> list[str | None]:
    """Return the normalised form of each word whose form is a single term of Arabic letters with a width of 1.

    Other words, which may be any strings, have None: their forms need `analyzer.form`. A few single terms have None too.
    """
    surfaces, normalised = surfaces_and_normalised(analyzer.normalizer, words)
    single: list[str | None] = list(normalised)
    if analyzer.compounds:
        # `joined_candidates` has the keys as `folds_all` leaves them.
        keys = normalised if analyzer.normalizer.folds_all else list(map(foldings.fold_letters, surfaces))
        table = joined_candidates()
        for at, key in enumerate(keys):
            if (key in table or "بو" in key or key.find("ال", 2) > 0 or "ابا" in key) and split_joined(surfaces[at]):
                single[at] = None
    if "" in surfaces or _ODD("\n".join(surfaces)):
        for at, surface in enumerate(surfaces):
            if not surface or not _PLAIN(surface):
                single[at] = None
    return single


def stems(analyzer: ArabicAnalyzer, normalised: Iterable[str]) -> list[str]:
    """Return the stem of each normalised form of Arabic letters; the analyzer must be `nested`."""
    stemmer, bases = analyzer.stemmer, analyzer.bases
    forms = [bases.get(form, form) for form in normalised]
    if type(stemmer) is ArabicStemmer:  # a subclass may override `stem` alone
        return stemmer.stems(forms)
    return [stemmer.stem(form, form)[1] for form in forms]


def surfaces_and_normalised(normalizer: Normalizer, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return `normalizer.surface(word)` and `normalizer.normalise(word)` for each word."""
    joined = "\n".join(words)
    for mark in _MARKS:
        if normalizer.removes(mark):
            joined = joined.replace(mark, "")
    surfaces = joined.split("\n")
    if not normalizer.folds_all or len(surfaces) != len(words):
        surfaces = [normalizer.surface(word) for word in words]
        return surfaces, [normalizer.fold(surface) for surface in surfaces]
    folded = foldings.fold_letters(joined)
    normalised = folded.split("\n")
    seated = _line_numbers(_SEATED.finditer(folded), folded)
    for at in seated:
        normalised[at] = foldings.fold_hamza_seats(normalised[at])
    # The normalizer does what these passes do not: other characters, runs of three letters, reserved words.
    rest = set(_line_numbers(_TRIPLED.finditer(folded), folded))
    rest.update(at for at in seated if _TRIPLED.search(normalised[at]))
    if normalizer.function_words:
        rest.update(_reserved(surfaces), _reserved(normalised))
    if normalizer.uthmani:
        for pattern in _INNER_HAMZA:
            found = _line_numbers(pattern.finditer(joined), joined)
            # a tatweel may stand between the letters of a sign: ءـأ
            rest.update(at for at in found if is_uthmani(words[at]) or is_uthmani(surfaces[at]))
    if _ODD(joined):
        rest.update(at for at, surface in enumerate(surfaces) if not _PLAIN(surface))
    for at in rest:
        surfaces[at] = normalizer.surface(words[at])
        normalised[at] = normalizer.fold(surfaces[at])
    return surfaces, normalised


def _reserved(forms: Iterable[str]) -> list[int]:
    """Return the indexes of the forms that the normalizer keeps from folding."""
    reserved = foldings.RESERVED
    return [at for at, form in enumerate(forms) if form in reserved]


def _line_numbers(matches: Iterable[re.Match[str]], joined: str) -> list[int]:
    """Return the line number of each match in a text, increasing and without duplicates."""
    lines: list[int] = []
    line = position = 0
    for match in matches:
        line += joined.count("\n", position, match.start())
        position = match.start()
        if not lines or lines[-1] != line:
            lines.append(line)
    return lines
