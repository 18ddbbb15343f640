"""The passages of a text that show best why it was found.

Passages are chosen in three steps, each bounded: windows around the occurrences are scored (distinct targets first,
then closeness, strictness, and a little for standing early), the best are grown to sentence or word ends, and those
that meet are joined.
Text wins over page furniture: furniture is shown only if nothing else matches.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, MutableMapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from arsearch.model import Level, Passage, Snippet, Span
from arsearch.snippets.boilerplate import Boilerplate
from arsearch.snippets.highlighter import Highlighter, WordAnalyzer
from arsearch.snippets.occurrences import Matches
from arsearch.snippets.sentences import ends_sentence, letter_edge, sentence_ends, skip_space, word_end, word_start

if TYPE_CHECKING:
    from arsearch.analyzers.tokens import Form
    from arsearch.snippets.targets import HighlightTarget

__all__ = ["LENGTH", "PASSAGES", "choose_passages", "make_snippet", "snippet_of"]

LENGTH = 240
"""Characters of all passages together; about three lines."""

PASSAGES = 2
"""Passages of a snippet at most."""

WORD_LIMIT = 1_000
"""Characters of the longest written word that a passage is built around; longer ones are no words."""

CONSIDERED = 2_000
"""Occurrences weighed at most, shared evenly between the targets; the earliest of each.

