"""Choose passages from the candidates of all articles: the best ones, neighbours merged, near-duplicates once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from arsearch.snippets.sentences import sentence_ends, skip_space

__all__ = ["Candidate", "add_overlap", "choose"]

SAME = 0.7
"""The share of the word triples of the shorter of two near-duplicates that the other has too."""

MERGED = 1.5
"""The length of merged neighbours at most, in passages."""


class Candidate(NamedTuple):
    """The passage `[start, end)` of the body of an article, given by its number, and its score."""

    article: int
    start: int
    end: int
    score: float


def choose(
    candidates: Iterable[Candidate],
    bodies: Sequence[str],
    limit: int,
    size: int,
    in_time: Callable[[], bool] = lambda: True,
) -> list[Candidate]:
    """Return the best `limit` candidates by falling score; equal ones in order of articles and of the text.

    A candidate that touches or overlaps a better one of its article is merged with it, unless both together are longer
    than `MERGED` passages. A near-duplicate of a better one is left out. Once `in_time` returns `False`, so are all
    but the first.
    """
    chosen: list[Candidate] = []
    triples: list[set[tuple[str, ...]]] = []
    longest = int(MERGED * size)
    for one in sorted(candidates, key=lambda one: (-one.score, one.article, one.start)):
        near = next((at for at, other in enumerate(chosen) if _touches(one, other, bodies, longest)), None)
        if near is not None:
            other = chosen[near]
            one = Candidate(one.article, min(one.start, other.start), max(one.end, other.end), other.score)
            chosen[near], triples[near] = one, _triples(bodies[one.article][one.start : one.end])
            continue
        own = _triples(bodies[one.article][one.start : one.end])
        if any(_is_same(own, other) for other in triples):
            continue
        if len(chosen) == limit or (chosen and not in_time()):
            break
        chosen.append(one)
        triples.append(own)
    return chosen


def add_overlap(chosen: Sequence[Candidate], bodies: Sequence[str], overlap: int) -> list[Candidate]:
    """Return the passages, each with the last whole sentences of the passage right before it, up to `overlap` in all."""
    if not overlap:
        return list(chosen)
    return [_with_overlap(one, chosen, bodies[one.article], overlap) for one in chosen]


def _with_overlap(one: Candidate, chosen: Sequence[Candidate], body: str, overlap: int) -> Candidate:
    for other in chosen:
        if other.article == one.article and other.end <= one.start and not body[other.end : one.start].strip():
            low = max(other.start, one.start - overlap)
            starts = (skip_space(body, at, one.start) for at in sentence_ends(body, other.start, other.end))
            if low == other.start:
                return one._replace(start=low)
            return one._replace(start=min((at for at in starts if at >= low), default=one.start))
    return one


def _touches(one: Candidate, other: Candidate, bodies: Sequence[str], longest: int) -> bool:
    if one.article != other.article or max(one.end, other.end) - min(one.start, other.start) > longest:
        return False
    first, second = sorted((one, other), key=lambda candidate: candidate.start)
    return second.start <= first.end or not bodies[one.article][first.end : second.start].strip()


def _triples(text: str) -> set[tuple[str, ...]]:
    """Return the runs of three words of a text; the whole of a shorter one."""
    words = text.split()
    return set(zip(words, words[1:], words[2:], strict=False)) or {tuple(words)}


def _is_same(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> bool:
    return len(one & other) >= SAME * min(len(one), len(other))
