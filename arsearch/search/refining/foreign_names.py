"""Search a foreign name in its other spellings too: غاتوزو for جاتوزو.

`foreign_spellings` makes the candidates. Candidates in the articles become variants of the typed word. They match at the
stem level, together with the word's own stem, and a share of the weight stays with the own stem. So an article with
the typed spelling scores higher. A note names the spellings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import lru_cache

from arsearch.analyzers.dictionary import Dictionary
from arsearch.analyzers.foreign_spellings import foreign_spellings
from arsearch.model import Level
from arsearch.model.schema import STEM
from arsearch.search.clauses import (
    PhraseClause,
    RootClause,
    ScoredClause,
    SurfaceFormClause,
    TermClause,
    TermsClause,
    UnionClause,
)
from arsearch.search.highlighting import StemTarget, TargetRecipe, WordTarget
from arsearch.search.planner import Plan
from arsearch.search.refining.scored_words import plain_words, with_words
from arsearch.search.statistics import TermKey

__all__ = ["ForeignNames"]

MOST_VARIANTS = 8
"""The spellings that are searched beside the typed one."""

_spellings = lru_cache(maxsize=1024)(foreign_spellings)


@dataclass(frozen=True, slots=True)
class ForeignNames:
    """A `PlanRefinement` that adds the other spellings of foreign names; `share` of the stem's weight is for them too.

    The words of `known`, the user's dictionary, have no other spellings.
    """

    share: float
    known: Dictionary

    def terms(self, plan: Plan) -> Collection[TermKey]:
        """Return the candidates for each word of the plan, in each of its fields."""
        if not any(type(target) is WordTarget and _spellings(target.terms[0].stem) for target in plan.targets):
            return ()  # nearly every search, at a tenth of the cost
        return [key for clause in plain_words(plan.clause) for key in self._keys(clause)]

    def refine(self, plan: Plan, frequency: Callable[[TermKey], int]) -> Plan:
        """Return the plan with the candidates that articles have."""
        targets: list[TargetRecipe] = []
        notes: list[str] = []

        def change(clause: ScoredClause) -> ScoredClause:
            counts: dict[str, int] = {}
            for key in self._keys(clause):
                counts[key.term] = counts.get(key.term, 0) + frequency(key)
            known = [term for term, count in counts.items() if count]
            variants = tuple(sorted(known, key=lambda term: -counts[term])[:MOST_VARIANTS])
            if not variants or clause.origin is None:
                return clause
            others = tuple(StemTarget((stem,), Level.SYNONYM, clause.fields) for stem in variants)
            targets.extend(others)
            notes.append(f"{clause.origin.words[0]}: also looked for {', '.join(variants)}")
            origin = clause.origin._replace(others=(*clause.origin.others, *others))
            return replace(clause, levels=_with_variants(clause, variants, self.share), origin=origin, related=False)

        if plan.clause is None:
            return plan
        changed = with_words(plan.clause, change)
        return plan._replace(clause=changed, targets=(*plan.targets, *targets), notes=(*plan.notes, *notes))

    def _keys(self, clause: ScoredClause) -> list[TermKey]:
        """Return the candidates for the word of a clause, in each of its fields."""
        own = _own_stem(clause)
        if not own or own in self.known:
            return []
        return [TermKey(field, STEM, term) for term in _spellings(own) for field in clause.fields]


def _own_stem(clause: ScoredClause) -> str:
    """Return the stem of the one typed word that a clause matches at the stem level; `""` for another clause."""
    clauses = _alternatives(_stem_levels(clause)[-1][1])
    own = clauses[0] if clauses else None
    return own.terms[0] if isinstance(own, TermsClause) and own.level == STEM and len(own.terms) == 1 else ""


def _stem_levels(clause: ScoredClause) -> tuple[tuple[float, TermClause], ...]:
    """Return the levels of a clause to the stem. A foreign name has no root, so the root's weight counts for its stem."""
    *levels, (weight, last) = clause.levels
    alternatives = last.clauses if isinstance(last, UnionClause) else (last,)
    if not any(isinstance(alternative, RootClause) for alternative in alternatives):
        return clause.levels
    stem_weight, stem = levels.pop()
    return (*levels, (stem_weight + weight, stem))


def _alternatives(clause: TermClause) -> tuple[TermsClause | SurfaceFormClause | PhraseClause | RootClause, ...]:
    """Return the clauses that match in one place: those of a word and its synonyms."""
    if isinstance(clause, UnionClause):
        return clause.clauses
    return (clause,) if isinstance(clause, TermsClause) else ()


def _with_variants(
    clause: ScoredClause, variants: tuple[str, ...], share: float
) -> tuple[tuple[float, TermClause], ...]:
    """Return the levels of a clause, with the variants in a share of the last one."""
    *stricter, (weight, last) = _stem_levels(clause)
    together = UnionClause((*_alternatives(last), TermsClause(STEM, variants)))
    return (*stricter, (weight * (1 - share), last), (weight * share, together))
