"""The methods that `Index` and `Snapshot` share."""

from __future__ import annotations

import datetime as dt
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Unpack, cast

from arsearch.model import Answers, Article, Hit, Level, SearchResults, Span
from arsearch.model.schema import WORK
from arsearch.search.answering import answer, answer_like
from arsearch.search.backend import Capability, CorrectView, SuggestView, require
from arsearch.search.batches.threads import SearchThreads
from arsearch.search.request import (
    INNER_HITS,
    MAX_EXPANSIONS,
    PASSAGE_SIZE,
    PASSAGES,
    TIMEOUT,
    Mode,
    SearchRequest,
    read_deadline,
    read_id,
    read_text,
    read_whole,
)
from arsearch.search.session import SearchSession

if TYPE_CHECKING:
    from arsearch.model import Correction, Explanation, Passage, Stats, Suggestion
    from arsearch.model.occurrences import Frequencies
    from arsearch.search.batches.options import PassageOptions, SearchOptions
    from arsearch.search.occurrences.concordance import Concordance

__all__ = ["Searchable"]


class Searchable(ABC):
    """Answers searches on the commit that `_session` returns; `threads` answer those of coroutines."""

    def __init__(self, threads: SearchThreads) -> None:
        self._threads = threads

    @abstractmethod
    def _session(self) -> SearchSession:
        """Return the commit to search and its planner; raise IndexClosedError after `close`."""

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        offset: int = 0,
        filters: Mapping[str, Any] | None = None,
        sort: str | None = None,
        facets: Iterable[str] = (),
        mode: Mode = "auto",
        match: Level | str | None = None,
        collapse: str | None = None,
        strict: bool = False,
        timeout: float | None = TIMEOUT,
        max_expansions: int | None = MAX_EXPANSIONS,
        correct: bool = True,
        recency: str | dt.timedelta | None = None,
        inner_hits: int = INNER_HITS,
        exact: bool = True,
    ) -> SearchResults:
        """Search the articles; docs/queries.md describes the language of `text`.

        `limit` and `offset` select a page of the hits. `filters` maps a field to a value, to a list of values or, for
        dates and numbers, to a `(low, high)` pair. Both ends of a pair are included, and `None` leaves an end open.
        `arsearch.Not(value)` excludes articles, and the field "id" takes ids.
        `sort` is "score" (the default), "date", or a keyword or number field. "-" before the name reverses the order,
        and articles without a value come last. `facets` names the fields whose values are counted; "month", "year" and
        "hijri_year" count the date.

        `mode` decides which words an article needs: "all", "any" or "auto". "auto" asks for all of up to four words. If
        fewer articles than ten, or than a page by score has, are complete, articles with some of the words follow. For
        questions and longer queries it asks for any of the words. `match` is the loosest level: "stem", "word",
        "normalised", "surface", "vocalised" or "root". Without `match` it is the stem, and words of the same roots add to
        the score. Articles that have a needed word by its root alone are not complete: they come last, and facets and
        fields in `sort` leave them out unless no article is complete.

        `collapse` keeps the best hit for each value of a keyword field, and "work" the best part of each work. A hit then
        shows at most `inner_hits` further hits with the same value, the best first, and `inner_total` counts all.
        "duplicates" keeps the best of near-duplicates; `similar` of the hit counts the others. Totals and facets count
        all near-duplicates. Otherwise `SearchResults.total` is the number of hits on all pages of this `limit`.

        The parts of works are hits of their own, with their `place`. Filters hold for a work and all its parts, and
        facets count a work once. Filters without a text select whole works.

        If no article has a word, and neither the lexicon nor the table of roots knows it, its likeliest spelling among the
        words of the articles is searched too, at a lower weight and with a note. `correct=False` switches this off. A
        quoted phrase beside other words that no article has is read as words, with a note.

        `recency` is a half-life, such as "30d", "12h", "2w" or "1y", or a `timedelta`. It raises the score of recent
        articles by `Ranking.recency_weight` at most. The bonus of the newest article halves in each half-life; articles
        without a date have none.

        After `timeout` seconds, `None` for no limit, the search skips all further look-ups. `SearchResults.partial` and a note
        say so: hits may be missing, but none is wrong. Without time for an exclusion there are no hits. A pattern (`كتا*`) or
        misspelling (`كتاب~1`) expands to the `max_expansions` most frequent matching words of a segment, with a note if
        there are more; `None` is no limit, and exclusions have none.

        Where a query finds more than 10,000 articles, `exact=False` allows a cluster to choose the hits among the 1,000 of each
        shard that are best by one level of matching, with a note. Scores and totals stay exact, and so does an index in a
        folder.

        No text raises an error, but with `strict` a mistake raises QuerySyntaxError instead of adding a note. An empty
        text finds nothing, or with `filters` all articles that they let through. Raises QueryError and
        UnknownFieldError for wrong parameters.
        """
        start = time.perf_counter()
        session = self._session()
        request = SearchRequest.read(
            text,
            limit=limit,
            offset=offset,
            filters=filters,
            sort=sort,
            facets=facets,
            mode=mode,
            match=match,
            collapse=collapse,
            strict=strict,
            timeout=timeout,
            max_expansions=max_expansions,
            correct=correct,
            recency=recency,
            inner_hits=inner_hits,
            exact=exact,
            now=start,
        )
        return answer(session, request, start)

    def search_many(
        self,
        texts: Iterable[str],
        *,
        processes: int | None = None,
        snippets: bool = True,
        **options: Unpack[SearchOptions],
    ) -> tuple[SearchResults, ...]:
        """Search for each of several texts in one commit, and return their results in order.

        The `options` and errors are those of `search`; the first text that raises one ends the call. The snippets of all hits
        are made at once; without `snippets`, each when first needed. `processes` share the texts: this one, and workers
        that open the index, each in a second. Raises UnsupportedError for `processes` if the index cannot be opened there.
        """
        from arsearch.search.batches.batch import search_batch  # few programs need it

        return search_batch(self._session(), texts, processes, snippets, options)

    async def asearch(self, text: str, **options: Unpack[SearchOptions]) -> SearchResults:
        """Search in a thread; the options and errors are those of `search`.

        A few searches of an index run at a time, and further searches wait. A waiting search that is cancelled never
        starts. A running search that is cancelled runs to its end, and its results are dropped.
        """
        return await self._threads.run(lambda: self.search(text, **options))

    def passages(
        self,
        query: str,
        *,
        limit: int = PASSAGES,
        size: int = PASSAGE_SIZE,
        overlap: int = 0,
        filters: Mapping[str, Any] | None = None,
        mode: Mode = "auto",
        match: Level | str | None = None,
        timeout: float | None = TIMEOUT,
    ) -> Answers[Passage]:
        """Return the passages of the articles that answer a query best, at most `limit`, by falling score.

        A passage is a run of whole sentences of one paragraph of a body, at most `size` code points. A longer sentence is cut
        at the end of a clause, else between words. An article may have several passages. Neighbours that touch are merged
        up to one and a half times the size. Near-duplicates are given once, and menus and link lists around an article are
        left out. With `overlap` a passage right after another of its article begins with the last whole sentences of that
        one, up to `overlap` code points more than `size`.

        An article with the words in its title alone gives its beginning, one without a body nothing. `filters`, `mode` and
        `match` are as in `search`. An empty query finds nothing, or with `filters` the beginnings of the articles that they
        let through. The best 24 articles are read, or twice `limit`, and of long ones fewer: a call reads 10.5 million
        characters at most. After `timeout` seconds, `None` for no limit, the passages are those of the texts read so far, and
        `partial`. Raises QueryError and UnknownFieldError for wrong parameters.
        """
        start = time.perf_counter()
        from arsearch.search.passages.finding import find_passages  # few programs need it
        from arsearch.search.passages.request import PassageRequest

        request = PassageRequest.read(
            query,
            limit=limit,
            size=size,
            overlap=overlap,
            filters=filters,
            mode=mode,
            match=match,
            deadline=read_deadline(timeout, start),
        )
        return find_passages(self._session(), request)

    async def apassages(self, query: str, **options: Unpack[PassageOptions]) -> Answers[Passage]:
        """Return what `passages` returns, from a thread, as `asearch` does."""
        return await self._threads.run(lambda: self.passages(query, **options))

    def select(self, text: str = "", *, filters: Mapping[str, Any] | None = None) -> tuple[Hit, ...]:
        """Return all articles that have all words of `text` and pass `filters`, as hits, the best first.

        A word counts up to its stem: articles that have it by its root alone are left out, near-duplicates are not. A
        work has all words if one of its parts has them; the hit is its best part.
        Without `text`, the filters alone select articles, in order of adding. No timeout leaves any out, because exports and
        deletions depend on them.
        """
        view = self._session().view
        results = self.search(
            text,
            limit=max(len(view), 1),
            filters=filters,
            mode="all",
            match="stem",
            collapse=WORK.name if view.has_works else None,
            correct=False,
            inner_hits=0,
            timeout=None,
        )
        return tuple(hit for hit in results if hit.complete)

    def explain(
        self,
        text: str,
        id: str,
        *,
        filters: Mapping[str, Any] | None = None,
        mode: Mode = "auto",
        match: Level | str | None = None,
        max_expansions: int | None = MAX_EXPANSIONS,
        correct: bool = True,
        recency: str | dt.timedelta | None = None,
        timeout: float | None = TIMEOUT,
    ) -> Explanation:
        """Explain the score of one article for a query: the analysis of each word, its matches, and its part of the score.

        The other parameters are as in `search`. The parts add up to the score that `search` gives the article. An
        article that the query does not find is explained too, with `matched` false. After `timeout` seconds no further word
        is explained: `partial` and a note say so. Raises QueryError if no article has the id.
        """
        start = time.perf_counter()
        from arsearch.search.explainer import explain  # few searches need it

        request = SearchRequest.read(
            text,
            filters=filters,
            mode=mode,
            match=match,
            max_expansions=max_expansions,
            correct=correct,
            recency=recency,
            timeout=timeout,
            now=start,
        )
        return explain(self._session(), request, read_id(id), start)

    def correct(self, text: str, *, limit: int = 3, timeout: float | None = TIMEOUT) -> Correction:
        """Propose at most `limit` likelier queries, and name the words that no article has.

        The proposed words come from the index. A word that articles have stays, unless an easily confused one is far
        more frequent. Values of fields, patterns and excluded words stay too. Text typed on the wrong keyboard (`hgpvs`
        for الحرس) is retyped. Only the first 1,000 characters of a query, and words of at most 64 letters, are
        corrected; the rest stays as typed. No text raises an error; an empty text has no proposals. After `timeout` seconds,
        `None` for no limit, there are none either, and the correction is `partial`.
        """
        deadline = read_deadline(timeout, time.perf_counter())
        session = self._session()
        require(session.backend, Capability.CORRECT)
        view = cast("CorrectView", session.view)
        return view.correct(read_text("query", text), read_whole("limit", limit), deadline)

    def suggest(self, prefix: str, *, limit: int = 10, timeout: float | None = TIMEOUT) -> Answers[Suggestion]:
        """Complete a query that is being typed, with at most `limit` suggestions.

        The last word of `prefix` is the beginning of a word, unless a space follows it; the words before it are whole.
        Spelling is as forgiving as in searches. For a single word, half of the suggestions are words, by the number of
        articles that have them. Phrases of two to four words follow, by the number of headlines that have them. After
        whole words, phrases come first. Stop words are not suggested alone. An empty text and a text of more than 1,000
        characters have no completions. No text raises an error. After `timeout` seconds, `None` for no limit, there are none
        either, and the result is `partial`.
        """
        deadline = read_deadline(timeout, time.perf_counter())
        session = self._session()
        require(session.backend, Capability.SUGGEST)
        view = cast("SuggestView", session.view)
        return view.suggest(read_text("prefix", prefix), read_whole("limit", limit), deadline)

    def more_like(
        self,
        id: str | None = None,
        *,
        text: str | None = None,
        limit: int = 10,
        filters: Mapping[str, Any] | None = None,
        collapse: str | None = None,
        timeout: float | None = TIMEOUT,
    ) -> SearchResults:
        """Find the articles most similar to an article, given by its `id`, or to a `text`.

        The search uses up to 25 words with the highest tf-idf, which `SearchResults.query` lists; an article needs a
        share of them. The article itself is left out, and with `collapse="duplicates"` its near-duplicates too.
        `limit`, `filters`, `collapse` and `timeout` are as in `search`. Raises QueryError if no article has the id.
        """
        return answer_like(self._session(), id, text, limit=limit, filters=filters, collapse=collapse, timeout=timeout)

    def stats(self) -> Stats:
        """Return the statistics of the commit: the newest one of an `Index`, the pinned one of a `Snapshot`."""
        return self._session().view.stats()

    def concordance(
        self,
        text: str,
        *,
        width: int = 60,
        sort: str | None = None,
        filters: Mapping[str, Any] | None = None,
        match: Level | str | None = None,
        timeout: float | None = None,
    ) -> Concordance:
        """Return an iterator over every occurrence of a query, each in its line, with its place.

        Articles count that have all words of `text` and pass `filters`. An occurrence is a place where a word, a
        quoted phrase or a pattern of the query matches, up to its stem unless `match` names another level. A place that
        several of them match is one line. No word is corrected, and no phrase is relaxed.

        `width` is the most characters of context on either side of the keyword; contexts end at whole words. A line's
        `before` and `after` are in the order of reading: on a page of Arabic `before` is to the right of the keyword, and
        `after` to its left. `sort` is "right" (by the words before the keyword, the nearest first), "left" (by the
        words after it) or "work" (by the title of the work). Sorting ignores marks and folds letters as the analyzer does.
        Without `sort` the lines are in order of adding, and the first comes at once; sorting reads all lines first, and keeps
        them in a temporary file. The lines come from one commit. An empty text has no lines.

        No line is looked for once `timeout` seconds have passed since the call; without it, all are. The iterator then ends
        early: its `partial` is true, and its `notes` say so. Sorted lines are then those found in time. A text that is being
        read is read to its end first.

        Raises QueryError for a wrong width, order or timeout, and as `search` does for wrong filters.
        """
        from arsearch.search.occurrences.concordance import make_concordance  # few searches need it

        return make_concordance(self._session(), text, width, sort, filters, match, timeout)

    def frequencies(
        self,
        text: str,
        *,
        by: str = "year",
        filters: Mapping[str, Any] | None = None,
        match: Level | str | None = None,
        timeout: float | None = None,
    ) -> Frequencies:
        """Count the occurrences of a query by year, work, category or another value of the articles.

        Articles and occurrences are those of `concordance`. With several words, each word's occurrences count; of a quoted
        phrase, those of the phrase. A place that two parts of the query match counts for both. `by` is "year", "month"
        or "hijri_year" of the date, "work", or a field with exact values. Each row has the occurrences, the articles with
        an occurrence, all words of the articles with the value that pass `filters`, and the occurrences in a million
        of these words. Between the first and the last period with an occurrence no period is left out.

        After `timeout` seconds the count skips all further look-ups; without it, there is no limit. `Frequencies.partial` is
        then true, a note says so, and counts may be too low.

        Raises UnknownFieldError for a field that cannot be counted by, and as `search` does for wrong filters.
        """
        from arsearch.search.occurrences.frequencies import make_frequencies  # few searches need it

        return make_frequencies(self._session(), text, by, filters, match, timeout)

    def spans(
        self, id: str, text: str, *, match: Level | str | None = None, timeout: float | None = TIMEOUT
    ) -> Answers[Span]:
        """Return the spans of all matches of a query in one article, for a view of the whole article.

        Each span has a field, its start and end in code points of the stored text, and its level. Spans are in the order
        of the fields and of the text, and disjoint. The same words are marked as in hits: words of the same roots are
        marked only if the article, or each part of the work, lacks a word of the query. The spans of a work count in
        `Article.text` of the whole work; the headings of its parts have none of their own. An article without a match
        has none. After `timeout` seconds, `None` for no limit, the article is read no further, and the spans are `partial`.

        Raises QueryError if no article has the id.
        """
        deadline = read_deadline(timeout, time.perf_counter())
        from arsearch.search.occurrences.spans import find_spans  # few searches need it

        return find_spans(self._session(), read_id(id), text, match, deadline)

    def get(self, id: str) -> Article | None:
        """Return the article with an id, a work with all its parts, or `None`.

        The id of a hit that is a part of a work returns that part alone; `hit.place.work` is the id of its work. A whole
        number is read as its digits. Raises QueryError for a value that cannot be an id.
        """
        view = self._session().view
        document = view.get(read_id(id))
        if document is None or not view.has_works:
            return document
        from arsearch.works.assembly import whole  # few searches need it

        return whole(document, view.get)

    @property
    def has_works(self) -> bool:
        """Whether any article is a work with parts."""
        return self._session().view.has_works

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and id in self._session().view

    def __len__(self) -> int:
        return len(self._session().view)

    def __iter__(self) -> Iterator[Article]:
        """Yield every article of one commit, in order of adding; works with all their parts."""
        view = self._session().view
        if not view.has_works:
            return view.articles()
        from arsearch.works.assembly import whole_articles  # few searches need it

        return whole_articles(view.articles(), view.get)
