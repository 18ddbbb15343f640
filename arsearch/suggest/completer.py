"""Complete a query that is being typed: words of the index, and phrases of its headlines.

The last word is the beginning of a word, and the words before it are whole. Words are compared in their normalised form, and the
article may be left out: احق begins الأحقاف too. Words without the article come first, and take half of the places or more.
The work is bounded even for a short beginning: it covers the most common words with that beginning, and the newest
headlines that have them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, MutableMapping, Sequence
from itertools import chain, islice, zip_longest
from typing import NamedTuple

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.model import Suggestion
from arsearch.model.schema import NORMALISED
from arsearch.search.clauses import PhraseClause, TermsClause
from arsearch.suggest.candidates import CandidateGenerator
from arsearch.suggest.term_source import TermSource, Words

__all__ = ["Completer"]

_TITLE = "title"
_MAX_CHARACTERS = 1_000
"""The maximum length of a completed text in characters: the articles with each of its words are looked up."""

_MAX_TERMS = 24
"""The maximum number of completions considered for the last word, the most common ones."""

_MAX_WITH_ARTICLE = 12
"""The maximum number of completions considered that have the article beside the letters typed."""

_MAX_TITLES = 96
"""The maximum number of headlines read, the newest ones."""

_MAX_PHRASE = 4
"""The maximum number of words in a phrase, unless more are typed."""

_MIN_TITLES = 2
"""The minimum number of headlines in which a phrase occurs."""

_MAX_COUNTED = 8
"""The maximum number of completions counted beside the words before the last one, the most common ones."""

_MAX_FORMS = 20_000
"""The written words whose analysis is kept, about 10 MB."""

_ARTICLE = "ال"
_ARABIC = re.compile("[ء-غف-ي]+").fullmatch

_Key = tuple[str, ...]


class _PhraseCount(NamedTuple):
    """The number of times that a phrase or word occurs in the headlines read, and its most common form there."""

    occurrences: int
    text: str


_ABSENT = _PhraseCount(0, "")


class Completer:
    """Completes one text on one commit. `forms` caches at most `_MAX_FORMS` analysed words."""

    def __init__(self, source: TermSource, analyzer: ArabicAnalyzer, forms: MutableMapping[str, Form]) -> None:
        self._source = source
        self._analyzer = analyzer
        self._forms = forms
        self._generator = CandidateGenerator(source, analyzer)
        self._fields = tuple(field.name for field in source.schema if field.default)

    def complete(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """Complete a text; see `arsearch.Index.suggest`."""
        words = self._analyzer.tokenizer.words(text) if len(text) <= _MAX_CHARACTERS else []
        whole, last = (words, "") if text[-1:].isspace() else (words[:-1], "".join(words[-1:]))
        prefix = self._analyzer.normalizer.normalise(last)
        if not words or limit < 1 or (last and not prefix):
            return ()
        keys = tuple(map(self._key, whole))
        counts = self._phrase_counts(whole, keys, prefix)
        phrases = self._phrases(counts, limit, "" if keys else prefix)
        if keys:
            co_occurring = self._co_occurring(whole, prefix, counts) if len(phrases) < limit else []
            return tuple([*phrases, *co_occurring][:limit])
        singles = self._words(prefix, max(limit - len(phrases), -(-limit // 2)), counts)
        return tuple([*singles, *phrases][:limit])

    def _form(self, word: str) -> Form:
        form = self._forms.get(word)
        if form is None:
            if len(self._forms) >= _MAX_FORMS:
                self._forms.clear()
            form = self._forms[word] = self._analyzer.form(word)
        return form

    def _key(self, word: str) -> str:
        """Return the normalised form of a written word, also if it has several terms."""
        return "".join([term.normalised for term in self._form(word).terms])

    def _is_stop(self, word: str) -> bool:
        return all(term.stop for term in self._form(word).terms)

    def _completions(self, prefix: str, fields: Sequence[str]) -> list[str]:
        """Return the most common terms with a prefix, in turn with the most common terms with the article before it."""
        own, *others = (self._terms_with_prefix(beginning, fields) for beginning in _beginnings(prefix))
        with_article = others[0][:_MAX_WITH_ARTICLE] if others else []
        return [term for term in chain.from_iterable(zip_longest(own, with_article)) if term]

    def _terms_with_prefix(self, prefix: str, fields: Sequence[str]) -> list[str]:
        """Return the most common terms with a prefix, without stop words, the most common first."""
        frequencies: dict[str, int] = {}
        for field in fields:
            for term, count in self._source.prefixed_terms(prefix, field, 2 * _MAX_TERMS).items():
                frequencies[term] = max(count, frequencies.get(term, 0))
        ranked = sorted(frequencies, key=lambda term: (-frequencies[term], term))
        return list(islice((term for term in ranked if not self._is_stop(term)), _MAX_TERMS))

    def _all_of(self, words: Sequence[str], fields: tuple[str, ...]) -> list[Words]:
        """Return what an article with every term of some words has."""
        return [Words((term.normalised,), fields) for word in words for term in self._form(word).terms]

    def _words(self, prefix: str, limit: int, counts: dict[_Key, _PhraseCount]) -> list[Suggestion]:
        """Return completions of the last word as it begins, then with the article, by the number of their articles."""
        terms = self._completions(prefix, self._fields)[:limit]
        counted = dict(zip(terms, self._source.counts([], [Words((one,), self._fields) for one in terms]), strict=True))
        ranked = sorted(counted, key=lambda term: (not term.startswith(prefix), -counted[term], term))
        return [Suggestion(self._surface_form(term, counts), counted[term]) for term in ranked if counted[term]]

    def _co_occurring(self, whole: Sequence[str], prefix: str, counts: dict[_Key, _PhraseCount]) -> list[Suggestion]:
        """Return the whole words with completions of the last one, by the number of articles with all side by side."""
        if not prefix:
            return []
        keys = tuple(map(self._key, whole))
        terms = [
            term
            for term in self._completions(prefix, self._fields)
            if counts.get((*keys, term), _ABSENT).occurrences < _MIN_TITLES
        ]
        together = self._source.counts(
            self._all_of(whole, self._fields), [Words((term,), self._fields) for term in terms]
        )
        shared = dict(zip(terms, together, strict=True))
        common = sorted(filter(shared.__getitem__, shared), key=lambda term: -shared[term])[:_MAX_COUNTED]
        articles = self._adjacent([[*whole, term] for term in common], self._fields)
        ranked = sorted(zip((-count for count in articles), common, strict=True))
        before = " ".join(whole)
        return [
            Suggestion(f"{before} {self._surface_form(term, counts)}", -negated) for negated, term in ranked if negated
        ]

    def _surface_form(self, term: str, counts: dict[_Key, _PhraseCount]) -> str:
        return self._unvocalised(counts[term,]) if (term,) in counts else self._generator.surface_form((term,))

    def _unvocalised(self, phrase: _PhraseCount) -> str:
        """Return the most common form of a phrase, without vowel marks."""
        return " ".join(map(self._analyzer.normalizer.surface, phrase.text.split()))

    def _phrase_counts(self, whole: Sequence[str], keys: _Key, prefix: str) -> dict[_Key, _PhraseCount]:
        """Count the phrases and the words of headlines that begin with the whole words and the prefix."""
        longest = max(_MAX_PHRASE, len(whole) + 1)
        forms: dict[_Key, Counter[str]] = {}
        for title in self._titles(whole, prefix):
            spans = self._analyzer.tokenizer.spans(title)
            title_keys = [self._key(title[slice(*span)]) for span in spans]
            for start, end in _occurrences(title_keys, keys, prefix):
                for stop in range(end, min(start + longest, len(title_keys)) + 1):
                    if stop > start + 1 and title[spans[stop - 2][1] : spans[stop - 1][0]].strip():
                        break  # punctuation ends a phrase
                    text = title[spans[start][0] : spans[stop - 1][1]]
                    forms.setdefault(tuple(title_keys[start:stop]), Counter())[text] += 1
        return {key: _PhraseCount(texts.total(), _most_common(texts)) for key, texts in forms.items()}

    def _titles(self, whole: Sequence[str], prefix: str) -> Iterator[str]:
        """Yield the newest headlines with the words in them; without whole words, as many for each common completion."""
        terms = self._completions(prefix, [_TITLE]) if prefix else []
        if prefix and not terms:
            return
        if whole:
            needed = self._all_of(whole, (_TITLE,)) + ([Words(tuple(terms), (_TITLE,))] if prefix else [])
            yield from self._source.newest_titles([needed], _MAX_TITLES)
            return
        common = terms[:_MAX_COUNTED]
        share = _MAX_TITLES // len(common)
        yield from self._source.newest_titles([[Words((term,), (_TITLE,))] for term in common], share)

    def _phrases(self, counts: dict[_Key, _PhraseCount], limit: int, prefix: str) -> list[Suggestion]:
        """Return phrases by the number of headlines that have them; a phrase that always continues as a longer one is left out.

        Phrases that begin with `prefix` come before phrases with the article before it.
        """
        keys = [key for key, one in counts.items() if len(key) > 1 and not self._is_stop(one.text.split()[-1])]
        longer = {key[:-1]: counts[key].occurrences for key in sorted(keys, key=lambda key: counts[key].occurrences)}
        chosen = [key for key in keys if counts[key].occurrences >= max(_MIN_TITLES, longer.get(key, 0) + 1)]
        chosen.sort(key=lambda key: (not key[0].startswith(prefix), -counts[key].occurrences, key))
        chosen = chosen[:limit]
        found = self._adjacent([counts[key].text.split() for key in chosen], [_TITLE])
        articles = dict(zip(chosen, found, strict=True))
        ranked = sorted(articles, key=lambda key: (not key[0].startswith(prefix), -articles[key], key))
        return [Suggestion(self._unvocalised(counts[key]), articles[key], phrase=True) for key in ranked]

    def _adjacent(self, phrases: Sequence[Sequence[str]], fields: Sequence[str]) -> list[int]:
        """Return the number of articles with the words of each phrase side by side, in the field where most have them."""
        return self._source.phrase_frequencies(list(map(self._phrase, phrases)), fields) if phrases else []

    def _phrase(self, words: Sequence[str]) -> PhraseClause:
        terms: list[tuple[int, TermsClause]] = []
        position = 0
        for word in words:
            form = self._form(word)
            terms += [(position + term.offset, TermsClause(NORMALISED, (term.normalised,))) for term in form.terms]
            position += form.width
        return PhraseClause(tuple(terms))


def _beginnings(prefix: str) -> _Key:
    """Return a prefix, and the prefix behind the article unless words with it begin with the prefix anyway."""
    with_article = _ARTICLE + prefix
    return (prefix, with_article) if _ARABIC(prefix) and not with_article.startswith(prefix) else (prefix,)


def _occurrences(keys: Sequence[str], whole: _Key, prefix: str) -> Iterator[tuple[int, int]]:
    """Yield the range `[start, end)` of each occurrence of the whole words followed by a word that begins so."""
    size, beginnings = len(whole), _beginnings(prefix)
    for start in range(len(keys) - size):
        if (
            keys[start + size].startswith(beginnings)
            and keys[start + size]
            and tuple(keys[start : start + size]) == whole
        ):
            yield start, start + size + 1


def _most_common(forms: Counter[str]) -> str:
    return min(forms, key=lambda text: (-forms[text], text))
