"""Which written words of a text are meant, and where exactly they stand.

Words are judged once each: a `Highlighter` keeps the verdict on every distinct written word. Given what is known of
the texts (`Spellings`), it analyses only the stretches that a `Sieve` lets through, a word in ten; without it, all.
Long texts are read in blocks cut at white space; positions run on from block to block.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from arsearch.model import Level, Passage, Snippet, Span
from arsearch.snippets.occurrences import Asked, Matches, Occurrence, Places, occurrences_of
from arsearch.snippets.prefilter import Prefilter
from arsearch.snippets.targets import HighlightTarget, Key, WordMatcher, term_keys, wanted_forms

if TYPE_CHECKING:
    from arsearch.analyzers.tokens import Form, Term

__all__ = [
    "Highlighter",
    "Spellings",
    "WordAnalyzer",
    "WordTokenizer",
    "find_spans",
    "mark_all",
]

BLOCK = 131_072
"""Characters tokenised at a time."""

STAGES = (131_072, 1_048_576, 8_388_608)
"""Characters read for a snippet: up to the first if every target occurs by then, the second if any does, the last."""

STEPS = 300_000
"""Steps of work on one text: matchers asked about words not seen before, and each match for each target that has its
matcher. Where they end, reading ends."""

WORD_STEPS = 50_000
"""Of these for one written word, which may be a compound of thousands; its later parts are not marked."""

LONGEST = 1_000
"""Letters of the longest word that patterns and the like are asked about; longer ones are no words."""

CACHE_LIMIT = 200_000
"""Distinct written words remembered at most; a vocabulary of several hundred megabytes of text."""


Spellings = Callable[[Collection[str]], Iterable[str]]
"""Gives the normalised forms that words of some stems have in the texts to be read, at least; an index knows them."""


SHORT = 32
"""Characters of the longest stretch that is remembered whole."""


class WordTokenizer(Protocol):
    """The tokenizer as this room needs it."""

    def spans(self, text: str) -> Sequence[tuple[int, int]]:
        """The written words of `text` as offsets, increasing and disjoint; a cut at white space changes none."""
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


_Verdict = tuple[int, tuple[tuple[int, int, Level], ...]]  # width, then (offset, slot, level) of each match
_NOTHING: _Verdict = (1, ())
_Reading = tuple[int, list[tuple[int, int, int, int, Level]], int, int]
"""The width of a stretch; slot, position, start, end and level of each match in it; its steps; how much was read."""


class Highlighter:
    """Finds the targets of one search in any number of texts.

    `forms` may be shared between searches on one analyzer: it is looked into, and filled up to `CACHE_LIMIT` words.
    `spellings` only makes it quicker; the analyzer is an `arsearch.ArabicAnalyzer` then.
    Not thread-safe while it reads a text; make one per search. The work on one text is bounded by `STEPS`, which no
    query of a few dozen words comes near.
    """

    def __init__(
        self,
        targets: Iterable[HighlightTarget],
        analyzer: WordAnalyzer,
        *,
        forms: MutableMapping[str, Form] | None = None,
        spellings: Spellings | None = None,
    ) -> None:
        self.targets = tuple(targets)
        self.analyzer = analyzer
        self._forms: MutableMapping[str, Form] = {} if forms is None else forms
        self._verdicts: dict[str, _Verdict] = {}
        self._readings: dict[str, _Reading] = {}
        self._left = 0  # steps, while a text is read
        self._slots: dict[WordMatcher, int] = {}  # the different matchers of all targets
        self._numbered: list[Asked] = []
        self._active: dict[str, list[Asked]] = {}  # by field
        self._by_key: dict[Key, dict[str, list[int]]] = {}
        self._asked: list[int] = []  # slots that cannot be looked up
        for number, target in enumerate(self.targets):
            self._numbered.append(Asked(number, target, tuple(map(self._slot, target.matchers))))
        self._matchers = tuple(self._slots)
        self._uses = Counter(slot for _, _, slots in self._numbered for slot in set(slots))
        wanted = None if spellings is None else wanted_forms(self._slots, spellings)
        phrases = any(len(target.matchers) > 1 for target in self.targets)  # only they ask for positions
        self._sieve = None if wanted is None else Prefilter(wanted, counting=phrases)

    def matches(self, text: str, field: str, *, limit: int | None = None) -> Matches:
        """Find every target of `field` in the first `limit` characters (`None`: all) of `text`, if `STEPS` suffice."""
        active = self._asked_in(field)
        if not active:
            return Matches((), len(text))
        places: Places = defaultdict(list)
        end = len(text) if limit is None else _block_end(text, min(limit, len(text)))
        self._left = STEPS
        _, read = self._read(text, 0, end, 0, places)
        return Matches(occurrences_of(active, places), read)

    def matches_for_snippet(self, text: str, field: str) -> Matches:
        """As `matches`, but on long texts only as far as passages are worth choosing from (`STAGES`)."""
        active = self._asked_in(field)
        places: Places = defaultdict(list)
        found: tuple[Occurrence, ...] = ()
        read = position = 0
        self._left = STEPS
        for stage, limit in enumerate(STAGES if active else ()):
            end = _block_end(text, min(limit, len(text)))
            position, read = self._read(text, read, end, position, places)
            found = occurrences_of(active, places)
            seen = len({occurrence.target for occurrence in found})
            if read == len(text) or read < end or seen == len(active) or (seen and stage):
                break
        return Matches(found, read)

    def find_spans(self, text: str, field: str) -> list[Span]:
        """Every written word of `text` that a target marks; see `Matches.spans`."""
        return self.matches(text, field).spans(field)

    def mark_all(self, text: str, field: str) -> Snippet:
        """The whole of `text`, a title say, as one marked passage; no passage if it is blank."""
        passages = (Passage(0, len(text)),) if text.strip() else ()
        return Snippet(field, text, passages, tuple(self.find_spans(text, field)))

    def _asked_in(self, field: str) -> list[Asked]:
        active = self._active.get(field)
        if active is None:
            active = self._active[field] = [asked for asked in self._numbered if asked.target.reads(field)]
        return active

    def _slot(self, matcher: WordMatcher) -> int:
        if matcher in self._slots:
            return self._slots[matcher]
        slot = self._slots[matcher] = len(self._slots)
        pairs = term_keys(matcher)
        if pairs is None:
            self._asked.append(slot)
            return slot
        for key, value in pairs:
            slots = self._by_key.setdefault(key, {}).setdefault(value, [])
            if slot not in slots[-1:]:
                slots.append(slot)
        return slot

    def _read(self, text: str, start: int, end: int, position: int, places: Places) -> tuple[int, int]:
        """Judge the words of `text[start:end]`, the first at `position`; the position after them, where it ended."""
        for first, last, passed in self._stretches(text, start, end):
            stretch = text[first:last]
            width, found, steps, size = self._readings.get(stretch) or self._reading(stretch)
            position += passed
            for slot, at, s, e, level in found:
                places[slot].append((position + at, (first + s, first + e, level)))
            position += width
            self._left -= steps
            if self._left < 0:
                return position, first + size
        return position, end

    def _reading(self, stretch: str) -> _Reading:
        """Judge the words of a stretch; short ones, most are a word with its punctuation, are remembered."""
        verdicts = self._verdicts
        found: list[tuple[int, int, int, int, Level]] = []
        position = steps = 0
        for s, e in self.analyzer.tokenizer.spans(stretch):
            word = stretch[s:e]
            width, matches = verdicts.get(word) or self._judge(word)
            if matches:
                found += [(slot, position + offset, s, e, level) for offset, slot, level in matches]
                steps += sum(self._uses[slot] for _, slot, _ in matches)
            position += width
            if steps > self._left:
                return position, found, steps, e
        reading = position, found, steps, len(stretch)
        if len(stretch) <= SHORT and len(self._readings) < CACHE_LIMIT:
            self._readings[stretch] = reading
        return reading

    def _stretches(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """What of `text[start:end]` is to be analysed, each stretch with the number of words passed over before."""
        while start < end:
            stop = min(_block_end(text, min(start + BLOCK, end)), end)
            if self._sieve is None:
                yield start, stop, 0
            else:
                yield from self._sieve.stretches(text, start, stop)
            start = stop

    def _judge(self, word: str) -> _Verdict:
        form = self._forms.get(word)
        if form is None:
            form = self.analyzer.form(word)
            if len(self._forms) < CACHE_LIMIT:
                self._forms[word] = form
        verdict = _NOTHING
        slots = list(islice(((term, slot) for term in form.terms for slot in self._slots_of(term)), WORD_STEPS))
        self._left -= sum(1 + len(term.normalised) // 16 for term, _ in slots)
        if slots or form.width != 1:
            best: dict[tuple[int, int], Level] = {}
            for term, slot in slots:
                level = self._matchers[slot].level(term, word)
                if level is not None and level > best.get((term.offset, slot), 0):
                    best[term.offset, slot] = level
            verdict = form.width, tuple((offset, slot, level) for (offset, slot), level in sorted(best.items()))
        if len(self._verdicts) >= CACHE_LIMIT:
            self._verdicts.clear()
        self._verdicts[word] = verdict
        return verdict

    def _slots_of(self, term: Term) -> list[int]:
        """The matchers worth asking about a term; for nearly every word of a text none."""
        slots = list(self._asked) if len(term.normalised) <= LONGEST else []
        for key, table in self._by_key.items():
            found = table.get(getattr(term, key))
            if found:
                slots += found
        return slots


def find_spans(
    text: str,
    field: str,
    targets: Iterable[HighlightTarget],
    analyzer: WordAnalyzer,
    *,
    forms: MutableMapping[str, Form] | None = None,
) -> list[Span]:
    """Every written word of `text` that a target marks: sorted, disjoint, each at its strictest level."""
    return Highlighter(targets, analyzer, forms=forms).find_spans(text, field)


def mark_all(
    text: str,
    field: str,
    targets: Iterable[HighlightTarget],
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
