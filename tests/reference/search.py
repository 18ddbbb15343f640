"""The reference search: every answer to a query text, by Whoosh's collector on our segments.

`tests/index/test_whoosh_reference.py` compares it with `Index.search`: the same hits and totals, scores within 1e-5 of
each other, and the same order but for near-ties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from whoosh.searching import Searcher

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.whoosh.schema import whoosh_field_name
from arsearch.index.whoosh.segments import whoosh_searcher
from arsearch.index.whoosh.weighting import Weighting
from arsearch.model import Level
from arsearch.model.schema import STEM
from arsearch.query import And, Bag, Clause, InField, Node, Not, Phrase, Synonyms, parse
from arsearch.query.builders import all_of
from arsearch.query.expansion import SynonymExpander
from arsearch.search.filters import read_filters
from arsearch.search.ranking import Ranking
from arsearch.search.request import Mode
from arsearch.search.signals import RecencySignal
from reference.compiler import NO_MATCHES, CompiledQuery, Compiler
from reference.filters import satisfies
from reference.queries import FilterQuery, RecencyQuery, RequiredOptional, ScoredQuery
from reference.refining import Respell, corrected, relaxed
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
    respell: Respell | None = None,
    recency: RecencySignal | None = None,
    enough: int = 10,
) -> list[Answer]:
    """Return all answers: complete ones first, then by descending score, then in the order they were added.

    With fewer than `enough` complete answers, documents with part of the words are answers too (in `mode` "auto").
    `respell` proposes the spellings of missing words, as the view of a back-end does.
    """
    parsed = parse(text, fields=reader.schema.kinds, words=analyzer.tokenizer.words)
    predicates = [satisfies(reader.schema, condition) for condition in read_filters(reader.schema, filters)[0]]
    allowed = FilterQuery(lambda leaf, doc: all(test(leaf, doc) for test in predicates)) if predicates else None
    searcher = whoosh_searcher(reader, analyzer, weighting=Weighting(ranking))
    default = tuple(field.name for field in reader.schema if field.default)
    recent = (RecencyQuery(ranking.recency_weight, recency),) if recency else ()
    # Without `match` words of the same root are answers only if nothing else is.
    for level in [Level.STEM, Level.ROOT] if match is None else [match]:
        compiler = Compiler(analyzer, reader.schema, ranking, mode, level, parsed.question)

        def fails(phrase: Phrase, fields: tuple[str, ...], compiler: Compiler = compiler) -> bool:
            query = compiler.compile(phrase, fields)
            return query is not None and not _run(searcher, query.nested, (), None)

        root = parsed.root and ValueReader(analyzer, reader.schema, searcher).with_words(parsed.root)
        root = root and relaxed(root, default, fails)
        if level == Level.STEM and root is not None:
            root, _ = SynonymExpander(synonyms or Synonyms(), analyzer).expand(root, {})
            root = corrected(root, analyzer, _stems(searcher, default), respell)
        query = compiler.compile(root, default) if root is not None else None
        # A text without any word finds what the filters allow.
        query = query or CompiledQuery(complete=allowed or NO_MATCHES)
        answers = _answers(replace(query, bonuses=(*query.bonuses, *recent)), searcher, allowed, enough)
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


def _stems(searcher: Searcher, fields: tuple[str, ...]) -> set[str]:
    """Return the stems of all articles in some fields."""
    names = {whoosh_field_name(field, STEM) for field in fields} & set(searcher.reader().indexed_field_names())
    return {term.decode() for name in names for term in searcher.reader().lexicon(name)}


def _answers(query: CompiledQuery, searcher: Searcher, allowed: ScoredQuery | None, enough: int) -> list[Answer]:
    scores = _run(searcher, query.complete, query.bonuses, allowed)
    complete = set(scores)
    if query.partial is not None and (query.complete is None or len(scores) < enough):
        scores = _run(searcher, query.partial, query.bonuses, allowed)
    answers = [Answer(doc, score, query.complete is None or doc in complete) for doc, score in scores.items()]
    return sorted(answers, key=lambda answer: (not answer.complete, -answer.score, answer.doc))


def _run(
    searcher: Searcher, query: ScoredQuery | None, bonuses: tuple[ScoredQuery, ...], allowed: ScoredQuery | None
) -> dict[int, float]:
    if query is None:
        return {}
    return dict(searcher.search(RequiredOptional(query, *bonuses), limit=None, filter=allowed).items())
