"""A query tree, as typed, into what can be looked up and what is to be marked.

Each word is analysed as the articles were. A word is looked up at the normalised and the stem level, where it has vowel
marks also as it is written, a compound (عبدالله) as the phrase it is; quoted phrases at the normalised level, their
first word with its proclitics too. Patterns are normalised, never stemmed. A word's synonyms are looked for by their
stems, together with the word's own, and may leave a share of the weight to that alone, so that of two articles equal
but for one word the one with the word typed scores no less.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.analyzers.proclitics import proclitic_variants
from arsearch.analyzers.tokens import Term
from arsearch.errors import QueryError
from arsearch.index.execution import queries
from arsearch.index.execution.boolean import BooleanQuery
from arsearch.index.execution.filters import ExistsFilter, RangeFilter, date_bounds, number
from arsearch.index.execution.proximity import TermPair
from arsearch.index.matching.fuzzy import is_within
from arsearch.index.matching.postings_queries import (
    FuzzySource,
    PhraseSource,
    PositionsSource,
    PostingsSource,
    SurfaceFormSource,
    TermSetSource,
    UnionSource,
    WildcardSource,
    WordSource,
)
from arsearch.index.reader.budget import MAX_EXPANSIONS
from arsearch.index.reader.segment import NORMALISED, STEM
from arsearch.model import Level
from arsearch.model.schema import Schema
from arsearch.query import tree
from arsearch.search.ranking import Ranking
from arsearch.snippets import AnyMatcher, HighlightTarget, PatternMatcher, SetMatcher, TermMatcher, WordMatcher

__all__ = ["CompiledQuery", "compile_tree"]

_FUZZY_WEIGHT = 0.5
_LONGEST_PATTERN = 256
_LONGEST_FUZZY = 64  # letters; the work grows with their square
_STOP_NOTE = ("the query has only stop words; they were searched as they are",)


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """What to look up, what to mark, and what there is to say."""

    node: queries.Query | None
    marks: tuple[Callable[[], HighlightTarget], ...]
    notes: tuple[str, ...]

    @property
    def pairs(self) -> tuple[TermPair, ...]:
        """The neighbouring words whose nearness counts."""
        return self.node.pairs if isinstance(self.node, BooleanQuery) else ()

    def targets(self) -> list[HighlightTarget]:
        """What to mark, made when it is asked for: many searches show no snippet."""
        return list(dict.fromkeys(make() for make in self.marks))


def compile_tree(
    root: tree.Node | None,
    *,
    analyzer: ArabicAnalyzer,
    schema: Schema,
    ranking: Ranking,
    mode: queries.Mode | Literal["share"],
    floor: Level,
    forms: MutableMapping[str, Form] | None = None,
    expansions: int | None = MAX_EXPANSIONS,
) -> CompiledQuery:
    """Compile a parsed query; `node` is `None` when nothing in it can be looked up.

    A pattern stands for at most so many `expansions`, unless it excludes. `forms` are words whose analysis is known;
    those of the query are added.
    """
    compiler = _Compiler(analyzer, schema, ranking, mode, floor, {} if forms is None else forms, expansions)
    default = tuple(f.name for f in schema if f.default)
    node = compiler.node(root, default) if root is not None else None
    if isinstance(node, queries.ScoredQuery) and node.is_stop_word:
        compiler.notes += _STOP_NOTE
    return CompiledQuery(node, tuple(compiler.marks), tuple(dict.fromkeys(compiler.notes)))


@dataclass(slots=True)
class _Compiler:
    analyzer: ArabicAnalyzer
    schema: Schema
    ranking: Ranking
    mode: queries.Mode | Literal["share"]
    floor: Level
    forms: MutableMapping[str, Form]
    expansions: int | None
    marks: list[Callable[[], HighlightTarget]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def node(self, node: tree.Node, fields: tuple[str, ...]) -> queries.Query | None:
        match node:
            case tree.Word():
                return self._word(node, fields)
            case tree.Phrase():
                return self._phrase(node, fields)
            case tree.Prefix(text):
                return self._pattern(node, text + "*", fields)
            case tree.Wildcard(pattern):
                return self._pattern(node, pattern, fields)
            case tree.Fuzzy():
                return self._fuzzy(node, fields)
            case tree.InField(name, tree.Everything()):
                return queries.ConstantScoreQuery(ExistsFilter(self.schema[name]))
            case tree.InField(name, child):
                return self.node(child, (name,))
            case tree.Everything():
                return queries.NotQuery(queries.DisjunctionQuery(()))
            case tree.DateRange(name, start, end):
                return queries.ConstantScoreQuery(date_bounds(self.schema[name], start, end))
            case tree.Range():
                return self._range(node)
            case tree.Bag(clauses):
                return self._bag(clauses, fields)
            case tree.And(children):
                return _joined(queries.ConjunctionQuery, self._all(children, fields))
            case tree.Or(children):
                return _joined(queries.DisjunctionQuery, self._all(children, fields))
            case tree.Not(child):
                inner = self._unmarked(child, fields)
                return queries.NotQuery(inner) if inner else None
        raise TypeError(f"{type(node).__name__} is not a node of a query tree")

    def _all(self, children: Sequence[tree.Node], fields: tuple[str, ...]) -> list[queries.Query]:
        return [made for child in children if (made := self.node(child, fields)) is not None]

    def _unmarked(self, child: tree.Node, fields: tuple[str, ...]) -> queries.Query | None:
        """A node that excludes: nothing of it is marked, and no expansion left out."""
        marks, expansions = list(self.marks), self.expansions
        self.expansions = None
        inner = self.node(child, fields)
        self.marks, self.expansions = marks, expansions
        return inner

    def _bag(self, clauses: Sequence[tree.Clause], fields: tuple[str, ...]) -> queries.Query | None:
        groups: dict[str, list[queries.Query]] = {"should": [], "must": [], "must_not": []}
        for clause in clauses:
            make = self._unmarked if clause.occur == "must_not" else self.node
            made = make(clause.node, fields)
            if made is not None:
                groups[clause.occur].append(made)
        wanted = [node for node in groups["should"] if not _is_stop(node)]
        extra = [node for node in groups["should"] if _is_stop(node)]
        if not wanted and not groups["must"]:
            wanted, extra = extra, []
            self.notes += _STOP_NOTE if wanted else ()
        if not any((wanted, extra, groups["must"], groups["must_not"])):
            return None
        return BooleanQuery(
            should=tuple(wanted),
            optional=tuple(extra),
            must=tuple(groups["must"]),
            must_not=tuple(groups["must_not"]),
            pairs=tuple(self._pairs(clauses, fields)) if self.ranking.pair_weight else (),
            mode=self.mode,
        )

    def _pairs(self, clauses: Sequence[tree.Clause], fields: tuple[str, ...]) -> Iterator[TermPair]:
        """The neighbouring plain words of a bag, those of two stop words left out."""
        words = [
            clause.node.text
            if isinstance(clause.node, tree.Word) and clause.node.level is None and clause.occur != "must_not"
            else None
            for clause in clauses
        ]
        for one, other in pairwise(words):
            if one is None or other is None or self.floor > Level.STEM:
                continue
            before, after = self._parts([one]), self._parts([other])
            if before and after and not (before[-1][2].stop and after[0][2].stop):
                distance = self._form(one).width - before[-1][0] + after[0][0]
                yield TermPair(before[-1][2].stem, after[0][2].stem, distance, fields)

    def _word(self, node: tree.Word, fields: tuple[str, ...]) -> queries.Query | None:
        text, level = node.text, node.level
        floor = self.floor if level is None else _floor_of(level)
        parts = self._parts([text])
        if not parts:
            return None
        terms = [term for _, _, term in parts]
        stop = level is None and all(term.stop for term in terms)
        weight = self.ranking.stop_weight if stop else 1.0
        stems = [_family(term, text, level) for term in terms] if floor == Level.ROOT else []
        if level == Level.ROOT and all(own == (term.stem,) for own, term in zip(stems, terms, strict=True)):
            self.notes.append(f"no root of {text!r} is known; it was looked up by its stem")
        mark = self._target(lambda: tuple(_matchers(terms, text, floor, stems)), fields, weight=weight)
        marked = len(self.marks)
        finds = [(self.ranking.normalised_weight, _at(parts, NORMALISED))]
        if floor <= Level.STEM:
            finds += self._stems(_at(parts, STEM), node.also, fields)
            if stems:
                akin = [(place, TermSetSource(STEM, own)) for (place, _, _), own in zip(parts, stems, strict=True)]
                finds.append((self.ranking.root_weight, akin[0][1] if len(akin) == 1 else PhraseSource(tuple(akin))))
        elif floor == Level.WORD:
            words = [(place, WordSource(self.analyzer, term.stem, term.word)) for place, _, term in parts]
            finds.append((self.ranking.stem_weight, words[0][1] if len(words) == 1 else PhraseSource(tuple(words))))
        elif floor == Level.NORMALISED:
            finds = [(1.0, _at(parts, NORMALISED))]
        else:
            finds = [(1.0, self._written(parts, floor))]
        vocalised = self.ranking.vocalised_weight
        if vocalised and floor <= Level.NORMALISED and TermMatcher.of(terms[0], text).vocalised:
            finds.insert(0, (vocalised, self._written(parts, Level.VOCALISED)))
        found = tuple((weight * share, find) for share, find in finds)
        others = tuple(self.marks[marked:])
        return queries.ScoredQuery(found, fields, stop, queries.QueryOrigin(node, (text,), mark, others))

    def _written(self, parts: Sequence[tuple[int, str, Term]], floor: Level) -> PostingsSource:
        found = [
            (place, SurfaceFormSource(self.analyzer, TermMatcher.of(term, word, floor))) for place, word, term in parts
        ]
        return found[0][1] if len(found) == 1 else PhraseSource(tuple(found))

    def _stems(
        self, own: PostingsSource, also: Sequence[str], fields: tuple[str, ...]
    ) -> list[tuple[float, PostingsSource]]:
        """A word's stem, and where there are synonyms, it and theirs together."""
        weight = self.ranking.stem_weight
        others = [parts for text in also if (parts := self._parts(self.analyzer.tokenizer.words(text)))]
        if not others:
            return [(weight, own)]
        for parts in others:
            stems = [frozenset((term.stem,)) for _, _, term in parts]
            self._target(
                lambda stems=stems: tuple(SetMatcher(stem, Level.SYNONYM, "stem") for stem in stems),  # type: ignore[misc]
                fields,
            )
        together = UnionSource((own, *(_at(parts, STEM) for parts in others)))
        share = self.ranking.synonym_share
        return [(weight * (1 - share), own), (weight * share, together)] if share < 1 else [(weight, together)]

    def _form(self, word: str) -> Form:
        form = self.forms.get(word)
        if form is None:
            form = self.forms[word] = self.analyzer.form(word)
        return form

    def _parts(self, words: Sequence[str]) -> list[tuple[int, str, Term]]:
        """The place, written word and term of each position that `words` take.

        Where several terms share a place, as a hashtag and its first part do, the last one, the part, is taken.
        """
        parts: dict[int, tuple[int, str, Term]] = {}
        place = 0
        for word in words:
            form = self._form(word)
            for term in form.terms:
                parts[place + term.offset] = (place + term.offset, word, term)
            place += form.width
        return list(parts.values())

    def _phrase(self, node: tree.Phrase, fields: tuple[str, ...]) -> queries.Query | None:
        words, slop, kind = node.words, node.slop, node.kind
        parts = self._parts(words)
        if not parts:
            return None
        level = STEM if kind == "stemmed" else NORMALISED
        floor = Level.STEM if kind == "stemmed" else Level.NORMALISED
        if kind == "literal":
            floor = Level.VOCALISED
        elif kind == "normal" and self.floor > Level.NORMALISED:
            kind, floor = "literal", self.floor
        places: list[tuple[int, PositionsSource]] = []
        matchers: list[WordMatcher] = []
        for position, (place, word, term) in enumerate(parts):
            matcher: WordMatcher = TermMatcher.of(term, word, floor)
            spellings: tuple[str, ...] = (term.stem if kind == "stemmed" else term.normalised,)
            if kind == "normal" and (position == 0 or slop):
                spellings = proclitic_variants(term.normalised)
                matcher = AnyMatcher((matcher, SetMatcher(frozenset(spellings[1:]), Level.WORD)))
            one: SurfaceFormSource | TermSetSource = TermSetSource(level, spellings)
            if kind == "literal":
                one = SurfaceFormSource(self.analyzer, TermMatcher.of(term, word, floor))
            places.append((place, one))
            matchers.append(matcher)
        mark = self._target(lambda: tuple(matchers), fields, slop=slop)
        find: PostingsSource = PhraseSource(tuple(places), slop) if len(places) > 1 else one
        return queries.ScoredQuery(
            ((1.0 + self.ranking.normalised_weight, find),), fields, origin=queries.QueryOrigin(node, words, mark)
        )

    def _pattern(self, node: tree.Node, pattern: str, fields: tuple[str, ...]) -> queries.Query | None:
        normalise = self.analyzer.normalizer.normalise
        normal = "".join(piece if piece in ("*", "?") else normalise(piece) for piece in re.split(r"([*?])", pattern))
        if not normal.strip("*"):
            self.notes.append(f"the pattern {pattern!r} has no letters and was left out")
            return None
        if len(normal) > _LONGEST_PATTERN:
            self.notes.append(f"a pattern of {len(normal):,} letters was left out; the longest has {_LONGEST_PATTERN}")
            return None
        mark = self._target(lambda: (PatternMatcher(normal),), fields)
        return queries.ScoredQuery(
            ((1.0, WildcardSource(normal, self.expansions)),), fields, origin=queries.QueryOrigin(node, (), mark)
        )

    def _fuzzy(self, node: tree.Fuzzy, fields: tuple[str, ...]) -> queries.Query | None:
        text, distance = node.text, node.distance
        parts = self._parts([text])
        if not parts:
            return None
        _, _, term = parts[0]
        if len(term.normalised) > _LONGEST_FUZZY:
            self.notes.append(f"a word of {len(term.normalised):,} letters was not matched loosely")
            return self._word(tree.Word(text, Level.NORMALISED), fields)
        if len(parts) > 1:
            self.notes.append(f"{text!r} is several words; only the first was matched loosely")
        near = FuzzySource(term.normalised, distance, self.expansions)
        mark = self._target(lambda: (_Near(term.normalised, distance),), fields)
        exact = TermSetSource(NORMALISED, (term.normalised,))
        return queries.ScoredQuery(
            ((1.0, exact), (_FUZZY_WEIGHT, near)), fields, origin=queries.QueryOrigin(node, (text,), mark)
        )

    def _range(self, node: tree.Range) -> queries.Query | None:
        column = self.schema.doc_values_field(node.field, "search")
        ends: list[Any] = [node.low, node.high]
        if column.kind != "keyword":
            try:
                ends = [None if end is None else number(column, end) for end in ends]
            except QueryError as error:
                self.notes.append(f"{error}; the range was left out")
                return None
        return queries.ConstantScoreQuery(RangeFilter(column, ends[0], ends[1], node.include_low, node.include_high))

    def _target(
        self,
        matchers: Callable[[], tuple[WordMatcher, ...]],
        fields: tuple[str, ...],
        *,
        slop: int = 0,
        weight: float = 1.0,
    ) -> Callable[[], HighlightTarget]:
        def make() -> HighlightTarget:
            return HighlightTarget(matchers(), slop, ordered=slop < 2, fields=frozenset(fields), weight=weight)

        self.marks.append(make)
        return make


