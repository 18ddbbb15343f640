"""Phrases with slop: the cluster finds their documents, and their frequencies are counted here, from the articles.

No query of the cluster counts the positions where a window starts, which is the frequency of a phrase with slop. Beyond
`_MOST` documents the cluster's own count of shortest windows takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from arsearch.model import Article
from arsearch.model.schema import Schema
from arsearch.opensearch.documents import stored_article
from arsearch.opensearch.expansions import Expansions
from arsearch.opensearch.filters import NOTHING
from arsearch.opensearch.matching import match_query, tokens_of
from arsearch.opensearch.paging import BY_ADDING, page
from arsearch.opensearch.statistics import Search
from arsearch.opensearch.terms import VALUE_GAP, FieldAnalyser, positions_of
from arsearch.search.clauses import PhraseClause, ScoredClause, TermClause, UnionClause

__all__ = ["count_windows", "window_count"]

_MOST = 1000

Column = Sequence[int]


def count_windows(
    clauses: Iterable[ScoredClause], expansions: Expansions, search: Search, analyser: FieldAnalyser, schema: Schema
) -> None:
    """Count the phrases with slop among some clauses, and keep the counts in `expansions`."""
    wanted = dict.fromkeys(
        (phrase, field)
        for clause in clauses
        for _, level in clause.levels
        for phrase in _phrases(level)
        for field in clause.fields
    )
    for phrase, field in wanted:
        query = match_query(phrase, field, expansions)
        if query is NOTHING:
            continue
        found = page(search, query, BY_ADDING, offset=0, limit=_MOST + 1, source=["article"])
        if len(found) > _MOST:
            continue
        counts: dict[int, list[str]] = {}
        columns = [(place, frozenset(tokens_of(part, field, expansions))) for place, part in phrase.parts]
        for document in found:
            article = stored_article(document.source)
            count = _count(article, field, columns, phrase.slop, analyser, schema)
            if count:
                counts.setdefault(count, []).append(article.id)
        expansions.windows[phrase, field] = counts


def _phrases(clause: TermClause) -> Iterator[PhraseClause]:
    if isinstance(clause, UnionClause):
        for part in clause.clauses:
            yield from _phrases(part)
    elif isinstance(clause, PhraseClause) and clause.slop:
        yield clause


def _count(
    article: Article,
    field: str,
    words: Sequence[tuple[int, frozenset[str]]],
    slop: int,
    analyser: FieldAnalyser,
    schema: Schema,
) -> int:
    values = next((values for one, values in schema.values(article) if one.name == field), [])
    columns: list[list[int]] = [[] for _ in words]
    start = 0
    for string in analyser.analyse(values).strings:
        tokens = positions_of(string)
        for position, here in enumerate(tokens, start):
            for column, (_, wanted) in zip(columns, words, strict=True):
                if not wanted.isdisjoint(here):
                    column.append(position)
        start += len(tokens) + VALUE_GAP
    return window_count(columns, words[-1][0] - words[0][0] + slop, ordered=slop == 1)


def window_count(columns: Sequence[Column], width: int, *, ordered: bool) -> int:
    """Return the number of positions where a window starts that has a position of its own for each column.

    A window covers its start and `width` further positions. If the columns are `ordered`, the start is a position of the
    first column, and the positions rise; otherwise it is a position of any column. Columns rise.
    """
    if ordered:
        return sum(_ends(columns, start) <= start + width for start in columns[0])
    starts = sorted({position for column in columns for position in column})
    return sum(_has_all(columns, start, start + width) for start in starts)


def _ends(columns: Sequence[Column], start: int) -> float:
    """Return the end of the shortest row of rising positions from a start."""
    position: float = start
    for column in columns[1:]:
        position = next((other for other in column if other > position), float("inf"))
    return position


def _has_all(columns: Sequence[Column], low: int, high: int) -> bool:
    """Tell whether each column has a position of its own within bounds, by augmenting paths (Kuhn 1955)."""
    within = [[position for position in column if low <= position <= high] for column in columns]
    taken: dict[int, int] = {}

    def place(column: int, seen: set[int]) -> bool:
        for position in within[column]:
            if position not in seen:
                seen.add(position)
                if position not in taken or place(taken[position], seen):
                    taken[position] = column
                    return True
        return False

    return all(place(column, set()) for column in range(len(columns)))
