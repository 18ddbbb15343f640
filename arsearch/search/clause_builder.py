"""A query tree, as typed, becomes clauses and highlight targets.

Each word is analysed as the articles were. A word is looked up at the normalised and the stem level, as it is written if
it has vowel marks, and a compound (عبدالله) as the phrase it is. A quoted phrase is looked up at the normalised level, its
first word with its proclitics too. Patterns are normalised, never stemmed. The synonyms of a word are looked up by their
stems, together with the word's own stem, and may leave a share of the weight to that stem alone: of two articles that
differ in one word, the article with the typed word then scores no less.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.analyzers.proclitics import proclitic_variants
from arsearch.analyzers.tokens import Term
from arsearch.errors import QueryError
from arsearch.model import Level
from arsearch.model.schema import NORMALISED, STEM, Schema
from arsearch.query import tree
from arsearch.search.clauses import (
    AndClause,
    BooleanClause,
    DateFilter,
    ExistsFilter,
    FilterClause,
    FuzzyClause,
    NotClause,
    OrClause,
    Origin,
    PatternClause,
    PhraseClause,
    QueryClause,
    RangeFilter,
    ScoredClause,
    SurfaceFormClause,
    TermClause,
    TermsClause,
    UnionClause,
    WordClause,
)
from arsearch.search.filters import number_of
from arsearch.search.highlighting import (
    FuzzyTarget,
    PatternTarget,
    PhraseTarget,
    StemTarget,
    TargetRecipe,
    WordTarget,
)
from arsearch.search.ranking import Ranking
from arsearch.search.request import Mode
from arsearch.search.signals import ProximitySignal, Signal, TermPair
from arsearch.snippets import AnyMatcher, SetMatcher, TermMatcher, WordMatcher

__all__ = ["FEW_WORDS", "Built", "ClauseBuilder"]

FEW_WORDS = 4
"""Up to this number of words, mode "auto" wants all of them first; of more words it wants a share."""

_LONGEST_PATTERN = 256
_LONGEST_FUZZY = 64  # letters; the work grows with their square
_STOP_NOTE = "the query has only stop words; they were searched as they are"

_Fields = tuple[str, ...]
_Single = TypeVar("_Single", TermsClause, WordClause, SurfaceFormClause)


class Built(NamedTuple):
    """The clauses of a query; the clause is `None` if nothing in the query can be looked up."""

    clause: QueryClause | None
    signals: tuple[Signal, ...]
    targets: tuple[TargetRecipe, ...]
    notes: tuple[str, ...]


class _Part(NamedTuple):
    """One position of a word: its offset, the written word, and the term there."""

    position: int
    word: str
    term: Term


@dataclass(slots=True)
class ClauseBuilder:
    """Builds the clauses of one query.

    `floor` is the loosest level that words match at; `mode` "share" wants the share of the words that
    `Ranking.minimum_share` names. `forms` are words whose analysis is known; the words of the query are added.
    A pattern stands for at most `max_expansions` terms, unless it excludes.
    """

    analyzer: ArabicAnalyzer
    schema: Schema
    ranking: Ranking
    mode: Mode | Literal["share"]
    floor: Level
    forms: MutableMapping[str, Form]
    max_expansions: int | None
    _targets: list[TargetRecipe] = field(default_factory=list)
    _notes: list[str] = field(default_factory=list)
    _pairs: dict[int, tuple[TermPair, ...]] = field(default_factory=dict)  # by the identity of a clause

    def build(self, root: tree.Node | None) -> Built:
        """Return the clauses of a query tree."""
        default = tuple(item.name for item in self.schema if item.default)
        clause = self._build(root, default) if root is not None else None
        if isinstance(clause, ScoredClause) and clause.is_stop_word:
            self._notes.append(_STOP_NOTE)
        pairs = self._pairs.get(id(clause), ())
        signals = (ProximitySignal(pairs),) if pairs else ()
        return Built(clause, signals, tuple(self._targets), tuple(dict.fromkeys(self._notes)))

    def _build(self, node: tree.Node, fields: _Fields) -> QueryClause | None:
        build = self._BUILDERS.get(type(node))
        if build is None:
            raise TypeError(f"{type(node).__name__} is not a node of a query tree")
        return build(self, node, fields)

    def _everything(self, node: tree.Everything, fields: _Fields) -> QueryClause:  # noqa: ARG002
        return NotClause(OrClause(()))

    def _in_field(self, node: tree.InField, fields: _Fields) -> QueryClause | None:  # noqa: ARG002
        if isinstance(node.child, tree.Everything):
            return FilterClause(ExistsFilter(self.schema[node.field]))
        return self._build(node.child, (node.field,))

    def _date_range(self, node: tree.DateRange, fields: _Fields) -> QueryClause:  # noqa: ARG002
        return FilterClause(DateFilter(self.schema[node.field], node.start, node.end))

    def _and(self, node: tree.And, fields: _Fields) -> QueryClause | None:
        return _joined(AndClause, self._children(node.children, fields))

    def _or(self, node: tree.Or, fields: _Fields) -> QueryClause | None:
        return _joined(OrClause, self._children(node.children, fields))

    def _not(self, node: tree.Not, fields: _Fields) -> QueryClause | None:
        inner = self._excluded(node.child, fields)
        return NotClause(inner) if inner else None

    def _children(self, children: Sequence[tree.Node], fields: _Fields) -> list[QueryClause]:
        return [built for child in children if (built := self._build(child, fields)) is not None]

    def _excluded(self, child: tree.Node, fields: _Fields) -> QueryClause | None:
        """Build a clause that excludes: none of its words is marked, and no expansion is left out."""
        targets, expansions = list(self._targets), self.max_expansions
        self.max_expansions = None
        inner = self._build(child, fields)
        self._targets, self.max_expansions = targets, expansions
        return inner

    def _bag(self, node: tree.Bag, fields: _Fields) -> QueryClause | None:
        groups: dict[tree.Occur, list[QueryClause]] = {"should": [], "must": [], "must_not": []}
        for clause in node.clauses:
            build = self._excluded if clause.occur == "must_not" else self._build
            built = build(clause.node, fields)
            if built is not None:
                groups[clause.occur].append(built)
        should = [clause for clause in groups["should"] if not _is_stop_word(clause)]
        optional = [clause for clause in groups["should"] if _is_stop_word(clause)]
        if not should and not groups["must"]:
            should, optional = optional, []
            if should:
                self._notes.append(_STOP_NOTE)
        if not any((should, optional, groups["must"], groups["must_not"])):
            return None
        built = BooleanClause(
            should=tuple(should),
            optional=tuple(optional),
            must=tuple(groups["must"]),
            must_not=tuple(groups["must_not"]),
            minimum_should_match=self._minimum(len(should)),
        )
        if self.ranking.pair_weight:
            self._pairs[id(built)] = tuple(self._neighbours(node.clauses, fields))
        return built

    def _minimum(self, words: int) -> int | Literal["auto", "all"]:
        if self.mode == "all" or (self.mode == "auto" and words <= FEW_WORDS):
            return self.mode
        return 1 if self.mode == "any" else self.ranking.minimum_words(words)

    def _neighbours(self, clauses: Sequence[tree.Clause], fields: _Fields) -> Iterator[TermPair]:
        """Yield the pairs of neighbouring plain words; a pair of two stop words is left out."""
        if self.floor > Level.STEM:
            return
        words = [_plain_word(clause) for clause in clauses]
        for one, other in pairwise(words):
            if one is None or other is None:
                continue
            before, after = self._parts([one]), self._parts([other])
            if before and after and not (before[-1].term.stop and after[0].term.stop):
                distance = self._form(one).width - before[-1].position + after[0].position
                yield TermPair(before[-1].term.stem, after[0].term.stem, distance, fields)

    def _word(self, node: tree.Word, fields: _Fields) -> QueryClause | None:
        text, level = node.text, node.level
        floor = self.floor if level is None else _floor_of(level)
        parts = self._parts([text])
        if not parts:
            return None
        terms = tuple(part.term for part in parts)
        stop = level is None and all(term.stop for term in terms)
        weight = self.ranking.stop_weight if stop else 1.0
        roots = self._root_stems(terms, text, level) if floor == Level.ROOT else ()
        target = self._mark(WordTarget(terms, text, floor, roots, fields, weight))
        levels, synonyms = self._levels(node, parts, floor, roots, fields)
        vocalised = self.ranking.vocalised_weight
        if vocalised and floor <= Level.NORMALISED and TermMatcher.of(terms[0], text).vocalised:
            levels.insert(0, (vocalised, _as_written(parts, Level.VOCALISED)))
        weighed = tuple((weight * share, clause) for share, clause in levels)
        return ScoredClause(weighed, fields, stop, Origin(node, (text,), target, synonyms))

    def _levels(
        self, node: tree.Word, parts: Sequence[_Part], floor: Level, roots: Sequence[_Fields], fields: _Fields
    ) -> tuple[list[tuple[float, TermClause]], tuple[TargetRecipe, ...]]:
        """Return the weighted levels of a word, and the targets of its synonyms."""
        ranking = self.ranking
        if floor > Level.NORMALISED:
            return [(1.0, _as_written(parts, floor))], ()
        normalised = _terms(parts, NORMALISED)
        if floor == Level.NORMALISED:
            return [(1.0, normalised)], ()
        levels: list[tuple[float, TermClause]] = [(ranking.normalised_weight, normalised)]
        if floor == Level.WORD:
            words = [(part.position, WordClause(part.term.stem, part.term.word)) for part in parts]
            return [*levels, (ranking.stem_weight, _in_row(words))], ()
        stems, synonyms = self._stems(_terms(parts, STEM), node.also, fields)
        levels += stems
        if roots:
            related = [(part.position, TermsClause(STEM, own)) for part, own in zip(parts, roots, strict=True)]
            levels.append((ranking.root_weight, _in_row(related)))
        return levels, synonyms

    def _root_stems(self, terms: Sequence[Term], text: str, level: Level | None) -> tuple[tuple[str, ...], ...]:
        from arsearch.analyzers.root_families import stems_of_family, stems_of_named_root  # few searches need the table

        if level != Level.ROOT:
            return tuple(stems_of_family(term.stem) for term in terms)
        stems = tuple(stems_of_named_root(text, term.stem) for term in terms)
        if all(own == (term.stem,) for own, term in zip(stems, terms, strict=True)):
            self._notes.append(f"no root of {text!r} is known; it was looked up by its stem")
        return stems

    def _stems(
        self, own: TermsClause | PhraseClause, also: Sequence[str], fields: _Fields
    ) -> tuple[list[tuple[float, TermClause]], tuple[TargetRecipe, ...]]:
        """Return a word's stem level, with the synonyms `also` in it, and the targets of these."""
        weight = self.ranking.stem_weight
        others = [parts for text in also if (parts := self._parts(self.analyzer.tokenizer.words(text)))]
        if not others:
            return [(weight, own)], ()
        targets = tuple(
            self._mark(StemTarget(tuple(part.term.stem for part in parts), Level.SYNONYM, fields)) for parts in others
        )
        together = UnionClause((own, *(_terms(parts, STEM) for parts in others)))
        share = self.ranking.synonym_share
        if share < 1:
            return [(weight * (1 - share), own), (weight * share, together)], targets
        return [(weight, together)], targets

    def _phrase(self, node: tree.Phrase, fields: _Fields) -> QueryClause | None:
        words, slop, kind = node.words, node.slop, node.kind
        parts = self._parts(words)
        if not parts:
            return None
        stemmed = kind == "stemmed"
        floor = Level.STEM if stemmed else Level.NORMALISED
        if kind == "literal":
            floor = Level.VOCALISED
        elif kind == "normal" and self.floor > Level.NORMALISED:
            kind, floor = "literal", self.floor
        clauses: list[tuple[int, TermsClause | WordClause | SurfaceFormClause]] = []
        matchers: list[WordMatcher] = []
        for number, (position, word, term) in enumerate(parts):
            exact = TermMatcher.of(term, word, floor)
            if kind == "literal":
                clauses.append((position, SurfaceFormClause(exact)))
                matchers.append(exact)
                continue
            spellings: tuple[str, ...] = (term.stem if stemmed else term.normalised,)
            matcher: WordMatcher = exact
            if kind == "normal" and (number == 0 or slop):
                spellings = proclitic_variants(term.normalised)
                matcher = AnyMatcher((exact, SetMatcher(frozenset(spellings[1:]), Level.WORD)))
            clauses.append((position, TermsClause(STEM if stemmed else NORMALISED, spellings)))
            matchers.append(matcher)
        target = self._mark(PhraseTarget(tuple(matchers), slop, fields))
        clause: TermClause = PhraseClause(tuple(clauses), slop) if len(clauses) > 1 else clauses[0][1]
        return ScoredClause(
            ((1.0 + self.ranking.normalised_weight, clause),), fields, origin=Origin(node, words, target)
        )

    def _prefix(self, node: tree.Prefix, fields: _Fields) -> QueryClause | None:
        return self._pattern(node, node.text + "*", fields)

    def _wildcard(self, node: tree.Wildcard, fields: _Fields) -> QueryClause | None:
        return self._pattern(node, node.pattern, fields)

    def _pattern(self, node: tree.Node, pattern: str, fields: _Fields) -> QueryClause | None:
        normalise = self.analyzer.normalizer.normalise
        normal = "".join(piece if piece in ("*", "?") else normalise(piece) for piece in re.split(r"([*?])", pattern))
        if not normal.strip("*"):
            self._notes.append(f"the pattern {pattern!r} has no letters and was left out")
            return None
        if len(normal) > _LONGEST_PATTERN:
            self._notes.append(f"a pattern of {len(normal):,} letters was left out; the longest has {_LONGEST_PATTERN}")
            return None
        clause = PatternClause(normal, self.max_expansions)
        origin = Origin(node, (), self._mark(PatternTarget(normal, fields)))
        return ScoredClause(((1.0, clause),), fields, origin=origin)

    def _fuzzy(self, node: tree.Fuzzy, fields: _Fields) -> QueryClause | None:
        text, distance = node.text, node.distance
        parts = self._parts([text])
        if not parts:
            return None
        term = parts[0].term
        if len(term.normalised) > _LONGEST_FUZZY:
            self._notes.append(f"a word of {len(term.normalised):,} letters was not matched loosely")
            return self._word(tree.Word(text, Level.NORMALISED), fields)
        if len(parts) > 1:
            self._notes.append(f"{text!r} is several words; only the first was matched loosely")
        exact = TermsClause(NORMALISED, (term.normalised,))
        near = FuzzyClause(term.normalised, distance, self.max_expansions)
        origin = Origin(node, (text,), self._mark(FuzzyTarget(term.normalised, distance, fields)))
        return ScoredClause(((1.0, exact), (self.ranking.fuzzy_weight, near)), fields, origin=origin)

    def _range(self, node: tree.Range, fields: _Fields) -> QueryClause | None:  # noqa: ARG002
        declared = self.schema.doc_values_field(node.field, "search")
        ends: list[Any] = [node.low, node.high]
        if declared.kind != "keyword":
            try:
                ends = [None if end is None else number_of(declared, end) for end in ends]
            except QueryError as error:
                self._notes.append(f"{error}; the range was left out")
                return None
        return FilterClause(RangeFilter(declared, ends[0], ends[1], node.include_low, node.include_high))

    def _mark(self, recipe: TargetRecipe) -> TargetRecipe:
        self._targets.append(recipe)
        return recipe

    def _form(self, word: str) -> Form:
        form = self.forms.get(word)
        if form is None:
            form = self.forms[word] = self.analyzer.form(word)
        return form

    def _parts(self, words: Sequence[str]) -> list[_Part]:
        """Return one part for each position that `words` take.

        Where several terms share a position, as a hashtag and its first part do, the last one counts: the part.
        """
        parts: dict[int, _Part] = {}
        start = 0
        for word in words:
            form = self._form(word)
            for term in form.terms:
                parts[start + term.offset] = _Part(start + term.offset, word, term)
            start += form.width
        return list(parts.values())

    _BUILDERS: ClassVar[Mapping[type[tree.Node], Callable[..., QueryClause | None]]] = {
        tree.Word: _word,
        tree.Phrase: _phrase,
        tree.Prefix: _prefix,
        tree.Wildcard: _wildcard,
        tree.Fuzzy: _fuzzy,
        tree.InField: _in_field,
        tree.Everything: _everything,
        tree.DateRange: _date_range,
        tree.Range: _range,
        tree.Bag: _bag,
        tree.And: _and,
        tree.Or: _or,
        tree.Not: _not,
    }


