"""What a query that is being typed may become: words of the index, and phrases of its headlines.

The last word is the beginning of one, the words before it are whole; both are compared in their normalised form.
The work is bounded, however short the beginning: of the words that begin so, and of the headlines that have them, the
commonest and the newest so many are looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, MutableMapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.index.codec.array_file import Array
from arsearch.index.matching.lookup import TermLookup
from arsearch.index.reader.segment import NORMALISED
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.suggest.candidates import CandidateGenerator
from arsearch.model import Suggestion
from arsearch.search.clauses import PhraseClause, TermsClause

__all__ = ["Completer"]

_TITLE = "title"
_READ = 1_000
"""Characters of the longest text that is completed: the articles with each of its words are looked up."""

_WORDS = 24
"""Words looked at of those that begin as typed, the commonest."""

_TITLES = 96
"""Headlines looked at, the newest."""

_LONGEST = 4
"""Words of a phrase, unless more are typed."""

_FEWEST = 2
"""Headlines that a phrase stands in at least."""

_TRIED = 8
"""Words looked for beside those typed, the commonest."""

_Key = tuple[str, ...]


class _Seen(NamedTuple):
    """A phrase of headlines: how many times it stood in those looked at, and how it was mostly written."""

    times: int
    written: str


_NEVER = _Seen(0, "")


class Completer:
    """Completes one text on one snapshot. `forms` are words whose analysis is known; others are added."""

    def __init__(self, reader: IndexReader, analyzer: ArabicAnalyzer, forms: MutableMapping[str, Form]) -> None:
        self._reader = reader
        self._lookup = TermLookup(reader, analyzer)
        self._analyzer = analyzer
        self._forms = forms
        self._lookalikes = CandidateGenerator(reader, analyzer)
        self._fields = [field.name for field in reader.schema if field.default]

    def complete(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """See `arsearch.Index.suggest`."""
        words = self._analyzer.tokenizer.words(text) if len(text) <= _READ else []
        whole, last = (words, "") if text[-1:].isspace() else (words[:-1], "".join(words[-1:]))
        begin = self._analyzer.normalizer.normalise(last)
        if not words or limit < 1 or (last and not begin):
            return ()
        keys = tuple(map(self._key, whole))
        seen = self._seen(whole, keys, begin)
        phrases = self._phrases(seen, limit)
        if keys:
            beside = self._co_occurring(whole, begin, seen) if len(phrases) < limit else []
            return tuple([*phrases, *beside][:limit])
        singles = self._words(begin, max(limit - len(phrases), -(-limit // 2)), seen)
        return tuple([*singles, *phrases][:limit])

    def _form(self, word: str) -> Form:
        form = self._forms.get(word)
        if form is None:
            form = self._forms[word] = self._analyzer.form(word)
        return form

    def _key(self, word: str) -> str:
        """What a written word is compared by: its normalised form, also if it is several terms."""
        return "".join([term.normalised for term in self._form(word).terms])

    def _stop(self, word: str) -> bool:
        return all(term.stop for term in self._form(word).terms)

    def _beginning(self, begin: str, fields: Sequence[str]) -> list[str]:
        """The commonest terms that begin so, stop words left out, the commonest first."""
        counts: dict[str, int] = {}
        for field in fields:
            found: Counter[str] = Counter()
            for segment in self._reader.segments:
                lists = segment.postings(field, NORMALISED)
                low, high = lists.terms.prefix_range(begin) if lists is not None else (0, 0)
                if lists is None or low == high:
                    continue
                numbers = np.diff(lists.posting_offsets[low : high + 1])
                some = np.arange(high - low)
                if len(some) > 2 * _WORDS:
                    some = np.sort(np.argpartition(numbers, -2 * _WORDS)[-2 * _WORDS :])
                found.update(dict(zip(lists.terms.get_many(some + low), numbers[some].tolist(), strict=True)))
            counts.update((term, count) for term, count in found.items() if count > counts.get(term, 0))
        ranked = sorted(counts, key=lambda term: (-counts[term], term))
        return list(islice((term for term in ranked if not self._stop(term)), _WORDS))

    def _having(self, terms: Sequence[str], fields: Sequence[str]) -> Array:
        """Which articles have any of the terms in any of the fields."""
        clause = TermsClause(NORMALISED, tuple(terms))
        having = np.zeros(self._reader.docs, bool)
        for field in fields:
            having[self._lookup.postings(clause, field)[0]] = True
        return having

    def _with_all(self, words: Sequence[str], fields: Sequence[str]) -> Array:
        """Which articles have every term of some words."""
        having = np.ones(self._reader.docs, bool)
        for term in (term.normalised for word in words for term in self._form(word).terms):
            having &= self._having([term], fields)
        return having

    def _words(self, begin: str, count: int, seen: dict[_Key, _Seen]) -> list[Suggestion]:
        """The last word completed, by how many articles have it."""
        terms = self._beginning(begin, self._fields)[:count]
        found = [(-int(np.count_nonzero(self._having([term], self._fields))), term) for term in terms]
        return [Suggestion(self._written(term, seen), -number) for number, term in sorted(found) if number]

    def _co_occurring(self, whole: Sequence[str], begin: str, seen: dict[_Key, _Seen]) -> list[Suggestion]:
        """The typed words with the last one completed, by how many articles have them side by side."""
        having = self._with_all(whole, self._fields)
        keys = tuple(map(self._key, whole))
        if not begin or not having.any():
            return []
        terms = [
            term for term in self._beginning(begin, self._fields) if seen.get((*keys, term), _NEVER).times < _FEWEST
        ]
        shared = {term: int(np.count_nonzero(having & self._having([term], self._fields))) for term in terms}
        tried = sorted((term for term in terms if shared[term]), key=lambda term: -shared[term])[:_TRIED]
        found = [(-max(len(self._together([*whole, term], field)) for field in self._fields), term) for term in tried]
        before = " ".join(whole)
        return [
            Suggestion(f"{before} {self._written(term, seen)}", -number) for number, term in sorted(found) if number
        ]

    def _written(self, term: str, seen: dict[_Key, _Seen]) -> str:
        return self._shown(seen[term,]) if (term,) in seen else self._lookalikes.written((term,))

    def _shown(self, phrase: _Seen) -> str:
        """A phrase as it was mostly written, without vowel marks."""
        return " ".join(map(self._analyzer.normalizer.surface, phrase.written.split()))

    def _seen(self, whole: Sequence[str], wanted: _Key, begin: str) -> dict[_Key, _Seen]:
        """The phrases of headlines that begin so, and the single words."""
        longest = max(_LONGEST, len(whole) + 1)
        counts: Counter[_Key] = Counter()
        written: dict[_Key, Counter[str]] = {}
        for title in self._titles(whole, begin):
            spans = self._analyzer.tokenizer.spans(title)
            keys = [self._key(title[slice(*span)]) for span in spans]
            for at, end in _places(keys, wanted, begin):
                for stop in range(end, min(at + longest, len(keys)) + 1):
                    if stop > at + 1 and title[spans[stop - 2][1] : spans[stop - 1][0]].strip():
                        break  # punctuation: two phrases
                    key = tuple(keys[at:stop])
                    counts[key] += 1
                    written.setdefault(key, Counter())[title[spans[at][0] : spans[stop - 1][1]]] += 1
        return {key: _Seen(count, _commonest(written[key])) for key, count in counts.items()}

    def _titles(self, whole: Sequence[str], begin: str) -> Iterator[str]:
        """Headlines with the words in them, the newest; those of several completions by turns."""
        terms = self._beginning(begin, [_TITLE]) if begin else []
        if begin and not terms:
            return
        if whole:
            having = self._with_all(whole, [_TITLE])
            if begin:
                having &= self._having(terms, [_TITLE])
            chosen = np.flatnonzero(having)[-_TITLES:]
        else:
            share = _TITLES // min(len(terms), _TRIED)
            newest = [np.flatnonzero(self._having([term], [_TITLE]))[-share:] for term in terms[:_TRIED]]
            chosen = np.unique(np.concatenate(newest))
        for doc in chosen.tolist():
            segment, local = self._reader.resolve(doc)
            yield segment.title(local)

    def _phrases(self, seen: dict[_Key, _Seen], limit: int) -> list[Suggestion]:
        """Phrases by how many headlines have them; none that is always part of the same longer one."""
        whole = [key for key, one in seen.items() if len(key) > 1 and not self._stop(one.written.split()[-1])]
        longer = {key[:-1]: seen[key].times for key in sorted(whole, key=lambda key: seen[key].times)}
        chosen = [key for key in whole if seen[key].times >= max(_FEWEST, longer.get(key, 0) + 1)]
        chosen.sort(key=lambda key: (-seen[key].times, key))
        found = [(-len(self._together(seen[key].written.split(), _TITLE)), key) for key in chosen[:limit]]
        return [Suggestion(self._shown(seen[key]), -number, phrase=True) for number, key in sorted(found)]

    def _together(self, words: Sequence[str], field: str) -> Array:
        """The articles in which words stand side by side."""
        parts: list[tuple[int, TermsClause]] = []
        place = 0
        for word in words:
            form = self._form(word)
            parts += [(place + term.offset, TermsClause(NORMALISED, (term.normalised,))) for term in form.terms]
            place += form.width
        return self._lookup.postings(PhraseClause(tuple(parts)), field)[0]


def _places(keys: Sequence[str], whole: _Key, begin: str) -> Iterator[tuple[int, int]]:
    """Where the whole words and the beginning of another stand, and where that ends."""
    size = len(whole)
    for at in range(len(keys) - size):
        if keys[at + size].startswith(begin) and keys[at + size] and tuple(keys[at : at + size]) == whole:
            yield at, at + size + 1


def _commonest(written: Counter[str]) -> str:
    return min(written, key=lambda text: (-written[text], text))
