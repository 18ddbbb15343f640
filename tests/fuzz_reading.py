"""The use of an index that may be damaged: it is opened, searched, read and written to."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from fuzz_bytes import Chance
from fuzz_mutations import mutate
from fuzz_specimen import Specimen, opened

from arsearch import Index
from arsearch.errors import AddError, ArsearchError
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.store.memory import RAMDirectory

__all__ = ["attempt"]

TEXTS = [
    "كتاب", "الحرس الثوري", '"الحرس الثوري"', '"وزير كتاب"~3', "كتا*", "*ا*", "ا?*", "كتاب~1", "كتبا~2", "وزير -كتاب",
    "title:محكمة", "court:c1", "volume:2..5", "date:2015", "source:*", "* -وزير", "isnad:كتاب", "=كِتَابٌ", "covid-19",
    "محكمة مدرسة المدينة وزير كتاب الحرس", "price:>3", "tags:كتاب AND وزير", "كتاب OR مدرسة",
]  # fmt: skip


def _exercise(index: Index, chance: Chance) -> None:
    """Run one to three random operations on an index."""
    for act in chance.choices(list(_ACTS), list(_ACTS.values()), k=chance.choice([1, 1, 2, 3])):
        act(index, chance)


def _search(index: Index, chance: Chance) -> None:
    options: dict[str, Any] = {
        "sort": chance.choice([None, None, "-date", "volume", "source", "price"]),
        "facets": chance.choice([(), (), ("court", "month", "volume", "price", "when", "tags")]),
        "collapse": chance.choice([None, None, "source", "duplicates"]),
        "mode": chance.choice(["auto", "all", "any"]),
        "match": chance.choice([None, None, "word", "normalised", "surface", "vocalised", "root"]),
        "filters": chance.choice(
            [None, None, {"court": "c1"}, {"volume": (1, 5)}, {"date": "2015"}, {"when": (None, "2016")}]
        ),
    }
    results = index.search(chance.choice(TEXTS), limit=chance.choice([0, 3, 3, 20]), **options)
    output = results.to_dict() if chance.random() < 0.15 else [(hit.id, hit.title, hit.score) for hit in results]
    json.dumps(output, allow_nan=False, ensure_ascii=True)


def _write(index: Index, chance: Chance) -> None:
    index.add([{"id": chance.choice(["a5", "new"]), "title": "كتاب جديد", "body": "نص", "court": "c9"}])
    if chance.random() < 0.7:
        index.delete(chance.choice(["a6", "a151"]))
    if chance.random() < 0.7:
        index.optimize()
    _search(index, chance)


def _read_all(index: Index, chance: Chance) -> None:
    json.dumps([article.to_dict() for article in index], allow_nan=False)


_ACTS: dict[Callable[[Index, Chance], object], int] = {  # weights: the last operations take a hundred times as long
    _search: 60,
    lambda index, _: (index.get("a5"), index.get("a151"), "a7" in index, len(index)): 25,
    lambda index, _: index.stats().to_dict(): 5,
    _read_all: 4,
    lambda index, _: index.check(): 3,
    _write: 3,
}


def attempt(good: Specimen, seed: str) -> str:
    """Make one mutation and use the index; return "answered" or the name of an arsearch error, and raise other errors."""
    chance = random.Random(seed)
    storage = RAMDirectory()
    mutated = mutate(good.files, chance)
    for name, data in mutated.items():
        storage.write(name, [data], durable=False)
    known: dict[SegmentInfo, SegmentReader] = {
        info: segment
        for info, segment in good.segments.items()
        if all(mutated[name] is good.files[name] for name in (info.file, info.deletions) if name)
    }
    try:
        with opened(storage, known) as index:
            _exercise(index, chance)
    except AddError as error:
        if not isinstance(error.__cause__, ArsearchError):
            raise
        return "AddError"
    except ArsearchError as error:
        return type(error).__name__
    return "answered"
