"""Lucene's ArabicAnalyzer as a rival: `LuceneSearch.java`, compiled for the run, answers one query at a time.

The same program runs with Lucene 8 and with Lucene 10.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from arsearch.errors import InputError
from bench.peers.articles import write_articles
from bench.peers.lucene import Lucene, compile_program
from bench.relevance.hits import Hit

__all__ = ["searching"]

_SOURCE = Path(__file__).with_name("LuceneSearch.java")


@contextmanager
def searching(lucene: Lucene, docs: Sequence[Mapping[str, Any]]) -> Iterator[_Process]:
    """Index `docs` and yield a searchable index. The process ends with the block. Raise `InputError` if it fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        numbered = ({**doc, "id": str(number)} for number, doc in enumerate(docs))
        write_articles(numbered, folder / "articles")
        for part in ("classes", "index"):
            (folder / part).mkdir()
        command = compile_program(lucene, folder / "classes", _SOURCE)
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
            subprocess.Popen(
                [*command, str(folder / "articles"), str(folder / "index")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
            ) as process,
        ):
            try:
                yield _Process([doc["id"] for doc in docs], process, errors)
            finally:
                process.kill()  # the index is temporary


class _Process:
    """The process behind the interface that `arsearch.evaluation` searches."""

    def __init__(self, ids: Sequence[str], process: subprocess.Popen[str], errors: IO[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._ids, self._errors = ids, errors
        self._input, self._output = process.stdin, process.stdout
        self._answer()  # the process is ready

    def search(self, text: str, *, limit: int, mode: str) -> list[Hit]:  # noqa: ARG002
        """Return at most `limit` hits with any of the words, best first. `mode` is ignored."""
        self._input.write(f"{limit}\t{' '.join(text.split())}\n")
        self._input.flush()
        return [Hit(self._ids[int(number)]) for number in self._answer().split()]

    def _answer(self) -> str:
        line = self._output.readline()
        if not line:
            self._errors.seek(0)
            raise InputError(f"lucene failed: {self._errors.read().strip()[-2000:]}")
        return line
