"""Random damage to small files of the formats of `document_samples` and `export_samples`, and the reading of them."""

from __future__ import annotations

import io
import json
import random
import re
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import patch

import document_samples
import export_samples
from document_samples import package
from fuzz_bytes import Chance, raw
from fuzz_children import try_each

from arsearch import Article
from arsearch.errors import ArsearchError, ArticleError
from arsearch.model import Record
from arsearch.readers import articles, read_articles
from arsearch.readers.workers import Workers

__all__ = ["SAMPLES", "attempt_file", "damaged_file", "format_of", "try_files"]

SAMPLES = document_samples.SAMPLES | export_samples.SAMPLES
"""The name and content of a small file of each format."""

_TOKEN = re.compile(rb"<[^<>]{0,300}>|\\[a-z]{1,20}-?[0-9]{0,9}|[{}]|\n[^\n]{0,300}|\"[^\"]{0,100}\"|[0-9]{1,30}")
_LONGEST = 1 << 20
PLACED = (".docx", ".odt", ".fodt", ".pptx", ".epub", ".rtf", ".srt", ".vtt", ".markdown")
"""The suffixes of formats whose readers give places in the body."""
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"4294967296", b"9" * 30)


def format_of(number: int) -> str:
    """Return the name of the format that a mutation damages."""
    return list(SAMPLES)[number % len(SAMPLES)]


def damaged_file(seed: str) -> tuple[str, bytes]:
    """Return the name and the content of a damaged file; the number of the seed chooses the format."""
    chance = random.Random(seed)
    name, data = SAMPLES[format_of(int(seed.rpartition(":")[2]))]
    if data.startswith(b"PK") and chance.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members: dict[str, str | bytes] = {one: archive.read(one) for one in archive.namelist()}
        for _ in range(chance.choice([1, 1, 3])):
            member = chance.choice(list(members))
            text = members[member]
            members[member] = _damaged(text if isinstance(text, bytes) else text.encode(), chance)[:_LONGEST]
        if chance.random() < 0.1:
            del members[chance.choice(list(members))]
        return name, package(members)
    for _ in range(chance.choice([1, 1, 3])):
        data = _damaged(data, chance)[:_LONGEST]
    return name, data


def _damaged(data: bytes, chance: Chance) -> bytes:
    """Return bytes with damage to bytes, or with tokens moved, doubled, removed or replaced."""
    tokens = list(_TOKEN.finditer(data[:_LONGEST]))
    if chance.random() < 0.4 or len(tokens) < 2:
        return raw(data, chance)
    first, second = sorted(chance.sample(tokens, 2), key=lambda token: token.start())
    before, between, after = data[: first.start()], data[first.end() : second.start()], data[second.end() :]
    match chance.randrange(6):
        case 0:
            return before + second[0] + between + first[0] + after
        case 1:
            return before + between + second[0] + after
        case 2:
            return before + first[0] * chance.choice([2, 3, 1000]) + between + second[0] + after
        case 3:
            return before + first[0] + between + first[0] + after
        case 4:
            return before + first[0] + (between + second[0]) * chance.choice([2, 50]) + after
    return before + re.sub(rb"[0-9]+", chance.choice(_NUMBERS), first[0]) + between + second[0] + after


@cache
def _workers() -> Workers:
    """Return the child processes that all readings share: starting them anew would take most of the time."""
    return Workers()


def _read(path: Path) -> Iterator[Record]:
    with patch.object(articles, "Workers", _workers), patch.object(Workers, "close", lambda _: None):
        yield from read_articles(path)


def attempt_file(seed: str) -> str:
    """Read a damaged file; return "read", "reported" or "refused", and raise any other error."""
    name, data = damaged_file(seed)
    outcome = "read"
    with tempfile.TemporaryDirectory(prefix="arsearch-fuzz-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            for record in _read(path):
                if record.data is None:
                    outcome = "reported"
                    assert record.problem
                    continue
                json.dumps(record.data, allow_nan=False)
                body = record.data.get("body", "")  # damage may make a table or JSON of it
                if name.endswith(PLACED):
                    for kind in ("headings", "cues", "pages"):
                        for place in record.data.get(kind, ()):
                            assert 0 <= place["start"] <= len(body), place
                try:
                    Article.from_dict(record.data)
                except ArticleError:
                    outcome = "reported"
        except ArsearchError:
            return "refused"
    return outcome


def try_files(seed: int, low: int, high: int, results: Connection, *, formats: Collection[str] = SAMPLES) -> None:
    """Try the mutations `[low, high)` of a seed in a process of their own; those of other formats are skipped."""

    def attempt(name: str) -> str:
        return attempt_file(name) if format_of(int(name.rpartition(":")[2])) in formats else "skipped"

    try_each(attempt, seed, low, high, results)
