"""The slow form of a search: the meaning of a query tree and its scores, one document at a time.

A parsed query becomes Whoosh queries, and Whoosh's own collector runs them over our codec.
`arsearch.index.searching.compiler` and `nodes` are the fast form;
`tests/index/test_index_reference.py` holds both to the same answers: hits and totals equal,
scores within 1e-5 of each other, order equal but for near-ties.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from whoosh.reading import IndexReader as WhooshReader
from whoosh.searching import Searcher
from whoosh.support.levenshtein import damerau_levenshtein

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.proclitics import proclitic_variants
from arsearch.analyzers.roots import fold_root, roots_of, stems_of_root
from arsearch.analyzers.tokens import Term
from arsearch.errors import QueryError
from arsearch.index.codec.doc_values import seconds
from arsearch.index.execution.boolean import FEW_WORDS
from arsearch.index.execution.filters import (
    ExistsFilter,
    RangeFilter,
    TermsFilter,
    compile_filters,
    date_bounds,
    number,
)
from arsearch.index.execution.proximity import SLOP
from arsearch.index.execution.queries import ENOUGH, Filter, Mode
from arsearch.index.reader.segment import NORMALISED, STEM
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.searching.compiler import _FUZZY_WEIGHT
from arsearch.index.whoosh.queries import (
    All,
    Either,
    Find,
    Found,
    Near,
    PairFound,
    Plus,
    Row,
    Satisfying,
    Scored,
    Some,
    Terms,
    Without,
    Written,
)
from arsearch.index.whoosh.segments import whoosh_searcher
from arsearch.index.whoosh.weighting import Weighting
from arsearch.model import Article, Level
from arsearch.model.schema import Field, Schema
from arsearch.query import Synonyms, parse, tree
from arsearch.query.expansion import SynonymExpander
from arsearch.search.ranking import Ranking
from arsearch.snippets.vocalisation import agrees, letters

__all__ = ["Answer", "reference_search"]


NOTHING = Some(1)


class Answer(NamedTuple):
    """A document, its score, and whether it has all the words asked for."""

    doc: int
    score: float
    complete: bool


def reference_search(
    reader: IndexReader,
    analyzer: ArabicAnalyzer,
    ranking: Ranking,
    text: str,
    *,
    filters: Mapping[str, Any] | None = None,
    mode: Mode = "auto",
    match: Level | None = None,
    synonyms: Synonyms | None = None,
    enough: int = ENOUGH,
) -> list[Answer]:
    """All answers in order: complete ones first, then by score and order of adding. `enough` as in `Evaluation`."""
    parsed = parse(text, fields=reader.schema.kinds, words=analyzer.tokenizer.words)
    tests = [_holds(reader.schema, condition) for condition in compile_filters(reader, filters or {}, [])]
    allowed = Satisfying(lambda leaf, doc: all(test(leaf, doc) for test in tests)) if tests else None
    searcher = whoosh_searcher(reader, analyzer, weighting=Weighting(ranking))
    default = tuple(field.name for field in reader.schema if field.default)
    floors = [Level.STEM, Level.ROOT] if match is None else [match]
    answers: list[Answer] = []
    for floor in floors:  # the root answers when nothing else does
        asking = _Asking(analyzer, reader.schema, ranking, mode, floor, parsed.question)
        root = parsed.root
        if floor == Level.STEM:
            root, _ = SynonymExpander(synonyms or Synonyms(), analyzer).expand(root, {})
        asked = asking.asked(root, default) if root is not None else None
        if asked is None:
            asked = _Asked(whole=allowed or NOTHING)
        answers = answers or asked.answers(searcher, allowed, enough)
    return answers


@dataclass(frozen=True)
class _Asked:
    """A query whose `whole` matches what has all words; with `part`, what has some is an answer too.

    It always is if there is no `whole`; else only where fewer than enough have them all. `stop` marks a stop word.
    """

    whole: Scored | None = None
    part: Scored | None = None
    bonus: tuple[Scored, ...] = ()
    stop: bool = False

    def answers(self, searcher: Searcher, allowed: Scored | None, enough: int) -> list[Answer]:
        found = self._run(searcher, self.whole, allowed)
        complete = set(found)
        if self.part is not None and (self.whole is None or len(found) < enough):
            found = self._run(searcher, self.part, allowed)
        answers = [Answer(doc, score, self.whole is None or doc in complete) for doc, score in found.items()]
        return sorted(answers, key=lambda answer: (not answer.complete, -answer.score, answer.doc))

    def _run(self, searcher: Searcher, query: Scored | None, allowed: Scored | None) -> dict[int, float]:
        if query is None:
            return {}
        return dict(searcher.search(Plus(query, *self.bonus), limit=None, filter=allowed).items())

    @property
    def query(self) -> Scored:
        """What it is as a part of another query."""
        return self.whole or self.part or NOTHING


@dataclass(frozen=True)
class _Asking:
    """Turns trees into queries."""

    analyzer: ArabicAnalyzer
    schema: Schema
    ranking: Ranking
    mode: Mode
    floor: Level
    question: bool

    def asked(self, node: tree.Node, fields: tuple[str, ...]) -> _Asked | None:
        """What a tree asks for; `None` if nothing in it can be looked up."""
        match node:
            case tree.InField(name, child) if not isinstance(child, tree.Everything):
                return self.asked(child, (name,))
            case tree.Bag(clauses):
                return self._bag(clauses, fields)
            case tree.Word(text, level, also):
                return self._word(text, level, fields, also)
            case tree.And(children) | tree.Or(children):
                parts = [part for child in children if (part := self.asked(child, fields)) is not None]
                if len(parts) < 2:
                    return parts[0] if parts else None
                queries = [part.query for part in parts]
                return _Asked(All(*queries) if isinstance(node, tree.And) else Some(1, *queries))
        query = self._leaf(node, fields)
        return None if query is None else _Asked(query)

    def _leaf(self, node: tree.Node, fields: tuple[str, ...]) -> Scored | None:
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
                return Without(NOTHING)
            case tree.InField(name, tree.Everything()):
                return Satisfying(_holds(self.schema, ExistsFilter(self.schema[name])))
            case tree.DateRange(name, start, end):
                return Satisfying(_holds(self.schema, date_bounds(self.schema[name], start, end)))
            case tree.Range():
                return self._range(node)
            case tree.Not(child):
                inner = self.asked(child, fields)
                return Without(inner.query) if inner is not None else None
        raise TypeError(f"{type(node).__name__} is not a node of a query tree")

    def _bag(self, clauses: Sequence[tree.Clause], fields: tuple[str, ...]) -> _Asked | None:
        wanted: list[Scored] = []
        extra: list[Scored] = []
        required: list[Scored] = []
        excluded: list[Scored] = []
        groups = {"should": wanted, "must": required, "must_not": excluded}
        for clause in clauses:
            made = self.asked(clause.node, fields)
            if made is not None:
                (extra if made.stop and clause.occur == "should" else groups[clause.occur]).append(made.query)
        if not wanted and not required:
            wanted, extra = extra, []
        if not (wanted or extra or required or excluded):
            return None

        def rest(base: Scored) -> Scored:
            """What a base becomes by what is excluded and what only adds to the score."""
            return Plus(All(base, *map(Without, excluded)), *extra)

        mode = self._mode(len(wanted))
        bonus = self._pairs(clauses, fields)
        if not wanted:
            return _Asked(whole=rest(All(*required) if required else Without(NOTHING)), bonus=bonus)
        least = 1 if mode == "any" else math.ceil(self.ranking.minimum_share * len(wanted) - 1e-9)
        some = Plus(All(*required), *wanted) if required else Some(least, *wanted)
        return _Asked(
            whole=rest(All(*wanted, *required)) if mode in ("auto", "all") else None,
            part=rest(some) if mode != "all" else None,
            bonus=bonus,
        )

    def _mode(self, words: int) -> str:
        """How many of the words are needed: "all", "any", "share", or "auto": all of them if enough have them all."""
        many = self.question or words > FEW_WORDS
        return "share" if self.mode == "auto" and many else self.mode

    def _pairs(self, clauses: Sequence[tree.Clause], fields: tuple[str, ...]) -> tuple[Scored, ...]:
        words = list(map(_plain_word, clauses))
        pairs = []
        for one, other in pairwise(words):
            if one is None or other is None or self.floor > Level.STEM:
                continue
            before, after = self._parts([one]), self._parts([other])
            if before and after and not (before[-1][1].stop and after[0][1].stop):
                apart = self.analyzer.form(one).width - before[-1][0] + after[0][0]
                pairs.append(Near(_stem(before[-1][1]), _stem(after[0][1]), apart, SLOP))
        weight = self.ranking.pair_weight / math.sqrt(len(pairs) or 1)
        return tuple(PairFound(weight, pair, fields) for pair in pairs)

    def _parts(self, words: Sequence[str]) -> list[tuple[int, Term, str]]:
        """The place, term and word of each position that words take; of several terms at one place the last."""
        parts: dict[int, tuple[int, Term, str]] = {}
        place = 0
        for word in words:
            form = self.analyzer.form(word)
            parts |= {place + term.offset: (place + term.offset, term, word) for term in form.terms}
            place += form.width
        return list(parts.values())

    def _word(
        self, text: str, level: Level | None, fields: tuple[str, ...], also: tuple[str, ...] = ()
    ) -> _Asked | None:
        exact = level is Level.SURFACE  # =word asks for the marks it has
        floor = self.floor if level is None else Level.VOCALISED if exact else level
        parts = self._parts([text])
        if not parts:
            return None
        stop = level is None and all(term.stop for _, term, _ in parts)
        weight = self.ranking.stop_weight if stop else 1.0
        strict = _row([(place, _normalised(term)) for place, term, _ in parts])
        marked = bool(_marks(text)) and floor <= Level.NORMALISED
        as_written = _row([(place, self._written(text, term, floor, marked)) for place, term, _ in parts])
        levels = [(self.ranking.vocalised_weight, as_written)] if marked else []
        if floor >= Level.NORMALISED:
            levels.append((1.0, strict if floor == Level.NORMALISED else as_written))
            return _Asked(Some(1, *(Found(weight * share, find, fields) for share, find in levels)), stop=stop)
        loose = _row([(place, _stem(term) if floor <= Level.STEM else self._same(term)) for place, term, _ in parts])
        levels += [(self.ranking.normalised_weight, strict), (self.ranking.stem_weight, loose)]
        if also:
            others = [self._parts(self.analyzer.tokenizer.words(text)) for text in also]
            either = Either((loose, *(_row([(place, _stem(term)) for place, term, _ in parts]) for parts in others)))
            share = self.ranking.synonym_share
            levels[-1:] = [(self.ranking.stem_weight * (1 - share), loose), (self.ranking.stem_weight * share, either)]
        if floor == Level.ROOT:
            akin = _row([(place, _akin(term, text, level)) for place, term, _ in parts])
            levels.append((self.ranking.root_weight, akin))
        return _Asked(Some(1, *(Found(weight * share, find, fields) for share, find in levels)), stop=stop)

    def _written(self, text: str, term: Term, floor: Level, marked: bool = False) -> Terms:
        """A term where it has the letters of a word of the query; and its marks, for that floor or if they are `marked`."""
        asked = _marks(text) if marked or floor == Level.VOCALISED else []

        def meant(written: str) -> bool:
            same = any(own[1:3] == term[1:3] for own in self.analyzer.form(written).terms)
            if not (same and asked):
                return same
            return agrees(letters(text), written)

        return Written(NORMALISED, frozenset((term.normalised,)), words=self._words, meant=cache(meant))

    def _words(self, leaf: WhooshReader, doc: int, name: str) -> dict[tuple[int, str], str]:
        """The written word behind each term at each position of a field; of several the first."""
        found: dict[tuple[int, str], str] = {}
        at = 0
        for field, values in self.schema.values(Article.from_dict(leaf.stored_fields(doc))):
            for value in values if field.name == name else ():
                for word in self.analyzer.tokenizer.words(value):
                    form = self.analyzer.form(word)
                    for term in form.terms:
                        found.setdefault((at + term.offset, term.normalised), word)
                    at += form.width
                at += 100
        return found

    def _same(self, wanted: Term) -> Terms:
        """The normalised terms that are the same word, clitics off."""
        return _like(lambda text: [term.word for term in self.analyzer.form(text).terms[:1]] == [wanted.word])

    def _phrase(self, words: Sequence[str], slop: int, kind: str, fields: tuple[str, ...]) -> Scored | None:
        row: list[tuple[int, Terms]] = []
        strict = Level.VOCALISED if kind == "literal" else self.floor
        for place, term, word in self._parts(words):
            if kind == "literal" or (kind == "normal" and self.floor > Level.NORMALISED):
                terms: Terms = self._written(word, term, strict)
            elif kind == "stemmed":
                terms = _stem(term)
            elif kind == "normal" and (not row or slop):
                terms = Terms(NORMALISED, frozenset(proclitic_variants(term.normalised)))
            else:
                terms = _normalised(term)
            row.append((place, terms))
        return Found(1.0 + self.ranking.normalised_weight, _row(row, slop), fields) if row else None

    def _pattern(self, pattern: str, fields: tuple[str, ...]) -> Scored | None:
        normalise = self.analyzer.normalizer.normalise
        pieces = [piece if piece in ("*", "?") else normalise(piece) for piece in re.split(r"([*?])", pattern)]
        if not "".join(pieces).strip("*"):
            return None
        wild = {"*": ".*", "?": "."}
        expression = re.compile("".join(wild.get(piece) or re.escape(piece) for piece in pieces), re.DOTALL)
        return Found(1.0, _like(lambda text: expression.fullmatch(text) is not None), fields)

    def _fuzzy(self, text: str, distance: int, fields: tuple[str, ...]) -> Scored | None:
        parts = self._parts([text])
        if not parts:
            return None
        _, term, _ = parts[0]
        word = term.normalised

        def near(text: str) -> bool:
            return abs(len(text) - len(word)) <= distance and damerau_levenshtein(text, word) <= distance

        return Some(1, Found(1.0, _normalised(term), fields), Found(_FUZZY_WEIGHT, _like(near), fields))

    def _range(self, node: tree.Range) -> Scored | None:
        field = self.schema.doc_values_field(node.field, "search")
        ends: list[Any] = [node.low, node.high]
        if field.kind != "keyword":
            try:
                ends = [None if end is None else number(field, end) for end in ends]
            except QueryError:
                return None
        between = RangeFilter(field, ends[0], ends[1], node.include_low, node.include_high)
        return Satisfying(_holds(self.schema, between))


def _plain_word(clause: tree.Clause) -> str | None:
    """The word a clause of a bag wants, if it is one without anything about it."""
    node = clause.node
    return node.text if isinstance(node, tree.Word) and node.level is None and clause.occur != "must_not" else None


def _marks(text: str) -> list[frozenset[str]]:
    """The vowel marks of each letter that has any."""
    return [marks for _, marks in letters(text) if marks]


def _row(parts: Sequence[tuple[int, Terms]], slop: int = 0) -> Find:
    return Row(tuple(parts), slop) if len(parts) > 1 else parts[0][1]


def _normalised(term: Term) -> Terms:
    return Terms(NORMALISED, frozenset((term.normalised,)))


def _stem(term: Term) -> Terms:
    return Terms(STEM, frozenset((term.stem,)))


def _akin(wanted: Term, text: str, level: Level | None) -> Terms:
    """The stems of a word's first root; of the root that it is, if it asks for one itself."""
    root = roots_of(wanted.stem)[:1]
    named = level == Level.ROOT
    if named and stems_of_root(text):
        root = (fold_root(text),)

    def akin(stem: str) -> bool:
        own = roots_of(stem)
        return stem == wanted.stem or (bool(root) and (root[0] in own if named else root == own[:1]))

    return Terms(STEM, test=cache(akin))


