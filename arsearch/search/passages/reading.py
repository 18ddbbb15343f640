"""The articles that passages are cut out of, and the matches of the query in their bodies.

The matches of a long body are found by their positions, if the back-end can do so. The work is bounded by characters: the
best articles are read first, and reading ends at `ENOUGH` once there are as many articles as passages, at `MOST` in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from arsearch.concurrency import Clock
from arsearch.model import Article
from arsearch.search.backend import RawHit
from arsearch.search.occurrences.finding import is_fast
from arsearch.search.occurrences.view import OccurrencesView
from arsearch.search.passages.scoring import QueryWord
from arsearch.search.session import SearchSession
from arsearch.snippets import Highlighter, Matches
from arsearch.snippets.targets import HighlightTarget

__all__ = ["ENOUGH", "MOST", "ReadArticle", "make_highlighter", "read_articles", "targets_of"]

ENOUGH = 1_000_000
"""Characters after which no further article is read, if there are as many articles as passages."""

LONG = 65_536
"""Characters of a body whose matches are found by their positions; shorter ones are read faster."""

MOST = 10_500_000
"""Characters that one call reads: an article of 10 MB from beginning to end, in less than a second."""


class ReadArticle(NamedTuple):
    """An article that the search found, and the matches in its body."""

    hit: RawHit
    article: Article
    matches: Matches


def targets_of(session: SearchSession, words: Iterable[QueryWord]) -> dict[HighlightTarget, int]:
    """Return the distinct targets in order, with the number of the word that each stands for."""
    word_of: dict[HighlightTarget, int] = {}
    for number, word in enumerate(words):
        for recipe in word.targets:
            word_of.setdefault(recipe.make(session.view.related_stems, roots=True), number)
    return word_of


def make_highlighter(session: SearchSession, targets: Iterable[HighlightTarget], clock: Clock) -> Highlighter:
    """Return the highlighter that reads bodies until the deadline of a clock."""
    view, planner, _ = session
    spellings = view.spellings
    return Highlighter(
        targets,
        view.analyzer,
        forms=planner.forms,
        spellings=None if spellings is None else lambda stems: spellings(stems, ("body",)),
        clock=clock,
    )


def read_articles(
    session: SearchSession, hits: Iterable[RawHit], highlighter: Highlighter, limit: int
) -> Iterator[ReadArticle]:
    """Yield the articles to cut `limit` passages out of, in order; those with a blank body are left out.

    The highlighter's clock ends the reading.
    """
    count = 0
    left = MOST
    for hit in hits:
        if left <= 0 or (count >= limit and left <= MOST - ENOUGH):
            break
        if not highlighter.clock.in_time():
            break
        article = hit.load()
        if article.body and not article.body.isspace():
            matches = _known_matches(session, hit.id, article.body, highlighter)
            matches = matches or highlighter.matches(article.body, "body", limit=left)
            left -= min(left, len(article.body))
            count += 1
            yield ReadArticle(hit, article, matches)


def _known_matches(session: SearchSession, id: str, body: str, highlighter: Highlighter) -> Matches | None:
    """Return the matches in a long body, as far as their positions tell them; `None` if it must be read."""
    if len(body) < LONG or not is_fast(session):
        return None
    known = cast("OccurrencesView", session.view).known_occurrences(id, highlighter)
    return None if known is None else Matches(known.occurrences(), len(body))
