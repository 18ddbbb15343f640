"""Array files of an index with changed values and valid checksums."""

from __future__ import annotations

import functools
import json
from typing import Any

import numpy as np
import zstandard
from fuzz_bytes import NUMBERS, Chance, directory_of, raw, signed

from arsearch.index.codec.array_file import ArrayFile, write_arrays
from arsearch.index.store.memory import RAMDirectory

__all__ = ["forged_arrays"]


def forged_arrays(data: bytes, chance: Chance) -> bytes:
    """Return an array file with changed values in one or two of its arrays, and valid checksums."""
    file, original, offsets = _container(data)
    arrays = dict(original)
    for _ in range(chance.choice([1, 1, 1, 2])):
        name = "stored/frames.blob" if chance.random() < 0.05 and len(arrays) > 1 else chance.choice(list(arrays))
        if name == "stored/frames.blob" and chance.random() < 0.9:
            _forge_frame(arrays, chance)
        else:
            arrays[name] = _forged_values(arrays, name, chance)
    changed = [name for name in arrays if arrays[name] is not original[name]]
    if any(arrays[name].dtype != original[name].dtype or len(arrays[name]) != len(original[name]) for name in changed):
        storage = RAMDirectory()
        write_arrays(storage, "x", arrays, file.meta, durable=False)
        return bytes(storage.read("x"))
    patched = bytearray(data)
    for name in changed:
        patched[offsets[name] : offsets[name] + arrays[name].nbytes] = arrays[name].tobytes()
    return signed(patched)


@functools.lru_cache(maxsize=16)
def _container(data: bytes) -> tuple[ArrayFile, dict[str, Any], dict[str, int]]:
    """Return an array file, opened, with its arrays and their offsets in it."""
    storage = RAMDirectory()
    storage.write("x", [data], durable=False)
    file = ArrayFile(storage, "x")
    entries = json.loads(data[slice(*directory_of(data))])["arrays"]
    arrays = {name: file.array(name).whole() for name in file.names()}
    return file, arrays, {name: offset for name, (_, _, offset) in entries.items()}


def _forged_values(arrays: dict[str, Any], name: str, chance: Chance) -> Any:
    values = arrays[name].copy()
    at = chance.randrange(len(values)) if len(values) else 0
    top = 255 if values.dtype.kind == "f" else np.iinfo(values.dtype).max
    match chance.randrange(11):
        case 0 if len(values):
            values[at] = chance.choice([0, top, top // 2, chance.randrange(int(top) + 1)])
        case 1 if len(values):
            values[at] += np.array(chance.choice([1, 2, 64])).astype(values.dtype)
        case 2 if len(values):
            values[at] -= np.array(chance.choice([1, 2, 64])).astype(values.dtype)
        case 3:
            values = values[::-1].copy()
        case 4:
            chance.shuffle(swapped := values.tolist())
            values = np.array(swapped, values.dtype)
        case 5:
            values = values[:at]
        case 6:
            values = np.concatenate((values, values[: chance.choice([1, 1, 100])]))
        case 7:
            values = np.full_like(values, chance.choice([0, 1, int(top)]))
        case 8:
            values = arrays[chance.choice(list(arrays))]
        case 9:
            with np.errstate(invalid="ignore"):
                values = values.astype(chance.choice([np.uint64, np.int64, np.float64, np.uint8]))
        case _:
            values[at : at + chance.randrange(1, 200)] = chance.choice([0, 10, int(top)])
    return values


HEADS = [
    b"{", b"[]", b"5", b'{"date":5}', b'{"date":"x"}', b'{"tags":7}', b'{"tags":"ab"}', b'{"tags":[1]}',
    b'{"source":[]}', b'{"id":"other"}', b'{"id":null}', b'{"title":{}}', b'{"body":1}', b'{"x":NaN}', b'{"x":1e999}',
    b'{"x":"\\ud800"}', b"\xff", b'{"x":' + b"[" * 100_000 + b"}", b'{"x":' + b"9" * 5000 + b"}",
    b'{"volume":[[]],"isnad":[3],"court":{}}', b"", b"null",
]  # fmt: skip


def _forge_frame(arrays: dict[str, Any], chance: Chance) -> None:
    """Replace the frame of a stored article."""
    ends = arrays["stored/frames.ends"].astype(np.int64)
    blob = arrays["stored/frames.blob"].tobytes()
    if not len(ends):
        return
    doc = chance.randrange(len(ends))
    low, high = int(ends[doc - 1]) if doc else 0, int(ends[doc])
    plain = zstandard.ZstdCompressor().compress
    match chance.randrange(5):
        case 0:
            frame = raw(blob[low:high], chance)
        case 1:
            frame = blob[low:high] * 2
        case 2:
            frame = b"\x28\xb5\x2f\xfd\xe0" + chance.choice(NUMBERS[9:16]).to_bytes(8, "little") + b"\x01\0\0"
        case 3 if chance.random() < 0.02:
            frame = plain(b"{}\n" + b"a" * (80 << 20))
        case _:
            frame = plain(chance.choice(HEADS) + chance.choice([b"", b"\nx"]))
    arrays["stored/frames.blob"] = np.frombuffer(blob[:low] + frame + blob[high:], np.uint8)
    ends[doc:] += len(frame) - (high - low)
    arrays["stored/frames.ends"] = ends.astype(np.uint64)
