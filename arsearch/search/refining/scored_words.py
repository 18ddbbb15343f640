"""The words of a plan that count for it, and a plan with other clauses in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from arsearch.query.tree import Word
from arsearch.search.clauses import AndClause, BooleanClause, OrClause, QueryClause, ScoredClause

__all__ = ["plain_words", "with_words"]


def plain_words(clause: QueryClause | None) -> Iterator[ScoredClause]:
    """Yield the scored clauses of plain words, in order; those of excluded words are left out.

    A plain word has no level of its own, is not corrected, and is no stop word.
    """
    match clause:
        case ScoredClause():
            if _is_plain(clause):
                yield clause
        case AndClause(children) | OrClause(children):
            for child in children:
                yield from plain_words(child)
        case BooleanClause():
            for child in (*clause.should, *clause.must):
                yield from plain_words(child)


def with_words(clause: QueryClause, change: Callable[[ScoredClause], ScoredClause]) -> QueryClause:
    """Return a clause with each of its `plain_words` changed."""
    match clause:
        case ScoredClause():
            return change(clause) if _is_plain(clause) else clause
        case AndClause(children) | OrClause(children):
            return type(clause)(tuple(with_words(child, change) for child in children))
        case BooleanClause():
            should = tuple(with_words(child, change) for child in clause.should)
            must = tuple(with_words(child, change) for child in clause.must)
            return replace(clause, should=should, must=must)
    return clause


def _is_plain(clause: ScoredClause) -> bool:
    node = clause.origin.node if clause.origin else None
    return isinstance(node, Word) and node.level is None and node.correction is None and not clause.is_stop_word