def _plain_word(clause: tree.Clause) -> str | None:
    node = clause.node
    plain = isinstance(node, tree.Word) and node.level is None and clause.occur != "must_not"
    return node.text if plain and isinstance(node, tree.Word) else None


def _floor_of(level: Level) -> Level:
    """Return the loosest level of a word with a level of its own; `=` wants a word as it is written, marks included."""
    return Level.VOCALISED if level is Level.SURFACE else level


def _terms(parts: Sequence[_Part], level: str) -> TermsClause | PhraseClause:
    return _in_row(
        [
            (part.position, TermsClause(level, (part.term.normalised if level == NORMALISED else part.term.stem,)))
            for part in parts
        ]
    )


def _as_written(parts: Sequence[_Part], floor: Level) -> SurfaceFormClause | PhraseClause:
    return _in_row([(part.position, SurfaceFormClause(TermMatcher.of(part.term, part.word, floor))) for part in parts])


def _in_row(clauses: Sequence[tuple[int, _Single]]) -> _Single | PhraseClause:
    """Return the only clause, or the phrase of several."""
    return clauses[0][1] if len(clauses) == 1 else PhraseClause(tuple(clauses))


def _is_stop_word(clause: QueryClause) -> bool:
    return isinstance(clause, ScoredClause) and clause.is_stop_word


def _joined(kind: type[AndClause] | type[OrClause], children: list[QueryClause]) -> QueryClause | None:
    """Return the only child, or a clause of several; `None` without children."""
    return children[0] if len(children) == 1 else kind(tuple(children)) if children else None