Of a phrase too long to be shown whole each word counts as one.
"""

ANOTHER = 0.1
"""Share of all there is to show that dividing the length once more must add."""

SHORTEST = 60
"""Characters of the shortest passage worth having: below it the length is not divided further."""

STRICT_STEP = 0.05  # what one level stricter adds to a target's worth
REPEAT = 0.04  # what seeing a target again adds, for up to three times
CLOSE = 0.25  # what all words in one place add, against the ends of a window
_STRICTNESS = [1 - STRICT_STEP * (Level.VOCALISED - level) for level in range(Level.VOCALISED + 1)]
EARLY = 0.1  # what standing at the very beginning adds, against far away
HALFWAY = 2_000  # characters from the beginning at which half of that is lost
_MOST = 512  # pieces that a window may show; no text to be read has so many, but phrases can be made to


def make_snippet(
    text: str,
    field: str,
    targets: Iterable[HighlightTarget],
    analyzer: WordAnalyzer,
    *,
    length: int = LENGTH,
    passages: int = PASSAGES,
    forms: MutableMapping[str, Form] | None = None,
) -> Snippet:
    """The best passages of `text`, with the matches in them marked; its beginning if nothing matches.

    At most `passages` passages of `length` characters altogether; only a single written word longer than that may
    exceed it.
    For many texts of one search, make one `Highlighter` and call `snippet_of`.
    """
    return snippet_of(text, field, Highlighter(targets, analyzer, forms=forms), length=length, passages=passages)


def snippet_of(
    text: str,
    field: str,
    highlighter: Highlighter,
    *,
    length: int = LENGTH,
    passages: int = PASSAGES,
    matches: Matches | None = None,
) -> Snippet:
    """As `make_snippet`, with a highlighter that is used again and again.

    `matches` are the highlighter's own for this text, if they were asked for already: their `level` is that of all
    matches, not only of those shown.
    """
    if matches is None:
        matches = highlighter.matches_for_snippet(text, field)
    chosen = choose_passages(text, matches, highlighter.targets, length=length, passages=passages)
    spans = matches.spans(field)
    shown: list[Span] = []
    for passage in chosen:
        first = bisect_left(spans, passage.start, key=lambda span: span.start)
        last = bisect_right(spans, passage.end, key=lambda span: span.end)
        shown += spans[first:last]
    return Snippet(field, text, chosen, tuple(shown))


def choose_passages(
    text: str, matches: Matches, targets: Sequence[HighlightTarget], *, length: int = LENGTH, passages: int = PASSAGES
) -> tuple[Passage, ...]:
    """The passages to show, in text order, disjoint, none splitting a matched word; none if the text is blank.

    Raises `ValueError` if `length` or `passages` is below 1.
    """
    if length < 1 or passages < 1:
        raise ValueError(f"length {length} and passages {passages} must be at least 1")
    furniture = Boilerplate(text, matches.read)
    pieces = _pieces(matches, targets, length)
    pieces = [piece for piece in pieces if piece.start not in furniture] or pieces
    if not pieces:
        return _beginning(text, length, furniture.end)
    cores = _cores(pieces, length, passages)
    high = matches.read
    if all(core.end <= furniture.end for core in cores):
        high = min(high, furniture.end)
    return _grown(_Ground(text, 0, high, high in (len(text), furniture.end)), cores, length)


class _Piece(NamedTuple):
    """An occurrence as it is weighed: its extent, what it stands for, and its worth."""

    start: int
    end: int
    key: tuple[int, int]  # target, and which of its words if the phrase is too long to be shown whole
    worth: float


class _Core(NamedTuple):
    """The stretch of a window that its pieces cover, what it shows, and how good it is."""

    start: int
    end: int
    keys: frozenset[tuple[int, int]]
    score: float


def _pieces(matches: Matches, targets: Sequence[HighlightTarget], length: int) -> list[_Piece]:
    share = max(50, CONSIDERED // max(1, len(targets)))
    counts = [0] * len(targets)
    pieces: list[_Piece] = []
    for number, words in matches.occurrences:
        if counts[number] >= share:
            continue
        weight, start, end = targets[number].weight, words[0][0], words[-1][1]
        if end - start <= length:
            counts[number] += 1
            level = words[0][2] if len(words) == 1 else min([word[2] for word in words])
            pieces.append(_Piece(start, end, (number, -1), weight * _STRICTNESS[level]))
            continue
        for part, (start, end, level) in enumerate(words[: share - counts[number]]):
            counts[number] += 1
            if end - start <= WORD_LIMIT:
                pieces.append(_Piece(start, end, (number, part), weight * _STRICTNESS[level] / len(words)))
    pieces.sort()
    return pieces


def _cores(pieces: list[_Piece], length: int, passages: int) -> list[_Core]:
    """The fewest windows that together show the most, best first."""
    worth: dict[tuple[int, int], float] = {}
    for piece in pieces:
        worth[piece.key] = max(worth.get(piece.key, 0.0), piece.worth)
    total = sum(worth.values())
    best: list[_Core] = []
    best_shown = 0.0
    for count in range(1, passages + 1):
        size = length // count
        if count > 1 and (size < SHORTEST or best_shown > (1 - ANOTHER / 2) * total):
            break  # as much as is left cannot be enough
        chosen = _cover(_windows(pieces, size, alone=count == 1), worth, count)
        shown = sum(worth[key] for key in frozenset[tuple[int, int]]().union(*(core.keys for core in chosen)))
        if not best or shown > best_shown + ANOTHER * total:
            best, best_shown = chosen, shown
    return best


def _cover(windows: list[_Core], worth: dict[tuple[int, int], float], count: int) -> list[_Core]:
    """Up to `count` windows, each the best given those before it, each showing something new."""
    if not windows:
        return []
    chosen = [max(windows, key=lambda w: (w.score, -w.start))]
    shown = set(chosen[0].keys)
    while len(chosen) < count:
        windows = [window for window in windows if not window.keys <= shown]
        if not windows:
            break
        chosen.append(max(windows, key=lambda w: (w.score - sum(worth[k] for k in w.keys if k in shown), -w.start)))
        shown |= chosen[-1].keys
    return chosen


def _windows(pieces: list[_Piece], size: int, *, alone: bool) -> list[_Core]:
    """For each piece the window that begins with it; pieces longer than `size` get one only if `alone`."""
    windows: list[_Core] = []
    beyond = 0
    for number, (first, end, key, worth) in enumerate(pieces):
        limit = first + size
        if (end > limit and not alone) or (number and pieces[number - 1][0] == first):  # that one's window has it too
            continue
        while beyond < len(pieces) and pieces[beyond][0] <= limit:
            beyond += 1
        if beyond == number + 1:
            windows.append(_Core(first, end, frozenset((key,)), worth + EARLY * worth * HALFWAY / (HALFWAY + first)))
            continue
        gains = {key: worth}
        repeats: dict[tuple[int, int], int] = {}
        for _, last, key, worth in pieces[number + 1 : min(beyond, number + _MOST)]:
            if last > limit:
                continue
            if last > end:
                end = last
            if key not in gains:
                gains[key] = worth
                continue
            repeats[key] = repeats.get(key, 0) + 1
            if worth > gains[key]:
                gains[key] = worth
        most = max(gains.values())
        score = sum(gains.values())
        if repeats:
            score += sum(REPEAT * min(3, again) * gains[key] for key, again in repeats.items())
        if len(gains) > 1:
            score += CLOSE * most * (1 - min(1.0, (end - first) / (size + 1)))
        score += EARLY * most * HALFWAY / (HALFWAY + first)
        windows.append(_Core(first, end, frozenset(gains), score))
    return windows


class _Ground(NamedTuple):
    """The stretch of a text that a passage may take, and whether its end is as good as a sentence's."""

    text: str
    low: int
    high: int
    ends_sentence: bool


