"""Root families: a partition of the stems into the stems of one root.

A stem with several roots belongs to the family of its first, commonest root. Families therefore do not overlap, and the
match levels stay nested. A stem without a root is alone. Function words have no family: من would else join تمنى by the
root مني, and nearly every article would match. A root that a query names (`جذر:كتب`) has every stem that lists it among
its roots.

Source: `roots` for the roots; the stop list and the function words of the lexicon for the stems left out.
Limits: a noun that shares its stem with a function word (نفس, مثل) is alone too.
"""

from __future__ import annotations

from functools import cache

from arsearch.analyzers.analyzer import ArabicAnalyzer
from arsearch.analyzers.roots import roots_of, stems_of_root
from arsearch.analyzers.stemming.lexicon import FUNCTION, lexicon

__all__ = ["is_function_word", "root_of_family", "stems_of_family", "stems_of_named_root"]


def root_of_family(stem: str) -> str:
    """Return the root of a stem's family; empty for a stem that has no root, or is the stem of a function word."""
    roots = roots_of(stem)
    return roots[0] if roots and stem not in _function_stems() else ""


def stems_of_family(stem: str) -> tuple[str, ...]:
    """Return the stems of the family of `stem`, including `stem`, sorted; `(stem,)` if it is alone."""
    root = root_of_family(stem)
    return tuple(sorted(other for other in stems_of_root(root) if root_of_family(other) == root)) if root else (stem,)


def stems_of_named_root(text: str, stem: str) -> tuple[str, ...]:
    """Return the stems of the root `text`, sorted and including `stem`, the stem of `text`.

    If `text` is no root, the root is the first root of `stem`.
    """
    stems = stems_of_root(text) or [other for root in roots_of(stem)[:1] for other in stems_of_root(root)]
    return tuple(sorted({stem, *stems}))


def is_function_word(normalised: str) -> bool:
    """Tell whether the lexicon has a normalised word as a function word, with or without clitics."""
    entry = lexicon().entries.get(normalised)
    return entry is not None and entry[1] == FUNCTION


@cache
def _function_stems() -> frozenset[str]:
    """Return the stems of the default stop words and of the function words of the lexicon."""
    analyzer = ArabicAnalyzer()
    stems = {term.stem for word in analyzer.stopwords for term in analyzer.form(word).terms}
    return frozenset(stems | {stem for stem, weight, _, _ in lexicon().entries.values() if weight == FUNCTION})
