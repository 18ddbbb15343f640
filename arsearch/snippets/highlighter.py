"""The words of a text that match the targets of a search, and their offsets.

A `Highlighter` matches each distinct written word once and caches the result. If it has the spellings that stems have
in the texts (`Spellings`), it analyses only the regions that a `Prefilter` lets through, about one word in ten; without
them it analyses every word. Long texts are read in blocks that end at white space; positions continue from block to
block.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from arsearch.concurrency import Clock
from arsearch.kernel import native
from arsearch.model import Fragment, Level, Snippet, Span
from arsearch.snippets.matcher_table import MatcherTable
from arsearch.snippets.occurrences import (
    LEVELS,
    Matches,
    NumberedTarget,
    Occurrence,
    TextMatches,
    WordMatches,
    find_occurrences,
    in_order,
    strictest,
)
from arsearch.snippets.phrases import STEPS as PHRASE_STEPS
from arsearch.snippets.prefilter import Prefilter, block_end, plain_words
from arsearch.snippets.targets import HighlightTarget, WordAnalyzer, WordMatcher, candidate_forms

if TYPE_CHECKING:
    from arsearch.analyzers.tokens import Form, Term
    from arsearch.snippets.columns import MatchColumns, Numbers

__all__ = ["Highlighter", "Reading", "Spellings"]

BLOCK = 131_072
"""Characters tokenised at a time."""

TIMED_BLOCK = 16_384
"""Characters read between two looks at the clock, if there is a deadline."""

LOOK_EVERY = 64
"""New words and comparisons between two looks at the clock."""

STAGES = (131_072, 1_048_576, 8_388_608)
"""Characters read for a snippet: up to the first if every target occurs by then, to the second if any does, to the last
otherwise."""

STEPS = 300_000
"""Steps of work on one text; reading ends when they are spent. A step is a comparison of a matcher with a new word, or a
match counted once for each target that has its matcher."""

WORD_STEPS = 50_000
"""Comparisons for one written word, which may be a compound of thousands; its later parts are not matched."""

CACHE_LIMIT = 200_000
"""Distinct written words that are cached; the vocabulary of several hundred megabytes of text."""

READINGS = 20_000
"""Distinct regions without a match that are kept from search to search, most of them names and numbers."""

SHORT = 32
"""Characters of the longest region that is cached."""

_is_arabic = re.compile("[\u0621-\u063a\u0641-\u064a]+").fullmatch
"""Matches a region of letters alone, which is one word of an `arsearch.ArabicAnalyzer`."""

Spellings = Callable[[Collection[str]], Iterable[str]]
"""Returns at least the normalised forms that words of the given stems have in the texts; an index has them."""

Reading = tuple[int, "tuple[Term, ...]"]
"""The number of positions of a region, and the terms of its words."""

_AnalysedWord = tuple[int, tuple[tuple[int, int, Level], ...]]
"""The number of positions of a word, then the position offset, matcher ordinal and level of each match."""

_NO_MATCH: _AnalysedWord = (1, ())

_AnalysedRegion = tuple[int, list[tuple[int, int, int, int, Level]], int, int]
"""The number of positions of a region; matcher ordinal, position, start, end and level of each match in it; the steps
taken; the number of characters read."""


class Highlighter:
    """Finds the targets of one search in any number of texts.

    `forms` is a cache from written words to their analyses, which several searches with the same analyzer may share;
    the highlighter adds words to it up to `CACHE_LIMIT`; so is `readings`, from short pieces of texts to their terms, up to
    `READINGS`. `spellings` only makes the highlighter faster; it requires an
    `arsearch.ArabicAnalyzer`.
    A highlighter is not thread-safe while it reads a text; make one per search. If `bounded`, `STEPS` bounds the work on
    one text, and no query of a few dozen words comes near it; otherwise every text is read to its end. Nothing is read after
    the deadline of the `clock`.
    """

    def __init__(
        self,
        targets: Iterable[HighlightTarget],
        analyzer: WordAnalyzer,
        *,
        forms: MutableMapping[str, Form] | None = None,
        readings: dict[str, Reading] | None = None,
        spellings: Spellings | None = None,
        bounded: bool = True,
        clock: Clock | None = None,
    ) -> None:
        self.targets = tuple(targets)
        self.analyzer = analyzer
        self._forms: MutableMapping[str, Form] = {} if forms is None else forms
        self._readings: dict[str, Reading] = {} if readings is None else readings
        self._analysed_words: dict[str, _AnalysedWord] = {}
        self._analysed_regions: dict[str, _AnalysedRegion] = {}
        self._steps = STEPS if bounded else sys.maxsize
        self.clock = Clock() if clock is None else clock
        self._until_look = LOOK_EVERY
        self._steps_left = 0  # of the text that is being read
        self.extension = native()
        self._table = MatcherTable(self.targets)
        self._by_field: dict[str, list[NumberedTarget]] = {}
        candidates = None if spellings is None else candidate_forms(self._table.matchers, spellings)
        has_phrases = any(len(target.matchers) > 1 for target in self.targets)  # only phrases need positions
        self._prefilter = None if candidates is None else Prefilter(candidates, counting=has_phrases)
        self._compiled = None if self._prefilter is None or has_phrases else self._prefilter.compiled
        self._numbers_by_field: dict[str, list[tuple[int, int]]] = {}
        self._plain = None if self.extension is None else plain_words(analyzer)

    def matches(self, text: str, field: str, *, limit: int | None = None) -> Matches:
        """Return the occurrences of the targets of `field` in the first `limit` characters of `text` (`None`: in all).

        If the text takes more than `STEPS`, or the deadline passes, reading ends where `Matches.read` says.
        """
        parts = list(self.parts(text, field, limit=limit))
        if len(parts) == 1:
            return parts[0]
        occurrences = tuple([occurrence for part in parts for occurrence in part.occurrences])
        if any(len(target.ordinals) > 1 for target in self._targets_of(field)):
            occurrences = in_order(occurrences)
        return Matches(occurrences, parts[-1].read if parts else 0)

    def parts(self, text: str, field: str, *, limit: int | None = None) -> Iterator[Matches]:
        """Yield what `matches` returns in parts, one for each block of the text, and at last one for all phrases.

        Each part says how far the text was read. The words of the parts are in text order.
        """
        targets = self._targets_of(field)
        if not targets:
            yield Matches((), len(text))
            return
        words = [target for target in targets if len(target.ordinals) == 1]
        phrases = [target for target in targets if len(target.ordinals) > 1]
        of_phrases: WordMatches = {ordinal: [] for _, _, ordinals in phrases for ordinal in ordinals}
        end = len(text) if limit is None else block_end(text, min(limit, len(text)))
        self._steps_left = self._steps
        read = position = 0
        while read < end and self.clock.in_time():
            matches: WordMatches = defaultdict(list)
            stop = self._timed_end(text, read, end)
            position, read = self._read(text, read, stop, position, matches, self._prefilter)
            if words:
                yield Matches(find_occurrences(words, matches, extension=self.extension), read)
            for ordinal, found in of_phrases.items():
                found += matches.get(ordinal, ())
            if read < stop:
                break
        if phrases:
            steps = max(PHRASE_STEPS, self._steps)
            yield Matches(find_occurrences(phrases, of_phrases, steps, in_time=self.clock.in_time), read)

    def matches_for_snippet(self, text: str, field: str) -> TextMatches:
        """Return the occurrences as `matches` does, but read a long text only as far as passages need (`STAGES`)."""
        if (compiled := self._compiled_matches(text, field)) is not None:
            return compiled
        targets = self._targets_of(field)
        matches: WordMatches = defaultdict(list)
        occurrences: tuple[Occurrence, ...] = ()
        read = position = 0
        self._steps_left = self._steps
        for stage, limit in enumerate(STAGES if targets else ()):
            end = block_end(text, min(limit, len(text)))
            position, read = self._read(text, read, end, position, matches, self._prefilter)
            occurrences = find_occurrences(targets, matches, extension=self.extension)
            if read == len(text) or read < end:
                break
            matched = len({occurrence.target for occurrence in occurrences})
            if matched == len(targets) or (matched and stage):
                break
        return Matches(occurrences, read)

    def matchers(self, field: str) -> list[WordMatcher]:
        """Return the distinct matchers of the targets of `field`."""
        ordinals = {ordinal for target in self._targets_of(field) for ordinal in target.ordinals}
        return [self._table.matchers[ordinal] for ordinal in sorted(ordinals)]

    def columns(
        self,
        words: Sequence[str],
        read: Numbers,
        offsets: Numbers,
        field: str,
        positions: Mapping[WordMatcher, Numbers],
        forms: Collection[str],
    ) -> MatchColumns | None:
        """Return the matches in a text of which only some words are read.

        `words` are distinct and end at white space. `read` has the number of each word in the order of the text, and
        `offsets` its offset. `positions` has the rising positions of each matcher in the text, and `forms` the normalised
        forms that match. The result is `None` if a matcher matches another number of words, and after the deadline.
        """
        from arsearch.snippets.columns import MatchColumns, columns_of  # few searches need it

        text = "\n".join(words)  # a line feed is inside no word, not even a number
        prefilter = self._prefilter or Prefilter(forms)
        matches: WordMatches = defaultdict(list)
        self._steps_left = sys.maxsize
        done = 0
        while done < len(text):
            stop = self._timed_end(text, done, len(text))
            _, done = self._read(text, done, stop, 0, matches, prefilter)
            if done < stop or not self.clock.in_time():
                return None
        expected = {self._table.matchers.index(matcher): places for matcher, places in positions.items()}
        columns = columns_of(words, matches, read, offsets, expected)
        return None if columns is None else MatchColumns(self._targets_of(field), columns, self.clock.in_time)

    def find_spans(self, text: str, field: str) -> list[Span]:
        """Return a span for every written word of `text` that matches; see `Matches.spans`."""
        return strictest([part.spans(field) for part in self.parts(text, field)])

    def mark_all(self, text: str, field: str) -> Snippet:
        """Highlight the whole of `text`, such as a title, as one passage; a blank text gives no passage."""
        passages = (Fragment(0, len(text)),) if text.strip() else ()
        found = None if self.clock.deadline is not None else self._compiled_matches(text, field)
        return Snippet(field, text, passages, tuple((found or self.matches(text, field)).spans(field)))

    def _compiled_matches(self, text: str, field: str) -> TextMatches | None:
        """Return all occurrences in a text by the extension; `None` for phrases, long texts, and without the extension."""
        if len(text) > BLOCK or self._compiled is None or not (targets := self._compiled_targets(field)):
            return None
        found: TextMatches = self._compiled.matches(text, targets, self._caches(), LEVELS, Span, self._steps)
        return found

    def _compiled_targets(self, field: str) -> list[tuple[int, int]]:
        """Return the number and the ordinal of each target of `field`; the highlighter has no phrases."""
        targets = self._numbers_by_field.get(field)
        if targets is None:
            numbered = self._targets_of(field)
            targets = self._numbers_by_field[field] = [(number, ordinals[0]) for number, _, ordinals in numbered]
        return targets

    def _targets_of(self, field: str) -> list[NumberedTarget]:
        targets = self._by_field.get(field)
        if targets is None:
            targets = self._by_field[field] = [
                numbered for numbered in self._table.targets if numbered.target.reads(field)
            ]
        return targets

    def _timed_end(self, text: str, start: int, end: int) -> int:
        """Return how far `text[start:end]` is read before the next look at the clock."""
        return end if self.clock.deadline is None else min(block_end(text, min(start + TIMED_BLOCK, end)), end)

    def _read(
        self, text: str, start: int, end: int, position: int, matches: WordMatches, prefilter: Prefilter | None
    ) -> tuple[int, int]:
        """Add the word matches of `text[start:end]`, whose first word has `position`.

        Return the position after the last word, and the offset at which reading ended.
        """
        read = start
        while read < end:
            stop = min(block_end(text, min(read + BLOCK, end)), end)
            position, read = self._read_block(text, read, stop, position, matches, prefilter)
            if self._steps_left < 0:
                break
        return position, read

    def _read_block(
        self, text: str, start: int, end: int, position: int, matches: WordMatches, prefilter: Prefilter | None
    ) -> tuple[int, int]:
        """Do what `_read` does, for a part of the text that cuts no word."""
        if prefilter is not None and prefilter.compiled is not None:
            position, read, self._steps_left = prefilter.compiled.read(
                text,
                start,
                end,
                prefilter.counting,
                position,
                matches,
                self._caches(),
                self._steps_left,
            )
            return position, read
        regions = [(start, end, 0)] if prefilter is None else prefilter.regions(text, start, end)
        for first, last, skipped in regions:
            region = text[first:last]
            width, found, steps, size = self._analysed_regions.get(region) or self._analyse_region(region)
            position += skipped
            for ordinal, at, s, e, level in found:
                matches[ordinal].append((position + at, (first + s, first + e, level)))
            position += width
            self._steps_left -= steps
            if self._steps_left < 0:
                return position, first + size
        return position, end

    def _caches(self) -> tuple[Any, ...]:
        """Return what the extension needs to know the words of a text; see `_native.Filter.read`."""
        table = self._table
        # Without its form, and without `plain`, a word is left to `_meet_region`.
        knows_forms = isinstance(self._forms, dict) and not table.without_keys
        forms, plain = (self._forms, self._plain) if knows_forms else ({}, None)
        matching = self._analysed_words, forms, table.matchers, table.target_counts, table.level_keys, plain, LEVELS
        return self._analysed_regions, self._readings, table.tables, self._meet_region, *matching

    def _meet_region(self, region: str, steps_left: int) -> tuple[_AnalysedRegion, int]:
        """Match the words of a new region for `_native.Filter.read`, which counts the steps; return the steps left too."""
        self._steps_left = steps_left
        analysed = self._analyse_region(region)
        width, found, _, size = analysed
        if (
            not found
            and size == len(region) <= SHORT
            and not self._table.without_keys
            and len(self._readings) < READINGS
        ):
            forms = [self._forms.get(region[start:end]) for start, end in self.analyzer.tokenizer.spans(region)]
            if None not in forms:
                self._readings[region] = (
                    width,
                    tuple([term for form in forms if form is not None for term in form.terms]),
                )
        return analysed, self._steps_left

    def _analyse_region(self, region: str) -> _AnalysedRegion:
        """Match the words of a region; short regions, most of which are a word with its punctuation, are cached."""
        words, counts = self._analysed_words, self._table.target_counts
        found: list[tuple[int, int, int, int, Level]] = []
        position = steps = 0
        is_word = self._prefilter is not None and _is_arabic(region)
        for s, e in ((0, len(region)),) if is_word else self.analyzer.tokenizer.spans(region):
            word = region[s:e]
            width, matches = words.get(word) or self._analyse_word(word)
            if matches:
                found += [(ordinal, position + offset, s, e, level) for offset, ordinal, level in matches]
                steps += sum([counts[ordinal] for _, ordinal, _ in matches])
            position += width
            if steps > self._steps_left:
                return position, found, steps, e
        analysed = position, found, steps, len(region)
        if len(region) <= SHORT and len(self._analysed_regions) < CACHE_LIMIT:
            self._analysed_regions[region] = analysed
        return analysed

    def _analyse_word(self, word: str) -> _AnalysedWord:
        """Match a written word, and cache the result. After the deadline the word matches nothing, and reading ends."""
        self._until_look -= 1
        if self._until_look < 0 and not self._look():
            return _NO_MATCH
        form = self._forms.get(word)
        if form is None:
            form = self.analyzer.form(word)
            if len(self._forms) < CACHE_LIMIT:
                self._forms[word] = form
        terms, width = form
        candidates = self._table.candidates
        if len(terms) == 1:  # nearly every word
            pairs = [(terms[0], ordinal) for ordinal in candidates(terms[0])[:WORD_STEPS]]
        else:
            pairs = list(islice(((term, ordinal) for term in terms for ordinal in candidates(term)), WORD_STEPS))
        analysed = _NO_MATCH if width == 1 else (width, ())
        if pairs:
            self._steps_left -= sum([1 + len(term.normalised) // 16 for term, _ in pairs])
            self._until_look -= len(pairs)
            best: dict[tuple[int, int], Level] = {}
            for first in range(0, len(pairs), LOOK_EVERY):
                if first and not self._look():
                    return _NO_MATCH
                for term, ordinal in pairs[first : first + LOOK_EVERY]:
                    level = self._table.matchers[ordinal].level(term, word)
                    if level is not None and level > best.get((term.offset, ordinal), 0):
                        best[term.offset, ordinal] = level
            analysed = width, tuple([(offset, ordinal, level) for (offset, ordinal), level in sorted(best.items())])
        if len(self._analysed_words) >= CACHE_LIMIT:
            self._analysed_words.clear()
        self._analysed_words[word] = analysed
        return analysed

    def _look(self) -> bool:
        """Look at the clock, and return whether reading goes on."""
        self._until_look = LOOK_EVERY
        if not self.clock.in_time():
            self._steps_left = -1
        return not self.clock.timed_out