@dataclass(frozen=True, slots=True)
class _Near:
    """Marks words within an edit distance; made for one search, it asks about each form once."""

    word: str
    distance: int

    def level(self, term: Term, text: str) -> Level | None:  # noqa: ARG002
        return Level.NORMALISED if is_within(self.word, term.normalised, self.distance) else None


def _floor_of(level: Level) -> Level:
    """The loosest level of a word that asks for one itself; `=` wants it as it is written, with the marks it has."""
    return Level.VOCALISED if level is Level.SURFACE else level


def _family(term: Term, text: str, level: Level | None) -> tuple[str, ...]:
    """The stems that a word stands for at the root level; with that level of its own it may be a root itself."""
    from arsearch.analyzers.root_families import stems_of_family, stems_of_named_root  # few searches need the table

    return stems_of_named_root(text, term.stem) if level == Level.ROOT else stems_of_family(term.stem)


def _matchers(
    terms: Sequence[Term], text: str, floor: Level, stems: Sequence[tuple[str, ...]]
) -> Iterator[WordMatcher]:
    for at, term in enumerate(terms):
        matcher = TermMatcher.of(term, text, max(floor, Level.STEM))
        yield AnyMatcher((matcher, SetMatcher(frozenset(stems[at]), Level.ROOT, "stem"))) if stems else matcher


def _at(parts: Sequence[tuple[int, str, Term]], level: str) -> PostingsSource:
    found = [
        (place, TermSetSource(level, (term.normalised if level == NORMALISED else term.stem,)))
        for place, _, term in parts
    ]
    return found[0][1] if len(found) == 1 else PhraseSource(tuple(found))


def _is_stop(node: queries.Query) -> bool:
    return isinstance(node, queries.ScoredQuery) and node.is_stop_word


def _joined(
    kind: type[queries.ConjunctionQuery] | type[queries.DisjunctionQuery], children: list[queries.Query]
) -> queries.Query | None:
    if len(children) < 2:
        return children[0] if children else None
    return kind(tuple(children))
