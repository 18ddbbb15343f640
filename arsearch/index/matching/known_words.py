"""Find the occurrences of a query in one long stored body without reading all of its words.

The index knows how often each term occurs in the body, and at which positions. The words are therefore searched for as bytes,
and only the places that are found are analysed. If they are as many as the index says, they are all of them, and the n-th place
has the n-th position. Otherwise nothing is known, and the text must be read as a whole: words joined with others, rare
characters and numbers are why.

The body is searched as stored, in UTF-8. Arabic letters have two bytes there, and folding replaces single bytes, so that offsets
stay. Letters that folding joins become equal; the analysis of each place tells them apart again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.reader.segment import SegmentReader
from arsearch.model.schema import NORMALISED
from arsearch.snippets import Highlighter
from arsearch.snippets.occurrences import Occurrence
from arsearch.snippets.targets import WordMatcher, candidate_forms

__all__ = ["known_occurrences"]

_LEADS = (0xD8, 0xD9)
"""The first bytes of the letters from U+0621 to U+064A, and of the marks."""

_FOLDED = {0xA2: 0xA7, 0xA3: 0xA7, 0xA5: 0xA7, 0xA9: 0x87} | dict.fromkeys((0xA1, 0xA4, 0xA6, 0x88, 0x89), 0x8A)
"""The second bytes of letters that folding may join: alefs; teh marbuta and heh; hamza, its seats, waw and both yehs."""

_TATWEEL = 0x80
_FIRST_MARK, _LAST_MARK = 0x8B, 0x92
"""The second bytes of tatweel and of the marks from fathatan to sukun, after 0xD9."""

_SHORTEST_CORE = 6  # bytes: three letters
_MOST_CORES = 24
_SPACE = 0x20
_BITS = np.array([byte.bit_count() for byte in range(256)], np.uint8)


def known_occurrences(segment: SegmentReader, doc: int, highlighter: Highlighter) -> tuple[Occurrence, ...] | None:
    """Return the occurrences of a highlighter's targets in the body of a document; `None` if the text must be read as a whole."""
    forms, positions = _expected(segment, doc, highlighter.matchers("body"))
    if forms is None:
        return None
    raw = segment.stored.raw(doc)
    start = raw.find(b"\n") + 1  # after the other fields
    cores = _cores([_fold(form) for form in forms])
    if len(cores) > _MOST_CORES or any(not core for core in cores):
        return None
    return highlighter.matches_at(_regions(raw, start, cores) if cores else (), "body", positions)


def _expected(
    segment: SegmentReader, doc: int, matchers: Iterable[WordMatcher]
) -> tuple[set[str] | None, dict[WordMatcher, Sequence[int]]]:
    """Return the normalised terms of the body that any matcher matches, and the positions of each matcher.

    The terms are `None` if they cannot be listed, or are not of Arabic letters alone.
    """
    postings = segment.postings("body", NORMALISED)
    forms: set[str] = set()
    positions: dict[WordMatcher, Sequence[int]] = {}

    def spellings(stems: Collection[str]) -> set[str]:
        return {form for stem in stems for form in segment.spellings(stem, "body")}

    for matcher in matchers:
        candidates = candidate_forms([matcher], spellings)
        if candidates is None or postings is None:
            return None, {}
        found: list[Array] = []
        for form in candidates:
            ordinal = postings.terms.find(form)
            docs = postings.docs_of(ordinal) if ordinal >= 0 else np.empty(0, np.int64)
            place = int(np.searchsorted(docs, doc))
            if place < len(docs) and docs[place] == doc:
                found.append(postings.positions_at(ordinal, np.array([place]))[1])
                forms.add(form)
        positions[matcher] = np.unique(np.concatenate(found)).tolist() if found else []
    is_plain = all("ء" <= letter <= "ي" for form in forms for letter in form)
    return forms if is_plain else None, positions


@cache
def _table() -> bytes:
    table = bytearray(range(256))
    table[_LEADS[1]] = _LEADS[0]
    for byte, other in _FOLDED.items():
        table[byte] = other
    return bytes(table)


def _fold(text: str) -> bytes:
    return text.encode().translate(_table())


def _cores(words: Iterable[bytes]) -> list[bytes]:
    """Return few byte strings, one of which each word contains.

    Each is the part of the shortest word left that most of the other words contain, of three letters at least.
    """
    left = sorted(set(words), key=len)
    cores: list[bytes] = []
    while left:
        shortest = left[0]
        parts = [
            shortest[start:end]
            for size in range(len(shortest), _SHORTEST_CORE - 1, -2)
            for start in range(0, len(shortest) - size + 1, 2)
            for end in (start + size,)
        ] or [shortest]
        core = max(parts, key=lambda part: sum(part in word for word in left))  # of equals the longest, which is first
        cores.append(core)
        left = [word for word in left if core not in word]
    return cores


def _regions(raw: bytes, start: int, cores: Sequence[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the words of `raw[start:]` that contain a core, with what no space divides from them.

    Each is an offset, in code points, and a text.
    """
    folded = raw.translate(_table())
    units = np.frombuffer(raw, np.uint8, offset=start)
    second = units[1:]
    removed = np.flatnonzero((second - _FIRST_MARK <= _LAST_MARK - _FIRST_MARK) | (second == _TATWEEL))
    removed = removed[units[removed] == _LEADS[1]]
    if len(removed):
        kept = np.ones(len(units), bool)
        kept[removed] = kept[removed + 1] = False
        folded, first = np.frombuffer(folded, np.uint8, offset=start)[kept].tobytes(), 0
        removed = np.stack((removed, removed + 1), axis=1).ravel()
    else:
        first = start
    hits = np.unique(np.array([at - first for core in cores for at in _find_all(folded, core, first)], np.int64))
    # A hit moves on by the bytes that were removed before it.
    hits += np.searchsorted(removed - np.arange(len(removed)), hits, "right")
    spaces = np.flatnonzero(units <= _SPACE)
    after = np.searchsorted(spaces, hits)
    bounds = np.concatenate(([-1], spaces, [len(units)]))
    starts, ends = np.unique(bounds[after] + 1), np.unique(bounds[after + 1])
    for offset, low, high in zip(_code_points(units, starts).tolist(), starts.tolist(), ends.tolist(), strict=True):
        # A damaged text gives fewer words than expected, is read as a whole, and then reported.
        yield offset, raw[start + low : start + high].decode(errors="replace")


def _find_all(text: bytes, word: bytes, at: int) -> Iterator[int]:
    at = text.find(word, at)
    while at >= 0:
        yield at
        at = text.find(word, at + 2)


def _code_points(units: Array, at: Array) -> Array:
    """Return the number of code points before each of some offsets of UTF-8, in bytes."""
    begins = np.zeros(-(-(len(units) + 1) // 8) * 8, bool)
    np.not_equal(units & 0xC0, 0x80, out=begins[: len(units)])
    eights = _BITS.take(np.packbits(begins))
    before = np.concatenate(([0], np.cumsum(eights, dtype=np.int64)))
    eight = at >> 3
    inside = begins[(eight << 3)[:, None] + np.arange(8)] & (np.arange(8) < (at & 7)[:, None])
    counts: Array = before[eight] + inside.sum(axis=1)
    return counts
