"""Find the occurrences of a query in a long stored text without reading all of its words: a body, or a work in parts.

The index knows how often each term occurs in a body, and at which positions. The words are therefore looked for as bytes
(`long_text`), and only the places that are found are analysed. If they are as many as the index says, they are all of them, and
the n-th place has the n-th position. Otherwise nothing is known, and the text must be read as a whole: words joined with others,
rare characters and numbers are why.

The bodies of a work are one text here (`body_positions`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.matching.body_positions import NOWHERE, Bodies, bodies_by_segment, expected_positions
from arsearch.index.matching.long_text import LongText, folded
from arsearch.index.matching.text_cache import TextCache, long_text
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.places import part_ids, split_head
from arsearch.model.schema import EDITION
from arsearch.snippets import Highlighter
from arsearch.snippets.columns import MatchColumns
from arsearch.snippets.targets import WordMatcher

__all__ = ["known_occurrences"]

_SHORTEST_PART = 3  # letters
_MOST_PARTS = 128

_WORTHWHILE = 8
"""The most documents of a work for each match; the parts of a work with fewer matches are read instead, which takes less time."""

_GAP = 2
"""The characters between the bodies of parts that were not cut from one text."""


def known_occurrences(
    reader: IndexReader,
    doc: int,
    highlighter: Highlighter,
    texts: TextCache,
    *,
    whole: bool = False,
) -> MatchColumns | None:
    """Return the matches of a highlighter's targets in the body of a document; `None` if the text must be read as a whole.

    After the highlighter's deadline the result is `None` too. If `whole`, and the document is the head of a work, the matches are
    those in the text of the work.
    """
    parts = _parts_of(reader, doc) if whole else None
    docs = np.array([doc]) if parts is None else parts.docs
    bodies = bodies_by_segment(reader, docs)
    forms, positions = expected_positions(bodies, highlighter.matchers("body"), highlighter.clock.in_time)
    if forms is None:
        return None
    letters = _common_parts(map(folded, forms), highlighter.clock.in_time)
    if letters is None or not highlighter.clock.in_time():
        return None
    if not letters:
        return highlighter.columns([], NOWHERE, NOWHERE, "body", positions, forms)
    if parts is not None and not _is_worthwhile(highlighter, positions, len(docs)):
        return None
    segment, local = reader.resolve(doc)
    text = texts.get((segment.name, local, len(docs)), lambda: _text(bodies, parts))
    found = text.words_with(letters)
    if parts is not None and (text.count, found.length) != (len(docs), parts.length):
        return None  # the index is damaged
    return highlighter.columns(found.words, found.numbers, found.offsets, "body", positions, forms)


def _is_worthwhile(highlighter: Highlighter, positions: Mapping[WordMatcher, Array], docs: int) -> bool:
    """Tell whether the text of a work of some documents is to be prepared, rather than the parts read that may match."""
    targets = (target for target in highlighter.targets if target.reads("body"))
    matches = sum(min(len(positions[matcher]) for matcher in target.matchers) for target in targets)
    return _WORTHWHILE * matches >= docs


class _Parts(NamedTuple):
    """The head of a work and its parts in order, the characters between their bodies, and those of the whole text."""

    docs: Array
    id: str
    gap: int
    length: int


def _parts_of(reader: IndexReader, doc: int) -> _Parts | None:
    """Return the documents of the work that a document is the head of, `None` for another document."""
    if not reader.has_works or reader.numbers(EDITION)[doc] <= 0:
        return None
    head = reader.article(doc)
    figures = split_head(head)
    docs = reader.with_parts(np.array([doc]))
    if figures is None:
        return None
    return _Parts(docs, head.id, 0 if figures["cut"] else _GAP, figures["length"])


def _text(bodies: Sequence[Bodies], parts: _Parts | None) -> LongText:
    """Return the prepared text of the bodies; an empty one if the parts of a work are not in order."""
    if parts is not None:
        ids = [parts.id, *part_ids(parts.id, len(parts.docs) - 1)]
        stored = [id for own in bodies for id in own.segment.stored.ids.views(own.docs)]
        if [*map(bytes, stored)] != [*map(str.encode, ids)]:
            return long_text(())
    # A damaged text gives fewer words than expected, is read as a whole, and then reported.
    articles = [article for own in bodies for article in own.segment.stored.encoded(own.docs)]
    return long_text(articles, 0 if parts is None else parts.gap)


def _common_parts(words: Iterable[str], in_time: Callable[[], bool]) -> list[str] | None:
    """Return few strings, one of which each word contains; `None` if they would be many, or are not found in time.

    Each is the part of the shortest word left that most of the other words contain, of three letters at least.
    """
    left = sorted(set(words), key=lambda word: (len(word), word))  # one order, whatever that of the set is
    parts: list[str] = []
    while left:
        shortest = left[0]
        if not shortest or len(parts) == _MOST_PARTS or not in_time():
            return None
        candidates = [
            shortest[start : start + size]
            for size in range(len(shortest), _SHORTEST_PART - 1, -1)
            for start in range(len(shortest) - size + 1)
        ] or [shortest]
        part = max(
            candidates, key=lambda one: sum(one in word for word in left)
        )  # of equals the longest, which is first
        parts.append(part)
        left = [word for word in left if part not in word]
    return parts
