"""The data files that come with this package."""

from __future__ import annotations

import pkgutil

__all__ = ["shipped"]


def shipped(name: str) -> str:
    """The text of a file in `data/`."""
    # Not `importlib.resources`, which takes a fifth of the time of a search to import.
    data = pkgutil.get_data("arsearch.analyzers", f"data/{name}")
    assert data is not None
    return data.decode("utf-8")
