"""Find the occurrences of a query in a long stored text without reading all of its words: a body, or a work in parts.

The index knows how often each term occurs in a body, and at which positions. The words are therefore looked for as bytes
(`long_text`), and only the places that are found are analysed. If they are as many as the index says, they are all of them, and
the n-th place has the n-th position. Otherwise nothing is known, and the text must be read as a whole: words joined with others,
rare characters and numbers are why.

The bodies of a work are one text here, and their positions follow each other, too far apart for a phrase across two parts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.ranges import distinct
from arsearch.index.matching.fuzzy import terms_within
from arsearch.index.matching.long_text import LongText, folded
from arsearch.index.matching.text_cache import TextCache, long_text
from arsearch.index.matching.wildcard import matching_terms
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.places import part_id, split_head
from arsearch.model.schema import EDITION, NORMALISED
from arsearch.snippets import Highlighter
from arsearch.snippets.columns import MatchColumns
from arsearch.snippets.fuzzy import FuzzyMatcher
from arsearch.snippets.targets import PatternMatcher, WordMatcher, candidate_forms

__all__ = ["known_occurrences"]

_SHORTEST_PART = 3  # letters
_MOST_PARTS = 128
_MOST_FORMS = 2_000
"""The forms of a pattern at most: looking up more of them costs as much as reading the text."""

_BETWEEN_BODIES = 1 << 24
"""The positions between the bodies of a work, more than the slop of any phrase."""

_WORTHWHILE = 8
"""The most documents of a work for each match; a work with fewer matches is not prepared."""

_GAP = 2
"""The characters between the bodies of parts that were not cut from one text."""


def known_occurrences(
    reader: IndexReader, doc: int, highlighter: Highlighter, texts: TextCache, *, whole: bool = False
) -> MatchColumns | None:
    """Return the matches of a highlighter's targets in the body of a document; `None` if the text must be read as a whole.

    After the highlighter's deadline the result is `None` too. If `whole`, and the document is the head of a work, the
    matches are those in the text of the work.
    """
    parts = _parts_of(reader, doc) if whole else None
    docs = np.array([doc]) if parts is None else parts.docs
    runs = _runs(reader, docs)
    forms, positions = _expected(runs, highlighter.matchers("body"), highlighter.clock.in_time)
    if forms is None:
        return None
    letters = _common_parts(map(folded, forms), highlighter.clock.in_time)
    if letters is None or not highlighter.clock.in_time():
        return None
    if not letters:
        return highlighter.columns([], _NOWHERE, _NOWHERE, "body", positions)
    segment, local = reader.resolve(doc)
    key = segment.name, local, len(docs)
    if parts is not None and not _is_prepared(highlighter, positions, len(docs), lambda: texts.is_wanted(key)):
        return None
    text = texts.get(key, lambda: _text(runs, parts))
    found = text.words_with(letters)
    if parts is not None and (text.count, found.length) != (len(docs), parts.length):
        return None  # the index is damaged
    return highlighter.columns(found.words, found.numbers, found.offsets, "body", positions)


def _is_prepared(
    highlighter: Highlighter, positions: Mapping[WordMatcher, Array], docs: int, is_wanted: Callable[[], bool]
) -> bool:
    """Tell whether the text of a work of some documents is to be prepared, rather than the parts read that may match.

    If few parts match, reading them costs less; if more do, only the first call does.
    """
    targets = (target for target in highlighter.targets if target.reads("body"))
    matches = sum(min(len(positions[matcher]) for matcher in target.matchers) for target in targets)
    return matches >= docs or (_WORTHWHILE * matches >= docs and is_wanted())


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


class _Run(NamedTuple):
    """Documents of one segment, in ascending order, and for each the position of its first word in the whole text."""

    segment: SegmentReader
    docs: Array
    firsts: Array

    def positions(self, postings: Postings, form: str) -> Array:
        """Return the positions of a normalised term in the bodies, in rising order."""
        ordinal = postings.terms.find(form)
        if ordinal < 0:
            return _NOWHERE
        docs, freqs = postings.postings(ordinal)
        low, high = np.searchsorted(docs, np.array((self.docs[0], self.docs[-1] + 1), docs.dtype))
        places = np.arange(low, high)
        own = np.searchsorted(self.docs, docs[low:high])
        inside = self.docs[own] == docs[low:high]
        if not inside.all():
            places, own = places[inside], own[inside]
        if not len(places):
            return _NOWHERE
        counts, positions = postings.positions_at(ordinal, freqs, places)
        rising: Array = positions + np.repeat(self.firsts[own], counts)
        return rising


_NOWHERE = np.empty(0, np.int64)


def _runs(reader: IndexReader, docs: Array) -> list[_Run]:
    """Return the documents by segment; `docs` rise."""
    runs, first = [], 0
    for segment, low, high in zip(reader.segments, reader.bases[:-1], reader.bases[1:], strict=True):
        own = docs[(docs >= low) & (docs < high)] - low
        if len(own):
            widths = segment.lengths("body")[own].astype(np.int64) + _BETWEEN_BODIES
            runs.append(_Run(segment, own, first + np.cumsum(widths) - widths))
            first += int(widths.sum())
    return runs


def _text(runs: Sequence[_Run], parts: _Parts | None) -> LongText:
    """Return the prepared text of the bodies; an empty one if the parts of a work are not in order."""
    places = [(run.segment, doc) for run in runs for doc in run.docs.tolist()]
    if parts is not None:
        ids = [parts.id, *(part_id(parts.id, number) for number in range(1, len(places)))]
        if [segment.id(doc) for segment, doc in places] != ids:
            return long_text(())
    # A damaged text gives fewer words than expected, is read as a whole, and then reported.
    raws = [segment.stored.raw(doc) for segment, doc in places]
    return long_text([memoryview(raw)[raw.find(b"\n") + 1 :] for raw in raws], 0 if parts is None else parts.gap)


def _expected(
    runs: Sequence[_Run], matchers: Iterable[WordMatcher], in_time: Callable[[], bool]
) -> tuple[set[str] | None, dict[WordMatcher, Array]]:
    """Return the normalised terms of the bodies that any matcher matches, and the positions of each matcher.

    The terms are `None` if they cannot be listed in time, or are not of Arabic letters alone.
    """
    forms: set[str] = set()
    positions: dict[WordMatcher, Array] = {}
    for matcher in matchers:
        found: list[Array] = []
        for run in runs:
            postings = run.segment.postings("body", NORMALISED)
            if postings is None:  # no document of the segment has a body
                continue
            candidates = _candidates(run.segment, postings, matcher) if in_time() else None
            if candidates is None:
                return None, {}
            for form in candidates:
                places = run.positions(postings, form)
                if len(places):
                    found.append(places)
                    forms.add(form)
        positions[matcher] = distinct(np.concatenate(found)) if found else _NOWHERE
    is_plain = all("ء" <= letter <= "ي" for form in forms for letter in form)
    return forms if is_plain else None, positions


def _candidates(segment: SegmentReader, postings: Postings, matcher: WordMatcher) -> set[str] | None:
    """Return every normalised term of a segment's bodies that a matcher may match; `None` if they cannot be listed."""

    def spellings(stems: Collection[str]) -> set[str]:
        return {form for forms in segment.spellings([*stems], "body") for form in forms}

    def fitting(matcher: WordMatcher) -> list[str] | None:
        match matcher:
            case PatternMatcher(pattern):
                ordinals = matching_terms(postings.terms, pattern)
            case FuzzyMatcher(word, distance):
                ordinals = terms_within(postings.terms, word, distance)
            case _:
                return None
        return None if len(ordinals) > _MOST_FORMS else [postings.terms[ordinal] for ordinal in ordinals.tolist()]

    return candidate_forms([matcher], spellings, fitting)


def _common_parts(words: Iterable[str], in_time: Callable[[], bool]) -> list[str] | None:
    """Return few strings, one of which each word contains; `None` if they would be many, or are not found in time.

    Each is the part of the shortest word left that most of the other words contain, of three letters at least.
    """
    left = sorted(set(words), key=len)
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
