"""Find the occurrences of a query in one long stored body without reading all of its words.

The index knows how often each term occurs in the body, and at which positions. The words are therefore looked for as bytes
(`long_text`), and only the places that are found are analysed. If they are as many as the index says, they are all of them, and
the n-th place has the n-th position. Otherwise nothing is known, and the text must be read as a whole: words joined with others,
rare characters and numbers are why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.matching.fuzzy import terms_within
from arsearch.index.matching.long_text import TextCache, encode_word
from arsearch.index.matching.wildcard import matching_terms
from arsearch.index.reader.segment import SegmentReader
from arsearch.model.schema import NORMALISED
from arsearch.snippets import Highlighter
from arsearch.snippets.columns import MatchColumns
from arsearch.snippets.fuzzy import FuzzyMatcher
from arsearch.snippets.targets import PatternMatcher, WordMatcher, candidate_forms

__all__ = ["known_occurrences"]

_SHORTEST_PART = 3  # letters
_MOST_PARTS = 128
_MOST_FORMS = 2_000
"""The forms of a pattern at most: looking up more of them costs as much as reading the text."""


def known_occurrences(
    segment: SegmentReader, doc: int, highlighter: Highlighter, texts: TextCache
) -> MatchColumns | None:
    """Return the matches of a highlighter's targets in the body of a document; `None` if the text must be read as a whole."""
    forms, positions = _expected(segment, doc, highlighter.matchers("body"))
    if forms is None:
        return None
    parts = _parts(encode_word(form) for form in forms)
    if parts is None:
        return None
    if not parts:
        return highlighter.columns([], np.empty(0, np.int64), "body", positions)
    body = texts.get((segment.name, doc), lambda: _body(segment, doc))
    starts, ends = body.words_with(parts)
    text = body.text
    regions = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    return highlighter.columns(regions, starts, "body", positions)


def _body(segment: SegmentReader, doc: int) -> str:
    # A damaged text gives fewer words than expected, is read as a whole, and then reported.
    raw = segment.stored.raw(doc)
    return str(memoryview(raw)[raw.find(b"\n") + 1 :], "utf-8", "replace")


def _expected(
    segment: SegmentReader, doc: int, matchers: Iterable[WordMatcher]
) -> tuple[set[str] | None, dict[WordMatcher, Array]]:
    """Return the normalised terms of the body that any matcher matches, and the positions of each matcher.

    The terms are `None` if they cannot be listed, or are not of Arabic letters alone.
    """
    postings = segment.postings("body", NORMALISED)
    forms: set[str] = set()
    positions: dict[WordMatcher, Array] = {}

    def spellings(stems: Collection[str]) -> set[str]:
        return {form for stem in stems for form in segment.spellings(stem, "body")}

    def fitting(matcher: WordMatcher) -> list[str] | None:
        if postings is None:
            return None
        match matcher:
            case PatternMatcher(pattern):
                ordinals = matching_terms(postings.terms, pattern)
            case FuzzyMatcher(word, distance):
                ordinals = terms_within(postings.terms, word, distance)
            case _:
                return None
        return None if len(ordinals) > _MOST_FORMS else [postings.terms[ordinal] for ordinal in ordinals.tolist()]

    for matcher in matchers:
        candidates = candidate_forms([matcher], spellings, fitting)
        if candidates is None or postings is None:
            return None, {}
        found: list[Array] = []
        for form in candidates:
            ordinal = postings.terms.find(form)
            if ordinal < 0:
                continue
            docs, freqs = postings.postings(ordinal)
            place = int(np.searchsorted(docs, doc))
            if place < len(docs) and docs[place] == doc:
                found.append(postings.positions_at(ordinal, freqs, np.array([place]))[1])
                forms.add(form)
        positions[matcher] = np.unique(np.concatenate(found)).astype(np.int64) if found else np.empty(0, np.int64)
    is_plain = all("ء" <= letter <= "ي" for form in forms for letter in form)
    return forms if is_plain else None, positions


def _parts(words: Iterable[bytes]) -> list[bytes] | None:
    """Return few byte strings, one of which each word contains; `None` if they would be many.

    Each is the part of the shortest word left that most of the other words contain, of three letters at least.
    """
    left = sorted(set(words), key=len)
    parts: list[bytes] = []
    while left:
        shortest = left[0]
        if not shortest or len(parts) == _MOST_PARTS:
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
