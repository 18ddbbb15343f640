"""The tokens of an `ArabicAnalyzer` as Whoosh tokens, so that the analyzer works in any Whoosh schema.

`ArabicAnalyzer.__call__` calls `whoosh_tokens`. No other module of this package imports Whoosh.

A Whoosh field gets:

- the stem of each term. With `no_morph=True` (Whoosh's speller) or `tokenize=False` (prefixes, wildcards) it gets the
  normalised form, because a pattern must never be stemmed;
- positions that never decrease. The parts of a compound have consecutive positions over the same characters;
- stop words, unmarked, because a phrase that skips them does not match its own text;
- in query mode, one token for each position: #وسم_مركب becomes its words without the whole, and ﷺ is left out of a
  longer text.

Unlike Whoosh's own tokenizers, `whoosh_tokens` yields a new object for each token, so the tokens can be kept in a list.

Source: the signature of `RegexTokenizer` in Whoosh 2.7.4, and Whoosh's calls of analyzers (fields.py,
qparser/default.py, highlight.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Protocol

from whoosh.analysis import Token as WhooshToken

from arsearch.analyzers.normalizer import Normalizer
from arsearch.analyzers.tokens import Form, Token

__all__ = ["TextAnalyzer", "whoosh_tokens"]


class TextAnalyzer(Protocol):
    """The part of `ArabicAnalyzer` that yields tokens and forms."""

    @property
    def normalizer(self) -> Normalizer: ...

    def analyze(self, text: str) -> list[Token]: ...

    def form(self, word: str) -> Form: ...


def whoosh_tokens(
    analyzer: TextAnalyzer,
    value: str,
    *,
    positions: bool = False,
    chars: bool = False,
    keeporiginal: bool = False,
    removestops: bool = True,
    start_pos: int = 0,
    start_char: int = 0,
    mode: str = "",
    tokenize: bool = True,
    no_morph: bool = False,
    **options: Any,
) -> Iterator[WhooshToken]:
    """Yield the Whoosh tokens of `value`, in order of position. Raises `TypeError` if `value` is no string."""
    if not isinstance(value, str):
        raise TypeError(f"the analyzer takes a string, not {value!r}; decode bytes first")

    def new_token(text: str, original: str, position: int, start: int, end: int) -> WhooshToken:
        token = WhooshToken(positions, chars, removestops=removestops, mode=mode, **options)
        token.text = text
        if keeporiginal:
            token.original = original
        if positions:
            token.pos = start_pos + position
        if chars:
            token.startchar, token.endchar = start_char + start, start_char + end
        return token

    if not tokenize:
        yield new_token(analyzer.normalizer.normalise(value), value, 0, 0, len(value))
        return
    tokens = _query_tokens(analyzer, value) if mode == "query" else _index_tokens(analyzer, value)
    seen: set[tuple[int, str]] = set()
    for position, token in tokens:
        text = token.term.normalised if no_morph else token.term.stem
        if (position, text) not in seen:
            seen.add((position, text))
            yield new_token(text, token.text, position, token.start, token.end)


def _index_tokens(analyzer: TextAnalyzer, text: str) -> Iterable[tuple[int, Token]]:
    """Return each token with its position, sorted, because the words of ﷺ overlap the words that follow."""
    return sorted(((token.position, token) for token in analyzer.analyze(text)), key=lambda pair: pair[0])


def _query_tokens(analyzer: TextAnalyzer, text: str) -> Iterable[tuple[int, Token]]:
    """Return the smallest term at each position of each written word, numbered from 0.

    Words of width 0 are left out, unless the text has no other words: a query of ﷺ alone is a query of its words.
    """
    wide: list[Token] = []
    flat: list[Token] = []
    for _, tokens in groupby(analyzer.analyze(text), key=lambda token: token.start):
        smallest = {token.term.offset: token for token in tokens}
        ordered = [smallest[offset] for offset in sorted(smallest)]
        (wide if analyzer.form(ordered[0].text).width else flat).extend(ordered)
    return enumerate(wide or flat)
