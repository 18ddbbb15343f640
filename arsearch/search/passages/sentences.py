"""The sentences around the matches of a text, which passages are made of.

A long text is read only around its matches. A sentence longer than a passage is cut at the end of a clause, else between
two words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from arsearch.snippets.sentences import letter_edge, sentence_ends, skip_space, word_end

__all__ = ["Sentence", "regions", "sentences"]

_CLAUSE_END = re.compile(r"[،,;:](?=\s)|\s[-–—](?=\s)")
_SHORTEST_SHARE = 2  # a clause shorter than this part of a passage is not cut off


class Sentence(NamedTuple):
    """A sentence `[start, end)` of a text, without the white space around it. `opens` tells if a blank line precedes it."""

    start: int
    end: int
    opens: bool


def regions(matches: Iterable[tuple[int, int]], size: int, length: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text of `length` code points within `size` of its `matches`, in order; joined if they touch."""
    start = end = -1
    for first, last in matches:
        low, high = max(0, first - size), min(length, last + size)
        if start >= 0 and low <= end:
            end = max(end, high)
            continue
        if start >= 0:
            yield start, end
        start, end = low, high
    if start >= 0:
        yield start, end


def sentences(text: str, start: int, end: int, size: int) -> list[Sentence]:
    """Return the sentences of `text[start:end]` in order, none longer than `size`.

    A sentence that continues before `start` or after `end` is cut there, at white space.
    """
    found: list[Sentence] = []
    if start and not text[start - 1].isspace():
        while start < end and not text[start].isspace():
            start += 1
    at = start
    for stop in [*sentence_ends(text, start, end), end]:
        first = skip_space(text, at, stop)
        last = word_end(text, first, end) if stop == end else stop
        while last > first and text[last - 1].isspace():  # a line ends after it
            last -= 1
        if first < last:
            found += _parts(text, first, last, size, text.count("\n", at, first) > 1)
            at = stop
    return found


def _parts(text: str, start: int, end: int, size: int, opens: bool) -> Iterator[Sentence]:
    """Yield a sentence, cut into parts of at most `size`."""
    while end - start > size:
        stop = _cut(text, start, start + size)
        yield Sentence(start, stop, opens)
        start, opens = skip_space(text, stop, end), False
    if start < end:
        yield Sentence(start, end, opens)


def _cut(text: str, start: int, end: int) -> int:
    """Return the best offset in `(start, end]` at which to cut: after the last clause, word or letter."""
    clauses = [match.end() for match in _CLAUSE_END.finditer(text, start + (end - start) // _SHORTEST_SHARE, end)]
    if clauses:
        return clauses[-1]
    stop = word_end(text, start, end)
    return stop if stop > start else letter_edge(text, start, end)
