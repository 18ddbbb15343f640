"""Damage to bytes as a disk may do it, and the checksums of array files computed anew."""

from __future__ import annotations

import random
import zlib

from arsearch.index.codec.checked_array import BLOCK

__all__ = ["NUMBERS", "Chance", "directory_of", "raw", "signed"]

Chance = random.Random
NUMBERS = [
    0,
    1,
    -1,
    2,
    7,
    63,
    64,
    127,
    128,
    255,
    256,
    65535,
    1 << 31,
    (1 << 32) - 1,
    1 << 32,
    (1 << 63) - 1,
    1 << 64,
    10**30,
]


def raw(data: bytes, chance: Chance) -> bytes:
    """Return the bytes with some of them changed, cut off, inserted, doubled or zeroed."""
    at, size = chance.randrange(len(data) + 1), chance.choice([1, 1, 2, 4, 8, 64, 1000])
    match chance.randrange(6):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + bytes(size) + data[at + size :]
        case 2:
            return data[:at] + chance.randbytes(size) + data[at + size :]
        case 3:
            return data[:at] + chance.randbytes(size) + data[at:]
        case 4:
            return data[:at] + data[at : at + size] * 2 + data[at + size :]
    if not data:
        return b"\0"
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 3])):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def directory_of(data: bytes | bytearray) -> tuple[int, int]:
    """Return where the directory of an array file begins and ends."""
    tail = len(data) - 24
    length, count = (int.from_bytes(data[at : at + 8], "little") for at in (tail, tail + 8))
    return tail - length - 4 * count, tail - 4 * count


def signed(data: bytearray) -> bytes:
    """Return an array file with all of its checksums computed anew."""
    start, end = directory_of(data)
    for number, at in enumerate(range(0, start, BLOCK)):
        data[end + 4 * number : end + 4 * number + 4] = zlib.crc32(data[at : min(at + BLOCK, start)]).to_bytes(
            4, "little"
        )
    data[-8:-4] = zlib.crc32(data[start:-24]).to_bytes(4, "little")
    return bytes(data)
