"""From the words of a search to a page of hits."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

import numpy as np

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.errors import QueryError
from arsearch.index import nodes
from arsearch.index.arrays import Array
from arsearch.index.compile import Compiled, compile_tree
from arsearch.index.filters import conditions, facet_counts, first_of_each, sort_keys
from arsearch.index.matches import NOTHING, Matches, member
from arsearch.index.ranking import Ranking
from arsearch.index.snapshot import SnapshotReader
from arsearch.model import Article, Hit, Level, SearchResults, Snippet
from arsearch.query import parse
from arsearch.snippets import Highlighter, snippet_of

__all__ = ["LEVELS", "Searcher", "read_level"]

LEVELS = (Level.NORMALISED, Level.WORD, Level.STEM)
"""The levels that `match` may ask for: those whose matches the index can count."""


def read_level(match: Level | str | None) -> Level:
    """The loosest level allowed, from its name; QueryError if the index does not tell it apart."""
    if match is None:
        return Level.STEM
    for level in LEVELS:
        if match in (level, level.label):
            return level
    raise QueryError(
        f"match {match!r} is not a level to search at; known: {', '.join(level.label for level in LEVELS)}"
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """Documents in order, and the totals they were cut from."""

    docs: Array
    scores: Array
    complete: Array
    total: int
    total_any: int
    counted: Array


@dataclass(frozen=True, slots=True)
class Searcher:
    """Answers searches on one snapshot; may be used by many threads."""

    reader: SnapshotReader
    analyzer: ArabicAnalyzer
    ranking: Ranking
    forms: dict[str, Form] = field(default_factory=dict)
    """What written words mean, kept between searches for the snippets; the highlighter bounds it."""

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        offset: int = 0,
        filters: Mapping[str, Any] | None = None,
        sort: str | None = None,
        facets: Iterable[str] = (),
        mode: nodes.Mode = "auto",
        match: Level | str | None = None,
        collapse: str | None = None,
        strict: bool = False,
        timeout: float | None = None,
    ) -> SearchResults:
        """See `arsearch.Index.search`."""
        start = time.perf_counter()
        if mode not in get_args(nodes.Mode):
            raise QueryError(f"mode {mode!r} is not one; known: {', '.join(get_args(nodes.Mode))}")
        if limit < 0 or offset < 0:
            raise QueryError(f"limit {limit} and offset {offset} must not be negative")
        floor = read_level(match)
        parsed = parse(text, fields=self.reader.fields.kinds, words=self.analyzer.tokenizer.words, strict=strict)
        notes = list(parsed.notes)
        compiled = compile_tree(
            parsed.root,
            analyzer=self.analyzer,
            fields=self.reader.fields,
            ranking=self.ranking,
            mode="any" if parsed.question and mode == "auto" else mode,
            floor=floor,
        )
        notes += compiled.notes
        run = nodes.Evaluation(self.reader, self.ranking, self._allowed(filters or {}, notes))
        if timeout is not None:
            run.deadline = start + timeout
        outcome = self._outcome(compiled, run, not filters, notes)
        page = self._page(outcome, limit, offset, sort, collapse)
        if run.late:
            notes.append(f"time ran out after {timeout:g} s: words were left out and the totals are too low")
        counts = facet_counts(self.reader, facets, page.counted)
        return SearchResults(
            query=text,
            hits=self._hits(page, compiled, offset),
            total=page.total,
            total_any=page.total_any,
            took=time.perf_counter() - start,
            notes=tuple(dict.fromkeys(notes)),
            facets=counts,
        )

    def _outcome(self, compiled: Compiled, run: nodes.Evaluation, wordless: bool, notes: list[str]) -> nodes.Outcome:
        node = compiled.node
        if isinstance(node, nodes.BagNode):
            return node.outcome(run)
        if node is not None:
            found = node.matches(run)
        elif wordless:
            notes.append("the query has no words to look for")
            found = NOTHING
        else:  # filters alone: everything they allow
            docs = run.reader.all_docs()
            found = Matches(docs, np.zeros(len(docs)))
        found = run.permit(found)
        return nodes.Outcome(found, np.ones(len(found.docs), bool))

    def _allowed(self, filters: Mapping[str, Any], notes: list[str]) -> Array | None:
        """The documents that all filters let through, rising; `None` without filters."""
        allowed = None
        for condition in conditions(self.reader, filters, notes):
            docs = condition.docs(self.reader)
            allowed = docs if allowed is None else allowed[member(allowed, docs)]
        return allowed

    def _page(self, outcome: nodes.Outcome, limit: int, offset: int, sort: str | None, collapse: str | None) -> _Page:
        (docs, scores), complete = outcome.matches, outcome.complete
        counted = docs[complete] if complete.any() else docs
        if sort not in (None, "score") and complete.any():
            # In order of date, articles that lack a word would stand before those that have them all.
            docs, scores, complete = docs[complete], scores[complete], complete[complete]
        keys = -scores if sort in (None, "score") else self._sort_keys(str(sort), docs)
        if collapse is not None:
            order = np.lexsort((docs, keys, ~complete))
            docs, scores, complete, keys = docs[order], scores[order], complete[order], keys[order]
            kept = first_of_each(self.reader, collapse, docs)
            docs, scores, complete, keys = docs[kept], scores[kept], complete[kept], keys[kept]
        chosen = _first(keys, docs, complete, offset + limit)[offset:]
        total = int(complete.sum())
        total_any = len(docs) if collapse is not None else len(outcome.matches.docs)
        return _Page(docs[chosen], scores[chosen], complete[chosen], total, total_any, counted)

    def _sort_keys(self, sort: str, docs: Array) -> Array:
        return sort_keys(self.reader, sort, docs, self.analyzer.normalizer.normalise)

    def _hits(self, page: _Page, compiled: Compiled, offset: int) -> tuple[Hit, ...]:
        highlighter: list[Highlighter] = []

        def mark(article: Article) -> tuple[Snippet, Snippet, Level | None]:
            if not highlighter:
                highlighter.append(Highlighter(compiled.targets, self.analyzer, forms=self.forms))
            marker = highlighter[0]
            title = marker.mark_all(article.title, "title")
            levels = [span.level for span in title.spans]
            if not article.body.strip():
                return title, title, max(levels, default=None)
            found = marker.matches_for_snippet(article.body, "body")
            body = snippet_of(article.body, "body", marker, matches=found)
            levels += [found.level] if found.level else []
            return title, body, max(levels, default=None)

        hits = []
        for rank, (doc, score, complete) in enumerate(
            zip(page.docs.tolist(), page.scores.tolist(), page.complete.tolist(), strict=True), offset + 1
        ):
            hits.append(
                Hit(rank, self.reader.id(doc), score, complete, lambda doc=doc: self.reader.article(doc), mark)  # type: ignore[misc]
            )
        return tuple(hits)


def _first(keys: Array, docs: Array, complete: Array, count: int) -> Array:
    """The places of the first `count`: complete ones before others, then by key, then by document."""
    if not complete.all():
        whole, part = np.flatnonzero(complete), np.flatnonzero(~complete)
        first = whole[_first(keys[whole], docs[whole], complete[whole], count)]
        rest = part[_first(keys[part], docs[part], ~complete[part], count - len(first))]
        return np.concatenate((first, rest))
    if count < len(keys) // 4:
        if count <= 0:
            return np.empty(0, np.int64)
        bound = np.partition(keys, count - 1)[count - 1]
        near = np.flatnonzero(keys <= bound)
        return near[np.lexsort((docs[near], keys[near]))][:count]
    return np.lexsort((docs, keys))[:count]
