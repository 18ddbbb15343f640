"""Find the passages that answer a query: the best articles, the best parts of each, the best parts of all."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from arsearch.model import Answers
from arsearch.model.locating import Locator
from arsearch.model.passages import Passage
from arsearch.search.passages.choosing import Candidate, add_overlap, choose
from arsearch.search.passages.cutting import best_extents, lead
from arsearch.search.passages.reading import ReadArticle, read_articles, targets_of
from arsearch.search.passages.request import PassageRequest
from arsearch.search.passages.scoring import ARTICLE, PassageScorer, idf, query_words, word_frequencies
from arsearch.search.session import SearchSession

__all__ = ["find_passages"]

_Item = TypeVar("_Item")


def find_passages(session: SearchSession, request: PassageRequest) -> Answers[Passage]:
    """Return the best passages, by falling score. After the deadline, no further article is read or cut."""
    if not request.limit:
        return Answers()
    view, size, page = session.view, request.size, request.search.page
    plan = session.plan(request.search)
    matched = view.search(plan, page)
    words = query_words(plan)
    targets = targets_of(session, words)
    word_of = list(targets.values())
    late = _Late(page.deadline)
    articles = read_articles(session, matched.hits, list(targets), request.limit, page.deadline)
    read = list(late.before(articles))
    frequencies = word_frequencies(words, view.statistics, page.deadline)
    idfs = _idfs(read, frequencies, word_of, view.statistics.count, size)
    scorer = PassageScorer(words, idfs, word_of, view.ranking, size)
    candidates: list[Candidate] = []
    for number, (hit, article, matches) in late.before(enumerate(read)):
        extents = best_extents(article.body, matches, size, request.limit, scorer.score)
        candidates += [
            Candidate(number, start, end, ARTICLE * hit.score + score)
            for start, end, score in extents or lead(article.body, size)
        ]
    bodies = [article.body for _, article, _ in read]
    chosen = choose(candidates, bodies, request.limit, size)
    passages = [_passage(read[one.article], one) for one in add_overlap(chosen, bodies, request.overlap)]
    return Answers(passages, partial=matched.partial or late.passed)


class _Late:
    """Tells whether a deadline, a reading of `time.perf_counter`, passed before some work was done."""

    def __init__(self, deadline: float | None) -> None:
        self._deadline = deadline
        self.passed = False

    def before(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """Yield the items up to the first that comes after the deadline."""
        for item in items:
            self.passed = self._deadline is not None and time.perf_counter() > self._deadline
            if self.passed:
                return
            yield item


def _idfs(
    read: Sequence[ReadArticle], frequencies: Sequence[int], word_of: Sequence[int], articles: int, size: int
) -> list[float]:
    """Return the idf of each word among the passages of all articles, estimated from the articles read.

    An article has as many passages as blocks of `size` code points.
    """
    blocks = sum(max(1.0, one.matches.read / size) for one in read)
    passages = articles * blocks / max(1, len(read))
    counts: list[list[int]] = [[] for _ in frequencies]
    for one in read:
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
