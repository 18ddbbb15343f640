"""The stems that a root joins, as queries ask for them: roots have no posting lists, they are expanded into stems.

A stem with several roots belongs to the family of its first, the commonest, so that families do not overlap and the
levels stay nested; asked for by its name, a root has all stems that it is among the roots of.
"""

from __future__ import annotations

from arsearch.analyzers.roots import roots_of, stems_of_root

__all__ = ["stems_of_family", "stems_of_named_root"]


def stems_of_family(stem: str) -> tuple[str, ...]:
    """The stems of a stem's first root, itself among them, sorted; itself alone if it has no root."""
    first = roots_of(stem)[:1]
    return tuple(
        sorted({stem, *(other for root in first for other in stems_of_root(root) if roots_of(other)[:1] == first)})
    )


def stems_of_named_root(text: str, stem: str) -> tuple[str, ...]:
    """The stems of the root `text`; if it is none, of the first root of `stem`, what `text` was analysed to; sorted."""
    stems = stems_of_root(text) or [other for root in roots_of(stem)[:1] for other in stems_of_root(root)]
    return tuple(sorted({stem, *stems}))
