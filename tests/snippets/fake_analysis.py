"""A small, fast analyzer for the tests of snippets: words end at white space and punctuation, and stems hardly differ.

It has the interface of the real one, and a case of everything that matters here: clitics are removed (و, ب, ال), a
compound takes up two positions, a hashtag stands for itself and its parts, and a word of marks alone takes up none.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from arsearch.analyzers.tokens import Form, Term
from arsearch.snippets import TermMatcher
from arsearch.snippets.targets import HighlightTarget

WORD = re.compile(r"#?[\w\u064b-\u0652\u0670]+")
MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
FOLD = str.maketrans("أإآىة", "ااايه")
COMPOUNDS = {"عبدالله": ("عبد", "الله")}


class FakeTokenizer:
    def spans(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in WORD.finditer(text)]

    def words(self, text: str) -> list[str]:
        return [text[start:end] for start, end in self.spans(text)]


class FakeAnalyzer:
    """Counts the calls of `form` in `calls`."""

    def __init__(self) -> None:
        self.tokenizer = FakeTokenizer()
        self.calls = 0

    def form(self, word: str) -> Form:
        self.calls += 1
        surface = MARKS.sub("", unicodedata.normalize("NFKC", word)).lower()
        if surface.startswith("#"):
            parts = [part for part in surface[1:].split("_") if part]
            whole = _term(0, surface[1:])
            return Form((whole, *(_term(at, part) for at, part in enumerate(parts))), max(1, len(parts)))
        parts = list(COMPOUNDS.get(surface, (surface,) if surface else ()))
        return Form(tuple(_term(at, part) for at, part in enumerate(parts)), len(parts))


def _term(offset: int, surface: str) -> Term:
    normalised = surface.translate(FOLD)
    word = normalised
    for clitic in ("و", "ب", "ال"):
        if word.startswith(clitic) and len(word) - len(clitic) >= 3:
            word = word[len(clitic) :]
    return Term(offset, surface, normalised, word, word.removesuffix("ه").removesuffix("ي"), False)


ANALYZER = FakeAnalyzer()


def target(query: str, **options: Any) -> HighlightTarget:
    """Return the target of a word or, for several words, of a phrase."""
    matchers = [TermMatcher.of(term, word) for word in query.split() for term in FakeAnalyzer().form(word).terms]
    return HighlightTarget(tuple(matchers), **options)
