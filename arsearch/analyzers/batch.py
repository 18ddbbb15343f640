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

if TYPE_CHECKING:
    from arsearch.analyzers.analyzer import ArabicAnalyzer
    from arsearch.analyzers.normalizer import Normalizer

__all__ = ["normalised_words", "stems", "surfaces_and_normalised"]

_MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640"
_ODD = re.compile("[^ء-غف-ي\n]").search
_PLAIN = re.compile("[ء-غف-ي]*").fullmatch
_TRIPLED = re.compile(r"(.)\1\1")  # a point is no line feed: no run goes on in the next word


def normalised_words(analyzer: ArabicAnalyzer, words: Sequence[str]) -> list[str | None]:
    """The normalised form of each word that is one term, one position wide, of Arabic letters; else None.

    None says only that `analyzer.form` has to be asked. Words may be any strings.
    """
    surfaces, normalised = surfaces_and_normalised(analyzer.normalizer, words)
    found: list[str | None] = list(normalised)
    if analyzer.compounds:
        for at, surface in enumerate(surfaces):
            if ("بو" in surface or surface.find("ال", 2) > 0) and split_compound(surface):
                found[at] = None
    if "" in surfaces or _ODD("\n".join(surfaces)):
        for at, surface in enumerate(surfaces):
            if not surface or not _PLAIN(surface):
                found[at] = None
    return found


def stems(analyzer: ArabicAnalyzer, surfaces: Iterable[str], normalised: Iterable[str]) -> list[str]:
    """The stem of each term of Arabic letters."""
    stem = analyzer.stemmer.stem
    base_of = analyzer.bases.get
    return [
        stem(base, base)[1] if (base := base_of(key)) else stem(surface, key)[1]
        for surface, key in zip(surfaces, normalised, strict=True)
    ]


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
    reserved = foldings.RESERVED if normalizer.function_words else {}
    seated = []
    for at, (surface, word) in enumerate(zip(surfaces, normalised, strict=True)):
        if surface in reserved:
            normalised[at] = reserved[surface]
        elif word in reserved:
            normalised[at] = reserved[word]
        elif "ئ" in word or "ؤ" in word or word[-1:] == "ء":
            normalised[at] = foldings.fold_hamza_seats(word)
            seated.append(at)
    # What the passes above do not do, the normalizer does: words not of letters alone, letters three times in a row.
    left = {at for at in seated if normalised[at] in reserved or _TRIPLED.search(normalised[at])}
    left.update(_lines(joined), _lines(folded))
    if _ODD(joined):
        left.update(at for at, surface in enumerate(surfaces) if not _PLAIN(surface))
    for at in left:
        surfaces[at] = normalizer.surface(words[at])
        normalised[at] = normalizer.fold(surfaces[at])
    return surfaces, normalised


def _lines(joined: str) -> list[int]:
    """The numbers of the words that have a letter three times in a row."""
    lines, line, seen = [], 0, 0
    for match in _TRIPLED.finditer(joined):
        line += joined.count("\n", seen, match.start())
        seen = match.start()
        lines.append(line)
    return lines
