"""Make and keep many objects without the collector of reference cycles, which reads all objects again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from arsearch.kernel import native

__all__ = ["untracked", "without_collection"]

_T = TypeVar("_T")


def untracked(values: _T) -> _T:
    """Return nested tuples that the collector reads no more, if they have strings, numbers and `None` alone.

    The collector leaves plain tuples out by itself, but it reads named tuples as long as they live. Other values stay as they
    are, and so do all without the extension.
    """
    extension = native()
    if extension is not None:
        extension.untrack(values)
    return values


@contextmanager
def without_collection(*, keep: bool = False) -> Iterator[None]:
    """Let the collector rest in a block, which makes objects without reference cycles.

    With `keep`, the objects of the block stay for long: they join the oldest generation, so that no young collection reads
    them. All other objects join it too, unless the program has frozen objects of its own.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if keep and not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        gc.enable()
