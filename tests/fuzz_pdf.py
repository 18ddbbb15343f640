"""Damaged PDFs, read as `read_articles` reads them: the fixtures with random changes."""

from __future__ import annotations

import random
import re
import tempfile
import time
import traceback
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from fuzz_bytes import NUMBERS, Chance, raw
from fuzz_children import SECONDS, Result

from arsearch.errors import InputError
from arsearch.model import Article
from arsearch.readers import read_articles

__all__ = ["attempt_pdf", "try_pdfs"]

FOLDER = Path(__file__).parent / "fixtures" / "pdf"

_NUMBER = re.compile(rb"(?<![\w.])\d{1,10}(?![\w.])")
_NAME = re.compile(rb"/[A-Z]\w+")


@cache
def _specimens() -> tuple[Path, ...]:
    return tuple(sorted(FOLDER.glob("*.pdf")))


def _damaged(data: bytes, chance: Chance) -> bytes:
    """Return a file with one to four changes: of bytes, of a number or of a name in its text, or a part of itself."""
    changes: list[Callable[[bytes, Chance], bytes]] = [raw, raw, _other_number, _other_name, _moved]
    for _ in range(chance.choice([1, 1, 2, 4])):
        data = chance.choice(changes)(data, chance)
    return data


def _other_number(data: bytes, chance: Chance) -> bytes:
    return _replaced(data, chance, _NUMBER, str(chance.choice(NUMBERS)).encode())


def _other_name(data: bytes, chance: Chance) -> bytes:
    names = _NAME.findall(data)
    return _replaced(data, chance, _NAME, chance.choice(names)) if names else data


def _replaced(data: bytes, chance: Chance, pattern: re.Pattern[bytes], value: bytes) -> bytes:
    found = list(pattern.finditer(data))
    if not found:
        return data
    match = chance.choice(found)
    return data[: match.start()] + value + data[match.end() :]


def _moved(data: bytes, chance: Chance) -> bytes:
    start, to = chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)
    part = data[start : start + chance.choice([16, 256, 4096])]
    return data[:to] + part + data[to:]


def attempt_pdf(seed: str) -> str:
    """Make one mutation and read the file; return "read", "refused" or how the parser ended, and raise other errors."""
    chance = random.Random(seed)
    path = chance.choice(_specimens())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.pdf"
        file.write_bytes(_damaged(path.read_bytes(), chance))
        try:
            records = list(read_articles(file))
        except InputError:
            return "refused"
    for record in records:
        assert (record.data is None) != (record.problem is None)
        if record.data is not None:
            Article.from_dict(record.data)
    problems = " ".join(record.problem or "" for record in records)
    if "parser crashed" in problems or "parser failed" in problems:
        return problems[problems.index("parser") :].partition(";")[0][:60]
    return "read" if any(record.data for record in records) else "refused"


def try_pdfs(seed: int, low: int, high: int, results: Connection) -> None:
    """Try the mutations `[low, high)` of a seed, in a process of their own."""
    for number in range(low, high):
        defect = ""
        start = time.monotonic()
        try:
            outcome = attempt_pdf(f"{seed}:{number}")
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            outcome, defect = "defect", f"{type(error).__name__}: {str(error)[:100]} ({place.filename}:{place.lineno})"
        took = time.monotonic() - start
        if took > SECONDS:
            outcome, defect = "defect", f"more than {SECONDS} s"
        results.send(Result(number, outcome, defect, took))
