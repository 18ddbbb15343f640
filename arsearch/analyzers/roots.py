"""The roots of stems, and the stems of roots.

What: a table from Arramooz, read when first asked for. Why a table: a root worked out by pattern is wrong for about
half of the words with a weak letter. Source: `data/roots.txt`, made by tools/build_roots.py; its header says of what.
Limits: stems of names and loanwords have no root; those of several lemmas have several, as مال of مول and of ميل.
"""

from __future__ import annotations

from functools import cache

from arsearch.analyzers.shipped import shipped

__all__ = ["fold_root", "roots_of", "stems_of_root"]

_HAMZA = str.maketrans("ءإآؤئا", "أ" * 6, "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652ـ- ")


def fold_root(root: str) -> str:
    """A root as the table writes it: every hamza أ, a last ى as ي, the doubled letter of خفّ twice.

    Spaces, hyphens, tatweel and harakat are dropped: ق-ر-ء is قرأ.
    """
    folded = root.translate(_HAMZA)
    if folded.endswith("ى"):
        folded = folded[:-1] + "ي"
    return folded + folded[1] if len(folded) == 2 else folded


def roots_of(stem: str) -> tuple[str, ...]:
    """The roots of a stem of `ArabicStemmer`, the commonest first; `()` for one that is not in the table.

    The first is the one to group stems by: a stem has one first root, so that groups do not overlap.
    """
    return _by_stem().get(stem, ())


def stems_of_root(root: str) -> tuple[str, ...]:
    """The stems that have a root among theirs, in any spelling of it, the commonest first; `()` for an unknown root."""
    return tuple(stem.lstrip("~") for stem in _by_root().get(fold_root(root), ()))


@cache
def _by_root() -> dict[str, list[str]]:
    table = {}
    for line in shipped("roots.txt").split("\n"):
        if line and line[0] != "#":
            root, *stems = line.split(" ")
            table[root] = stems
    return table


@cache
def _by_stem() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for root, stems in _by_root().items():
        for stem in stems:
            known = table.get(stem.lstrip("~"), ())
            table[stem.lstrip("~")] = (*known, root) if stem[0] == "~" else (root, *known)
    return table
