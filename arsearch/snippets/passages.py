"""The passages that show best why a text matches, and the snippet made of them.

The best windows around the matches are expanded to sentence or word ends, and passages that touch are merged.
Boilerplate is shown only if nothing else matches. A text without a match is shown from its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from arsearch.model import Fragment, Snippet, Span
from arsearch.snippets.boilerplate import Boilerplate, patterns
from arsearch.snippets.highlighter import Highlighter
from arsearch.snippets.occurrences import TextMatches
from arsearch.snippets.sentences import (
    ends_sentence,
    is_abbreviation,
    letter_edge,
    sentence_ends,
    skip_space,
    word_end,
    word_start,
)
from arsearch.snippets.windows import choose_windows

if TYPE_CHECKING:
    from arsearch.analyzers.tokens import Form
    from arsearch.snippets.targets import HighlightTarget, WordAnalyzer

__all__ = ["LENGTH", "PASSAGES", "choose_passages", "find_spans", "make_snippet", "mark_all", "snippet_of"]

LENGTH = 240
"""Characters of all passages together; about three lines."""

PASSAGES = 2
"""Passages of a snippet at most."""


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
    """Return the best passages of `text` with their matches highlighted; its beginning if nothing matches.

    There are at most `passages` passages with at most `length` characters together, unless a single written word is
    longer. For many texts of one search, make one `Highlighter` and call `snippet_of`.
    """
    return snippet_of(text, field, Highlighter(targets, analyzer, forms=forms), length=length, passages=passages)


def find_spans(
    text: str,
    field: str,
    targets: Iterable[HighlightTarget],
    analyzer: WordAnalyzer,
    *,
    forms: MutableMapping[str, Form] | None = None,
) -> list[Span]:
    """Return a span for every written word of `text` that matches, at its strictest level; sorted and disjoint."""
    return Highlighter(targets, analyzer, forms=forms).find_spans(text, field)


def mark_all(
    text: str,
    field: str,
    targets: Iterable[HighlightTarget],
    analyzer: WordAnalyzer,
    *,
    forms: MutableMapping[str, Form] | None = None,
) -> Snippet:
    """Highlight the whole of `text` as one passage; see `Highlighter.mark_all`."""
    return Highlighter(targets, analyzer, forms=forms).mark_all(text, field)


def snippet_of(
    text: str,
    field: str,
    highlighter: Highlighter,
    *,
    length: int = LENGTH,
    passages: int = PASSAGES,
    matches: TextMatches | None = None,
) -> Snippet:
    """Return the snippet that `make_snippet` makes, with a highlighter that serves many texts.

    `matches` are the highlighter's matches in this text, for a caller that needs them too: `matches.level` covers all
    matches of the text, not only those that the snippet shows.
    """
    if matches is None:
        matches = highlighter.matches_for_snippet(text, field)
    extension = highlighter.extension
    chosen = choose_passages(text, matches, highlighter.targets, length=length, passages=passages, extension=extension)
    return Snippet(field, text, chosen, tuple(matches.spans_in(chosen, field)))


def choose_passages(
    text: str,
    matches: TextMatches,
    targets: Sequence[HighlightTarget],
    *,
    length: int = LENGTH,
    passages: int = PASSAGES,
    extension: ModuleType | None = None,
) -> tuple[Fragment, ...]:
    """Return the passages to show, in text order and disjoint; none if the text is blank.

    No passage begins or ends inside a matched word. The compiled `extension` finds them faster. Raises
    `ValueError` if `length` or `passages` is below 1.
    """
    if length < 1 or passages < 1:
        raise ValueError(f"length {length} and passages {passages} must be at least 1")
    if extension is not None and isinstance(matches, extension.Matches):
        weights = tuple([target.weight for target in targets])
        found = extension.passages(text, matches, weights, length, passages, *patterns(), is_abbreviation)
        if type(found) is tuple:
            return tuple([Fragment(*passage) for passage in found])
        if found:
            high = matches.read
            return _expand_all(_Bounds(text, 0, high, high == len(text), extension), found, length)
    boilerplate = Boilerplate(text, matches.read, extension)
    windows = choose_windows(matches, targets, boilerplate, length, passages, extension)
    if not windows:
        return _lead(text, length, boilerplate.end, extension)
    high = matches.read
    if all(end <= boilerplate.end for _, end in windows):
        high = min(high, boilerplate.end)
    return _expand_all(_Bounds(text, 0, high, high in (len(text), boilerplate.end), extension), windows, length)


class _Bounds(NamedTuple):
    """The part of a text that a passage may take up, and whether its end is as good as the end of a sentence.

    `extension` is the compiled extension, or `None`.
    """

    text: str
    low: int
    high: int
    ends_sentence: bool
    extension: ModuleType | None

    def between(self, passage: Fragment, others: list[Fragment]) -> _Bounds:
        """Return the bounds of a passage that must not overlap `others`."""
        low = max((other.end for other in others if other.end <= passage.start), default=self.low)
        high = min((other.start for other in others if other.start >= passage.end), default=self.high)
        return self._replace(low=low, high=high, ends_sentence=self.ends_sentence and high == self.high)


def _lead(text: str, length: int, high: int, extension: ModuleType | None) -> tuple[Fragment, ...]:
    """Return the beginning of the text, up to `high` if any of the text precedes it."""
    start = skip_space(text, 0, len(text))
    if start == len(text):
        return ()
    high = high if high > start else len(text)
    passage = _expand(_Bounds(text, start, high, ends_sentence=True, extension=extension), start, start, length)
    if passage.end == start:  # its first word is longer than the passage
        passage = Fragment(start, letter_edge(text, start, min(start + length, len(text))))
    return (passage,)


def _expand_all(bounds: _Bounds, windows: list[tuple[int, int]], length: int) -> tuple[Fragment, ...]:
    """Expand the windows to passages, best first, and merge those that touch."""
    if len(windows) == 1:
        return (_expand(bounds, *windows[0], length),)
    pending = _merge(bounds.text, [Fragment(*window) for window in windows], length)
    pending.sort(key=lambda p: next(n for n, (start, _) in enumerate(windows) if p.start <= start <= p.end))
    done: list[Fragment] = []
    while pending:
        passage = pending.pop(0)
        free = length - _total(done)
        size = min(free // (len(pending) + 1), free - _total(pending))
        done.append(_expand(bounds.between(passage, done + pending), passage.start, passage.end, size))
    merged = _merge(bounds.text, done, length)
    if len(merged) == 1 < len(done):
        merged = [_expand(bounds, merged[0].start, merged[0].end, length)]
    return tuple(merged)


def _total(passages: list[Fragment]) -> int:
    return sum(passage.end - passage.start for passage in passages)


def _merge(text: str, passages: list[Fragment], length: int) -> list[Fragment]:
    """Return the passages in text order, with those merged that overlap or have only white space between them."""
    merged: list[Fragment] = []
    for passage in sorted(passages):
        last = merged[-1] if merged else None
        if last and (
            passage.start <= last.end
            or (passage.end - last.start <= length and not text[last.end : passage.start].strip())
        ):
            merged[-1] = Fragment(last.start, max(last.end, passage.end))
        else:
            merged.append(passage)
    return merged


def _expand(bounds: _Bounds, start: int, end: int, size: int) -> Fragment:
    """Return the best passage of at most `size` characters around `[start, end)`.

    It extends from the beginning of a sentence to the end of one if that fits, else from the beginning of a sentence,
    else to the end of one, else from word to word with a third of the free characters before `start`.
    """
    if end - start >= size:
        return Fragment(start, end)
    text, low, high, ends, _ = bounds
    if bounds.extension is not None:
        return Fragment(*bounds.extension.expand(text, low, high, ends, start, end, size, is_abbreviation))
    begins, stops = _sentence_edges(bounds, start, end, size)
    if begins:
        return _from_sentence(bounds, end, size, begins, stops)
    if stops:
        return Fragment(word_start(text, max(low, stops[0] - size), start), stops[0])
    begin = word_start(text, max(low, start - (size - (end - start)) // 3), start)
    return Fragment(begin, word_end(text, end, min(high, begin + size)))


def _sentence_edges(bounds: _Bounds, start: int, end: int, size: int) -> tuple[list[int], list[int]]:
    """Return the offsets up to `start` at which a sentence begins, and those from `end` on at which one ends.

    All are increasing, and at most `size` characters from the other side of `[start, end)`.
    """
    text, low, high, ends_sentence, _ = bounds
    left, right = max(low, end - size), min(high, start + size)
    ends = sentence_ends(text, max(0, left - 16), right)
    begins = [at for at in (skip_space(text, at, start) for at in ends if at <= start) if at >= left]
    if left == 0 or left == low == start:
        begins.insert(0, skip_space(text, left, start))
    stops = [at for at in ends if at >= end and at > start]
    if right == high and ends_sentence:
        stops.append(word_end(text, end, high))
    return begins, stops


def _from_sentence(bounds: _Bounds, end: int, size: int, begins: list[int], stops: list[int]) -> Fragment:
    """Return the passage that begins with a sentence, and holds as many whole sentences as fit.

    If whole sentences would leave it half empty, a part of the next sentence or of the previous one is added.
    """
    text, low, high, _, _ = bounds
    begin = begins[-1]
    stops = [at for at in stops if at - begin <= size]
    if not stops:
        return Fragment(begin, word_end(text, end, min(high, begin + size)))
    if len(stops) > 1 and stops[-1] < high and _is_heading(text, stops[-2], stops[-1]):
        stops.pop()
    stop = stops[-1]
    begin = min(at for at in begins if stop - at <= size)
    if stop - begin < size // 2:
        stop = word_end(text, stop, min(high, begin + size))
    if stop - begin < size // 2:
        begin = word_start(text, max(low, stop - size), begin)
    return Fragment(begin, stop)


def _is_heading(text: str, before: int, end: int) -> bool:
    """Tell whether there is a line that ends no sentence between `before`, where a sentence ends, and `end`."""
    return ends_sentence(text, before) and not ends_sentence(text, end)
