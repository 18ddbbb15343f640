"""Index files made wrong in every way, and what reading them may lead to.

    python tests/fuzzing.py                                  # 10,000 mutations, in one process
    python tests/fuzzing.py --mutations 1000000 --processes 2
    python tests/fuzzing.py --only 1:4711                    # one again, by its seed, with the traceback

A mutation damages one file of a small index at random: plainly, as a disk may do, or as somebody would who then puts
all checksums right. After it the index is opened, searched and written to. That may do anything but raise an error that
is none of arsearch's, take longer than `SECONDS` or more than `MEMORY`, or end the process: each of those is a defect
and is printed with its seed, from which the same mutation is made again.
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import random
import resource
import signal
import sys
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.pool import AsyncResult
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import zstandard

from arsearch import ArabicAnalyzer, Article, Index
from arsearch.errors import AddError, ArsearchError
from arsearch.index.arrays import ArrayFile, write_arrays
from arsearch.index.checked import BLOCK
from arsearch.index.info import SegmentInfo
from arsearch.index.manifest import read_latest
from arsearch.index.opening import analyzer_of, create_index, newest_snapshot
from arsearch.index.ranking import Ranking
from arsearch.index.segment import Segment
from arsearch.index.storage import MemoryStorage

SECONDS = 20
MEMORY = 1 << 30
FIELDS = {"volume": "int", "price": "float", "when": "date", "court": "keyword", "isnad": "text"}
_WORDS = "كتاب وزير المدينة الحرس الثوري محكمة كِتَابٌ مدرسة والكتاب 3.5 covid-19 عبدالله #وسم_مركب ﷺ".split()
_LETTERS = "ابتثجحدرسعفقكلمنهوي"


class Specimen(NamedTuple):
    """The files of a good index, and its segments, opened."""

    files: dict[str, bytes]
    segments: dict[SegmentInfo, Segment]


def specimen() -> Specimen:
    """An index with every kind of field, several segments, deletions and blocks."""
    chance = random.Random(7)
    words = _WORDS + ["".join(chance.choices(_LETTERS, k=chance.randint(2, 7))) for _ in range(600)]

    def article(n: int) -> Article:
        extra = {
            "volume": n % 9,
            "price": n / 7,
            "when": "2015-07-21",
            "court": [f"c{n % 4}", "ج"],
            "isnad": words[n % 30],
        }
        text = " ".join(chance.choices(words, k=chance.randint(5, 60)))
        title = " ".join(chance.choices(words, k=4))
        date = f"20{n % 20:02}-0{n % 9 + 1}-11"
        return Article.from_dict(
            {"id": f"a{n}", "title": title, "body": text, "author": words[n % 50], "source": words[n % 3]}
            | {"date": date, "tags": words[n % 20 : n % 20 + 2]} | (extra if n % 3 else {})
        )  # fmt: skip

    storage = MemoryStorage()
    create_index(storage, _analyzer(), FIELDS)
    with _opened(storage) as index:
        index.add([article(n) for n in range(160)])
        index.add([article(n) for n in range(150, 180)])
        index.delete("a7")
    files = {name: bytes(storage.read(name)) for name in storage.names()}
    return Specimen(files, {info: Segment(storage, info) for info in read_latest(storage).segments})


@functools.cache
def _analyzer() -> ArabicAnalyzer:
    return ArabicAnalyzer()


@functools.cache
def _written_with() -> tuple[dict[str, Any], str]:
    return _analyzer().config(), _analyzer().fingerprint


def _opened(storage: MemoryStorage, known: dict[object, Segment] | None = None) -> Index:
    """As `arsearch.open`, but that what is known to be right is not opened again: it takes longest."""
    reader = newest_snapshot(storage, known)
    analyzer = _analyzer()
    if (reader.manifest.analyzer, reader.manifest.fingerprint) != _written_with():
        analyzer = analyzer_of(storage, reader.manifest)
    return Index(storage, reader, analyzer, Ranking())


# Mutations: of raw bytes, of JSON, of the arrays of a file

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
VALUES: list[Any] = [
    *NUMBERS, None, True, False, "", "x", "../x", "/etc/passwd", "\ud800", "1", [], {}, [[]], {"a": 1}, 0.5, 1e300,
    float("inf"), float("nan"), -0.0, "<u4", "|O", "|u1", "body/stem.docs", [1] * 50,
]  # fmt: skip


def raw(data: bytes, chance: Chance) -> bytes:
    """Bytes changed, cut, doubled or blanked."""
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


def forged_json(value: Any, chance: Chance) -> Any:
    """One value somewhere in a JSON value replaced, left out, moved or added."""
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
            inner[chance.choice(["", "x", "docs", "title", "volume", "body/stem.first", "\ud800"])] = inner[last]
        case _:
            inner[last] = chance.choice(VALUES)
    return value


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield from _places(item, (*path, key))


def forged_manifest(data: bytes, chance: Chance) -> bytes:
    """A manifest with another value in it and the right checksum."""
    body = data.rpartition(b"\n#")[0]
    if chance.random() < 0.05:
        body = chance.choice([b"[" * 100_000, b'{"format":' + b"9" * 5000 + b"}", b"", b"\xff", b" " * (5 << 20)])
    else:
        body = json.dumps(forged_json(json.loads(body), chance)).encode("utf-8", "surrogatepass")
    return body + b"\n#%08x" % zlib.crc32(body)


def forged_directory(data: bytes, chance: Chance) -> bytes:
    """A file of arrays with another value in its directory and the right checksums."""
    start, end = _directory(data)
    content = json.loads(data[start:end])
    listed, count = data[end:-24], data[-16:-8]
    if chance.random() < 0.05:
        directory = chance.choice([b"[" * 100_000, b"", b"{}", b'{"meta":{},"arrays":[]}', b" " * (5 << 20)])
    else:
        if chance.random() < 0.8:  # of the array entries, not of a letter in hundreds of names
            name = chance.choice(list(content["arrays"]))
            content["arrays"][name] = forged_json(content["arrays"][name], chance)
        else:
            content = forged_json(content, chance)
        directory = json.dumps(content).encode("utf-8", "surrogatepass")
    size = chance.choice([len(directory)] * 9 + [1 << 40])
    crc = zlib.crc32(directory + listed).to_bytes(4, "little")
    return data[:start] + directory + listed + size.to_bytes(8, "little") + count + crc + bytes(4)


def forged_arrays(data: bytes, chance: Chance) -> bytes:
    """A file of arrays with other values in one or two of its arrays and the right checksums."""
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
        storage = MemoryStorage()
        write_arrays(storage, "x", arrays, file.meta, durable=False)
        return bytes(storage.read("x"))
    patched = bytearray(data)
    for name in changed:
        patched[offsets[name] : offsets[name] + arrays[name].nbytes] = arrays[name].tobytes()
    return _signed(patched)


@functools.lru_cache(maxsize=16)
def _container(data: bytes) -> tuple[ArrayFile, dict[str, Any], dict[str, int]]:
    """A file of arrays, opened; its arrays, and where in it they are."""
    storage = MemoryStorage()
    storage.write("x", [data], durable=False)
    file = ArrayFile(storage, "x")
    entries = json.loads(data[slice(*_directory(data))])["arrays"]
    arrays = {name: file.array(name).whole() for name in file.names()}
    return file, arrays, {name: offset for name, (_, _, offset) in entries.items()}


def _directory(data: bytes | bytearray) -> tuple[int, int]:
    """Where the directory begins and ends."""
    tail = len(data) - 24
    length, count = (int.from_bytes(data[at : at + 8], "little") for at in (tail, tail + 8))
    return tail - length - 4 * count, tail - 4 * count


def _signed(data: bytearray) -> bytes:
    """The file with all checksums right."""
    start, end = _directory(data)
    for number, at in enumerate(range(0, start, BLOCK)):
        data[end + 4 * number : end + 4 * number + 4] = zlib.crc32(data[at : min(at + BLOCK, start)]).to_bytes(
            4, "little"
        )
    data[-8:-4] = zlib.crc32(data[start:-24]).to_bytes(4, "little")
    return bytes(data)


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
    """Put another frame in the place of a stored article's."""
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


