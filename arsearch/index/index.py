"""The Index: open a location, add and delete articles, search, look after it."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import (
    AnalyzerMismatchError,
    IndexClosedError,
    IndexNotFoundError,
    QueryError,
)
from arsearch.index.commits.manifest import latest_generation
from arsearch.index.docsets.scored import contains
from arsearch.index.execution.filters import compile_filters
from arsearch.index.execution.queries import Mode
from arsearch.index.pinned import Snapshot
from arsearch.index.reader.budget import MAX_EXPANSIONS
from arsearch.index.reader.opening import (
    LOCK_TIMEOUT,
    MEMORY_LIMIT,
    create_index,
    load_analyzer,
    open_directory,
    open_latest,
)
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.searching.searcher import Searcher
from arsearch.index.store.directory import Directory
from arsearch.model import (
    AddReport,
    Article,
    BackupReport,
    Correction,
    Explanation,
    Level,
    Record,
    Recovery,
    SearchResults,
    Stats,
    Suggestion,
)
from arsearch.query import Synonyms
from arsearch.query.expansion import SynonymExpander
from arsearch.search.ranking import Ranking

if TYPE_CHECKING:
    from arsearch.index.writing.index_writer import IndexWriter

__all__ = ["Index", "open_index"]

Progress = Callable[[AddReport], None]


def open_index(
    location: str | os.PathLike[str],
    create: bool = False,
    *,
    analyzer: ArabicAnalyzer | None = None,
    fields: Mapping[str, str] | None = None,
    ranking: Ranking | None = None,
    synonyms: Synonyms | None = None,
    recover: bool = False,
) -> Index:
    """Open the index at a folder, or in memory at `":memory:"`.

    With `create` a missing one is made, folder and all, with `analyzer` (default `ArabicAnalyzer()`) and the further
    `fields` declared, a mapping from name to "text", "keyword", "int", "float" or "date". An existing index brings
    its own analyzer and fields; giving others that differ is an error.

    `synonyms` are looked for beside the words of every query; they are not kept with the index. The default,
    `Synonyms()`, has those that come with arsearch: spellings of foreign names and loanwords.

    With `recover` the newest commit is read whole first, and if it is damaged the last sound one is made the newest
    again: `Index.recovery` says what was lost. Without it a damaged index is an error.

    Raises IndexNotFoundError, NotAnIndexError, IndexVersionError, AnalyzerMismatchError or CorruptIndexError, each with
    the next step in its message.
    """
    directory = open_directory(location, create)
    recovery = None
    if recover:
        from arsearch.index.maintenance.recovery import recover as go_back  # rarely needed

        recovery = go_back(directory)
    try:
        reader = open_latest(directory)
    except IndexNotFoundError:
        if not create:
            raise
        create_index(directory, analyzer or ArabicAnalyzer(), fields)
        reader = open_latest(directory)
    manifest = reader.manifest
    if analyzer is not None and analyzer.fingerprint != manifest.fingerprint:
        raise AnalyzerMismatchError(
            f"the index at {directory.location!r} was written with another analyzer than the one given; "
            "open it without one, or rebuild it with `arsearch reindex`"
        )
    if fields is not None and dict(fields) != dict(manifest.fields):
        raise QueryError(
            f"the index at {directory.location!r} declares the fields {dict(manifest.fields)!r}, not {dict(fields)!r}; "
            "open it without fields, or rebuild it with `arsearch reindex`"
        )
    return Index(directory, reader, load_analyzer(directory, manifest), ranking or Ranking(), recovery, synonyms)


class Index:
    """A collection of articles that can be searched. A context manager; made by `arsearch.open`.

    Threads may share one. Readers never wait for a writer and always see exactly one commit.
    """

    def __init__(
        self,
        directory: Directory,
        reader: IndexReader,
        analyzer: ArabicAnalyzer,
        ranking: Ranking,
        recovery: Recovery | None = None,
        synonyms: Synonyms | None = None,
    ) -> None:
        self.recovery = recovery
        """What going back to the last sound commit cost, if `arsearch.open(recover=True)` had to; else `None`."""
        self._directory = directory
        self._analyzer = analyzer
        self._ranking = ranking
        self._synonyms = synonyms or Synonyms()
        self._refresh = threading.Lock()
        self._searcher: Searcher | None = Searcher(reader, analyzer, ranking, SynonymExpander(self._synonyms, analyzer))
        self._stamp: int | None = None

    @property
    def location(self) -> str:
        """Where the index is."""
        return self._directory.location

    @property
    def analyzer(self) -> ArabicAnalyzer:
        """The analyzer of its texts and queries."""
        return self._analyzer

    @property
    def fields(self) -> dict[str, str]:
        """Each field's kind: the built-in ones, then those declared."""
        return self._current().reader.schema.kinds

    def _current(self) -> Searcher:
        searcher = self._searcher
        if searcher is None:
            raise IndexClosedError(f"the index at {self.location!r} is closed; open it again with arsearch.open")
        stamp = self._directory.stamp()
        if stamp is not None and stamp == self._stamp:
            return searcher
        if latest_generation(self._directory) == searcher.reader.manifest.generation:
            self._stamp = stamp  # taken before the look: what came after it will have another
            return searcher
        with self._refresh:
            return self._reload(self._searcher or searcher)

    def _reload(self, searcher: Searcher) -> Searcher:
        known: dict[object, Any] = {segment.info: segment for segment in searcher.reader.segments}
        reader = open_latest(self._directory, known)
        if reader.manifest.generation == searcher.reader.manifest.generation:
            return searcher
        if reader.manifest.fingerprint != searcher.reader.manifest.fingerprint:
            self._analyzer = load_analyzer(self._directory, reader.manifest)
        same = self._analyzer is searcher.analyzer
        expander = searcher.expander if same else SynonymExpander(self._synonyms, self._analyzer)
        self._searcher = Searcher(reader, self._analyzer, self._ranking, expander, searcher.forms if same else {})
        return self._searcher

    def snapshot(self) -> Snapshot:
        """Pin the newest commit."""
        return Snapshot(self._current())

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
        """Search the newest commit; see docs/queries.md for the language of `text`.

        `limit` and `offset` cut a page; `filters` maps fields to a value, a list of values, or for dates and numbers
        a `(low, high)` pair, each end included, `None` for open. `sort` is "score" (default), "date", a keyword or
        number field, "-" before it to reverse; articles without a value come last. `facets` names fields to count
        values of, "month" and "year" too. `mode`: "all" or "any" of the words, or "auto", which wants all of up to four
        words, goes on with part of them when fewer articles have all than ten, or than the page takes by score, and
        with questions and longer queries wants a share of them. `match` is the loosest level: "stem" (default), "word",
        "normalised", "surface", "vocalised", or "root", which without `match` answers only when nothing else does, with
        a note. `collapse` keeps the best hit per value of a keyword field; "duplicates" the best one of near-duplicates,
        which its `similar` counts: then totals and facets count all. `strict` raises QuerySyntaxError where the default
        leaves a note.

        After `timeout` seconds what is not looked up yet is left out, with a note: hits may be missing, none is wrong. A
        pattern (`كتا*`) or misspelling (`كتاب~1`) stands for at most `max_expansions` words of a segment, the commonest,
        with a note if it fits more; `None` is no limit. Neither bounds what is excluded.

        No text raises when not strict; an empty one finds nothing, or with `filters` everything they allow. QueryError
        and UnknownFieldError tell of wrong parameters.
        """
        return self._current().search(
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
        )

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
        """Why the article of that id has its score for a query: each word's analysis, its matches, and what they add.

        The other parameters are as in `search`, and so is the score: the sum of all parts. An article that the query
        does not find is explained too, with `matched` false. QueryError if no article has the id.
        """
        return self._current().explain(text, id, filters=filters, mode=mode, match=match, max_expansions=max_expansions)

    def correct(self, text: str, *, limit: int = 3) -> Correction:
        """What the query may have meant: up to `limit` queries of likelier words, the words that no article has.

        The words are the index's own. Those of the query that articles have stay, unless one that is easily mistaken
        for them is far more frequent; words in fields of values, patterns, and exclusions stay too. Text typed on the
        wrong keyboard (`hgpvs` for الحرس) is offered back. Only the first 1,000 characters of a query are corrected, and
        only words of at most 64 letters are taken for misspellings. Nothing raises; an empty text has nothing to correct.
        """
        return self.snapshot().correct(text, limit=limit)

    def suggest(self, prefix: str, *, limit: int = 10) -> tuple[Suggestion, ...]:
        """What a query that is being typed may become, at most `limit` suggestions.

        The last word of `prefix` is the beginning of one (of any, after a space), the words before it are whole; spelling is
        as forgiving as in searches. First half: words, by how many articles have them, then phrases of two to four
        words, by how many headlines have them; where whole words are typed, phrases first. Stop words are not
        suggested alone. Nothing raises; an empty text has no completion, nor has one of more than 1,000 characters.
        """
        return self.snapshot().suggest(prefix, limit=limit)

    def more_like(
        self,
        id: str | None = None,
        *,
        text: str | None = None,
        limit: int = 10,
        filters: Mapping[str, Any] | None = None,
        collapse: str | None = None,
    ) -> SearchResults:
        """The articles most like one, given by its `id`, or like a `text`.

        They are searched for by up to 25 words, those with the highest tf-idf, which `SearchResults.query` lists; an
        article needs some of them. The one asked about is left out, with `collapse="duplicates"` its near-duplicates
        too. `limit`, `filters` and `collapse` are as in `search`. QueryError if no article has the id.
        """
        return self.snapshot().more_like(id, text=text, limit=limit, filters=filters, collapse=collapse)

    def get(self, id: str) -> Article | None:
        """The article with that id, or `None`."""
        return self.snapshot().get(id)

    def __contains__(self, id: object) -> bool:
        return id in self.snapshot()

    def __len__(self) -> int:
        return self._current().reader.count

    def __iter__(self) -> Iterator[Article]:
        """Every article of the newest commit, in order of adding."""
        return iter(self.snapshot())

    def add(
        self,
        articles: Iterable[Article | Mapping[str, Any] | Record],
        *,
        commit_every: int | None = None,
        commit_seconds: float | None = None,
        strict: bool = False,
        progress: Progress | None = None,
        memory_limit: int = MEMORY_LIMIT,
        workers: int = 1,
        durable: bool = True,
        timeout: float = LOCK_TIMEOUT,
    ) -> AddReport:
        """Add articles, replacing those of the same ids; the last of equal ids wins.

        `articles` is read lazily. All become visible in one commit at the end, or one every `commit_every` articles or
        `commit_seconds` seconds. A bad article is left out and reported; with `strict` it stops everything. `progress`
        is called with the running report after each article and commit. `memory_limit` is about how many bytes articles
        and what is known of words may take before they are written out, in each process, which takes some 100 MB to
        start with; of a large collection the words may take as much again.

        `durable=False` skips waiting for the disk: faster, and a power loss may cost all that was added since the last
        durable commit, to which `arsearch.open(recover=True)` then goes back.

        With `workers`, so many processes share the work, for an index in a folder. They get batches of articles in
        turn. What replaces what is as in the order given; the order in which equally good hits come, and in which the
        index lists its articles, is not. `progress` is behind, and `commit_every` may come a little early.

        Raises IndexLockedError when another writer holds the index for `timeout` seconds, and AddError
        for anything else that stops it: its `.report` says what had been committed. Ctrl-C leaves the last commit.
        """
        from arsearch.index.writing.bulk_add import BulkAdd  # writing is not needed to search

        report = AddReport()
        start = time.perf_counter()
        with self._writing(timeout, memory_limit=memory_limit, durable=durable) as writer:
            BulkAdd(writer, report, strict, progress, commit_every, commit_seconds, workers).run(articles)
        report.took = time.perf_counter() - start
        return report

    @contextlib.contextmanager
    def _writing(
        self, timeout: float, *, memory_limit: int = MEMORY_LIMIT, durable: bool = True
    ) -> Iterator[IndexWriter]:
        from arsearch.index.writing.index_writer import open_writer

        analyzer = self._current().analyzer  # the one in force, should the index have been rebuilt since it was opened
        with open_writer(
            self._directory, analyzer, timeout=timeout, memory_limit=memory_limit, durable=durable
        ) as writer:
            if writer.manifest.fingerprint != analyzer.fingerprint:
                raise AnalyzerMismatchError(
                    f"the index at {self.location!r} was rebuilt with another analyzer just now; try again"
                )
            yield writer

    def delete(
        self,
        ids: str | Iterable[str] | None = None,
        *,
        filters: Mapping[str, Any] | None = None,
        timeout: float = LOCK_TIMEOUT,
    ) -> int:
        """Delete the article with an id, those of several ids, or those that `filters` select; how many there were."""
        if (ids is None) == (not filters):
            raise QueryError("delete takes either ids or filters that are not empty")
        with self._writing(timeout) as writer:
            if ids is not None:
                names = [ids] if isinstance(ids, str) else ids
                count = sum(writer.delete(str(name)) for name in names)
            else:
                count = self._delete_selected(writer, filters or {})
            writer.commit()
        return count

    def _delete_selected(self, writer: IndexWriter, filters: Mapping[str, Any]) -> int:
        reader = IndexReader(self._directory, writer.manifest)
        docs = reader.all_docs()
        for condition in compile_filters(reader, filters, []):
            docs = docs[contains(docs, condition.docs(reader))]
        for segment, low, high in zip(reader.segments, reader.bases, reader.bases[1:], strict=False):
            here = docs[(docs >= low) & (docs < high)] - low
            writer.delete_docs(segment.name, here)
        return len(docs)

    def optimize(self, *, timeout: float = LOCK_TIMEOUT) -> None:
        """Merge all segments into one without deleted articles."""
        with self._writing(timeout) as writer:
            writer.optimize()

    def stats(self) -> Stats:
        """Figures of the newest commit."""
        from arsearch.index.maintenance.stats import collect_stats  # rarely needed

        return collect_stats(self._current().reader)

    def backup(
        self, folder: str | os.PathLike[str], *, replace: bool = False, timeout: float = LOCK_TIMEOUT
    ) -> BackupReport:
        """Copy the newest commit to a folder, which becomes an index itself; writers need not stop.

        Every checksum is looked at first: CorruptIndexError leaves the folder as it was. An index that is there is
        replaced only with `replace`, and then only segments are copied that it does not have. It is on the disk when
        this returns. `arsearch.restore` brings it back. IndexExistsError, NotAnIndexError and IndexLockedError, after
        `timeout` seconds, tell of the folder.
        """
        from arsearch.index.maintenance.backup import copy_commit  # rarely needed

        reader = self._current().reader
        return copy_commit(self._directory, reader, self._analyzer, folder, replace=replace, timeout=timeout)

    def check(self) -> list[str]:
        """Verify the newest commit; what is wrong, empty if nothing is.

        Checksums of all files, order of terms, postings and positions, bounds, that every stored article can be read,
        and that ids, lengths and columns agree with it. Reads everything: seconds for each 100 MB.
        """
        from arsearch.index.maintenance.check import check_index

        return check_index(self._current().reader)

    def close(self) -> None:
        """Let go of the index's files; hits already found stay usable."""
        self._searcher = None

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<arsearch.Index {self.location!r}>"
