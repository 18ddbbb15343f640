"""Find the passages that answer a query: the best articles, the best parts of each, the best parts of all."""

from __future__ import annotations

import time
from collections.abc import Sequence

from arsearch.concurrency import Clock
from arsearch.model import Answers
from arsearch.model.locating import Locator
from arsearch.model.passages import Passage
from arsearch.search.passages.choosing import Candidate, add_overlap, choose
from arsearch.search.passages.cutting import best_extents, lead
from arsearch.search.passages.reading import ReadArticle, make_highlighter, read_articles, targets_of
from arsearch.search.passages.request import PassageRequest
from arsearch.search.passages.scoring import ARTICLE, PassageScorer, idf, query_words, word_frequencies
from arsearch.search.session import SearchSession

__all__ = ["find_passages"]

SHARE = 0.7
"""The share of the time left that each step may take: searching, reading, counting, cutting."""


def find_passages(session: SearchSession, request: PassageRequest) -> Answers[Passage]:
    """Return the best passages, by falling score. After the deadline, no further article is read or cut.

    Each step ends earlier, so that there is time for the next steps with what it found.
    """
    if not request.limit:
        return Answers()
    view, size, deadline = session.view, request.size, request.search.page.deadline
    page = request.search.page._replace(deadline=_share_until(deadline))
    plan = session.plan(request.search._replace(page=page))
    matched = view.search(plan, page)
    words = query_words(plan)
    targets = targets_of(session, words)
    word_of = list(targets.values())
    reading = Clock(_share_until(deadline))
    highlighter = make_highlighter(session, targets, reading)
    read = list(read_articles(session, matched.hits, highlighter, request.limit))
    frequencies, counted = word_frequencies(words, view.statistics, _share_until(deadline))
    cutting, choosing = Clock(_share_until(deadline)), Clock(deadline)
    idfs = _idfs(read, frequencies, word_of, view.statistics.count, size, cutting)
    scorer = PassageScorer(words, idfs, word_of, view.ranking, size)
    candidates: list[Candidate] = []
    for number, (hit, article, matches) in enumerate(read):
        if not cutting.in_time():
            break
        extents = best_extents(article.body, matches, size, request.limit, scorer.score)
        candidates += [
            Candidate(number, start, end, ARTICLE * hit.score + score)
            for start, end, score in extents or lead(article.body, size)
        ]
    bodies = [article.body for _, article, _ in read]
    chosen = choose(candidates, bodies, request.limit, size, choosing.in_time)
    passages = [_passage(read[one.article], one) for one in add_overlap(chosen, bodies, request.overlap)]
    timed_out = any(clock.timed_out for clock in (reading, cutting, choosing))
    return Answers(passages, partial=matched.partial or timed_out or not counted)


def _share_until(deadline: float | None) -> float | None:
    """Return the end of a step after which there is still work to do until the deadline."""
    if deadline is None:
        return None
    now = time.perf_counter()
    return now + SHARE * (deadline - now)


def _idfs(
    read: Sequence[ReadArticle],
    frequencies: Sequence[int],
    word_of: Sequence[int],
    articles: int,
    size: int,
    clock: Clock,
) -> list[float]:
    """Return the idf of each word among the passages of all articles, estimated from the articles read in time.

    An article has as many passages as blocks of `size` code points.
    """
    blocks = sum(max(1.0, one.matches.read / size) for one in read)
    passages = articles * blocks / max(1, len(read))
    counts: list[list[int]] = [[] for _ in frequencies]
    for one in read:
        if not clock.in_time():
            break
        found: dict[int, set[int]] = {}
        for target, words in one.matches.occurrences:
            found.setdefault(word_of[target], set()).add(words[0][0] // size)
        for word, places in found.items():
            counts[word].append(len(places))
    means = [sum(count) / len(count) if count else 1.0 for count in counts]
    return [idf(passages, frequency * mean) for frequency, mean in zip(frequencies, means, strict=True)]


def _passage(read: ReadArticle, chosen: Candidate) -> Passage:
    article = read.article
    _, start, end, score = chosen
    place = Locator(article)
    heading, page = place.heading(start), place.page(start)
    return Passage(article.body[start:end], article.id, article.title, start, end, score, heading, page)
