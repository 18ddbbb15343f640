"""Many written words analysed at once, as far as an index needs it: to the normalised form, and from there to the stem.

What: `normalised_words` does for plain Arabic words what `ArabicAnalyzer.form` does, by a few passes over all of them
joined. Why: nearly all forms of a collection are plain words, and calling each step for each of them costs more than
the steps. Source: the steps are the normalizer's and the analyzer's own; what is not plain is left to `form`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from arsearch.analyzers import foldings
from arsearch.analyzers.names import split_compound
from arsearch.analyzers.stemming.stemmer import ArabicStemmer

if TYPE_CHECKING:
    from arsearch.analyzers.analyzer import ArabicAnalyzer
    from arsearch.analyzers.normalizer import Normalizer

__all__ = ["normalised_words", "stems", "surfaces_and_normalised"]

_MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640"
_ODD = re.compile("[^ء-غف-ي\n]").search
_PLAIN = re.compile("[ء-غف-ي]*").fullmatch
_TRIPLED = re.compile(r"(.)\1\1")  # a point is no line feed: no run goes on in the next word
_SEATED = re.compile("[ئؤ]|ء$", re.MULTILINE)


def normalised_words(analyzer: ArabicAnalyzer, words: Sequence[str]) -> list[str | None]:
    """The normalised form of each word that is one term, one position wide, of Arabic letters; else None.

    None says only that `analyzer.form` has to be asked. Words may be any strings.
    """
    surfaces, normalised = surfaces_and_normalised(analyzer.normalizer, words)
    found: list[str | None] = list(normalised)
    if analyzer.compounds:
        maybe = [at for at, surface in enumerate(surfaces) if "بو" in surface or surface.find("ال", 2) > 0]
        for at in maybe:
            if split_compound(surfaces[at]):
                found[at] = None
    if "" in surfaces or _ODD("\n".join(surfaces)):
        for at, surface in enumerate(surfaces):
            if not surface or not _PLAIN(surface):
                found[at] = None
    return found


def stems(analyzer: ArabicAnalyzer, normalised: Iterable[str]) -> list[str]:
    """The stem of each normalised form of Arabic letters; the analyzer must be `nested`."""
    stemmer, bases = analyzer.stemmer, analyzer.bases
    forms = [bases.get(form, form) for form in normalised]
    if type(stemmer) is ArabicStemmer:  # one derived from it may stem otherwise
        return stemmer.stems(forms)
    return [stemmer.stem(form, form)[1] for form in forms]


def surfaces_and_normalised(normalizer: Normalizer, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """What `normalizer.surface` and `normalizer.normalise` give for each word."""
    joined = "\n".join(words)
    for mark in _MARKS:
        if normalizer.removes(mark):
            joined = joined.replace(mark, "")
    surfaces = joined.split("\n")
    if not normalizer.folds_all or len(surfaces) != len(words):
        surfaces = [normalizer.surface(word) for word in words]
        return surfaces, [normalizer.fold(surface) for surface in surfaces]
    folded = joined.replace("أ", "ا").replace("إ", "ا").replace("آ", "ا").replace("ة", "ه").replace("ى", "ي")
    normalised = folded.split("\n")
    seated = _lines(_SEATED.finditer(folded), folded)
    for at in seated:
        normalised[at] = foldings.fold_hamza_seats(normalised[at])
    # What the passes above do not do, the normalizer does: words not of letters alone, letters three times in a row.
    left = set(_lines(_TRIPLED.finditer(folded), folded))
    left.update(at for at in seated if _TRIPLED.search(normalised[at]))
    if normalizer.function_words:
        reserved = foldings.RESERVED
        left.update(at for at, surface in enumerate(surfaces) if surface in reserved)
        left.update(at for at, word in enumerate(normalised) if word in reserved)
    if _ODD(joined):
        left.update(at for at, surface in enumerate(surfaces) if not _PLAIN(surface))
    for at in left:
        surfaces[at] = normalizer.surface(words[at])
        normalised[at] = normalizer.fold(surfaces[at])
    return surfaces, normalised


def _lines(matches: Iterable[re.Match[str]], joined: str) -> list[int]:
    """The numbers of the words that have a match in them, rising."""
    lines: list[int] = []
    line = seen = 0
    for match in matches:
        line += joined.count("\n", seen, match.start())
        seen = match.start()
        if not lines or lines[-1] != line:
            lines.append(line)
    return lines
