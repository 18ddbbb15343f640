"""A parsed query tree as a Whoosh query: what each node matches and how it scores."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from whoosh.support.levenshtein import damerau_levenshtein

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.phrase_spellings import word_spellings
from arsearch.analyzers.tokens import Term
from arsearch.errors import QueryError
from arsearch.model import Level
from arsearch.model.schema import NORMALISED, STEM, Schema
from arsearch.query import tree
from arsearch.query.questions import is_frame_word
from arsearch.query.spellings import spellings_of_phrase
from arsearch.search.clause_builder import FEW_WORDS
from arsearch.search.clauses import DateFilter, ExistsFilter, Filter, RangeFilter
from arsearch.search.filters import number_of
from arsearch.search.ranking import Ranking
from arsearch.search.request import Mode
from arsearch.search.signals import SLOP
from reference.filters import satisfies
from reference.frequencies import AnyOf, Frequencies, PhraseOf, TermPair, Terms
from reference.queries import (
    Bm25Query,
    Complement,
    Conjunction,
    Disjunction,
    FilterQuery,
    PairQuery,
    RequiredOptional,
    ScoredQuery,
)
from reference.terms import (
    WordAnalysis,
    is_function_word,
    normalised_term,
    same_root,
    stem_term,
    terms_that,
    vowel_marks,
)

__all__ = ["NO_MATCHES", "CompiledQuery", "Compiler"]

NO_MATCHES = Disjunction(1)
"""A query that no document matches."""


@dataclass(frozen=True)
class CompiledQuery:
    """A query for the documents that have all words (`complete`), and one for those that have enough (`partial`).

    Without `complete` all that match `partial` are answers; with both, `partial` counts only if `complete` has few
    answers. `bonuses` add to the scores. `is_stop_word` marks a single stop word.
    """

    complete: ScoredQuery | None = None
    partial: ScoredQuery | None = None
    bonuses: tuple[ScoredQuery, ...] = ()
    is_stop_word: bool = False

    @property
    def nested(self) -> ScoredQuery:
        """The query as a part of another query."""
        return self.complete or self.partial or NO_MATCHES


@dataclass(frozen=True)
class Compiler:
    """Compiles query trees; `level` is the loosest level of a word without a level of its own.

    With `roots` the words have their root level beside the stem level. The query without it finds the complete documents.
    """

    analyzer: ArabicAnalyzer
    schema: Schema
    ranking: Ranking
    mode: Mode
    level: Level
    is_question: bool
    spellings: Callable[[str, tuple[str, ...]], tuple[str, ...]] = lambda stem, fields: ()
    """Returns the other spellings of a foreign name, given by its stem, that articles have in some fields."""
    roots: bool = False

    @property
    def _words(self) -> WordAnalysis:
        return WordAnalysis(self.analyzer, self.schema)

    @property
    def _excluding(self) -> Compiler:
        """The compiler of excluded words, which has no spellings of foreign names and no roots."""
        return replace(self, spellings=lambda stem, fields: (), roots=False)

    def compile(self, node: tree.Node, fields: tuple[str, ...]) -> CompiledQuery | None:
        """Return the query of a tree, searched in `fields`; `None` if the tree has no searchable word."""
        match node:
            case tree.InField(name, child) if not isinstance(child, tree.Everything):
                return replace(self, roots=False).compile(child, (name,))
            case tree.Bag(clauses):
                return self._bag(clauses, fields)
            case tree.Word():
                return self._word(node, fields)
            case tree.And(children) | tree.Or(children):
                parts = [part for child in children if (part := self.compile(child, fields)) is not None]
                if len(parts) < 2:
                    return parts[0] if parts else None
                queries = [part.nested for part in parts]
                return CompiledQuery(Conjunction(*queries) if isinstance(node, tree.And) else Disjunction(1, *queries))
        query = self._leaf(node, fields)
        return None if query is None else CompiledQuery(query)

    def _leaf(self, node: tree.Node, fields: tuple[str, ...]) -> ScoredQuery | None:
        match node:
            case tree.Phrase(words, slop, kind):
                return self._phrase(words, slop, kind, fields)
            case tree.Prefix(text):
                return self._pattern(text + "*", fields)
            case tree.Wildcard(pattern):
                return self._pattern(pattern, fields)
            case tree.Fuzzy(text, distance):
                return self._fuzzy(text, distance, fields)
            case tree.Everything():
                return Complement(NO_MATCHES)
            case tree.InField(name, tree.Everything()):
                return self._filter(ExistsFilter(self.schema[name]))
            case tree.DateRange(name, start, end):
                return self._filter(DateFilter(self.schema[name], start, end))
            case tree.Range():
                return self._range(node)
            case tree.Not(child):
                inner = self._excluding.compile(child, fields)
                return Complement(inner.nested) if inner is not None else None
        raise TypeError(f"{type(node).__name__} is not a node of a query tree")

    def _bag(self, clauses: Sequence[tree.Clause], fields: tuple[str, ...]) -> CompiledQuery | None:
        should: list[ScoredQuery] = []
        stop_words: list[ScoredQuery] = []
        must: list[ScoredQuery] = []
        must_not: list[ScoredQuery] = []
        groups = {"should": should, "must": must, "must_not": must_not}
        for clause in clauses:
            compiler = self._excluding if clause.occur == "must_not" else self
            part = compiler.compile(clause.node, fields)
            if part is not None:
                is_stop_word = part.is_stop_word and clause.occur == "should"
                (stop_words if is_stop_word else groups[clause.occur]).append(part.nested)
        if not should and not must:
            should, stop_words = stop_words, []
        if not (should or stop_words or must or must_not):
            return None

        def restricted(base: ScoredQuery) -> ScoredQuery:
            """Exclude what must not match, and add the scores of the stop words."""
            return RequiredOptional(Conjunction(base, *map(Complement, must_not)), *stop_words)

        pairs = self._pairs(clauses, fields)
        if not should:
            base = Conjunction(*must) if must else Complement(NO_MATCHES)
            return CompiledQuery(complete=restricted(base), bonuses=pairs)
        mode = self._bag_mode(len(should))
        enough = RequiredOptional(Conjunction(*must), *should) if must else Disjunction(1, *should)
        return CompiledQuery(
            complete=restricted(Conjunction(*should, *must)) if mode in ("auto", "all") else None,
            partial=restricted(enough) if mode != "all" else None,
            bonuses=pairs,
        )

    def _bag_mode(self, words: int) -> str:
        """Return the mode of a bag: "any" where `auto` meets a question or a long query, else the search's mode."""
        is_long = self.is_question or words > FEW_WORDS
        return "any" if self.mode == "auto" and is_long else self.mode

    def _pairs(self, clauses: Sequence[tree.Clause], fields: tuple[str, ...]) -> tuple[ScoredQuery, ...]:
        words = list(map(self._pair_words, clauses))
        pairs = []
        for left, right in pairwise(words):
            before, after = self._words.terms(left), self._words.terms(right)
            if self.level > Level.STEM or not before or not after:
                continue
            if not (before[-1][1].stop and after[0][1].stop):
                distance = sum(self.analyzer.form(word).width for word in left) - before[-1][0] + after[0][0]
                pairs.append(TermPair(stem_term(before[-1][1]), stem_term(after[0][1]), distance, SLOP))
        weight = self.ranking.pair_weight / math.sqrt(len(pairs) or 1)
        return tuple(PairQuery(weight, pair, fields) for pair in pairs)

    def _pair_words(self, clause: tree.Clause) -> list[str]:
        """Return the words of a clause that may be in a pair: a plain word, or its correction; no frame word."""
        node = clause.node
        if not isinstance(node, tree.Word) or node.level is not None or clause.occur == "must_not":
            return []
        if self.is_question and is_frame_word(node.text):
            return []
        return [node.text] if node.correction is None else self.analyzer.tokenizer.words(node.correction)

    def _word(self, word: tree.Word, fields: tuple[str, ...]) -> CompiledQuery | None:
        terms = self._words.terms([word.text], exact=self._level_of(word) > Level.NORMALISED)
        if not terms:
            return None
        weight = 1.0
        is_stop_word = word.level is None and all(term.stop for _, term, _ in terms)
        if is_stop_word:
            weight = self.ranking.stop_weight
        elif self.is_question and is_frame_word(word.text):
            weight = self.ranking.frame_weight
        if word.correction is not None:
            terms, weight = (
                self._words.terms(self.analyzer.tokenizer.words(word.correction)),
                self.ranking.correction_weight,
            )
        levels = [
            Bm25Query(weight * share, source, fields)
            for share, source in self._with_spellings(word, is_stop_word, terms, fields)
        ]
        return CompiledQuery(Disjunction(1, *levels), is_stop_word=is_stop_word)

    def _level_of(self, word: tree.Word) -> Level:
        """Return the loosest level of a word; `=word` takes the vowel marks of the query into account."""
        return Level.VOCALISED if word.level is Level.SURFACE else self.level if word.level is None else word.level

    def _with_spellings(
        self, word: tree.Word, is_stop_word: bool, terms: Sequence[tuple[int, Term, str]], fields: tuple[str, ...]
    ) -> list[tuple[float, Frequencies]]:
        """Return the levels of a word; a share of the last one is for the other spellings of a foreign name too."""
        levels = self._levels(word, [term[:2] for term in terms])
        changed = word.level is not None or word.correction is not None
        if changed or is_stop_word or len(terms) > 1 or self.level > Level.STEM:
            return levels
        others = self.spellings(terms[0][1].stem, fields)
        if others:
            root_weight = (
                levels.pop()[0] if self.roots or self.level == Level.ROOT else 0.0
            )  # a foreign name has no root
            weight, last = levels.pop()
            weight += root_weight
            share = self.ranking.variant_share
            together = AnyOf((last, Terms(STEM, frozenset(others))))
            levels += [(weight * (1 - share), last), (weight * share, together)]
        return levels

    def _levels(self, word: tree.Word, terms: Sequence[tuple[int, Term]]) -> list[tuple[float, Frequencies]]:
        """Return the weight and the frequencies of each level that a word matches at."""
        level = self._level_of(word)
        ranking = self.ranking
        compare_marks = bool(vowel_marks(word.text)) and level <= Level.NORMALISED and word.correction is None
        surface = _phrase([(at, self._words.surface(word.text, term, level, compare_marks)) for at, term in terms])
        normalised = _phrase([(at, normalised_term(term)) for at, term in terms])
        levels: list[tuple[float, Frequencies]] = [(ranking.vocalised_weight, surface)] if compare_marks else []
        if level >= Level.NORMALISED:
            return [*levels, (1.0, normalised if level == Level.NORMALISED else surface)]
        loose = _phrase(
            [(at, stem_term(term) if level <= Level.STEM else self._words.same_word(term)) for at, term in terms]
        )
        levels.append((ranking.normalised_weight, normalised))
        share = ranking.synonym_share if word.also else 0.0
        levels.append((ranking.stem_weight * (1 - share), loose))
        synonyms = [self._words.terms(self.analyzer.tokenizer.words(text)) for text in word.also]
        phrases = tuple(_phrase([(at, stem_term(term)) for at, term, _ in synonym]) for synonym in synonyms)
        if phrases:
            levels.append((ranking.stem_weight * share, AnyOf((loose, *phrases))))
        if word.level == Level.ROOT:
            levels.append((ranking.root_weight, _phrase([(at, same_root(term, word)) for at, term in terms])))
        elif (self.roots or level == Level.ROOT) and not all(is_function_word(term) for _, term in terms):
            # Compounds are names, which have no root, and a correction is not stretched to the words of its root.
            apart = len(terms) > 1 or word.correction is not None
            root = loose if apart else same_root(terms[0][1], word)
            levels.append((ranking.root_weight, AnyOf((root, *phrases)) if phrases else root))
        return levels

    def _phrase(self, words: Sequence[str], slop: int, kind: str, fields: tuple[str, ...]) -> ScoredQuery | None:
        exact = kind == "literal" or (kind == "normal" and self.level > Level.NORMALISED)
        if not self._words.terms(words, exact=exact):
            return None
        spellings = [
            _phrase(self._phrase_terms(spelling, slop, kind, exact=exact), slop)
            for spelling in spellings_of_phrase(words, self.analyzer.form, exact=exact)
        ]
        source = AnyOf(tuple(spellings)) if len(spellings) > 1 else spellings[0]
        return Bm25Query(1.0 + self.ranking.normalised_weight, source, fields)

    def _phrase_terms(self, words: Sequence[str], slop: int, kind: str, *, exact: bool) -> list[tuple[int, Terms]]:
        level = Level.VOCALISED if kind == "literal" else self.level
        parts: list[tuple[int, Terms]] = []
        terms = self._words.terms(words, exact=exact)
        for number, (at, term, word) in enumerate(terms):
            if exact:
                parts.append((at, self._words.surface(word, term, level)))
                continue
            if kind == "stemmed":
                parts.append((at, stem_term(term)))
                continue
            following = terms[number + 1][1] if number + 1 < len(terms) else None
            free = bool(slop) or not number
            forms = word_spellings(term, following, proclitics=free, names=self.analyzer.names)
            parts.append((at, Terms(NORMALISED, frozenset(forms))))
        return parts

    def _pattern(self, pattern: str, fields: tuple[str, ...]) -> ScoredQuery | None:
        normalise = self.analyzer.normalizer.normalise
        pieces = [piece if piece in ("*", "?") else normalise(piece) for piece in re.split(r"([*?])", pattern)]
        if not "".join(pieces).strip("*"):
            return None
        wildcards = {"*": ".*", "?": "."}
        expression = re.compile("".join(wildcards.get(piece) or re.escape(piece) for piece in pieces), re.DOTALL)
        return Bm25Query(1.0, terms_that(lambda text: expression.fullmatch(text) is not None), fields)

    def _fuzzy(self, text: str, distance: int, fields: tuple[str, ...]) -> ScoredQuery | None:
        terms = self._words.terms([text])
        if not terms:
            return None
        _, term, _ = terms[0]
        word = term.normalised

        def near(text: str) -> bool:
            return abs(len(text) - len(word)) <= distance and damerau_levenshtein(text, word) <= distance

        exact = Bm25Query(1.0, normalised_term(term), fields)
        return Disjunction(1, exact, Bm25Query(self.ranking.fuzzy_weight, terms_that(near), fields))

    def _range(self, node: tree.Range) -> ScoredQuery | None:
        field = self.schema.doc_values_field(node.field, "search")
        ends: list[Any] = [node.low, node.high]
        if field.kind != "keyword":
            try:
                ends = [None if end is None else number_of(field, end) for end in ends]
            except QueryError:
                return None
        return self._filter(RangeFilter(field, ends[0], ends[1], node.include_low, node.include_high))

    def _filter(self, condition: Filter) -> ScoredQuery:
        return FilterQuery(satisfies(self.schema, condition))


def _phrase(parts: Sequence[tuple[int, Terms]], slop: int = 0) -> Frequencies:
    return PhraseOf(tuple(parts), slop) if len(parts) > 1 else parts[0][1]
