"""What can be searched: the methods that `Index` and `Snapshot` share."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from arsearch.model import Article, Correction, Explanation, Level, SearchResults, Suggestion
from arsearch.search.answering import answer, answer_like
from arsearch.search.backend import Capability, CorrectView, SuggestView, require
from arsearch.search.request import MAX_EXPANSIONS, Mode, SearchRequest
from arsearch.search.session import SearchSession

__all__ = ["Searchable"]


class Searchable(ABC):
    """Answers searches on one commit, which `_session` chooses."""

    @abstractmethod
    def _session(self) -> SearchSession:
        """Return the commit to search and its planner; IndexClosedError if closed."""

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
        timeout: float | None = None,
        max_expansions: int | None = MAX_EXPANSIONS,
    ) -> SearchResults:
        """Search the articles; docs/queries.md has the language of `text`.

        `limit` and `offset` cut a page. `filters` maps fields to a value, a list of values, or for dates and numbers a
        `(low, high)` pair with each end included and `None` for an open end. `sort` is "score" (the default), "date", or a
        keyword or number field; "-" before it reverses the order; articles without a value come last. `facets` names
        fields whose values are counted, "month" and "year" among them.

        `mode` wants "all" or "any" of the words. "auto" wants all of up to four words; it goes on with part of them if
        fewer articles than ten, or than the page takes by score, have them all. Of questions and longer queries it wants a
        share of the words. `match` is the loosest level: "stem" (the default), "word", "normalised", "surface",
        "vocalised" or "root". Without `match` the root answers only if nothing else does, with a note.

        `collapse` keeps the best hit for each value of a keyword field. "duplicates" keeps the best of near-duplicates; the
        hit's `similar` counts the others, and totals and facets count all.

        After `timeout` seconds the rest is not looked up, with a note: hits may be missing, none is wrong. A pattern
        (`كتا*`) or misspelling (`كتاب~1`) stands for at most `max_expansions` words of a segment, the most frequent, with a
        note if it fits more; `None` is no limit. Neither bounds what is excluded.

        No text raises unless `strict`, which raises QuerySyntaxError instead of leaving a note. An empty text finds
        nothing, or with `filters` everything they let through. QueryError and UnknownFieldError tell of wrong parameters.
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
            now=start,
        )
        return answer(session, request, start)

    def explain(
        self,
        text: str,
        id: str,
        *,
        filters: Mapping[str, Any] | None = None,
        mode: Mode = "auto",
        match: Level | str | None = None,
        max_expansions: int | None = MAX_EXPANSIONS,
    ) -> Explanation:
        """Explain the score of one article for a query: each word's analysis, its matches, and what they add.

        The other parameters are as in `search`, and so is the score: the sum of all parts. An article that the query does
        not find is explained too, with `matched` false. QueryError if no article has the id.
        """
        from arsearch.search.explainer import explain  # few searches need it

        request = SearchRequest.read(text, filters=filters, mode=mode, match=match, max_expansions=max_expansions)
        return explain(self._session(), request, str(id))

    def correct(self, text: str, *, limit: int = 3) -> Correction:
        """Propose what a query may have meant: at most `limit` queries of likelier words, and the words no article has.

        The words are the index's own. A word that articles have stays, unless a word easily mistaken for it is far more
        frequent. Words in fields of values, patterns and excluded words stay too. Text typed on the wrong keyboard
        (`hgpvs` for الحرس) is offered back. Of a long query the first 1,000 characters are corrected, and of those the words
        of at most 64 letters; the rest stays as typed. Nothing raises; an empty text has nothing to correct.
        """
        session = self._session()
        require(session.backend, Capability.CORRECT)
        return cast("CorrectView", session.view).correct(text, limit)

    def suggest(self, prefix: str, *, limit: int = 10) -> tuple[Suggestion, ...]:
        """Complete a query that is being typed, with at most `limit` suggestions.

        The last word of `prefix` is the beginning of a word (of any word after a space), the words before it are whole;
        spelling is as forgiving as in searches. The first half are words, by how many articles have them; then come phrases
        of two to four words, by how many headlines have them. After whole words phrases come first. Stop words are not
        suggested alone. A text of more than 1,000 characters and an empty text have no completion. Nothing raises.
        """
        session = self._session()
        require(session.backend, Capability.SUGGEST)
        return cast("SuggestView", session.view).suggest(prefix, limit)

    def more_like(
        self,
        id: str | None = None,
        *,
        text: str | None = None,
        limit: int = 10,
        filters: Mapping[str, Any] | None = None,
        collapse: str | None = None,
    ) -> SearchResults:
        """Find the articles most like one, given by its `id`, or most like a `text`.

        They are searched for by up to 25 words with the highest tf-idf, which `SearchResults.query` lists; an article needs
        some of them. The article itself is left out, with `collapse="duplicates"` its near-duplicates too. `limit`,
        `filters` and `collapse` are as in `search`. QueryError if no article has the id.
        """
        return answer_like(self._session(), id, text, limit=limit, filters=filters, collapse=collapse)

    def get(self, id: str) -> Article | None:
        """Return the article with an id, or `None`."""
        return self._session().view.get(str(id))

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and id in self._session().view

    def __len__(self) -> int:
        return len(self._session().view)

    def __iter__(self) -> Iterator[Article]:
        """Yield every article of one commit, in order of adding."""
        return self._session().view.articles()
