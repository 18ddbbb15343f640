"""Make a plan from a search request: clauses, filters, signals, highlight recipes, and notes for the user.

A plan is plain data. The planner needs no reader, so every back-end executes the same plan: the embedded index
evaluates the clauses itself, another back-end makes requests of its own engine from them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple, Protocol

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.model import Level
from arsearch.model.schema import Schema
from arsearch.query import Node, Synonyms, parse
from arsearch.query.expansion import SynonymExpander
from arsearch.search.clause_builder import ClauseBuilder
from arsearch.search.clauses import Filter, QueryClause
from arsearch.search.filters import read_filters
from arsearch.search.highlighting import Families, TargetRecipe
from arsearch.search.ranking import Ranking
from arsearch.search.refining.field_values import AbsentValues
from arsearch.search.request import SearchRequest
from arsearch.search.scored_clauses import ScoredClauseBuilder
from arsearch.search.signals import Signal
from arsearch.search.statistics import TermKey, TermStatistics
from arsearch.snippets import HighlightTarget

__all__ = ["Plan", "Planner", "Refinement"]

_MAX_FORMS = 200_000
"""The written words whose analysis is kept, about 100 MB."""


class Plan(NamedTuple):
    """A query that any back-end can execute.

    Without a `clause` the plan matches all articles that `filters` let through, or none if there are no filters.
    """

    clause: QueryClause | None
    filters: tuple[Filter, ...] = ()
    signals: tuple[Signal, ...] = ()
    targets: tuple[TargetRecipe, ...] = ()
    notes: tuple[str, ...] = ()

    def highlight_targets(self, families: Families, *, roots: bool) -> list[HighlightTarget]:
        """Return the distinct highlight targets of the query; see `highlighting.TargetRecipe`."""
        return list(dict.fromkeys(recipe.make(families, roots=roots) for recipe in self.targets))


class Refinement(Protocol):
    """A change of a plan that depends on which terms the index has."""

    def terms(self, plan: Plan) -> Collection[TermKey]:
        """Return the terms whose statistics the refinement needs; none if the plan stays as it is."""
        ...

    def refine(self, plan: Plan, frequency: Callable[[TermKey], int]) -> Plan:
        """Return the refined plan; `frequency` gives the document frequency of a term from `terms`."""
        ...


class Planner:
    """Plans searches for one analyzer, schema and ranking; threads may share a planner.

    `forms` caches analysed words from search to search; a search that finds it full empties it.
    """

    __slots__ = ("_expander", "_refinements", "analyzer", "forms", "ranking", "schema")

    def __init__(
        self,
        analyzer: ArabicAnalyzer,
        schema: Schema,
        ranking: Ranking,
        synonyms: Synonyms,
        refinements: tuple[Refinement, ...] = (),
    ) -> None:
        self.analyzer = analyzer
        self.schema = schema
        self.ranking = ranking
        self.forms: dict[str, Form] = {}
        self._expander = SynonymExpander(synonyms, analyzer)
        self._refinements = refinements

    def plan(self, request: SearchRequest, *, statistics: TermStatistics | None = None) -> Plan:
        """Plan a search.

        Without `statistics` of the index, values of fields are never read as words.
        Raises QueryError or UnknownFieldError for wrong filters, and QuerySyntaxError for a text with mistakes if the
        request is strict.
        """
        if len(self.forms) >= _MAX_FORMS:  # each new word of a query is added, and users type new words for ever
            self.forms.clear()
        floor = Level.STEM if request.match is None else request.match
        parsed = parse(
            request.text, fields=self.schema.kinds, words=self.analyzer.tokenizer.words, strict=request.strict
        )
        words = ScoredClauseBuilder(
            self.analyzer, self.ranking, floor, self.forms, request.max_expansions, related=request.match is None
        )
        root, value_notes = self._with_known_values(parsed.root, words, statistics)
        # Synonyms are searched at the stem level and the root level only.
        root, synonym_notes = self._expander.expand(root, self.forms) if floor <= Level.STEM else (root, ())
        mode = "any" if parsed.question and request.mode == "auto" else request.mode
        built = ClauseBuilder(self.schema, mode, words).build(root)
        filters, filter_notes = read_filters(self.schema, request.filters)
        notes = (*parsed.notes, *value_notes, *synonym_notes, *built.notes, *filter_notes)
        if built.clause is None and not filters:
            notes = (*notes, "the query has no words to look for")
        return Plan(built.clause, filters, built.signals, built.targets, notes)

    def _with_known_values(
        self, root: Node | None, words: ScoredClauseBuilder, statistics: TermStatistics | None
    ) -> tuple[Node | None, tuple[str, ...]]:
        """Return a tree whose values of keyword fields are known to the index, and the notes on the others."""
        values = AbsentValues(words, self.schema.kinds)
        if root is None or statistics is None or not (keys := set(values.keys(root))):
            return root, ()
        return values.refine(root, statistics.doc_frequencies(keys).get)

    def refine(self, plan: Plan, statistics: TermStatistics) -> Plan:
        """Apply all refinements to a plan, with the statistics of all their terms from one call."""
        if not self._refinements:
            return plan
        keys = {key for refinement in self._refinements for key in refinement.terms(plan)}
        if not keys:
            return plan
        found = statistics.doc_frequencies(keys)
        for refinement in self._refinements:
            plan = refinement.refine(plan, lambda key: found.get(key, 0))
        return plan._replace(notes=tuple(dict.fromkeys(plan.notes)))
