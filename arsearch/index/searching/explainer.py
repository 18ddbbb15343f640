"""Why one document has its score: each leaf of a compiled query, what it matched there, and what that adds.

Which leaves count is asked of the nodes themselves, and what they add of `Scored`: the score has no second definition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.reasons import explained_steps
from arsearch.index.execution import queries
from arsearch.index.execution.bm25f import BM25FScorer
from arsearch.index.execution.boolean import BooleanQuery
from arsearch.model import Article, Level, Span
from arsearch.model.explanations import MatchedForm, Role, WordExplanation
from arsearch.model.schema import Schema
from arsearch.snippets import Highlighter

__all__ = ["Explainer"]

_Found = tuple[queries.ScoredQuery, Role, bool]
"""A leaf, its role, and whether it adds to the score."""


class Explainer:
    """One document, with its article, in one run of a query."""

    def __init__(self, run: queries.SearchContext, analyzer: ArabicAnalyzer, article: Article, doc: int) -> None:
        self._run = run
        self._analyzer = analyzer
        self._texts = list(_texts(run.reader.schema, article))
        self._doc = doc

    def words(self, node: queries.Query | None) -> tuple[WordExplanation, ...]:
        """What each word, phrase and pattern does for the document, in order of scoring: stop words last."""
        if isinstance(node, BooleanQuery):  # whether it is enough of a bag is for the search to say
            leaves = list(self._bag(node, True))
        else:
            leaves = list(self._leaves(node, "wanted", True)) if node is not None else []
        return tuple(self._word(leaf, role, counted) for leaf, role, counted in leaves)

    def _leaves(self, node: queries.Query, role: Role, counted: bool) -> Iterator[_Found]:
        match node:
            case queries.ScoredQuery():
                yield node, role, counted
            case queries.NotQuery(child):
                yield from self._leaves(child, "excluded", False)
            case queries.ConjunctionQuery(children) | queries.DisjunctionQuery(children):
                counted = counted and self._matches(node)
                for child in children:
                    yield from self._leaves(child, role, counted)
            case BooleanQuery():
                yield from self._bag(node, counted and self._matches(node), role)

    def _bag(self, bag: BooleanQuery, counted: bool, role: Role = "wanted") -> Iterator[_Found]:
        groups: list[tuple[tuple[queries.Query, ...], Role]] = [
            (bag.should, "wanted"),
            (bag.must, "required"),
            (bag.optional, "extra"),
        ]
        for group, own in groups:
            for node in group:
                yield from self._leaves(node, "excluded" if role == "excluded" else own, counted)
        for node in bag.must_not:
            yield from self._leaves(node, "excluded", False)

    def _matches(self, node: queries.Query) -> bool:
        return self._doc in node.matches(self._run).docs

    def _word(self, leaf: queries.ScoredQuery, role: Role, counted: bool) -> WordExplanation:
        run, asked = self._run, leaf.origin
        assert asked is not None, "leaves are made of what was asked"
        lists = tuple(
            BM25FScorer(run.reader, run.ranking, find, leaf.fields, weight, run.budget).explain(self._doc)
            for weight, find in leaf.sources
        )
        steps = [step for word in asked.words for step in explained_steps(self._analyzer, word)]
        forms, spans = self._found(leaf, asked)
        return WordExplanation(str(asked.node), role, counted, tuple(steps), forms, spans, lists)

    def _found(
        self, leaf: queries.ScoredQuery, asked: queries.QueryOrigin
    ) -> tuple[tuple[MatchedForm, ...], tuple[Span, ...]]:
        marker = Highlighter([make() for make in (asked.target, *asked.others)], self._analyzer)
        counts: Counter[tuple[str, Level]] = Counter()
        spans: list[Span] = []
        for name, text, many in self._texts:
            if name in leaf.fields:
                found = marker.find_spans(text, name)
                counts.update((text[span.start : span.end], span.level) for span in found)
                spans += [] if many else found
        forms = [MatchedForm(text, level, times) for (text, level), times in counts.items()]
        forms.sort(key=lambda form: (-form.level, -form.times, form.text))
        return tuple(forms), tuple(spans)


def _texts(schema: Schema, article: Article) -> Iterator[tuple[str, str, bool]]:
    """The article's analysed texts: the field, a value, and whether the field may have several."""
    for field, values in schema.values(article):
        if field.indexed:
            for value in values:
                yield field.name, value, field.multivalued
