"""The terms that a written word of a query stands for at each level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from whoosh.reading import IndexReader

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.roots import fold_root, roots_of, stems_of_root
from arsearch.analyzers.stemming.lexicon import FUNCTION, lexicon
from arsearch.analyzers.tokens import Term
from arsearch.model import Article, Level
from arsearch.model.schema import NORMALISED, STEM, Schema
from arsearch.query import tree
from arsearch.snippets.vocalisation import agrees, letters
from reference.frequencies import SurfaceTerm, Terms

__all__ = ["WordAnalysis", "is_function_word", "normalised_term", "same_root", "stem_term", "terms_that", "vowel_marks"]

_VALUE_GAP = 100
"""Positions between two values of one field."""


@dataclass(frozen=True)
class WordAnalysis:
    """The terms of written words, by the analyzer of an index."""

    analyzer: ArabicAnalyzer
    schema: Schema

    def terms(self, words: Sequence[str], *, exact: bool = False) -> list[tuple[int, Term, str]]:
        """Return the offset, term and word at each position that `words` take; the last of several terms at one.

        If `exact`, a hashtag or mention has its first term alone.
        """
        terms: dict[int, tuple[int, Term, str]] = {}
        start = 0
        for word in words:
            form = self.analyzer.form(word)
            own = form.terms[:1] if exact and word[:1] in ("#", "@") else form.terms
            terms |= {start + term.offset: (start + term.offset, term, word) for term in own}
            start += form.width
        return list(terms.values())

    def surface(self, text: str, term: Term, level: Level, compare_marks: bool = False) -> Terms:
        """Return a term where the article has the letters of `text`, and with `compare_marks` its vowel marks too."""
        compare_marks = bool(vowel_marks(text)) and (compare_marks or level == Level.VOCALISED)

        def accepts(written: str) -> bool:
            same = any(own[1:3] == term[1:3] for own in self.analyzer.form(written).terms)
            return same and (not compare_marks or agrees(letters(text), written))

        return SurfaceTerm(NORMALISED, frozenset((term.normalised,)), words=self._words, accepts=cache(accepts))

    def _words(self, reader: IndexReader, doc: int, name: str) -> dict[tuple[int, str], str]:
        """Return the written word behind each position and term of a field; the first if there are several."""
        words: dict[tuple[int, str], str] = {}
        position = 0
        for field, values in self.schema.values(Article.from_dict(reader.stored_fields(doc))):
            for value in values if field.name == name else ():
                for word in self.analyzer.tokenizer.words(value):
                    form = self.analyzer.form(word)
                    for term in form.terms:
                        words.setdefault((position + term.offset, term.normalised), word)
                    position += form.width
                position += _VALUE_GAP
        return words

    def same_word(self, term: Term) -> Terms:
        """Return the normalised terms of the same word with other clitics."""
        return terms_that(lambda text: [own.word for own in self.analyzer.form(text).terms[:1]] == [term.word])


def vowel_marks(text: str) -> list[frozenset[str]]:
    """Return the vowel marks of each letter that has any."""
    return [marks for _, marks in letters(text) if marks]


def normalised_term(term: Term) -> Terms:
    """Return the term at the normalised level."""
    return Terms(NORMALISED, frozenset((term.normalised,)))


def stem_term(term: Term) -> Terms:
    """Return the term at the stem level."""
    return Terms(STEM, frozenset((term.stem,)))


def terms_that(predicate: Callable[[str], bool]) -> Terms:
    """Return the normalised terms that satisfy a predicate."""
    return Terms(NORMALISED, predicate=cache(predicate))


def same_root(term: Term, word: tree.Word) -> Terms:
    """Return the stems with the first root of a term; for a word given as a root, all stems that have this root.

    The stems of function words are left out, except for a root that the query names.
    """
    is_root = word.level == Level.ROOT
    root = roots_of(term.stem)[:1]
    if is_root and stems_of_root(word.text):
        root = (fold_root(word.text),)
    alone = not root or (not is_root and term.stem in _function_stems())

    def has_root(stem: str) -> bool:
        own = roots_of(stem)
        if is_root:
            return root[0] in own
        return root == own[:1] and stem not in _function_stems()

    return Terms(STEM, predicate=cache(lambda stem: stem == term.stem or (not alone and has_root(stem))))


def is_function_word(term: Term) -> bool:
    """Tell whether a term is a stop word or a function word of the lexicon."""
    return term.stop or lexicon().entries.get(term.normalised, ("", 0))[1] == FUNCTION


@cache
def _function_stems() -> frozenset[str]:
    analyzer = ArabicAnalyzer()
    stems = {term.stem for word in analyzer.stopwords for term in analyzer.form(word).terms}
    return frozenset(stems | {entry[0] for entry in lexicon().entries.values() if entry[1] == FUNCTION})
