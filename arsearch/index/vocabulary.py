"""Each written form analysed once.

Arabic inflection is a property of the vocabulary: nine million running words of news have 315,000
distinct forms. Texts become arrays of form ordinals; what a form means is looked up in vectors.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.arrays import Array

__all__ = ["Expansion", "Vocabulary"]

_GAP = 0
"""The ordinal of a form with positions and no terms, put between the values of a field so that no phrase joins them."""
_GAP_WIDTH = 100


class Expansion(NamedTuple):
    """The terms of a run of tokens: parallel arrays, in token order, and the width of each token."""

    token: Array
    offset: Array
    normalised: Array
    stem: Array
    width: Array

    def taken(self, order: Array) -> Expansion:
        """The same terms in another order."""
        return self._replace(
            token=self.token[order],
            offset=self.offset[order],
            normalised=self.normalised[order],
            stem=self.stem[order],
        )


class _Ordinals(dict[str, int]):
    """Form to ordinal; an unknown form is analysed when first looked up."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def __missing__(self, form: str) -> int:
        ordinal = self[form] = self._vocabulary._learn(form)
        return ordinal


class Vocabulary:
    """Forms, and the terms they stand for, by ordinals that only grow.

    `normalised` and `stems` list the term strings by their ordinals; `stem_of` gives the stem
    ordinal of a normalised one (levels are nested: equal normalised terms have equal stems).
    """

    def __init__(self, analyzer: ArabicAnalyzer) -> None:
        self._analyzer = analyzer
        self._form = analyzer.form
        self._words = analyzer.tokenizer.words
        self._ordinals = _Ordinals(self)
        self._lookup = self._ordinals.__getitem__
        self._width = array("I")
        self._first = array("I", [0])
        self._terms = (array("I"), array("I"), array("I"))
        self._normalised: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self.stem_of = array("I")
        self._ordinals["\0"] = _GAP  # no text holds this form
        self._width.append(_GAP_WIDTH)
        self._first.append(0)

    def __len__(self) -> int:
        return len(self._width)

    @property
    def normalised(self) -> list[str]:
        """The normalised terms by ordinal."""
        return list(self._normalised)

    @property
    def stems(self) -> list[str]:
        """The stems by ordinal."""
        return list(self._stems)

    def tokens(self, texts: Sequence[str]) -> Array:
        """The ordinals of the texts' written words, in order, with a gap between two texts."""
        pieces: list[Array] = []
        for text in texts:
            if pieces:
                pieces.append(np.array([_GAP], np.uint32))
            words = self._words(text)
            pieces.append(np.fromiter(map(self._lookup, words), np.uint32, len(words)))
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces) if pieces else np.empty(0, np.uint32)

    def _learn(self, form: str) -> int:
        analysed = self._form(form)
        offsets, normalised, stems = self._terms
        for term in analysed.terms:
            stem = self._stems.setdefault(term.stem, len(self._stems))
            known = len(self._normalised)
            ordinal = self._normalised.setdefault(term.normalised, known)
            if ordinal == known:
                self.stem_of.append(stem)
            offsets.append(term.offset)
            normalised.append(ordinal)
            stems.append(stem)
        self._first.append(len(offsets))
        self._width.append(analysed.width)
        return len(self._width) - 1

    def expand(self, tokens: Array) -> Expansion:
        """The terms of `tokens`; most forms have one term and one position, compounds and hashtags more."""
        first = np.frombuffer(self._first, np.uint32)
        offsets, normalised, stems = (np.array(values) for values in self._terms)
        width = np.array(self._width, np.uint32)[tokens]
        begin = first[tokens]
        count = first[tokens + np.uint32(1)] - begin
        if (count == 1).all():
            token = np.arange(len(tokens), dtype=np.uint32)
            at = begin
        else:
            token = np.repeat(np.arange(len(tokens), dtype=np.uint32), count)
            starts = np.cumsum(count, dtype=np.int64) - count
            at = begin[token] + (np.arange(len(token)) - starts[token]).astype(np.uint32)
        return Expansion(token, offsets[at], normalised[at], stems[at], width)
