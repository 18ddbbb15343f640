"""The hits that a rival's search returns."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Hit"]


class Hit(NamedTuple):
    """The id of a matching document; `arsearch.evaluation` reads nothing else."""

    id: str
