"""The first word of a quoted phrase with the proclitics it may carry."""

from __future__ import annotations

__all__ = ["proclitic_variants"]

# Stacks of proclitics that a quoted phrase's first word may carry (notes: strictly literal phrases miss 18.5 % of
# headline bigrams); before the article ل + ال is written لل.
_BARE = (
    "و",
    "ف",
    "ب",
    "ل",
    "ك",
    "وب",
    "ول",
    "وك",
    "فب",
    "فل",
    "ال",
    "وال",
    "بال",
    "كال",
    "فال",
    "لل",
    "ولل",
    "وبال",
    "فلل",
)
_DEFINITE = ("و", "ف", "ب", "ك", "وب", "وك", "فب")


def proclitic_variants(normalised: str) -> tuple[str, ...]:
    """The form itself, then with each stack of proclitics before it."""
    if normalised.startswith("ال") and len(normalised) > 3:
        rest = normalised[2:]
        return (
            normalised,
            *(stack + normalised for stack in _DEFINITE),
            *(stack + rest for stack in ("لل", "ولل", "فلل")),
        )
    return (normalised, *(stack + normalised for stack in _BARE))
