"""Find articles like another one: make a query from the most distinctive words of an article.

The words are the stems with the highest tf-idf, at most `_MAX_TERMS`, so the work does not grow with the article. They
are searched like the words of a long question, and each is shown in its most frequent form in the article.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import QueryError, shown
from arsearch.model import Article, Level
from arsearch.model.places import part_id, split_head, work_of_id
from arsearch.model.schema import STEM
from arsearch.query import Word
from arsearch.search.backend import IndexView, NearDuplicatesView
from arsearch.search.clauses import BooleanClause, FilterClause, IdFilter, OrClause, Origin, ScoredClause, TermsClause
from arsearch.search.highlighting import StemTarget
from arsearch.search.planner import Plan
from arsearch.search.ranking import idf
from arsearch.search.request import DUPLICATES, read_id, read_text
from arsearch.search.session import SearchSession
from arsearch.search.statistics import TermKey

__all__ = ["LikeQuery", "like_query"]

_MAX_TERMS = 25
_MAX_CHARACTERS = 20_000
"""The number of characters analysed, at the beginning of a text."""
_TITLE_WEIGHT = 3
"""The number of occurrences that an occurrence in the title counts for."""
_MAX_SHARE = 0.5
"""A stem in more than this share of the articles does not distinguish an article from others."""
_MIN_SHARE = 0.15
"""The share of the words that a similar article must have."""


class LikeQuery(NamedTuple):
    """The plan of a search for similar articles, and its words as a query text."""

    text: str
    plan: Plan


class _SelectedTerm(NamedTuple):
    """A stem, its weight, and its most frequent written form in the texts."""

    stem: str
    weight: float
    written: str


def like_query(session: SearchSession, id: str | None, text: str | None, collapse: str | None) -> LikeQuery:
    """Return the query for articles like the article with an id, or like a text.

    The query leaves out the article itself and, with `collapse="duplicates"`, its near-duplicates. Raises QueryError if
    not exactly one of `id` and `text` is given, or no article has the id.
    """
    if (id is None) == (text is None):
        raise QueryError("give either the id of an article or a text")
    view = session.view
    excluded: tuple[str, ...] = ()
    texts = [("", 1)]
    if text is not None:
        texts = [(read_text("text", text), 1)]
    elif id is not None:
        article = view.get(read_id(id))
        if article is None:
            raise QueryError(f"no article has the id {shown(id)}; give the id of a hit")
        excluded = cast("NearDuplicatesView", view).near_duplicates(article.id) if collapse == DUPLICATES else ()
        excluded += (work_of_id(article.id),)  # with its parts
        texts = [(article.title, _TITLE_WEIGHT), (_beginning(view, article), 1)]
    # The article itself has each of its stems; a stem is useful only if another article has it too.
    chosen = _select_terms(session, texts, min_articles=1 if id is None else 2)
    return LikeQuery(" ".join(term.written for term in chosen), _plan(session, chosen, excluded))


def _beginning(view: IndexView, article: Article) -> str:
    """Return the body of a document, or the beginning of a work from its head and first parts."""
    text, number = article.body, 0
    while split_head(article) and len(text) < _MAX_CHARACTERS and (part := view.get(part_id(article.id, number + 1))):
        text, number = f"{text}\n{part.title}\n{part.body}", number + 1
    return text


def _fields(session: SearchSession) -> tuple[str, ...]:
    return tuple(field.name for field in session.view.schema if field.default)


def _select_terms(session: SearchSession, texts: Sequence[tuple[str, int]], min_articles: int) -> list[_SelectedTerm]:
    """Return the stems with the highest tf-idf that at least `min_articles` articles have."""
    counts, written = _count_stems(session.view.analyzer, texts)
    fields, statistics, k1 = _fields(session), session.view.statistics, session.view.ranking.k1
    frequencies = statistics.doc_frequencies([TermKey(field, STEM, stem) for stem in counts for field in fields])
    total = statistics.count
    max_articles = max(min_articles, _MAX_SHARE * total)
    found = []
    for stem, count in counts.items():
        frequency = max(frequencies.get(TermKey(field, STEM, stem), 0) for field in fields)
        if min_articles <= frequency <= max_articles:
            tf = count / (count + k1)
            found.append((-tf * idf(frequency, total), stem, tf))
    return [_SelectedTerm(stem, tf, _most_common(written[stem])) for _, stem, tf in sorted(found)[:_MAX_TERMS]]


def _count_stems(
    analyzer: ArabicAnalyzer, texts: Iterable[tuple[str, int]]
) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """Count the stems of weighted texts, stop words left out, and the written forms of each stem."""
    counts: Counter[str] = Counter()
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, weight in texts:
        for token in analyzer.analyze(text[:_MAX_CHARACTERS]):
            if not token.term.stop:
                counts[token.term.stem] += weight
                written[token.term.stem][token.text] += 1
    return counts, written


def _most_common(written: Counter[str]) -> str:
    return min(written, key=lambda word: (-written[word], word))


def _plan(session: SearchSession, chosen: Sequence[_SelectedTerm], excluded: tuple[str, ...]) -> Plan:
    fields = _fields(session)
    if not chosen:
        return Plan(OrClause(()), notes=("there are no words to compare articles by",))
    targets = [StemTarget((term.stem,), Level.STEM, fields) for term in chosen]
    should = tuple(
        ScoredClause(
            ((term.weight, TermsClause(STEM, (term.stem,))),),
            fields,
            origin=Origin(Word(term.written), (term.written,), target),
        )
        for term, target in zip(chosen, targets, strict=True)
    )
    clause = BooleanClause(
        should,
        must_not=(FilterClause(IdFilter(excluded)),) if excluded else (),
        minimum_should_match=math.ceil(_MIN_SHARE * len(should)),
    )
    return Plan(clause, targets=tuple(targets))
