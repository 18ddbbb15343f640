"""What is known of a segment and of an article without opening a file: names, counts, the hash of an id."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, narrowest
from arsearch.index.codec.string_column import string_column_arrays

__all__ = ["SegmentInfo", "id_hash", "id_lookup_arrays", "new_segment_name"]


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """What a commit says of a segment: its file, its documents, how many are deleted and where that is written."""

    name: str
    docs: int
    deleted: int = 0
    deletions: str | None = None
    bytes: int = 0

    @property
    def file(self) -> str:
        """The segment's file."""
        return f"{self.name}.seg"

    @property
    def live(self) -> int:
        """Documents that are not deleted."""
        return self.docs - self.deleted


def new_segment_name() -> str:
    """A name no other segment has: 64 random bits, so that nothing is ever written twice under one name."""
    return "s" + os.urandom(8).hex()


def id_hash(id: str) -> int:
    """64 bits of an article's id, the same everywhere (BLAKE2b)."""
    return int.from_bytes(hashlib.blake2b(id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def id_lookup_arrays(ids: Sequence[str]) -> dict[str, Array]:
    """The arrays that find an article by its id, and its id by document number."""
    hashes = np.fromiter(map(id_hash, ids), np.uint64, len(ids))
    order = np.argsort(hashes, kind="stable")
    return string_column_arrays(names.STORED_IDS, ids) | {
        names.ID_HASHES: hashes[order],
        names.ID_DOCS: narrowest(order),
    }