def mutate(files: dict[str, bytes], chance: Chance) -> dict[str, bytes]:
    """The files with one of them mutated."""
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


# What readers do

TEXTS = [
    "كتاب", "الحرس الثوري", '"الحرس الثوري"', '"وزير كتاب"~3', "كتا*", "*ا*", "ا?*", "كتاب~1", "كتبا~2", "وزير -كتاب",
    "title:محكمة", "court:c1", "volume:2..5", "date:2015", "source:*", "* -وزير", "isnad:كتاب", "=كِتَابٌ", "covid-19",
    "محكمة مدرسة المدينة وزير كتاب الحرس", "price:>3", "tags:كتاب AND وزير", "كتاب OR مدرسة",
]  # fmt: skip


def exercise(index: Index, chance: Chance) -> None:
    """Some of all there is to do with an index."""
    for act in chance.choices(list(_ACTS), list(_ACTS.values()), k=chance.choice([1, 1, 2, 3])):
        act(index, chance)


def _search(index: Index, chance: Chance) -> None:
    options: dict[str, Any] = {
        "sort": chance.choice([None, None, "-date", "volume", "source", "price"]),
        "facets": chance.choice([(), (), ("court", "month", "volume", "price", "when", "tags")]),
        "collapse": chance.choice([None, None, "source", "duplicates"]),
        "mode": chance.choice(["auto", "all", "any"]),
        "match": chance.choice([None, None, "word", "normalised"]),
        "filters": chance.choice(
            [None, None, {"court": "c1"}, {"volume": (1, 5)}, {"date": "2015"}, {"when": (None, "2016")}]
        ),
    }
    results = index.search(chance.choice(TEXTS), limit=chance.choice([0, 3, 3, 20]), **options)
    told = results.to_dict() if chance.random() < 0.15 else [(hit.id, hit.title, hit.score) for hit in results]
    json.dumps(told, allow_nan=False, ensure_ascii=True)


