"""The reference search: every answer to a query text, by Whoosh's collector on our segments.

`tests/index/test_whoosh_reference.py` compares it with `Index.search`: the same hits and totals, scores within 1e-5 of
each other, and the same order but for near-ties.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from whoosh.searching import Searcher

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.foreign_spellings import foreign_spellings
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.whoosh.segments import whoosh_searcher
from arsearch.index.whoosh.weighting import Weighting
from arsearch.model import Level
from arsearch.model.schema import STEM
from arsearch.query import And, Bag, Clause, InField, Node, Not, Synonyms, parse
from arsearch.query.builders import all_of
from arsearch.query.expansion import SynonymExpander
from arsearch.search.filters import read_filters
from arsearch.search.ranking import Ranking
from arsearch.search.request import Mode
from reference.compiler import NO_MATCHES, CompiledQuery, Compiler
from reference.filters import satisfies
from reference.queries import FilterQuery, RequiredOptional, ScoredQuery
from reference.values import ValueReader

__all__ = ["Answer", "reference_search"]


class Answer(NamedTuple):
    """A document, its score, and whether it has all words of the query."""

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
    enough: int = 10,
) -> list[Answer]:
    """Return all answers: complete ones first, then by descending score, then in the order they were added.

    With fewer than `enough` complete answers, documents with part of the words are answers too (in `mode` "auto").
    """
    parsed = parse(text, fields=reader.schema.kinds, words=analyzer.tokenizer.words)
    predicates = [satisfies(reader.schema, condition) for condition in read_filters(reader.schema, filters)[0]]
    allowed = FilterQuery(lambda leaf, doc: all(test(leaf, doc) for test in predicates)) if predicates else None
    searcher = whoosh_searcher(reader, analyzer, weighting=Weighting(ranking))
    variants = synonyms is None or synonyms.variants

    def spellings(stem: str, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Return the eight commonest spellings of a foreign name that articles have in some fields."""
        counts = {
            other: sum(reader.doc_frequency(field, STEM, other) for field in fields)
            for other in foreign_spellings(stem)
        }
        found = sorted(filter(counts.get, counts), key=lambda other: -counts[other])
        return tuple(found[:8]) if variants else ()

    default = tuple(field.name for field in reader.schema if field.default)
    # Without `match` words of the same root are answers only if nothing else is.
    for level in [Level.STEM, Level.ROOT] if match is None else [match]:
        root = parsed.root and ValueReader(analyzer, reader.schema, searcher).with_words(parsed.root)
        if level == Level.STEM:
            root, _ = SynonymExpander(synonyms or Synonyms(), analyzer).expand(root, {})
        compiler = Compiler(analyzer, reader.schema, ranking, mode, level, parsed.question, spellings)
        query = compiler.compile(root, default) if root is not None else None
        # A text without any word finds what the filters allow.
        answers = _answers(query or CompiledQuery(complete=allowed or NO_MATCHES), searcher, allowed, enough)
        if answers or (root is not None and _leaves_nothing(root, compiler, default, searcher, allowed)):
            return answers
    return []


def _leaves_nothing(
    root: Node, compiler: Compiler, fields: tuple[str, ...], searcher: Searcher, allowed: ScoredQuery | None
) -> bool:
    """Tell whether a query without answers has some without its exclusions; words of the same roots are then no answers."""
    rest = _without_exclusions(root)
    query = compiler.compile(rest, fields) if rest is not None and rest != root else None
    return query is not None and bool(_answers(query, searcher, allowed, 10))


def _without_exclusions(node: Node) -> Node | None:
    match node:
        case Bag(clauses):
            kept = [(one.occur, _without_exclusions(one.node)) for one in clauses if one.occur != "must_not"]
            return Bag(tuple(Clause(part, occur) for occur, part in kept if part is not None))
        case And(children):
            return all_of(part for child in children if (part := _without_exclusions(child)) is not None)
        case InField(name, child):
            part = _without_exclusions(child)
            return None if part is None else InField(name, part)
        case Not():
            return None
    return node


def _answers(query: CompiledQuery, searcher: Searcher, allowed: ScoredQuery | None, enough: int) -> list[Answer]:
    scores = _run(searcher, query.complete, query.pairs, allowed)
    complete = set(scores)
    if query.partial is not None and (query.complete is None or len(scores) < enough):
        scores = _run(searcher, query.partial, query.pairs, allowed)
    answers = [Answer(doc, score, query.complete is None or doc in complete) for doc, score in scores.items()]
    return sorted(answers, key=lambda answer: (not answer.complete, -answer.score, answer.doc))


def _run(
    searcher: Searcher, query: ScoredQuery | None, pairs: tuple[ScoredQuery, ...], allowed: ScoredQuery | None
) -> dict[int, float]:
    if query is None:
        return {}
    return dict(searcher.search(RequiredOptional(query, *pairs), limit=None, filter=allowed).items())
