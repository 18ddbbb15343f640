"""Which written words of a text are meant, and where exactly they stand.

Words are judged once each: a `Highlighter` keeps the verdict on every distinct written word, so a text costs one
tokenisation and a dictionary look-up per token, and the next hit of the same search is cheaper still.
Long texts are read in blocks cut at white space; positions run on from block to block.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from arsearch.model import Level, Passage, Snippet, Span
from arsearch.snippets.phrases import phrase_positions
from arsearch.snippets.targets import Key, Target, WordMatcher, term_keys

if TYPE_CHECKING:
    from arsearch.analyzers.tokens import Form, Term

__all__ = ["Highlighter", "Matches", "Occurrence", "WordAnalyzer", "WordTokenizer", "find_spans", "mark_all"]

BLOCK = 131_072
"""Characters tokenised at a time."""

STAGES = (131_072, 1_048_576, 8_388_608)
"""Characters read for a snippet: up to the first if every target occurs by then, the second if any does, the last."""

CACHE_LIMIT = 200_000
"""Distinct written words remembered at most; a vocabulary of several hundred megabytes of text."""


class WordTokenizer(Protocol):
    """The tokenizer as this room needs it."""

    def spans(self, text: str) -> Sequence[tuple[int, int]]:
        """The written words of `text` as offsets, increasing and disjoint."""
        ...


class WordAnalyzer(Protocol):
    """The analyzer as this room needs it; `arsearch.ArabicAnalyzer` is one."""

    @property
    def tokenizer(self) -> WordTokenizer:
        """Finds the written words."""
        ...

    def form(self, word: str) -> Form:
        """Analyses one written word."""
        ...


class Occurrence(NamedTuple):
    """One place where a target occurs: the target's number and its written words in text order.

    `words` are `(start, end, level)`, disjoint, more than one only for phrases.
    """

    target: int
    words: tuple[tuple[int, int, Level], ...]

    @property
    def start(self) -> int:
        """Offset of the first word."""
        return self.words[0][0]

    @property
    def end(self) -> int:
        """Offset after the last word."""
        return self.words[-1][1]


class Matches(NamedTuple):
    """All occurrences in the first `read` characters of a text, by start."""

    occurrences: tuple[Occurrence, ...]
    read: int

    def spans(self, field: str) -> list[Span]:
        """The matched written words, one span each with its strictest level, sorted and disjoint."""
        levels: dict[tuple[int, int], Level] = {}
        for occurrence in self.occurrences:
            for start, end, level in occurrence.words:
                if level > levels.get((start, end), 0):
                    levels[start, end] = level
        return [Span(field, start, end, level) for (start, end), level in sorted(levels.items())]

    @property
    def level(self) -> Level | None:
        """The strictest level of all matches, `None` without any."""
        return max((word[2] for occurrence in self.occurrences for word in occurrence.words), default=None)


_Place = tuple[int, int, Level]  # start, end, level of a written word
_Verdict = tuple[int, tuple[tuple[int, int, Level], ...]]  # width, then (offset, slot, level) of each match
_NOTHING: _Verdict = (1, ())


class Highlighter:
    """Finds the targets of one search in any number of texts.

    `forms` may be shared between searches on one analyzer: it is looked into, and filled up to `CACHE_LIMIT` words.
    Not thread-safe while it reads a text; make one per search.
    """

    def __init__(
        self, targets: Iterable[Target], analyzer: WordAnalyzer, *, forms: MutableMapping[str, Form] | None = None
    ) -> None:
        self.targets = tuple(targets)
        self.analyzer = analyzer
        self._forms: MutableMapping[str, Form] = {} if forms is None else forms
        self._verdicts: dict[str, _Verdict] = {}
        self._slots: list[WordMatcher] = []  # every matcher of every target, in order
        self._first: list[int] = []  # target -> its first slot
        self._by_key: dict[Key, dict[str, list[int]]] = {}
        self._asked: list[int] = []  # slots that cannot be looked up
        for target in self.targets:
            self._first.append(len(self._slots))
            for matcher in target.matchers:
                self._add_slot(matcher)

    def matches(self, text: str, field: str, *, limit: int | None = None) -> Matches:
        """Find every target of `field` in the first `limit` characters (`None`: all) of `text`."""
        active = [number for number, target in enumerate(self.targets) if target.reads(field)]
        if not active:
            return Matches((), len(text))
        places: dict[int, list[tuple[int, _Place]]] = defaultdict(list)
        end = len(text) if limit is None else _block_end(text, min(limit, len(text)))
        self._read(text, 0, end, 0, places)
        return Matches(self._occurrences(active, places), end)

    def matches_for_snippet(self, text: str, field: str) -> Matches:
        """As `matches`, but on long texts only as far as passages are worth choosing from (`STAGES`)."""
        active = [number for number, target in enumerate(self.targets) if target.reads(field)]
        places: dict[int, list[tuple[int, _Place]]] = defaultdict(list)
        found: tuple[Occurrence, ...] = ()
        read = position = 0
        for stage, limit in enumerate(STAGES if active else ()):
            end = _block_end(text, min(limit, len(text)))
            position = self._read(text, read, end, position, places)
            read = end
            found = self._occurrences(active, places)
            seen = len({occurrence.target for occurrence in found})
            if read == len(text) or seen == len(active) or (seen and stage):
                break
        return Matches(found, read)

    def find_spans(self, text: str, field: str) -> list[Span]:
        """Every written word of `text` that a target marks; see `Matches.spans`."""
        return self.matches(text, field).spans(field)

    def mark_all(self, text: str, field: str) -> Snippet:
        """The whole of `text`, a title say, as one marked passage; no passage if it is blank."""
        passages = (Passage(0, len(text)),) if text.strip() else ()
        return Snippet(field, text, passages, tuple(self.find_spans(text, field)))

    def _add_slot(self, matcher: WordMatcher) -> None:
        slot = len(self._slots)
        self._slots.append(matcher)
        pairs = term_keys(matcher)
        if pairs is None:
            self._asked.append(slot)
            return
        for key, value in pairs:
            slots = self._by_key.setdefault(key, {}).setdefault(value, [])
            if slot not in slots[-1:]:
                slots.append(slot)

    def _read(self, text: str, start: int, end: int, position: int, places: dict[int, list[tuple[int, _Place]]]) -> int:
        """Judge the words of `text[start:end]`, the first at `position`; return the position after them."""
        verdicts, spans_of = self._verdicts, self.analyzer.tokenizer.spans
        while start < end:
            stop = min(_block_end(text, min(start + BLOCK, end)), end)
            block = text[start:stop]
            for s, e in spans_of(block):
                word = block[s:e]
                verdict = verdicts.get(word)
                if verdict is None:
                    verdict = self._judge(word)
                width, found = verdict
                for offset, slot, level in found:
                    places[slot].append((position + offset, (start + s, start + e, level)))
                position += width
            start = stop
        return position

    def _judge(self, word: str) -> _Verdict:
        form = self._forms.get(word)
        if form is None:
            form = self.analyzer.form(word)
            if len(self._forms) < CACHE_LIMIT:
                self._forms[word] = form
        verdict = _NOTHING
        slots = [(term, slot) for term in form.terms for slot in self._slots_of(term)]
        if slots or form.width != 1:
            best: dict[tuple[int, int], Level] = {}
            for term, slot in slots:
                level = self._slots[slot].level(term, word)
                if level is not None and level > best.get((term.offset, slot), 0):
                    best[term.offset, slot] = level
            verdict = form.width, tuple((offset, slot, level) for (offset, slot), level in sorted(best.items()))
        if len(self._verdicts) >= CACHE_LIMIT:
            self._verdicts.clear()
        self._verdicts[word] = verdict
        return verdict

    def _slots_of(self, term: Term) -> list[int]:
        """The matchers worth asking about a term; for nearly every word of a text none."""
        slots = list(self._asked)
        for key, table in self._by_key.items():
            found = table.get(getattr(term, key))
            if found:
                slots += found
        return slots

    def _occurrences(
        self, active: Sequence[int], places: dict[int, list[tuple[int, _Place]]]
    ) -> tuple[Occurrence, ...]:
        found: list[Occurrence] = []
        for number in active:
            target, first = self.targets[number], self._first[number]
            if len(target.matchers) == 1:
                found += (Occurrence(number, (place,)) for _, place in places.get(first, ()))
                continue
            slots = range(first, first + len(target.matchers))
            if all(places.get(slot) for slot in slots):
                found += _phrases(number, target, [_column(places[slot]) for slot in slots])
        found.sort(key=lambda occurrence: (occurrence.words[0][0], occurrence.target, occurrence.words[-1][1]))
        return tuple(found)


def find_spans(
    text: str,
    field: str,
    targets: Iterable[Target],
    analyzer: WordAnalyzer,
    *,
    forms: MutableMapping[str, Form] | None = None,
) -> list[Span]:
    """Every written word of `text` that a target marks: sorted, disjoint, each at its strictest level."""
    return Highlighter(targets, analyzer, forms=forms).find_spans(text, field)


def mark_all(
    text: str,
    field: str,
    targets: Iterable[Target],
    analyzer: WordAnalyzer,
    *,
    forms: MutableMapping[str, Form] | None = None,
) -> Snippet:
    """The whole of `text` as one marked passage."""
    return Highlighter(targets, analyzer, forms=forms).mark_all(text, field)


def _block_end(text: str, end: int) -> int:
    """The first offset from `end` on at which no word is cut: a white space, or the end of the text."""
    while end < len(text) and not text[end].isspace():
        end += 1
    return end


def _column(places: list[tuple[int, _Place]]) -> dict[int, _Place]:
    """The places by position, increasing; of several at one position the strictest."""
    column: dict[int, _Place] = {}
    for position, place in sorted(places):
        if position not in column or place[2] > column[position][2]:
            column[position] = place
    return column


def _phrases(number: int, target: Target, columns: list[dict[int, _Place]]) -> Iterator[Occurrence]:
    positions = [list(column) for column in columns]
    for taken in phrase_positions(positions, slop=target.slop, ordered=target.ordered):
        levels: dict[tuple[int, int], Level] = {}
        for column, position in zip(columns, taken, strict=True):
            start, end, level = column[position]
            levels[start, end] = max(level, levels.get((start, end), level))
        yield Occurrence(number, tuple((start, end, level) for (start, end), level in sorted(levels.items())))
