"""From the words of a search to a page of hits."""

from __future__ import annotations

import operator
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, SupportsIndex

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.analyzers.letters import LETTERS
from arsearch.errors import QueryError
from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import NO_DOCS, contains
from arsearch.index.execution import queries
from arsearch.index.execution.boolean import BooleanQuery
from arsearch.index.execution.filters import compile_filters, facet_counts
from arsearch.index.execution.proximity import Proximity
from arsearch.index.execution.scorers import Scorer
from arsearch.index.execution.top_docs import TopDocs, collect_page
from arsearch.index.reader.budget import MAX_EXPANSIONS, SearchBudget
from arsearch.index.reader.cache import ClockCache
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.searching.compiler import CompiledQuery, compile_tree
from arsearch.model import KNOWN_FIELDS, Article, Explanation, Hit, Level, SearchResults, Snippet
from arsearch.query import parse
from arsearch.query.expansion import SynonymExpander
from arsearch.query.lexer import shown
from arsearch.search.ranking import Ranking
from arsearch.snippets import Highlighter, snippet_of

__all__ = ["LEVELS", "Searcher", "read_level"]

_WORDS_SHARE = 12
_WORDS_LEAST = 64 << 20
_WORDS_MOST = 384 << 20
"""How much memory the scores of the words of recent queries may take: a share of the index, within bounds, in bytes."""

_ARABIC = re.compile(rf"[{LETTERS}\d]")
_FOREIGN_NOTE = "the query has no Arabic letter, and nothing was found"

