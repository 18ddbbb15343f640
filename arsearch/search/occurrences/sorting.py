"""Sort the lines of a concordance by the words beside the keyword, or by work.

Memory holds one short key for each line; the lines themselves wait in a temporary file once they are many.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import QueryError, shown
from arsearch.model import Level
from arsearch.model.occurrences import ConcordanceLine
from arsearch.model.places import Place

__all__ = ["SORTS", "Sort", "SortKeys", "read_sort", "sorted_lines"]

Sort = Literal["left", "right", "work"]
SORTS: tuple[Sort, ...] = ("left", "right", "work")

_IN_MEMORY = 16 << 20
"""The bytes of lines that are kept in memory."""

_WORDS = 6
"""The words beside the keyword that are compared; lines that agree in them stay in order of adding."""


def read_sort(sort: object) -> Sort | None:
    """Return the name of an order; raise QueryError for another value."""
    if sort is None or (isinstance(sort, str) and sort in SORTS):
        return sort
    raise QueryError(
        f"sort {shown(sort)} is not an order of lines; known: {', '.join(SORTS)}, or None for the order of adding"
    )


class SortKeys:
    """Makes the sort key of a line for one order. Words are compared as the analyzer normalises them."""

    def __init__(self, sort: Sort, analyzer: ArabicAnalyzer) -> None:
        self._sort = sort
        self._words = analyzer.tokenizer.words
        self._normalise = analyzer.normalizer.normalise
        self._forms: dict[str, str] = {}

    def key(self, line: ConcordanceLine, before: str, after: str) -> bytes:
        """Return the key of a line; `before` and `after` are the texts beside the keyword, which the line may cut."""
        if self._sort == "work":
            work = line.place.work if line.place else line.id
            return self._folded([*self._words(line.title), "\0", work])
        words = self._words(after)[:_WORDS] if self._sort == "left" else self._words(before)[: -_WORDS - 1 : -1]
        return self._folded(words)

    def _folded(self, words: Iterable[str]) -> bytes:
        forms = self._forms
        folded = []
        for word in words:
            form = forms.get(word)
            if form is None:
                form = self._normalise(word) or word
                if len(forms) < 100_000:
                    forms[word] = form
            folded.append(form)
        # A space sorts before every letter, and UTF-8 in the order of code points.
        return " ".join(folded).encode("utf-8", "surrogatepass")


def sorted_lines(keyed: Iterable[tuple[bytes, ConcordanceLine]]) -> Iterator[ConcordanceLine]:
    """Yield the lines in the order of their keys; lines with equal keys stay in order."""
    order: list[tuple[bytes, int]] = []
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        at = 0
        for key, line in keyed:
            order.append((key, at))
            at += file.write(_encode(line))
        order.sort()
        seek: Callable[[int], int] = file.seek
        for _, at in order:
            seek(at)
            yield _decode(file.readline())


def _encode(line: ConcordanceLine) -> bytes:
    return json.dumps(line).encode() + b"\n"  # ASCII: any text, and no further line feed


def _decode(data: bytes) -> ConcordanceLine:
    values = json.loads(data)
    if values[-1] is not None:
        values[-1] = Place(*values[-1])
    values[8] = Level(values[8])
    return ConcordanceLine(*values)
