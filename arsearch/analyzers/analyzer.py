"""`ArabicAnalyzer`: the tokenizer, the normalizer, the stop words, the names, the stemmer and a dictionary in one value.

The analyzer turns a written word into its `Form`, and a text into its tokens. Its fingerprint tells whether an index
was built with the same analysis. An index and its queries must be analysed alike, so both use the same analyzer.

Source: each part names its source where it is defined; docs/analysis.md shows them all.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from arsearch.analyzers import joined_words, letters, names
from arsearch.analyzers.dictionary import Dictionary
from arsearch.analyzers.foldings import RESERVED, RESERVED_AS
from arsearch.analyzers.names import NAME_AS
from arsearch.analyzers.normalizer import Normalizer
from arsearch.analyzers.numbers import digit_groups
from arsearch.analyzers.shipped import shipped_digest
from arsearch.analyzers.stemming.stem import Stem, Stemmer
from arsearch.analyzers.stemming.stemmer import ArabicStemmer, with_dictionary
from arsearch.analyzers.stopwords import default_stopwords
from arsearch.analyzers.tokenizer import Tokenizer
from arsearch.analyzers.tokens import EMPTY_FORM, Form, Term, Token
from arsearch.concurrency import cached_property
from arsearch.errors import AnalyzerError, AnalyzerMismatchError
from arsearch.kernel import untracked

__all__ = ["ANALYSIS_VERSION", "ArabicAnalyzer", "stored_analyzer"]

ANALYSIS_VERSION = 5
"""The version of the rules that are code. An index of another version must be rebuilt."""

_CONFIG_KEYS = ("version", "normalizer", "stemmer", "stopwords", "compounds", "names", "dictionary")
_ARABIC = re.compile("[ء-غف-ي]+").fullmatch
_BASES = {**NAME_AS, **RESERVED_AS}
_PROCLITICS = re.compile("[وفبلك]{0,2}").match
_JOINER = re.compile(r"[-.'’_@‐‑]+")
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]+)([0-9]+)|([0-9]+)([^\W\d_]+)").fullmatch
_FULL_WIDTH = frozenset("\ufdfc\ufdfd")


@dataclass(frozen=True)
class ArabicAnalyzer:
    """An analyzer of Arabic text, which also finds the words and numbers of other scripts.

    Analyzers are immutable, picklable and equal by value. An analyzer is also a Whoosh analyzer:
    `TEXT(analyzer=ArabicAnalyzer())`. No method raises for a string.

    `stopwords` are compared with the surface form. With `compounds`, عبدالله matches عبد الله. With `names`, أبو, أبي
    and أبا match each other, and so do ابن and بن.

    The words of `dictionary` come before every list and rule, those of the stemmer included. Its stop words are added to
    `stopwords`, and its names are no stop words. By default it is the stemmer's own dictionary.

    Raises `AnalyzerError` if `stopwords` is a string instead of a collection of words, if `dictionary` is no
    `Dictionary`, and if the stemmer takes none or already has another one.
    """

    normalizer: Normalizer = field(default_factory=Normalizer)
    stemmer: Stemmer = field(default_factory=ArabicStemmer)
    stopwords: frozenset[str] = field(default_factory=default_stopwords, repr=False)
    compounds: bool = True
    names: bool = True
    dictionary: Dictionary = field(default_factory=Dictionary)
    tokenizer: Tokenizer = field(default_factory=Tokenizer, init=False, repr=False)
    bases: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """The normalised forms that share the word and the stem of another form, with that form."""
    stop_forms: frozenset[str] = field(init=False, repr=False, compare=False)
    """The surface forms that are stop words."""

    def __post_init__(self) -> None:
        if isinstance(self.stopwords, str):
            raise AnalyzerError(f"stopwords is the string {self.stopwords[:40]!r}; give a collection of words")
        stemmer, dictionary = with_dictionary(self.stemmer, self.dictionary)
        stopwords = frozenset(map(self.normalizer.surface, self.stopwords))
        stop_forms = stopwords
        if dictionary.names:
            stop_forms = frozenset(word for word in stopwords if self.normalizer.fold(word) not in dictionary.names)
        bases = _BASES if self.names else RESERVED_AS
        if dictionary.has_forms:
            bases = {form: base for form, base in bases.items() if not _listed_with_clitics(form, dictionary)}
        values: dict[str, object] = {
            "stemmer": stemmer,
            "dictionary": dictionary,
            "stopwords": stopwords,
            "bases": bases,
            "stop_forms": stop_forms | frozenset(map(self.normalizer.surface, dictionary.stopwords)),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the options; the stemmer's pickle has the dictionary of an `ArabicStemmer`."""
        options = (self.normalizer, self.stemmer, sorted(self.stopwords), self.compounds, self.names)
        return type(self), options if isinstance(self.stemmer, ArabicStemmer) else (*options, self.dictionary)

    def __setstate__(self, state: list[Any]) -> None:
        """Read the values of the fields, which older pickles hold: normalizer, stemmer, stop words, compounds, names."""
        type(self).__init__(self, *state[:5])

    def form(self, word: str) -> Form:
        """Return the form of a written word of the tokenizer; it depends on the word alone and is not cached."""
        surface = self.normalizer.surface(word)
        if _ARABIC(surface):
            parts = self.compounds and joined_words.split_joined(surface)
            if not parts or self._is_listed(surface):
                return untracked(Form((self._term(0, surface),), 1))
            return untracked(Form(tuple([self._term(at, part) for at, part in enumerate(parts)]), len(parts)))
        return untracked(self._other_form(word, surface))

    def normalised(self, word: str) -> str | None:
        """Return the normalised form of a written word, if the word has one term of Arabic letters alone; else `None`.

        The word is not stemmed, so this takes a fraction of the time of `form`.
        """
        surface = self.normalizer.surface(word)
        if not _ARABIC(surface) or (self.compounds and joined_words.split_joined(surface)):
            return None
        return self.normalizer.fold(surface)

    @property
    def nested(self) -> bool:
        """Whether equal normalised forms always have equal stems; true for every stemmer except `TashaphyneStemmer`."""
        return getattr(self.stemmer, "nested", True)

    def looser(self, surface: str, normalised: str) -> Stem:
        """Return the word and the stem of a term of Arabic letters.

        If the analyzer is `nested`, they depend on `normalised` alone.
        """
        base = self.bases.get(normalised)
        return self.stemmer.stem(base, base) if base else self.stemmer.stem(surface, normalised)

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of a text, in order; `[]` for a text without words. Positions count from 0."""
        forms: dict[str, Form] = {}
        tokens: list[Token] = []
        position = 0
        for start, end in self.tokenizer.spans(text):
            word = text[start:end]
            form = forms.get(word)
            if form is None:
                form = forms[word] = self.form(word)
            tokens += [Token(word, start, end, position + term.offset, term) for term in form.terms]
            position += form.width
        return tokens

    def steps(self, word: str) -> list[tuple[str, str]]:
        """Return the steps of the analysis of a written word, in order: `(name, result)`.

        The normalizer's steps that change the word come first, then `surface`, `normalised`, `stop` (`yes` or `no`),
        `word` and `stem`. A word of several terms has `parts` first, then the last five of each term.
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
        """Return the options as JSON values for `from_config`; `stopwords` is `"default"` or a sorted list.

        `version` is the analysis version; `from_config` ignores it.
        """
        stemmer = {"name": self.stemmer.name, **self.stemmer.config()}
        if isinstance(self.stemmer, ArabicStemmer):
            del stemmer["dictionary"]  # it is the analyzer's
        return {
            "version": ANALYSIS_VERSION,
            "normalizer": self.normalizer.config(),
            "stemmer": stemmer,
            "stopwords": "default" if self.stopwords == default_stopwords() else sorted(self.stopwords),
            "compounds": self.compounds,
            "names": self.names,
            "dictionary": self.dictionary.config(),
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> ArabicAnalyzer:
        """Return the analyzer with these options and the defaults of absent ones. Raises `AnalyzerError` for a wrong one."""
        for name in config:
            if name not in _CONFIG_KEYS:
                raise AnalyzerError(f"no analyzer option {name!r}; the options are {', '.join(_CONFIG_KEYS)}")
        options: dict[str, Any] = {}
        for name in ("compounds", "names"):
            if name in config:
                if not isinstance(config[name], bool):
                    raise AnalyzerError(f"analyzer option {name!r} is {config[name]!r}; give true or false")
                options[name] = config[name]
        if config.get("stopwords", "default") != "default":
            options["stopwords"] = _word_list(config["stopwords"])
        if "normalizer" in config:
            options["normalizer"] = Normalizer.from_config(_mapping("normalizer", config["normalizer"]))
        if "stemmer" in config:
            options["stemmer"] = _stemmer(_mapping("stemmer", config["stemmer"]))
        if "dictionary" in config:
            options["dictionary"] = Dictionary.from_config(config["dictionary"])
        return cls(**options)

    @cached_property
    def fingerprint(self) -> str:
        """32 hex digits that differ between analyzers that may analyse a word differently.

        They digest the analysis version, the options, the stop words, the code-point tables, the stemmer's digest and
        the Unicode version of Python. They do not depend on the process or the platform.
        """
        facts = {
            "version": ANALYSIS_VERSION,
            "unicode": unicodedata.unidata_version,
            "options": self.config(),
            "stopwords": sorted(self.stop_forms),
            "reserved": [RESERVED, RESERVED_AS, NAME_AS],
            "joined": shipped_digest(joined_words.FILE, names.FILE),
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
        """Yield Whoosh tokens, as `arsearch.analyzers.whoosh_adapter` describes them."""
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
        """Return true: the Whoosh tokens are stems, and a speller needs `no_morph=True` to get words."""
        return True

    def _term(self, offset: int, surface: str) -> Term:
        """Return the term of a surface form of Arabic letters."""
        normalised = self.normalizer.fold(surface)
        word, stem = self.looser(surface, normalised)
        return Term(offset, surface, normalised, word, stem, surface in self.stop_forms)

    def _is_listed(self, surface: str) -> bool:
        """Return whether a word, without clitics, is in the dictionary; such a compound stays one word."""
        if not self.dictionary.has_forms:
            return False
        return self.looser(surface, self.normalizer.fold(surface)).word in self.dictionary

    def _other_form(self, word: str, surface: str) -> Form:
        """Return the form of a word with other characters than Arabic letters."""
        if word in letters.HONORIFICS:
            parts = self._parts(letters.HONORIFICS[word])
            whole = Term(0, word, word, word, word, False)
            return Form((whole, *parts.terms), parts.width if word in _FULL_WIDTH else 0)
        if not surface:
            return EMPTY_FORM
        if " " in surface and " " not in word:  # يَٰٓأَيُّهَا
            return self._parts(surface)
        whole = self._whole(surface)
        text = _split_joined(word, surface)
        if not text:
            return Form((whole,), 1)
        parts = self._parts(text)
        return Form((whole, *parts.terms), max(1, parts.width))

    def _whole(self, surface: str) -> Term:
        """Return the term of a whole word, stemmed only if its normalised form is of Arabic letters."""
        normalised = self.normalizer.fold(surface)
        if _ARABIC(normalised):
            return self._term(0, surface)
        return Term(0, surface, normalised, normalised, normalised, surface in self.stop_forms)

    def _parts(self, text: str) -> Form:
        """Return the terms of the words of `text`, with their positions in it as offsets; no terms for `""`."""
        terms: list[Term] = []
        width = 0
        for word in self.tokenizer.words(text):
            form = self.form(word)
            terms += [term._replace(offset=width + term.offset) for term in form.terms]
            width += form.width
        return Form(tuple(terms), width)


def _listed_with_clitics(form: str, dictionary: Dictionary) -> bool:
    """Return whether a form, or the form without proclitics, is in a dictionary."""
    proclitics = _PROCLITICS(form)
    return proclitics is not None and any(form[cut:] in dictionary for cut in range(proclitics.end() + 1))


def _split_joined(word: str, surface: str) -> str:
    """Return the parts of a joined word, separated by line feeds; `""` for a word that stays whole.

    COVID-19 and COVID19 give covid 19, O'Neil gives o neil, Elle's gives elle; 3.5, U.S. and H1N1 stay whole. A number with
    spaces gives its groups, which spaces would join again.
    """
    if word[0] in "#@":
        return word[1:].replace("_", "\n")
    if groups := digit_groups(word):
        return "\n".join(groups)
    pieces = [piece for piece in _JOINER.split(surface) if piece]
    if len(pieces) < 2:
        match = _LETTERS_AND_DIGITS(surface)
        return "\n".join(filter(None, match.groups())) if match else ""
    if all(len(piece) == 1 for piece in pieces) or (len(pieces) == 2 and all(map(str.isdecimal, pieces))):
        return ""
    if len(pieces[-1]) <= 2 and surface.rstrip(pieces[-1])[-1:] in ("'", "’"):
        pieces.pop()
    return "\n".join(pieces)


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
        raise AnalyzerError(f"analyzer option {name!r} is {value!r}; give an object of options")
    return dict(value)


def _word_list(value: object) -> frozenset[str]:
    if isinstance(value, (list, tuple, set, frozenset)) and all(isinstance(word, str) for word in value):
        return frozenset(value)
    raise AnalyzerError(f"analyzer option 'stopwords' is {value!r}; give \"default\" or a list of words")


def _stemmer(config: dict[str, Any]) -> Stemmer:
    name = config.pop("name", ArabicStemmer.name)
    kind: Callable[..., Stemmer] = ArabicStemmer
    if name != ArabicStemmer.name:
        from arsearch.analyzers.stemming.named import STEMMERS  # few indexes have another stemmer

        if not isinstance(name, str) or name not in STEMMERS:
            raise AnalyzerError(f"no stemmer {name!r}; the stemmers are {', '.join(sorted(STEMMERS))}")
        kind = STEMMERS[name]
    try:
        return kind(**config)
    except TypeError as error:
        raise AnalyzerError(
            f"stemmer {name!r} does not take the options {config!r}: {error}; see its class for its options"
        ) from error


def stored_analyzer(location: str, config: Mapping[str, Any], fingerprint: str, remedy: str) -> ArabicAnalyzer:
    """Return the analyzer that the index at `location` was written with; `remedy` is the next step where there is none.

    Raises AnalyzerMismatchError if this version has no such analyzer, or if the analyzer now works differently.
    """
    try:
        analyzer = ArabicAnalyzer.from_config(config)
    except AnalyzerError as error:
        raise AnalyzerMismatchError(
            f"the index at {location!r} was written with an analyzer that this version does not have ({error}); {remedy}"
        ) from error
    if analyzer.fingerprint != fingerprint:
        raise AnalyzerMismatchError(
            f"the index at {location!r} was written with another version of the analyzer "
            f"({fingerprint[:12]}, now {analyzer.fingerprint[:12]}); {remedy}"
        )
    return analyzer
