"""The data files of this package."""

from __future__ import annotations

import pkgutil

__all__ = ["shipped"]


def shipped(name: str) -> str:
    """Return the text of a file in `data/`."""
    # Not `importlib.resources`: its import takes a fifth of the time of a search.
    data = pkgutil.get_data("arsearch.analyzers", f"data/{name}")
    assert data is not None
    return data.decode("utf-8")
