"""Corrections of a query as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arsearch.cli.output import print_message

if TYPE_CHECKING:
    from arsearch.model import Correction

__all__ = ["print_correction"]


def print_correction(correction: Correction, *, has_hits: bool) -> None:
    """Print on standard error which words no article contains, and likelier queries.

    When the query has no hits, a last line has those of its words that articles do contain.
    """
    if correction.missing:
        print_message(f"no article contains: {' | '.join(correction.missing)}")
    if correction.queries:
        print_message(f"did you mean: {' | '.join(correction.queries)}")
    if correction.relaxed and not has_hits:
        print_message(f"articles contain: {correction.relaxed}")
