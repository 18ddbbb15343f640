"""Highlight targets, which are words and phrases, and the matchers of their words.

A matcher compares one `Term` of the article at a time and returns the strictest `arsearch.model.Level` at which it
matches. The levels are nested: terms with equal surfaces have equal normalised forms, and so on down to the stem.
`TermMatcher` relies on that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from arsearch.analyzers.tokens import Term
from arsearch.model import Level
from arsearch.snippets.vocalisation import Letters, agrees, vowels

if TYPE_CHECKING:
    from arsearch.analyzers.tokens import Form

__all__ = [
    "AnyMatcher",
    "HighlightTarget",
    "Key",
    "LetteredMatcher",
    "PatternMatcher",
    "SetMatcher",
    "TermMatcher",
    "WordAnalyzer",
    "WordMatcher",
    "WordTokenizer",
    "candidate_forms",
    "level_keys",
    "term_keys",
]

Key = Literal["surface", "normalised", "word", "stem"]
"""A form of a `Term` that matchers compare."""

_KEY_OF_FLOOR: dict[Level, Key] = {
    Level.CORRECTION: "stem",
    Level.SYNONYM: "stem",
    Level.ROOT: "stem",
    Level.STEM: "stem",
    Level.WORD: "word",
    Level.NORMALISED: "normalised",
    Level.SURFACE: "surface",
    Level.VOCALISED: "surface",
}


class WordTokenizer(Protocol):
    """The part of a tokenizer that a highlighter uses."""

    def spans(self, text: str) -> Sequence[tuple[int, int]]:
        """Return the offsets of the written words of `text`, increasing and disjoint.

        A cut of the text at white space must not change the words, except inside a number (1 500 000).
        """
        ...


class WordAnalyzer(Protocol):
    """The part of an analyzer that a highlighter uses; `arsearch.ArabicAnalyzer` is one."""

    @property
    def tokenizer(self) -> WordTokenizer:
        """The tokenizer that finds the written words."""
        ...

    def form(self, word: str) -> Form:
        """Analyse one written word."""
        ...


@runtime_checkable
class WordMatcher(Protocol):
    """Decides whether a term of an article matches. Matchers are hashable, and equal matchers must agree."""

    def level(self, term: Term, text: str) -> Level | None:
        """Return the strictest level at which `term` matches, or `None`; `text` is the written word it came from."""
        ...


@dataclass(frozen=True, slots=True)
class TermMatcher:
    """Matches the terms that equal a query word's term at `floor` or a stricter level.

    The first four fields are the forms of the query word's term; an empty form matches nothing. `text` is the query
    word as typed. If it carries vowel marks, a word that has all of them on the same letters matches at
    `Level.VOCALISED`. If it carries none, no word does, and the floor `Level.VOCALISED` means `Level.SURFACE`.
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
        """Return the matcher of the query word `text`, whose analysis gave `term`."""
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
        """Return the strictest level at which the terms are equal; `None` below the floor."""
        key = self.key
        if not getattr(self, key) or getattr(term, key) != getattr(self, key):
            return None
        level = Level.STEM
        if term.surface == self.surface:
            level = Level.VOCALISED if self._vowels and agrees(self._vowels, text) else Level.SURFACE
        elif term.normalised == self.normalised:
            level = Level.NORMALISED
        elif term.word == self.word:
            level = Level.WORD
        return level if level >= self.floor else None


@dataclass(frozen=True, slots=True)
class PatternMatcher:
    """Matches normalised forms by a pattern: `*` stands for any characters, `?` for exactly one; a prefix is `كتا*`.

    The pattern must be normalised. Each part between two stars is matched at its leftmost place, which decides the
    pattern without backtracking: the work is at most the length of the word times the length of the pattern.
    """

    pattern: str
    match_level: Level = Level.NORMALISED
    _parts: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    @property
    def letters(self) -> str:
        """The letters that every matching form has."""
        return self.pattern.replace("*", "").replace("?", "")

    @property
    def lacking(self) -> int:
        """The number of `letters` that a matching form may lack."""
        return 0

    @property
    def others(self) -> None:
        """The number of other letters that a matching form may have: any."""
        return None

    def __post_init__(self) -> None:
        parts = ("".join("." if c == "?" else re.escape(c) for c in part) for part in self.pattern.split("*"))
        object.__setattr__(self, "_parts", tuple(re.compile(part, re.DOTALL) for part in parts))

    def level(self, term: Term, text: str) -> Level | None:  # noqa: ARG002
        """Return `match_level` if the whole normalised form fits the pattern, else `None`."""
        return self.match_level if self.fits(term.normalised) else None

    def fits(self, word: str) -> bool:
        """Tell whether the whole of `word` fits the pattern."""
        first, *rest = self._parts
        if not rest:
            return first.fullmatch(word) is not None
        if not first.match(word):
            return False
        at = len(self.pattern.partition("*")[0])
        *middle, last = rest
        for part in middle:
            match = part.search(word, at)
            if not match:
                return False
            at = match.end()
        start = len(word) - len(self.pattern.rpartition("*")[2])
        return start >= at and last.match(word, start) is not None


@dataclass(frozen=True, slots=True)
class SetMatcher:
    """Matches the terms whose `key` form is one of `terms`, all at the same level.

    It serves query expansions: fuzzy matches (normalised forms), the words of a root (stems at `Level.ROOT`), the first
    word of a phrase with each of its proclitics, and synonyms.
    """

    terms: frozenset[str]
    match_level: Level = Level.NORMALISED
    key: Key = "normalised"

    def level(self, term: Term, text: str) -> Level | None:  # noqa: ARG002
        """Return `match_level` if the term's form is in the set, else `None`."""
        return self.match_level if getattr(term, self.key) in self.terms else None


