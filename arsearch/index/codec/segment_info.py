"""The description of a segment in a commit, and the hashes that find an article by its id."""

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
    """The description of a segment: its name, its documents, the deleted ones and the file that lists them, its size in bytes."""

    name: str
    docs: int
    deleted: int = 0
    deletions: str | None = None
    bytes: int = 0

    @property
    def file(self) -> str:
        """The name of the segment's file."""
        return f"{self.name}.seg"

    @property
    def live(self) -> int:
        """The number of live documents."""
        return self.docs - self.deleted


def new_segment_name() -> str:
    """Return a name of 64 random bits, which no other segment has: no file name is ever used twice."""
    return "s" + os.urandom(8).hex()


def id_hash(id: str) -> int:
    """Return the BLAKE2b hash of an article's id as a number of 64 bits, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def id_lookup_arrays(ids: Sequence[str]) -> dict[str, Array]:
    """Return the arrays that lead from the ids to documents and back; `ids` are those of all documents, in order."""
    hashes = np.fromiter(map(id_hash, ids), np.uint64, len(ids))
    order = np.argsort(hashes, kind="stable")
    return string_column_arrays(names.STORED_IDS, ids) | {
        names.ID_HASHES: hashes[order],
        names.ID_DOCS: narrowest(order),
    }
