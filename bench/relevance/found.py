"""What a rival's search returns."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Found"]


class Found(NamedTuple):
    """A document's id, as `arsearch.evaluation` wants it."""

    id: str
