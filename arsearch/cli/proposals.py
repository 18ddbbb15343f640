"""What a query may have meant, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from arsearch.cli.output import safe

if TYPE_CHECKING:
    from arsearch.model import Correction

__all__ = ["proposals"]


def proposals(meant: Correction, *, found: bool) -> Iterator[str]:
    """Which words no article has, likelier queries, and what is left without those words if nothing was found."""
    if meant.missing:
        yield f"no article has: {_listed(meant.missing)}"
    if meant.queries:
        yield f"did you mean: {_listed(meant.queries)}"
    if meant.relaxed and not found:
        yield f"articles have: {safe(meant.relaxed)}"


def _listed(texts: tuple[str, ...]) -> str:
    return " | ".join(map(safe, texts))
