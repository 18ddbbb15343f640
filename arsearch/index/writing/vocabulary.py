"""Analyse each distinct pre-token once, and turn texts into arrays of tokens, four bytes each.

Arabic inflection is a property of the vocabulary: nine million words of news have 315,000 distinct forms.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import compress, islice
from operator import eq

import numpy as np

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.batch import normalised_words, stems
from arsearch.index.codec.array_file import Array
from arsearch.index.writing.hash_table import ABSENT, VectorHashTable
from arsearch.index.writing.pretokenizer import PreTokens, is_single_word, pretokenize, text_windows
from arsearch.index.writing.token_groups import TokenGroups

__all__ = ["Vocabulary"]

_STRING_BYTES = 230
_TERM_BYTES = 17
"""The memory of a string with its place in a dict (measured), and of a term in a list and arrays."""


class Vocabulary:
    """Numbers the terms of texts, and keeps the token of each pre-token and word it has analysed.

    A term is a surface form with its normalised form and its stem. The number of a term never changes. `normalised` and
    `stems` list the distinct strings; `normalised_of` and `stem_of` have the index of each term's string in these lists. All
    terms of one normalised form have one stem, unless the analyzer is not nested (see `ArabicAnalyzer.nested`).
    """

    def __init__(self, analyzer: ArabicAnalyzer) -> None:
        self._analyzer = analyzer
        self._is_nested = analyzer.nested
        self.groups = TokenGroups()
        self._short = VectorHashTable(1)
        self._long = VectorHashTable(3)
        self._word_tokens: dict[str, int] = {}
        self._surface_forms: list[str] = []
        self._is_normalised = bytearray()
        self._unshared = 0  # surface forms that differ from their normalised form
        self._normalised: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._stem_of_normalised = array("I")
        self.normalised_of = array("I")
        self.stem_of = array("I")
        self._term_counts = np.zeros(0, np.int64)

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self._surface_forms)

    @property
    def memory(self) -> int:
        """The approximate number of bytes held."""
        strings = self._unshared + len(self._normalised) + len(self._stems) + len(self._word_tokens)
        others = _TERM_BYTES * len(self._surface_forms) + self.groups.memory
        return strings * _STRING_BYTES + others + self._short.nbytes + self._long.nbytes

    @property
    def normalised(self) -> list[str]:
        """The normalised forms, in order of discovery."""
        return list(self._normalised)

    @property
    def stems(self) -> list[str]:
        """The stems, in order of discovery."""
        return list(self._stems)

    @property
    def surface_forms(self) -> Sequence[str]:
        """The surface form of each term."""
        return self._surface_forms

    @property
    def is_normalised(self) -> Array:
        """Whether the surface form of each term equals its normalised form."""
        return np.frombuffer(bytes(self._is_normalised), bool)

    def count(self, counts: Array) -> None:
        """Record the number of occurrences of each term in a segment."""
        counts = counts.copy()
        counts[: len(self._term_counts)] += self._term_counts
        self._term_counts = counts

    def most_frequent(self, limit: int) -> Vocabulary:
        """Return a vocabulary of the `limit` most frequent terms.

        Rare words are analysed again when they occur again; an empty vocabulary would have to analyse the common ones too.
        """
        counts = np.zeros(len(self), np.int64)
        counts[: len(self._term_counts)] = self._term_counts
        kept = np.sort(np.argsort(-counts, kind="stable")[:limit])
        new_number = np.full(len(self), ABSENT, np.uint32)
        new_number[kept] = np.arange(len(kept), dtype=np.uint32)
        smaller = Vocabulary(self._analyzer)
        surface_forms, normalised, stems = self._surface_forms, self.normalised, self.stems
        for term in kept.tolist():
            smaller._new_term(surface_forms[term], normalised[self.normalised_of[term]], stems[self.stem_of[term]])
        for table, smaller_table in ((self._short, smaller._short), (self._long, smaller._long)):
            keys, tokens = table.items()
            chosen = np.flatnonzero(tokens < len(new_number))  # leaves out the groups, which are few
            chosen = chosen[new_number[tokens[chosen]] != ABSENT]
            smaller_table.insert([word[chosen] for word in keys], new_number[tokens[chosen]])
        for word, token in self._word_tokens.items():
            if token < len(new_number) and new_number[token] != ABSENT:
                smaller._word_tokens[word] = int(new_number[token])
        return smaller

    def tokens(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """Return the tokens of all texts, one text after another, and the number of tokens of each text."""
        counts = np.zeros(len(texts), np.int64)
        tokens = []
        for first, pieces in text_windows(texts):
            window_tokens, window_counts = self._window_tokens(pieces)
            tokens.append(window_tokens)
            counts[first : first + len(pieces)] += window_counts
        return np.concatenate(tokens) if tokens else np.empty(0, np.uint32), counts

    def _window_tokens(self, texts: Sequence[str]) -> tuple[Array, Array]:
        pretokens = pretokenize(texts)
        tokens = np.full(len(pretokens.starts), ABSENT, np.uint32)
        short = pretokens.lengths <= 8
        for table, width, which in (
            (self._short, 1, np.flatnonzero(short & pretokens.packable)),
            (self._long, 3, np.flatnonzero(~short & pretokens.packable)),
        ):
            keys = pretokens.packed_symbols(which, width)
            found = table.find(keys)
            new = np.flatnonzero(found == ABSENT)
            if len(new):
                keys = [word[new] for word in keys]
                self._learn(table, pretokens, which[new], keys)
                found[new] = table.find(keys)
            tokens[which] = found
        rest = np.flatnonzero(~pretokens.packable)
        if len(rest):
            return self._with_unpackable(pretokens, tokens, rest)
        return tokens, pretokens.counts

    def _learn(self, table: VectorHashTable, pretokens: PreTokens, new: Array, keys: list[Array]) -> None:
        """Analyse the pre-tokens `new`, which the table lacks, and insert them with their tokens. They may repeat."""
        order = np.lexsort(keys)
        ordered = [word[order] for word in keys]
        distinct = np.ones(len(order), bool)
        distinct[1:] = np.any([word[1:] != word[:-1] for word in ordered], axis=0)
        texts = pretokens.texts(new[order[distinct]])
        keys = [word[distinct] for word in ordered]
        single = is_single_word(keys) & self._is_nested
        values = np.empty(len(texts), np.uint32)
        values[single] = self._single_words(list(compress(texts, single.tolist())))
        values[~single] = [self._pretoken(text) for text in compress(texts, (~single).tolist())]
        table.insert(keys, values)

    def _single_words(self, words: list[str]) -> list[int]:
        """Return the tokens of distinct pre-tokens that are one word each. All of them are analysed together."""
        if not words:
            return []
        found = normalised_words(self._analyzer, words)
        others = [at for at, key in enumerate(found) if key is None]
        surface, keys = words, found
        if others:
            is_plain = [key is not None for key in found]
            surface, keys = list(compress(words, is_plain)), list(compress(found, is_plain))
        first_term = len(self)
        forms, stem_numbers, stem_of_normalised = self._normalised, self._stems, self._stem_of_normalised
        old_count = len(forms)
        numbers = [forms.setdefault(key, len(forms)) for key in keys]  # type: ignore[arg-type]
        new_forms = list(islice(reversed(forms), len(forms) - old_count))[::-1]
        new_stems = stems(self._analyzer, new_forms)
        stem_of_normalised.extend([stem_numbers.setdefault(stem, len(stem_numbers)) for stem in new_stems])
        same = bytes(map(eq, surface, keys))
        self._is_normalised += same
        self._unshared += len(same) - sum(same)
        # Of two equal strings only one is kept.
        self._surface_forms += [key if equal else word for word, key, equal in zip(surface, keys, same, strict=True)]  # type: ignore[misc]
        self.normalised_of.extend(numbers)
        self.stem_of.extend([stem_of_normalised[number] for number in numbers])
        tokens = list(range(first_term, len(self)))
        for at in others:  # ascending, for each insertion relies on those before it
            tokens.insert(at, self._pretoken(words[at]))
        return tokens

    def _new_term(self, surface: str, normalised: str, stem: str) -> int:
        form, stem_number = self._normalised.get(normalised), self._stems.setdefault(stem, len(self._stems))
        if form is None:
            form = self._normalised[normalised] = len(self._normalised)
            self._stem_of_normalised.append(stem_number)
        self._surface_forms.append(surface)
        self._is_normalised.append(surface == normalised)
        self._unshared += surface != normalised
        self.normalised_of.append(form)
        self.stem_of.append(stem_number)
        return len(self) - 1

    def _pretoken(self, text: str) -> int:
        """Return the token of a pre-token: that of its only word, or a group of the terms of its words."""
        return self.groups.merge([self._word(word) for word in self._analyzer.tokenizer.words(text)])

    def _word(self, word: str) -> int:
        """Return the token of a word."""
        token = self._word_tokens.get(word)
        if token is None:
            form = self._analyzer.form(word)
            terms = [(self._new_term(word, term.normalised, term.stem), term.offset) for term in form.terms]
            is_term = form.width == 1 and len(terms) == 1 and terms[0][1] == 0
            token = self._word_tokens[word] = terms[0][0] if is_term else self.groups.add(terms, form.width)
        return token

    def _with_unpackable(self, pretokens: PreTokens, tokens: Array, rest: Array) -> tuple[Array, Array]:
        """Return all tokens and their counts by text. The pre-tokens `rest` are tokenized here, neighbours together."""
        text_of = np.searchsorted(np.cumsum(pretokens.counts), rest, "right")
        breaks = np.flatnonzero((np.diff(rest) != 1) | (np.diff(text_of) != 0)) + 1
        first, last = rest[np.append(0, breaks)], rest[np.append(breaks, len(rest)) - 1]
        parts = []
        changes = np.zeros(len(pretokens.counts), np.int64)
        at = 0
        words = self._analyzer.tokenizer.words
        bounds = zip(first.tolist(), last.tolist(), text_of[np.append(0, breaks)].tolist(), strict=True)
        for (low, high, text), run in zip(bounds, pretokens.runs(first, last), strict=True):
            run_tokens = [self._word(word) for word in words(run)]
            parts += [tokens[at:low], np.array(run_tokens, np.uint32)]
            at = high + 1
            changes[text] += len(run_tokens) - (at - low)
        parts.append(tokens[at:])
        return np.concatenate(parts), pretokens.counts + changes
