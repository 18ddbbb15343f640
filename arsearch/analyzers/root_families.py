"""The stems that a search by root looks for.

The index has no postings of roots: a query expands a root into stems. A stem with several roots belongs to the family
of its first, commonest root. Families therefore do not overlap, and the match levels stay nested. A root that a query
names has every stem that lists it among its roots.
"""

from __future__ import annotations

from arsearch.analyzers.roots import roots_of, stems_of_root

__all__ = ["stems_of_family", "stems_of_named_root"]


def stems_of_family(stem: str) -> tuple[str, ...]:
    """Return the stems of the first root of `stem`, including `stem`, sorted; `(stem,)` if it has no root."""
    first = roots_of(stem)[:1]
    return tuple(
        sorted({stem, *(other for root in first for other in stems_of_root(root) if roots_of(other)[:1] == first)})
    )


def stems_of_named_root(text: str, stem: str) -> tuple[str, ...]:
    """Return the stems of the root `text`, sorted and including `stem`, the stem of `text`.

    If `text` is no root, the root is the first root of `stem`.
    """
    stems = stems_of_root(text) or [other for root in roots_of(stem)[:1] for other in stems_of_root(root)]
    return tuple(sorted({stem, *stems}))
