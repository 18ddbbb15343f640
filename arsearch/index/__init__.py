"""The index: Arabic articles in Whoosh segments of our own codec, added in batches and searched in vectors.

The public names are imported when they are first asked for: a worker needs none of what searches.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arsearch.index.index import Index, open_index, reindex, restore
    from arsearch.index.pinned import Snapshot

__all__ = ["Index", "Snapshot", "open_index", "reindex", "restore"]

_HOMES = {
    "Index": "index",
    "Snapshot": "pinned",
    "open_index": "index",
    "reindex": "index",
    "restore": "index",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
