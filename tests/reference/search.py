"""The reference search: every answer to a query text, by Whoosh's collector on our segments.

`tests/index/test_whoosh_reference.py` compares it with `Index.search`: the same hits and totals, scores within 1e-5 of
each other, and the same order but for near-ties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from whoosh.searching import Searcher

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.foreign_spellings import foreign_spellings
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.whoosh.schema import whoosh_field_name
from arsearch.index.whoosh.segments import whoosh_reader
from arsearch.index.whoosh.weighting import Weighting
from arsearch.model import Level
from arsearch.model.schema import STEM
from arsearch.query import Phrase, Synonyms, parse
from arsearch.query.expansion import SynonymExpander
from arsearch.search.filters import read_filters
from arsearch.search.ranking import Ranking
from arsearch.search.request import Mode
from arsearch.search.signals import RecencySignal
from reference.compiler import NO_MATCHES, CompiledQuery, Compiler
from reference.filters import satisfies
from reference.frequencies import terms_of_field
from reference.queries import FilterQuery, RecencyQuery, RequiredOptional, ScoredQuery
from reference.refining import Respell, corrected, relaxed
from reference.values import ValueReader

__all__ = ["Answer", "reference_search"]

_readers: WeakKeyDictionary[IndexReader, Any] = WeakKeyDictionary()
"""Whoosh's reader on each commit."""


class Answer(NamedTuple):
    """A document, its score, and whether it is complete: whether the query without roots finds it."""

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
    if reader not in _readers:
        _readers[reader] = whoosh_reader(reader, analyzer)
    searcher = Searcher(_readers[reader], weighting=Weighting(ranking))
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
    recent = (RecencyQuery(ranking.recency_weight, recency),) if recency else ()
    level = Level.STEM if match is None else match
    strict, loose = (
        Compiler(analyzer, reader.schema, ranking, mode, level, parsed.question, spellings, roots=roots)
        for roots in (False, match is None)
    )

    def fails(phrase: Phrase, fields: tuple[str, ...]) -> bool:
        query = strict.compile(phrase, fields)
        return query is not None and not _run(searcher, query.nested, (), None)

    root = parsed.root and ValueReader(analyzer, reader.schema, searcher).with_words(parsed.root)
    root = root and relaxed(root, default, fails)
    if level <= Level.STEM and root is not None:
        root, _ = SynonymExpander(synonyms or Synonyms(), analyzer).expand(root, {})
        if level == Level.STEM:
            root = corrected(root, analyzer, _stems(searcher, default), respell)
    # A text without any word finds what the filters allow.
    queries = [
        (compiler.compile(root, default) if root is not None else None) or CompiledQuery(complete=allowed or NO_MATCHES)
        for compiler in (strict, loose)
    ]
    wider = replace(queries[1], bonuses=(*queries[1].bonuses, *recent))
    return _answers(queries[0], wider, searcher, allowed, enough)


def _stems(searcher: Searcher, fields: tuple[str, ...]) -> set[str]:
    """Return the stems of all articles in some fields."""
    names = {whoosh_field_name(field, STEM) for field in fields} & set(searcher.reader().indexed_field_names())
    return {term for name in names for term in terms_of_field(searcher.reader(), name)}


def _answers(
    strict: CompiledQuery, loose: CompiledQuery, searcher: Searcher, allowed: ScoredQuery | None, enough: int
) -> list[Answer]:
    complete = set(_run(searcher, strict.complete or strict.partial, (), allowed))
    goes_on = loose.partial is not None and (loose.complete is None or len(complete) < enough)
    scores = _run(searcher, loose.partial if goes_on else loose.complete, loose.bonuses, allowed)
    answers = [Answer(doc, score, doc in complete) for doc, score in scores.items()]
    return sorted(answers, key=lambda answer: (not answer.complete, -answer.score, answer.doc))


def _run(
    searcher: Searcher, query: ScoredQuery | None, bonuses: tuple[ScoredQuery, ...], allowed: ScoredQuery | None
) -> dict[int, float]:
    if query is None:
        return {}
    return dict(searcher.search(RequiredOptional(query, *bonuses), limit=None, filter=allowed).items())