@dataclass(frozen=True, slots=True)
class AnyMatcher:
    """Matches the terms that any of several matchers matches, at the strictest of their levels."""

    matchers: tuple[WordMatcher, ...]

    def level(self, term: Term, text: str) -> Level | None:
        """Return the strictest level of all matchers, or `None`."""
        return max(filter(None, (matcher.level(term, text) for matcher in self.matchers)), default=None)


@dataclass(frozen=True, slots=True)
class HighlightTarget:
    """A word to highlight or, with several matchers, a phrase; each matcher stands for one position.

    A phrase occurs where its matchers match at distinct positions within a window of `len(matchers) + slop` positions:
    at most `slop` positions in between belong to other words. With `slop` 0 the positions are consecutive. They are in
    the order of the matchers unless `ordered` is false and `slop` is 2 or more; then any order will do (a swap of two
    neighbours costs two moves, as in Lucene). The words of a phrase are not highlighted outside its occurrences.

    `fields` limits the target to those text fields (`None`: all). `weight` is the value of the target in the choice of
    passages, relative to an ordinary word: lower for a stop word, higher for a rare word.
    Raises `ValueError` without matchers or with a negative slop.
    """

    matchers: tuple[WordMatcher, ...]
    slop: int = 0
    ordered: bool = True
    fields: frozenset[str] | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.matchers:
            raise ValueError("a highlight target has no matchers; give at least one matcher")
        if self.slop < 0:
            raise ValueError(f"slop is {self.slop}; it must be 0 or more positions")

    def reads(self, name: str) -> bool:
        """Tell whether the target applies to the field of this name."""
        return self.fields is None or name in self.fields


@runtime_checkable
class LetteredMatcher(WordMatcher, Protocol):
    """A matcher of normalised forms that have nearly the same letters, or at least some letters, in any order."""

    @property
    def letters(self) -> str:
        """The letters that matching forms have, apart from the following numbers of distinct letters."""
        ...

    @property
    def lacking(self) -> int:
        """The most of the `letters` that a matching form may lack."""
        ...

    @property
    def others(self) -> int | None:
        """The most other letters that a matching form may have; `None` is no limit."""
        ...


LevelKeys = tuple[int, str, int, str, str, str] | tuple[int, frozenset[str], int]
"""The number of an attribute of a term, the value or the values that it must have, and the floor or the level of the match.

Three forms of a `TermMatcher` follow, from the surface to the word.
"""


def term_keys(matcher: WordMatcher) -> Iterable[tuple[Key, str]] | None:
    """Return the (form, value) pairs of which a matching term must have one; `None` if they cannot be listed.

    They let a highlighter look up the matchers of a term instead of trying thousands of them one by one.
    """
    if isinstance(matcher, TermMatcher):
        return [(matcher.key, getattr(matcher, matcher.key))]
    if isinstance(matcher, SetMatcher):
        return [(matcher.key, term) for term in matcher.terms]
    if isinstance(matcher, AnyMatcher):
        keys = [term_keys(alternative) for alternative in matcher.matchers]
        return None if None in keys else [pair for pairs in keys if pairs is not None for pair in pairs]
    return None


def level_keys(matcher: WordMatcher) -> tuple[LevelKeys, ...] | None:
    """Return what the extension compares to find the level of a term, for each alternative; `None` if `level` must be called."""
    kind = type(matcher)  # a subclass may have another `level`
    if kind is TermMatcher and isinstance(matcher, TermMatcher) and not matcher.vocalised:
        key, forms = matcher.key, (matcher.surface, matcher.normalised, matcher.word)
        return ((Term._fields.index(key), getattr(matcher, key), int(matcher.floor), *forms),)
    if kind is SetMatcher and isinstance(matcher, SetMatcher) and type(matcher.terms) is frozenset:
        return ((Term._fields.index(matcher.key), matcher.terms, int(matcher.match_level)),)
    if kind is AnyMatcher and isinstance(matcher, AnyMatcher):
        keys = [level_keys(alternative) for alternative in matcher.matchers]
        return None if None in keys else tuple([one for listed in keys if listed is not None for one in listed])
    return None


def candidate_forms(
    matchers: Iterable[WordMatcher],
    spellings: Callable[[Collection[str]], Iterable[str]],
    fitting: Callable[[WordMatcher], Iterable[str] | None] = lambda _: None,
) -> set[str] | None:
    """Return every normalised form that can match any of the matchers; `None` if they cannot be listed.

    `spellings` maps a set of stems to the normalised forms that words of these stems have, and `fitting` another
    matcher, such as a pattern, to the normalised forms that it matches, or to `None`.
    """
    forms: set[str] = set()
    stems: set[str] = set()
    pending = list(matchers)
    while pending:
        match pending.pop():
            case AnyMatcher(alternatives):
                pending += alternatives
            case TermMatcher() as matcher if matcher.floor >= Level.NORMALISED:
                forms.add(matcher.normalised)
            case TermMatcher() as matcher:
                stems.add(matcher.stem)
            case SetMatcher(terms, _, "normalised"):
                forms |= terms
            case SetMatcher(terms, _, "stem"):
                stems |= terms
            case other:
                fits = fitting(other)
                if fits is None:
                    return None
                forms.update(fits)
    return forms.union(spellings(stems)) if stems else forms
