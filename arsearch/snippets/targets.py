"""What to mark: matchers say whether a written word is meant, targets combine them into words and phrases.

A matcher sees one `Term` of the article at a time and answers with the strictest `Level` at which it matches
(notes on levels in `arsearch.model.Level`). The levels are nested: terms with an equal surface have equal
normalised forms, and so on down to the stem; `TermMatcher` relies on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from arsearch.model import Level
from arsearch.snippets.vocalisation import Letters, agrees, vowels

if TYPE_CHECKING:
    from arsearch.analyzers.tokens import Term

__all__ = [
    "AnyMatcher",
    "HighlightTarget",
    "Key",
    "PatternMatcher",
    "SetMatcher",
    "TermMatcher",
    "WordMatcher",
    "term_keys",
    "wanted_forms",
]

Key = Literal["surface", "normalised", "word", "stem"]
"""A form of a `Term` that matchers compare."""

_KEY_OF_FLOOR: dict[Level, Key] = {
    Level.SYNONYM: "stem",
    Level.ROOT: "stem",
    Level.STEM: "stem",
    Level.WORD: "word",
    Level.NORMALISED: "normalised",
    Level.SURFACE: "surface",
    Level.VOCALISED: "surface",
}


@runtime_checkable
class WordMatcher(Protocol):
    """Decides whether one term of an article is meant. Matchers are hashable; of equal ones one is asked."""

    def level(self, term: Term, text: str) -> Level | None:
        """The strictest level at which `term` matches, or `None`; `text` is the written word it came from."""
        ...


@dataclass(frozen=True, slots=True)
class TermMatcher:
    """Matches the terms that equal a query word's, at `floor` or stricter.

    The first five fields are those of the query word's own term. `text` is the query word as typed: if it carries
    vowel marks, words that have all of them at the same letters match at `Level.VOCALISED`; without any it asks for
    none, and that floor is as `Level.SURFACE`. An empty form matches nothing.
    """

    surface: str
    normalised: str
    word: str
    stem: str
    text: str = ""
    floor: Level = Level.STEM
    _vowels: Letters | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_vowels", vowels(self.text))
        if self.floor is Level.VOCALISED and self._vowels is None:
            object.__setattr__(self, "floor", Level.SURFACE)

    @classmethod
    def of(cls, term: Term, text: str, floor: Level = Level.STEM) -> TermMatcher:
        """The matcher of a query word `text` that was analysed to `term`."""
        return cls(term.surface, term.normalised, term.word, term.stem, text, floor)

    @property
    def vocalised(self) -> bool:
        """Whether the query word carries vowel marks."""
        return self._vowels is not None

    @property
    def key(self) -> Key:
        """The loosest form that must be equal."""
        return _KEY_OF_FLOOR[self.floor]

    def level(self, term: Term, text: str) -> Level | None:
        """The strictest level at which the forms are equal, `None` below the floor."""
        key = self.key
        if not getattr(self, key) or getattr(term, key) != getattr(self, key):
            return None
        found = Level.STEM
        if term.surface == self.surface:
            found = Level.VOCALISED if self._vowels and agrees(self._vowels, text) else Level.SURFACE
        elif term.normalised == self.normalised:
            found = Level.NORMALISED
        elif term.word == self.word:
            found = Level.WORD
        return found if found >= self.floor else None


@dataclass(frozen=True, slots=True)
class PatternMatcher:
    """Matches normalised forms by a pattern, `*` any characters and `?` exactly one; a prefix is `كتا*`.

    The pattern is normalised already. Each piece between stars is found leftmost, which decides such patterns without
    backtracking: the work is at most the length of the word times that of the pattern.
    """

    pattern: str
    match_level: Level = Level.NORMALISED
    _pieces: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pieces = ("".join("." if c == "?" else re.escape(c) for c in piece) for piece in self.pattern.split("*"))
        object.__setattr__(self, "_pieces", tuple(re.compile(piece, re.DOTALL) for piece in pieces))

    def level(self, term: Term, text: str) -> Level | None:  # noqa: ARG002
        """`match_level` if the term's normalised form fits the whole pattern."""
        return self.match_level if self.fits(term.normalised) else None

    def fits(self, word: str) -> bool:
        """True if the whole of `word` fits the pattern."""
        first, *rest = self._pieces
        if not rest:
            return first.fullmatch(word) is not None
        if not first.match(word):
            return False
        at = len(self.pattern.partition("*")[0])
        *middle, last = rest
        for piece in middle:
            found = piece.search(word, at)
            if not found:
                return False
            at = found.end()
        start = len(word) - len(self.pattern.rpartition("*")[2])
        return start >= at and last.match(word, start) is not None