LEVELS = (Level.VOCALISED, Level.SURFACE, Level.NORMALISED, Level.WORD, Level.STEM, Level.ROOT)
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
class Searcher:
    """Answers searches on one snapshot; may be used by many threads."""

    reader: IndexReader
    analyzer: ArabicAnalyzer
    ranking: Ranking
    expander: SynonymExpander
    forms: dict[str, Form] = field(default_factory=dict)
    """What written words mean, kept between searches; the highlighter bounds it."""
    words: ClockCache[Scorer] = field(init=False)
    """What words of queries score, kept until the next commit: for a small index that of all words there are."""

    def __post_init__(self) -> None:
        share = sum(segment.file.size for segment in self.reader.segments) // _WORDS_SHARE
        object.__setattr__(self, "words", ClockCache(min(max(_WORDS_LEAST, share), _WORDS_MOST)))

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        offset: int = 0,
        filters: Mapping[str, Any] | None = None,
        sort: str | None = None,
        facets: Iterable[str] = (),
        mode: queries.Mode = "auto",
        match: Level | str | None = None,
        collapse: str | None = None,
        strict: bool = False,
        timeout: float | None = None,
        max_expansions: int | None = MAX_EXPANSIONS,
    ) -> SearchResults:
        """See `arsearch.Index.search`."""
        start = time.perf_counter()
        _check(text, limit, offset, facets, timeout, max_expansions)
        compiled = self._compiled(text, mode, match, strict, max_expansions)
        limits = SearchBudget() if timeout is None else SearchBudget(start + timeout)
        shown: dict[str, Any] = {"limit": limit, "offset": offset, "filters": filters}
        shown |= {"sort": sort, "facets": tuple(facets), "collapse": collapse}
        results = self.answer(text, compiled, start, limits, **shown)
        if results.total_any or compiled.node is None or not limits.exact:
            return results
        if compiled.marks and not _ARABIC.search(text):
            return replace(results, notes=(*results.notes, _FOREIGN_NOTE))
        if match is not None:
            return results
        compiled = self._compiled(text, mode, Level.ROOT, strict, max_expansions)
        wider = self.answer(text, compiled, start, limits, **shown)
        if not wider.total_any:
            return results
        return replace(wider, notes=(*wider.notes, "no article has these words; others of their roots were searched"))

    def answer(
        self,
        text: str,
        compiled: CompiledQuery,
        start: float,
        budget: SearchBudget,
        *,
        limit: int,
        offset: int = 0,
        filters: Mapping[str, Any] | None = None,
        sort: str | None = None,
        facets: Iterable[str] = (),
        collapse: str | None = None,
    ) -> SearchResults:
        """What a compiled query finds; `text` is what it is called, `start` when it was asked (`time.perf_counter`)."""
        notes = list(compiled.notes)
        allowed = self._allowed(filters, notes) if filters else None
        run = queries.SearchContext(self.reader, self.ranking, allowed, budget, self.words)
        near = Proximity(run, compiled.pairs)
        if sort in (None, "score"):
            run.enough = max(queries.ENOUGH, limit + offset)
            if limit + offset and collapse is None and not facets:
                run.first = limit + offset, near.bound
        outcome = self._outcome(compiled, run, not filters, notes)
        page = collect_page(
            run,
            outcome,
            near,
            self.analyzer.normalizer.normalise,
            limit=limit,
            offset=offset,
            sort=sort,
            collapse=collapse,
        )
        counts = facet_counts(self.reader, facets, outcome.counted) if facets else {}
        notes += [
            f"{shown(pattern)} fits many words; the {most:,} commonest were searched, and totals may be too low"
            for pattern, most in budget.truncated.items()
        ]
        if budget.timed_out:
            notes.append(
                f"time ran out after {budget.deadline - start:g} s: not all was looked up, so hits may be missing, "
                "others come first, and totals are too low"
            )
        return SearchResults(
            query=text,
            hits=self._hits(text, page, compiled, offset),
            total=page.total,
            total_any=page.total_any,
            took=time.perf_counter() - start,
            notes=tuple(dict.fromkeys(notes)),
            facets=counts,
        )

    def explain(
        self,
        text: str,
        id: str,
        *,
        filters: Mapping[str, Any] | None = None,
        mode: queries.Mode = "auto",
        match: Level | str | None = None,
        max_expansions: int | None = MAX_EXPANSIONS,
    ) -> Explanation:
        """See `arsearch.Index.explain`."""
        _check(text, 0, 0, (), None, max_expansions)
        doc = self.reader.find(str(id))
        if doc < 0:
            raise QueryError(f"no article has the id {id!r}; `search` tells the ids of what it finds")
        compiled = self._compiled(text, mode, match, False, max_expansions)
        notes = list(compiled.notes)
        allowed = self._allowed(filters, notes) if filters else None
        run = queries.SearchContext(self.reader, self.ranking, allowed, cache=self.words, enough=self.reader.docs + 1)
        outcome = self._outcome(compiled, run, not filters, notes)
        matched = doc in outcome.matches.docs
        complete = matched if outcome.complete is None else doc in outcome.complete
        return self._explained(text, compiled, doc, matched, complete, tuple(notes))

    def _explained(
        self, text: str, compiled: CompiledQuery, doc: int, matched: bool, complete: bool, notes: tuple[str, ...] = ()
    ) -> Explanation:
        from arsearch.index.searching.explainer import Explainer  # few searches need it

        segment, local = self.reader.resolve(doc)
        run = queries.SearchContext(self.reader, self.ranking, cache=self.words)
        explaining = Explainer(run, self.analyzer, segment.stored.article(local), doc)
        return Explanation(
            query=text,
            id=segment.id(local),
            title=segment.title(local),
            matched=matched,
            complete=complete,
            words=explaining.words(compiled.node),
            pairs=Proximity(run, compiled.pairs).explain(doc),
            notes=notes,
        )

    def _compiled(
        self, text: str, mode: queries.Mode, match: Level | str | None, strict: bool, expansions: int | None
    ) -> CompiledQuery:
        if mode not in queries.MODES:
            raise QueryError(f"mode {mode!r} is not one; known: {', '.join(queries.MODES)}")
        floor = read_level(match)
        parsed = parse(text, fields=self.reader.schema.kinds, words=self.analyzer.tokenizer.words, strict=strict)
        root, said = self.expander.expand(parsed.root, self.forms) if floor == Level.STEM else (parsed.root, ())
        compiled = compile_tree(
            root,
            analyzer=self.analyzer,
            schema=self.reader.schema,
            ranking=self.ranking,
            mode="share" if parsed.question and mode == "auto" else mode,
            floor=floor,
            forms=self.forms,
            expansions=expansions,
        )
        return replace(compiled, notes=(*parsed.notes, *said, *compiled.notes))

    def _outcome(
        self, compiled: CompiledQuery, run: queries.SearchContext, wordless: bool, notes: list[str]
    ) -> queries.MatchResult:
        node = compiled.node
        if isinstance(node, queries.ScoredQuery):
            node = BooleanQuery((node,), mode="any")
        if isinstance(node, BooleanQuery):
            return node.result(run)
        if node is not None:
            found = node.matches(run)
        elif wordless:
            notes.append("the query has no words to look for")
            found = NO_DOCS
        else:  # filters alone: everything they allow
            found = run.match_all()
        found = run.apply_filters(found)
        return queries.MatchResult(found)

    def _allowed(self, filters: Mapping[str, Any], notes: list[str]) -> Array | None:
        """The documents that all filters let through, rising; `None` without filters."""
        allowed = None
        for condition in compile_filters(self.reader, filters, notes):
            docs = condition.docs(self.reader)
            allowed = docs if allowed is None else allowed[contains(allowed, docs)]
        return allowed

    def _hits(self, text: str, page: TopDocs, compiled: CompiledQuery, offset: int) -> tuple[Hit, ...]:
        highlighter: list[Highlighter] = []
        texts = [field.name for field in self.reader.schema if field.default and field.name not in KNOWN_FIELDS]

        def mark(article: Article) -> tuple[Snippet, Snippet, Level | None]:
            if not highlighter:
                spelt = partial(self.reader.spellings, fields=("title", "body", *texts))
                highlighter.append(Highlighter(compiled.targets(), self.analyzer, forms=self.forms, spellings=spelt))
            return _marked(article, texts, highlighter[0])

        hits = []
        similar = [0] * len(page.docs) if page.similar is None else page.similar.tolist()
        for rank, (doc, score, complete, alike) in enumerate(
            zip(page.docs.tolist(), page.scores.tolist(), page.complete.tolist(), similar, strict=True), offset + 1
        ):
            segment, local = self.reader.resolve(doc)
            load = partial(segment.stored.article, local)
            explain = partial(self._explained, text, compiled, doc, True, complete)
            hits.append(Hit(rank, segment.id(local), segment.title(local), score, complete, load, mark, explain, alike))
        return tuple(hits)