def _write(index: Index, chance: Chance) -> None:
    index.add([{"id": chance.choice(["a5", "new"]), "title": "كتاب جديد", "body": "نص", "court": "c9"}])
    if chance.random() < 0.7:
        index.delete(chance.choice(["a6", "a151"]))
    if chance.random() < 0.7:
        index.optimize()
    _search(index, chance)


def _read_all(index: Index, chance: Chance) -> None:
    json.dumps([article.to_dict() for article in index], allow_nan=False)


_ACTS: dict[Callable[[Index, Chance], object], int] = {  # with weights: the last ones take a hundred times as long
    _search: 60,
    lambda index, _: (index.get("a5"), index.get("a151"), "a7" in index, len(index)): 25,
    lambda index, _: index.stats(): 5,
    _read_all: 4,
    lambda index, _: index.check(): 3,
    _write: 3,
}


def attempt(good: Specimen, seed: str) -> str:
    """Make one mutation and read it: "answered", or the name of arsearch's error; anything else is raised."""
    chance = random.Random(seed)
    storage = MemoryStorage()
    mutated = mutate(good.files, chance)
    for name, data in mutated.items():
        storage.write(name, [data], durable=False)
    known: dict[object, Segment] = {
        info: segment
        for info, segment in good.segments.items()
        if all(mutated[name] is good.files[name] for name in (info.file, info.deletions) if name)
    }
    try:
        with _opened(storage, known) as index:
            exercise(index, chance)
    except AddError as error:
        if not isinstance(error.__cause__, ArsearchError):
            raise
        return "AddError"
    except ArsearchError as error:
        return type(error).__name__
    return "answered"


class TooLongError(Exception):
    """A mutation took more than `SECONDS`."""


def _alarm(*_: object) -> None:
    raise TooLongError(f"more than {SECONDS} s")


def campaign(seed: int, low: int, high: int) -> tuple[Counter[str], list[str], float]:
    """The mutations `low` to `high` of a seed: how many came to what, the defects, and the longest time of one."""
    good = specimen()
    outcomes: Counter[str] = Counter()
    defects: list[str] = []
    longest = 0.0
    signal.signal(signal.SIGALRM, _alarm)
    if sys.platform == "linux":
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))
    for number in range(low, high):
        start = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            outcomes[attempt(good, f"{seed}:{number}")] += 1
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            outcomes["defect"] += 1
            defects.append(
                f"{seed}:{number} {type(error).__name__}: {str(error)[:100]} ({place.filename}:{place.lineno})"
            )
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        longest = max(longest, time.perf_counter() - start)
    return outcomes, defects, longest


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--only", metavar="SEED:NUMBER", help="one mutation, with the traceback")
    options = parser.parse_args()
    if options.only:
        print(attempt(specimen(), options.only))  # noqa: T201
        return
    step = min(5000, -(-options.mutations // options.processes))
    chunks = [(options.seed, low, min(low + step, options.mutations)) for low in range(0, options.mutations, step)]
    outcomes: Counter[str] = Counter()
    found: list[str] = []
    longest = 0.0
    with multiprocessing.get_context("spawn").Pool(options.processes, maxtasksperchild=1) as pool:
        runs: list[AsyncResult[Any]] = [pool.apply_async(campaign, chunk) for chunk in chunks]
        for chunk, run in zip(chunks, runs, strict=True):
            try:
                counted, defects, slowest = run.get(timeout=3600)
            except multiprocessing.TimeoutError:
                counted, defects, slowest = Counter(), [f"a process ended in the mutations {chunk}"], 0.0
            outcomes += counted
            found += defects
            longest = max(longest, slowest)
            for defect in defects:
                print(f"defect {defect}", flush=True)  # noqa: T201
            if chunk[2] % 50_000 == 0:
                print(f"{chunk[2]:,} mutations, {len(found)} defects", file=sys.stderr, flush=True)  # noqa: T201
    told = ", ".join(f"{count:,} {name}" for name, count in outcomes.most_common())
    print(f"{options.mutations:,} mutations of seed {options.seed}: {told}; longest {longest:.2f} s")  # noqa: T201
    print(f"{len(found)} defects")  # noqa: T201
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
