"""Build the clauses of a plan, its signals and its highlight recipes from a query tree.

`scored_clauses` builds the clauses of words, phrases and patterns; this module combines them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from arsearch.errors import QueryError
from arsearch.model import Level
from arsearch.model.schema import Schema
from arsearch.query import tree
from arsearch.query.tree import unknown_node
from arsearch.search.clauses import (
    AndClause,
    BooleanClause,
    DateFilter,
    ExistsFilter,
    FilterClause,
    NotClause,
    OrClause,
    QueryClause,
    RangeFilter,
    ScoredClause,
)
from arsearch.search.filters import number_of
from arsearch.search.highlighting import TargetRecipe
from arsearch.search.request import Mode
from arsearch.search.scored_clauses import ScoredClauseBuilder
from arsearch.search.signals import ProximitySignal, Signal, TermPair

__all__ = ["FEW_WORDS", "Built", "ClauseBuilder"]

FEW_WORDS = 4
"""Mode "auto" asks for all words of a query of up to this number of words, and for any of more words."""

_STOP_NOTE = "the query has only stop words; they were searched as they are"

_Fields = tuple[str, ...]


class Built(NamedTuple):
    """The clauses of a query; the clause is `None` if nothing in the query can be looked up."""

    clause: QueryClause | None
    signals: tuple[Signal, ...]
    targets: tuple[TargetRecipe, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseBuilder:
    """Builds the clauses of one query from the scored clauses of its words."""

    schema: Schema
    mode: Mode
    words: ScoredClauseBuilder
    _pairs: dict[int, tuple[TermPair, ...]] = field(default_factory=dict)  # by the identity of a clause

    def build(self, root: tree.Node | None) -> Built:
        """Return the clauses of a query tree."""
        clause = self._build(root, self.schema.default) if root is not None else None
        if isinstance(clause, ScoredClause) and clause.is_stop_word:
            self.words.notes.append(_STOP_NOTE)
        pairs = self._pairs.get(id(clause), ())
        signals = (ProximitySignal(pairs),) if pairs else ()
        return Built(clause, signals, tuple(self.words.targets), tuple(dict.fromkeys(self.words.notes)))

    def _build(self, node: tree.Node, fields: _Fields) -> QueryClause | None:
        match node:
            case tree.Word():
                return self.words.word(node, fields)
            case tree.Bag():
                return self._bag(node, fields)
            case tree.Phrase():
                return self.words.phrase(node, fields)
            case tree.Prefix():
                return self.words.pattern(node, node.text + "*", fields)
            case tree.Wildcard():
                return self.words.pattern(node, node.pattern, fields)
            case tree.Fuzzy():
                return self.words.fuzzy(node, fields)
            case tree.InField():
                return self._in_field(node)
            case tree.Range():
                return self._range(node)
            case tree.DateRange(name, start, end):
                return FilterClause(DateFilter(self.schema[name], start, end))
            case tree.And(children):
                return _joined(AndClause, self._children(children, fields))
            case tree.Or(children):
                return _joined(OrClause, self._children(children, fields))
            case tree.Not(child):
                inner = self._excluded(child, fields)
                return NotClause(inner) if inner else None
            case tree.Everything():
                return NotClause(OrClause(()))
        raise unknown_node(node)

    def _in_field(self, node: tree.InField) -> QueryClause | None:
        if isinstance(node.child, tree.Everything):
            return FilterClause(ExistsFilter(self.schema[node.field]))
        # The words of a named field are matched as strictly as its values are meant.
        return replace(self, words=replace(self.words, related=False))._build(node.child, (node.field,))

    def _children(self, children: Sequence[tree.Node], fields: _Fields) -> list[QueryClause]:
        return [built for child in children if (built := self._build(child, fields)) is not None]

    def _excluded(self, child: tree.Node, fields: _Fields) -> QueryClause | None:
        """Build an excluding clause.

        No word of it is highlighted or matched by its root, and its patterns have no limit of expansions.
        """
        words = replace(self.words, max_expansions=None, targets=[], related=False)
        return replace(self, words=words)._build(child, fields)

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
                self.words.notes.append(_STOP_NOTE)
        if not any((should, optional, groups["must"], groups["must_not"])):
            return None
        built = BooleanClause(
            should=tuple(should),
            optional=tuple(optional),
            must=tuple(groups["must"]),
            must_not=tuple(groups["must_not"]),
            minimum_should_match=self._minimum(len(should)),
        )
        if self.words.ranking.pair_weight:
            self._pairs[id(built)] = tuple(self._neighbours(node.clauses, fields))
        return built

    def _minimum(self, words: int) -> int | Literal["auto", "all"]:
        if self.mode == "all" or (self.mode == "auto" and words <= FEW_WORDS):
            return self.mode
        return 1

    def _neighbours(self, clauses: Sequence[tree.Clause], fields: _Fields) -> Iterator[TermPair]:
        """Yield the pairs of neighbouring plain words. Two stop words are no pair, and frame words are in none."""
        if self.words.floor > Level.STEM:
            return
        words = [(written, self.words.parts(written)) for written in map(self._written, clauses)]
        for (one, before), (_, after) in pairwise(words):
            if before and after and not (before[-1].term.stop and after[0].term.stop):
                width = sum(self.words.form(word).width for word in one)
                distance = width - before[-1].position + after[0].position
                yield TermPair(before[-1].term.stem, after[0].term.stem, distance, fields)

    def _written(self, clause: tree.Clause) -> Sequence[str]:
        """Return the written words of a plain word: itself, or its correction; none for a frame word or another clause."""
        node = clause.node
        if not isinstance(node, tree.Word) or node.level is not None or clause.occur == "must_not":
            return ()
        if self.words.is_frame_word(node.text):
            return ()
        return (node.text,) if node.correction is None else self.words.analyzer.tokenizer.words(node.correction)

    def _range(self, node: tree.Range) -> QueryClause | None:
        declared = self.schema.doc_values_field(node.field, "search")
        ends: list[Any] = [node.low, node.high]
        if declared.kind != "keyword":
            try:
                ends = [None if end is None else number_of(declared, end) for end in ends]
            except QueryError as error:
                self.words.notes.append(f"{error}; the range was left out")
                return None
        return FilterClause(RangeFilter(declared, ends[0], ends[1], node.include_low, node.include_high))


def _is_stop_word(clause: QueryClause) -> bool:
    return isinstance(clause, ScoredClause) and clause.is_stop_word


def _joined(kind: type[AndClause] | type[OrClause], children: list[QueryClause]) -> QueryClause | None:
    """Return the only child, or a clause of several; `None` without children."""
    return children[0] if len(children) == 1 else kind(tuple(children)) if children else None
