"""One commit of an index on a cluster, at a point in time."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.analyzers.root_families import stems_of_family
from arsearch.concurrency import reset_in_children
from arsearch.errors import ArsearchError, IndexClosedError, IndexUnavailableError
from arsearch.model import Answers, Article, Correction, Stats, Suggestion
from arsearch.model.places import is_part_id, part_id, work_of_id
from arsearch.model.schema import Schema
from arsearch.opensearch.connection import Connection, RequestFailedError
from arsearch.opensearch.documents import stored_article
from arsearch.opensearch.expansions import Expansions, expand
from arsearch.opensearch.explaining import Explainer
from arsearch.opensearch.facets import facet, facet_source
from arsearch.opensearch.filters import EVERYTHING, Query, any_of, terms_query
from arsearch.opensearch.hits.duplicates import collapse_duplicates, near
from arsearch.opensearch.hits.tiers import LOADED_AT_ONCE, Member, Tiers, tiers_of
from arsearch.opensearch.indexes.commits import Commit
from arsearch.opensearch.mapping import FORMAT
from arsearch.opensearch.matching import matching
from arsearch.opensearch.paging import BY_ADDING, order_of, page, scan, too_many_words
from arsearch.opensearch.prepared import Clock, Prepared
from arsearch.opensearch.statistics import Search, Statistics
from arsearch.opensearch.terms import FieldAnalyser
from arsearch.opensearch.windows import count_windows
from arsearch.search.backend import Matched, TimeUpError
from arsearch.search.clauses import ScoredClause, TermsClause
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.request import DUPLICATES, PageRequest
from arsearch.search.statistics import StatisticsKey, TermKey

if TYPE_CHECKING:
    from arsearch.opensearch.vocabulary.cluster_terms import ClusterTerms

__all__ = ["OpenSearchView"]

_KEEP_ALIVE = "15m"
"""A point in time lives so long after its last use."""
_PAUSE = 0.2
_PARTS_AHEAD = 200
_KEPT_DOCUMENTS = 500
_IDS_AT_ONCE = 1000


class OpenSearchView:
    """One commit. Threads may share it. The cluster keeps its point in time for 15 minutes after the last use."""

    spellings = None

    def __init__(
        self,
        connection: Connection,
        analyzer: ArabicAnalyzer,
        schema: Schema,
        ranking: Ranking,
        commit: Commit,
        newest: Callable[[], int],
        analyser: FieldAnalyser,
    ) -> None:
        """Open a commit, which is the newest one; `newest` returns the number of the commit that is the newest later."""
        self.analyzer = analyzer
        self.schema = schema
        self.ranking = ranking
        self.generation = commit.generation
        self.index = commit.name
        """The name of the index on the cluster; that of the location may be an alias."""
        self._connection = connection
        self._newest = newest
        self._analyser = analyser
        self._statistics = Statistics(self._search, schema)
        self._documents: dict[str, Article] = {}
        self._forms: dict[str, Form] = {}
        self._lock = threading.Lock()
        self._point = _PointInTime(connection, commit.name)
        weakref.finalize(self, self._point.close).atexit = False
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    def _search(self, body: Mapping[str, Any], seconds: float | None = None) -> Any:
        """Return the answer to a search of this commit, within a number of seconds.

        A point in time ends when it is not used, or when one of its nodes is gone. While no other commit is newer, the same
        commit is opened again.
        """
        end = time.monotonic() + (self._connection.location.deadline if seconds is None else seconds)
        while True:
            point = self._point.id
            rest = end - time.monotonic()
            try:
                return self._connection.search(self._pinned(body, point), max(rest, 0.01))
            except RequestFailedError as error:
                if "maxClauseCount" in str(error):
                    raise too_many_words() from None
                if not (error.node_lost or error.status == 404):
                    raise
                if rest <= _PAUSE:
                    raise IndexUnavailableError(
                        f"a node of {self._connection.location.text!r} is gone, and no other has taken over: {error}"
                    ) from None
            self._open_again(point)

    def _open_again(self, point: str) -> None:
        if self._newest() != self.generation:
            raise IndexClosedError(
                f"the commit {self.generation} of {self._connection.location.text!r} is no longer kept: it was not used for "
                f"{_KEEP_ALIVE}, or a node is gone; take a new snapshot"
            )
        time.sleep(_PAUSE)
        with self._lock:
            if self._point.id == point:  # else another thread has opened it
                self._point.open()

    def _pinned(self, body: Mapping[str, Any], point: str) -> dict[str, Any]:
        return {**body, "pit": {"id": point, "keep_alive": _KEEP_ALIVE}}

    @property
    def statistics(self) -> OpenSearchView:
        """The statistics of terms: the view itself."""
        return self

    @property
    def count(self) -> int:
        """The number of documents."""
        return self._statistics.basics.documents

    def doc_frequencies(
        self, keys: Collection[StatisticsKey], deadline: float | None = None
    ) -> Mapping[StatisticsKey, int]:
        """Return the number of documents that have each term, or match each clause; after the deadline, of terms alone."""
        clauses = [key for key in keys if not isinstance(key, TermKey)]
        if clauses and deadline is not None and time.perf_counter() >= deadline:
            clauses = []
        expansions = self._expand(clauses, self._search)
        terms = [key for key in keys if isinstance(key, TermKey)]
        counted, matched = self._statistics.frequencies(
            [_of_term(key) for key in terms],
            expansions,
            [matching(clause, expansions, roots=True) for clause in clauses],
            self._search,
        )
        found: dict[StatisticsKey, int] = {key: counted[_of_term(key)] for key in terms}
        return found | dict(zip(clauses, matched, strict=True))

    def _expand(self, clauses: Iterable[ScoredClause], search: Search) -> Expansions:
        clauses = list(clauses)
        expansions = expand(clauses, search)
        count_windows(clauses, expansions, search, self._analyser, self.schema)
        return expansions

    @property
    def has_works(self) -> bool:
        """Whether any document belongs to a work."""
        return self._statistics.basics.has_works

    def __len__(self) -> int:
        basics = self._statistics.basics
        return basics.documents - basics.parts

    def __contains__(self, id: str) -> bool:
        (count,) = self._statistics.counts([{"term": {"id": id}}])
        return count > 0

    def get(self, id: str) -> Article | None:
        """Return the document with the id, or `None`. With a part of a work, the parts after it are read too."""
        with self._lock:
            kept = self._documents.get(id)
        if kept is not None:
            return kept
        ids = [id]
        if is_part_id(id):
            work = work_of_id(id)
            number = int(id[len(work) + 1 :])
            ids = [part_id(work, other) for other in range(number, number + _PARTS_AHEAD)]
        found = page(self._search, terms_query("id", ids), BY_ADDING, offset=0, limit=len(ids), source=["article"])
        articles = {article.id: article for article in (stored_article(one.source) for one in found)}
        if len(articles) > 1:
            with self._lock:
                if len(self._documents) > _KEPT_DOCUMENTS:
                    self._documents.clear()
                self._documents |= articles
        return articles.get(id)

    def articles(self) -> Iterator[Article]:
        """Yield every document, in order of adding."""
        for found in scan(self._search, EVERYTHING, BY_ADDING, source=["article"], step=LOADED_AT_ONCE):
            yield stored_article(found.source)

    def ids(self, query: Query, *, works: bool = False) -> list[str]:
        """Return the ids of the documents of a query, or those of their works and articles, in order of adding."""
        name = "group" if works else "id"
        found = scan(self._search, query, BY_ADDING, source=(), fields=[name])
        return list(dict.fromkeys(one.fields[name][0] for one in found))

    def existing(self, ids: Collection[str], field: str = "id") -> list[str]:
        """Return the ids of the documents that have one of some values in the field `id` or `group`."""
        wanted, found = list(ids), list[str]()
        for at in range(0, len(wanted), _IDS_AT_ONCE):
            found += self.ids(terms_query(field, wanted[at : at + _IDS_AT_ONCE]))
        return found

    def search(self, plan: Plan, page: PageRequest) -> Matched:
        """Return one page of the matches of a plan."""
        sources = {name: facet_source(name, self.schema) for name in page.facets}
        sort = order_of(page, self.schema)
        if page.collapse not in (None, DUPLICATES):
            self.schema.collapse_field(page.collapse)
        clock = Clock(self._search, page.deadline)
        truncated: Mapping[str, int] = {}
        try:
            prepared = Prepared(plan, clock, self._statistics, self.ranking, self._expand)
            prepared.match(some_words=prepared.complete_count < page.enough)
            truncated = prepared.expansions.truncated
            best = prepared.complete if prepared.complete_count else prepared.matched
            works = self.has_works
            facets = {name: facet(clock.search, best, source, works=works) for name, source in sources.items()}
            tiers = tiers_of(prepared, by_score=page.by_score, any_complete=prepared.complete_count > 0)
            pages = Tiers(clock, prepared, tiers, sort)
            if page.collapse not in (None, DUPLICATES):
                field = self.schema.collapse_field(page.collapse)
                hits, total, complete = pages.collapsed(page, field, self._loaded)
            else:
                if page.collapse == DUPLICATES:
                    hits = collapse_duplicates(clock, prepared.scores, tiers, sort, page, self._loaded)
                else:
                    hits = pages.hits(page, self._load)
                total = sum(tier.size for tier in tiers)
                complete = sum(tier.size for tier in tiers if tier.complete)
            return Matched(tuple(hits), total, complete, facets, truncated, approximate=pages.approximate)
        except TimeUpError:
            return Matched((), 0, 0, {name: {} for name in page.facets}, truncated, True)

    def near_duplicates(self, id: str) -> tuple[str, ...]:
        """Return the ids of an article and of its near-duplicates, in order of adding."""
        signature = self._signature(id)
        query = any_of([terms_query("id", [id]), *([near(signature)] if signature else [])])
        return tuple(self.ids(query))

    def _signature(self, id: str) -> list[str]:
        """Return the MinHash signature of a document as terms; an empty list without one."""
        found = page(self._search, terms_query("id", [id]), BY_ADDING, offset=0, limit=1, source=(), fields=["minhash"])
        return found[0].fields.get("minhash", []) if found else []

    def _load(self, id: str) -> Article:
        article = self.get(id)
        if article is None:
            raise IndexClosedError(f"the article {id!r} is no longer in the commit of its hit; search again")
        return article

    def _loaded(self, members: Collection[Member]) -> dict[str, Article]:
        """Return the articles of some documents by id."""
        ids, articles = [member.id for member in members], dict[str, Article]()
        for at in range(0, len(ids), _IDS_AT_ONCE):
            some = ids[at : at + _IDS_AT_ONCE]
            found = page(
                self._search, terms_query("id", some), BY_ADDING, offset=0, limit=len(some), source=["article"]
            )
            articles |= {article.id: article for article in (stored_article(one.source) for one in found)}
        return articles

    def explainer(self, plan: Plan, id: str, deadline: float | None = None) -> Explainer:
        """Return the explainer of the score of an article."""
        clock = Clock(self._search, deadline)

        def prepare() -> Prepared:
            prepared = Prepared(plan, clock, self._statistics, self.ranking, self._expand)
            prepared.match(some_words=True)
            return prepared

        return Explainer(plan, prepare, clock, self._statistics, self.ranking, id)

    def related_stems(self, stem: str) -> Collection[str]:
        """Return the stems of the root family of a stem."""
        return stems_of_family(stem)

    def correct(self, text: str, limit: int, deadline: float | None = None) -> Correction:
        """Return at most `limit` more likely queries; none after the deadline."""
        from arsearch.suggest.did_you_mean import Corrector  # few searches need it

        try:
            return Corrector(self._terms(deadline), self.analyzer).correct(text, limit)
        except TimeUpError:
            return Correction(text, partial=True)

    def respell(
        self, words: Sequence[str], missing: Collection[str], deadline: float | None = None
    ) -> Mapping[str, str]:
        """Return likelier spellings of the missing words of a query; none after the deadline."""
        from arsearch.suggest.did_you_mean import Corrector  # few searches need it

        try:
            return Corrector(self._terms(deadline), self.analyzer).respell(words, missing)
        except TimeUpError:
            return {}

    def suggest(self, prefix: str, limit: int, deadline: float | None = None) -> Answers[Suggestion]:
        """Return at most `limit` completions of a prefix; none after the deadline."""
        from arsearch.suggest.completer import Completer  # few searches need it

        try:
            return Answers(Completer(self._terms(deadline), self.analyzer, self._forms).complete(prefix, limit))
        except TimeUpError:
            return Answers((), partial=True)

    def _terms(self, deadline: float | None) -> ClusterTerms:
        from arsearch.opensearch.vocabulary.cluster_terms import ClusterTerms

        return ClusterTerms(Clock(self._search, deadline).search, self._statistics, self.schema)

    def stats(self) -> Stats:
        """Return the figures of this commit; see `count_terms` for the numbers of distinct terms."""
        from arsearch.opensearch.vocabulary.term_counts import count_terms

        basics = self._statistics.basics
        terms = count_terms(self._search, [field.name for field in self.schema if field.indexed], basics.documents)
        total = self._connection.request("GET", f"/{self.index}/_stats/store,segments,docs")["_all"]["primaries"]
        return Stats(
            articles=basics.documents - basics.parts,
            deleted=total["docs"]["deleted"],
            segments=total["segments"]["count"],
            bytes=total["store"]["size_in_bytes"],
            terms=terms,
            fields=self.schema.kinds,
            format=FORMAT,
            generation=self.generation,
            analyzer=self.analyzer.fingerprint,
            parts=basics.parts,
        )


class _PointInTime:
    """A point in time on the cluster, closed when its view is forgotten."""

    def __init__(self, connection: Connection, index: str) -> None:
        self._connection = connection
        self._index = index
        self._process = os.getpid()
        self.id = ""
        self.open()

    def open(self) -> None:
        path = f"/{self._index}/_search/point_in_time"
        params = {"keep_alive": _KEEP_ALIVE, "allow_partial_pit_creation": "false"}
        self.id = self._connection.request("POST", path, params=params)["pit_id"]

    def close(self) -> None:
        if os.getpid() != self._process:  # it belongs to the parent of this forked child
            return
        with contextlib.suppress(ArsearchError, RequestFailedError):  # the cluster forgets it by itself
            self._connection.request("DELETE", "/_search/point_in_time", {"pit_id": [self.id]}, seconds=2)


def _of_term(key: TermKey) -> tuple[TermsClause, tuple[str, ...]]:
    return TermsClause(key.level, (key.term,)), (key.field,)