def _beginning(text: str, length: int, high: int) -> tuple[Passage, ...]:
    start = skip_space(text, 0, len(text))
    if start == len(text):
        return ()
    high = high if high > start else len(text)
    passage = _grow(_Ground(text, start, high, ends_sentence=True), start, start, length)
    if passage.end == start:  # its first word is longer than the passage
        passage = Passage(start, letter_edge(text, start, min(start + length, len(text))))
    return (passage,)


def _grown(ground: _Ground, cores: list[_Core], length: int) -> tuple[Passage, ...]:
    """The cores, best first, grown one after the other; those that meet become one."""
    stretches = _joined(ground.text, [Passage(core.start, core.end) for core in cores], length)
    order = sorted(stretches, key=lambda s: min(n for n, core in enumerate(cores) if s.start <= core.start <= s.end))
    done: list[Passage] = []
    for number, stretch in enumerate(order):
        others = done + order[number + 1 :]
        low = max((other.end for other in others if other.end <= stretch.start), default=ground.low)
        high = min((other.start for other in others if other.start >= stretch.end), default=ground.high)
        room = length - sum(passage.end - passage.start for passage in done)
        kept = sum(other.end - other.start for other in order[number + 1 :])
        here = ground._replace(low=low, high=high, ends_sentence=ground.ends_sentence and high == ground.high)
        done.append(_grow(here, stretch.start, stretch.end, min(room // (len(order) - number), room - kept)))
    joined = _joined(ground.text, done, length)
    if len(joined) == 1 < len(done):
        joined = [_grow(ground, joined[0].start, joined[0].end, length)]
    return tuple(joined)


def _joined(text: str, passages: list[Passage], length: int) -> list[Passage]:
    """The passages in text order, those that overlap or have only white space between them joined."""
    joined: list[Passage] = []
    for passage in sorted(passages):
        last = joined[-1] if joined else None
        if last and (
            passage.start <= last.end
            or (passage.end - last.start <= length and not text[last.end : passage.start].strip())
        ):
            joined[-1] = Passage(last.start, max(last.end, passage.end))
        else:
            joined.append(passage)
    return joined


def _grow(ground: _Ground, start: int, end: int, size: int) -> Passage:
    """The passage of at most `size` characters around `[start, end)` that is cut best.

    From a sentence's beginning to a sentence's end if that fits, else from a sentence's beginning, else up to
    a sentence's end, else between words with a third of the room before. Whole sentences that would leave it
    half empty are followed by a part of the next.
    """
    text, low, high, _ = ground
    if end - start >= size:
        return Passage(start, end)
    left, right = max(low, end - size), min(high, start + size)
    ends = sentence_ends(text, max(0, left - 16), right)
    begins = [at for at in (skip_space(text, at, start) for at in ends if at <= start) if at >= left]
    if left == 0 or (left == low and low == start):
        begins.insert(0, skip_space(text, left, start))
    stops = [at for at in ends if at >= end and at > start]
    if right == high and ground.ends_sentence:
        stops.append(word_end(text, end, high))
    if begins:
        begin = begins[-1]
        stops = [at for at in stops if at - begin <= size]
        if not stops:
            return Passage(begin, word_end(text, end, min(high, begin + size)))
        if len(stops) > 1 and stops[-1] < high and _is_heading(text, stops[-2], stops[-1]):
            stops.pop()
        stop = stops[-1]
        begin = min(at for at in begins if stop - at <= size)
        if stop - begin < size // 2:
            stop = word_end(text, stop, min(high, begin + size))
        if stop - begin < size // 2:
            begin = word_start(text, max(low, stop - size), begin)
        return Passage(begin, stop)
    if stops:
        stop = stops[0]
        return Passage(word_start(text, max(low, stop - size), start), stop)
    begin = word_start(text, max(low, start - (size - (end - start)) // 3), start)
    return Passage(begin, word_end(text, end, min(high, begin + size)))


def _is_heading(text: str, before: int, end: int) -> bool:
    """True if a line that ends no sentence stands between `before`, where one ends, and `end`."""
    return ends_sentence(text, before) and not ends_sentence(text, end)
