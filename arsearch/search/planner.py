"""Make a plan from a search request: clauses, filters, signals, highlight recipes, and notes for the user.

A plan is plain data. The planner needs no reader but only statistics, so every back-end executes the same plan: the
embedded index evaluates the clauses itself, another back-end makes requests of its own engine from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.model import Level
from arsearch.model.schema import Schema
from arsearch.query import InField, Node, Phrase, Synonyms, iter_leaves, parse
from arsearch.query.expansion import SynonymExpander
from arsearch.query.traversal import iter_operands
from arsearch.search.clause_builder import ClauseBuilder
from arsearch.search.clauses import Filter, QueryClause
from arsearch.search.filters import read_filters
from arsearch.search.highlighting import Families, TargetRecipe
from arsearch.search.ranking import Ranking
from arsearch.search.refining.foreign_names import ForeignNames
from arsearch.search.refining.refinement import Frequency, Refined, Refinement, refine
from arsearch.search.refining.spellings import Respell, SpellingCorrection
from arsearch.search.request import SearchRequest
from arsearch.search.scored_clauses import ScoredClauseBuilder
from arsearch.search.signals import Signal
from arsearch.search.statistics import TermStatistics
from arsearch.snippets import HighlightTarget, Reading

__all__ = ["Plan", "Planner"]

_MAX_FORMS = 20_000
"""The written words whose analysis is kept, about 10 MB: 200,000 words once made the garbage collector stop searches."""


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


class Planner:
    """Plans searches for one analyzer, schema and ranking; threads may share a planner.

    `forms` caches analysed words from search to search; a search that finds it full empties it. `readings` caches pieces of
    texts for highlighters.
    """

    __slots__ = (
        "_expander",
        "_foreign_names",
        "_kinds",
        "analyzer",
        "forms",
        "ranking",
        "readings",
        "schema",
        "synonyms",
    )

    def __init__(
        self,
        analyzer: ArabicAnalyzer,
        schema: Schema,
        ranking: Ranking,
        synonyms: Synonyms,
    ) -> None:
        self.analyzer = analyzer
        self.schema = schema
        self.synonyms = synonyms
        self.ranking = ranking
        self.forms: dict[str, Form] = {}
        self.readings: dict[str, Reading] = {}
        self._expander = SynonymExpander(synonyms, analyzer)
        self._foreign_names = synonyms.variants
        self._kinds = schema.kinds

    def plan(
        self,
        request: SearchRequest,
        *,
        statistics: TermStatistics | None = None,
        respell: Respell | None = None,
    ) -> Plan:
        """Plan a search.

        Without `statistics` of the index, neither values of fields nor phrases are read as words; without them and
        `respell`, words are not corrected.
        Raises QueryError or UnknownFieldError for wrong filters, and QuerySyntaxError for a text with mistakes if the
        request is strict.
        """
        if len(self.forms) >= _MAX_FORMS:  # each new word of a query is added, and users type new words for ever
            self.forms.clear()
        floor = Level.STEM if request.match is None else request.match
        parsed = parse(request.text, fields=self._kinds, words=self.analyzer.tokenizer.words, strict=request.strict)
        words = ScoredClauseBuilder(
            self.analyzer,
            self.ranking,
            floor,
            self.forms,
            request.max_expansions,
            question=parsed.question,
            related=request.match is None,
        )
        root, notes = parsed.root, tuple[str, ...]()
        if root is not None:
            refinements = self._refinements(
                root, parsed.plain, words, respell if request.correct else None, request.page.deadline
            )
            root, notes = refine(root, refinements, statistics, request.page.deadline)
        mode = "any" if parsed.question and request.mode == "auto" else request.mode
        built = ClauseBuilder(self.schema, mode, words).build(root)
        filters, filter_notes = read_filters(self.schema, request.filters)
        notes = (*parsed.notes, *notes, *built.notes, *filter_notes)
        if built.clause is None and not filters:
            notes = (*notes, "the query has no words to look for")
        signals = built.signals if request.recency is None else (*built.signals, request.recency)
        return Plan(built.clause, filters, signals, built.targets, notes)

    def _refinements(
        self, root: Node, plain: bool, words: ScoredClauseBuilder, respell: Respell | None, deadline: float | None
    ) -> Iterator[Refinement]:
        """Yield the refinements of a query, in order; a `plain` query has words alone.

        The words of a relaxed phrase get synonyms. A word with synonyms or other spellings is not corrected.
        """
        default = self.schema.default
        if not plain and any(isinstance(operand, InField) for operand in iter_operands(root)):
            from arsearch.search.refining.field_values import AbsentValues  # few searches need it

            yield AbsentValues(words, self._kinds)
        if not plain and any(isinstance(leaf, Phrase) for leaf in iter_leaves(root)):
            from arsearch.search.refining.phrases import PhraseRelaxation  # few searches need it

            yield PhraseRelaxation(words, default)
        if words.floor <= Level.STEM:  # synonyms are searched at the stem level and the root level only
            yield _SynonymRefinement(self._expander, self.forms)
            if self._foreign_names:
                yield ForeignNames(words, default, self._kinds)
            if respell is not None and words.floor == Level.STEM:
                yield SpellingCorrection(words, default, respell, deadline)


class _SynonymRefinement(NamedTuple):
    """Adds synonyms to a query's words, whatever the index has."""

    expander: SynonymExpander
    forms: dict[str, Form]

    def keys(self, root: Node) -> tuple[()]:  # noqa: ARG002
        return ()

    def refine(self, root: Node, frequency: Frequency) -> Refined:  # noqa: ARG002
        return Refined(*self.expander.expand(root, self.forms))