def _like(test: Callable[[str], bool]) -> Terms:
    return Terms(NORMALISED, test=cache(test))


def _holds(schema: Schema, condition: Filter) -> Callable[[WhooshReader, int], bool]:
    """Whether a stored document satisfies a condition."""

    def values(leaf: WhooshReader, doc: int, field: Field) -> Iterator[Any]:
        for owner, found in schema.values(Article.from_dict(leaf.stored_fields(doc))):
            if owner == field:
                yield from (seconds(value) if isinstance(value, dt.date) else value for value in found)

    def test(leaf: WhooshReader, doc: int) -> bool:
        match condition:
            case ExistsFilter(field) if not field.has_doc_values:
                return bool(leaf.doc_field_length(doc, field.name))
            case ExistsFilter(field):
                return any(True for _ in values(leaf, doc, field))
            case TermsFilter(field, wanted):
                return any(value in wanted for value in values(leaf, doc, field))
            case RangeFilter(field):
                return any(_between(condition, value) for value in values(leaf, doc, field))
        raise TypeError(f"{type(condition).__name__} is not a condition known here")

    return test


def _between(bounds: RangeFilter, value: Any) -> bool:
    low, high = bounds.low, bounds.high
    above = low is None or value > low or (bounds.include_low and value == low)
    return above and (high is None or value < high or (bounds.include_high and value == high))
