"""A small index with every structure of the format, whose files `fuzz_mutations` damages."""

from __future__ import annotations

import functools
import random
from collections.abc import Mapping
from typing import Any, NamedTuple

from arsearch import ArabicAnalyzer, Article, Index
from arsearch.index.backend import EmbeddedBackend
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.commits.manifest import read_latest
from arsearch.index.reader.opening import create_index, load_analyzer, open_latest
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.store.memory import RAMDirectory
from arsearch.index.view import EmbeddedView
from arsearch.search.ranking import Ranking

__all__ = ["Specimen", "opened", "specimen"]

_FIELDS = {"volume": "int", "price": "float", "when": "date", "court": "keyword", "isnad": "text"}
_WORDS = "كتاب وزير المدينة الحرس الثوري محكمة كِتَابٌ مدرسة والكتاب 3.5 covid-19 عبدالله #وسم_مركب ﷺ".split()
_LETTERS = "ابتثجحدرسعفقكلمنهوي"


class Specimen(NamedTuple):
    """The files of a sound index, and its opened segments."""

    files: dict[str, bytes]
    segments: dict[SegmentInfo, SegmentReader]


def specimen() -> Specimen:
    """Return an index with every kind of field, several segments, deletions and several blocks of postings."""
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

    storage = RAMDirectory()
    create_index(storage, _analyzer(), _FIELDS)
    with opened(storage) as index:
        index.add([article(n) for n in range(160)])
        index.add([article(n) for n in range(150, 180)])
        index.delete("a7")
    files = {name: bytes(storage.read(name)) for name in storage.names()}
    return Specimen(files, {info: SegmentReader(storage, info) for info in read_latest(storage).segments})


@functools.cache
def _analyzer() -> ArabicAnalyzer:
    return ArabicAnalyzer()


@functools.cache
def _written_with() -> tuple[dict[str, Any], str]:
    return _analyzer().config(), _analyzer().fingerprint


def opened(storage: RAMDirectory, known: Mapping[SegmentInfo, SegmentReader] | None = None) -> Index:
    """Open an index as `arsearch.open` does, but reuse the `known` segments: opening them takes longest."""
    reader = open_latest(storage, known)
    analyzer = _analyzer()
    if (reader.manifest.analyzer, reader.manifest.fingerprint) != _written_with():
        analyzer = load_analyzer(storage, reader.manifest)
    return Index(EmbeddedBackend(storage, EmbeddedView(reader, analyzer, Ranking())))
