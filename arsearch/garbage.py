"""Make many objects without the collector of reference cycles, which reads all young objects again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["without_collection"]


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
