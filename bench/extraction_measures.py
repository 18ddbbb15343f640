"""Measures of extracted text against the text that was set: characters, words and numbers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

import numpy as np

__all__ = ["Quality", "edit_distance", "mean", "quality"]

_CONTROLS = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NUMBER = re.compile(r"\d+(?:[.,:/٫٬-]\d+)*")


class Quality(NamedTuple):
    """Shares from 0.0 to 1.0."""

    characters: float
    """1 - edit distance / length of the longer text, after NFKC, with white space folded and without direction controls."""

    words: float
    """F1 of the multisets of words, cut at white space."""

    numbers: float
    """F1 of the multisets of numbers with their separators: `12,450`, `21/07/2015`. 1.0 where neither text has any."""


def quality(expected: str, got: str) -> Quality:
    """Compare an extracted text with the expected one."""
    right, found = _plain(expected), _plain(got)
    characters = 1 - edit_distance(right, found) / max(len(right), len(found), 1)
    return Quality(characters, _f1(right.split(), found.split()), _f1(_NUMBER.findall(right), _NUMBER.findall(found)))


def _plain(text: str) -> str:
    return " ".join(_CONTROLS.sub("", unicodedata.normalize("NFKC", text)).split())


def mean(qualities: list[Quality]) -> Quality:
    """Return the mean of each measure. Raises `ValueError` for an empty list."""
    if not qualities:
        raise ValueError("no measures to take the mean of")
    return Quality(*(sum(values) / len(qualities) for values in zip(*qualities, strict=True)))


def edit_distance(a: str, b: str) -> int:
    """Return the Levenshtein distance of two texts in code points."""
    right = np.array([ord(c) for c in b], dtype=np.int64)
    steps = np.arange(len(b) + 1)
    row = steps.copy()
    for number, c in enumerate(a, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (right != ord(c)))
        row = np.concatenate(([number], best))
        row = np.minimum.accumulate(row - steps) + steps  # insertions, from left to right
    return int(row[-1])


def _f1(right: list[str], found: list[str]) -> float:
    if not right and not found:
        return 1.0
    both = (Counter(right) & Counter(found)).total()
    return 2 * both / (len(right) + len(found))