@dataclass(frozen=True, slots=True)
class SetMatcher:
    """Matches the terms whose `key` form is one of `terms`, all at one level.

    For expansions the index has worked out: fuzzy matches (normalised forms), words of a root (stems at
    `Level.ROOT`), the spellings of a phrase's first word with its proclitics, synonyms.
    """

    terms: frozenset[str]
    match_level: Level = Level.NORMALISED
    key: Key = "normalised"

    def level(self, term: Term, text: str) -> Level | None:  # noqa: ARG002
        """`match_level` if the term's form is in the set."""
        return self.match_level if getattr(term, self.key) in self.terms else None


@dataclass(frozen=True, slots=True)
class AnyMatcher:
    """Matches what any of several matchers matches, at the strictest of their levels."""

    matchers: tuple[WordMatcher, ...]

    def level(self, term: Term, text: str) -> Level | None:
        """The strictest level any matcher answers with."""
        return max(filter(None, (matcher.level(term, text) for matcher in self.matchers)), default=None)


@dataclass(frozen=True, slots=True)
class HighlightTarget:
    """A word to mark, or with several matchers a phrase; each matcher stands for one position.

    A phrase occurs where its matchers find distinct positions within a window of `len(matchers) + slop` positions:
    at most `slop` positions in between belong to other words. With `slop` 0 they are consecutive. The positions come
    in the order of the matchers, unless `ordered` is false and `slop` is 2 or more: then in any order (a swap of two
    neighbours costs two moves, as in Lucene). Nothing of a phrase is marked where the phrase does not occur.

    `fields` limits the target to those text fields (`None`: all). `weight` says what seeing it is worth when passages
    are chosen, in units of an ordinary word: a stop word less, a rare word more.
    Raises `ValueError` without matchers or with a negative slop.
    """

    matchers: tuple[WordMatcher, ...]
    slop: int = 0
    ordered: bool = True
    fields: frozenset[str] | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.matchers:
            raise ValueError("a target needs at least one matcher")
        if self.slop < 0:
            raise ValueError(f"slop is {self.slop}, not 0 or more positions")

    def reads(self, name: str) -> bool:
        """True if the target is looked for in the field of this name."""
        return self.fields is None or name in self.fields


def term_keys(matcher: WordMatcher) -> Iterable[tuple[Key, str]] | None:
    """The (form, value) pairs of which a term must have one to match at all; `None` if that cannot be listed.

    With it thousands of matchers are looked up instead of asked one by one.
    """
    if isinstance(matcher, TermMatcher):
        return [(matcher.key, getattr(matcher, matcher.key))]
    if isinstance(matcher, SetMatcher):
        return [(matcher.key, term) for term in matcher.terms]
    if isinstance(matcher, AnyMatcher):
        parts = [term_keys(part) for part in matcher.matchers]
        return None if None in parts else [pair for part in parts if part is not None for pair in part]
    return None


def wanted_forms(
    matchers: Iterable[WordMatcher], spellings: Callable[[Collection[str]], Iterable[str]]
) -> set[str] | None:
    """The normalised forms of which a term must have one for any of the matchers; `None` if that cannot be listed.

    `spellings` gives the normalised forms that words of some stems have.
    """
    forms: set[str] = set()
    stems: set[str] = set()
    left = list(matchers)
    while left:
        match left.pop():
            case AnyMatcher(parts):
                left += parts
            case TermMatcher() as one if one.floor >= Level.NORMALISED:
                forms.add(one.normalised)
            case TermMatcher() as one:
                stems.add(one.stem)
            case SetMatcher(terms, _, "normalised"):
                forms |= terms
            case SetMatcher(terms, _, "stem"):
                stems |= terms
            case _:
                return None
    return forms.union(spellings(stems)) if stems else forms
