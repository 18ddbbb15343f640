"""The roots of stems, and the stems of roots.

The table comes from Arramooz and is read at the first look-up. Roots are not derived by pattern, because that is wrong
for about half of the words with a weak letter.

Source: `data/roots.txt`, compiled by tools/build_roots.py; the file's header names its source.
Limits: the stems of names and loanwords have no root. The stem of several lemmas has several roots (مال: مول, ميل).
"""

from __future__ import annotations

from functools import cache

from arsearch.analyzers.shipped import shipped

__all__ = ["fold_root", "roots_of", "stems_of_root"]

_FOLDED = str.maketrans("ءإآؤئا", "أ" * 6, "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652ـ- ")
_SECONDARY = "~"  # before a stem that has a commoner root as well


def fold_root(root: str) -> str:
    """Return the spelling of a root in the table: every hamza is أ, a final ى is ي, the doubled letter of خفّ is double.

    Spaces, hyphens, tatweel and harakat are dropped: ق-ر-ء is قرأ.
    """
    folded = root.translate(_FOLDED)
    if folded.endswith("ى"):
        folded = folded[:-1] + "ي"
    return folded + folded[1] if len(folded) == 2 else folded


def roots_of(stem: str) -> tuple[str, ...]:
    """Return the roots of a stem of `ArabicStemmer`, the commonest first; `()` for a stem without a root.

    Group stems by their first root: each stem has one, so groups do not overlap.
    """
    return _roots_by_stem().get(stem, ())


def stems_of_root(root: str) -> tuple[str, ...]:
    """Return the stems that have a root, given in any spelling, the commonest first; `()` for an unknown root."""
    return tuple(stem.lstrip(_SECONDARY) for stem in _stems_by_root().get(fold_root(root), ()))


@cache
def _stems_by_root() -> dict[str, list[str]]:
    table = {}
    for line in shipped("roots.txt").split("\n"):
        if line and line[0] != "#":
            root, *stems = line.split(" ")
            table[root] = stems
    return table


@cache
def _roots_by_stem() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for root, stems in _stems_by_root().items():
        for marked in stems:
            stem = marked.lstrip(_SECONDARY)
            others = table.get(stem, ())
            table[stem] = (*others, root) if marked[0] == _SECONDARY else (root, *others)
    return table
