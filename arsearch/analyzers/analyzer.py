"""`ArabicAnalyzer`: tokenizer, normalizer, stop words, names and stemmer, wired together.

What: a written word to its `Form`, a text to its tokens, and the fingerprint that tells an index whether it was made
with the same analysis. Why one class: index and query must analyse alike, so both hold the same value.
Source: what each part does is said, with its source, where it is defined; docs/analysis.md shows all of it.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from arsearch.analyzers import letters
from arsearch.analyzers.foldings import RESERVED, RESERVED_AS
from arsearch.analyzers.names import NAME_AS, split_compound
from arsearch.analyzers.normalizer import Normalizer
from arsearch.analyzers.stemming.stem import Stem, Stemmer
from arsearch.analyzers.stopwords import default_stopwords
from arsearch.analyzers.tokenizer import Tokenizer
from arsearch.analyzers.tokens import EMPTY_FORM, Form, Term, Token
from arsearch.errors import AnalyzerError

__all__ = ["ANALYSIS_VERSION", "ArabicAnalyzer"]

ANALYSIS_VERSION = 1
"""Counts the changes to rules that are written as code; an index made under another number must be rebuilt."""

_CONFIG_KEYS = ("normalizer", "stemmer", "stopwords", "compounds", "names")
_ARABIC = re.compile("[ء-غف-ي]+").fullmatch
_BASES = {**NAME_AS, **RESERVED_AS}
_JOINER = re.compile(r"[-.'’_@‐‑]+")
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]+)([0-9]+)|([0-9]+)([^\W\d_]+)").fullmatch
_FULL_WIDTH = frozenset("\ufdfc\ufdfd")


def _default_stemmer() -> Stemmer:
    """The default stemmer; its tables are not loaded before an analyzer is made."""
    from arsearch.analyzers.stemming.stemmer import ArabicStemmer

    return ArabicStemmer()


@dataclass(frozen=True, slots=True)
class ArabicAnalyzer:
    """Analyses Arabic text, and finds the words and numbers of other scripts in it.

    Immutable, picklable, equal by value; also a Whoosh analyzer, for `TEXT(analyzer=ArabicAnalyzer())`.
    `stopwords` are matched on the surface form. `compounds` lets عبدالله meet عبد الله, `names` أبو أبي أبا and ابن بن.
    No string makes any method raise.
    """

    normalizer: Normalizer = field(default_factory=Normalizer)
    stemmer: Stemmer = field(default_factory=_default_stemmer)
    stopwords: frozenset[str] = field(default_factory=default_stopwords, repr=False)
    compounds: bool = True
    names: bool = True
    tokenizer: Tokenizer = field(default_factory=Tokenizer, init=False, repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.stopwords, str):
            raise AnalyzerError(f"stopwords is the string {self.stopwords[:40]!r}; give a collection of words")
        object.__setattr__(self, "stopwords", frozenset(map(self.normalizer.surface, self.stopwords)))

    def form(self, word: str) -> Form:
        """The terms of a written word, as the tokenizer cut it; a pure function of it, and not cached."""
        surface = self.normalizer.surface(word)
        if _ARABIC(surface):
            parts = self.compounds and split_compound(surface)
            if not parts:
                return Form((self._term(0, surface),), 1)
            return Form(tuple([self._term(at, part) for at, part in enumerate(parts)]), len(parts))
        return self._other_form(word, surface)

    @property
    def bases(self) -> Mapping[str, str]:
        """The normalised forms that share the word and stem of another one, and which."""
        return _BASES if self.names else RESERVED_AS

    @property
    def nested(self) -> bool:
        """Whether equal normalised forms always have equal stems: with every stemmer but Tashaphyne's own."""
        return getattr(self.stemmer, "nested", True)

    def looser(self, surface: str, normalised: str) -> Stem:
        """The word and the stem of a term of Arabic letters: the same for all its surfaces if the analyzer is `nested`."""
        base = self.bases.get(normalised)
        return self.stemmer.stem(base, base) if base else self.stemmer.stem(surface, normalised)

    def analyze(self, text: str) -> list[Token]:
        """The tokens of a text, in order; `[]` for a text without words. Positions count from 0."""
        known: dict[str, Form] = {}
        tokens: list[Token] = []
        position = 0
        for start, end in self.tokenizer.spans(text):
            word = text[start:end]
            form = known.get(word)
            if form is None:
                form = known[word] = self.form(word)
            tokens += [Token(word, start, end, position + term.offset, term) for term in form.terms]
            position += form.width
        return tokens

    def steps(self, word: str) -> list[tuple[str, str]]:
        """What happens to a written word, step by step: `(name, result)`.

        First the normalizer's steps that changed it, then `surface`, `normalised`, `stop` (`yes` or `no`), `word` and
        `stem`. A word of several terms gives `parts` first, then those of every term.
        """
        form = self.form(word)
        if not form.terms:
            return [*self.normalizer.steps(word), ("surface", self.normalizer.surface(word))]
        if len(form.terms) == 1:
            return [*self.normalizer.steps(word), *_levels(form.terms[0])]
        steps = [("parts", " + ".join(term.surface for term in form.terms))]
        for term in form.terms:
            steps += _levels(term)
        return steps

    def config(self) -> dict[str, Any]:
        """The options as JSON values; `from_config` reads them back. `stopwords` is `"default"` or a sorted list."""
        return {
            "normalizer": self.normalizer.config(),
            "stemmer": {"name": self.stemmer.name, **self.stemmer.config()},
            "stopwords": "default" if self.stopwords == default_stopwords() else sorted(self.stopwords),
            "compounds": self.compounds,
            "names": self.names,
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> ArabicAnalyzer:
        """The analyzer of these options; what is absent has its default. Raises `AnalyzerError`."""
        for name in config:
            if name not in _CONFIG_KEYS:
                raise AnalyzerError(f"no analyzer option {name!r}; known: {', '.join(_CONFIG_KEYS)}")
        options: dict[str, Any] = {}
        for name in ("compounds", "names"):
            if name in config:
                if not isinstance(config[name], bool):
                    raise AnalyzerError(f"analyzer option {name!r} is {config[name]!r}; it is either true or false")
                options[name] = config[name]
        if config.get("stopwords", "default") != "default":
            options["stopwords"] = _word_list(config["stopwords"])
        if "normalizer" in config:
            options["normalizer"] = Normalizer.from_config(_mapping("normalizer", config["normalizer"]))
        if "stemmer" in config:
            options["stemmer"] = _stemmer(_mapping("stemmer", config["stemmer"]))
        return cls(**options)

    @property
    def fingerprint(self) -> str:
        """32 hex digits that differ whenever some word may be analysed otherwise; independent of process and platform.

        Taken over the analysis version, the options, the stop words, the code-point tables, the stemmer's digest and
        the Unicode version of the running Python.
        """
        facts = {
            "version": ANALYSIS_VERSION,
            "unicode": unicodedata.unidata_version,
            "options": self.config(),
            "stopwords": sorted(self.stopwords),
            "reserved": [RESERVED, RESERVED_AS, NAME_AS],
            "letters": {name: getattr(letters, name) for name in letters.__all__ if name != "Table"},
            "stemmer": self.stemmer.digest,
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        tokenize: bool = True,
        **options: Any,
    ) -> Iterator[Any]:
        """Whoosh's interface to an analyzer; `arsearch.analyzers.whoosh_adapter` says what its tokens are."""
        from arsearch.analyzers.whoosh_adapter import whoosh_tokens

        return whoosh_tokens(
            self,
            value,
            positions=positions,
            chars=chars,
            keeporiginal=keeporiginal,
            removestops=removestops,
            start_pos=start_pos,
            start_char=start_char,
            mode=mode,
            tokenize=tokenize,
            **options,
        )

    def has_morph(self) -> bool:
        """Whether the Whoosh tokens are stems, so that a speller needs `no_morph=True` to get words."""
        return True

    def _term(self, offset: int, surface: str) -> Term:
        """The term of an Arabic surface form."""
        normalised = self.normalizer.fold(surface)
        word, stem = self.looser(surface, normalised)
        return Term(offset, surface, normalised, word, stem, surface in self.stopwords)

    def _other_form(self, word: str, surface: str) -> Form:
        """The form of a word that is not Arabic letters only."""
        if word in letters.HONORIFICS:
            parts = self._parts(letters.HONORIFICS[word])
            whole = Term(0, word, word, word, word, False)
            return Form((whole, *parts.terms), parts.width if word in _FULL_WIDTH else 0)
        if not surface:
            return EMPTY_FORM
        whole = self._whole(surface)
        pieces = _pieces(word, surface)
        if not pieces:
            return Form((whole,), 1)
        parts = self._parts(pieces)
        return Form((whole, *parts.terms), max(1, parts.width))

    def _whole(self, surface: str) -> Term:
        normalised = self.normalizer.fold(surface)
        if _ARABIC(normalised):
            return self._term(0, surface)
        return Term(0, surface, normalised, normalised, normalised, surface in self.stopwords)

    def _parts(self, text: str) -> Form:
        """The terms of the words of `text`, at the offsets they would have there; empty for `""`."""
        terms: list[Term] = []
        at = 0
        for word in self.tokenizer.words(text):
            form = self.form(word)
            terms += [term._replace(offset=at + term.offset) for term in form.terms]
            at += form.width
        return Form(tuple(terms), at)


def _pieces(word: str, surface: str) -> str:
    """The text that a joined word would be in several words; empty when it is better left whole.

    COVID-19 and COVID19 are also covid 19, O'Neil o neil, Elle's elle; 3.5, U.S. and H1N1 are not cut.
    """
    if word[0] in "#@":
        return word[1:].replace("_", " ")
    pieces = [piece for piece in _JOINER.split(surface) if piece]
    if len(pieces) < 2:
        found = _LETTERS_AND_DIGITS(surface)
        return " ".join(filter(None, found.groups())) if found else ""
    if all(len(piece) == 1 for piece in pieces) or (len(pieces) == 2 and all(map(str.isdecimal, pieces))):
        return ""
    if len(pieces[-1]) <= 2 and surface.rstrip(pieces[-1])[-1:] in ("'", "’"):
        pieces.pop()
    return " ".join(pieces)


def _levels(term: Term) -> list[tuple[str, str]]:
    return [
        ("surface", term.surface),
        ("normalised", term.normalised),
        ("stop", "yes" if term.stop else "no"),
        ("word", term.word),
        ("stem", term.stem),
    ]


def _mapping(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise AnalyzerError(f"analyzer option {name!r} is {value!r}; it is an object of options")
    return dict(value)


def _word_list(value: object) -> frozenset[str]:
    if isinstance(value, (list, tuple, set, frozenset)) and all(isinstance(word, str) for word in value):
        return frozenset(value)
    raise AnalyzerError(f"analyzer option 'stopwords' is {value!r}; it is \"default\" or a list of words")


def _stemmer(config: dict[str, Any]) -> Stemmer:
    from arsearch.analyzers.stemming.stemmer import STEMMERS

    name = config.pop("name", "arabic")
    if not isinstance(name, str) or name not in STEMMERS:
        raise AnalyzerError(f"no stemmer {name!r}; known: {', '.join(sorted(STEMMERS))}")
    try:
        return STEMMERS[name](**config)
    except TypeError as error:
        raise AnalyzerError(f"stemmer {name!r} has no such options: {config!r} ({error})") from error
