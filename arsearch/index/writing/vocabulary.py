"""What the words of texts stand for, worked out once for each distinct unit.

Arabic inflection is a property of the vocabulary: nine million running words of news have 315,000 distinct forms. Texts
become arrays of tokens, four bytes each; what a token stands for is looked up in vectors.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import compress, islice
from operator import eq
from typing import NamedTuple

import numpy as np

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.batch import normalised_words, stems
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import concat_ranges
from arsearch.index.writing.hash_table import ABSENT, VectorHashTable
from arsearch.index.writing.pretokenizer import PreTokens, is_single_word, pretokenize

__all__ = ["GAP", "Expansion", "Vocabulary"]

_GROUP = 1 << 31
"""A token below this is a term, one position wide; from here on a group: any number of terms, and their width."""

GAP = _GROUP
"""A token of positions without terms, put between the values of a field so that no phrase joins them."""

_GAP_WIDTH = 100
_WINDOW = 1 << 20
"""Characters that are cut into units at a time: what the steps take must fit the processor's cache, and memory."""

_STRING_BYTES = 230
_TERM_BYTES = 17
"""What a string takes in memory, with its place in a dict (measured); and a term, in a list and arrays."""


class Expansion(NamedTuple):
    """The terms of a run of tokens, in token order, and the position of each, counted from that of the run: parallel arrays."""

    terms: Array
    positions: Array


