"""The files, the figures and the articles of an index."""

from __future__ import annotations

import hashlib
import itertools
import re
import tempfile
from pathlib import Path

import arsearch
from bench.answers.rows import Answers

__all__ = ["add_index"]

_SEGMENT = re.compile(rb"s[0-9a-f]{16}")
_WORDS = re.compile(r"[ -~]{6,}|[ء-ْ]+")  # runs of ASCII in the pickle's opcodes are shorter
_BATCH = 500  # articles of one item


def add_index(answers: Answers, row: str, index: arsearch.Index, item: str = "index") -> None:
    """Add the files of the newest commit, its figures, its articles in order, and the problems that `check` finds."""
    with tempfile.TemporaryDirectory() as folder:
        index.backup(Path(folder) / "copy")
        _add_files(answers, row, item, Path(folder) / "copy")
    stats = index.stats().to_dict()
    answers.add(f"{row}, stats", item, {name: stats[name] for name in stats if name != "bytes"})
    answers.add(f"{row}, check", item, index.check())
    articles = iter(index)
    for first in itertools.count(0, _BATCH):
        batch = [article.to_dict() for article in itertools.islice(articles, _BATCH)]
        if not batch:
            break
        answers.add(f"{row}, articles", f"{item}, from the {first:,}th", batch)


def _add_files(answers: Answers, row: str, item: str, folder: Path) -> None:
    """Add the files. The random names of segments are replaced by numbers, in the order of the manifest."""
    numbers: dict[bytes, bytes] = {}

    def numbered(match: re.Match[bytes]) -> bytes:
        return numbers.setdefault(match[0], b"s%016d" % len(numbers))

    names = [file.name for file in folder.iterdir() if not file.name.startswith("write.")]
    manifests = sorted(name for name in names if name.startswith("manifest"))
    for name in manifests:
        data = (folder / name).read_bytes().rpartition(b"\n#")[0]  # the checksum depends on the names
        answers.add(f"{row}, manifest", f"{item}, {name}", _SEGMENT.sub(numbered, data).decode())
    by_number = {_SEGMENT.sub(numbered, name.encode()).decode(): name for name in names if name not in manifests}
    for numbered_name, name in sorted(by_number.items()):
        data = (folder / name).read_bytes()
        if name.endswith(".toc"):  # a pickle with sets, whose order differs from run to run
            words = _WORDS.findall(_SEGMENT.sub(numbered, data).decode("utf-8", "replace"))
            answers.add(f"{row}, table of contents for Whoosh", f"{item}, {numbered_name}", sorted(words))
        else:
            text = f"{len(data)} bytes, {hashlib.sha256(data).hexdigest()}"
            answers.add(f"{row}, segments", f"{item}, {numbered_name}", text)