def _marked(article: Article, others: Iterable[str], marker: Highlighter) -> tuple[Snippet, Snippet, Level | None]:
    """The marked title, the best passages, and the strictest level of all matches.

    The passages are the body's, or where it has no match those of the first declared text that has one; the title's
    where there is nothing else.
    """
    title = marker.mark_all(article.title, "title")
    levels = [span.level for span in title.spans]
    shown = title
    texts = [("body", article.body), *((name, article.extra.get(name)) for name in others)]
    for name, text in texts:
        if not isinstance(text, str) or not text.strip():
            continue
        found = marker.matches_for_snippet(text, name)
        if shown is title or (found.level is not None and not shown.spans):
            shown = snippet_of(text, name, marker, matches=found)
        levels += [found.level] if found.level else []
    return title, shown, max(levels, default=None)


def _check(
    text: object, limit: object, offset: object, facets: object, timeout: object, max_expansions: object
) -> None:
    """QueryError for parameters that are not of their types, as values out of forms and URLs may be."""
    if not isinstance(text, str):
        raise QueryError(f"the query {text!r} is not a string")
    for name, value in (("limit", limit), ("offset", offset)):
        if type(value) is int and value >= 0:
            continue
        if not isinstance(value, SupportsIndex) or operator.index(value) < 0:
            raise QueryError(f"{name} {value!r} is not a whole number, or is negative")
    if isinstance(facets, str) or not isinstance(facets, Iterable):
        raise QueryError(f"facets {facets!r} is not a collection of field names")
    if timeout is not None and not (isinstance(timeout, (int, float)) and timeout >= 0):
        raise QueryError(f"timeout {timeout!r} is not a number of seconds, or is negative")
    if max_expansions is not None and not (type(max_expansions) is int and max_expansions > 0):
        raise QueryError(f"max_expansions {max_expansions!r} is not a whole number of words, at least 1, or None")
