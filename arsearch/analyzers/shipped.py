"""The data files of this package."""

from __future__ import annotations

import hashlib
import pkgutil
from functools import cache

__all__ = ["shipped", "shipped_bytes", "shipped_digest"]


def shipped(name: str) -> str:
    """Return the text of a file in `data/`."""
    return shipped_bytes(name).decode("utf-8")


def shipped_bytes(name: str) -> bytes:
    """Return the content of a file in `data/`."""
    # Not `importlib.resources`: its import takes a fifth of the time of a search.
    data = pkgutil.get_data("arsearch.analyzers", f"data/{name}")
    assert data is not None
    return data


@cache
def shipped_digest(*names: str) -> str:
    """Return 16 hex digits that digest files in `data/`; a process reads the files once."""
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + b"\0" + shipped_bytes(name))
    return digest.hexdigest()[:16]
