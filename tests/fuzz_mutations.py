"""Random damage to one file of an index: to its bytes, its manifest, its directory or its arrays."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from fuzz_arrays import forged_arrays
from fuzz_bytes import NUMBERS, Chance, directory_of, raw

__all__ = ["mutate"]

VALUES: list[Any] = [
    *NUMBERS, None, True, False, "", "x", "../x", "/etc/passwd", "\ud800", "1", [], {}, [[]], {"a": 1}, 0.5, 1e300,
    float("inf"), float("nan"), -0.0, "<u4", "|O", "|u1", "body/stem.docs", [1] * 50,
]  # fmt: skip

_KEYS = ["", "x", "docs", "title", "volume", "features", "body/stem.first", "\ud800"]


def forged_json(value: Any, chance: Chance) -> Any:
    """Replace, remove, move or add one value inside a JSON value, and return the result."""
    places = list(_places(value, ()))
    path = chance.choice(places)
    if not path:
        return chance.choice(VALUES)
    *way, last = path
    inner = value
    for step in way:
        inner = inner[step]
    match chance.randrange(6):
        case 0:
            del inner[last]
        case 1 if isinstance(inner[last], int):
            inner[last] += chance.choice([-1, 1, 64, -64, 1 << 20])
        case 2:
            inner[last] = inner[chance.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))]
        case 3 if isinstance(inner, dict):
            inner[chance.choice(_KEYS)] = inner[last]
        case _:
            inner[last] = chance.choice(VALUES)
    return value


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield from _places(item, (*path, key))


def forged_manifest(data: bytes, chance: Chance) -> bytes:
    """Return a manifest with a changed value and a valid checksum."""
    body = data.rpartition(b"\n#")[0]
    if chance.random() < 0.05:
        body = chance.choice([b"[" * 100_000, b'{"format":' + b"9" * 5000 + b"}", b"", b"\xff", b" " * (5 << 20)])
    else:
        body = json.dumps(forged_json(json.loads(body), chance)).encode("utf-8", "surrogatepass")
    return body + b"\n#%08x" % zlib.crc32(body)


def forged_directory(data: bytes, chance: Chance) -> bytes:
    """Return an array file with a changed value in its directory and valid checksums."""
    start, end = directory_of(data)
    content = json.loads(data[start:end])
    checksums, count = data[end:-24], data[-16:-8]
    if chance.random() < 0.05:
        directory = chance.choice([b"[" * 100_000, b"", b"{}", b'{"meta":{},"arrays":[]}', b" " * (5 << 20)])
    else:
        if chance.random() < 0.8:  # an entry of an array; most values in a directory are names
            name = chance.choice(list(content["arrays"]))
            content["arrays"][name] = forged_json(content["arrays"][name], chance)
        else:
            content = forged_json(content, chance)
        directory = json.dumps(content).encode("utf-8", "surrogatepass")
    size = chance.choice([len(directory)] * 9 + [1 << 40])
    crc = zlib.crc32(directory + checksums).to_bytes(4, "little")
    return data[:start] + directory + checksums + size.to_bytes(8, "little") + count + crc + bytes(4)


def mutate(files: dict[str, bytes], chance: Chance) -> dict[str, bytes]:
    """Return the files with one of them mutated."""
    files = dict(files)
    kinds: list[tuple[str, Callable[[bytes, Chance], bytes], int]] = [
        (".json", raw, 1), (".json", forged_manifest, 4), (".seg", raw, 2), (".seg", forged_directory, 5),
        (".seg", forged_arrays, 12), (".del", raw, 1), (".del", forged_directory, 1), (".del", forged_arrays, 1),
        (".toc", raw, 1),
    ]  # fmt: skip
    ending, change, _ = chance.choices(kinds, [weight for _, _, weight in kinds])[0]
    names = sorted((name for name in files if name.endswith(ending)), key=lambda name: (len(files[name]), name))
    name = max(names, key=lambda name: (len(name), name)) if ending == ".json" else chance.choice(names)
    files[name] = change(files[name], chance)
    return files
