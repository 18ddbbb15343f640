"""Tokens as Whoosh wants them, from `ArabicAnalyzer`'s.

What: `whoosh_tokens`, behind `ArabicAnalyzer.__call__`, so that the analyzer works in any Whoosh schema. Why apart:
this is the only module of the room that imports Whoosh. Source: Whoosh 2.7.4's `RegexTokenizer`, whose signature it
has, and the ways Whoosh calls analyzers (fields.py, qparser/default.py, highlight.py).

What a Whoosh field gets:
- the stem of each term; with `no_morph=True` (Whoosh's speller) or `tokenize=False` (prefixes, wildcards) the
  normalised form, for a pattern must never be stemmed;
- positions that never decrease, the parts of a compound one after another over the same characters;
- stop words too, unmarked: a phrase that skips them does not match the text it was taken from;
- in query mode one token a position: of #وسم_مركب its words, not the whole, and of a text with ﷺ everything but ﷺ.

Unlike Whoosh's own tokenizers it yields a new token each time, so that a list of them is a list of different tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from whoosh.analysis import Token as WhooshToken

if TYPE_CHECKING:
    from arsearch.analyzers.analyzer import ArabicAnalyzer
    from arsearch.analyzers.tokens import Token

__all__ = ["whoosh_tokens"]


def whoosh_tokens(
    analyzer: ArabicAnalyzer,
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
    """The Whoosh tokens of `value`, in order of position. Raises `TypeError` if it is no string."""
    if not isinstance(value, str):
        raise TypeError(f"the analyzer takes a string, not {value!r}")

    def made(text: str, original: str, position: int, start: int, end: int) -> WhooshToken:
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
        yield made(analyzer.normalizer.normalise(value), value, 0, 0, len(value))
        return
    chosen = _for_query(analyzer, value) if mode == "query" else _for_index(analyzer, value)
    seen: set[tuple[int, str]] = set()
    for position, token in chosen:
        text = token.term.normalised if no_morph else token.term.stem
        if (position, text) not in seen:
            seen.add((position, text))
            yield made(text, token.text, position, token.start, token.end)


def _for_index(analyzer: ArabicAnalyzer, text: str) -> Iterable[tuple[int, Token]]:
    """Each token with its position, sorted, because the words of ﷺ stand over those that follow it."""
    return sorted(((token.position, token) for token in analyzer.analyze(text)), key=lambda pair: pair[0])


def _for_query(analyzer: ArabicAnalyzer, text: str) -> Iterable[tuple[int, Token]]:
    """The smallest term at each position of each written word, numbered one by one; what has no width is left out.

    If nothing has a width, the words of ﷺ are what is asked for.
    """
    wide: list[Token] = []
    flat: list[Token] = []
    for _, tokens in groupby(analyzer.analyze(text), key=lambda token: token.start):
        smallest = {token.term.offset: token for token in tokens}
        chosen = [smallest[offset] for offset in sorted(smallest)]
        (wide if analyzer.form(chosen[0].text).width else flat).extend(chosen)
    return enumerate(wide or flat)
