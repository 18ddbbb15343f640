"""Sort the lines of a concordance by the words beside the keyword, or by work.

Memory holds one short key for each line; the lines themselves wait in a temporary file once they are many.
"""

from __future__ import annotations

import marshal
import mmap
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Literal, Self

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

_CONTEXTS = (48, 80)
"""The characters beside the keyword that are read for these words: more only if the first have too few."""

_MOST_FORMS = 100_000
_LEVELS = (None, *Level)
"""The level of each number."""


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
        self._forms = _Forms(analyzer.normalizer.normalise)

    def key(self, line: ConcordanceLine, text: str, span: tuple[int, int]) -> bytes:
        """Return the key of a line with its keyword at `span` of `text`."""
        if self._sort == "work":
            work = line.place.work if line.place else line.id
            return self._folded([*self._words(line.title), "\0", work])
        is_left = self._sort == "left"
        words = self._words(line.after if is_left else line.before)
        if len(words) > _WORDS:  # the context of the line has enough of them
            return self._folded(words[:_WORDS] if is_left else words[: -_WORDS - 1 : -1])
        beside = _after if is_left else _before
        for size in _CONTEXTS:
            words = self._words(beside(text, span, size))
            if len(words) > _WORDS:
                break
        return self._folded(words[:_WORDS] if is_left else words[: -_WORDS - 1 : -1])

    def _folded(self, words: Iterable[str]) -> bytes:
        # A space sorts before every letter, and UTF-8 in the order of code points.
        return " ".join(map(self._forms.__getitem__, words)).encode("utf-8", "surrogatepass")


class _Forms(dict[str, str]):
    """The normalised forms of words, or the words themselves where nothing would be left; made when first looked up."""

    def __init__(self, normalise: Callable[[str], str]) -> None:
        super().__init__()
        self._normalise = normalise

    def __missing__(self, word: str) -> str:
        form = self._normalise(word) or word
        if len(self) < _MOST_FORMS:
            self[word] = form
        return form


def _before(text: str, span: tuple[int, int], size: int) -> str:
    """Return `size` characters before a keyword, without a word that is cut."""
    start, _ = span
    first = max(start - size, 0)
    if first and not text[first - 1].isspace():
        first = next((at for at in range(first, start) if text[at].isspace()), start)
    return text[first:start]


def _after(text: str, span: tuple[int, int], size: int) -> str:
    """Return `size` characters after a keyword, without a word that is cut."""
    _, end = span
    last = min(end + size, len(text))
    if last < len(text) and not text[last].isspace():
        last = next((at for at in range(last, end, -1) if text[at - 1].isspace()), end)
    return text[end:last]


def sorted_lines(keyed: Iterable[tuple[bytes, ConcordanceLine]]) -> Iterator[ConcordanceLine]:
    """Yield the lines in the order of their keys; lines with equal keys stay in order."""
    keys: list[bytes] = []
    with _Store() as store:
        for key, line in keyed:
            keys.append(key)
            store.append(_encode(line))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        keys.clear()
        for data in store.read(order):
            yield _decode(data)


class _Store:
    """Byte strings, in memory up to `_IN_MEMORY`, else in a temporary file."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._ends = array("Q", [0])
        self._written = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def append(self, data: bytes) -> None:
        """Keep a string."""
        self._waiting.append(data)
        end = self._ends[-1] + len(data)
        self._ends.append(end)
        if end - self._written > _IN_MEMORY:
            self._file = self._file or tempfile.TemporaryFile()  # noqa: SIM115  # `__exit__` closes it
            self._file.write(b"".join(self._waiting))
            self._waiting.clear()
            self._written = end

    def read(self, numbers: Iterable[int]) -> Iterator[bytes]:
        """Yield strings by their numbers."""
        ends = self._ends
        if self._file is None:
            yield from map(self._waiting.__getitem__, numbers)
            return
        self._file.write(b"".join(self._waiting))
        self._file.flush()
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as written:
            for number in numbers:
                yield written[ends[number] : ends[number + 1]]


def _encode(line: ConcordanceLine) -> bytes:
    place = None if line.place is None else tuple(line.place)
    return marshal.dumps((line[:8], int(line.level), line.page, place))


def _decode(data: bytes) -> ConcordanceLine:
    values, level, page, place = marshal.loads(data)  # from our own file, which has no name
    return ConcordanceLine._make((*values, _LEVELS[level], page, None if place is None else Place(*place)))