class Vocabulary:
    """Terms by ordinals that only grow, and what is known of each unit of text.

    A term is a normalised form, its stem, and the written word it comes from. `normalised` and `stems` list the strings;
    `normalised_of` and `stem_of` give their places there for each term. (All terms of one normalised form have one stem,
    but with stemmers whose levels cross.)
    """

    def __init__(self, analyzer: ArabicAnalyzer) -> None:
        self._analyzer = analyzer
        self.nested = analyzer.nested
        self._short = VectorHashTable(1)
        self._long = VectorHashTable(3)
        self._words: dict[str, int] = {}
        self._written: list[str] = []
        self._as_form = bytearray()
        self._unlike = 0
        self._normalised: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._stem_of_form = array("I")
        self.normalised_of = array("I")
        self.stem_of = array("I")
        self._width = array("I")
        self._first = array("I", [0])
        self._group_terms = array("I")
        self._group_offsets = array("I")
        self._new_group([], _GAP_WIDTH)
        self._seen = np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self._written)

    @property
    def memory(self) -> int:
        """About how many bytes it takes."""
        strings = self._unlike + len(self._normalised) + len(self._stems) + len(self._words)
        others = _TERM_BYTES * len(self._written) + 8 * len(self._width) + 8 * len(self._group_terms)
        return strings * _STRING_BYTES + others + self._short.nbytes + self._long.nbytes

    def count(self, counts: Array) -> None:
        """Note how often each term occurred in a segment."""
        counts = counts.copy()
        counts[: len(self._seen)] += self._seen
        self._seen = counts

    def most_frequent(self, most: int) -> Vocabulary:
        """A vocabulary of the `most` terms that were seen most often.

        What comes rarely is learned again when it comes; to forget all would mean to learn the common words again too.
        """
        seen = np.zeros(len(self), np.int64)
        seen[: len(self._seen)] = self._seen
        kept = np.sort(np.argsort(-seen, kind="stable")[:most])
        new_of = np.full(len(self), ABSENT, np.uint32)
        new_of[kept] = np.arange(len(kept), dtype=np.uint32)
        smaller = Vocabulary(self._analyzer)
        written, normalised, stems = self._written, self.normalised, self.stems
        for term in kept.tolist():
            smaller._term(written[term], normalised[self.normalised_of[term]], stems[self.stem_of[term]])
        for table, theirs in ((self._short, smaller._short), (self._long, smaller._long)):
            words, tokens = table.items()
            plain = np.flatnonzero(tokens < len(new_of))  # groups are few, and left out
            plain = plain[new_of[tokens[plain]] != ABSENT]
            theirs.insert([word[plain] for word in words], new_of[tokens[plain]])
        for word, token in self._words.items():
            if token < len(new_of) and new_of[token] != ABSENT:
                smaller._words[word] = int(new_of[token])
        return smaller

    @property
    def reach(self) -> int:
        """How far a term may stand from the first position of its token (those of ﷺ go beyond its end)."""
        return max(self._group_offsets, default=0)

    @property
    def normalised(self) -> list[str]:
        """The normalised forms, in order of discovery."""
        return list(self._normalised)

    @property
    def written(self) -> Sequence[str]:
        """The written word of each term."""
        return self._written

    @property
    def as_form(self) -> Array:
        """Whether each term is written as its normalised form."""
        return np.frombuffer(bytes(self._as_form), bool)

    @property
    def stems(self) -> list[str]:
        """The stems, in order of discovery."""
        return list(self._stems)

    def tokens(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """The tokens of the texts' words, one text after another, and how many each text has."""
        counts = np.zeros(len(texts), np.int64)
        tokens = []
        for first, pieces in _windows(texts):
            found, numbers = self._window(pieces)
            tokens.append(found)
            counts[first : first + len(pieces)] += numbers
        return np.concatenate(tokens) if tokens else np.empty(0, np.uint32), counts

    def _window(self, texts: Sequence[str]) -> tuple[Array, Array]:
        units = pretokenize(texts)
        tokens = np.full(len(units.starts), ABSENT, np.uint32)
        short = units.lengths <= 8
        for table, words, which in (
            (self._short, 1, np.flatnonzero(short & units.known)),
            (self._long, 3, np.flatnonzero(~short & units.known)),
        ):
            keys = units.packed_symbols(which, words)
            found = table.find(keys)
            new = np.flatnonzero(found == ABSENT)
            if len(new):
                keys = [word[new] for word in keys]
                self._learn(table, units, which[new], keys)
                found[new] = table.find(keys)
            tokens[which] = found
        unknown = np.flatnonzero(~units.known)
        if len(unknown):
            return self._with_unknown(units, tokens, unknown)
        return tokens, units.counts

    def _learn(self, table: VectorHashTable, units: PreTokens, new: Array, keys: list[Array]) -> None:
        """Put units that `table` does not have into it; some may be the same."""
        order = np.lexsort(keys)
        ordered = [word[order] for word in keys]
        distinct = np.ones(len(order), bool)
        distinct[1:] = np.any([word[1:] != word[:-1] for word in ordered], axis=0)
        texts = units.texts(new[order[distinct]])
        keys = [word[distinct] for word in ordered]
        whole = is_single_word(keys) & self.nested
        values = np.empty(len(texts), np.uint32)
        values[whole] = self._single_words(list(compress(texts, whole.tolist())))
        values[~whole] = [self._compound(text) for text in compress(texts, (~whole).tolist())]
        table.insert(keys, values)

    def _single_words(self, words: list[str]) -> list[int]:
        """The tokens of units that are one word each."""
        if not words:
            return []
        found = normalised_words(self._analyzer, words)
        others = [at for at, key in enumerate(found) if key is None]
        written, keys = words, found
        if others:
            whole = [key is not None for key in found]
            written, keys = list(compress(words, whole)), list(compress(found, whole))
        first = len(self)
        forms, of, stem_of = self._normalised, self._stems, self._stem_of_form
        known = len(forms)
        numbers = [forms.setdefault(key, len(forms)) for key in keys]  # type: ignore[arg-type]
        new = list(islice(reversed(forms), len(forms) - known))[::-1]
        stem_of.extend([of.setdefault(stem, len(of)) for stem in stems(self._analyzer, new)])
        same = bytes(map(eq, written, keys))
        self._as_form += same
        self._unlike += len(same) - sum(same)
        # Of two equal strings only one is kept.
        self._written += [key if alike else word for word, key, alike in zip(written, keys, same, strict=True)]  # type: ignore[misc]
        self.normalised_of.extend(numbers)
        self.stem_of.extend([stem_of[number] for number in numbers])
        tokens = list(range(first, len(self)))
        for at in others:  # rising: what stands before is in its place
            tokens.insert(at, self._compound(words[at]))
        return tokens

    def _term(self, written: str, normalised: str, stem: str) -> int:
        """A new term."""
        form, root = self._normalised.get(normalised), self._stems.setdefault(stem, len(self._stems))
        if form is None:
            form = self._normalised[normalised] = len(self._normalised)
            self._stem_of_form.append(root)
        self._written.append(written)
        self._as_form.append(written == normalised)
        self._unlike += written != normalised
        self.normalised_of.append(form)
        self.stem_of.append(root)
        return len(self) - 1

    def _compound(self, text: str) -> int:
        """The token of a unit: of its only word, or of all its words."""
        tokens = [self._word(word) for word in self._analyzer.tokenizer.words(text)]
        if len(tokens) == 1:
            return tokens[0]
        terms: list[tuple[int, int]] = []
        width = 0
        for token in tokens:
            if token < _GROUP:
                terms.append((token, width))
                width += 1
            else:
                group = token - _GROUP
                its = range(self._first[group], self._first[group + 1])
                terms += [(self._group_terms[at], width + self._group_offsets[at]) for at in its]
                width += self._width[group]
        return self._new_group(terms, width)

    def _word(self, word: str) -> int:
        """The token of a written word."""
        token = self._words.get(word)
        if token is None:
            form = self._analyzer.form(word)
            terms = [(self._term(word, term.normalised, term.stem), term.offset) for term in form.terms]
            alone = form.width == 1 and len(terms) == 1 and terms[0][1] == 0
            token = self._words[word] = terms[0][0] if alone else self._new_group(terms, form.width)
        return token

    def _new_group(self, terms: Sequence[tuple[int, int]], width: int) -> int:
        self._group_terms.extend([term for term, _ in terms])
        self._group_offsets.extend([offset for _, offset in terms])
        self._first.append(len(self._group_terms))
        self._width.append(width)
        return _GROUP + len(self._width) - 1

    def _with_unknown(self, units: PreTokens, tokens: Array, unknown: Array) -> tuple[Array, Array]:
        """The tokens and counts when some units are not told by their symbols: those are tokenized, neighbours at once."""
        text_of = np.searchsorted(np.cumsum(units.counts), unknown, "right")
        apart = np.flatnonzero((np.diff(unknown) != 1) | (np.diff(text_of) != 0)) + 1
        first, last = unknown[np.append(0, apart)], unknown[np.append(apart, len(unknown)) - 1]
        pieces = []
        changes = np.zeros(len(units.counts), np.int64)
        at = 0
        words = self._analyzer.tokenizer.words
        bounds = zip(first.tolist(), last.tolist(), text_of[np.append(0, apart)].tolist(), strict=True)
        for (low, high, text), run in zip(bounds, units.runs(first, last), strict=True):
            found = [self._word(word) for word in words(run)]
            pieces += [tokens[at:low], np.array(found, np.uint32)]
            at = high + 1
            changes[text] += len(found) - (at - low)
        pieces.append(tokens[at:])
        return np.concatenate(pieces), units.counts + changes

    def reached(self, tokens: Array, bounds: Array) -> tuple[Array, Array]:
        """How many positions, and how many terms, the tokens before each of `bounds` have; these are indices, rising."""
        groups, first, last, width = self._groups(tokens)
        before = np.searchsorted(groups, bounds)
        return bounds + _sums(width - 1)[before], bounds + _sums(last - first - 1)[before]

    def expand(self, tokens: Array) -> Expansion:
        """The terms of `tokens`."""
        groups, first, last, width = self._groups(tokens)
        positions = np.arange(len(tokens), dtype=np.uint32)
        if not len(groups):
            return Expansion(tokens, positions)
        positions += np.repeat(_sums(width - 1).astype(np.uint32), np.diff(groups, prepend=-1, append=len(tokens) - 1))
        counts = np.ones(len(tokens), np.int64)
        counts[groups] = last - first
        terms, positions = np.repeat(tokens, counts), np.repeat(positions, counts)
        to = concat_ranges(groups + _sums(last - first - 1)[:-1], last - first)
        of = concat_ranges(first, last - first)
        terms[to] = np.array(self._group_terms, np.uint32)[of]
        positions[to] += np.array(self._group_offsets, np.uint32)[of]
        return Expansion(terms, positions)

    def _groups(self, tokens: Array) -> tuple[Array, Array, Array, Array]:
        """Which of the tokens are groups; of each, where its terms begin and end, and its width."""
        groups = np.flatnonzero(tokens >= _GROUP)
        group = (tokens[groups] - np.uint32(_GROUP)).astype(np.int64)
        firsts = np.array(self._first, np.int64)
        return groups, firsts[group], firsts[group + 1], np.array(self._width, np.int64)[group]


def _sums(values: Array) -> Array:
    """The sums of all before each, and of all."""
    return np.concatenate(([0], np.cumsum(values)))


def _windows(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Runs of texts, or pieces of one long text, of `_WINDOW` characters or little more; and the number of the first.

    A text is divided at white space alone; what has none for long stays in one.
    """
    start = size = 0
    for number, text in enumerate(texts):
        if len(text) <= _WINDOW:
            size += len(text)
            if size > _WINDOW:
                yield start, texts[start : number + 1]
                start, size = number + 1, 0
            continue
        if start < number:
            yield start, texts[start:number]
        at = 0
        while at < len(text):
            end = min((end for space in " \n" if (end := text.find(space, at + _WINDOW)) >= 0), default=len(text))
            yield number, [text[at:end]]
            at = end
        start, size = number + 1, 0
    if start < len(texts):
        yield start, texts[start:]
